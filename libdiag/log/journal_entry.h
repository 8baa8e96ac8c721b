// One entry of the systemd journal, and its two machine-readable forms: JSON (one object a line) and the export format.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "log/envelope.h"

namespace diag::transport {

struct JournalEntry {
  std::string message, host, identifier, comm, transport;
  std::optional<std::uint32_t> pid, syslog_pid;
  std::optional<std::uint8_t> priority;
  std::optional<std::int64_t> realtime, source_realtime;    // microseconds since 1970
  std::optional<std::int64_t> monotonic, source_monotonic;  // since boot
  bool has_message = false;

  void clear() { *this = {}; }
  // Enters a field by its journal name; fields of no use here are passed over.
  void set(std::string_view name, std::string_view value);
  // States the entry in `e`, whose views point into this. The message becomes e.text.
  void state(Envelope& e) const;
};

// Whether set() has a use for the field.
bool is_wanted_field(std::string_view name);

// Reads the object of one line of `journalctl -o json`. False if the line is no JSON object with a MESSAGE.
bool read_journal_json(std::string_view line, JournalEntry& entry);

// The text of "msg" or "log" in a JSON object of another logger (a test bench, a container). False: none there.
bool read_json_message(std::string_view line, std::string& message);

}  // namespace diag::transport
