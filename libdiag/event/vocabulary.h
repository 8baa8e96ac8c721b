// The vocabulary: which kinds of event there are, which fields each has, of which type, meaning what. Signatures are
// checked against it, docs/events.md is printed from it. A new kind is a row in one of the *_kinds.cc tables here.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace diag {

enum class FieldType { name, symbol, text, number, version, time, address, bytes, flag, list };
std::string_view to_string(FieldType type);

struct FieldSpec {
  std::string_view name;
  FieldType type;
  std::string_view meaning;  // one line; with the unit of a number
};

struct KindSpec {
  std::string_view name;
  std::string_view meaning;                 // one line
  std::span<const FieldSpec> fields;        // its own; the common ones come on top
};

// Kinds without a dot: kernel events. They have kernel_fields() as well.
bool is_kernel_kind(std::string_view kind);

std::span<const KindSpec> kernel_kinds();
std::span<const KindSpec> log_kinds();     // log.message, log.gap, user.segfault, host.boot, ...
std::span<const KindSpec> config_kinds();  // iptables.rule, sysctl.value, mycnf.setting, ...
std::span<const KindSpec> probe_kinds();   // mysql.greeting, mysql.login, ...

std::span<const FieldSpec> common_fields();  // of every event: kernel.release, host, time.uptime ...
std::span<const FieldSpec> kernel_fields();  // of every kernel event: function.name, task.comm ...

const KindSpec* find_kind(std::string_view kind);  // null: unknown
// The field of that kind, own or common; null: it has none. `kind` empty: of any kind.
const FieldSpec* find_field(std::string_view kind, std::string_view field);

// "fault" -> {"null_deref", ...}; empty: no such class.
std::span<const std::string_view> class_members(std::string_view name);
std::span<const std::string_view> class_names();

// The whole of docs/events.md.
std::string vocabulary_page();

}  // namespace diag
