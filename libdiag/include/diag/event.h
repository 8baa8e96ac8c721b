// What an input states, with its place: a kernel oops, a log message, a firewall rule, a setting, a server's greeting.
// Parsers make events; signatures read their fields and nothing else.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "diag/address.h"
#include "diag/origin.h"
#include "diag/time.h"

namespace diag {

struct Symbol {
  std::string name;    // "icmp_send", ".text.lock.spinlock"; as printed, compiler suffixes kept
  std::string module;  // "bridge"; empty: built into the kernel, or not stated

  friend bool operator==(const Symbol&, const Symbol&) = default;
};

using Bytes = std::vector<std::uint8_t>;
using List = std::vector<std::string>;

// Absent knowledge is an absent field, never an empty value.
using Value = std::variant<bool, double, std::string, Symbol, Addr, Timestamp, Bytes, List>;

struct Field {
  std::string name;        // "task.comm"; the names and types are those of docs/events.md
  Value value;
  std::uint64_t line = 0;  // of the event's source, where this was stated; 0: derived from several lines
};

// A line that belongs to the event, as the log stated it, its transport taken off.
struct Quote {
  std::uint64_t line = 0;
  std::string text;
};

struct KernelReport;  // kernel_report.h

struct Event {
  std::string kind;   // "soft_lockup", "log.message", "iptables.rule"; docs/events.md lists all
  std::string title;  // one line for a person: "oops in icmp_send"
  Origin first, last;
  EventTime when;
  std::string host;             // empty: the input states none
  std::vector<Field> fields;    // in the order they were stated; a name occurs once
  std::vector<Quote> lines;     // the lines read, for evidence; at most 4,096
  std::uint32_t incident = 0;   // events with one cause share a number; the first of them is the cause
  std::shared_ptr<const KernelReport> kernel;  // null for kinds with a dot

  const Value* find(std::string_view field) const;    // null: not stated
  const Field* field(std::string_view field) const;
  // The value as type T, or null if absent or of another type.
  template <class T>
  const T* get(std::string_view field) const {
    const Value* v = find(field);
    return v ? std::get_if<T>(v) : nullptr;
  }
  void set(std::string name, Value value, std::uint64_t line = 0);  // replaces a field of that name
  const Quote* quote(std::uint64_t line) const;                     // null: not among `lines`
};

}  // namespace diag
