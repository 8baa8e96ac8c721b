// Lines that name the instruction pointer: "RIP: 0010:[<A>]  [<A>] f+0x1/0x2", "EIP is at f", "NIP [A] .f", "PC is at f" ...
#pragma once

#include <optional>
#include <string_view>

#include "diag/kernel_report.h"

namespace diag::kernel {

struct IpLine {
  Frame frame;                 // symbol empty: only an address, or nothing, was printed
  std::string_view arch;       // what such a line tells of the machine: "x86_64", "i386", "ppc64" ...; empty: nothing
  bool user = false;           // user space: "RIP: 0033:0x7f..."
  bool closing = false;        // the line that repeats it at the end of a dump: "RIP  [<A>] f"
  std::optional<Addr> stack_pointer;  // where the line has it too
};

std::optional<IpLine> parse_ip_line(std::string_view text, std::uint64_t line);

}  // namespace diag::kernel
