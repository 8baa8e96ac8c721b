#include "signature/clause.h"

#include <fmt/core.h>

#include <algorithm>

#include "diag/kernel_report.h"
#include "event/vocabulary.h"
#include "signature/facts_index.h"

namespace diag::sig {

namespace {

bool is_kind_missing(const Event& e) {
  if (e.kind != "oops") return false;
  const auto says_kind = [](const auto& list) { return std::ranges::find(list, "kind") != list.end(); };
  if (e.kernel && says_kind(e.kernel->missing)) return true;
  const auto* missing = e.get<List>("missing");
  return missing != nullptr && says_kind(*missing);
}

bool names_kind(const std::vector<std::string>& names, std::string_view kind) {
  return std::ranges::find(names, kind) != names.end();
}

// Asks the conditions of one event in turn.
class Examination {
 public:
  Examination(const FactsIndex& facts, std::size_t event, const Subject& subject, bool thorough)
      : facts_(facts), subject_(subject), thorough_(thorough) {
    meeting_.event = event;
    meeting_.answer = Answer::yes;
  }

  Meeting run(const Clause& clause) {
    if (!clause.kinds.any() && !take(kind_part(clause.kinds))) return std::move(meeting_);
    // Patterns first: the fields they capture may be tested too.
    for (const bool captured : {false, true}) {
      for (const Test& test : clause.tests) {
        if (test.captured == captured && !take(test_part(test, meeting_.captures))) return std::move(meeting_);
      }
    }
    if (!clause.any.empty() && !take(any_part(clause.any))) return std::move(meeting_);
    if (!clause.none.empty() && !take(none_part(clause.none))) return std::move(meeting_);
    if (clause.path) take(path_part(*clause.path));
    return std::move(meeting_);
  }

 private:
  // False: there is no need to go on.
  bool take(Part part) {
    meeting_.answer = both(meeting_.answer, part.answer);
    meeting_.anchored = meeting_.anchored || (part.anchor && part.answer == Answer::yes);
    meeting_.parts.push_back(std::move(part));
    return thorough_ || meeting_.answer != Answer::no;
  }

  const Event& event() const { return facts_.event(meeting_.event); }

  Part kind_part(const Kinds& kinds) const {
    Part part{"kind", kinds.has(event()), false, event().first.line, event().kind, {}};
    if (part.answer == Answer::unknown) part.unknown.emplace_back("kind");
    return part;
  }

  Part test_part(const Test& test, Captures& captures) const {
    const EventView view(facts_, meeting_.event, &captures);
    TestResult result = ask(test, view, subject_);
    Part part{test.field, result.answer, test.anchor, result.line, "", {}};
    if (const Stated stated = view.find(test.field)) part.seen = show(stated.value());
    if (result.answer == Answer::unknown) {
      // A kind that never states such a field does not differ by accident: it is another thing.
      if (!result.stated && never_states(test))
        part.answer = Answer::no;
      else
        part.unknown.push_back(test.field);
    }
    if (result.answer == Answer::yes) std::ranges::move(result.captures, std::back_inserter(captures));
    return part;
  }

  bool never_states(const Test& test) const {
    if (test.captured || is_kind_missing(event()) || find_kind(event().kind) == nullptr) return false;
    return find_field(event().kind, test.field) == nullptr;
  }

  // All tests of a set; what holds tells where.
  Part set_part(const TestSet& set, Captures& captures) {
    Part whole{"", Answer::yes, false, 0, "", {}};
    const auto add = [&](Part part) {
      whole.answer = both(whole.answer, part.answer);
      if (part.answer == Answer::yes) {
        whole.anchor = whole.anchor || part.anchor;
        if (whole.line == 0) whole.line = part.line;
      }
      if (!part.seen.empty()) whole.seen += (whole.seen.empty() ? "" : ", ") + part.name + " " + part.seen;
      std::ranges::move(part.unknown, std::back_inserter(whole.unknown));
    };
    if (!set.kinds.any()) add(kind_part(set.kinds));
    for (const Test& test : set.tests) add(test_part(test, captures));
    if (set.path) add(path_part(*set.path));
    if (whole.answer == Answer::no) whole.unknown.clear();
    return whole;
  }

