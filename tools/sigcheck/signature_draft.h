// The text of a signature that fits one event, for its author to go on from.
#pragma once

#include <string>
#include <string_view>

#include "diag/event.h"

namespace diag::tools {

struct SignatureDraft {
  std::string toml;
  std::string test;     // the test of [event] that tells most: "function", "text"
  std::string telling;  // what it finds in the log, and
  std::string other;    // what to put in its place for a near miss
};

SignatureDraft draft_signature(std::string_view id, const Event& event);

// A pattern for messages like this one: numbers and addresses are left open.
std::string pattern_of(std::string_view message);

}  // namespace diag::tools
