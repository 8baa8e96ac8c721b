#include "log/journal_entry.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "log/flat_json.h"

namespace diag::transport {
namespace {

using Setter = void (*)(JournalEntry&, std::string_view);

struct Wanted {
  std::string_view name;
  Setter set;
};

constexpr Wanted wanted[] = {
    {"MESSAGE",
     [](JournalEntry& e, std::string_view v) {
       e.message = v;
       e.has_message = true;
     }},
    {"PRIORITY", [](JournalEntry& e, std::string_view v) { e.priority = parse_dec<std::uint8_t>(v); }},
    {"SYSLOG_IDENTIFIER", [](JournalEntry& e, std::string_view v) { e.identifier = v; }},
    {"SYSLOG_PID", [](JournalEntry& e, std::string_view v) { e.syslog_pid = parse_dec<std::uint32_t>(v); }},
    {"_COMM", [](JournalEntry& e, std::string_view v) { e.comm = v; }},
    {"_PID", [](JournalEntry& e, std::string_view v) { e.pid = parse_dec<std::uint32_t>(v); }},
    {"_HOSTNAME", [](JournalEntry& e, std::string_view v) { e.host = v; }},
    {"_TRANSPORT", [](JournalEntry& e, std::string_view v) { e.transport = v; }},
    {"__REALTIME_TIMESTAMP", [](JournalEntry& e, std::string_view v) { e.realtime = parse_dec<std::int64_t>(v); }},
    {"__MONOTONIC_TIMESTAMP", [](JournalEntry& e, std::string_view v) { e.monotonic = parse_dec<std::int64_t>(v); }},
    {"_SOURCE_REALTIME_TIMESTAMP",
     [](JournalEntry& e, std::string_view v) { e.source_realtime = parse_dec<std::int64_t>(v); }},
    {"_SOURCE_MONOTONIC_TIMESTAMP",
     [](JournalEntry& e, std::string_view v) { e.source_monotonic = parse_dec<std::int64_t>(v); }},
};

const Wanted* find_wanted(std::string_view name) {
  const auto* at = std::ranges::find(wanted, name, &Wanted::name);
  return at == std::end(wanted) ? nullptr : at;
}

// A string, an array of bytes, an array of strings, or a bare number.
bool json_text(std::string_view value, std::string& out) {
  if (value.starts_with('"')) return json_string(value, out);
  if (value.starts_with('[')) return json_bytes(value, out) || json_first_string(value, out);
  out = value;
  return !value.empty() && value != "null";
}

}  // namespace

bool is_wanted_field(std::string_view name) { return find_wanted(name) != nullptr; }

void JournalEntry::set(std::string_view name, std::string_view value) {
  if (const auto* field = find_wanted(name)) field->set(*this, value);
}

void JournalEntry::state(Envelope& e) const {
  const auto uptime = source_monotonic ? source_monotonic : monotonic;
  const auto wall = source_realtime ? source_realtime : realtime;
  if (uptime) e.when.uptime = static_cast<double>(*uptime) / 1e6;
  if (wall) e.when.wall = Timestamp{*wall, true, true};
  e.host = host;
  e.program = transport == "kernel" ? "kernel" : "unknown";
  if (!comm.empty() && transport != "kernel") e.program = comm;
  if (!identifier.empty()) e.program = identifier;
  e.pid = syslog_pid ? syslog_pid : pid;
  if (priority && *priority < 8) e.level = priority;
  e.stamped = true;
  e.text = e.body = message;
}

bool read_journal_json(std::string_view line, JournalEntry& entry) {
  if (line.find("\"MESSAGE\"") == std::string_view::npos) return false;
  entry.clear();
  FlatJson object(line);
  std::string text;
  for (JsonMember member; object.next(member);) {
    if (is_wanted_field(member.key) && json_text(member.value, text)) entry.set(member.key, text);
  }
  return entry.has_message;
}

bool read_json_message(std::string_view line, std::string& message) {
  FlatJson object(line);
  for (JsonMember member; object.next(member);) {
    if (member.key == "msg" || member.key == "log") return json_string(member.value, message);
  }
  return false;
}

}  // namespace diag::transport
