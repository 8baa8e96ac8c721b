#include "signature/toml_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "base/text.h"

namespace diag::sig {

namespace {

constexpr int deepest = 64;
constexpr std::size_t most_keys = 4'096;  // of one table, for files that mean no good

using Type = Node::Type;
using Made = Node::Made;

bool is_bare(char c) { return is_word(c) || c == '-'; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_forbidden(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }

Entry* find(Node& table, std::string_view key) {
  const auto found = std::ranges::find(table.entries, key, &Entry::key);
  return found == table.entries.end() ? nullptr : &*found;
}

// Appends one code point; false: there is none of that number.
bool append_utf8(std::uint64_t point, std::string& out) {
  if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return false;
  const auto byte = [&](std::uint64_t bits) { out += static_cast<char>(bits); };
  const auto tail = [&](int shift) { byte(0x80 | ((point >> shift) & 0x3f)); };
  if (point < 0x80) {
    byte(point);
  } else if (point < 0x800) {
    byte(0xc0 | point >> 6);
    tail(0);
  } else if (point < 0x10000) {
    byte(0xe0 | point >> 12);
    tail(6);
    tail(0);
  } else {
    byte(0xf0 | point >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
  return true;
}

struct Key {
  std::string text;
  Place at;
};

class Parser {
 public:
  Parser(std::string_view text, Mistakes& mistakes) : text_(text), mistakes_(mistakes) {}

  std::optional<Node> read() {
    Node root;
    root.at = {1, 1};
    root.made = Made::header;
    if (text_.starts_with("\xef\xbb\xbf")) at_ = line_begin_ = 3;
    if (!check_utf8()) return std::nullopt;
    Node* table = &root;
    for (;;) {
      skip_space();
      if (end()) break;
      const bool good = peek() == '[' ? header(root, table) : key_value(*table, 0);
      if (!good || !end_of_line()) return std::nullopt;
    }
    return failed_ ? std::nullopt : std::optional(std::move(root));
  }

 private:
  // ---- the text

  bool end() const { return at_ >= text_.size(); }
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool ahead(std::string_view s) const { return text_.substr(at_).starts_with(s); }
  bool take(std::string_view s) {
    if (!ahead(s)) return false;
    at_ += s.size();
    return true;
  }
  Place here() const { return {line_, static_cast<std::uint32_t>(at_ - line_begin_ + 1)}; }

  bool fail(Place at, std::string message) {
    if (!failed_) mistakes_.add(at, std::move(message));
    failed_ = true;
    return false;
  }
  bool fail(std::string message) { return fail(here(), std::move(message)); }

  void skip_blanks() {
    while (is_blank(peek())) ++at_;
  }

  bool newline() {
    if (!take("\n") && !take("\r\n")) return false;
    ++line_;
    line_begin_ = at_;
    return true;
  }

  bool comment() {
    if (peek() != '#') return true;
    while (!end() && peek() != '\n' && !ahead("\r\n")) {
      if (is_forbidden(peek())) return fail("a control character in a comment");
      ++at_;
    }
    return true;
  }

  // Blanks, comments and ends of lines.
  void skip_space() {
    do {
      skip_blanks();
      if (!comment()) return;
    } while (newline());
  }

  bool end_of_line() {
    skip_blanks();
    if (!comment()) return false;
    return end() || newline() || fail(fmt::format("the line should end here, not go on with '{}'", shown(peek())));
  }

  static std::string shown(char c) { return printable({&c, 1}, true); }

  bool check_utf8() {
    const bool ascii = std::ranges::all_of(text_, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (ascii) return true;
    const std::string valid = to_utf8(text_);
    const auto [good, bad] = std::ranges::mismatch(valid, text_);
    if (bad == text_.end()) return true;
    const auto line = static_cast<std::uint32_t>(std::count(text_.begin(), bad, '\n') + 1);
    return fail({line, 0}, "not UTF-8");
  }

  // ---- keys and tables

  bool key_part(Key& out) {
    out.at = here();
    if (peek() == '"') return basic_string(out.text);
    if (peek() == '\'') return literal_string(out.text);
    const std::size_t from = at_;
    while (is_bare(peek())) ++at_;
    out.text = text_.substr(from, at_ - from);
    if (!out.text.empty()) return true;
    return end() ? fail("a key is missing") : fail(fmt::format("'{}' begins no key", shown(peek())));
  }

  // a.b."c d"
  bool dotted_key(std::vector<Key>& out) {
    do {
      skip_blanks();
      if (out.size() >= deepest) return fail("a key of too many parts");
      if (!key_part(out.emplace_back())) return false;
      skip_blanks();
    } while (take("."));
    return true;
  }

  bool twice(const Key& key, Place first) {
    return fail(key.at, fmt::format("'{}' stands twice; first in line {}", printable(key.text, false), first.line));
  }

  Entry* add(Node& table, Key key) {
    if (table.entries.size() >= most_keys) {
      fail(key.at, "too many keys in one table");
      return nullptr;
    }
    Entry& made = table.entries.emplace_back();
    made.key = std::move(key.text);
    made.at = key.at;
    return &made;
  }

  // The table `key` of `table`, made if need be; null: it is something else.
  Node* step(Node& table, Key key, Made made) {
    Entry* found = find(table, key.text);
    if (found == nullptr) {
      found = add(table, key);
      if (found == nullptr) return nullptr;
      found->value.at = key.at;
      found->value.made = made;
      return &found->value;
    }
    Node* value = &found->value;
    if (made == Made::implied && value->type == Type::array && value->made == Made::header)
      value = &value->items.back();
    const bool open = value->type == Type::table && value->made != Made::value;
    // A dotted key may go on only with what dotted keys made.
    if (open && (made == Made::implied || value->made == Made::dotted)) return value;
    twice(key, found->at);
    return nullptr;
  }

  bool header(Node& root, Node*& table) {
    const Place at = here();
    const bool array = take("[[");
    if (!array) take("[");
    std::vector<Key> keys;
    if (!dotted_key(keys)) return false;
    if (!take(array ? "]]" : "]")) return fail(fmt::format("the header of a table ends with '{}'", array ? "]]" : "]"));
    Node* in = &root;
    for (std::size_t i = 0; i + 1 < keys.size(); ++i) {
      in = step(*in, std::move(keys[i]), Made::implied);
      if (in == nullptr) return false;
    }
    table = array ? open_array(*in, std::move(keys.back()), at) : open_table(*in, std::move(keys.back()), at);
    return table != nullptr;
  }

  Node* open_table(Node& in, Key key, Place at) {
    Entry* found = find(in, key.text);
    if (found && (found->value.type != Type::table || found->value.made != Made::implied)) {
      twice(key, found->at);
      return nullptr;
    }
    if (found == nullptr) found = add(in, std::move(key));
    if (found == nullptr) return nullptr;
    found->value.made = Made::header;
    found->value.at = at;
    return &found->value;
  }

  Node* open_array(Node& in, Key key, Place at) {
    Entry* found = find(in, key.text);
    if (found && (found->value.type != Type::array || found->value.made != Made::header)) {
      twice(key, found->at);
      return nullptr;
    }
    if (found == nullptr) {
      found = add(in, std::move(key));
      if (found == nullptr) return nullptr;
      found->value.type = Type::array;
      found->value.made = Made::header;
      found->value.at = at;
    }
    Node& item = found->value.items.emplace_back();
    item.made = Made::header;
    item.at = at;
    return &item;
  }

  bool key_value(Node& table, int depth) {
    std::vector<Key> keys;
    if (!dotted_key(keys)) return false;
    if (!take("=")) return fail(fmt::format("after the key '{}' comes '='", printable(keys.back().text, false)));
    Node* in = &table;
    for (std::size_t i = 0; i + 1 < keys.size(); ++i) {
      in = step(*in, std::move(keys[i]), Made::dotted);
      if (in == nullptr) return false;
    }
    if (const Entry* found = find(*in, keys.back().text)) return twice(keys.back(), found->at);
    Entry* made = add(*in, std::move(keys.back()));
    skip_blanks();
    return made && value(made->value, depth);
  }

  // ---- values

  bool value(Node& out, int depth) {
    if (depth > deepest) return fail("nested too deeply");
    out.at = here();
    switch (peek()) {
      case '"':
        out.type = Type::string;
        return ahead("\"\"\"") ? long_string(out.text) : basic_string(out.text);
      case '\'':
        out.type = Type::string;
        return ahead("'''") ? long_literal(out.text) : literal_string(out.text);
      case '[':
        return array(out, depth);
      case '{':
        return inline_table(out, depth);
      default:
        return word(out);
    }
  }

  bool array(Node& out, int depth) {
    out.type = Type::array;
    take("[");
    for (;;) {
      skip_space();
      if (failed_) return false;
      if (take("]")) return true;
      if (end()) return fail(out.at, "this array has no end");
      if (!value(out.items.emplace_back(), depth + 1)) return false;
      skip_space();
      if (!take(",") && peek() != ']') return fail("between the items of an array stands ','");
    }
  }

  bool inline_table(Node& out, int depth) {
    take("{");
    skip_blanks();
    // While it is being written, dotted keys in it may go on with each other.
    if (take("}")) return true;
    for (;;) {
      if (!key_value(out, depth + 1)) return false;
      skip_blanks();
      if (take("}")) break;
      if (peek() == '\n' || peek() == '\r' || end())
        return fail(out.at, "a table in braces ends in the line it begins in");
      if (!take(",")) return fail("between the values of a table in braces stands ','");
    }
    close(out);
    return true;
  }

  static void close(Node& table) {
    table.made = Made::value;
    for (Entry& e : table.entries) {
      if (e.value.type == Type::table && e.value.made == Made::dotted) close(e.value);
    }
  }

  // ---- strings

  bool literal_string(std::string& out) {
    const Place at = here();
    const auto close = text_.find_first_of("'\n", at_ + 1);
    if (close == text_.npos || text_[close] == '\n') return fail(at, "this string has no end");
    out = text_.substr(at_ + 1, close - at_ - 1);
    if (std::ranges::any_of(out, is_forbidden)) return fail(at, "a control character in a string");
    at_ = close + 1;
    return true;
  }

  bool basic_string(std::string& out) {
    const Place at = here();
    ++at_;
    for (;;) {
      const std::size_t from = at_;
      while (!end() && peek() != '"' && peek() != '\\' && !is_forbidden(peek())) ++at_;
      out += text_.substr(from, at_ - from);
      if (take("\"")) return true;
      if (end() || peek() == '\n' || ahead("\r\n")) return fail(at, "this string has no end");
      if (peek() != '\\') return fail("a control character in a string");
      if (!escape(out)) return false;
    }
  }

  bool escape(std::string& out) {
    const Place at = here();
    ++at_;
    const char c = peek();
    constexpr std::string_view names = "btnfr\"\\", values = "\b\t\n\f\r\"\\";
    if (const auto found = names.find(c); found != names.npos && !end()) {
      out += values[found];
      ++at_;
      return true;
    }
    const std::size_t digits = c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (digits == 0)
      return fail(at, fmt::format("there is no escape '\\{}'; write patterns in single quotes", shown(c)));
    const std::string_view number = text_.substr(std::min(at_ + 1, text_.size()), digits);
    const bool hex = number.size() == digits && std::ranges::all_of(number, is_hex);
    if (!hex || !append_utf8(*parse_hex(number), out))
      return fail(at, fmt::format("'\\{}{}' is no character", c, printable(number, true)));
    at_ += 1 + digits;
    return true;
  }

  // Quotes at the end belong to the string, as far as they are more than three; false: it goes on.
  bool closes(char quote, std::string& out) {
    std::size_t n = 0;
    while (n < 5 && peek(n) == quote) ++n;
    at_ += n;
    out.append(n < 3 ? n : n - 3, quote);
    return n >= 3;
  }

  bool long_literal(std::string& out) { return long_text('\'', out); }
  bool long_string(std::string& out) { return long_text('"', out); }

  bool long_text(char quote, std::string& out) {
    const Place at = here();
    at_ += 3;
    newline();
    for (;;) {
      const std::size_t from = at_;
      while (!end() && peek() != quote && !(peek() == '\\' && quote == '"') && !is_forbidden(peek())) ++at_;
      out += text_.substr(from, at_ - from);
      if (end()) return fail(at, "this string has no end");
      if (peek() == quote) {
        if (closes(quote, out)) return true;
      } else if (newline()) {
        out += '\n';
      } else if (peek() != '\\') {
        return fail("a control character in a string");
      } else if (!folded_line() && !escape(out)) {
        return false;
      }
    }
  }

  // A backslash at the end of a line: the line break and the blanks that follow are left out.
  bool folded_line() {
    std::size_t n = 1;
    while (is_blank(peek(n))) ++n;
    if (peek(n) != '\n' && !(peek(n) == '\r' && peek(n + 1) == '\n')) return false;
    at_ += n;
    do {
      skip_blanks();
    } while (newline());
    return true;
  }

  // ---- words and numbers

  bool word(Node& out) {
    const std::size_t from = at_;
    while (is_bare(peek()) || peek() == '+' || peek() == '.' || peek() == ':') ++at_;
    std::string_view s = text_.substr(from, at_ - from);
    if (s.empty()) return fail("a value is missing: a string stands in quotes");
    if (s == "true" || s == "false") {
      out.type = Type::flag;
      out.flag = s == "true";
      return true;
    }
    if (is_date(s)) {
      out.type = Type::date;
      const bool with_time = peek() == ' ' && is_digit(peek(1)) && is_digit(peek(2)) && peek(3) == ':';
      if (s.size() == 10 && with_time) {
        ++at_;
        while (is_bare(peek()) || peek() == '+' || peek() == '.' || peek() == ':') ++at_;
      }
      return true;
    }
    return number(s, out) ||
           fail(out.at, fmt::format("'{}' is no value: a string stands in quotes", printable(s, true)));
  }

  static bool is_date(std::string_view s) {
    const auto digits = [&](std::size_t at, std::size_t n) {
      return s.size() >= at + n && std::ranges::all_of(s.substr(at, n), is_digit);
    };
    const bool date = digits(0, 4) && digits(5, 2) && digits(8, 2) && s[4] == '-' && s[7] == '-';
    return date || (digits(0, 2) && digits(3, 2) && s[2] == ':');
  }

  // Digits with single '_' between them; nothing if there is anything else.
  static std::optional<std::string> plain_digits(std::string_view s, bool (*is)(char)) {
    std::string out;
    for (std::size_t i = 0; i < s.size(); ++i) {
      const bool between = i > 0 && i + 1 < s.size() && is(s[i - 1]) && is(s[i + 1]);
      if (s[i] == '_' ? !between : !is(s[i])) return std::nullopt;
      if (s[i] != '_') out += s[i];
    }
    return out.empty() ? std::nullopt : std::optional(out);
  }

  static bool number(std::string_view s, Node& out) {
    out.type = Type::integer;
    if (s.starts_with("0x") || s.starts_with("0o") || s.starts_with("0b")) return prefixed(s, out);
    const bool negative = s.starts_with('-');
    if (negative || s.starts_with('+')) s.remove_prefix(1);
    if (s == "inf" || s == "nan") {
      out.type = Type::number;
      out.number = s == "inf" ? HUGE_VAL : std::nan("");
      if (negative) out.number = -out.number;
      return true;
    }
    std::string_view rest = s;
    const auto whole = plain_digits(take_while(rest, [](char c) { return is_digit(c) || c == '_'; }), is_digit);
    if (!whole || (whole->size() > 1 && whole->front() == '0')) return false;
    if (rest.empty()) {
      const auto value = parse_dec(*whole);
      if (!value || *value > std::uint64_t{INT64_MAX} + negative) return false;
      out.number = static_cast<double>(*value) * (negative ? -1 : 1);
      return true;
    }
    out.type = Type::number;
    return fraction(*whole, rest, negative, out);
  }

  static bool prefixed(std::string_view s, Node& out) {
    const int base = s[1] == 'x' ? 16 : s[1] == 'o' ? 8 : 2;
    const auto digits = plain_digits(
        s.substr(2), base == 16  ? is_hex
                     : base == 8 ? [](char c) { return c >= '0' && c <= '7'; }
                                 : [](char c) { return c == '0' || c == '1'; });
    if (!digits) return false;
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits->data(), digits->data() + digits->size(), value, base);
    out.number = static_cast<double>(value);
    return error == std::errc{} && value <= std::uint64_t{INT64_MAX};
  }

  static bool fraction(const std::string& whole, std::string_view rest, bool negative, Node& out) {
    std::string plain = whole;
    const auto digits = [&] {
      return plain_digits(take_while(rest, [](char c) { return is_digit(c) || c == '_'; }), is_digit);
    };
    if (consume(rest, ".")) {
      const auto part = digits();
      if (!part) return false;
      plain += '.' + *part;
    }
    if (consume(rest, "e") || consume(rest, "E")) {
      plain += 'e';
      if (consume(rest, "-")) {
        plain += '-';
      } else {
        consume(rest, "+");
      }
      const auto part = digits();
      if (!part) return false;
      plain += *part;
    }
    out.number = std::strtod(plain.c_str(), nullptr) * (negative ? -1 : 1);
    return rest.empty();
  }

  std::string_view text_;
  Mistakes& mistakes_;
  std::size_t at_ = 0, line_begin_ = 0;
  std::uint32_t line_ = 1;
  bool failed_ = false;
};

}  // namespace

const Entry* Node::find(std::string_view key) const {
  const auto found = std::ranges::find(entries, key, &Entry::key);
  return found == entries.end() ? nullptr : &*found;
}

std::string_view to_string(Node::Type type) {
  constexpr std::array<std::string_view, 7> words = {"a string", "a whole number", "a number", "true or false",
                                                     "a date",   "an array",       "a table"};
  return words[static_cast<std::size_t>(type)];
}

std::optional<Node> read_toml(std::string_view text, Mistakes& mistakes) { return Parser(text, mistakes).read(); }

}  // namespace diag::sig
