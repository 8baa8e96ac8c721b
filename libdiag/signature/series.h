// count, in, per, count_of: many events that mean one thing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "signature/event_view.h"
#include "signature/test.h"

namespace diag::sig {

struct Series {
  std::optional<NumberRange> count;  // how many
  std::optional<double> in;          // seconds: within which sliding window
  std::vector<std::string> per;      // counted apart per these fields
  std::string count_of;              // counts the different values of this field instead of events; empty: events

  bool active() const { return count || in || !per.empty() || !count_of.empty(); }
};

struct Tally {
  double count = 0;
  bool at_least = false;       // some were suppressed or lost
  std::optional<double> peak;  // most within `in`; nothing: no window, or the events state no time
  std::size_t first = 0, last = 0;
};

// Counts `events` (indices, ascending). `values` are those of count_of, one for each event, empty where unknown.
Tally tally(const Series& series, const FactsIndex& facts, const std::vector<std::size_t>& events,
            const std::vector<std::string>& values);

// Whether the tally reaches `count`; yes if the series asks for none, unknown if a window was asked for and no time is
// stated.
Answer reached(const Series& series, const Tally& t);

// {count}, {peak}, {first}, {last} as fields; the last three only where the events state time.
void add_fields(const Tally& t, const FactsIndex& facts, Captures& fields);

// "2014-03-01T00:00:05Z", "12345.678 s after boot"; nothing: no time is stated.
std::optional<std::string> moment(const Event& e);

}  // namespace diag::sig
