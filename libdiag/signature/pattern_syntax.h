// What can be told of a pattern without compiling it: the names of its groups, and which bytes every match must
// contain.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace diag::sig {

struct Literal {
  std::string text;
  bool any_case = false;  // then `text` is in lower case

  friend bool operator==(const Literal&, const Literal&) = default;
};

struct PatternSyntax {
  std::vector<std::string> groups;  // the named ones, in order
  // Every match contains one of these: pieces of 4 to 7 bytes, chosen to be rare in ordinary logs. Empty: nothing is
  // certain.
  std::vector<Literal> literals;
};

// Reads RE2's syntax. Nothing if the pattern is wrong or uses something rare (\Q, \p{...}, more than 50 levels): then
// only RE2 can tell. What is read here, RE2 accepts too. `literals` false leaves them out, which is faster.
std::optional<PatternSyntax> read_pattern(std::string_view pattern, bool literals);

// The text that the pattern stands for, if it is nothing but characters and escaped characters.
std::optional<std::string> plain_text(std::string_view pattern);

// How many bits of surprise the best 7 bytes of `text` carry in ordinary logs, roughly; and where they begin.
struct Rarity {
  double bits = 0;
  std::size_t at = 0, length = 0;
};
Rarity rarest_piece(std::string_view text);

}  // namespace diag::sig
