#include "signature/draft.h"

#include <fmt/core.h>

#include <algorithm>

namespace diag::sig {

namespace {

constexpr std::size_t most_events = 64;  // listed in a finding

const ClueAnswer* named(const Explanation& e, std::string_view as) {
  const auto at = std::ranges::find_if(e.clues, [&](const ClueAnswer& c) { return c.clause->as == as; });
  return as.empty() || at == e.clues.end() ? nullptr : &*at;
}

// The value of "field" of one event, with what was captured and counted.
std::optional<std::string> value_of(const FactsIndex& facts, std::size_t event, const Captures& fields,
                                    std::string_view field) {
  const Event& e = facts.event(event);
  if (field == "quote") return e.lines.empty() ? std::nullopt : std::optional(e.lines.front().text);
  if (field == "kind") return e.kind;
  if (field == "title") return e.title;
  const EventView view(facts, event, &fields);
  const Stated stated = view.find(field);
  if (!stated) return std::nullopt;
  std::string text = show(stated.value());
  return field == "count" && view.find("count.at_least") ? "at least " + text : text;
}

class Writer {
 public:
  Writer(const Explanation& e, const FactsIndex& facts) : e_(e), facts_(facts), s_(*e.signature) {}

  Finding write(Confidence level) {
    Finding f;
    f.signature = s_.id;
    f.code = s_.code;
    f.title = prose(s_.title);
    f.severity = s_.severity;
    f.confidence = level;
    f.summary = prose(s_.summary);
    f.references = s_.references;
    f.unverified = s_.unverified;
    f.gap = s_.gap;
    choose_variant(f);
    add_event_evidence(f);
    for (const ClueAnswer& clue : e_.clues) add_clue_evidence(clue, f);
    add_events(f);
    for (const StepText& step : s_.steps) add_step(step, f);
    if (e_.affects && s_.affects->about_kernel()) f.kernel = kernel_state();
    f.not_checked = not_checked(e_, level);
    return f;
  }

 private:
  std::optional<std::string> insert(std::string_view field, const ClueAnswer* own) const {
    if (own && own->met) {
      if (auto value = value_of(facts_, own->met->event, own->fields, field)) return value;
    }
    if (const auto dot = field.find('.'); dot != field.npos) {
      const std::string_view rest = field.substr(dot + 1);
      if (const ClueAnswer* clue = named(e_, field.substr(0, dot))) {
        return clue->answer == Answer::yes && clue->met ? value_of(facts_, clue->met->event, clue->fields, rest)
                                                        : std::nullopt;
      }
    }
    return value_of(facts_, e_.subject, e_.fields, field);
  }

  std::string text(const Template& t, Template::Use use, const ClueAnswer* own = nullptr) const {
    return t.render([&](std::string_view field) { return insert(field, own); }, s_.words, use);
  }
  std::string prose(const Template& t, const ClueAnswer* own = nullptr) const {
    return text(t, Template::Use::prose, own);
  }
  std::string command(const Template& t) const { return text(t, Template::Use::command); }

  // ---- when

  Answer holds(const Condition& c) const {
    if (c.clause.empty()) return ask(c.test, EventView(facts_, e_.subject, &e_.fields), Subject()).answer;
    const ClueAnswer* clue = named(e_, c.clause);
    if (clue == nullptr || clue->answer != Answer::yes || !clue->met) return Answer::unknown;
    return ask(c.test, EventView(facts_, clue->met->event, &clue->fields), Subject()).answer;
  }

  Answer holds(const std::vector<Condition>& when) const {
    Answer all = Answer::yes;
    for (const Condition& c : when) all = both(all, holds(c));
    return all;
  }

  // The conditions that are not known, in words.
  std::string undecided(const std::vector<Condition>& when) const {
    std::string out;
    for (const Condition& c : when) {
      if (holds(c) != Answer::unknown) continue;
      out += (out.empty() ? "" : " and ") + (c.clause.empty() ? "" : c.clause + '.') + in_words(c.test);
    }
    return out;
  }

