#include "signature/matcher.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "diag/kernel_report.h"
#include "event/vocabulary.h"

namespace diag::sig {

namespace {

constexpr std::size_t most_keys = 1'024;     // of a series; the rest is counted together
constexpr std::size_t most_subjects = 200;   // of a signature that is no series
constexpr std::size_t most_explained = 100;  // for `sigcheck try`
constexpr std::size_t most_members = 64;     // of a series, for which clues are asked

Subject subject_of(const FactsIndex& facts, std::size_t event, const Captures& fields) {
  return Subject([&facts, event, &fields](std::string_view field) -> std::optional<std::string> {
    const Stated stated = EventView(facts, event, &fields).find(field);
    return stated ? std::optional(show(stated.value())) : std::nullopt;
  });
}

std::string value_of(const FactsIndex& facts, std::size_t event, const Captures& captures, std::string_view field) {
  const Stated stated = EventView(facts, event, &captures).find(field);
  return stated ? show(stated.value()) : std::string();
}

std::vector<std::string> values_of(const FactsIndex& facts, const std::vector<Meeting>& meetings,
                                   std::string_view field) {
  std::vector<std::string> out;
  if (field.empty()) return out;
  for (const Meeting& m : meetings) out.push_back(value_of(facts, m.event, m.captures, field));
  return out;
}

std::vector<std::size_t> events_of(const std::vector<Meeting>& meetings) {
  std::vector<std::size_t> out;
  for (const Meeting& m : meetings) out.push_back(m.event);
  return out;
}

// The parts of a series that are counted apart.
using Groups = std::vector<std::vector<Meeting>>;

Groups grouped(const Series& series, const FactsIndex& facts, std::vector<Meeting> meetings) {
  std::map<std::string, std::size_t> keys;
  Groups out;
  for (Meeting& m : meetings) {
    std::string key = facts.host(m.event);
    for (const std::string& field : series.per) {
      if (field != "host") key += '\0' + value_of(facts, m.event, m.captures, field);
    }
    if (keys.size() >= most_keys && !keys.contains(key)) key = "(others)";
    const auto [at, fresh] = keys.emplace(std::move(key), out.size());
    if (fresh) out.emplace_back();
    out[at->second].push_back(std::move(m));
  }
  return out;
}

// Surer first: a plain yes, a weak one, an unknown.
bool surer(const Meeting& a, const Meeting& b) { return std::pair(a.answer, !a.weak) > std::pair(b.answer, !b.weak); }

std::size_t yes_parts(const Meeting& m) {
  return static_cast<std::size_t>(std::ranges::count(m.parts, Answer::yes, &Part::answer));
}

std::vector<std::string> unknown_fields(const Meeting& m) {
  std::vector<std::string> out;
  for (const Part& p : m.parts) {
    if (p.answer == Answer::unknown) std::ranges::copy(p.unknown, std::back_inserter(out));
  }
  return out;
}

std::uint64_t distance(const FactsIndex& facts, std::size_t a, std::size_t b) {
  const Origin &first = facts.event(a).first, &second = facts.event(b).first;
  if (first.source != second.source) return UINT64_MAX;
  return first.line > second.line ? first.line - second.line : second.line - first.line;
}

// What a search over the run's events has found so far.
struct Search {
  std::vector<Meeting> yes;
  std::optional<Meeting> unknown;
  std::string doubt;               // why `unknown` is
  std::optional<Meeting> nearest;  // of those that say no

