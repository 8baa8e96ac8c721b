#include "support/transport.h"

#include <fmt/format.h>
#include <array>
#include <cstdint>
#include <vector>

namespace diag::test {
namespace {

using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

std::string_view without_front_blanks(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  return s;
}

// Time goes on from line to line.
struct Clock {
  std::size_t n = 0;
  std::string uptime() const { return fmt::format("[{:5}.{:06}]", 12 + n / 50, 345678 + n % 50); }
  std::string second() const { return fmt::format("{:02}", 1 + n / 50 % 59); }
};

using Line = std::string (*)(std::string_view line, const Clock& clock);

std::string plain(std::string_view line, const Clock&) { return fmt::format("{}\n", line); }
std::string dmesg_ts(std::string_view line, const Clock& c) { return fmt::format("{} {}\n", c.uptime(), line); }
std::string dmesg_caller(std::string_view line, const Clock& c) {
  return fmt::format("{}[   T12] {}\n", c.uptime(), line);
}
std::string level(std::string_view line, const Clock&) { return fmt::format("<4>{}\n", line); }
std::string level_ts(std::string_view line, const Clock& c) { return fmt::format("<4>{} {}\n", c.uptime(), line); }
std::string syslog(std::string_view line, const Clock& c) {
  return fmt::format("Oct 14 03:12:{} host1 kernel: {}\n", c.second(), without_front_blanks(line));
}
std::string syslog_ts(std::string_view line, const Clock& c) {
  return fmt::format("Oct 14 03:12:{} host1 kernel: {} {}\n", c.second(), c.uptime(), line);
}
std::string syslog_level(std::string_view line, const Clock& c) {
  return fmt::format("Oct 14 03:12:{} host1 kernel: <4>{} {}\n", c.second(), c.uptime(), line);
}
std::string syslog_twice(std::string_view line, const Clock& c) {
  return fmt::format("Oct 14 03:12:{} host1 kernel: kernel: {}\n", c.second(), line);
}
std::string rfc3339(std::string_view line, const Clock& c) {
  return fmt::format("2014-11-20T01:02:{}.123456+01:00 host1 kernel: {}\n", c.second(), line);
}
std::string rfc5424(std::string_view line, const Clock& c) {
  return fmt::format("<4>1 2003-10-11T22:14:{}.003Z host1 kernel - - - {}\n", c.second(), line);
}
std::string journal_short(std::string_view line, const Clock& c) {
  return fmt::format("Mar 01 00:00:{} host1 kernel: {}\n", c.second(), line);
}
std::string journal_iso(std::string_view line, const Clock& c) {
  return fmt::format("2014-03-01T00:00:{}+0000 host1 kernel: {}\n", c.second(), line);
}
std::string journal_full(std::string_view line, const Clock& c) {
  return fmt::format("Sat 2014-03-01 00:00:{} UTC host1 kernel: {}\n", c.second(), line);
}
std::string journal_monotonic(std::string_view line, const Clock& c) {
  return fmt::format("{} host1 kernel: {}\n", c.uptime(), line);
}
std::string journal_unix(std::string_view line, const Clock& c) {
  return fmt::format("13936320{}.123456 host1 kernel: {}\n", c.second(), line);
}

std::string json_escaped(std::string_view line) {
  std::string out;
  for (const char c : line) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", c);
    } else {
      out += c;
    }
  }
  return out;
}

std::string journal_json(std::string_view line, const Clock& c) {
  // A message with odd bytes is an array of numbers there.
  std::string message = "\"" + json_escaped(line) + "\"";
  if (line.find('\t') != std::string_view::npos) {
    message = "[";
    for (const char byte : line)
      message += fmt::format("{}{}", message.size() > 1 ? "," : "", static_cast<unsigned char>(byte));
    message += "]";
  }
  return fmt::format(
      R"({{"__CURSOR":"s=1;i={0}","__REALTIME_TIMESTAMP":"13936320{1}123456","__MONOTONIC_TIMESTAMP":"12345678",)"
      R"("_BOOT_ID":"0123456789abcdef0123456789abcdef","_TRANSPORT":"kernel","PRIORITY":"4","_HOSTNAME":"host1",)"
      R"("SYSLOG_IDENTIFIER":"kernel","_SOURCE_MONOTONIC_TIMESTAMP":"12345678","MESSAGE":{2}}})"
      "\n",
      c.n, c.second(), message);
}

