// The words of one rule, as iptables-restore cuts a line: blanks part, double quotes bind, single quotes do not.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace diag {

struct Word {
  std::string text;          // quotes and escapes taken off
  std::uint32_t column = 0;  // 1-based, of its first character
  std::uint32_t end = 0;     // 1-based, of the character behind it
  bool quoted = false;
};

struct Words {
  std::vector<Word> list;
  std::uint32_t open_quote = 0;  // column of a quote that is never closed; 0: none
};

// `first_column` is the column of the first character of `text` in its line.
Words split_words(std::string_view text, std::uint32_t first_column = 1);

}  // namespace diag
