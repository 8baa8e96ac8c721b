// Small steps over text that the transports share.
#pragma once

#include <string>
#include <string_view>

namespace diag::transport {

// Without the blanks in front; tabs stay.
inline std::string_view skip_blanks(std::string_view s) {
  while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
  return s;
}

// The word at the front, up to a blank.
inline std::string_view first_word(std::string_view text) { return text.substr(0, text.find(' ')); }
std::string_view last_word(std::string_view text);

// The character in UTF-8; `c` is at most 0x10ffff.
void append_utf8(std::string& out, char32_t c);

}  // namespace diag::transport
