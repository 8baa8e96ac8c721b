// Writes one JSON value as ASCII: every other character is escaped, so that the text is valid UTF-8 in any locale and
// no control character of an input reaches a terminal. Commas and line breaks are its business; balance is the
// caller's.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace diag {

class JsonWriter {
 public:
  // The items of the outermost `spread` levels stand on lines of their own, deeper ones beside each other. 0: one line.
  explicit JsonWriter(int spread = 0) : spread_(spread) {}

  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  void key(std::string_view name);

  void value(std::string_view text);  // any bytes; bad UTF-8 becomes U+FFFD
  void value(const char* text) { value(std::string_view(text)); }
  void value(double number);  // null if not finite
  void value(std::nullptr_t) { literal("null"); }
  template <std::same_as<bool> Bool>
  void value(Bool flag) {
    literal(flag ? "true" : "false");
  }
  template <std::integral Integer>
    requires(!std::same_as<Integer, bool>)
  void value(Integer number) {
    literal(std::to_string(number));
  }
  template <class T>
  void value(const std::optional<T>& maybe) {
    maybe ? value(*maybe) : value(nullptr);
  }

  template <class T>
  void member(std::string_view name, const T& v) {
    key(name);
    value(v);
  }
  // Absent knowledge is null: an empty text is no knowledge.
  void member_or_null(std::string_view name, std::string_view text) {
    key(name);
    text.empty() ? value(nullptr) : value(text);
  }

  std::string take() { return std::move(out_); }

 private:
  void open(char bracket);
  void close(char bracket);
  void literal(std::string_view text);
  void separate();
  void break_line();

  std::string out_;
  int spread_;
  int depth_ = 0;
  bool first_ = true;       // nothing stands before the next item of this level
  bool after_key_ = false;  // the next item is a member's value
};

}  // namespace diag
