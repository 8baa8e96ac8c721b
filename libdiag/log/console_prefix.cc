#include "log/console_prefix.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "log/kernel_words.h"
#include "log/kmsg_prefix.h"
#include "log/stamp.h"
#include "log/syslog_prefix.h"

namespace diag::transport {
namespace {

// ">>EIP; c0123456 <sym+12/34>" is ksymoops's own text.
bool is_ksymoops(std::string_view s) {
  constexpr std::array<std::string_view, 5> marks = {">>EIP;", ">>RIP;", ">>PC;", ">>NIP;", ">>UNKNOWN"};
  return std::ranges::any_of(marks, [s](std::string_view mark) { return s.starts_with(mark); });
}

// "| text": one bar alone. A second one makes it a table.
bool is_bar_mark(std::string_view s) {
  return s.size() > 2 && s[0] == '|' && s[1] == ' ' && s.find('|', 2) == std::string_view::npos;
}

std::string_view skip_blanks(std::string_view s) {
  while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
  return s;
}

}  // namespace

bool quote_mark(Envelope& e) {
  if (e.stamped) return false;
  std::string_view s = e.text;
  const char* behind = s.data();
  while (!s.empty() && !is_ksymoops(s)) {
    if (s[0] != '>' && !is_bar_mark(s)) break;
    behind = s.data() + 1;
    s = skip_blanks(s.substr(1));
  }
  if (behind == e.text.data()) return false;
  e.indented = s.data() - behind > 1;
  e.text = s;
  e.quoted = true;
  return true;
}

bool xen_console(Envelope& e) {
  if (!consume(e.text, "(XEN) ")) return false;
  e.text = skip_blanks(e.text);
  if (e.text.starts_with('[')) uptime_stamp(e) || human_stamp(e);
  e.program = "xen";
  e.stamped = true;
  return true;
}

bool clock_stamp(Envelope& e) {
  std::string_view s = e.text;
  if (!take_clock(s) || !s.starts_with(' ')) return false;
  s = skip_blanks(s);
  if (!s.starts_with('[') && !s.starts_with('<') && !starts_kernel_line(s)) return false;
  e.text = s;
  e.stamped = true;
  return true;
}

bool logcat_line(Envelope& e) {
  std::string_view s = e.text;
  if (s.size() < 30 || s[2] != '-' || s[5] != ' ' || !is_digit(s[3])) return false;
  s.remove_prefix(6);
  if (!take_clock(s)) return false;
  s = skip_blanks(s);
  const auto pid = parse_dec<std::uint32_t>(take_while(s, is_digit));
  s = skip_blanks(s);
  const auto thread = parse_dec<std::uint32_t>(take_while(s, is_digit));
  if (!pid || !thread || s.size() < 4 || s[0] != ' ' || s[2] != ' ') return false;
  constexpr std::string_view letters = "VDIWEF";
  constexpr std::array<std::uint8_t, 6> levels = {7, 7, 6, 4, 3, 2};
  const auto at = letters.find(s[1]);
  if (at == std::string_view::npos) return false;
  s.remove_prefix(3);
  const auto tag = take_until(s, ":");
  if (!tag) return false;
  e.program = trim_right(*tag);
  if (*pid != 0) e.pid = pid;
  e.level = levels[at];
  e.text = skip_blanks(s);
  e.stamped = true;
  return true;
}

}  // namespace diag::transport
