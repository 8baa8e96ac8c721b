// What a finished kernel report states to signatures, under the names of docs/events.md.
#pragma once

#include <string>

#include "diag/event.h"
#include "diag/kernel_report.h"

namespace diag::kernel {

void state_fields(const KernelReport& report, Event& event);

// "null pointer dereference in tcp_v4_rcv", "EXT3-fs error (device sda1): ..."
std::string title_of(const Event& event, const KernelReport& report);

// By the width and range of the printed addresses; empty: they do not say.
std::string arch_by_addresses(const KernelReport& report);

}  // namespace diag::kernel
