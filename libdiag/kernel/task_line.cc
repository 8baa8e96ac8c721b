#include "kernel/task_line.h"

#include "base/text.h"

namespace diag::kernel {

namespace {

std::optional<std::uint32_t> take_dec(std::string_view& s) {
  s = trim_left(s);
  return parse_dec<std::uint32_t>(take_while(s, is_digit));
}

// A release begins with a digit and holds a dot: "2.6.9-89.ELsmp".
bool is_release(std::string_view word) {
  return word.size() >= 3 && is_digit(word.front()) && word.find('.') != std::string_view::npos;
}

std::string_view next_word(std::string_view& s) {
  s = trim_left(s);
  return take_while(s, [](char c) { return !is_space(c); });
}

// "Not tainted V #1" or "Tainted: PF   W  ---- V #1": flags up to the first word that is a release.
bool take_taint(std::string_view s, TaskLine& out) {
  s = trim_left(s);
  if (consume(s, "Not tainted")) {
    out.taint = "Not tainted";
  } else if (consume(s, "Tainted:")) {
    const auto start = s;
    auto rest = s;
    for (auto word = next_word(rest); !word.empty() && !is_release(word); word = next_word(rest)) {
      if (word == "VLI" || word.starts_with("[")) break;
      s = rest;
    }
    out.taint = start.substr(0, start.size() - s.size());
  } else {
    return false;
  }
  const auto word = next_word(s);
  if (is_release(word)) out.release = word;
  return true;
}

// The name runs up to the taint text; it may hold blanks and brackets ("perl [worker]").
void take_comm_and_taint(std::string_view s, TaskLine& out) {
  for (const std::string_view stop : {" Kdump: ", " Not tainted", " Tainted: "}) {
    const auto at = s.find(stop);
    if (at == std::string_view::npos) continue;
    if (!out.comm) out.comm = trim(s.substr(0, at));
    if (stop == " Kdump: ") {
      s = s.substr(at + stop.size());
      next_word(s);
      take_taint(s, out);
    } else {
      take_taint(s.substr(at), out);
    }
    return;
  }
  out.comm = trim(s);
}

std::optional<TaskLine> parse_pid_comm(std::string_view s) {  // "Pid: N, comm: C ..."
  TaskLine out;
  out.pid = take_dec(s);
  consume(s, ",");
  s = trim_left(s);
  if (!consume(s, "comm:")) return std::nullopt;
  s = trim_left(s);
  take_comm_and_taint(s, out);
  return out;
}

std::optional<TaskLine> parse_cpu_line(std::string_view s) {  // "CPU: N PID: N Comm: C", "CPU: N Not tainted V", "CPU:    N"
  TaskLine out;
  out.cpu = take_dec(s);
  if (!out.cpu) return std::nullopt;
  s = trim_left(s);
  if (consume(s, "UID:")) {
    take_dec(s);
    s = trim_left(s);
  }
  if (consume(s, "PID:")) {
    out.pid = take_dec(s);
    s = trim_left(s);
    if (consume(s, "Comm:")) take_comm_and_taint(trim_left(s), out);
    return out;
  }
  if (s.empty() || take_taint(s, out)) return out;
  return std::nullopt;
}

std::optional<TaskLine> parse_process(std::string_view s) {  // "Process C (pid: N, threadinfo A, task A)"
  const auto at = s.rfind(" (pid: ");
  if (at == std::string_view::npos) return std::nullopt;
  TaskLine out;
  out.comm = trim(s.substr(0, at));
  s.remove_prefix(at + 7);
  out.pid = take_dec(s);
  return out.pid ? std::optional(out) : std::nullopt;
}

std::optional<TaskLine> parse_ppc_task(std::string_view s) {  // "TASK = c0000000[123] 'comm' THREAD: c0000000 CPU: 0"
  TaskLine out;
  if (!take_until(s, "[")) return std::nullopt;
  out.pid = take_dec(s);
  if (!take_until(s, "'")) return std::nullopt;
  out.comm = take_until(s, "'");
  if (const auto at = s.find("CPU:"); at != std::string_view::npos) {
    s.remove_prefix(at + 4);
    out.cpu = take_dec(s);
  }
  return out;
}

std::optional<TaskLine> parse_i386_flags(std::string_view s) {  // "EFLAGS: 00010246   (2.6.18-274.el5 #1)"
  TaskLine out;
  if (!take_until(s, "(")) return std::nullopt;
  const auto word = next_word(s);
  const auto release = word.substr(0, word.find(')'));
  if (!is_release(release)) return std::nullopt;
  out.release = release;
  return out;
}

}  // namespace

std::optional<TaskLine> parse_task_line(std::string_view text) {
  auto s = trim(text);
  if (consume(s, "Pid: ")) return parse_pid_comm(s);
  if (consume(s, "CPU:")) return parse_cpu_line(s);
  if (consume(s, "Process ")) return parse_process(s);
  if (consume(s, "TASK = ") || consume(s, "TASK: ")) return parse_ppc_task(s);
  if (consume(s, "EFLAGS:")) return parse_i386_flags(s);
  if (auto rest = s; consume(rest, "CPU ")) {  // EL4 to EL6 x86_64: "CPU 1", a soft lockup's "CPU 1:"
    TaskLine out;
    out.cpu = take_dec(rest);
    consume(rest, ":");
    if (out.cpu && trim(rest).empty()) return out;
    return std::nullopt;
  }
  TaskLine out;
  if (s.starts_with("EIP:")) {
    const auto at = s.find("ainted");
    if (at == std::string_view::npos) return std::nullopt;
    const auto start = s.rfind("Not t", at) != std::string_view::npos ? s.rfind("Not t", at) : at - 1;
    return take_taint(s.substr(start), out) ? std::optional(out) : std::nullopt;
  }
  if ((s.starts_with("Not tainted") || s.starts_with("Tainted: ")) && take_taint(s, out)) return out;
  return std::nullopt;
}

std::string_view banner_release(std::string_view text) {
  auto s = trim_left(text);
  if (!consume(s, "Linux version ")) return {};
  const auto word = next_word(s);
  return is_release(word) ? word : std::string_view{};
}

}  // namespace diag::kernel
