#include "kernel/assembler.h"

#include <algorithm>

#include "base/text.h"
#include "kernel/kind_table.h"
#include "kernel/open_report.h"
#include "kernel/release.h"
#include "kernel/task_line.h"
#include "kernel/user_fault.h"

namespace diag::kernel {

namespace {

constexpr double longest_pause = 60;     // seconds between two lines of one report; serial consoles are slow
constexpr int most_unstamped = 2000;     // lines of programs mixed into a report
constexpr std::size_t most_open = 64;    // hosts and contexts at a time; the oldest is closed beyond
constexpr std::size_t most_hosts = 4096;

bool from_kernel(const Record& record) { return record.program.empty() || record.program == "kernel"; }

// Whether the open report, which has printed no dump, and a further first line are one and the same trouble.
bool same_trouble(const OpenReport& open, const KindRow& row) {
  if (open.ended()) return false;
  if (row.kind == "oom" && open.kind() == "oom") return row.role == Role::joins;
  if (open.dumped()) return false;
  switch (row.role) {
    case Role::joins: return open.traits().fault || open.traits().sentence || open.kind() == row.kind || open.kind() == "kasan" || open.kind() == "ubsan";
    case Role::refines: return open.traits().general || open.kind() == row.kind;
    case Role::opens: {
      const auto& traits = traits_of(row.kind);
      if (open.traits().sentence || open.kind() == "lockdep") return traits.general;
      return open.kind() == row.kind && (row.kind == "double_fault" || row.kind == "gpf" || row.kind == "stack_overflow");
    }
    case Role::closes: return true;
    case Role::detail: return true;
  }
  return false;
}

}  // namespace

Assembler::Assembler(Sink sink) : sink_(std::move(sink)) {}
Assembler::~Assembler() = default;

Assembler::Host& Assembler::host_of(std::string_view name) {
  const auto at = std::ranges::find(hosts_, name, &Host::name);
  if (at != hosts_.end()) return *at;
  if (hosts_.size() >= most_hosts) hosts_.erase(hosts_.begin());
  return hosts_.emplace_back(Host{std::string(name), {}});
}

std::string_view Assembler::release_of(std::string_view host) const {
  const auto at = std::ranges::find(hosts_, host, &Host::name);
  return at == hosts_.end() ? std::string_view{} : std::string_view(at->release);
}

OpenReport* Assembler::open_for(const Record& record) {
  for (const auto& report : open_) {
    if (report->host == record.host && report->context == record.context) return report.get();
  }
  return nullptr;
}

void Assembler::close(OpenReport* report, bool cut) {
  const auto at = std::ranges::find(open_, report, &std::unique_ptr<OpenReport>::get);
  const auto closing = std::move(*at);
  open_.erase(at);
  if (!closing->substantial() || closing->injected()) return;
  if (closing->is_warning_tail()) {
    skipped_.push_back({closing->first_line(), closing->last_line(), "the end of a warning whose first lines are missing"});
    return;
  }
  auto& host = host_of(closing->host);
  if (!closing->release().empty()) host.release = closing->release();
  sink_(closing->finish(cut, host.release));
}

void Assembler::begin(const Record& record, const KindRow& row) {
  if (open_.size() >= most_open) close(open_.front().get(), true);
  auto& report = open_.emplace_back(std::make_unique<OpenReport>(record, row, captures_));
  report->host = record.host;
  report->context = record.context;
  report->last_uptime = record.when.uptime;
}

void Assembler::on_row(const Record& record, OpenReport* open, const KindRow& row) {
  if (open && row.role == Role::closes && !open->headerless()) {
    if (open->panicked()) close(open, false);
    else return open->panic(record, captures_);
    open = nullptr;
  }
  if (open && same_trouble(*open, row)) return open->join(record, captures_, row.role == Role::refines ? row.kind : std::string_view{});
  if (open && row.role == Role::detail) return open->join(record, captures_, {});
  if (row.role == Role::detail) return;
  if (open) close(open, false);
  begin(record, row);
}

void Assembler::on_banner(const Record& record, std::string_view release) {
  if (auto* open = open_for(record)) close(open, false);
  auto& host = host_of(record.host);
  host.release = release;
  Event boot;
  boot.kind = "host.boot";
  boot.title = "the host started with kernel " + host.release;
  boot.first = boot.last = record.at;
  boot.when = record.when;
  boot.host = record.host;
  boot.lines.push_back({record.at.line, to_utf8(record.text)});
  boot.set("kernel.release", host.release, record.at.line);
  if (auto stream = distribution_of(release); !stream.empty()) boot.set("kernel.stream", std::move(stream), record.at.line);
  if (auto arch = arch_of(release); !arch.empty()) boot.set("kernel.arch", std::move(arch), record.at.line);
  sink_(std::move(boot));
}

bool Assembler::take_by_open(const Record& record, OpenReport* open) {
  const bool paused = open->last_uptime && record.when.uptime &&
                      *record.when.uptime - *open->last_uptime > longest_pause;
  if (paused || open->full()) {
    close(open, open->full());
    return false;
  }
  // A dump behind the panic line is the panic's own report.
  if (open->panicked() && starts_report(record.text)) {
    const auto line = open->panic_line();
    close(open, false);
    Record panic = record;
    panic.text = line.text;
    panic.at = line.at;
    panic.when = line.when;
    if (const auto* row = KindTable::instance().find(panic.text, {}, captures_)) begin(panic, *row);
    open = open_for(record);
    return open && open->take(record);
  }
  if (open->take(record)) return true;
  // A console mixes in what programs print: lines without the stamp that the report's lines have.
  if (open->last_uptime && !record.when.uptime && ++open->unstamped < most_unstamped) return false;
  const int limit = open->ended() ? 4 : open->dumped() ? open->traits().after : open->traits().before;
  if (++open->foreign > limit) close(open, false);
  return false;
}

void Assembler::feed(const Record& record) {
  if (!from_kernel(record)) return;
  const auto text = record.text;
  OpenReport* open = open_.empty() ? nullptr : open_for(record);
  if (open && open->in_trace() && text.find("+0x") != std::string_view::npos && looks_like_frame(text)) {
    if (take_by_open(record, open)) return;
    open = open_for(record);
  }
  if (const auto release = banner_release(text); !release.empty()) return on_banner(record, release);
  if (auto event = parse_user_fault(record)) return sink_(std::move(*event));
  if (const auto* row = KindTable::instance().find(text, open ? std::string_view(open->kind()) : std::string_view{}, captures_))
    return on_row(record, open, *row);
  if (open && take_by_open(record, open)) return;
  open = open_.empty() ? nullptr : open_for(record);
  if (text.starts_with("SysRq : Show") || text.starts_with("sysrq: Show") || text.find("PC stack   pid father") != std::string_view::npos) task_list_ = 1;
  if (task_list_ && ++task_list_ > 100'000) task_list_ = 0;
  if (open || task_list_ || !starts_report(text)) {
    if (!open) {
      preceding_ = trim(text);
      preceding_line_ = record.at.line;
    }
    return;
  }
  if (open_.size() >= most_open) close(open_.front().get(), true);
  auto& report = open_.emplace_back(std::make_unique<OpenReport>(record));
  report->host = record.host;
  report->context = record.context;
  if (record.at.line - preceding_line_ <= 2) report->preceding = to_utf8(preceding_);
  report->take(record);
}

void Assembler::finish() {
  while (!open_.empty()) close(open_.front().get(), true);
  task_list_ = 0;
}

}  // namespace diag::kernel
