// Events with one cause: the oops, the second oops in its wake, the panic that ends it, the lockup reported every 20 seconds.
#pragma once

#include <vector>

#include "diag/event.h"

namespace diag::kernel {

// Numbers the kernel events of a run (Event::incident), which are in order of source and line. The first event of a number is
// the cause. Events of other kinds keep 0 and are not looked at, but for host.boot, which ends every incident of its host.
void chain_incidents(std::vector<Event>& events);

}  // namespace diag::kernel
