#include "base/rpm_version.h"

#include "base/text.h"

namespace diag {

namespace {

using Order = std::strong_ordering;

bool is_segment(char c) { return is_digit(c) || is_alpha(c); }
bool separates(char c) { return !is_segment(c) && c != '~' && c != '^'; }

// Whether a mark ('~' or '^') stands first in either, and what follows from it; nothing if both have it or none has.
std::optional<Order> compare_marks(std::string_view& a, std::string_view& b) {
  const auto at = [](std::string_view s, char c) { return !s.empty() && s.front() == c; };
  if (at(a, '~') != at(b, '~')) return at(a, '~') ? Order::less : Order::greater;
  if (at(a, '^') != at(b, '^')) {
    if (a.empty()) return Order::less;
    if (b.empty()) return Order::greater;
    return at(a, '^') ? Order::less : Order::greater;
  }
  return std::nullopt;
}

Order compare_numbers(std::string_view a, std::string_view b) {
  const auto zero = [](char c) { return c == '0'; };
  take_while(a, zero);
  take_while(b, zero);
  return a.size() != b.size() ? a.size() <=> b.size() : a.compare(b) <=> 0;
}

}  // namespace

std::strong_ordering compare_rpm_part(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    take_while(a, separates);
    take_while(b, separates);
    if (const auto decided = compare_marks(a, b)) return *decided;
    if (a.empty() || b.empty()) break;
    if (!is_segment(a.front())) {  // the same mark in both
      a.remove_prefix(1);
      b.remove_prefix(1);
      continue;
    }
    const bool number = is_digit(a.front());
    const auto first = take_while(a, number ? is_digit : is_alpha);
    const auto second = take_while(b, number ? is_digit : is_alpha);
    if (second.empty()) return number ? Order::greater : Order::less;
    const Order order = number ? compare_numbers(first, second) : first.compare(second) <=> 0;
    if (order != Order::equal) return order;
  }
  return a.size() <=> b.size();
}

RpmVersion::RpmVersion(std::string_view text) {
  text = trim(text);
  if (const auto colon = text.find(':'); colon != text.npos) {
    epoch = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  version = text.substr(0, text.rfind('-'));
  if (version.size() < text.size()) release = text.substr(version.size() + 1);
}

std::strong_ordering compare(const RpmVersion& a, const RpmVersion& b) {
  const auto epoch = [](const RpmVersion& v) { return v.epoch.empty() ? std::string_view("0") : v.epoch; };
  if (const Order o = compare_rpm_part(epoch(a), epoch(b)); o != Order::equal) return o;
  if (const Order o = compare_rpm_part(a.version, b.version); o != Order::equal) return o;
  return a.release && b.release ? compare_rpm_part(*a.release, *b.release) : Order::equal;
}

}  // namespace diag
