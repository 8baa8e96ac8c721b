#include "log/syslog_prefix.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "log/kernel_words.h"
#include "log/stamp.h"

namespace diag::transport {
namespace {

constexpr std::array<std::string_view, 8> levels = {"emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"};
constexpr std::array<std::string_view, 12> facilities = {"kern", "user", "mail", "daemon", "auth",     "syslog",
                                                         "lpr",  "news", "uucp", "cron",   "authpriv", "ftp"};

template <class Names>
int index_of(const Names& names, std::string_view name) {
  const auto at = std::ranges::find(names, name);
  return at == names.end() ? -1 : static_cast<int>(at - names.begin());
}

std::string_view skip_blanks(std::string_view s) {
  while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
  return s;
}

constexpr bool is_tag_char(char c) {
  return is_word(c) || c == '-' || c == '.' || c == '/' || c == '(' || c == ')' || c == '[' || c == ']' || c == '@' ||
         c == '%' || c == '+';
}

struct Pid {
  std::size_t open = 0;  // where its bracket stands; 0: the word has none
  std::uint32_t number = 0;
};

// "sshd(pam_unix)[19939]". A bracket without a number belongs to the name.
Pid pid_at_end(std::string_view word) {
  if (word.size() < 4) return {};
  std::uint64_t number = 0, unit = 1;
  std::size_t at = word.size() - 2;
  for (; at > 0 && is_digit(word[at]) && word.size() - at < 12; --at, unit *= 10) {
    number += static_cast<std::uint64_t>(word[at] - '0') * unit;
  }
  if (at == 0 || word[at] != '[' || unit == 1 || number > 0xffffffff) return {};
  return {at, static_cast<std::uint32_t>(number)};
}

bool has_pid(std::string_view word) { return word.ends_with(']') && pid_at_end(word).open != 0; }

void set_program(Envelope& e, std::string_view tag) {
  e.facility = 0;  // of the packet; the program says more
  e.program = tag;
  if (!tag.ends_with(']')) return;
  if (const auto pid = pid_at_end(tag); pid.open != 0) {
    e.program = tag.substr(0, pid.open);
    e.pid = pid.number;
  } else if (tag.ends_with("[-]")) {
    e.program.remove_suffix(3);
  }
}

// "kernel:text", "prog[12]:text" without a blank: the length of the tag, or 0.
std::size_t tight_tag(std::string_view word) {
  const auto colon = word.find(':');
  if (colon == std::string_view::npos || colon == 0 || !(is_alpha(word[0]) || word[0] == '/')) return 0;
  const auto name = word.substr(0, colon);
  if (!std::ranges::all_of(name, is_tag_char) || word.substr(colon + 1).starts_with("//")) return 0;
  return colon;
}

// "kern.warn" of busybox and OpenWrt; also "user.notice".
bool take_facility_and_level(Envelope& e, std::string_view& s) {
  const auto word = first_word(s);
  const auto dot = word.find('.');
  if (dot == std::string_view::npos) return false;
  const int facility = facility_number(word.substr(0, dot)), level = level_number(word.substr(dot + 1));
  if (facility < 0 || level < 0) return false;
  e.facility = static_cast<std::uint8_t>(facility);
  e.level = static_cast<std::uint8_t>(level);
  s = skip_blanks(s.substr(word.size()));
  return true;
}

// Kernel text that took the place of a tag or a host: what a syslog daemon makes of a netconsole's packets.
bool is_kernel_text(std::string_view s) {
  const char c = s.empty() ? ' ' : s.front();
  return c == '[' || c == '<' || starts_kernel_line(s);
}

// Leaves the text, for the case that no message before it is known.
bool take_last_repeated(Envelope& e, std::string_view s) {
  if (!consume(s, "last message repeated ")) return false;
  const auto count = parse_dec<std::uint32_t>(take_while(s, is_digit));
  if (!count || !s.starts_with(" time")) return false;
  e.last_repeated = true;
  e.repeats = *count;
  return true;
}

// Behind the host. Where no tag stands the first word names the program, so that it is not taken for the kernel, and
// stays in the text.
void take_tag_or_word(Envelope& e, std::string_view s) {
  s = skip_blanks(s);
  if (s.starts_with(": ")) s = skip_blanks(s.substr(2));  // Cisco: "host : %ASA-6-302013: text"
  e.text = s;
  if (s.empty() || take_tag(e)) return;
  if (take_last_repeated(e, s) || is_kernel_text(s) || s.starts_with("-- MARK --")) return;
  if (take_facility_and_level(e, s)) {
    e.text = s;
    if (take_tag(e)) return;
  }
  e.program = first_word(s);
}

bool is_host_char(char c) { return is_word(c) || c == '.' || c == '-' || c == ':' || c == '@' || c == '/'; }

// A word that can be a host where nothing else vouches for it: letters or a dotted quad, no colon at its end.
bool looks_like_host(std::string_view word) {
  if (word.empty() || word.ends_with(':') || !std::ranges::all_of(word, is_host_char)) return false;
  return std::ranges::any_of(word, is_alpha) || std::ranges::count(word, '.') == 3;
}

constexpr auto tag_chars = [] {
  std::array<bool, 256> table{};
  for (int c = 0; c < 256; ++c)
    table[static_cast<std::size_t>(c)] = is_word(static_cast<char>(c)) || c == '-' || c == '.' || c == '/';
  return table;
}();

std::size_t tag_length(std::string_view s, std::size_t from) {
  std::size_t end = from;
  while (end < s.size() && tag_chars[static_cast<unsigned char>(s[end])]) ++end;
  return end - from;
}

// " host prog[12]: " and " host kernel: ", the shapes of nearly all lines, in one go. False: the long way decides.
bool take_common_origin(Envelope& e, std::string_view s) {
  const auto host = tag_length(s, 1), tag = host + 2, length = tag_length(s, tag);
  std::size_t at = tag + length;
  if (host == 0 || length == 0 || at + 1 >= s.size() || s[tag - 1] != ' ') return false;
  const auto program = s.substr(tag, length);
  std::optional<std::uint32_t> pid;
  if (s[at] == '[') {
    std::uint32_t number = 0;
    const auto digits = ++at;
    for (; at < s.size() && is_digit(s[at]); ++at) number = number * 10 + static_cast<std::uint32_t>(s[at] - '0');
    if (at == digits || at - digits > 9 || at + 1 >= s.size() || s[at] != ']') return false;
    pid = number;
    ++at;
  } else if (program != "kernel") {
    return false;
  }
  if (s[at] != ':' || (at + 1 < s.size() && s[at + 1] != ' ')) return false;
  e.host = s.substr(1, host);
  e.program = program;
  e.pid = pid;
  e.facility = 0;
  e.text = skip_blanks(s.substr(at + 1));
  return true;
}

// The host and tag behind a syslog stamp, which vouches for them.
void take_origin(Envelope& e, std::string_view s) {
  s = skip_blanks(s);
  const auto word = first_word(s);
  const bool no_host = word.ends_with(':') || has_pid(word) || is_kernel_text(s);
  if (no_host || word.size() == s.size()) {
    take_tag_or_word(e, s);
  } else {
    e.host = word;
    take_tag_or_word(e, s.substr(word.size() + 1));
  }
}

enum class Need { tag, sure_tag };  // sure: "kernel:" or "prog[12]:"

// The host and tag behind a stamp that others write as well. False: only a stamp.
bool take_doubtful_origin(Envelope& e, std::string_view s, Need need) {
  s = skip_blanks(s);
  const auto word = first_word(s);
  if (word.size() == s.size()) return false;
  const auto behind = skip_blanks(s.substr(word.size() + 1));
  const auto tag = first_word(behind);
  const bool sure = tag.starts_with("kernel:") || (tag.ends_with(':') && has_pid(tag.substr(0, tag.size() - 1)));
  const bool any = sure || tag.ends_with(':') || has_pid(tag) || behind.starts_with("last message repeated ");
  if (!looks_like_host(word) || !(need == Need::sure_tag ? sure : any) || starts_kernel_line(s)) return false;
  e.host = word;
  e.syslog = true;
  take_tag_or_word(e, behind);
  return true;
}

// The next field of RFC 5424; "-" stands for nothing.
std::optional<std::string_view> take_field(std::string_view& s) {
  auto field = take_until(s, " ");
  if (field && *field == "-") field = std::string_view{};
  return field;
}

// "-" or "[id a="b\"]"][...]". False: neither.
bool take_structured_data(std::string_view& s) {
  if (consume(s, "-")) return true;
  bool any = false;
  while (s.starts_with('[')) {
    bool quoted = false;
    std::size_t i = 1;
    for (; i < s.size() && (quoted || s[i] != ']'); ++i) {
      if (s[i] == '"') quoted = !quoted;
      if (s[i] == '\\' && quoted) ++i;
    }
    if (i >= s.size()) return false;
    s.remove_prefix(i + 1);
    any = true;
  }
  return any;
}

}  // namespace

int facility_number(std::string_view name) { return index_of(facilities, name); }

std::string_view facility_name(int number) {
  const auto n = static_cast<std::size_t>(number);
  return n < facilities.size() ? facilities[n] : std::string_view("local");
}

int level_number(std::string_view name) {
  if (name == "warning") return 4;
  if (name == "error") return 3;
  return index_of(levels, name);
}

bool take_tag(Envelope& e) {
  const std::string_view s = e.text;
  const auto word = first_word(s);
  std::string_view tag;
  if (word.size() > 1 && word.ends_with(':')) {
    tag = word.substr(0, word.size() - 1);
    if (!tag.ends_with(']') && tag != "kernel" && starts_kernel_line(s)) return false;
  } else if (has_pid(word)) {
    tag = word;
  } else if (const auto length = tight_tag(word)) {
    tag = word.substr(0, length);
    if (starts_kernel_line(s)) return false;
  } else {
    return false;
  }
  set_program(e, tag);
  e.text = skip_blanks(s.substr(std::min(s.size(), tag.size() + (tag.size() < s.size() && s[tag.size()] == ':'))));
  return true;
}

bool syslog_line(Envelope& e) {
  std::string_view s = e.text;
  const auto time = take_syslog_time(s);
  if (!time || (!s.empty() && s.front() != ' ' && s.front() != ':')) return false;
  e.when.wall = time;
  e.stamped = e.syslog = true;
  if (take_common_origin(e, s)) return true;
  if (s.starts_with(':')) s.remove_prefix(1);
  take_origin(e, s);
  return true;
}

bool year_first_line(Envelope& e) {
  if (e.text.size() < 20 || e.text[4] != ' ') return false;
  const auto year = parse_dec<int>(e.text.substr(0, 4));
  std::string_view s = e.text.substr(5);
  if (!year || *year < 1990 || *year > 2100) return false;
  const std::string with_year =
      std::string(s.substr(0, 7)) + std::string(e.text.substr(0, 5)) + std::string(s.substr(7, 8));
  std::string_view dated = with_year;
  const auto time = take_syslog_time(dated);
  if (!time || !dated.empty() || (s.size() > 15 && s[15] != ' ')) return false;
  e.when.wall = time;
  e.stamped = e.syslog = true;
  take_origin(e, s.substr(15));
  return true;
}

bool iso_line(Envelope& e) {
  std::string_view s = e.text;
  const auto iso = take_iso_time(s);
  if (!iso || (!s.empty() && s.front() != ' ')) return false;
  e.when.wall = iso->time;
  e.stamped = true;
  e.text = skip_blanks(s);
  if (iso->comma) return true;
  const bool syslog = iso->time.zone_known && !iso->blank && iso->fraction <= 6;
  take_doubtful_origin(e, s, syslog ? Need::tag : Need::sure_tag);
  return true;
}

bool rfc5424_line(Envelope& e) {
  std::string_view s = e.text;
  if (!consume(s, "1 ")) return false;
  std::optional<IsoTime> iso;
  if (!consume(s, "-") && !(iso = take_iso_time(s))) return false;
  if (!consume(s, " ")) return false;
  const auto host = take_field(s), app = take_field(s), procid = take_field(s), msgid = take_field(s);
  if (!host || !app || !procid || !msgid || !take_structured_data(s)) return false;
  if (iso) e.when.wall = iso->time;
  e.host = *host;
  e.program = app->empty() ? std::string_view("-") : *app;
  e.facility = 0;
  e.pid = parse_dec<std::uint32_t>(*procid);
  s = skip_blanks(s);
  consume(s, "\xef\xbb\xbf");
  e.text = skip_blanks(s);
  e.stamped = e.syslog = true;
  return true;
}

bool ctime_line(Envelope& e) {
  std::string_view s = e.text;
  const auto time = take_ctime(s);
  if (!time || (!s.empty() && s.front() != ' ' && s.front() != ']')) return false;
  if (s.starts_with(']')) s.remove_prefix(1);  // of "[Mon Oct 14 03:12:01 2013]", its front lost in copying
  e.when.wall = time;
  e.stamped = true;
  s = skip_blanks(s);
  e.text = s;
  if (take_facility_and_level(e, s)) {
    e.text = s;
    e.syslog = take_tag(e);
  }
  return true;
}

bool journal_full_line(Envelope& e) {
  std::string_view s = e.text;
  if (!take_weekday(s)) return false;
  const auto iso = take_iso_time(s);
  if (!iso || !consume(s, " ")) return false;
  const auto zone = first_word(s);
  if (zone.empty() || zone.size() > 6 || zone.size() == s.size()) return false;
  Envelope trial = e;
  if (!take_doubtful_origin(trial, s.substr(zone.size() + 1), Need::tag)) return false;
  e = trial;
  e.when.wall = iso->time;
  e.when.wall->zone_known = zone == "UTC" || zone == "GMT";
  e.stamped = true;
  return true;
}

bool unix_time_line(Envelope& e) {
  std::string_view s = e.text;
  const auto seconds = take_while(s, is_digit);
  if (seconds.size() < 9 || seconds.size() > 10 || s.size() < 8 || s[0] != '.' || s[7] != ' ') return false;
  const auto whole = parse_dec<std::int64_t>(seconds), micros = parse_dec<std::int64_t>(s.substr(1, 6));
  Envelope trial = e;
  if (!whole || !micros || !take_doubtful_origin(trial, s.substr(8), Need::tag)) return false;
  e = trial;
  e.when.wall = Timestamp{*whole * 1'000'000 + *micros, true, true};
  e.stamped = true;
  return true;
}

bool kernel_tag(Envelope& e) {
  if (!consume(e.text, "kernel:")) return false;
  e.text = skip_blanks(e.text);
  e.program = "kernel";
  e.stamped = true;
  return true;
}

bool take_monotonic_origin(Envelope& e, Habits& habits) {
  const auto word = first_word(e.text);
  const auto behind = e.text.substr(std::min(e.text.size(), word.size() + 1));
  const bool known = !habits.monotonic_host.empty() && word == habits.monotonic_host;
  if (!known && (!behind.starts_with("kernel: ") || !looks_like_host(word))) return false;
  if (!take_doubtful_origin(e, e.text, known ? Need::tag : Need::sure_tag)) return false;
  if (!known) habits.monotonic_host = word;
  return true;
}

}  // namespace diag::transport
