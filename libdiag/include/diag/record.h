// One message of a log, with whatever carried it taken off: syslog, journal, dmesg, serial console, a mail reply ...
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "diag/origin.h"
#include "diag/time.h"

namespace diag {

struct Record {
  std::string_view text;  // the message alone; valid until the next record
  std::string_view raw;   // the line as it stands in the source; valid until the next record
  Origin at;
  EventTime when;
  std::string_view host;     // empty: the text states none
  std::string_view program;  // "kernel", "postfix/smtpd"; empty: the text states none (dmesg, console)
  std::string_view context;  // "T12" or "C3" of printk's caller stamp; netconsole and SMP consoles interleave by it
  std::optional<std::uint32_t> pid;
  std::optional<std::uint8_t> level;  // syslog severity 0 (emerg) to 7 (debug)
  std::uint32_t repeats = 1;          // more than 1 only for "last message repeated N times": the message before, N times more
  bool quoted = false;                // the line stood behind "> " or was wrapped by a mail program and joined again
};

}  // namespace diag
