#include "signature/joined_pattern.h"

#include <algorithm>

#include "base/text.h"

namespace diag::sig {

namespace {

constexpr std::size_t longest_name = 64, longest_value = 500;

// Cuts `text` at its fields. Gives the relaxed pattern.
std::string cut(std::string_view text, std::vector<std::string>& fields, std::vector<std::string>& pieces) {
  std::string relaxed;
  std::size_t from = 0;
  while (const auto field = find_braces(text, from)) {
    pieces.emplace_back(text.substr(from, field->begin - from));
    fields.emplace_back(field->inside);
    relaxed += pieces.back() + "(?:.*)";
    from = field->end;
  }
  pieces.emplace_back(text.substr(from));
  return relaxed + pieces.back();
}

}  // namespace

bool is_field_name(std::string_view s) {
  if (s.empty() || s.front() < 'a' || s.front() > 'z' || s.back() == '.' || s.find("..") != s.npos) return false;
  return std::ranges::all_of(s, [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_' || c == '.'; });
}

std::optional<BraceSpan> find_braces(std::string_view text, std::size_t from) {
  for (std::size_t i = from; i < text.size(); ++i) {
    if (text[i] == '\\') {
      // \{ is a brace, and \p{Greek}, \x{20ac} are no fields.
      ++i;
      if (i + 1 < text.size() && (text[i] == 'p' || text[i] == 'P' || text[i] == 'x') && text[i + 1] == '{') ++i;
      continue;
    }
    if (text[i] != '{') continue;
    const auto close = text.substr(0, i + longest_name).find('}', i);
    if (close == text.npos) continue;
    const auto inside = text.substr(i + 1, close - i - 1);
    if (is_field_name(inside)) return BraceSpan{i, close + 1, inside};
  }
  return std::nullopt;
}

JoinedPattern::JoinedPattern(std::string text, Pattern::Fits fits)
    : text_(std::move(text)), pattern_(cut(text_, fields_, pieces_), fits) {}

std::optional<Pattern> JoinedPattern::with(const Subject& subject) const {
  return fields_.empty() ? std::optional(pattern_) : subject.join(*this);
}

std::optional<std::string> Subject::field(std::string_view name) const {
  auto value = lookup_ ? lookup_(name) : std::nullopt;
  if (value && value->size() > longest_value) return std::nullopt;
  return value;
}

std::optional<Pattern> Subject::join(const JoinedPattern& pattern) const {
  if (const auto known = joined_.find(&pattern); known != joined_.end()) return known->second;
  std::string whole;
  bool complete = true;
  for (std::size_t i = 0; i < pattern.fields_.size(); ++i) {
    const auto value = field(pattern.fields_[i]);
    complete = complete && value;
    whole += pattern.pieces_[i] + quote_pattern(value.value_or(""));
  }
  std::optional<Pattern> joined;
  if (complete) joined.emplace(whole + pattern.pieces_.back(), pattern.pattern_.fits());
  return joined_[&pattern] = joined;
}

}  // namespace diag::sig
