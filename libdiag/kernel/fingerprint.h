// Two keys that count crashes: the same crash has the same fingerprint through every transport, KASLR or compiler suffix.
#pragma once

#include <string_view>

#include "diag/kernel_report.h"

namespace diag::kernel {

// report.fingerprint: kind, function, and the clean names with modules of the reliable frames (the first 12).
// report.similar: class of kind and culprit alone.
void set_fingerprints(std::string_view kind, KernelReport& report);

}  // namespace diag::kernel
