// Runs a case through the whole pipeline and compares with its head.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "diag/report.h"
#include "diag/signature.h"
#include "signature/case_file.h"
#include "signature/ranking.h"

namespace diag {

struct CaseRun {
  bool ran = false;               // its head could be read
  std::vector<Mistake> mistakes;  // what is not as the head says; empty: the case holds
  Report report;
  std::vector<std::string> hits;                           // signatures that were expected and found
  std::vector<std::pair<std::string, std::string>> nears;  // signature and clause of the near misses that hold
  sig::Undecided undecided;                                // pairs of findings on one event that no rank decides
};

CaseRun run_case(const SignatureSet& signatures, const sig::CaseFile& file);

// The head as it should be for what was found: comments and the lines that hold stay, EXPECT and NOTHING are made anew.
std::string updated_case(std::string_view text, const CaseRun& run);

}  // namespace diag
