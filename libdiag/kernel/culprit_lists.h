// Which functions are never to blame, which lead into the kernel, and which stand for a family. The lists are data: add a
// pattern where its neighbours stand. '*' matches any run of characters.
#pragma once

#include <span>
#include <string_view>

namespace diag::kernel {

// Functions that print, report and check: never to blame.
std::span<const std::string_view> reporter_patterns();
// Functions that lock, allocate, copy, count or wake for others: to blame only if nobody else is left.
std::span<const std::string_view> service_patterns();
// Further ones that are only passed on the way to a wait: for hung tasks.
std::span<const std::string_view> wait_patterns();
// Where work enters the kernel, or one layer hands it to the next: a stall is blamed on what was called from there.
std::span<const std::string_view> anchor_patterns();
// Modules whose own functions report for others.
std::span<const std::string_view> reporting_modules();

// Functions that are one matter under many names: "synchronize_srcu" is a wait for RCU.
struct Family {
  std::string_view pattern, name;
};
std::span<const Family> wait_families();   // of hung tasks
std::span<const Family> stall_families();  // of lockups

// '*' matches any run, all else itself. Linear for the patterns used: at most three stars.
bool matches(std::string_view pattern, std::string_view name);

}  // namespace diag::kernel
