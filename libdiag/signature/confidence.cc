// The rules of confidence: docs/writing-signatures.md, "How sure a finding is".
#include <fmt/core.h>

#include <algorithm>

#include "signature/explanation.h"
#include "signature/facts_index.h"

namespace diag::sig {

namespace {

// Clues with the same `either` stand for each other: one yes is a yes for all of them.
Answer effective(const Explanation& e, const ClueAnswer& clue) {
  if (clue.clause->either.empty()) return clue.answer;
  Answer out = clue.answer;
  for (const ClueAnswer& other : e.clues) {
    if (other.clause->either == clue.clause->either) out = either(out, other.answer);
  }
  return out;
}

bool is_exclude(const ClueAnswer& c) { return c.clause->role == Clause::Role::exclude; }
bool is_support(const ClueAnswer& c) { return c.clause->role == Clause::Role::support; }

// Cutting off a piece of the subject's own text must not raise a finding.
bool looks_at_same_input(const Clause& clause) { return clause.asks_subject() || clause.near; }

Confidence level_of(Leaves l) { return l == Leaves::likely ? Confidence::likely : Confidence::possible; }

class Judge {
 public:
  explicit Judge(const Explanation& e) : e_(e), s_(*e.signature) {}

  Judgement run() {
    if (const std::string why = refused(); !why.empty()) {
      say("no finding: " + why);
      return std::move(out_);
    }
    level_ = s_.confidence;
    say(fmt::format("[event] alone: {}", to_string(level_)));
    for (const Confidence c : {Confidence::likely, Confidence::certain}) rise(c);
    cap_by_event();
    cap_by_affects();
    for (const ClueAnswer& clue : e_.clues) cap_by(clue);
    out_.level = level_;
    return std::move(out_);
  }

 private:
  void say(std::string rule) { out_.rules.push_back(std::move(rule)); }

  std::string refused() const {
    for (const Part& part : e_.event.parts) {
      if (part.answer == Answer::no) return fmt::format("event.{} says no", part.name);
    }
    if (e_.reached == Answer::no) return "event.count is not reached";
    if (e_.lasted == Answer::no) return "until.lasts says no";
    if (!e_.event.anchored) return "nothing of the event's own (text, function, path, number) says yes";
    if (e_.affects && e_.affects->standing == Standing::elsewhere) return "affects says elsewhere";
    for (const ClueAnswer& clue : e_.clues) {
      if (is_exclude(clue) && clue.clause->leaves == Leaves::nothing && effective(e_, clue) == Answer::yes) {
        return clue.clause->name + " says yes";
      }
    }
    return {};
  }

  void rise(Confidence to) {
    std::string names;
    bool all = true, any = false;
    for (const ClueAnswer& clue : e_.clues) {
      if (!is_support(clue) || clue.clause->makes != to) continue;
      any = true;
      const Answer says = effective(e_, clue);
      all = all && says == Answer::yes;
      if (says != Answer::yes)
        names += fmt::format("{}{} says {}", names.empty() ? "" : ", ", clue.clause->name, to_string(says));
      weak_ = weak_ || (to > level_ && says == Answer::yes && clue.weak);
    }
    if (!any) return;
    if (!all) return say(fmt::format("not raised to {}: {}", to_string(to), names));
    if (to <= level_) return;
    level_ = to;
    say(fmt::format("raised to {}: all that makes it says yes", to_string(to)));
  }

  void cap(Confidence to, const std::string& why) {
    if (level_ <= to) return;
    level_ = to;
    say(fmt::format("at most {}: {}", to_string(to), why));
  }

  void cap_by_event() {
    if (e_.event.weak || weak_) cap(Confidence::likely, "the path holds only with frames marked '?'");
    for (const Part& part : e_.event.parts) {
      if (part.answer == Answer::unknown) cap(Confidence::likely, fmt::format("event.{} is unknown", part.name));
    }
    if (e_.reached == Answer::unknown) cap(Confidence::likely, "event.count is unknown");
    if (e_.lasted == Answer::unknown) cap(Confidence::likely, "until.lasts is unknown");
  }

  void cap_by_affects() {
    if (!e_.affects) return;
    if (e_.affects->standing == Standing::unknown) cap(Confidence::likely, "affects is unknown");
    if (e_.affects->standing == Standing::outside) cap(Confidence::possible, "affects says outside");
  }

  void cap_by(const ClueAnswer& clue) {
    const Clause& clause = *clue.clause;
    const Answer says = effective(e_, clue);
    if (is_exclude(clue) && says == Answer::yes && clause.leaves != Leaves::nothing) {
      cap(level_of(clause.leaves), clause.name + " says yes");
    }
    if (says != Answer::unknown) return;
    if (clause.if_unknown) cap(*clause.if_unknown, clause.name + " is unknown");
    if (!is_exclude(clue) || !looks_at_same_input(clause)) return;
    cap(clause.leaves == Leaves::nothing ? Confidence::likely : level_of(clause.leaves),
        clause.name + " is unknown, and looks at the same input");
  }

