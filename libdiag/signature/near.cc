#include "signature/near.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "signature/facts_index.h"
#include "signature/test.h"

namespace diag::sig {

namespace {

using Window = Near::Window;
using Unit = Window::Unit;

constexpr std::string_view forms = "write \"500 lines before\", \"60 s after\", \"10 min around\" or \"same incident\"";

std::optional<Window> read_window(std::string_view text, Place at, Mistakes& mistakes) {
  text = trim(text);
  if (text == "same incident") return Window{Unit::incident, 0, Side::around};
  const auto refuse = [&] {
    mistakes.add(at, fmt::format("'{}' is no place near the subject; {}", text, forms));
    return std::nullopt;
  };
  const auto blank = text.rfind(' ');
  if (blank == text.npos) return refuse();
  constexpr std::array<std::string_view, 3> sides = {"before", "after", "around"};
  const auto side = std::ranges::find(sides, text.substr(blank + 1));
  if (side == sides.end()) return refuse();
  Window out{Unit::seconds, 0, static_cast<Side>(side - sides.begin())};
  std::string_view amount = trim(text.substr(0, blank));
  for (const std::string_view word : {" lines", " line"}) {
    if (!amount.ends_with(word)) continue;
    amount.remove_suffix(word.size());
    out.unit = Unit::lines;
    break;
  }
  const auto quantity = read_quantity(amount);
  const bool is_time =
      quantity && !quantity->unit.empty() && quantity->unit.find('B') == std::string::npos && quantity->unit != "%";
  if (!quantity || quantity->number <= 0 || (out.unit == Unit::seconds) != is_time) return refuse();
  out.amount = quantity->number;
  return out;
}

bool has_stamp(const Event& e) { return e.when.uptime || e.when.wall; }

// A file without time: what it states holds for the whole run.
bool is_timeless(const FactsIndex& facts, const Event& e) {
  const InputFacts* in = facts.input(e.first.source);
  return !has_stamp(e) && (in == nullptr || !in->log);
}

// Lines of `other` behind the subject's last one, negative in front of its first, 0 within.
double lines_between(const Event& subject, const Event& other) {
  if (other.first.line > subject.last.line) return static_cast<double>(other.first.line - subject.last.line);
  if (other.last.line < subject.first.line) return -static_cast<double>(subject.first.line - other.last.line);
  return 0;
}

bool on_side(Side side, double distance, double amount) {
  if (side == Side::after) return distance > 0 && distance <= amount;
  if (side == Side::before) return distance < 0 && distance >= -amount;
  return distance >= -amount && distance <= amount;
}

Answer by_seconds(const Window& window, const FactsIndex& facts, std::size_t subject, std::size_t other) {
  const Event &s = facts.event(subject), &o = facts.event(other);
  const bool one_input = s.first.source == o.first.source;
  // Within one input the lines tell the order, also within one second.
  if (one_input) {
    const double lines = lines_between(s, o);
    if (window.side == Side::after && lines <= 0) return Answer::no;
    if (window.side == Side::before && lines >= 0) return Answer::no;
  }
  const auto seconds = seconds_between(facts, subject, other);
  if (!seconds) return Answer::unknown;
  const double apart = one_input || window.side == Side::around ? std::abs(*seconds)
                       : window.side == Side::after             ? *seconds
                                                                : -*seconds;
  return answer(apart >= 0 && apart <= window.amount);
}

// Which of the two windows counts, judged by the subject.
const Window& chosen(const Near& near, const Event& subject) {
  return near.otherwise && !has_stamp(subject) ? *near.otherwise : near.first;
}

Answer within(const Window& window, const FactsIndex& facts, std::size_t subject, std::size_t other) {
  const Event &s = facts.event(subject), &o = facts.event(other);
  switch (window.unit) {
    case Unit::lines:
      return answer(s.first.source == o.first.source && on_side(window.side, lines_between(s, o), window.amount));
    case Unit::seconds:
      return by_seconds(window, facts, subject, other);
    case Unit::incident: {
      const LineSpan span = facts.incident(subject);
      return answer(span.source == o.first.source && o.first.line >= span.first && o.first.line <= span.last);
    }
  }
  return Answer::unknown;
}

// ---- coverage

bool covers_lines(const Window& window, const FactsIndex& facts, const Event& subject, std::string_view kind) {
  const InputFacts* in = facts.input(subject.first.source);
  if (in == nullptr || !FactsIndex::lists(*in, kind)) return false;
  const auto reach = static_cast<double>(subject.first.line) - window.amount;
  const bool before = window.side == Side::after || reach >= 1;
  const bool after = window.side == Side::before ||
                     static_cast<double>(subject.last.line) + window.amount <= static_cast<double>(in->lines);
  return before && after;
}

bool covers_incident(const FactsIndex& facts, std::size_t subject, std::string_view kind) {
  const LineSpan span = facts.incident(subject);
  const InputFacts* in = facts.input(span.source);
  return in != nullptr && FactsIndex::lists(*in, kind) && span.last < in->lines;
}

bool alike(const Timestamp& a, const Timestamp& b) {
  return a.year_known == b.year_known && a.zone_known == b.zone_known;
}

// Whether a log's stamps reach over [t - before, t + after].
bool spans_wall(const InputFacts& in, const Timestamp& t, double before, double after) {
  if (!in.first.wall || !in.last.wall || !alike(*in.first.wall, t) || !alike(*in.last.wall, t)) return false;
  const auto micros = static_cast<double>(t.micros);
  return static_cast<double>(in.first.wall->micros) <= micros - before * 1e6 &&
         static_cast<double>(in.last.wall->micros) >= micros + after * 1e6;
}

bool spans_uptime(const InputFacts& in, double uptime, double before, double after) {
  return in.first.uptime && in.last.uptime && *in.first.uptime <= std::max(0.0, uptime - before) &&
         *in.last.uptime >= uptime + after;
}

bool covers_seconds(const Window& window, const FactsIndex& facts, std::size_t subject, std::string_view kind,
                    bool any_host) {
  const Event& s = facts.event(subject);
  const double before = window.side == Side::after ? 0 : window.amount;
  const double after = window.side == Side::before ? 0 : window.amount;
  return std::ranges::any_of(facts.facts().inputs, [&](const InputFacts& in) {
    if (!FactsIndex::lists(in, kind) || (!any_host && facts.input_of_host(in, subject) != Answer::yes)) return false;
    if (!in.log) return true;
    if (s.when.wall && spans_wall(in, *s.when.wall, before, after)) return true;
    if (in.id != s.first.source) return false;
    // A start of the host ends what its uptime counts: all that came before it is in the log.
    const std::uint64_t boot = facts.boot_after(in.id, s.last.line + 1);
    if (s.when.uptime && spans_uptime(in, *s.when.uptime, before, boot ? 0 : after)) return true;
    return boot != 0 && window.side == Side::after && s.when.uptime && !s.when.wall;
  });
}

}  // namespace

std::optional<Near> read_near(const std::string& text, Place at, Mistakes& mistakes) {
  Near near;
  near.written = text;
  constexpr std::string_view either = ", or ";
  const auto comma = text.find(either);
  const auto first = read_window(std::string_view(text).substr(0, comma), at, mistakes);
  if (!first) return std::nullopt;
  near.first = *first;
  if (comma == text.npos) return near;
  near.otherwise = read_window(std::string_view(text).substr(comma + either.size()), at, mistakes);
  if (!near.otherwise) return std::nullopt;
  if (near.first.unit != Unit::seconds || near.otherwise->unit == Unit::seconds) {
    mistakes.add(at,
                 "the first place is for texts with stamps, so it counts seconds, and the second is for those without");
    return std::nullopt;
  }
  return near;
}

bool Near::looks_after() const {
  const auto reaches = [](const Window& w) { return w.unit != Window::Unit::incident && w.side != Side::before; };
  return reaches(first) || (otherwise && reaches(*otherwise));
}

Answer is_near(const Near& near, const FactsIndex& facts, std::size_t subject, std::size_t other) {
  if (is_timeless(facts, facts.event(other))) return Answer::yes;
  const Answer first = within(chosen(near, facts.event(subject)), facts, subject, other);
  if (first != Answer::unknown || !near.otherwise) return first;
  return facts.event(subject).first.source == facts.event(other).first.source
             ? within(*near.otherwise, facts, subject, other)
             : first;
}

bool covers(const Near& near, const FactsIndex& facts, std::size_t subject, std::string_view kind, bool any_host) {
  const Event& s = facts.event(subject);
  const Window& window = chosen(near, s);
  switch (window.unit) {
    case Unit::lines:
      return covers_lines(window, facts, s, kind);
    case Unit::seconds:
      return covers_seconds(window, facts, subject, kind, any_host);
    case Unit::incident:
      return covers_incident(facts, subject, kind);
  }
  return false;
}

bool covers(const FactsIndex& facts, std::size_t subject, std::string_view kind, bool any_host) {
  return std::ranges::any_of(facts.facts().inputs, [&](const InputFacts& in) {
    return FactsIndex::lists(in, kind) && (any_host || facts.input_of_host(in, subject) == Answer::yes);
  });
}

std::optional<double> seconds_between(const FactsIndex& facts, std::size_t from, std::size_t to) {
  const Event &a = facts.event(from), &b = facts.event(to);
  if (a.when.uptime && b.when.uptime && facts.same_boot(from, to)) return *b.when.uptime - *a.when.uptime;
  if (!a.when.wall || !b.when.wall || !alike(*a.when.wall, *b.when.wall)) return std::nullopt;
  double seconds = static_cast<double>(b.when.wall->micros - a.when.wall->micros) / 1e6;
  if (a.when.wall->year_known) return seconds;
  // Without a year the shorter way round is meant: a log that passes New Year.
  constexpr double year = 366 * 86400.0;
  if (seconds > year / 2) seconds -= year;
  return seconds < -year / 2 ? seconds + year : seconds;
}

}  // namespace diag::sig
