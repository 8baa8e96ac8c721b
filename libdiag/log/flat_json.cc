#include "log/flat_json.h"

#include "base/text.h"

namespace diag::transport {
namespace {

// The length of the string at the front of `s`, with its quotes; 0: none, or it has no end.
std::size_t string_length(std::string_view s) {
  if (!s.starts_with('"')) return 0;
  for (std::size_t i = 1; i < s.size(); ++i) {
    if (s[i] == '\\') {
      ++i;
    } else if (s[i] == '"') {
      return i + 1;
    }
  }
  return 0;
}

// The length of the array or object at the front of `s`; 0: it has no end.
std::size_t nested_length(std::string_view s) {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '"') {
      const auto length = string_length(s.substr(i));
      if (length == 0) return 0;
      i += length - 1;
    } else if (s[i] == '[' || s[i] == '{') {
      ++depth;
    } else if (s[i] == ']' || s[i] == '}') {
      if (--depth == 0) return i + 1;
    }
  }
  return 0;
}

std::size_t value_length(std::string_view s) {
  if (s.empty()) return 0;
  if (s[0] == '"') return string_length(s);
  if (s[0] == '[' || s[0] == '{') return nested_length(s);
  const auto end = s.find_first_of(",} \t");
  return end == std::string_view::npos ? s.size() : end;
}

void append_utf8(std::string& out, std::uint32_t c) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xc0 | c >> 6), put(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    put(0xe0 | c >> 12), put(0x80 | (c >> 6 & 0x3f)), put(0x80 | (c & 0x3f));
  } else {
    put(0xf0 | c >> 18), put(0x80 | (c >> 12 & 0x3f)), put(0x80 | (c >> 6 & 0x3f)), put(0x80 | (c & 0x3f));
  }
}

// The four digits of "\uXXXX" at the front of `s`; nothing if they are not there.
std::optional<std::uint32_t> unicode_escape(std::string_view s) {
  if (s.size() < 6 || s[0] != '\\' || s[1] != 'u' || !is_hex(s[2])) return std::nullopt;
  const auto value = parse_hex(s.substr(2, 4));
  return value ? std::optional(static_cast<std::uint32_t>(*value)) : std::nullopt;
}

// Appends what the escape at the front of `s` stands for and gives its length.
std::size_t append_escape(std::string_view s, std::string& out) {
  if (const auto unit = unicode_escape(s)) {
    const auto low = unicode_escape(s.substr(6));
    if (*unit >= 0xd800 && *unit < 0xdc00 && low && *low >= 0xdc00 && *low < 0xe000) {
      append_utf8(out, 0x10000 + ((*unit - 0xd800) << 10) + (*low - 0xdc00));
      return 12;
    }
    append_utf8(out, *unit >= 0xd800 && *unit < 0xe000 ? 0xfffd : *unit);
    return 6;
  }
  constexpr std::string_view letters = "bfnrt", meanings = "\b\f\n\r\t";
  const char c = s.size() > 1 ? s[1] : '\\';
  const auto at = letters.find(c);
  out += at == std::string_view::npos ? c : meanings[at];
  return 2;
}

}  // namespace

bool FlatJson::next(JsonMember& member) {
  left_ = trim_left(left_);
  if (consume(left_, ",")) left_ = trim_left(left_);
  const auto key = string_length(left_);
  if (key == 0) return false;
  member.key = left_.substr(1, key - 2);
  left_ = trim_left(left_.substr(key));
  if (!consume(left_, ":")) return false;
  left_ = trim_left(left_);
  const auto value = value_length(left_);
  if (value == 0) return false;
  member.value = left_.substr(0, value);
  left_.remove_prefix(value);
  return true;
}

bool json_string(std::string_view value, std::string& out) {
  out.clear();
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return false;
  value = value.substr(1, value.size() - 2);
  while (!value.empty()) {
    const auto plain = value.substr(0, value.find('\\'));
    out += plain;
    value.remove_prefix(plain.size());
    if (!value.empty()) value.remove_prefix(std::min(value.size(), append_escape(value, out)));
  }
  return true;
}

bool json_bytes(std::string_view value, std::string& out) {
  out.clear();
  if (!consume(value, "[")) return false;
  for (;;) {
    value = trim_left(value);
    if (consume(value, "]")) return true;
    const auto byte = parse_dec<std::uint8_t>(take_while(value, is_digit));
    if (!byte) return false;
    out += static_cast<char>(*byte);
    value = trim_left(value);
    consume(value, ",");
  }
}

bool json_first_string(std::string_view value, std::string& out) {
  if (!consume(value, "[")) return false;
  value = trim_left(value);
  return json_string(value.substr(0, string_length(value)), out);
}

}  // namespace diag::transport
