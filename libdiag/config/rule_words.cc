#include "config/rule_words.h"

#include <algorithm>

namespace diag {

namespace {

bool blank(char c) { return c == ' ' || c == '\t'; }

// Takes the quoted part that begins at `at` (the quote) into `word`; gives the place behind it, or npos if it never
// ends.
std::size_t take_quoted(std::string_view text, std::size_t at, Word& word) {
  word.quoted = true;
  for (++at; at < text.size(); ++at) {
    if (text[at] == '"') return at + 1;
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    word.text += text[at];
  }
  return std::string_view::npos;
}

}  // namespace

Words split_words(std::string_view text, std::uint32_t first_column) {
  Words words;
  const auto column = [&](std::size_t at) { return first_column + static_cast<std::uint32_t>(at); };
  for (std::size_t at = 0; at < text.size();) {
    if (blank(text[at])) {
      ++at;
      continue;
    }
    Word word;
    word.column = column(at);
    while (at < text.size() && !blank(text[at])) {
      if (text[at] != '"') {
        word.text += text[at++];
        continue;
      }
      const auto quote = at;
      at = take_quoted(text, at, word);
      if (at == std::string_view::npos) words.open_quote = column(quote);
    }
    at = std::min(at, text.size());
    word.end = column(at);
    words.list.push_back(std::move(word));
  }
  return words;
}

}  // namespace diag
