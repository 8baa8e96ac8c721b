// Lines of a register and memory dump: registers, stack words, code bytes.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "diag/kernel_report.h"

namespace diag::kernel {

// "RAX: 0000000000000000 RBX: ...", "eax: c0123456   ebx: ...", "x29: ... x28: ...", "GPR00: a b c d". False, and nothing
// appended, if the line is not made of registers.
bool parse_register_line(std::string_view text, std::vector<Register>& out);

// Hex words alone, as under "Stack:". `digits`: 8 or 16; 0: either, and it is set. False if anything else stands there.
bool parse_words(std::string_view text, int& digits, std::vector<std::uint64_t>& out);

// Behind "Code: ": bytes with <xx> or (xx) around the faulting one, or the unmarked 20 bytes of EL4 and EL5 x86_64, which
// start at it. Nothing for "Bad RIP value." and the like.
std::optional<CodeBytes> parse_code(std::string_view text);

}  // namespace diag::kernel