std::string journal_export(std::string_view line, const Clock& c) {
  std::string message = fmt::format("MESSAGE={}\n", line);
  if (line.find('\t') != std::string_view::npos) {
    message = "MESSAGE\n";
    for (int i = 0; i < 8; ++i) message += static_cast<char>(static_cast<std::uint64_t>(line.size()) >> (8 * i) & 0xff);
    message += fmt::format("{}\n", line);
  }
  return fmt::format(
      "__CURSOR=s=1;i={}\n__REALTIME_TIMESTAMP=13936320{}123456\n__MONOTONIC_TIMESTAMP=12345678\n_TRANSPORT=kernel\n"
      "PRIORITY=4\n_HOSTNAME=host1\nSYSLOG_IDENTIFIER=kernel\n{}\n",
      c.n, c.second(), message);
}

std::string journal_verbose(std::string_view line, const Clock& c) {
  return fmt::format(
      "Sat 2014-03-01 00:00:{}.123456 UTC [s=1;i={};b=2;m=3;t=4;x=5]\n    _TRANSPORT=kernel\n    PRIORITY=4\n"
      "    _HOSTNAME=host1\n    MESSAGE={}\n    SYSLOG_IDENTIFIER=kernel\n",
      c.second(), c.n, line);
}

std::string crlf(std::string_view line, const Clock&) { return fmt::format("{}\r\n", line); }
std::string ansi(std::string_view line, const Clock& c) {
  return fmt::format("\x1b[32m{}\x1b[0m \x1b[1;31m{}\x1b[0m\x1b[K\r\n", c.uptime(), line);
}

std::string nbsp(std::string_view line, const Clock&) {
  std::string out(line);
  for (auto at = out.find("  "); at != std::string::npos; at = out.find("  ", at)) out.replace(at, 1, "\xc2\xa0");
  return out + "\n";
}

std::string html(std::string_view line, const Clock& c) {
  std::string out = c.n == 0 ? "<pre>" : "";
  for (const char ch : line) {
    switch (ch) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += ch;
    }
  }
  return out + "<br />\n";
}

std::string quoted(std::string_view line, const Clock&) { return fmt::format("> {}\n", line); }
std::string quoted_twice(std::string_view line, const Clock&) { return fmt::format(">> {}\n", line); }

// As a mail program does it: at the last blank before the column, which goes; a word too long for a line stays whole.
std::string wrapped(std::string_view line, std::string_view mark, std::size_t column) {
  std::string out;
  while (line.ends_with(' ')) line.remove_suffix(1);
  while (line.size() + mark.size() > column) {
    auto at = line.rfind(' ', column - mark.size());
    if (at == std::string_view::npos || line.find_first_not_of(' ') > at) at = line.find(' ', column);
    if (at == std::string_view::npos) break;
    std::string_view front = line.substr(0, at);
    while (front.ends_with(' ')) front.remove_suffix(1);
    out += fmt::format("{}{}\n", mark, front);
    line = without_front_blanks(line.substr(at));
  }
  return out + fmt::format("{}{}\n", mark, line);
}

std::string quoted_wrapped(std::string_view line, const Clock&) { return wrapped(line, "> ", 76); }
std::string wrapped_syslog(std::string_view line, const Clock& c) {
  auto text = syslog(line, c);
  text.pop_back();
  return wrapped(text, "", 76);
}
std::string indented(std::string_view line, const Clock&) { return fmt::format("    {}\n", line); }
std::string dmesg_T(std::string_view line, const Clock& c) {
  return fmt::format("[Mon Oct 14 03:12:{} 2013] {}\n", c.second(), line);
}
std::string dmesg_iso(std::string_view line, const Clock& c) {
  return fmt::format("2013-10-14T03:12:{},123456+02:00 {}\n", c.second(), line);
}
std::string decode(std::string_view line, const Clock& c) {
  return fmt::format("kern  :warn  : {} {}\n", c.uptime(), line);
}
std::string kmsg(std::string_view line, const Clock& c) { return fmt::format("4,{},12345678,-;{}\n", 416 + c.n, line); }
std::string terminal_stamp(std::string_view line, const Clock& c) {
  return fmt::format("[2020-05-18 10:11:{}] {} {}\n", c.second(), c.uptime(), line);
}
std::string bench_stamp(std::string_view line, const Clock& c) {
  return fmt::format("2020-05-18T10:11:{}.123 {}\n", c.second(), line);
}
std::string bench_json(std::string_view line, const Clock& c) {
  return fmt::format("- {{\"dt\": \"2020-05-18T10:11:{}.123\", \"lvl\": \"target\", \"msg\": \"{}\"}}\n", c.second(),
                     json_escaped(fmt::format("{} {}", c.uptime(), line)));
}

