// Taint letters, which mean different things in different distributions.
#pragma once

#include <string_view>

#include "diag/kernel_report.h"

namespace diag::kernel {

// `printed`: "Not tainted", or the flags as printed, dashes and blanks included. `distribution`: "el5" ...; empty: mainline.
Taint parse_taint(std::string_view printed, std::string_view distribution);

// Adds to the meanings the modules that carry the letter in their marks: "P ... : nvidia".
void name_tainting_modules(Taint& taint, const std::vector<KernelModule>& modules);

}  // namespace diag::kernel