  void choose_variant(Finding& f) const {
    const auto v = std::ranges::find_if(s_.variants, [&](const Variant& x) { return holds(x.when) == Answer::yes; });
    if (v == s_.variants.end()) return;
    if (!v->title.empty()) f.title = prose(v->title);
    if (!v->summary.empty()) f.summary = prose(v->summary);
    if (v->severity) f.severity = *v->severity;
    if (!v->unverified.empty()) f.unverified = v->unverified;
  }

  void add_step(const StepText& step, Finding& f) const {
    const Answer applies = holds(step.when);
    if (applies == Answer::no) return;
    f.steps.push_back({command(step.instruction), command(step.check), command(step.undo), step.risk,
                       undecided(step.when), step.unverified});
  }

  // ---- evidence

  static void add(Finding& f, const Event& e, std::uint64_t first, std::uint64_t last, std::string because) {
    if (first == 0) {
      first = e.first.line;
      last = e.last.line;
    }
    const Quote* quote = e.quote(first);
    if (quote == nullptr && !e.lines.empty()) quote = &e.lines.front();
    f.evidence.push_back(
        {e.first.source, first, std::max(first, last), 0, quote ? quote->text : std::string(), std::move(because)});
  }

  // Where the clause's sentence is stated: the first thing of the event's own that said yes in one place.
  static std::uint64_t telling_line(const Meeting& m) {
    const auto tells = [&](bool anchor) {
      const auto at = std::ranges::find_if(m.parts, [&](const Part& p) {
        return p.answer == Answer::yes && p.line != 0 && p.name != "path" && p.name != "kind" && (p.anchor || !anchor);
      });
      return at == m.parts.end() ? 0 : at->line;
    };
    const std::uint64_t line = tells(true);
    return line ? line : tells(false);
  }

  // The sentence with its line; and the frames of a path, which are other lines.
  void add_meeting(const Meeting& m, const std::string& because, Finding& f) const {
    const Event& e = facts_.event(m.event);
    const bool has_path = m.path && m.path->answer == Answer::yes && !m.path->lines.empty();
    const std::uint64_t line = telling_line(m);
    if (!has_path) return add(f, e, line, line, because);
    const auto [first, last] = std::ranges::minmax(m.path->lines);
    if (line == 0 || (line >= first && line <= last)) return add(f, e, first, last, because);
    add(f, e, line, line, because);
    std::string frames;
    for (const std::string& name : m.path->frames) frames += (frames.empty() ? "" : ", ") + name;
    add(f, e, first, last, "called through " + frames);
  }

  void add_event_evidence(Finding& f) const { add_meeting(e_.event, prose(s_.event.because), f); }

  void add_clue_evidence(const ClueAnswer& clue, Finding& f) const {
    if (clue.answer != Answer::yes || !clue.met) return;
    add_meeting(*clue.met, prose(clue.clause->because, &clue), f);
    if (!clue.clause->unverified.empty())
      f.evidence.back().because += fmt::format(" (unverified: {})", clue.clause->unverified);
  }

  void add_events(Finding& f) const {
    const auto add_one = [&](std::size_t i) {
      if (f.events.size() < most_events && std::ranges::find(f.events, i) == f.events.end()) f.events.push_back(i);
    };
    add_one(e_.subject);
    for (const ClueAnswer& clue : e_.clues) {
      if (clue.answer == Answer::yes && clue.met) add_one(clue.met->event);
    }
    std::ranges::for_each(e_.members, add_one);
  }

  KernelState kernel_state() const {
    using State = KernelState::State;
    const Standing s = e_.affects->standing;
    const State state = s == Standing::inside    ? State::inside
                        : s == Standing::outside ? State::outside
                                                 : State::unknown;
    return {state, e_.affects->release, s_.affects->fixed, e_.affects->note};
  }

  const Explanation& e_;
  const FactsIndex& facts_;
  const Signature& s_;
};

}  // namespace

Draft draft(Explanation e, const FactsIndex& facts, Confidence level) {
  Finding finding = Writer(e, facts).write(level);
  return {std::move(finding), std::move(e)};
}

}  // namespace diag::sig
