// The two clocks of a log: seconds since boot, and wall time as far as the text states it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace diag {

// Wall time. Syslog's "Oct 14 03:12:01" states neither year nor zone: then `micros` counts as if the year were 2000
// (a leap year) and the zone UTC, which keeps differences within one file right.
struct Timestamp {
  std::int64_t micros = 0;  // since 1970-01-01T00:00:00Z
  bool year_known = false;
  bool zone_known = false;

  friend bool operator==(const Timestamp&, const Timestamp&) = default;
};

// RFC 3339, "2015-06-30T23:59:59.123456Z"; without the Z where the zone is unknown; "--10-14T03:12:01" without a year.
std::string to_string(const Timestamp& t);

struct EventTime {
  std::optional<double> uptime;   // seconds since boot, as printk stamps them
  std::optional<Timestamp> wall;  // as syslog or the journal stamps it

  friend bool operator==(const EventTime&, const EventTime&) = default;
};

}  // namespace diag
