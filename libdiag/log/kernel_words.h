// How lines of a kernel's own reports begin: to tell them from host names, tags and the second half of a wrapped line.
#pragma once

#include <string_view>

namespace diag::transport {

// "BUG: unable ...", "Call Trace:", " [<ffffffff8100b000>] ...", "Modules linked in: ...", "general protection fault:
// ..."
bool starts_kernel_line(std::string_view text);

// "name+0x5b/0x5c0", behind "? ", ":module:" or "."; also "name+123}" of EL4.
bool starts_symbol(std::string_view text);

// "[<ffffffff8100b000>]" at the end, perhaps with " ?" behind it.
bool ends_in_address(std::string_view text);

// Only words of hex digits, each of `width` of them; marks <> and () count as none. Gives the number of words, 0: it is
// not so.
int hex_words(std::string_view text, std::size_t width);

// The word at the front, up to a blank.
inline std::string_view first_word(std::string_view text) { return text.substr(0, text.find(' ')); }
std::string_view last_word(std::string_view text);

}  // namespace diag::transport
