#include "common/exit_status.h"

#include <algorithm>

namespace diag::tools {

ExitStatus exit_status(const Report& report, std::optional<Severity> fail_on) {
  if (std::ranges::any_of(report.facts.inputs, [](const InputFacts& i) { return i.error.has_value(); })) {
    return unreadable_input;
  }
  const auto counts = [&](const Finding& f) { return fail_on && f.severity >= *fail_on; };
  return std::ranges::any_of(report.findings, counts) ? something_found : nothing_found;
}

}  // namespace diag::tools
