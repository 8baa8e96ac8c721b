// Runs iptables-save: the only programs that iptcheck ever starts, and only with --live.
#pragma once

#include <string>

#include "diag/result.h"

namespace diag::tools {

// The standard output of the program with the argument -c, looked for in the system's own folders only. An error if it
// is not there, or ends with another status than 0; its own words are in the message.
Result<std::string> run_program(const std::string& name);

}  // namespace diag::tools
