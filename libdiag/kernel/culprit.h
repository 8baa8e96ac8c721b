// The function to blame, when the one at the instruction pointer only carried the news.
#pragma once

#include <optional>
#include <string_view>

#include "diag/kernel_report.h"

namespace diag::kernel {

// Walks from the instruction pointer through the frames, past the helpers of culprit_lists.cc; stalls are walked from the entry
// of the kernel instead. Nothing where no frame is left.
std::optional<Culprit> find_culprit(std::string_view kind, const KernelReport& report);

}  // namespace diag::kernel
