// Dates and times as logs write them. Each take_* function takes one shape off the front of `s`; if it does not stand
// there, it gives nothing and leaves `s` alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "diag/time.h"

namespace diag::transport {

// "Oct 14 03:12:01", "Mar  1 00:00:01.123456", and with a year: "Oct 14 2013 03:12:01", "Oct 14 03:12:01 2013".
std::optional<Timestamp> take_syslog_time(std::string_view& s);

struct IsoTime {
  Timestamp time;
  bool blank = false;         // a blank stands between date and time
  bool comma = false;         // a comma stands before the fraction, as dmesg writes it
  std::uint8_t fraction = 0;  // digits of it
};
// "2014-11-20T01:02:03.123456+01:00"; 'T' or a blank, fraction and zone ("Z", "+01:00", "+0100") as they please.
std::optional<IsoTime> take_iso_time(std::string_view& s);

// "Mon Oct 14 03:12:01 2013", of the local zone.
std::optional<Timestamp> take_ctime(std::string_view& s);

// "Mon " to "Sun ".
bool take_weekday(std::string_view& s);

// "03:12:01", "03:12:01.123": microseconds since midnight.
std::optional<std::int64_t> take_clock(std::string_view& s);

// "   12.345678", as printk writes it: blanks, seconds, six digits.
std::optional<double> take_uptime(std::string_view& s);

}  // namespace diag::transport
