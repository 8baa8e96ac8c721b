// Lines that say who was running, on which kernel: "Pid: 1, comm: x Not tainted 2.6.18-274.el5 #1" and its kin.
#pragma once

#include <optional>
#include <string_view>

#include "diag/kernel_report.h"

namespace diag::kernel {

struct TaskLine {
  std::optional<std::string_view> comm;
  std::optional<std::uint32_t> pid, cpu;
  std::optional<std::string_view> taint;  // "Not tainted", or the flags as printed: "PF   W  ----"
  std::string_view release;               // empty: not stated
};

// "Pid: N, comm: C Tainted: F V", "CPU: N PID: N Comm: C ...", "Process C (pid: N, ...", "CPU N", "TASK = ...", a hung task's
// "      Not tainted V #1", i386's "EIP: 0060:[<A>]    Tainted: F VLI" and "EFLAGS: N   (V #1)".
std::optional<TaskLine> parse_task_line(std::string_view text);

// The release in "Linux version 2.6.18-274.el5 (mockbuild@...) ..."; empty if it is no such line.
std::string_view banner_release(std::string_view text);

}  // namespace diag::kernel
