#include "signature/ranking.h"

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <tuple>

namespace diag::sig {

namespace {

constexpr std::uint64_t gap_lines = 200;  // around lost evidence
constexpr std::size_t most_members = 64;  // of a series, whose lines are looked at

const Signature& signature(const Draft& d) { return *d.explanation.signature; }

bool on_same_lines(const FactsIndex& facts, std::size_t outer, std::size_t inner) {
  if (outer == inner) return true;
  const Event &o = facts.event(outer), &i = facts.event(inner);
  return o.first.source == i.first.source && i.first.line >= o.first.line && i.last.line <= o.last.line;
}

// All events that `b` explains are among those of `a`, or lie on their lines.
bool covers_events(const Draft& a, const Draft& b, const FactsIndex& facts) {
  const auto& outer = a.explanation.members;
  const std::span some(outer.begin(), std::min(outer.size(), most_members));
  return std::ranges::all_of(b.explanation.members, [&](std::size_t inner) {
    return std::ranges::binary_search(outer, inner) ||
           std::ranges::any_of(some, [&](std::size_t o) { return on_same_lines(facts, o, inner); });
  });
}

bool names(const Signature& a, const Signature& b) { return std::ranges::find(a.over, b.id) != a.over.end(); }

bool outranks(const Draft& a, const Draft& b) {
  const auto &x = signature(a), &y = signature(b);
  if (names(x, y) != names(y, x)) return names(x, y);
  return x.rank > y.rank;
}

// Worst and surest first; then in the order of the events.
auto order(const Draft& d) {
  const Finding& f = d.finding;
  return std::tuple(-static_cast<int>(f.severity), -static_cast<int>(f.confidence),
                    -static_cast<int>(signature(d).rank), d.explanation.subject, std::string_view(f.signature));
}

// The finding that a draft is folded into; absent: it stands.
using Leader = std::vector<std::optional<std::size_t>>;

std::size_t top_of(const Leader& leader, std::size_t d) {
  while (leader[d]) d = *leader[d];
  return d;
}

void fold_by_rank(const std::vector<Draft>& drafts, const FactsIndex& facts, Leader& leader) {
  // Only findings with lines in one input can meet.
  std::map<SourceId, std::vector<std::size_t>> by_source;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    by_source[facts.event(drafts[i].explanation.subject).first.source].push_back(i);
  }
  for (const auto& [source, group] : by_source) {
    for (const std::size_t b : group) {
      const auto a = std::ranges::find_if(
          group, [&](std::size_t x) { return x != b && folds(drafts[x], drafts[b], facts) && top_of(leader, x) != b; });
      if (a != group.end()) leader[b] = *a;
    }
  }
}

// The findings on an incident's first event lead those on the events in its wake.
void fold_by_incident(const std::vector<Draft>& drafts, const FactsIndex& facts, Leader& leader) {
  std::map<std::uint32_t, std::size_t> cause;  // the first kernel event of an incident
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (facts.event(i).kernel) cause.try_emplace(facts.event(i).incident, i);
  }
  std::map<std::size_t, std::size_t> best;  // by cause: its leading finding
  for (std::size_t d = 0; d < drafts.size(); ++d) {
    const Event& e = facts.event(drafts[d].explanation.subject);
    if (!e.kernel || leader[d] || cause[e.incident] != drafts[d].explanation.subject) continue;
    best.try_emplace(drafts[d].explanation.subject, d);
  }
  for (std::size_t d = 0; d < drafts.size(); ++d) {
    const Event& e = facts.event(drafts[d].explanation.subject);
    if (!e.kernel || leader[d]) continue;
    const auto lead = best.find(cause[e.incident]);
    if (lead == best.end() || cause[e.incident] == drafts[d].explanation.subject) continue;
    const Finding &first = drafts[lead->second].finding, &later = drafts[d].finding;
    if (first.confidence != Confidence::possible && first.severity >= later.severity) leader[d] = lead->second;
  }
}

void note_gaps(std::vector<Draft>& drafts, const FactsIndex& facts) {
  for (std::size_t g = 0; g < drafts.size(); ++g) {
    if (!drafts[g].finding.gap) continue;
    const Event& gap = facts.event(drafts[g].explanation.subject);
    for (std::size_t d = 0; d < drafts.size(); ++d) {
      const Event& e = facts.event(drafts[d].explanation.subject);
      if (d == g || drafts[d].finding.gap || e.first.source != gap.first.source) continue;
      if (e.first.line > gap.last.line + gap_lines || gap.first.line > e.last.line + gap_lines) continue;
      auto& list = drafts[d].finding.not_checked;
      std::string note = "messages were lost near it: " + drafts[g].finding.title;
      if (std::ranges::find(list, note) == list.end()) list.push_back(std::move(note));
    }
  }
}

}  // namespace

bool folds(const Draft& a, const Draft& b, const FactsIndex& facts) {
  if (a.finding.confidence == Confidence::possible || &signature(a) == &signature(b)) return false;
  return outranks(a, b) && covers_events(a, b, facts);
}

Undecided undecided(const std::vector<Draft>& drafts, const FactsIndex& facts) {
  Undecided out;
  for (std::size_t a = 0; a < drafts.size(); ++a) {
    for (std::size_t b = a + 1; b < drafts.size(); ++b) {
      if (&signature(drafts[a]) == &signature(drafts[b]) || outranks(drafts[a], drafts[b]) ||
          outranks(drafts[b], drafts[a]))
        continue;
      if (!covers_events(drafts[a], drafts[b], facts) && !covers_events(drafts[b], drafts[a], facts)) continue;
      auto pair = std::minmax(signature(drafts[a]).id, signature(drafts[b]).id);
      out.emplace_back(pair.first, pair.second);
    }
  }
  std::ranges::sort(out);
  out.erase(std::ranges::unique(out).begin(), out.end());
  return out;
}

std::vector<Finding> ranked(std::vector<Draft> drafts, const FactsIndex& facts) {
  std::ranges::stable_sort(drafts, {}, order);
  note_gaps(drafts, facts);
  Leader leader(drafts.size());
  fold_by_rank(drafts, facts, leader);
  fold_by_incident(drafts, facts, leader);
  for (std::size_t d = 0; d < drafts.size(); ++d) {
    if (!leader[d]) continue;
    auto& context = drafts[top_of(leader, d)].finding.context;
    const std::string& id = drafts[d].finding.signature;
    if (std::ranges::find(context, id) == context.end()) context.push_back(id);
  }
  std::vector<Finding> out;
  for (std::size_t d = 0; d < drafts.size(); ++d) {
    if (!leader[d]) out.push_back(std::move(drafts[d].finding));
  }
  return out;
}

}  // namespace diag::sig
