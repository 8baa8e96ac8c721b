// A pattern that may stand for fields of the subject: '{port}: EH complete'. Such a field is taken literally.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signature/pattern.h"

namespace diag::sig {

class JoinedPattern;

// The event that a clue is asked for. Keeps the patterns it was joined with, so that each is compiled once.
class Subject {
 public:
  using Lookup = std::function<std::optional<std::string>(std::string_view)>;

  Subject() = default;  // no subject: joins are unknown
  explicit Subject(Lookup lookup) : lookup_(std::move(lookup)) {}

  // The value of one of its fields; nothing: unknown.
  std::optional<std::string> field(std::string_view name) const;
  std::optional<Pattern> join(const JoinedPattern& pattern) const;

 private:
  Lookup lookup_;
  mutable std::map<const JoinedPattern*, std::optional<Pattern>> joined_;
};

class JoinedPattern {
 public:
  JoinedPattern(std::string text, Pattern::Fits fits);

  const std::string& text() const { return text_; }  // as written
  // The fields it stands for, in order; empty: a plain pattern.
  const std::vector<std::string>& fields() const { return fields_; }
  // With any text in place of the fields: matches whatever the joined one can match.
  const Pattern& pattern() const { return pattern_; }
  // With the subject's values in place; nothing if one of them is not known.
  std::optional<Pattern> with(const Subject& subject) const;

 private:
  friend class Subject;
  std::string text_;
  std::vector<std::string> fields_;
  std::vector<std::string> pieces_;  // around the fields: one more than them
  Pattern pattern_;
};

// Finds the next "{name}" or "{name.more}" at or after `from`; nothing if there is none. In patterns an escaped brace
// is none.
struct BraceSpan {
  std::size_t begin, end;  // of the braces and what is in them
  std::string_view inside;
};
std::optional<BraceSpan> find_braces(std::string_view text, std::size_t from);

// "port", "task.comm": lower-case words joined by dots.
bool is_field_name(std::string_view s);

}  // namespace diag::sig
