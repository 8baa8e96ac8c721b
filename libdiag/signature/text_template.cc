#include "signature/text_template.h"

#include <algorithm>

#include "base/text.h"
#include "signature/joined_pattern.h"

namespace diag::sig {

namespace {

constexpr std::size_t longest_insert = 300, longest_value = 1'000;

// "field", "field|words if unknown", "field:table" or both; nothing: no insert.
std::optional<Insert> read_insert(std::string_view inside) {
  Insert out;
  const auto bar = inside.find('|');
  if (bar != inside.npos) out.unknown = std::string(inside.substr(bar + 1));
  std::string_view name = inside.substr(0, bar);
  if (const auto colon = name.find(':'); colon != name.npos) {
    out.words = name.substr(colon + 1);
    name = name.substr(0, colon);
    if (!is_field_name(out.words)) return std::nullopt;
  }
  if (!is_field_name(name)) return std::nullopt;
  out.field = name;
  return out;
}

bool is_plain(std::string_view value) {
  constexpr std::string_view signs = "._:/@-";
  return !value.empty() &&
         std::ranges::all_of(value, [&](char c) { return is_digit(c) || is_alpha(c) || signs.find(c) != signs.npos; });
}

}  // namespace

Template::Template(std::string text) : text_(std::move(text)) {
  std::string plain;
  const std::string_view s = text_;
  for (std::size_t i = 0; i < s.size();) {
    const std::size_t brace = std::min(s.find('{', i), s.size());
    plain += s.substr(i, brace - i);
    i = brace;
    if (i == s.size()) break;
    if (s.substr(i).starts_with("{{")) {
      plain += '{';
      i += 2;
      continue;
    }
    const auto close = s.substr(0, i + longest_insert).find('}', i);
    auto insert = close == s.npos ? std::nullopt : read_insert(s.substr(i + 1, close - i - 1));
    if (!insert) {
      plain += s[i++];
      continue;
    }
    pieces_.push_back({std::move(plain), std::move(insert)});
    plain.clear();
    i = close + 1;
  }
  if (!plain.empty()) pieces_.push_back({std::move(plain), std::nullopt});
}

std::vector<const Insert*> Template::inserts() const {
  std::vector<const Insert*> out;
  for (const Piece& p : pieces_) {
    if (p.insert) out.push_back(&*p.insert);
  }
  return out;
}

std::string Template::render(const InsertValue& value, const Words& words, Use use) const {
  std::string out;
  for (const Piece& piece : pieces_) {
    out += piece.text;
    if (!piece.insert) continue;
    const Insert& insert = *piece.insert;
    auto known = value ? value(insert.field) : std::nullopt;
    if (!known) {
      out += insert.unknown ? *insert.unknown : '<' + insert.field + '>';
      continue;
    }
    const auto table = words.find(insert.words);
    if (!insert.words.empty() && table != words.end()) {
      const auto word = table->second.find(*known);
      if (word != table->second.end()) {
        out += word->second;
        continue;
      }
    }
    const bool hide = use == Use::command && !is_plain(*known);
    out += hide ? '<' + insert.field + '>' : printable(std::string_view(*known).substr(0, longest_value), false);
  }
  return out;
}

}  // namespace diag::sig
