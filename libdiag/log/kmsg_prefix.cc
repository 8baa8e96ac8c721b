#include "log/kmsg_prefix.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "log/kernel_words.h"
#include "log/stamp.h"
#include "log/syslog_prefix.h"

namespace diag::transport {
namespace {

std::string_view skip_blanks(std::string_view s) {
  while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
  return s;
}

// "80 7c 24": the second half of a Code: line, whose "<80>" is no level.
bool is_code_bytes(std::string_view s) {
  s = skip_blanks(s);
  return s.size() >= 2 && is_hex(s[0]) && is_hex(s[1]) && (s.size() == 2 || s[2] == ' ');
}

// "[May18 10:11]" of dmesg -H.
bool take_human_minute(std::string_view& s) {
  if (s.size() < 13 || s[0] != '[' || s[12] != ']' || s[6] != ' ' || s[9] != ':') return false;
  if (!is_alpha(s[1]) || !is_alpha(s[3]) || !is_digit(s[5]) || !is_digit(s[7]) || !is_digit(s[11])) return false;
  s.remove_prefix(13);
  return true;
}

// "[  +0.000012]" of dmesg -H.
bool take_human_delta(std::string_view& s) {
  std::string_view rest = s;
  if (!consume(rest, "[")) return false;
  rest = skip_blanks(rest);
  if (!consume(rest, "+") || !take_uptime(rest) || !consume(rest, "]")) return false;
  s = rest;
  return true;
}

// " <    0.000100>" of dmesg --show-delta and journalctl -o short-delta.
bool take_delta(std::string_view& s) {
  std::string_view rest = skip_blanks(s);
  if (!consume(rest, "<") || !take_uptime(rest)) return false;
  rest = skip_blanks(rest);
  if (!consume(rest, ">")) return false;
  s = skip_blanks(rest);
  return true;
}

// Levels of Apache's error log, whose stamp looks like that of dmesg -T: "[error]", "[core:error]".
bool is_httpd_level(std::string_view s) {
  s = skip_blanks(s);
  if (!consume(s, "[")) return false;
  auto word = s.substr(0, s.find(']'));
  if (const auto colon = word.find(':'); colon != std::string_view::npos) word.remove_prefix(colon + 1);
  return word.size() < s.size() && (level_number(word) >= 0 || word.starts_with("trace"));
}

// Programs that write into the kernel's log by their own name.
bool is_kernel_log_writer(std::string_view name) {
  constexpr std::array<std::string_view, 4> exact = {"systemd", "udevd", "dracut", "plymouthd"};
  return std::ranges::find(exact, name) != exact.end() || name.starts_with("systemd-") || name.starts_with("dracut-");
}

// The kernel speaks of a program in the same form: "systemd[1]: segfault at ...".
bool is_kernels_word_on_a_program(std::string_view text) {
  return text.starts_with("segfault at ") || text.starts_with("trap ") || text.starts_with("general protection") ||
         text.starts_with("bad frame ") || text.starts_with("unhandled signal ");
}

constexpr std::size_t npos = std::string_view::npos;

bool is_uptime_stamp(std::string_view s) {
  if (s.size() < 10 || s[0] != '[') return false;
  s.remove_prefix(1);
  return take_uptime(s) && s.starts_with(']');
}

// " <0>" between two messages. Not "[<0>]", not "<3f>" of a Code: line.
bool is_level_mark_at(std::string_view text, std::size_t at) {
  if (at + 2 >= text.size() || text[at + 2] != '>') return false;
  const char level = text[at + 1], before = text[at - 1];
  return level >= '0' && level <= '7' && before != '[' && before != '<';
}

}  // namespace

bool level_mark(Envelope& e) {
  std::string_view s = e.text.substr(1);
  if (s.size() > 1 && s[1] == '>' && (s[0] == 'd' || s[0] == 'c')) {  // KERN_DEFAULT, KERN_CONT of 2.6.3x
    e.text = s.substr(2);
    e.stamped = true;
    return true;
  }
  const auto digits = take_while(s, is_digit);
  const auto number = digits.size() <= 3 ? parse_dec<unsigned>(digits) : std::nullopt;
  if (!number || *number > 191 || !consume(s, ">")) return false;
  if (digits.size() > 1 && is_code_bytes(s)) return false;
  e.level = static_cast<std::uint8_t>(*number & 7);
  e.facility = static_cast<std::uint8_t>(*number >> 3);
  e.stamped = true;
  e.text = s;
  if (s.starts_with("1 ")) rfc5424_line(e);
  return true;
}

bool uptime_stamp(Envelope& e) {
  std::string_view s = e.text.substr(1);
  const auto uptime = take_uptime(s);
  if (!uptime) return false;
  take_delta(s);
  if (!consume(s, "]")) return false;
  e.when.uptime = uptime;
  e.stamped = true;
  e.text = s;
  return true;
}

bool caller_stamp(Envelope& e) {
  std::string_view s = skip_blanks(e.text.substr(1));
  const auto start = s;
  if (s.empty() || (s[0] != 'T' && s[0] != 'C')) return false;
  s.remove_prefix(1);
  const auto number = take_while(s, is_digit);
  if (number.empty() || number.size() > 10 || !s.starts_with(']')) return false;
  e.context = start.substr(0, number.size() + 1);
  e.stamped = true;
  e.text = s.substr(1);
  return true;
}

bool human_stamp(Envelope& e) {
  std::string_view s = e.text;
  if (take_human_minute(s) || take_human_delta(s)) {
    e.text = s;
    e.stamped = true;
    return true;
  }
  s.remove_prefix(1);
  std::optional<Timestamp> time = take_ctime(s);
  if (!time) {
    if (const auto iso = take_iso_time(s)) time = iso->time;
  }
  if (!time) return false;
  take_delta(s);
  if (!consume(s, "]") || (!s.empty() && s.front() != ' ')) return false;
  e.when.wall = time;
  e.stamped = true;
  e.text = s;
  if (is_httpd_level(s)) e.program = "httpd";
  return true;
}

bool decoded_level(Envelope& e) {
  if (e.text.size() < 16 || e.text[6] != ':' || e.text[13] != ':' || e.text[14] != ' ') {
    // "authpriv:info  : " is wider than its column.
    if (!e.text.starts_with("authpriv:")) return false;
  }
  std::string_view s = e.text;
  const auto facility = take_until(s, ":");
  const auto level = take_until(s, ":");
  if (!facility || !level) return false;
  const int f = facility_number(trim_right(*facility)), l = level_number(trim_right(*level));
  if (f < 0 || l < 0) return false;
  e.facility = static_cast<std::uint8_t>(f);
  e.level = static_cast<std::uint8_t>(l);
  e.stamped = true;
  e.text = s;
  return true;
}

bool device_record(Envelope& e) {
  const auto head = e.text.substr(0, std::min<std::size_t>(e.text.size(), 160));
  const auto end = head.find(';');
  if (end == npos) return false;
  std::string_view s = head.substr(0, end);
  std::array<std::string_view, 4> fields;
  std::size_t n = 0;
  if (std::ranges::count(s, ',') >= 4 && s.find('.') < s.find(',')) take_until(s, ",");  // the kernel release
  for (auto& field : fields) {
    const auto taken = take_until(s, ",");
    field = taken ? *taken : s;
    ++n;
    if (!taken) break;
  }
  const auto priority = parse_dec<unsigned>(fields[0]);
  const auto micros = parse_dec<std::uint64_t>(fields[2]);
  if (n < 4 || !priority || *priority > 191 || !parse_dec(fields[1]) || !micros || fields[3].size() != 1) return false;
  e.level = static_cast<std::uint8_t>(*priority & 7);
  e.facility = static_cast<std::uint8_t>(*priority >> 3);
  e.when.uptime = static_cast<double>(*micros / 1'000'000) + static_cast<double>(*micros % 1'000'000) / 1e6;
  e.stamped = true;
  e.text = e.text.substr(end + 1);
  return true;
}

void name_kernel_log_writer(Envelope& e) {
  std::string_view s = e.text;
  const auto name = take_while(s, [](char c) { return is_word(c) || c == '-' || c == '.' || c == '/'; });
  if (name.empty() || is_digit(name[0]) || (e.facility == 0 && !is_kernel_log_writer(name))) {
    if (e.facility != 0) e.program = facility_name(e.facility);
    return;
  }
  Envelope trial = e;
  const bool named = take_tag(trial) && trial.program == name && !is_kernels_word_on_a_program(trial.text);
  if (named) e = trial;
  if (!named && e.facility != 0) e.program = facility_name(e.facility);
}

std::size_t glued_message(std::string_view text) {
  constexpr std::size_t step = 64;  // both characters are looked for in small steps, so that the whole stays linear
  const auto start = text.find_first_not_of(" \t");
  if (start == npos) return npos;
  for (std::size_t from = start + 1; from < text.size(); from += step) {
    const auto window = text.substr(from, step);
    std::size_t bracket = window.find('['), angle = window.find('<');
    while (bracket != npos || angle != npos) {
      const auto at = from + std::min(bracket, angle);
      if (bracket < angle) {
        if (is_uptime_stamp(text.substr(at))) return at;
        bracket = window.find('[', bracket + 1);
      } else {
        if (is_level_mark_at(text, at)) return at;
        angle = window.find('<', angle + 1);
      }
    }
  }
  return npos;
}

}  // namespace diag::transport
