// The report of one run: facts, findings, and their three renderings.
#pragma once

#include <string>
#include <vector>

#include "diag/facts.h"
#include "diag/finding.h"

namespace diag {

struct Report {
  std::string tool, version;
  Facts facts;
  std::vector<Finding> findings;
};

struct TextStyle {
  int width = 80;       // columns; long words are not broken
  bool color = false;   // ANSI colours on the severity and the confidence
  bool utf8 = false;    // else other characters become '?'
  bool all = false;     // events that follow from another, stale frames, folded findings: shown too
};

// For a person: what happened, why we believe it, how sure, what to do, how to check it, what was not seen.
std::string to_text(const Report& report, const TextStyle& style = {});

// The contract "diag.report/1": one object; valid UTF-8, no raw control characters.
std::string to_json(const Report& report);

// One object a line for each event, its findings inside.
std::string to_jsonl(const Report& report);

}  // namespace diag
