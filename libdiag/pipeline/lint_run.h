// Lints a folder of signatures: the files, and all cases beside them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "diag/result.h"
#include "diag/signature.h"
#include "pipeline/case_run.h"
#include "signature/lint.h"

namespace diag {

struct LintRun {
  std::vector<Mistake> mistakes;  // by file and place
  std::size_t signatures = 0, cases = 0;
  sig::Exercise exercise;
  sig::Undecided undecided;
};

// Reads every *.case below `folder`, and nothing else of it.
Result<std::vector<std::string>> find_cases(const std::string& folder);
Result<std::string> read_whole_file(const std::string& path);

// Runs one case file. Its mistakes, also those of its head, are in the result.
CaseRun run_case_file(const SignatureSet& signatures, const std::string& path);

// All rules, on all signatures of the folder and all cases below it.
Result<LintRun> lint_folder(const std::string& folder);

// The cases alone, on signatures that were loaded from that folder.
Result<LintRun> lint_cases_of(const SignatureSet& signatures, const std::string& folder);

// One file alone: what the loader and the rules without cases say.
LintRun lint_file(const std::string& path);

}  // namespace diag
