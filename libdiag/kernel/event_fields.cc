#include "kernel/event_fields.h"

#include <algorithm>

#include "base/text.h"
#include "kernel/frame_line.h"
#include "kernel/kind_traits.h"
#include "kernel/mce_status.h"

namespace diag::kernel {

namespace {

void state_function(const Frame& function, Event& event) {
  if (function.symbol.name.empty()) return;
  event.set("function", Symbol{std::string(clean_name(function.symbol.name)), function.symbol.module}, function.line);
  event.set("function.name", Symbol{std::string(clean_name(function.symbol.name)), function.symbol.module}, function.line);
  if (!function.symbol.module.empty()) event.set("function.module", function.symbol.module, function.line);
  if (function.offset) event.set("function.offset", static_cast<double>(*function.offset), function.line);
  if (function.size) event.set("function.size", static_cast<double>(*function.size), function.line);
  if (function.address) event.set("function.address", *function.address, function.line);
}

struct Phrase {
  std::string_view kind, words;
};
constexpr Phrase phrases[] = {
    {"null_deref", "NULL pointer dereference"}, {"paging_request", "bad address"}, {"gpf", "general protection fault"},
    {"mce", "machine check"}, {"oom", "out of memory"}, {"rcu_stall", "RCU stall"}, {"kasan", "KASAN report"},
    {"kmsan", "KMSAN report"}, {"kcsan", "KCSAN report"}, {"kfence", "KFENCE report"}, {"ubsan", "UBSAN report"},
    {"bug", "kernel BUG"}, {"stack_protector", "smashed stack (stack protector)"}, {"panic", "panic"},
    {"lockdep", "lock checker report"}, {"lbug", "Lustre assertion"}, {"zfs_panic", "ZFS panic"},
};

std::string words_of(std::string_view kind) {
  const auto at = std::ranges::find(phrases, kind, &Phrase::kind);
  if (at != std::end(phrases)) return std::string(at->words);
  std::string out(kind);
  std::ranges::replace(out, '_', ' ');
  return out;
}

}  // namespace

void state_fields(const KernelReport& report, Event& event) {
  const auto header_line = event.lines.empty() ? 0 : event.lines.front().line;
  if (!report.header.empty()) event.set("header", report.header, header_line);
  if (!report.missing.empty()) event.set("missing", report.missing);
  if (!report.release.empty() && !event.field("kernel.release")) event.set("kernel.release", report.release);
  if (!report.distribution.empty()) event.set("kernel.stream", report.distribution);
  if (!report.arch.empty()) event.set("kernel.arch", report.arch);
  if (report.taint) event.set("kernel.taint", report.taint->flags);
  if (report.function) state_function(*report.function, event);
  if (report.culprit) event.set("culprit", report.culprit->symbol);
  if (const auto* status = event.get<Addr>("mce.status")) {
    const auto* field = event.field("mce.status");
    if (auto meaning = describe_mce_status(value(*status)); !meaning.empty()) event.set("mce.meaning", std::move(meaning), field->line);
  }
  if (report.fault.address && !event.field("fault.address")) event.set("fault.address", *report.fault.address);
  if (!report.modules.empty()) {
    List names;
    for (const auto& module : report.modules) names.push_back(module.name);
    event.set("modules", std::move(names));
  }
}

std::string title_of(const Event& event, const KernelReport& report) {
  if (event.kind == "hung_task" && report.comm) {
    const auto* seconds = event.get<double>("seconds");
    return "task " + *report.comm + " blocked" + (seconds ? " for more than " + std::to_string(static_cast<long>(*seconds)) + " seconds" : "");
  }
  if (event.kind == "panic" && event.get<std::string>("panic.reason")) return "panic: " + *event.get<std::string>("panic.reason");
  const bool placed = report.function && !report.function->symbol.name.empty();
  if (!placed || traits_of(event.kind).one_line) return words_of(event.kind) + (report.header.empty() ? "" : ": " + report.header);
  const auto& symbol = report.function->symbol;
  return words_of(event.kind) + " in " + symbol.name + (symbol.module.empty() ? "" : " [" + symbol.module + "]");
}

std::string arch_by_addresses(const KernelReport& report) {
  const auto judge = [](const std::optional<Addr>& address) -> std::string {
    if (!address) return {};
    const auto v = value(*address);
    if (v >= 0xffff800000000000 && v < 0xffffffffffffffff) return "x86_64";
    if ((v >> 60) == 0xc) return "ppc64";
    return {};
  };
  if (report.function) {
    if (auto arch = judge(report.function->address); !arch.empty()) return arch;
  }
  for (const auto& frame : report.frames) {
    if (auto arch = judge(frame.address); !arch.empty()) return arch;
  }
  return {};
}

}  // namespace diag::kernel
