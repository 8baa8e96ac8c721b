// "Modules linked in: bridge(U) stp llc [last unloaded: x]", over as many lines as it takes.
#pragma once

#include <string_view>
#include <vector>

#include "diag/kernel_report.h"

namespace diag::kernel {

// Appends the modules of one line: the text behind "Modules linked in:", or a continuation of it. False, and nothing
// appended, if the line holds anything else. `done` is set by "[last unloaded: ...]".
bool parse_module_list(std::string_view text, std::vector<KernelModule>& out, bool& done);

}  // namespace diag::kernel
