#include "kernel/shape.h"

#include <algorithm>

#include "base/text.h"
#include "kernel/frame_line.h"

namespace diag::kernel {

Shape::Shape(std::string_view pattern) {
  at_start_ = consume(pattern, "^");
  while (!pattern.empty()) {
    const auto open = pattern.find('{');
    if (open != 0) pieces_.push_back({pattern.substr(0, open), 0});
    if (open == std::string_view::npos) break;
    pattern.remove_prefix(open + 1);
    const auto inside = *take_until(pattern, "}");
    const auto colon = inside.find(':');
    pieces_.push_back(colon == std::string_view::npos ? Piece{inside, '*'} : Piece{inside.substr(0, colon), inside[colon + 1]});
  }
}

std::string_view Shape::anchor() const {
  std::string_view best;
  for (const auto& piece : pieces_) {
    if (!piece.type && piece.text.size() > best.size()) best = piece.text;
  }
  return best;
}

std::string_view Shape::next_literal(std::size_t piece) const {
  return piece + 1 < pieces_.size() && !pieces_[piece + 1].type ? pieces_[piece + 1].text : std::string_view{};
}

bool Shape::match(std::string_view text, std::vector<Capture>& captures) const {
  captures.clear();
  if (at_start_ || pieces_.front().type) return match_at(trim_left(text), captures);
  const auto first = pieces_.front().text;
  for (auto at = text.find(first); at != std::string_view::npos; at = text.find(first, at + 1)) {
    captures.clear();
    if (match_at(text.substr(at), captures)) return true;
    if (pieces_.size() > 1 && pieces_[1].type == 't') break;  // a later start cannot do better: t takes all up to a literal
  }
  return false;
}

namespace {

std::string_view take_capture(std::string_view& text, char type, std::string_view literal) {
  const auto cut = [&](std::size_t n) {
    const auto taken = text.substr(0, n);
    text.remove_prefix(taken.size());
    return taken;
  };
  switch (type) {
    case 'd': return take_while(text, is_digit);
    case 'x':
    case 'a': {
      const auto digits = text.starts_with("0x") ? text.substr(2) : text;
      auto rest = digits;
      const auto taken = take_while(rest, is_hex);
      return taken.empty() ? taken : cut(text.size() - rest.size());
    }
    case 'w': {
      const auto word = text.find_first_of(" \t");
      return cut(std::min({text.size(), word, literal.empty() ? text.npos : text.find(literal)}));
    }
    case 's': {
      auto rest = text;
      PrintedSymbol symbol;
      return take_symbol(rest, symbol) ? cut(text.size() - rest.size()) : std::string_view{};
    }
    case 'l': return literal.empty() ? cut(text.size()) : cut(text.rfind(literal) == text.npos ? 0 : text.rfind(literal));
    default: return literal.empty() ? cut(text.size()) : cut(text.find(literal) == text.npos ? 0 : text.find(literal));
  }
}

}  // namespace

bool Shape::match_at(std::string_view text, std::vector<Capture>& captures) const {
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    const auto& [name, type] = pieces_[i];
    if (!type) {
      if (!consume(text, name)) return false;
      continue;
    }
    const auto literal = next_literal(i);
    const auto taken = take_capture(text, type, literal);
    const bool may_be_empty = type == 't' || type == '*' || type == 'l';
    if (taken.empty() && !may_be_empty) return false;
    if (type != '*') captures.push_back({name, type, taken});
  }
  return true;
}

}  // namespace diag::kernel
