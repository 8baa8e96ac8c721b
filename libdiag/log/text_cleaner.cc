#include "log/text_cleaner.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "base/text.h"

namespace diag::transport {
namespace {

constexpr std::size_t npos = std::string_view::npos;

// Sixteen bytes compared at a time, in whatever registers the machine has.
using Block = std::int8_t __attribute__((vector_size(16)));

// All ones where the byte is neither a control character, but for tabs, nor above 0x7f, which is negative here.
Block clean_at(const char* at) {
  Block bytes;
  std::memcpy(&bytes, at, sizeof bytes);
  return (bytes > 0x1f) | (bytes == '\t');
}

bool all(Block block) {
  std::uint64_t halves[2];
  std::memcpy(halves, &block, sizeof halves);
  return (halves[0] & halves[1]) == ~std::uint64_t{0};
}

bool is_clean(std::string_view line) {
  constexpr std::size_t step = sizeof(Block);
  if (line.size() < step) {
    char padded[step];
    std::memset(padded, ' ', step);
    if (!line.empty()) std::memcpy(padded, line.data(), line.size());
    return all(clean_at(padded));
  }
  Block clean = clean_at(line.data() + line.size() - step);
  for (std::size_t at = 0; at + step <= line.size(); at += step) clean &= clean_at(line.data() + at);
  return all(clean);
}

// Behind ESC: the length of the sequence, without the ESC.
std::size_t escape_length(std::string_view s) {
  if (s.empty()) return 0;
  const auto is_final = [](char c) { return c >= 0x40 && c <= 0x7e; };
  const auto is_middle = [](char c) { return c >= 0x20 && c <= 0x2f; };
  std::size_t n = 1;
  switch (s[0]) {
    case '[':
      while (n < s.size() && s[n] >= 0x20 && s[n] <= 0x3f) ++n;
      return n < s.size() && is_final(s[n]) ? n + 1 : n;
    case ']':  // up to BEL or ESC '\'; a window title is short
      while (n < s.size() && n < 512 && s[n] != '\a' && s[n] != '\x1b') ++n;
      if (n < s.size() && s[n] == '\x1b' && s.substr(n + 1).starts_with('\\')) return n + 2;
      return n < s.size() && s[n] == '\a' ? n + 1 : n;
    default:
      n = 0;
      while (n < s.size() && is_middle(s[n])) ++n;
      return n < s.size() && s[n] > 0x20 ? n + 1 : n;
  }
}

// The octal escape "#ooo" of a control character at the front of `s`: its value, or -1.
int octal_escape(std::string_view s) {
  const auto octal = [](char c) { return c >= '0' && c <= '7'; };
  if (s.size() < 4 || s[0] != '#' || !octal(s[1]) || !octal(s[2]) || !octal(s[3])) return -1;
  const int value = (s[1] - '0') * 64 + (s[2] - '0') * 8 + (s[3] - '0');
  return value < 0x20 ? value : -1;
}

// "\xNN" at the front of `s`: its value, or -1.
int hex_escape(std::string_view s) {
  if (s.size() < 4 || s[0] != '\\' || s[1] != 'x' || !is_hex(s[2]) || !is_hex(s[3])) return -1;
  return static_cast<int>(*parse_hex(s.substr(2, 2)));
}

struct Point {
  char32_t value = 0;
  std::size_t length = 0;  // 0: no valid UTF-8 here
};

Point decode(std::string_view s) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  const auto follows = [&](std::size_t i) { return i < s.size() && (byte(i) & 0xc0) == 0x80; };
  if (byte(0) >= 0xc2 && byte(0) <= 0xdf && follows(1)) {
    return {static_cast<char32_t>((byte(0) & 0x1f) << 6 | (byte(1) & 0x3f)), 2};
  }
  if (byte(0) >= 0xe0 && byte(0) <= 0xef && follows(1) && follows(2)) {
    return {static_cast<char32_t>((byte(0) & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f)), 3};
  }
  if (byte(0) >= 0xf0 && byte(0) <= 0xf4 && follows(1) && follows(2) && follows(3)) {
    const auto high = static_cast<char32_t>((byte(0) & 0x07) << 18 | (byte(1) & 0x3f) << 12);
    return {high | static_cast<char32_t>((byte(2) & 0x3f) << 6 | (byte(3) & 0x3f)), 4};
  }
  return {};
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
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

// Writes the character as a log would have it. `next` is what follows.
void append_plain(std::string& out, char32_t c, std::string_view next) {
  if (c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f || c == 0x3000) {
    out += ' ';
  } else if (c == 0xad || (c >= 0x200b && c <= 0x200d) || c == 0x2060 || c == 0xfeff) {
    // of no width
  } else if (c == 0x2028 || c == 0x2029) {
    out += '\n';
  } else if (c == 0x2010 || c == 0x2011 || c == 0x2212 ||
             (c == 0x2013 && out.ends_with(' ') && next.starts_with(' '))) {
    out += '-';
  } else if (c == 0x2013 || c == 0x2014) {
    out += c == 0x2013 ? "--" : "---";
  } else if (c == 0x2018 || c == 0x2019) {
    out += '\'';
  } else if (c == 0x201c || c == 0x201d) {
    out += '"';
  } else if (c == 0x2026) {
    out += "...";
  } else if (c == 0xd7 && out.ends_with('0') && !next.empty() && is_hex(next.front())) {
    out += 'x';  // blogs turn 0x5c0 into 0×5c0
  } else {
    append_utf8(out, c);
  }
}

struct Entity {
  char32_t value = 0;
  std::size_t length = 0;  // 0: none
};

// "&#39;", "&#x27;".
Entity numeric_entity(std::string_view s) {
  const bool hex = s.size() > 2 && (s[2] == 'x' || s[2] == 'X');
  const std::size_t start = hex ? 3 : 2;
  const auto end = s.substr(0, 12).find(';');
  if (end == npos || end <= start) return {};
  const auto digits = s.substr(start, end - start);
  const auto value = hex ? (is_hex(digits[0]) ? parse_hex(digits) : std::nullopt) : parse_dec(digits);
  if (!value || *value < 0x20 || *value > 0x10ffff || (*value >= 0xd800 && *value < 0xe000)) return {};
  return {static_cast<char32_t>(*value), end + 1};
}

Entity entity(std::string_view s) {
  struct Name {
    std::string_view text;
    char32_t value;
  };
  constexpr std::array<Name, 6> names = {
      {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&nbsp;", 0xa0}}};
  if (s.size() > 2 && s[1] == '#') return numeric_entity(s);
  for (const auto& name : names) {
    if (s.starts_with(name.text)) return {name.value, name.text.size()};
  }
  return {};
}

// Text that was escaped twice, "&amp;lt;", is an entity once more.
Entity nested_entity(std::string_view s) {
  auto found = entity(s);
  std::size_t skipped = 0;
  for (int depth = 0; depth < 3 && found.value == '&'; ++depth) {
    const auto inner = s.substr(skipped + found.length - 1);
    std::string again = "&" + std::string(inner.substr(1, 12));
    const auto deeper = entity(again);
    if (deeper.length == 0) break;
    skipped += found.length - 1;
    found = deeper;
  }
  if (found.length != 0) found.length += skipped;
  return found;
}

struct Tag {
  std::size_t length = 0;  // 0: none of ours
  bool breaks = false;     // it ends a line
};

// An HTML tag at the front of `s`. Names that could be a mark of the kernel ("<d>", "<dd>") are not among them.
Tag html_tag(std::string_view s) {
  constexpr std::array<std::string_view, 27> names = {
      "pre",  "code", "tt",   "br",    "div",        "span",   "p",    "li",  "ul",
      "ol",   "td",   "tr",   "th",    "table",      "tbody",  "samp", "kbd", "font",
      "html", "body", "head", "title", "blockquote", "strong", "em",   "hr",  "section"};
  constexpr std::array<std::string_view, 6> breaking = {"br", "div", "p", "li", "tr", "hr"};
  const auto end = s.substr(0, 512).find('>');
  if (s.size() < 3 || s[0] != '<' || end == npos) return {};
  std::string_view inside = s.substr(1, end - 1);
  const bool closing = consume(inside, "/");
  const auto written = take_while(inside, is_alpha);
  if (written.empty() || written.size() > 10 || !(inside.empty() || inside[0] == ' ' || inside[0] == '/')) return {};
  const auto name = to_lower(written);
  const bool link = name == "a" && (closing || inside.starts_with(" href"));
  if (!link && std::ranges::find(names, name) == names.end()) return {};
  return {end + 1, std::ranges::find(breaking, name) != breaking.end()};
}

// The position of the last tag if it ends the line.
std::size_t tag_at_end(std::string_view s) {
  if (!s.ends_with('>')) return npos;
  const auto open = s.rfind('<');
  return open != npos && html_tag(s.substr(open)).length == s.size() - open ? open : npos;
}

// Line breaks at either end part nothing.
std::string_view without_outer_breaks(std::string_view s) {
  while (s.starts_with('\n')) s.remove_prefix(1);
  while (s.ends_with('\n')) s.remove_suffix(1);
  return s;
}

}  // namespace

Dirt find_dirt(std::string_view line) {
  Dirt dirt;
  if (is_clean(line)) return dirt;
  for (const char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    dirt.control |= byte < 0x20 && byte != '\t';
    dirt.high |= byte > 0x7f;
  }
  return dirt;
}

bool has_html_tag(std::string_view line) {
  line = trim(line);
  return (line.starts_with('<') && html_tag(line).length != 0) || tag_at_end(line) != npos;
}

std::string_view drop_controls(std::string_view line, std::string& out) {
  out.clear();
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '\x1b') {
      i += escape_length(line.substr(i + 1));
    } else if (c == '\r' || c == '\n') {
      if (!out.ends_with('\n')) out += '\n';
    } else if (c == '\b') {
      if (!out.empty() && out.back() != '\n') out.pop_back();
    } else if (c == '\t' || static_cast<unsigned char>(c) >= 0x20) {
      out += c;
    }
  }
  return without_outer_breaks(out);
}

std::string_view undo_markup(std::string_view line, std::string& out) {
  out.clear();
  for (std::size_t i = 0; i < line.size();) {
    const char c = line[i];
    const auto rest = line.substr(i);
    std::size_t used = 1;
    if (c == '&') {
      const auto found = nested_entity(rest);
      if (found.length != 0) used = found.length;
      append_plain(out, found.length != 0 ? found.value : U'&', rest.substr(used));
    } else if (c == '<') {
      const auto tag = html_tag(rest);
      if (tag.length != 0) used = tag.length;
      if (tag.breaks) out += '\n';
      if (tag.length == 0) out += c;
    } else if (static_cast<unsigned char>(c) > 0x7f) {
      const auto point = decode(rest);
      if (point.length != 0) used = point.length;
      if (point.length != 0) append_plain(out, point.value, rest.substr(used));
      if (point.length == 0) out += static_cast<unsigned char>(c) == 0xa0 ? ' ' : c;
    } else {
      out += c;
    }
    i += used;
  }
  return without_outer_breaks(out);
}

std::string_view undo_octal_escapes(std::string_view text, std::string& out) {
  auto at = text.find("#0");
  while (at != npos && octal_escape(text.substr(at)) < 0) at = text.find("#0", at + 2);
  if (at == npos) return text;
  std::string decoded(text.substr(0, at));
  for (std::size_t i = at; i < text.size();) {
    const int value = text[i] == '#' ? octal_escape(text.substr(i)) : -1;
    decoded += value < 0 ? text[i] : static_cast<char>(value);
    i += value < 0 ? 1 : 4;
  }
  out.clear();
  std::string piece;
  for (std::string_view left = decoded;;) {  // line by line, because blank ones stay
    const auto end = left.find('\n');
    out += drop_controls(left.substr(0, end), piece);
    if (end == npos) break;
    out += '\n';
    left.remove_prefix(end + 1);
  }
  while (out.ends_with('\n')) out.pop_back();
  return out;
}

std::string_view undo_hex_escapes(std::string_view text, std::string& out) {
  if (text.find("\\x") == npos) return text;
  out.clear();
  for (std::size_t i = 0; i < text.size();) {
    const int value = text[i] == '\\' ? hex_escape(text.substr(i)) : -1;
    const bool plain = value == '\n' || value == '\t' || value == '\\';
    if (plain) out += static_cast<char>(value);
    if (value < 0) out += text[i];
    if (value >= 0x20 && !plain) out.append(text, i, 4);
    i += value < 0 ? 1 : 4;
  }
  while (out.ends_with('\n')) out.pop_back();
  return out;
}

}  // namespace diag::transport
