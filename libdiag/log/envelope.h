// One line while its transport is being taken off: what the transports have stated so far, and what is left.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "diag/record.h"

namespace diag::transport {

// What earlier lines of the same text have told about its shape.
struct Habits {
  std::string monotonic_host;  // the host of "[12.345678] host kernel: ..."; empty: no such line yet
};

// The record in the making: its text is what is not yet taken, in the end the message. `raw` and `at` are the reader's.
struct Envelope : Record {
  std::string_view body;       // the line behind mail marks and indentation, its other transports still on
  std::uint8_t facility = 0;   // of "<N>" or "daemon:info  :"; other than 0: a program wrote to the kernel's log
  bool indented = false;       // blanks stood in front of it, behind a mail mark more than one
  bool last_repeated = false;  // "last message repeated N times"
  bool stamped = false;        // a transport of its own: a level, a time, a host ...
  bool syslog = false;         // through a syslog daemon, which escapes control characters

  // From a program, not from the kernel and not from a line that does not say.
  bool user() const {
    return !program.empty() && (program.size() != 6 || std::memcmp(program.data(), "kernel", 6) != 0);
  }
};

}  // namespace diag::transport
