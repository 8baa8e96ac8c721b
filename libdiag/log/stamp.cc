#include "log/stamp.h"

#include <array>
#include <cstring>

#include "base/text.h"

namespace diag::transport {
namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t day = 86'400 * second;

constexpr std::string_view month_names = "JanFebMarAprMayJunJulAugSepOctNovDec";

// The last two letters of a month's name, added up, tell the twelve apart.
constexpr std::size_t month_key(const char* p) { return static_cast<std::size_t>(p[1] + p[2]) & 31; }
constexpr auto months_by_key = [] {
  std::array<std::uint8_t, 32> table{};
  for (std::uint8_t m = 0; m < 12; ++m) table[month_key(month_names.data() + m * 3)] = m;
  return table;
}();

// 1 to 12 by the three letters at `p`; 0 if they are no month.
int month_of(const char* p) {
  const std::size_t month = months_by_key[month_key(p)];
  return std::memcmp(month_names.data() + month * 3, p, 3) == 0 ? static_cast<int>(month) + 1 : 0;
}

// The two digits at `p`, or -1.
int two(const char* p) { return is_digit(p[0]) && is_digit(p[1]) ? (p[0] - '0') * 10 + (p[1] - '0') : -1; }

int four(const char* p) {
  const int high = two(p), low = two(p + 2);
  return high < 0 || low < 0 ? -1 : high * 100 + low;
}

constexpr std::array<int, 12> days_before = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

// Days from 1970-01-01 to the given date of the Gregorian calendar.
std::int64_t days_to(int year, int month, int mday) {
  const std::int64_t past = year - 1;
  const std::int64_t leaps = past / 4 - past / 100 + past / 400 - 477;  // 477 until the end of 1969
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return (year - 1970) * 365LL + leaps + days_before[static_cast<std::size_t>(month - 1)] + (leap && month > 2) + mday -
         1;
}

// The same for the year that is counted where the text states none: 2000.
std::int64_t days_in_2000_to(int month, int mday) {
  return 10'957 + days_before[static_cast<std::size_t>(month - 1)] + (month > 2) + mday - 1;
}

// "HH:MM:SS" at `p`, in microseconds since midnight, or -1. All eight characters are checked at once.
std::int64_t clock_at(const char* p) {
  constexpr char zero[] = "00:00:00";
  std::uint64_t text, base;
  std::memcpy(&text, p, 8);
  std::memcpy(&base, zero, 8);
  text ^= base;  // digits become 0 to 9, colons 0
  unsigned char d[8];
  std::memcpy(d, &text, 8);
  constexpr std::uint64_t sixes = 0x0606060606060606, high = 0xf0f0f0f0f0f0f0f0;
  if (((text | (text + sixes)) & high) != 0 || (d[2] | d[5]) != 0) return -1;
  const int h = d[0] * 10 + d[1], m = d[3] * 10 + d[4], s = d[6] * 10 + d[7];
  return h > 23 || m > 59 || s > 60 ? -1 : ((h * 60 + m) * 60 + s) * second;
}

// ".123456": microseconds, whatever the number of digits; 0 if no fraction stands there.
std::int64_t take_fraction(std::string_view& s, char point, std::uint8_t& digits) {
  digits = 0;
  if (s.size() < 2 || s[0] != point || !is_digit(s[1])) return 0;
  s.remove_prefix(1);
  std::int64_t micros = 0;
  for (; !s.empty() && is_digit(s.front()) && digits < 20; ++digits, s.remove_prefix(1)) {
    if (digits < 6) micros = micros * 10 + (s.front() - '0');
  }
  for (auto n = digits; n < 6; ++n) micros *= 10;
  return micros;
}

// "Z", "+01:00", "+0100": seconds east of Greenwich.
std::optional<int> take_zone(std::string_view& s) {
  if (consume(s, "Z")) return 0;
  if (s.size() < 5 || (s[0] != '+' && s[0] != '-')) return std::nullopt;
  const std::size_t colon = s[3] == ':';
  if (s.size() < 5 + colon) return std::nullopt;
  const int h = two(s.data() + 1), m = two(s.data() + 3 + colon);
  if (h < 0 || h > 15 || m < 0 || m > 59) return std::nullopt;
  const int offset = (h * 3600 + m * 60) * (s[0] == '-' ? -1 : 1);
  s.remove_prefix(5 + colon);
  return offset;
}

// " 2013" before a blank, a colon, a bracket or the end.
int take_year(std::string_view& s) {
  if (s.size() < 5 || s[0] != ' ' || (s.size() > 5 && s[5] != ' ' && s[5] != ':' && s[5] != ']')) return 0;
  const int year = four(s.data() + 1);
  if (year < 1990 || year > 2100) return 0;
  s.remove_prefix(5);
  return year;
}

// The day of the month at `p`, " 1" or "01"; 0 if none stands there.
int day_at(const char* p) {
  const char tens = p[0] == ' ' ? '0' : p[0];
  if (!is_digit(tens) || !is_digit(p[1])) return 0;
  const int mday = (tens - '0') * 10 + (p[1] - '0');
  return mday <= 31 ? mday : 0;
}

// The day of the month, " 1", "01" or "1", and the blank behind it, at the front; `s` holds three characters at least.
int take_day(std::string_view& s) {
  const bool single = is_digit(s[0]) && s[1] == ' ';
  const int mday = single ? s[0] - '0' : day_at(s.data());
  const std::size_t used = single ? 1 : 2;
  if (mday == 0 || s[used] != ' ') return 0;
  s.remove_prefix(used + 1);
  return mday;
}

// Behind "Oct ", with a fraction or a year: "14 03:12:01.123456", "14 2013 03:12:01", "14 03:12:01 2013".
std::optional<Timestamp> take_rare_syslog_time(std::string_view& s, int month) {
  std::string_view rest = s.substr(4);
  const int mday = take_day(rest);
  if (mday == 0) return std::nullopt;
  int year = 0;
  if (rest.size() > 4 && rest[4] == ' ') {
    year = four(rest.data());
    if (year < 0) return std::nullopt;
    rest.remove_prefix(5);
  }
  if (rest.size() < 8) return std::nullopt;
  std::int64_t micros = clock_at(rest.data());
  if (micros < 0) return std::nullopt;
  rest.remove_prefix(8);
  std::uint8_t digits;
  if (rest.starts_with('.')) micros += take_fraction(rest, '.', digits);
  if (year == 0) year = take_year(rest);
  s = rest;
  const auto days = year != 0 ? days_to(year, month, mday) : days_in_2000_to(month, mday);
  return Timestamp{days * day + micros, year != 0, false};
}

}  // namespace

