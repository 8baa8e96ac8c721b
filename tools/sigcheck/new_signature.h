// sigcheck new: begins a signature from a log that shows what it is about.
#pragma once

#include <string>

#include "diag/result.h"
#include "sigcheck/page.h"

namespace diag::tools {

struct NewSignature {
  std::string id;      // "kernel.net.my-crash"
  std::string log;     // the file to begin from
  std::string folder;  // of signatures: the files go to the place that the id names
  std::string line;    // of the log; empty: the first kernel event
};

// Writes the signature, a case that hits and a near miss. Fails if one of them exists, or the log has nothing to begin
// with.
Result<Page> new_signature(const NewSignature& wish);

}  // namespace diag::tools
