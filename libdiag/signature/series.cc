#include "signature/series.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "signature/facts_index.h"
#include "signature/near.h"

namespace diag::sig {

namespace {

constexpr std::uint64_t gap_reach =
    20;  // lines between a message and the line that says how many like it were suppressed

// How many messages one event stands for.
double weight(const Event& e) {
  const auto* repeats = e.get<double>("repeats");
  return repeats ? std::max(1.0, *repeats) : 1.0;
}

// What "N callbacks suppressed" lines add to the messages before them.
double suppressed(const FactsIndex& facts, const std::vector<std::size_t>& events) {
  double sum = 0;
  for (const std::size_t gap : facts.of_kind("log.gap")) {
    const auto after = std::ranges::upper_bound(events, gap);
    if (after == events.begin()) continue;
    const Event &message = facts.event(*(after - 1)), &said = facts.event(gap);
    const auto* lost = said.get<double>("lost");
    const bool near = message.first.source == said.first.source && said.first.line - message.last.line <= gap_reach;
    if (lost && near) sum += *lost;
  }
  return sum;
}

struct Moment {
  double at;
  std::size_t index;  // into the events
};

// Seconds from the first event; empty if some are not comparable.
std::vector<Moment> moments(const FactsIndex& facts, const std::vector<std::size_t>& events) {
  std::vector<Moment> out;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto at = i == 0 ? std::optional(0.0) : seconds_between(facts, events.front(), events[i]);
    if (!at || !(facts.event(events[i]).when.wall || facts.event(events[i]).when.uptime)) return {};
    out.push_back({*at, i});
  }
  std::ranges::stable_sort(out, {}, &Moment::at);
  return out;
}

// What a window holds, as its two ends move.
class Window {
 public:
  explicit Window(bool values) : distinct_(values) {}

  void take(const std::string& value, double w) {
    sum_ += w;
    if (distinct_ && !value.empty()) ++values_[value];
  }
  void drop(const std::string& value, double w) {
    sum_ -= w;
    const auto at = values_.find(value);
    if (distinct_ && at != values_.end() && --at->second == 0) values_.erase(at);
  }
  double count() const { return distinct_ ? static_cast<double>(values_.size()) : sum_; }

 private:
  bool distinct_;
  double sum_ = 0;
  std::map<std::string, std::size_t> values_;
};

}  // namespace

Tally tally(const Series& series, const FactsIndex& facts, const std::vector<std::size_t>& events,
            const std::vector<std::string>& values) {
  Tally t;
  if (events.empty()) return t;
  const bool distinct = !series.count_of.empty();
  const auto value = [&](std::size_t i) -> const std::string& {
    static const std::string none;
    return distinct && i < values.size() ? values[i] : none;
  };
  Window all(distinct);
  for (std::size_t i = 0; i < events.size(); ++i) all.take(value(i), weight(facts.event(events[i])));
  t.count = all.count();
  if (const double more = distinct ? 0 : suppressed(facts, events); more > 0) {
    t.count += more;
    t.at_least = true;
  }
  t.first = events.front();
  t.last = events.back();
  if (!series.in) return t;
  const auto times = moments(facts, events);
  if (times.empty()) return t;
  t.first = events[times.front().index];
  t.last = events[times.back().index];
  Window window(distinct);
  double peak = 0;
  for (std::size_t left = 0, right = 0; right < times.size(); ++right) {
    window.take(value(times[right].index), weight(facts.event(events[times[right].index])));
    for (; times[right].at - times[left].at > *series.in; ++left) {
      window.drop(value(times[left].index), weight(facts.event(events[times[left].index])));
    }
    peak = std::max(peak, window.count());
  }
  t.peak = peak;
  return t;
}

Answer reached(const Series& series, const Tally& t) {
  if (!series.count) return Answer::yes;
  if (!series.in) return answer(series.count->holds(t.count));
  return t.peak ? answer(series.count->holds(*t.peak)) : Answer::unknown;
}

std::optional<std::string> moment(const Event& e) {
  if (e.when.wall) return to_string(*e.when.wall);
  if (e.when.uptime) return fmt::format("{:.3f} s after boot", *e.when.uptime);
  return std::nullopt;
}

void add_fields(const Tally& t, const FactsIndex& facts, Captures& fields) {
  fields.push_back({"count", Value(t.count)});
  if (t.at_least) fields.push_back({"count.at_least", Value(true)});
  if (t.peak) fields.push_back({"peak", Value(*t.peak)});
  if (auto first = moment(facts.event(t.first))) fields.push_back({"first", Value(std::move(*first))});
  if (auto last = moment(facts.event(t.last))) fields.push_back({"last", Value(std::move(*last))});
}

}  // namespace diag::sig