std::optional<Timestamp> take_syslog_time(std::string_view& s) {
  if (s.size() < 14 || s[3] != ' ') return std::nullopt;
  const int month = month_of(s.data());
  if (month == 0) return std::nullopt;
  // Nearly all are of this form, and no year follows: a host that begins with a digit goes the longer way.
  if (s.size() > 16 && s[6] == ' ' && s[15] == ' ' && !is_digit(s[16])) {
    const int mday = day_at(s.data() + 4);
    const std::int64_t micros = clock_at(s.data() + 7);
    if (mday != 0 && micros >= 0) {
      s.remove_prefix(15);
      return Timestamp{days_in_2000_to(month, mday) * day + micros, false, false};
    }
  }
  return take_rare_syslog_time(s, month);
}

std::optional<IsoTime> take_iso_time(std::string_view& s) {
  if (s.size() < 19 || s[4] != '-' || s[7] != '-' || (s[10] != 'T' && s[10] != ' ')) return std::nullopt;
  const char* p = s.data();
  const int year = four(p), month = two(p + 5), mday = two(p + 8);
  std::int64_t micros = clock_at(p + 11);
  if (year < 1 || month < 1 || month > 12 || mday < 1 || mday > 31 || micros < 0) return std::nullopt;
  IsoTime iso;
  iso.blank = s[10] == ' ';
  std::string_view rest = s.substr(19);
  iso.comma = rest.starts_with(',');
  micros += take_fraction(rest, iso.comma ? ',' : '.', iso.fraction);
  const auto zone = take_zone(rest);
  iso.time = {days_to(year, month, mday) * day + micros - zone.value_or(0) * second, true, zone.has_value()};
  s = rest;
  return iso;
}

bool take_weekday(std::string_view& s) {
  constexpr std::string_view names = "Mon Tue Wed Thu Fri Sat Sun ";
  if (s.size() < 4 || s[3] != ' ') return false;
  const auto at = names.find(s.substr(0, 4));
  if (at == std::string_view::npos || at % 4 != 0) return false;
  s.remove_prefix(4);
  return true;
}

std::optional<Timestamp> take_ctime(std::string_view& s) {
  std::string_view rest = s;
  if (!take_weekday(rest)) return std::nullopt;
  const auto time = take_syslog_time(rest);
  if (!time || !time->year_known) return std::nullopt;
  s = rest;
  return time;
}

std::optional<std::int64_t> take_clock(std::string_view& s) {
  if (s.size() < 8) return std::nullopt;
  const std::int64_t micros = clock_at(s.data());
  if (micros < 0) return std::nullopt;
  s.remove_prefix(8);
  std::uint8_t digits;
  return micros + take_fraction(s, '.', digits);
}

std::optional<double> take_uptime(std::string_view& s) {
  std::string_view rest = s;
  take_while(rest, [](char c) { return c == ' '; });
  std::uint64_t seconds = 0;
  std::size_t digits = 0;
  for (; digits < 12 && digits < rest.size() && is_digit(rest[digits]); ++digits) {
    seconds = seconds * 10 + static_cast<std::uint64_t>(rest[digits] - '0');
  }
  rest.remove_prefix(digits);
  if (digits == 0 || rest.size() < 7 || rest[0] != '.' || (rest.size() > 7 && is_digit(rest[7]))) return std::nullopt;
  std::uint64_t micros = 0;
  for (std::size_t i = 1; i < 7; ++i) {
    if (!is_digit(rest[i])) return std::nullopt;
    micros = micros * 10 + static_cast<std::uint64_t>(rest[i] - '0');
  }
  rest.remove_prefix(7);
  s = rest;
  return static_cast<double>(seconds) + static_cast<double>(micros) / 1e6;
}

}  // namespace diag::transport
