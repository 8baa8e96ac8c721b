#include "signature/prefilter.h"

#include <algorithm>

#include "signature/pattern_syntax.h"

namespace diag::sig {

namespace {

void collect(const std::vector<Test>& tests, std::vector<const JoinedPattern*>& out) {
  for (const Test& t : tests) {
    if (t.field != "text") continue;
    for (const Wanted& w : t.wanted) {
      if (const auto* p = std::get_if<JoinedPattern>(&w)) out.push_back(p);
    }
  }
}

}  // namespace

std::vector<const JoinedPattern*> message_patterns(const Clause& clause) {
  std::vector<const JoinedPattern*> out;
  if (std::ranges::find(clause.kinds.names, "log.message") == clause.kinds.names.end()) return out;
  collect(clause.tests, out);
  if (!out.empty()) return out;
  for (const TestSet& set : clause.any) collect(set.tests, out);
  return out;
}

Prefilter::Prefilter(const std::vector<const Signature*>& signatures) {
  const auto take = [&](const Clause& clause) {
    for (const JoinedPattern* p : message_patterns(clause)) add(*p, clause);
  };
  for (const Signature* s : signatures) {
    take(s->event);
    if (s->until) take(*s->until);
    std::ranges::for_each(s->clues, take);
  }
  literals_.build();
  rest_.compile();
}

void Prefilter::add(const JoinedPattern& joined, const Clause& clause) {
  const auto number = static_cast<std::uint32_t>(entries_.size());
  entries_.push_back({joined.pattern(), &clause});
  const auto syntax = read_pattern(joined.pattern().text(), true);
  if (!syntax || syntax->literals.empty()) {
    rest_.add(joined.pattern());
    rest_of_.push_back(number);
    return;
  }
  for (const Literal& l : syntax->literals) {
    literals_.add(l.text, l.any_case ? LiteralSet::Case::ignored : LiteralSet::Case::exact);
    entry_of_.push_back(number);
  }
}

// Calls visit(entry) for each entry whose pattern matches, some perhaps twice, until it says false.
template <class Visit>
void Prefilter::each(std::string_view text, Visit visit) const {
  bool go_on = true;
  std::uint32_t last = UINT32_MAX;  // the same literal often comes twice in a row
  literals_.each(text, [&](std::uint32_t id, std::size_t) {
    const std::uint32_t number = entry_of_[id];
    if (number == last) return true;
    last = number;
    if (entries_[number].pattern.matches(text)) go_on = visit(entries_[number]);
    return go_on;
  });
  if (!go_on || rest_.empty()) return;
  std::vector<std::uint32_t> numbers;
  rest_.find(text, numbers);
  for (const std::uint32_t n : numbers) {
    if (!visit(entries_[rest_of_[n]])) return;
  }
}

bool Prefilter::any(std::string_view text) const {
  bool found = false;
  each(text, [&](const Entry&) {
    found = true;
    return false;
  });
  return found;
}

void Prefilter::find(std::string_view text, std::vector<const Clause*>& found) const {
  found.clear();
  each(text, [&](const Entry& e) {
    if (std::ranges::find(found, e.clause) == found.end()) found.push_back(e.clause);
    return true;
  });
}

}  // namespace diag::sig