std::string each(std::string_view text, Line line) {
  std::string out;
  Clock clock;
  for (const auto one : lines_of(text)) {
    out += line(one, clock);
    ++clock.n;
  }
  return out;
}

std::string with_daemon(std::string_view text) {
  std::string out;
  Clock clock;
  for (const auto line : lines_of(text)) {
    out += level(line, clock);
    if (clock.n++ % 4 == 3) out += "<30>systemd[1]: Started Network Manager.\n";
  }
  return out;
}

std::string with_repeats(std::string_view text) {
  std::string out;
  Clock clock;
  for (const auto line : lines_of(text)) {
    out += syslog(line, clock);
    out += fmt::format("Oct 14 03:12:{0} host1 sshd[12]: noise\nOct 14 03:12:{0} host1 last message repeated 2 times\n",
                       clock.second());
    ++clock.n;
  }
  return out;
}

std::string octal(std::string_view text) {
  std::string out;
  for (const auto line : lines_of(text)) {
    if (!out.empty()) out += "#012";
    for (const char c : line) {
      if (c == '\t') {
        out += "#011";
      } else {
        out += c;
      }
    }
  }
  return out.empty() ? out : "Oct 14 03:12:01 host1 kernel: " + out + "\n";
}

std::string pstore(std::string_view text, std::size_t lines_a_part) {
  const auto lines = lines_of(text);
  std::string out;
  Clock clock;
  const std::size_t parts = (lines.size() + lines_a_part - 1) / lines_a_part;
  for (std::size_t part = 1; part <= parts; ++part) {  // part 1 holds the last lines
    const std::size_t end = lines.size() - (part - 1) * lines_a_part;
    out += fmt::format("Oops#1 Part{}\n", part);
    for (clock.n = end > lines_a_part ? end - lines_a_part : 0; clock.n < end; ++clock.n) {
      out += level_ts(lines[clock.n], clock);
    }
  }
  return out;
}

struct Row {
  Transport transport;
  std::string_view name;
  Line line;  // null: of the whole text
  std::string (*whole)(std::string_view);
};

#define LINE(name) {Transport::name, #name, name, nullptr}
constexpr Row rows[] = {
    LINE(plain),
    LINE(dmesg_ts),
    LINE(dmesg_caller),
    LINE(level),
    LINE(level_ts),
    {Transport::level_facility, "level_facility", nullptr, with_daemon},
    LINE(syslog),
    LINE(syslog_ts),
    LINE(syslog_level),
    LINE(syslog_twice),
    {Transport::syslog_repeated, "syslog_repeated", nullptr, with_repeats},
    LINE(rfc3339),
    LINE(rfc5424),
    LINE(journal_short),
    LINE(journal_iso),
    LINE(journal_full),
    LINE(journal_monotonic),
    LINE(journal_unix),
    LINE(journal_json),
    LINE(journal_export),
    LINE(journal_verbose),
    LINE(crlf),
    LINE(ansi),
    LINE(nbsp),
    LINE(html),
    LINE(quoted),
    LINE(quoted_twice),
    LINE(quoted_wrapped),
    LINE(wrapped_syslog),
    LINE(indented),
    {Transport::octal, "octal", nullptr, octal},
    {Transport::pstore, "pstore", nullptr, [](std::string_view text) { return pstore(text, 1'000'000); }},
    {Transport::pstore_reversed, "pstore_reversed", nullptr, [](std::string_view text) { return pstore(text, 7); }},
    LINE(dmesg_T),
    LINE(dmesg_iso),
    LINE(decode),
    LINE(kmsg),
    LINE(terminal_stamp),
    LINE(bench_stamp),
    LINE(bench_json),
};
#undef LINE

constexpr auto transports = [] {
  std::array<Transport, std::size(rows)> list{};
  for (std::size_t i = 0; i < list.size(); ++i) list[i] = rows[i].transport;
  return list;
}();

const Row& row_of(Transport transport) {
  for (const auto& row : rows) {
    if (row.transport == transport) return row;
  }
  return rows[0];
}

}  // namespace

std::string wrap_columns(std::string_view text, std::string_view mark, std::size_t column) {
  std::string out;
  for (const auto line : lines_of(text)) out += wrapped(line, mark, column);
  return out;
}

std::span<const Transport> all_transports() { return transports; }

std::string_view to_string(Transport transport) { return row_of(transport).name; }

std::string wrap(Transport transport, std::string_view text) {
  const auto& row = row_of(transport);
  return row.line ? each(text, row.line) : row.whole(text);
}

}  // namespace diag::test
