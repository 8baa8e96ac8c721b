#include "signature/lint.h"

#include <fmt/core.h>

#include <algorithm>

#include "event/vocabulary.h"
#include "signature/explanation.h"
#include "signature/pattern_syntax.h"
#include "signature/prefilter.h"

namespace diag::sig {

namespace {

using Out = std::vector<Mistake>;

void add(const Signature& s, Place at, std::string message, Out& out) {
  out.push_back({s.file, at.line, at.column, std::move(message)});
}

bool has_anchor(const std::vector<Test>& tests) {
  return std::ranges::any_of(tests, [](const Test& t) { return t.anchor; });
}

bool has_anchor(const Clause& event) {
  const auto in_set = [](const TestSet& set) { return set.path || has_anchor(set.tests); };
  return event.path || has_anchor(event.tests) || std::ranges::any_of(event.any, in_set);
}

template <class Visit>
void each_clause(const Signature& s, Visit visit) {
  visit(s.event);
  if (s.until) visit(*s.until);
  std::ranges::for_each(s.clues, visit);
}

void lint_literals(const Signature& s, Out& out) {
  if (s.slow) return;
  each_clause(s, [&](const Clause& clause) {
    for (const JoinedPattern* p : message_patterns(clause)) {
      const auto syntax = read_pattern(p->pattern().text(), true);
      if (syntax && !syntax->literals.empty()) continue;
      add(s, clause.at,
          fmt::format("'{}' has no four bytes that every match contains, so each line of a log would be searched; say "
                      "'slow = true' in the "
                      "head if it must be so",
                      p->text()),
          out);
    }
  });
}

void lint_steps(const Signature& s, Out& out) {
  if (s.severity != Severity::critical) return;
  for (const StepText& step : s.steps) {
    if (step.check.empty())
      add(s, step.at, "a step of a critical signature says how to see that it worked: 'check' is missing", out);
    if (step.undo.empty())
      add(s, step.at, "a step of a critical signature says how to take it back: 'undo' is missing", out);
  }
}

void lint_excludes(const Signature& s, Out& out) {
  for (const Clause& c : s.clues) {
    if (c.role != Clause::Role::exclude || c.leaves != Leaves::nothing || c.if_unknown || !c.near ||
        !c.near->looks_after())
      continue;
    add(s, c.at,
        fmt::format("{} looks beyond the subject, and a log that ends there cannot show it: say what is left then with "
                    "'if_unknown', or 'leaves'",
                    c.name),
        out);
  }
}

void lint_over(const Signature& s, const SignatureSet& all, Out& out) {
  const auto ids = all.ids();
  const std::vector<std::string_view> names(ids.begin(), ids.end());
  for (std::size_t i = 0; i < s.over.size(); ++i) {
    if (std::ranges::find(ids, s.over[i]) != ids.end()) continue;
    add(s, s.over_at[i], fmt::format("'over' names no signature '{}'{}", s.over[i], suggestion(s.over[i], names)), out);
  }
}

// What only a live peer states cannot stand in a case.
bool is_probed(const Clause& c) {
  const auto probes = probe_kinds();
  return !c.kinds.any() && std::ranges::all_of(c.kinds.names, [&](const std::string& kind) {
    return std::ranges::find(probes, kind, &KindSpec::name) != probes.end();
  });
}

bool has_near(const std::set<std::string>& nears, const Clause& clause) {
  return nears.contains(clause.name) || (!clause.as.empty() && nears.contains(clause.as));
}

void collect(const std::vector<Test>& tests, const std::string& clause, std::vector<Unused>& out) {
  const auto note = [&](const Test& t, const JoinedPattern& p) {
    if (!p.pattern().matched()) out.push_back({t.at, clause, p.text()});
  };
  for (const Test& t : tests) {
    for (const Wanted& w : t.wanted) {
      if (const auto* p = std::get_if<JoinedPattern>(&w)) note(t, *p);
      if (const auto* f = std::get_if<SymbolPattern>(&w)) note(t, f->function);
    }
  }
}

void collect(const PathTest& path, const std::string& clause, std::vector<Unused>& out) {
  for (const auto& step : path.steps) {
    for (const SymbolPattern& p : step) {
      if (!p.function.pattern().matched()) out.push_back({path.at, clause, p.function.text()});
    }
  }
}

}  // namespace

void lint(const Signature& s, const SignatureSet& all, Out& out) {
  if (!has_anchor(s.event)) {
    add(s, s.event.at, "[event] tests nothing of the event's own: add its text, function, path, or a number", out);
  }
  lint_literals(s, out);
  lint_steps(s, out);
  lint_excludes(s, out);
  lint_over(s, all, out);
}

std::vector<Unused> unused_patterns(const Signature& s) {
  std::vector<Unused> out;
  each_clause(s, [&](const Clause& c) {
    if (is_probed(c)) return;
    collect(c.tests, c.name, out);
    for (const auto* sets : {&c.any, &c.none}) {
      for (const TestSet& set : *sets) {
        collect(set.tests, c.name, out);
        if (set.path) collect(*set.path, c.name, out);
      }
    }
    if (c.path) collect(*c.path, c.name, out);
  });
  return out;
}

void lint_cases(const Signature& s, const Exercise& exercise, Out& out) {
  if (!exercise.hits.contains(s.id)) add(s, {}, "no case hits it: write one that says EXPECT: " + s.id, out);
  const auto at = exercise.nears.find(s.id);
  const std::set<std::string> nears = at == exercise.nears.end() ? std::set<std::string>() : at->second;
  const auto demand = [&](Place place, const std::string& clause) {
    add(s, place, fmt::format("no near miss for {}: write a case that says NEAR: {} {}", clause, s.id, clause), out);
  };
  const bool of_event =
      std::ranges::any_of(nears, [](const std::string& n) { return n.starts_with("event.") || n == "until"; });
  const std::string some = s.event.tests.empty() ? s.event.path ? "path" : "any" : s.event.tests.front().field;
  if (!of_event) demand(s.event.at, "event." + some);
  if (s.affects && !nears.contains("affects")) demand(s.affects->at, "affects");
  for (const Clause& c : s.clues) {
    const bool decides = c.makes || c.role == Clause::Role::exclude;
    if (!decides || is_probed(c) || has_near(nears, c)) continue;
    const bool other = !c.either.empty() && std::ranges::any_of(s.clues, [&](const Clause& o) {
      return o.either == c.either && has_near(nears, o);
    });
    if (!other) demand(c.at, c.name);
  }
  for (const Unused& u : unused_patterns(s))
    add(s, u.at, fmt::format("no case exercises '{}' of {}", u.pattern, u.clause), out);
}

}  // namespace diag::sig
