// The words of the report contract for enumerations, and questions every renderer asks of an event.
#pragma once

#include <string>
#include <string_view>

#include "diag/facts.h"
#include "diag/finding.h"
#include "diag/kernel_report.h"

namespace diag {

std::string_view word(Stack s);  // "irq"; empty: unknown
std::string_view word(Trust t);
std::string_view word(Unresolved u);
std::string_view word(KernelState::State s);

// Kinds of kernel events have no dot.
inline bool is_kernel(const Event& e) { return e.kind.find('.') == std::string::npos; }

// Whether the report states this field of a kernel event under a key of its own: "task.comm" is `task`.`comm`.
bool has_own_key(std::string_view field);

std::string full_name(const Symbol& symbol);         // "bridge:br_forward"
std::string spoken(const Value& value, int digits);  // in one line; `digits` of an address

// "?" for a source that the facts do not know.
const std::string& input_name(const Facts& facts, SourceId id);
// The same for people: standard input is "stdin", not "-".
const std::string& spoken_name(const Facts& facts, SourceId id);

}  // namespace diag
