// What a tool's exit status says. One table for all tools, printed in every manual page.
#pragma once

#include <optional>

#include "diag/report.h"

namespace diag::tools {

enum ExitStatus {
  nothing_found = 0,
  something_found = 1,   // at or above --fail-on
  wrong_usage = 2,       // options, or signatures that cannot be read
  unreadable_input = 3,  // what was found in the others was still printed; also: the answer could not be written
};

// `fail_on` absent: findings never count ("--fail-on never").
ExitStatus exit_status(const Report& report, std::optional<Severity> fail_on);

}  // namespace diag::tools
