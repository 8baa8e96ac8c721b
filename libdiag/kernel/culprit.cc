#include "kernel/culprit.h"

namespace diag::kernel {

std::optional<Culprit> find_culprit(std::string_view, const KernelReport& report) {
  if (!report.function) return std::nullopt;
  return Culprit{report.function->symbol, "the function at the instruction pointer"};
}

}  // namespace diag::kernel
