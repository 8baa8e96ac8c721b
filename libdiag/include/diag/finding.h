// What a signature concluded: the answer to a ticket.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "diag/origin.h"

namespace diag {

enum class Severity { info, warning, critical };
enum class Confidence { possible, likely, certain };
enum class Risk { none, service_restart, traffic_change, reboot };

std::string_view to_string(Severity s);    // "warning"
std::string_view to_string(Confidence c);  // "likely"
std::string_view to_string(Risk r);        // "traffic change"

struct Evidence {
  SourceId source{};
  std::uint64_t first_line = 0, last_line = 0;  // 0: about the whole source
  std::uint32_t column = 0;                     // 1-based; 0: not stated
  std::string quote;                            // of the first line, its transport taken off
  std::string because;                          // the sentence of the clause
};

struct Step {
  std::string instruction;  // "do" of the signature
  std::string check, undo;  // empty: none given
  Risk risk = Risk::none;
  std::string when;         // a condition that could not be decided, in words; empty: the step applies
  std::string unverified;   // why it is not verified; empty: it is
};

// Where the host's kernel stands to [affects].
struct KernelState {
  enum class State { inside, unknown, outside } state = State::unknown;
  std::string release;             // of the host; empty: not seen
  std::vector<std::string> fixed;  // builds with their errata
  std::string note;                // "your kernel has the fix", "is older than the bug"; empty: nothing to add
};

struct Finding {
  std::string signature;  // "kernel.net.bridge-reject-icmp-send"
  std::string code;       // "IPT002"; empty: none
  std::string title;
  Severity severity = Severity::info;
  Confidence confidence = Confidence::possible;
  std::string summary;
  std::vector<std::size_t> events;  // indices into Facts::events; the first is the subject
  std::vector<Evidence> evidence;
  std::vector<Step> steps;
  std::vector<std::string> references;
  std::vector<std::string> not_checked;
  std::optional<KernelState> kernel;
  std::vector<std::string> context;  // ids of findings of lower rank, folded into this one
  std::string unverified;            // why the signature as a whole is not verified; empty: it is
  bool gap = false;                  // lost evidence: says what could not be seen
};

}  // namespace diag