  void keep_nearest(Meeting m) {
    if (!nearest || yes_parts(m) > yes_parts(*nearest)) nearest = std::move(m);
  }
};

bool listed_anywhere(const FactsIndex& facts, std::string_view kind) {
  return std::ranges::any_of(facts.facts().inputs, [&](const InputFacts& in) { return FactsIndex::lists(in, kind); });
}

// Nothing was found: no where the run has looked, unknown elsewhere.
void judge_absence(const Clause& clause, const FactsIndex& facts, std::size_t subject, ClueAnswer& out) {
  out.answer = Answer::no;
  for (const std::string& kind : clause.kinds.names) {
    const bool covered = clause.near ? covers(*clause.near, facts, subject, kind, clause.any_host)
                                     : covers(facts, subject, kind, clause.any_host);
    if (covered) continue;
    out.answer = Answer::unknown;
    out.why = listed_anywhere(facts, kind) ? "the inputs do not cover it" : fmt::format("no {} was read", kind);
    return;
  }
}

}  // namespace

const std::vector<std::size_t>& Matcher::candidates(const Clause& clause) const {
  const auto [at, fresh] = candidates_.try_emplace(&clause);
  std::vector<std::size_t>& out = at->second;
  if (!fresh) return out;
  const auto add = [&](std::span<const std::size_t> events) { out.insert(out.end(), events.begin(), events.end()); };
  bool fault = false;
  for (const std::string& kind : clause.kinds.names) {
    const auto messages = kind == "log.message" ? messages_.find(&clause) : messages_.end();
    add(messages != messages_.end() ? std::span<const std::size_t>(messages->second) : facts_.of_kind(kind));
    const auto members = class_members("fault");
    fault = fault || std::ranges::find(members, kind) != members.end();
  }
  // An event whose header is cut off may be any fault.
  const auto& names = clause.kinds.names;
  if (fault && std::ranges::find(names, "oops") == names.end()) add(facts_.of_kind("oops"));
  std::ranges::sort(out);
  out.erase(std::ranges::unique(out).begin(), out.end());
  return out;
}

std::vector<Explanation> Matcher::subjects(const Signature& signature, bool thorough) const {
  const Subject nobody;
  std::vector<Explanation> out;
  std::vector<Meeting> series;
  const std::size_t most = thorough ? most_explained : most_subjects;
  const auto alone = [&](Meeting m) {
    Explanation e;
    e.signature = &signature;
    e.subject = m.event;
    e.members = {m.event};
    e.fields = m.captures;
    e.event = std::move(m);
    out.push_back(std::move(e));
  };
  for (const std::size_t i : candidates(signature.event)) {
    if (out.size() >= most) {
      out.back().more = true;
      break;
    }
    Meeting m = examine(signature.event, facts_, i, nobody, thorough);
    if (m.answer == Answer::no || !signature.event.series.active()) {
      if (m.answer != Answer::no || thorough) alone(std::move(m));
    } else {
      series.push_back(std::move(m));
    }
  }
  for (std::vector<Meeting>& group : grouped(signature.event.series, facts_, std::move(series))) {
    const Series& asked = signature.event.series;
    Explanation e;
    e.signature = &signature;
    e.members = events_of(group);
    const Tally t = tally(asked, facts_, e.members, values_of(facts_, group, asked.count_of));
    e.event = *std::ranges::min_element(group, surer);
    e.subject = e.event.event;
    e.reached = reached(asked, t);
    e.fields = e.event.captures;
    add_fields(t, facts_, e.fields);
    if (e.reached != Answer::no || thorough) out.push_back(std::move(e));
  }
  std::ranges::stable_sort(out, {}, &Explanation::subject);
  return out;
}

// Looks for the end of the episode.
void Matcher::follow(const Signature& signature, Explanation& e) const {
  const Clause& until = *signature.until;
  const std::size_t last = e.members.back(), begin = e.members.front();
  const Subject subject = subject_of(facts_, e.subject, e.fields);
  std::optional<std::size_t> end;
  double nearest = 0;
  for (const std::size_t i : candidates(until)) {
    if (i == last || facts_.same_host(last, i) != Answer::yes) continue;
    const bool one_input = facts_.event(i).first.source == facts_.event(last).first.source;
    const auto seconds = seconds_between(facts_, last, i);
    const bool later = one_input ? facts_.event(i).first.line > facts_.event(last).last.line : seconds && *seconds > 0;
    if (!later || (end && (!seconds || *seconds >= nearest))) continue;
    if (examine(until, facts_, i, subject, false).answer != Answer::yes) continue;
    end = i;
    nearest = seconds.value_or(0);
  }
  e.fields.push_back({"open", Value(!end)});
  std::optional<double> duration, least;
  if (end) duration = seconds_between(facts_, begin, *end);
  if (duration) e.fields.push_back({"duration", Value(*duration)});
  if (!until.lasts) return;
  const InputFacts* in = facts_.input(facts_.event(begin).first.source);
  if (!end && in && in->last.wall && facts_.event(begin).when.wall) {
    least = static_cast<double>(in->last.wall->micros - facts_.event(begin).when.wall->micros) / 1e6;
  }
  const bool already = least && until.lasts->has_low && !until.lasts->has_high && until.lasts->holds(*least);
  e.lasted = duration ? answer(until.lasts->holds(*duration)) : already ? Answer::yes : Answer::unknown;
}

ClueAnswer Matcher::ask_subject(const Clause& clause, const Explanation& e, std::size_t member) const {
  const Subject subject = subject_of(facts_, member, e.fields);
  ClueAnswer out;
  out.clause = &clause;
  Meeting m = examine(clause, facts_, member, subject, true);
  out.answer = m.answer;
  out.weak = m.weak;
  out.unknown = unknown_fields(m);
  out.fields = m.captures;
  out.met = std::move(m);
  return out;
}

ClueAnswer Matcher::search(const Clause& clause, const Explanation& e, std::size_t member) const {
  const Subject subject = subject_of(facts_, member, e.fields);
  Search found;
  for (const std::size_t i : candidates(clause)) {
    if (std::ranges::binary_search(e.members, i)) continue;
    const Answer host = clause.any_host ? Answer::yes : facts_.same_host(member, i);
    const Answer place = clause.near ? is_near(*clause.near, facts_, member, i) : Answer::yes;
    if (both(host, place) == Answer::no) continue;
    Meeting m = examine(clause, facts_, i, subject, false);
    const Answer all = both(m.answer, both(host, place));
    if (all == Answer::yes) {
      found.yes.push_back(std::move(m));
      if (!clause.series.active() && !clause.near && !found.yes.back().weak) break;
    } else if (m.answer == Answer::no) {
      found.keep_nearest(std::move(m));
    } else if (!found.unknown) {
      if (host == Answer::unknown) found.doubt = "it is not known whether this is of the same host";
      if (place == Answer::unknown) found.doubt = "it is not known whether this was near";
      found.unknown = std::move(m);
    }
  }
  ClueAnswer out;
  out.clause = &clause;
  const auto settle = [&](Meeting m, Answer a) {
    out.answer = a;
    out.weak = m.weak;
    out.fields = m.captures;
    if (a == Answer::unknown) out.unknown = unknown_fields(m);
    out.met = std::move(m);
  };
  if (clause.series.active() && !found.yes.empty()) {
    std::optional<Answer> best;
    for (std::vector<Meeting>& group : grouped(clause.series, facts_, std::move(found.yes))) {
      const Tally t = tally(clause.series, facts_, events_of(group), values_of(facts_, group, clause.series.count_of));
      const Answer says = reached(clause.series, t);
      if (best && says <= *best) continue;
      best = says;
      settle(std::move(group.front()), says);
      add_fields(t, facts_, out.fields);
      if (says == Answer::unknown) out.why = "the events state no time";
    }
    if (out.answer == Answer::no && found.unknown) out.answer = Answer::unknown;
    if (out.answer == Answer::no) judge_absence(clause, facts_, member, out);
    return out;
  }
  if (!found.yes.empty()) {
    const auto nearer = [&](const Meeting& a, const Meeting& b) {
      return std::pair(a.weak, distance(facts_, member, a.event)) <
             std::pair(b.weak, distance(facts_, member, b.event));
    };
    settle(std::move(*std::ranges::min_element(found.yes, nearer)), Answer::yes);
  } else if (found.unknown) {
    settle(std::move(*found.unknown), Answer::unknown);
    out.why = found.doubt;
  } else {
    judge_absence(clause, facts_, member, out);
    out.met = std::move(found.nearest);
  }
  return out;
}

// A clue of a series holds if it does for one of its events.
ClueAnswer Matcher::clue(const Clause& clause, const Explanation& e) const {
  const auto ask_for = [&](std::size_t member) {
    return clause.asks_subject() ? ask_subject(clause, e, member) : search(clause, e, member);
  };
  ClueAnswer best = ask_for(e.subject);
  const bool place_matters = clause.asks_subject() || clause.near;
  if (e.members.size() == 1 || best.answer == Answer::yes || !place_matters) return best;
  for (std::size_t n = 0; n < e.members.size(); ++n) {
    if (n >= most_members / 2 && n + most_members / 2 < e.members.size()) continue;
    if (e.members[n] == e.subject) continue;
    ClueAnswer one = ask_for(e.members[n]);
    if (one.answer > best.answer) best = std::move(one);
    if (best.answer == Answer::yes) break;
  }
  return best;
}

std::vector<Explanation> Matcher::explain(const Signature& signature, bool thorough) const {
  std::vector<Explanation> out = subjects(signature, thorough);
  for (Explanation& e : out) {
    if (e.event.answer == Answer::no && !thorough) continue;
    if (signature.affects) e.affects = stand(*signature.affects, facts_, e.subject);
    if (!thorough && e.affects && e.affects->standing == Standing::elsewhere) continue;
    if (signature.until) follow(signature, e);
    for (const Clause& clause : signature.clues) e.clues.push_back(clue(clause, e));
  }
  return out;
}

}  // namespace diag::sig
