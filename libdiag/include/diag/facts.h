// All that one run has read: what signatures conclude from, and what a report shows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "diag/event.h"
#include "diag/source.h"
#include "diag/time.h"

namespace diag {

// One text of the run, after it was read.
struct InputFacts {
  SourceId id{};
  std::string name;
  std::uint64_t bytes = 0;
  std::uint64_t lines = 0;
  std::vector<Skipped> skipped;
  std::optional<Error> error;  // unreadable, damaged or cut short
  List hosts;                  // stated in it, in order of appearance
  List covers;                 // kinds this text lists completely: a rule set covers "iptables.rule". A log covers "log.message" and
                               // the kernel kinds from its first to its last line: that is `log`.
  bool log = false;
  EventTime first, last;       // stamps of a log's first and last record, where it has them
};

struct Facts {
  std::vector<InputFacts> inputs;  // indexed by SourceId
  std::vector<Event> events;       // in order of input and line
};

}  // namespace diag
