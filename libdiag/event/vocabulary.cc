#include "event/vocabulary.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <unordered_map>

namespace diag {

namespace {

using Words = std::span<const std::string_view>;

constexpr std::string_view fault[] = {"null_deref",
                                      "paging_request",
                                      "gpf",
                                      "divide_error",
                                      "stack_segment",
                                      "double_fault",
                                      "invalid_opcode",
                                      "bug",
                                      "oops",
                                      "list_corruption",
                                      "usercopy",
                                      "stack_overflow",
                                      "stack_protector",
                                      "panic"};
constexpr std::string_view stall[] = {"soft_lockup", "hard_lockup", "rcu_stall", "hung_task", "workqueue_lockup"};
constexpr std::string_view memory[] = {"oom", "page_alloc_failure", "bad_page", "slab_corruption", "mem_leak"};
constexpr std::string_view checker[] = {"kasan", "kmsan", "kcsan", "kfence", "ubsan", "lockdep", "atomic_sleep"};
constexpr std::string_view notice[] = {"warning", "netdev_watchdog", "irq_nobody_cared", "netdev_leak", "reboot"};
constexpr std::string_view storage[] = {"fs_error", "lbug", "zfs_panic"};
constexpr std::string_view hardware[] = {"mce"};

struct Class {
  std::string_view name;
  Words members;
};
constexpr Class classes[] = {{"fault", fault},   {"stall", stall},     {"memory", memory},    {"checker", checker},
                             {"notice", notice}, {"storage", storage}, {"hardware", hardware}};
constexpr std::string_view names_of_classes[] = {"fault",  "stall",   "memory",  "checker",
                                                 "notice", "storage", "hardware"};
static_assert(std::size(classes) == std::size(names_of_classes));

constexpr FieldSpec common[] = {
    {"host", FieldType::name, "the host that wrote it, where the input says or the run has only one"},
    {"kernel.release", FieldType::version, "what the host last stated before the event: 2.6.18-274.7.1.el5"},
    {"kernel.stream", FieldType::name, "el4, el5, el6, el7, el8, el9; for other kernels what they call themselves"},
    {"kernel.arch", FieldType::name, "x86_64, i386, ppc64 ...; also read off register names and address width"},
    {"time.uptime", FieldType::number, "seconds since boot, as the kernel stamps its lines"},
    {"time.wall", FieldType::time, "wall time, as syslog or the journal stamps its lines"},
    {"program", FieldType::name, "that wrote it: kernel, postfix/smtpd; a test on it passes where it is not stated"},
    {"level", FieldType::number,
     "syslog severity, 0 (emergency) to 7 (debug); a test on it passes where it is not stated"},
};

const auto& kinds_by_name() {
  static const auto index = [] {
    std::unordered_map<std::string_view, const KindSpec*> made;
    for (const auto table : {kernel_kinds(), log_kinds(), config_kinds(), probe_kinds()}) {
      for (const KindSpec& kind : table) made.emplace(kind.name, &kind);
    }
    return made;
  }();
  return index;
}

const FieldSpec* find_in(std::span<const FieldSpec> fields, std::string_view name) {
  const auto at = std::ranges::find(fields, name, &FieldSpec::name);
  return at == fields.end() ? nullptr : &*at;
}

const FieldSpec* find_exactly(std::string_view kind, std::string_view field) {
  if (kind.empty()) {
    if (const auto* found = find_in(common, field)) return found;
    if (const auto* found = find_in(kernel_fields(), field)) return found;
    for (const auto table : {kernel_kinds(), log_kinds(), config_kinds(), probe_kinds()}) {
      for (const KindSpec& spec : table) {
        if (const auto* found = find_in(spec.fields, field)) return found;
      }
    }
    return nullptr;
  }
  const KindSpec* spec = find_kind(kind);
  if (spec == nullptr) return nullptr;
  if (const auto* found = find_in(spec->fields, field)) return found;
  if (is_kernel_kind(kind)) {
    if (const auto* found = find_in(kernel_fields(), field)) return found;
  }
  return find_in(common, field);
}

std::string fields_table(std::span<const FieldSpec> fields) {
  std::string out = "| field | type | meaning |\n| --- | --- | --- |\n";
  for (const FieldSpec& f : fields) out += fmt::format("| `{}` | {} | {} |\n", f.name, to_string(f.type), f.meaning);
  return out + '\n';
}

std::string kinds_section(std::string_view title, std::span<const KindSpec> kinds) {
  std::string out = fmt::format("## {}\n\n", title);
  for (const KindSpec& k : kinds) {
    out += fmt::format("### {}\n\n{}\n\n", k.name, k.meaning);
    if (!k.fields.empty()) out += fields_table(k.fields);
  }
  return out;
}

std::string kernel_section() {
  std::string out =
      "## Kernel events\n\nReports of trouble by the kernel itself. All of them have these fields, each where the text "
      "prints it:\n\n";
  out += fields_table(kernel_fields());
  out += "A class stands for all its kinds:\n\n| class | kinds |\n| --- | --- |\n";
  for (const Class& c : classes) {
    std::string members;
    for (const auto member : c.members) members += fmt::format("{}`{}`", members.empty() ? "" : " ", member);
    out += fmt::format("| `{}` | {} |\n", c.name, members);
  }
  out += "\n| kind | meaning | fields of its own |\n| --- | --- | --- |\n";
  std::string own;
  for (const KindSpec& k : kernel_kinds()) {
    out += fmt::format("| `{}` | {} | {} |\n", k.name, k.meaning, k.fields.empty() ? "" : "below");
    if (!k.fields.empty()) own += fmt::format("### {}\n\n{}", k.name, fields_table(k.fields));
  }
  return out + '\n' + own;
}

}  // namespace

std::string_view to_string(FieldType type) {
  constexpr std::array<std::string_view, 10> words = {"name", "symbol",  "text",  "number", "version",
                                                      "time", "address", "bytes", "flag",   "list"};
  return words[static_cast<std::size_t>(type)];
}

bool is_kernel_kind(std::string_view kind) { return !kind.empty() && kind.find('.') == kind.npos; }

std::span<const FieldSpec> common_fields() { return common; }

const KindSpec* find_kind(std::string_view kind) {
  const auto at = kinds_by_name().find(kind);
  return at == kinds_by_name().end() ? nullptr : at->second;
}

const FieldSpec* find_field(std::string_view kind, std::string_view field) {
  if (const auto* found = find_exactly(kind, field)) return found;
  // "function" and "function.name" are the same field.
  constexpr std::string_view tail = ".name";
  if (field.ends_with(tail)) return find_exactly(kind, field.substr(0, field.size() - tail.size()));
  return find_exactly(kind, std::string(field) + std::string(tail));
}

std::span<const std::string_view> class_members(std::string_view name) {
  const auto at = std::ranges::find(classes, name, &Class::name);
  return at == std::end(classes) ? Words{} : at->members;
}

std::span<const std::string_view> class_names() { return names_of_classes; }

std::string vocabulary_page() {
  std::string out =
      "# Events and their fields\n\n"
      "Made from the tables in `libdiag/event/` by `sigcheck events`; a test keeps it fresh.\n\n"
      "An event is something an input states. Its fields are what signatures test and what texts may insert. A field "
      "that\n"
      "the input does not state is absent: a test on it is *unknown*. How the types are tested:\n"
      "[writing-signatures.md](writing-signatures.md).\n\n"
      "## Fields of every event\n\n";
  out += fields_table(common);
  out += kernel_section();
  out += kinds_section("Logs, boots, packages", log_kinds());
  out += kinds_section("Configuration", config_kinds());
  out += kinds_section("Servers that were asked", probe_kinds());
  out.pop_back();
  return out;
}

}  // namespace diag
