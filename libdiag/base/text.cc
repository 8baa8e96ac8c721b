#include "base/text.h"

#include <algorithm>

namespace diag {

std::string_view trim_left(std::string_view s) {
  while (!s.empty() && is_space(s.front())) s.remove_prefix(1);
  return s;
}

std::string_view trim_right(std::string_view s) {
  while (!s.empty() && is_space(s.back())) s.remove_suffix(1);
  return s;
}

std::string_view trim(std::string_view s) { return trim_left(trim_right(s)); }

bool consume(std::string_view& s, std::string_view prefix) {
  if (!s.starts_with(prefix)) return false;
  s.remove_prefix(prefix.size());
  return true;
}

std::optional<std::string_view> take_until(std::string_view& s, std::string_view delimiter) {
  const auto at = s.find(delimiter);
  if (at == std::string_view::npos) return std::nullopt;
  const auto taken = s.substr(0, at);
  s.remove_prefix(at + delimiter.size());
  return taken;
}

std::optional<std::uint64_t> parse_hex(std::string_view s) {
  if (!consume(s, "0x")) consume(s, "0X");
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value, 16);
  if (s.empty() || error != std::errc{} || end != s.data() + s.size()) return std::nullopt;
  return value;
}

namespace {
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
}  // namespace

std::string to_lower(std::string_view s) {
  std::string out(s);
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

bool contains_ignoring_case(std::string_view text, std::string_view word) {
  return !std::ranges::search(text, word, {}, lower, lower).empty() || word.empty();
}

namespace {

struct Decoded {
  char32_t point;
  std::size_t length;  // 0: not valid here
};

// One UTF-8 sequence at the front of `s`: no overlong forms, no surrogates, nothing above U+10FFFF.
Decoded decode(std::string_view s) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || s.size() < length) return {0, 0};
  char32_t point = first & (0x7f >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {0, 0};
    point = point << 6 | (byte(i) & 0x3f);
  }
  constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool bad = point < least[length] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000);
  return {point, bad ? 0 : length};
}

constexpr std::string_view replacement = "\xef\xbf\xbd";

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

}  // namespace

std::string to_utf8(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  while (!s.empty()) {
    const auto [point, length] = decode(s);
    out += length ? s.substr(0, length) : replacement;
    s.remove_prefix(length ? length : 1);
  }
  return out;
}

std::string printable(std::string_view s, bool ascii) {
  std::string out;
  out.reserve(s.size());
  while (!s.empty()) {
    const auto [point, length] = decode(s);
    if (length == 0) {
      out += ascii ? std::string_view("?") : replacement;
    } else if (point == '\t') {
      out += ' ';
    } else if (!is_control(point)) {
      out += ascii && point > 0x7e ? std::string_view("?") : s.substr(0, length);
    }
    s.remove_prefix(length ? length : 1);
  }
  return out;
}

}  // namespace diag