  Part any_part(const std::vector<TestSet>& sets) {
    Part whole{"any", Answer::no, false, 0, "", {}};
    for (const TestSet& set : sets) {
      const bool weak = meeting_.weak;
      Captures captures = meeting_.captures;
      Part part = set_part(set, captures);
      if (part.answer != Answer::yes) meeting_.weak = weak;
      if (part.answer > whole.answer) whole.line = part.line;
      whole.answer = either(whole.answer, part.answer);
      whole.anchor = whole.anchor || (part.anchor && part.answer == Answer::yes);
      if (!part.seen.empty()) whole.seen += (whole.seen.empty() ? "" : "; ") + part.seen;
      if (part.answer == Answer::unknown) std::ranges::move(part.unknown, std::back_inserter(whole.unknown));
      if (part.answer != Answer::yes) continue;
      meeting_.captures = std::move(captures);
      if (!thorough_) break;
    }
    if (whole.answer != Answer::unknown) whole.unknown.clear();
    return whole;
  }

  Part none_part(const std::vector<TestSet>& sets) {
    const bool weak = meeting_.weak;
    Captures captures = meeting_.captures;
    Part whole{"none", Answer::no, false, 0, "", {}};
    for (const TestSet& set : sets) {
      Part part = set_part(set, captures);
      whole.answer = either(whole.answer, part.answer);
      if (!part.seen.empty()) whole.seen += (whole.seen.empty() ? "" : "; ") + part.seen;
      if (part.answer == Answer::unknown) std::ranges::move(part.unknown, std::back_inserter(whole.unknown));
    }
    whole.answer = opposite(whole.answer);
    if (whole.answer != Answer::unknown) whole.unknown.clear();
    meeting_.weak = weak;
    return whole;
  }

  Part path_part(const PathTest& path) {
    const EventView view(facts_, meeting_.event, &meeting_.captures);
    PathResult result = find_path(path, view, subject_);
    Part part{"path", result.answer, true, result.lines.empty() ? 0 : result.lines.front(), "", {}};
    for (const std::string& frame : result.frames) part.seen += (part.seen.empty() ? "" : ", ") + frame;
    if (result.answer == Answer::unknown) part.unknown.emplace_back("frames");
    if (result.answer == Answer::no)
      part.seen = fmt::format("{} of {} steps met", result.steps_met, path.steps.size() * path.repeats);
    if (result.answer == Answer::yes) meeting_.weak = meeting_.weak || result.weak;
    if (result.answer == Answer::yes || !meeting_.path) meeting_.path = std::move(result);
    return part;
  }

  const FactsIndex& facts_;
  const Subject& subject_;
  bool thorough_;
  Meeting meeting_;
};

}  // namespace

Answer Kinds::has(const Event& e) const {
  const auto faults = class_members("fault");
  if (!is_kind_missing(e)) return answer(names_kind(names, e.kind));
  const auto listed = std::ranges::count_if(faults, [&](std::string_view f) { return names_kind(names, f); });
  if (listed == std::ssize(faults)) return Answer::yes;
  return listed > 0 ? Answer::unknown : Answer::no;
}

Meeting examine(const Clause& clause, const FactsIndex& facts, std::size_t event, const Subject& subject,
                bool thorough) {
  return Examination(facts, event, subject, thorough).run(clause);
}

namespace {

void join(std::string& out, std::string_view with, const std::string& more) {
  if (more.empty()) return;
  if (!out.empty()) out += with;
  out += more;
}

std::string in_words(const PathTest& path) {
  std::string out;
  for (const auto& step : path.steps) {
    std::string one;
    for (const SymbolPattern& p : step) {
      join(one, "|", (p.module ? p.module->text() + ':' : "") + p.function.text());
    }
    join(out, " < ", one);
  }
  return "called through " + out;
}

std::string in_words(const std::vector<Test>& tests) {
  std::string out;
  for (const Test& t : tests) join(out, ", ", in_words(t));
  return out;
}

std::string in_words(const std::vector<TestSet>& sets) {
  std::string out;
  for (const TestSet& set : sets) {
    std::string one;
    for (const std::string& kind : set.kinds.written) join(one, " or ", kind);
    join(one, " and ", in_words(set.tests));
    if (set.path) join(one, " and ", in_words(*set.path));
    join(out, "; or ", one);
  }
  return out;
}

}  // namespace

std::string tests_in_words(const Clause& clause) {
  std::string out = in_words(clause.tests);
  join(out, ", ", in_words(clause.any));
  if (!clause.none.empty()) join(out, ", ", "not " + in_words(clause.none));
  if (clause.path) join(out, ", ", in_words(*clause.path));
  return out;
}

std::string in_words(const Clause& clause) {
  std::string out;
  for (const std::string& kind : clause.kinds.written) join(out, " or ", kind);
  const std::string tests = tests_in_words(clause);
  if (out.empty() || tests.empty()) return out + tests;
  return out + " (" + tests + ")";
}

}  // namespace diag::sig
