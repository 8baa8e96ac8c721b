// Small tools on strings that every parser needs.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace diag {

// ASCII white space: blank, tab, carriage return, newline, form feed, vertical tab.
constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
constexpr bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_word(char c) { return is_alpha(c) || is_digit(c) || c == '_'; }

std::string_view trim_left(std::string_view s);
std::string_view trim_right(std::string_view s);
std::string_view trim(std::string_view s);

// Removes `prefix` from the front of `s` if it stands there.
bool consume(std::string_view& s, std::string_view prefix);
// Removes and gives the longest front of `s` whose characters satisfy `accept`.
template <class Predicate>
std::string_view take_while(std::string_view& s, Predicate accept) {
  std::size_t n = 0;
  while (n < s.size() && accept(s[n])) ++n;
  const auto taken = s.substr(0, n);
  s.remove_prefix(n);
  return taken;
}
// Removes and gives the text before the first `delimiter`, which goes too; nothing, and `s` unchanged, if there is none.
std::optional<std::string_view> take_until(std::string_view& s, std::string_view delimiter);

// The whole of `s` as a number; nothing if anything else stands in it or it does not fit. Hex with or without "0x".
template <class T = std::uint64_t>
std::optional<T> parse_dec(std::string_view s) {
  T value{};
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
  if (s.empty() || error != std::errc{} || end != s.data() + s.size()) return std::nullopt;
  return value;
}
std::optional<std::uint64_t> parse_hex(std::string_view s);

std::string to_lower(std::string_view s);
bool contains_ignoring_case(std::string_view text, std::string_view word);

// Valid UTF-8 made of `s`: bad bytes become U+FFFD.
std::string to_utf8(std::string_view s);
// One line that is safe on a terminal: control characters (C0, DEL, C1, bidi overrides) dropped, tabs to blanks, bad bytes
// to U+FFFD. With ascii, every other character above 0x7e becomes '?'.
std::string printable(std::string_view s, bool ascii);

}  // namespace diag
