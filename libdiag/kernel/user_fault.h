// Lines by which the kernel tells of a user-space program that died: "x[1]: segfault at ...", "traps: x[1] general protection".
#pragma once

#include <optional>

#include "diag/event.h"
#include "diag/record.h"

namespace diag::kernel {

// A user.segfault event, or nothing.
std::optional<Event> parse_user_fault(const Record& record);

}  // namespace diag::kernel
