#include "report/event_text.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"
#include "diag/kernel_report.h"
#include "report/names.h"
#include "report/trace_text.h"

namespace diag {

namespace {

constexpr std::size_t indent = 4;
constexpr std::size_t hang = 13;
constexpr Label row(std::string_view text) { return {indent, text, hang, Paint::none}; }

int digits(const KernelReport& k) { return k.word_bits == 32 ? 8 : 16; }

void add(std::string& list, std::string_view item, std::string_view separator = ", ") {
  if (item.empty()) return;
  if (!list.empty()) list += separator;
  list += item;
}

// "3 h 25 min": how long the machine had run, for a reader who thinks in days.
std::string duration(double seconds) {
  const auto minutes = static_cast<std::uint64_t>(seconds / 60);
  const std::uint64_t days = minutes / 1440, hours = minutes / 60 % 24;
  if (days) return fmt::format("{} days {} h", days, hours);
  return hours ? fmt::format("{} h {} min", hours, minutes % 60) : fmt::format("{} min", minutes);
}

std::string when(const EventTime& time) {
  std::string text;
  if (time.wall) text = spoken(*time.wall);
  if (time.uptime && std::isfinite(*time.uptime) && *time.uptime >= 0 && *time.uptime < 1e12) {
    add(text, fmt::format("{} s after boot", *time.uptime));
    if (*time.uptime >= 120) text += " (" + duration(*time.uptime) + ")";
  }
  return text;
}

std::string taint(const Taint& t) {
  if (!t.tainted) return "not tainted";
  std::string text = "tainted " + t.flags;
  std::string meanings;
  for (const auto& m : t.meanings) add(meanings, m, "; ");
  if (!meanings.empty()) text += ": " + meanings;
  return text;
}

std::string kernel(const KernelReport& k) {
  std::string text = k.release;
  if (!k.arch.empty() && k.release.find(k.arch) == std::string::npos) add(text, k.arch, " ");
  if (text.empty()) text = k.distribution;
  if (k.taint) add(text, taint(*k.taint));
  return text;
}

std::string task(const KernelReport& k) {
  std::string text;
  if (k.comm) text = *k.comm;
  if (k.pid) add(text, fmt::format("pid {}", *k.pid));
  if (k.cpu) add(text, fmt::format("cpu {}", *k.cpu));
  return text;
}

std::string fault(const KernelReport& k) {
  std::string facts;
  const Fault& f = k.fault;
  const auto told = [&](const std::string& what) { return f.explanation.find(what) != std::string::npos; };
  if (!f.instruction.empty() && !told(f.instruction)) add(facts, "instruction: " + f.instruction, "; ");
  if (f.address) {
    const std::string address = to_string(*f.address, digits(k));
    if (!told(address) && !told(address.substr(2)) && !told(fmt::format("{:#x}", value(*f.address))))
      add(facts, "address: " + address, "; ");
  }
  add(facts, f.explanation, "; ");
  return facts;
}

// The function the event is in, unless it is but the first frame of the trace.
std::string location(const KernelReport& k) {
  if (!k.function) return "";
  const auto is_same = [&](const Frame& f) { return f.line == k.function->line && f.symbol == k.function->symbol; };
  if (!k.function_is_ip && std::ranges::any_of(k.frames, is_same)) return "";
  return full_name(k.function->symbol) + extent(*k.function);
}

std::string blame(const KernelReport& k) {
  if (!k.culprit || k.culprit->symbol.name.empty()) return "";
  const auto plain = [](std::string_view name) { return name.substr(name.starts_with('.')); };  // ppc64 prints a dot
  if (k.function && plain(k.function->symbol.name) == plain(k.culprit->symbol.name)) return "";
  std::string text = full_name(k.culprit->symbol);
  if (!k.culprit->why.empty()) text += " (" + k.culprit->why + ")";
  return text;
}

// What no other row says.
std::string other_fields(const Event& event, const KernelReport& k) {
  std::string text;
  for (const auto& f : event.fields) {
    if (!has_own_key(f.name)) add(text, f.name + '=' + spoken(f.value, digits(k)));
  }
  return text;
}

std::string missing(const KernelReport& k) {
  std::string text;
  for (const auto& what : k.missing) add(text, what);
  return text;
}

}  // namespace

std::string place(const Facts& facts, SourceId source, std::uint64_t first_line, std::uint64_t last_line) {
  std::string text = spoken_name(facts, source);
  if (first_line) text += fmt::format(":{}", first_line);
  if (first_line && last_line > first_line) text += fmt::format("-{}", last_line);
  return text;
}

std::string place(const Facts& facts, const Event& event) {
  return place(facts, event.first.source, event.first.line, event.last.line);
}

std::string spoken(const Timestamp& time) {
  constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::string text = to_string(time);  // "2015-06-30T23:59:59.123456Z" or "--10-14T03:12:01"
  if (text.ends_with('Z')) text.replace(text.size() - 1, 1, " UTC");
  const std::size_t clock = text.find('T');
  if (clock == std::string::npos) return text;
  text[clock] = ' ';
  if (!text.starts_with("--") || text.size() < 7) return text;
  const auto month = parse_dec<std::size_t>(std::string_view(text).substr(2, 2)).value_or(0);
  return month >= 1 && month <= 12 ? std::string(months[month - 1]) + ' ' + text.substr(5) : text;
}

void write_event(TextPage& page, const Facts& facts, const Event& event) {
  static const KernelReport nothing;
  const KernelReport& k = event.kernel ? *event.kernel : nothing;
  const auto write = [&](std::string_view label, const std::string& text) {
    if (!text.empty()) page.paragraph(row(label), text);
  };
  write("where", place(facts, event));
  write("when", when(event.when));
  write("host", event.host);
  write("kernel", kernel(k));
  write("task", task(k));
  write("header", k.header);
  write("at", location(k));
  write("blame", blame(k));
  write("fault", fault(k));
  write_trace(page, row("trace"), k);
  if (page.style().all) write("more", other_fields(event, k));
  write("missing", missing(k));
}

}  // namespace diag
