#include "kernel/open_report.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "kernel/culprit.h"
#include "kernel/dump_line.h"
#include "kernel/event_fields.h"
#include "kernel/fault.h"
#include "kernel/fingerprint.h"
#include "kernel/ip_line.h"
#include "kernel/module_list.h"
#include "kernel/release.h"
#include "kernel/taint.h"
#include "kernel/task_line.h"

namespace diag::kernel {

namespace {

constexpr std::string_view trace_starts[] = {"Call Trace:", "Call trace:", "Call Trace (unreliable):", "Backtrace:", "backtrace:",
                                             "Stack backtrace:", "stack backtrace:", "Stack trace:", "Trace:", "Call Trace"};

// Traces that a report prints beside its own: who allocated an object, who waits for a lock ...
constexpr std::string_view other_traces[] = {"Allocated by task", "Freed by task", "INFO: Allocated in", "INFO: Freed in", "Allocated in ", "Freed in ",
                                             "Uninit was created at", "Uninit was stored to memory at", "Last potentially related work creation",
                                             "Second to last potentially related", "Last call_rcu", "write to 0x", "allocated by task",
                                             "freed by task", "Local variable ", "Memory state around the buggy"};

// Lines of a report that hold nothing we need, but belong to it.
constexpr std::string_view notes[] = {"Hardware name:", "Workqueue:", "last sysfs file:", "PGD ", "pgd = ", "*pde = ", "*pdpt = ", "*pte = ", "PML4 ",
                                      "#PF: ", "#PF error", "printing eip:", "Oops#", "Kernel Offset:", "------------[ cut here",
                                      "----------- [cut here", "=======", "Leftover inexact backtrace:", "Dumping ftrace buffer", "(ftrace buffer empty)",
                                      "other info that might help us", "Features:", "Last Breaking-Event-Address:", "Exception stack", "SMP ",
                                      "Rebooting in", "Mem abort info:", "ESR = ", "Data abort info:", "flags: ", "softirqs last", "hardirqs last",
                                      "irq event stamp:", "hardirqs last", "note: ", "caller is ", "status: ", "kasan: ", "KASAN: ", "Register r", "Register x", "Flags: ", "Control: ", "Stack: (0x", "task: ", "task.stack:", "Sending NMI", "NMI backtrace for cpu", "\"echo 0 > ",
                                      "Kernel code segment", "Instruction dump:", "Krnl Code:", "Krnl GPRS:", "EFLAGS:", "DWARF2 unwinder stuck",
                                      "DWARF2 barf", "Task dump for CPU", "Stack dump", "Modules linked in", "CR2:", "swapgs", "FS:  ", "CS:  ", "DR0:", "DR3:",
                                      "usercopy: ", "Tainted: [", "page:", "page dumped because", "handlers:", "PKRU:", "invalid opcode"};

bool begins_with_any(std::string_view text, std::span<const std::string_view> list) {
  return std::ranges::any_of(list, [&](std::string_view word) { return text.starts_with(word); });
}

// "de20:                   7da0 00000000 ...": ARM's memory dump.
bool is_memory_dump(std::string_view text) {
  auto rest = text;
  const auto digits = take_while(rest, is_hex);
  return (digits.size() == 4 || digits.size() == 8) && consume(rest, ": ") && is_hex(trim(rest).empty() ? 'x' : trim(rest).front());
}

bool is_hex_run(std::string_view text) {
  int digits = 0;
  std::vector<std::uint64_t> words;
  return parse_words(text, digits, words);
}

}  // namespace

bool starts_report(std::string_view text) {
  const auto s = trim(text);
  if (s.size() < 4) return false;
  if (begins_with_any(s, std::span(trace_starts).first(6))) return true;
  if (s.starts_with("Pid: ") || (s.starts_with("CPU: ") && s.find(" Comm: ") != s.npos) || (s.starts_with("Process ") && s.find(" (pid: ") != s.npos))
    return parse_task_line(s).has_value();
  if (s.starts_with("Stack: ")) return is_hex_run(s.substr(7));
  if (s.starts_with("Modules linked in:")) return true;
  if (s.starts_with("RIP") || s.starts_with("EIP") || s.starts_with("NIP") || s.starts_with("PC is at") || s.starts_with("Krnl PSW") ||
      s.starts_with("IP: [<")) {
    const auto ip = parse_ip_line(s, 0);
    return ip && !ip->user && (ip->frame.address || !ip->frame.symbol.name.empty());
  }
  if (s.starts_with("#") && s.find("}, at") != std::string_view::npos) return true;  // locks held
  return looks_like_frame(s);
}

OpenReport::OpenReport(const Record& record, const KindRow& row, const std::vector<Capture>& captures) {
  set_kind(row.kind);
  event_.first = event_.last = record.at;
  event_.when = record.when;
  event_.host = record.host;
  report_.header = to_utf8(trim(record.text));
  keep(record);
  for (const auto& c : captures) capture(c, record.at.line);
  if (const auto special = kind_of_file(file_, header_function_ ? header_function_->symbol.name : ""); !special.empty() && traits_->general)
    set_kind(special);
  if (event_.kind == "rcu_stall") take_stalled_cpu(trim(record.text), record.at.line);
}

OpenReport::OpenReport(const Record& record) {
  set_kind("oops");
  event_.first = event_.last = record.at;
  event_.when = record.when;
  event_.host = record.host;
}

void OpenReport::set_kind(std::string_view kind) {
  event_.kind = kind;
  traits_ = &traits_of(kind);
}

void OpenReport::keep(const Record& record) {
  event_.last = record.at;
  foreign = 0;
  if (record.when.uptime) last_uptime = record.when.uptime;
  if (event_.lines.size() < line_limit) event_.lines.push_back({record.at.line, to_utf8(trim_right(record.text))});
}

void OpenReport::capture(const Capture& c, std::uint64_t line) {
  if (c.text.empty()) return;
  if (c.name == "function") {
    auto text = c.text;
    PrintedSymbol printed;
    if (!take_symbol(text, printed) || header_function_) return;
    Frame& frame = header_function_.emplace();
    frame.symbol = std::move(printed.symbol);
    frame.offset = printed.offset;
    frame.size = printed.size;
    frame.line = line;
    return;
  }
  if (c.name == "task.comm") report_.comm = to_utf8(trim(c.text));
  if (c.name == "task.pid") report_.pid = parse_dec<std::uint32_t>(c.text);
  if (c.name == "cpu") report_.cpu = parse_dec<std::uint32_t>(c.text);
  if (c.name == "fault.address") report_.fault.address = Addr{parse_hex(c.text).value_or(0)};
  if (c.name == "fault.error") report_.fault.error = parse_hex(c.text);
  if (c.name == "oops.number") report_.oops_number = parse_dec<std::uint32_t>(c.text).value_or(0);
  if (c.name == "file") file_ = c.text;
  if (event_.field(c.name)) return;  // the first statement counts
  switch (c.type) {
    case 'd':
      if (const auto v = parse_dec(c.text)) event_.set(std::string(c.name), static_cast<double>(*v), line);
      break;
    case 'x':
      if (const auto v = parse_hex(c.text)) event_.set(std::string(c.name), static_cast<double>(*v), line);
      break;
    case 'a':
      if (const auto v = parse_hex(c.text)) event_.set(std::string(c.name), Addr{*v}, line);
      break;
    default: event_.set(std::string(c.name), to_utf8(trim(c.text)), line);
  }
}

void OpenReport::join(const Record& record, const std::vector<Capture>& captures, std::string_view kind) {
  if (!kind.empty()) set_kind(kind);
  if (report_.header.empty()) report_.header = to_utf8(trim(record.text));
  keep(record);
  for (const auto& c : captures) capture(c, record.at.line);
  if (const auto special = kind_of_file(file_, header_function_ ? header_function_->symbol.name : ""); !special.empty() && traits_->general)
    set_kind(special);
}

void OpenReport::panic(const Record& record, const std::vector<Capture>& captures) {
  keep(record);
  for (const auto& c : captures) capture(c, record.at.line);
  if (!event_.field("panic.reason")) event_.set("panic.reason", to_utf8(trim(record.text)), record.at.line);
  panicked_ = !report_.frames.empty();  // else the dump that follows completes this report
  panic_line_ = {to_utf8(record.text), record.at, record.when};
  in_trace_ = false;
  expect_ = Expect::nothing;
}

bool OpenReport::take(const Record& record) {
  const auto line = record.at.line;
  const auto text = record.text;
  if (trim(text).empty()) {
    if (expect_ != Expect::stack) expect_ = Expect::nothing;
    return true;
  }
  const bool taken = take_trace_start(text, line) || take_frames(text, line) || take_ip(text, line) || take_task(text, line) ||
                     take_modules(text) || take_stack(text, line) || take_code(text, line) || take_registers(text) || take_note(text, line);
  if (taken) keep(record);
  return taken;
}

bool OpenReport::take_trace_start(std::string_view text, std::uint64_t line) {
  auto s = trim(text);
  if (begins_with_any(s, other_traces)) {
    other_trace_ = !report_.frames.empty() || event_.kind == "kmsan";
    in_trace_ = true;
    trace_ = {};
    return true;
  }
  for (const auto start : trace_starts) {
    if (!consume(s, start)) continue;
    if (ended_ || (start == "Call Trace" && !trim(s).empty())) return false;
    trace_ = {};
    trace_.guesses = start.find("unreliable") != std::string_view::npos;
    in_trace_ = true;
    if (start == "stack backtrace:" && event_.kind == "lockdep") report_.frames.clear();
    other_trace_ = other_trace_ && start.ends_with("backtrace:") && event_.kind != "lockdep";
    expect_ = Expect::nothing;
    if (!trim(s).empty()) take_frame_line(s, line, true, trace_, report_.frames);
    dumped_ = dumped_ || !report_.frames.empty();
    return true;
  }
  return false;
}

bool OpenReport::take_frames(std::string_view text, std::uint64_t line) {
  if (ended_ || (!in_trace_ && !looks_like_frame(text))) return false;
  std::vector<Frame> found;
  if (!take_frame_line(text, line, in_trace_, trace_, found)) return false;
  expect_ = Expect::nothing;
  if (std::exchange(lock_follows_, false) && !lock_function_ && !found.empty()) {
    lock_function_ = std::move(found.front());
    return true;
  }
  if (std::exchange(swallow_frame_, false) || other_trace_) return true;
  const bool continues_header = traits_->fault && !in_trace_ && !dumped_ && !report_.function && found.size() == 1 && !headerless();
  if (continues_header && event_.lines.size() <= 3) {  // EL4, EL5: the line behind "... at A RIP:"
    report_.function = std::move(found.front());
    report_.function->trust = Trust::plain;
    report_.function->note.clear();
    report_.function_is_ip = true;
    return true;
  }
  in_trace_ = true;
  dumped_ = dumped_ || !found.empty();
  std::ranges::move(found, std::back_inserter(report_.frames));
  return true;
}

// Since 4.14 a trace shows the registers of an interrupted context in its midst, and goes on behind them.
void OpenReport::interrupt_trace() { in_trace_ = in_trace_ && !report_.frames.empty() && !report_.frames.back().address; }

bool OpenReport::take_ip(std::string_view text, std::uint64_t line) {
  auto ip = parse_ip_line(text, line);
  if (!ip) return false;
  if (const auto task = parse_task_line(text); task && task->taint) take_task(text, line);  // i386: both on one line
  interrupt_trace();
  expect_ = Expect::nothing;
  if (!ip->arch.empty() && report_.arch.empty()) report_.arch = ip->arch;
  if (ip->stack_pointer && !report_.reg("rsp")) report_.registers.push_back({"rsp", *ip->stack_pointer});
  if (ip->user) return true;
  Frame& frame = ip->frame;
  if (frame.symbol.name.empty() && !frame.address) return true;
  if (frame.symbol.name.empty() && ip->closing && !report_.frames.empty()) return true;  // the system call's caller: user space
  const bool better = !report_.function || (report_.function->symbol.name.empty() && !frame.symbol.name.empty());
  if (!better) return true;
  if (report_.function && !frame.address) frame.address = report_.function->address;
  report_.function = std::move(frame);
  report_.function_is_ip = true;
  dumped_ = dumped_ || !trim_left(text).starts_with("IP: ");  // that one belongs to the first lines: "Oops:" follows
  if (report_.function->address && (report_.arch == "x86_64" || report_.arch == "i386")) {
    const std::string name = report_.arch == "i386" ? "eip" : "rip";
    if (!report_.reg(name)) report_.registers.insert(report_.registers.begin(), {name, *report_.function->address});
  }
  return true;
}

bool OpenReport::take_task(std::string_view text, std::uint64_t line) {
  const auto task = parse_task_line(text);
  if (!task) return false;
  in_trace_ = false;
  if (task->comm && !report_.comm) {
    report_.comm = to_utf8(*task->comm);
    event_.set("task.comm", *report_.comm, line);
  }
  if (task->pid && !report_.pid) {
    report_.pid = task->pid;
    event_.set("task.pid", static_cast<double>(*task->pid), line);
  }
  if (task->cpu && !report_.cpu) {
    report_.cpu = task->cpu;
    event_.set("cpu", static_cast<double>(*task->cpu), line);
  }
  if (task->taint && taint_.empty()) taint_ = *task->taint;
  if (!task->release.empty() && report_.release.empty()) {
    report_.release = to_utf8(task->release);
    event_.set("kernel.release", report_.release, line);
  }
  return true;
}

bool OpenReport::take_modules(std::string_view text) {
  auto s = trim(text);
  if (consume(s, "Modules linked in:")) {
    in_trace_ = false;
    bool done = false;
    if (report_.modules.empty()) parse_module_list(s, report_.modules, done);
    expect_ = done ? Expect::nothing : Expect::modules;
    return true;
  }
  if (expect_ != Expect::modules || s.find(':') != std::string_view::npos || s.find('+') != std::string_view::npos) return false;
  bool done = false;
  if (!parse_module_list(s, report_.modules, done)) return false;
  if (done) expect_ = Expect::nothing;
  return true;
}

bool OpenReport::take_stack(std::string_view text, std::uint64_t line) {
  auto s = trim(text);
  const bool label = consume(s, "Stack:");
  if (label && trim(s).empty()) {
    expect_ = Expect::stack;
    in_trace_ = false;
    return true;
  }
  const bool ppc = consume(s, "Instruction dump:");
  if (ppc) return true;
  if (!label && expect_ != Expect::stack && event_.kind != "hung_task") return false;
  if (ended_ || report_.stack.size() > 4096) return false;
  std::vector<std::uint64_t> words;
  int digits = report_.word_bits / 4;
  if (!parse_words(s, digits, words)) return label;
  if (report_.stack.empty()) report_.stack_line = line;
  if (label || expect_ == Expect::stack) {
    report_.word_bits = digits * 4;
    std::ranges::copy(words, std::back_inserter(report_.stack));
    expect_ = Expect::stack;
    dumped_ = true;
  }
  in_trace_ = false;
  return true;
}

bool OpenReport::take_code(std::string_view text, std::uint64_t line) {
  auto s = trim(text);
  if (consume(s, "Code:")) {
    interrupt_trace();
    expect_ = Expect::nothing;
    if (report_.code) return true;
    if (auto code = parse_code(s)) {
      report_.code = std::move(code);
      report_.code_line = line;
      dumped_ = true;
    } else if (s.find("Bad RIP value") != std::string_view::npos || s.find("Bad EIP value") != std::string_view::npos) {
      event_.set("code.bad_ip", true, line);
    }
    return true;
  }
  return false;
}

bool OpenReport::take_registers(std::string_view text) {
  if (!parse_register_line(text, report_.registers)) return false;
  interrupt_trace();
  if (expect_ == Expect::stack) expect_ = Expect::nothing;
  dumped_ = true;
  if (report_.reg("gpr0") && report_.arch.empty()) report_.arch = "ppc64";
  if (report_.reg("x0") && report_.arch.empty()) report_.arch = "arm64";
  if (report_.reg("rax") && report_.arch.empty()) report_.arch = "x86_64";
  if (report_.reg("eax") && report_.arch.empty()) report_.arch = "i386";
  return true;
}

void OpenReport::take_lock(std::string_view text, std::uint64_t line) {
  auto at = text.find(" at: ");
  if (at == std::string_view::npos) at = text.find(", at ");
  if (at == std::string_view::npos) return;
  auto s = trim_left(text.substr(at + 4));
  consume(s, ":");
  s = trim_left(s);
  std::optional<Addr> address;
  PrintedSymbol printed, klogd;
  if (take_bracket_address(s, address, klogd)) s = trim_left(s);
  if (!take_symbol(s, printed)) {
    const auto name = take_while(s, [](char c) { return is_word(c) || c == '.'; });
    if (name.empty() || (!s.empty() && !is_space(s.front()))) return;
    printed.symbol.name = name;
  }
  List locks;
  if (const auto* known = event_.get<List>("lockdep.locks")) locks = *known;
  if (locks.size() < 64) locks.push_back(to_utf8(trim(text)));
  event_.set("lockdep.locks", std::move(locks), line);
  if (lock_function_) return;
  Frame& frame = lock_function_.emplace();
  frame.address = address;
  frame.symbol = std::move(printed.symbol);
  frame.offset = printed.offset;
  frame.size = printed.size;
  frame.line = line;
}

// "1-...!: (10499 ticks this GP) idle=...", "0: (1 GPs behind) idle=..."; before EL7 the list stands in braces on the first line.
void OpenReport::take_stalled_cpu(std::string_view text, std::uint64_t line) {
  List cpus;
  if (const auto* known = event_.get<List>("rcu.cpus")) cpus = *known;
  auto s = text;
  if (const auto at = s.find("{"); at != std::string_view::npos && s.find("stall") != std::string_view::npos) {
    s.remove_prefix(at + 1);
    for (s = trim_left(s); !s.empty() && is_digit(s.front()); s = trim_left(s)) cpus.emplace_back(take_while(s, is_digit));
  } else {
    consume(s, "rcu:");
    s = trim_left(s);
    const auto cpu = take_while(s, is_digit);
    if (cpu.empty() || s.find(": (") == std::string_view::npos) return;
    cpus.emplace_back(cpu);
  }
  if (!cpus.empty() && cpus.size() <= 4096) event_.set("rcu.cpus", std::move(cpus), line);
}

bool OpenReport::take_note(std::string_view text, std::uint64_t line) {
  const auto s = trim(text);
  if (s.starts_with("---[ end")) {
    ended_ = true;
    in_trace_ = false;
    expect_ = Expect::nothing;
    return true;
  }
  if (s.starts_with("LR [") || s.starts_with("LR is at") || s.starts_with("lr : ") || s.starts_with("RSP:") || s.starts_with("RSP <") || s.starts_with("ra : "))
    return true;
  if (s.starts_with("Leftover inexact backtrace:")) {
    trace_.guesses = true;
    in_trace_ = true;
    return true;
  }
  if (s.starts_with("Preemption disabled at:")) {
    swallow_frame_ = true;
    in_trace_ = false;
    return true;
  }
  if (begins_with_any(s, notes) || is_memory_dump(s)) return true;
  if (headerless() && s.starts_with("#") && s.find("}, at") != s.npos) set_kind("lockdep");
  if (event_.kind == "lockdep" && (s.find(" at") != s.npos || s.starts_with("-> #") || s.starts_with("#") || s.find("lock") != s.npos)) {
    take_lock(s, line);
    lock_follows_ = s.ends_with(" at:");
    if (s.starts_with("-> #")) in_trace_ = true;
    return true;
  }
  if (event_.kind == "kasan" || event_.kind == "slab_corruption") {
    if (s.starts_with("Read of size") || s.starts_with("Write of size") || s.starts_with("The buggy address") || s.starts_with(">ffff") || s.starts_with("ffff"))
      return true;
  }
  if (event_.kind == "rcu_stall") take_stalled_cpu(s, line);
  if (event_.kind == "rcu_stall" && (s.find("GPs behind") != s.npos || s.find("idle=") != s.npos || s.find("jiffies") != s.npos)) return true;
  // "i386 printing eip": the address alone on its line
  return traits_->fault && !dumped_ && s.size() == 8 && std::ranges::all_of(s, is_hex);
}

bool OpenReport::substantial() const {
  return !report_.header.empty() || report_.function_is_ip || lock_function_ || std::ranges::count_if(report_.frames, [](const Frame& f) { return !f.symbol.name.empty(); }) >= 2;
}

bool OpenReport::is_warning_tail() const {
  return headerless() && !report_.function_is_ip &&
         std::ranges::any_of(report_.frames, [](const Frame& f) { return f.symbol.name.starts_with("warn_slowpath_"); });
}

// Somebody called dump_stack(): the line before it says why.
void OpenReport::adopt_preceding() {
  if (!headerless() || preceding.empty() || report_.function_is_ip || report_.frames.empty()) return;
  const auto name = clean_name(report_.frames.front().symbol.name);
  if (name != "dump_stack" && name != "show_stack" && name != "dump_stack_lvl" && name != "show_trace") return;
  report_.header = preceding;
  set_kind("warning");
}

void OpenReport::choose_function() {
  if (event_.kind == "lockdep" && lock_function_) {
    report_.function = lock_function_;
    return;
  }
  if (header_function_) {
    if (report_.function && report_.function->symbol == header_function_->symbol) header_function_->address = report_.function->address;
    report_.function = header_function_;
  }
  if (report_.function) return;
  const auto reliable = [](const Frame& f) { return f.reliable && f.trust != Trust::stale && !f.symbol.name.empty(); };
  auto at = std::ranges::find_if(report_.frames, reliable);
  if (at == report_.frames.end()) at = std::ranges::find_if(report_.frames, [](const Frame& f) { return !f.symbol.name.empty(); });
  if (at != report_.frames.end()) report_.function = *at;
}

void OpenReport::state_missing(bool cut) {
  auto& missing = report_.missing;
  if (headerless()) {
    missing.push_back("header");
    missing.push_back("kind");
  }
  if (report_.release.empty()) missing.push_back("release");
  const bool dump = traits_->fault || headerless();
  const auto value_registers = std::ranges::count_if(report_.registers, [](const Register& r) { return r.name != "rip" && r.name != "rsp" && r.name != "eip"; });
  if (dump && value_registers == 0) missing.push_back("registers");
  if (dump && !report_.code) missing.push_back("code");
  if (report_.frames.empty() && !traits_->one_line) missing.push_back("frames");
  const bool prints_end = report_.distribution >= "el6" && report_.distribution < "el99" && (traits_->fault || event_.kind == "warning");
  if ((cut && (in_trace_ || expect_ != Expect::nothing) && !ended_ && prints_end) || full()) missing.push_back("end");
}

Event OpenReport::finish(bool cut, std::string_view host_release) {
  adopt_preceding();
  if (report_.release.empty() && !host_release.empty()) {
    report_.release = host_release;
    event_.set("kernel.release", report_.release);
  }
  report_.distribution = distribution_of(report_.release);
  if (const auto arch = arch_of(report_.release); !arch.empty()) report_.arch = arch;
  choose_function();
  if (report_.arch.empty()) report_.arch = arch_by_addresses(report_);
  if (!taint_.empty()) {
    report_.taint = parse_taint(taint_, report_.distribution);
    name_tainting_modules(*report_.taint, report_.modules);
  }
  if (report_.word_bits == 0) report_.word_bits = report_.arch == "i386" || report_.arch == "arm" ? 32 : 64;
  state_missing(cut);
  explain_fault(event_.kind, report_, event_);
  report_.culprit = find_culprit(event_.kind, report_);
  set_fingerprints(event_.kind, report_);
  state_fields(report_, event_);
  event_.title = title_of(event_, report_);
  event_.kernel = std::make_shared<const KernelReport>(std::move(report_));
  return std::move(event_);
}

}  // namespace diag::kernel