  const Explanation& e_;
  const Signature& s_;
  Judgement out_;
  Confidence level_ = Confidence::possible;
  bool weak_ = false;
};

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  std::vector<std::string_view> seen;
  for (const std::string& w : words) {
    if (std::ranges::find(seen, w) != seen.end()) continue;
    seen.push_back(w);
    out += (out.empty() ? "" : ", ") + w;
  }
  return out;
}

// Whether the other answer of an unknown clue could make a difference.
bool matters(const Explanation& e, const ClueAnswer& clue, Confidence level) {
  const Clause& clause = *clue.clause;
  if (clue.answer != Answer::unknown || effective(e, clue) == Answer::yes) return false;
  if (is_exclude(clue))
    return clause.leaves == Leaves::nothing || level > level_of(clause.leaves) || !clause.ask.empty();
  if (clause.makes && *clause.makes > level) return true;
  return !clause.ask.empty() && !(clause.makes && *clause.makes <= level);
}

std::string with_ask(std::string what, const std::string& ask) { return ask.empty() ? what : what + ": " + ask; }

constexpr std::size_t longest_words = 160;

std::string shortened(std::string words) {
  if (words.size() > longest_words) words = words.substr(0, longest_words - 3) + "...";
  return words;
}

std::string unknown_clue(const ClueAnswer& clue) {
  const Clause& clause = *clue.clause;
  if (clause.asks_subject()) return with_ask("not stated: " + joined(clue.unknown), clause.ask);
  if (clue.why.starts_with("no ") && !clause.ask.empty()) return with_ask(clue.why, clause.ask);
  std::string what = shortened(in_words(clause));
  if (clause.near) what += ", " + clause.near->written;
  if (clue.why.starts_with("no ")) return fmt::format("{} ({})", clue.why, shortened(tests_in_words(clause)));
  const std::string why = clue.unknown.empty() ? clue.why : joined(clue.unknown) + " is not stated";
  return with_ask(why.empty() ? what : fmt::format("{} ({})", what, why), clause.ask);
}

Part* part_of(Explanation& e, std::string_view name) {
  const auto at = std::ranges::find(e.event.parts, name, &Part::name);
  return at == e.event.parts.end() ? nullptr : &*at;
}

// Turns the refusing answer of that clause round; false: it does not refuse.
bool turn(Explanation& e, std::string_view name) {
  if (name == "affects") {
    const bool refusing =
        e.affects && (e.affects->standing == Standing::outside || e.affects->standing == Standing::elsewhere);
    if (refusing) e.affects->standing = Standing::inside;
    return refusing;
  }
  if (name == "event.count" || name == "until") {
    Answer& a = name == "until" ? e.lasted : e.reached;
    const bool refusing = a == Answer::no;
    a = Answer::yes;
    return refusing;
  }
  if (name.starts_with("event.")) {
    Part* part = part_of(e, name.substr(6));
    if (part == nullptr || part->answer != Answer::no) return false;
    part->answer = Answer::yes;
    e.event.anchored = e.event.anchored || part->anchor;
    return true;
  }
  bool refusing = false;
  for (ClueAnswer& clue : e.clues) {
    if (clue.clause->name != name && clue.clause->as != name) continue;
    const Answer wanted = is_exclude(clue) ? Answer::yes : Answer::no;
    refusing = refusing || clue.answer == wanted;
    if (clue.answer == wanted) clue.answer = opposite(wanted);
  }
  return refusing;
}

}  // namespace

Judgement judge(const Explanation& e) { return Judge(e).run(); }

std::vector<std::string> not_checked(const Explanation& e, Confidence level) {
  std::vector<std::string> out;
  const Signature& s = *e.signature;
  std::vector<std::string> fields;
  for (const Part& part : e.event.parts) {
    if (part.answer == Answer::unknown) std::ranges::copy(part.unknown, std::back_inserter(fields));
  }
  if (!fields.empty()) out.push_back(with_ask("not stated by the event: " + joined(fields), s.event.ask));
  if (e.event.weak) out.emplace_back("the path holds only with frames that the trace marks with '?'");
  if (e.reached == Answer::unknown) out.emplace_back("how many within the window: the events state no time");
  if (e.lasted == Answer::unknown) out.push_back(with_ask("how long it lasted: its end was not seen", s.until->ask));
  if (e.affects && e.affects->standing == Standing::unknown) out.push_back(with_ask(e.affects->note, s.affects->ask));
  for (const ClueAnswer& clue : e.clues) {
    if (matters(e, clue, level)) out.push_back(unknown_clue(clue));
  }
  if (e.more) out.emplace_back("further events like this one were left out");
  return out;
}

bool refuses(const Explanation& e, std::string_view clause) {
  Explanation turned = e;
  if (!turn(turned, clause)) return false;
  const auto before = judge(e).level, after = judge(turned).level;
  return after && (!before || *after > *before);
}

std::vector<std::string> clause_names(const Signature& s) {
  std::vector<std::string> out;
  if (s.affects) out.emplace_back("affects");
  const Clause& event = s.event;
  out.emplace_back("event.kind");
  for (const Test& t : event.tests) out.push_back("event." + t.field);
  if (!event.any.empty()) out.emplace_back("event.any");
  if (!event.none.empty()) out.emplace_back("event.none");
  if (event.path) out.emplace_back("event.path");
  if (event.series.count) out.emplace_back("event.count");
  if (s.until) out.emplace_back("until");
  for (const Clause& clue : s.clues) out.push_back(clue.name);
  return out;
}

bool has_clause(const Signature& s, std::string_view name) {
  const auto names = clause_names(s);
  return std::ranges::find(names, name) != names.end() || s.named(name) != nullptr;
}

}  // namespace diag::sig
