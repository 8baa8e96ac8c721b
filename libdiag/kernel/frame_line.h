// Lines of a call trace, as every era and architecture prints them.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "diag/kernel_report.h"

namespace diag::kernel {

struct PrintedSymbol {
  Symbol symbol;
  std::optional<std::uint64_t> offset, size;
};

// Takes "f+0x1/0x2", ":mod:f+0x1/0x2", "f+0x1/0x2 [mod]", "f+0x1/0x2 [mod 0123abcd...]" (a build id) or "f+78" off the
// front of `s`. False, and `s` unchanged, if no symbol with an offset stands there.
bool take_symbol(std::string_view& s, PrintedSymbol& out);

// Takes "[<c0123456>]", "[c000000000123456]" or, as klogd rewrote it, "[f+12/34]" (then `named` is set).
bool take_bracket_address(std::string_view& s, std::optional<Addr>& address, PrintedSymbol& named);

// The stack that the marks of a trace have led to, and what else carries over from line to line.
struct TraceState {
  Stack stack = Stack::unknown;
  bool guesses = false;      // behind "Leftover inexact backtrace:" or "Call Trace (unreliable)"
  std::string from;          // ARM: the caller named by the line before
};

// Takes a whole line of frames: "[<A>] f+0x1/0x2", "<A>{f+12} <A>{g+3}", "[SP] [A] .f+0x1/0x2", "? f+0x1/0x2 [mod]",
// "<IRQ> [<A>] f", "[<A>] (f) from [<A>] (g+0x1/0x2)", "f file.c:12 [inline]" ... Frames are appended to `out`. Lines of marks
// alone ("<EOI>") are trace lines too. `in_trace`: a trace is being read, so that shorter forms are believed.
bool take_frame_line(std::string_view text, std::uint64_t line, bool in_trace, TraceState& state, std::vector<Frame>& out);

// Whether a whole line of trace could begin so: cheap, for finding traces without a header.
bool looks_like_frame(std::string_view text);

// The name without what a compiler added: "f.isra.5" -> "f", ".text.lock.spinlock" unchanged, ".f" (ppc64) -> "f".
std::string_view clean_name(std::string_view name);

}  // namespace diag::kernel
