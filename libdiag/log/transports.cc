#include "log/transports.h"

#include <array>
#include <bit>

#include "base/text.h"
#include "log/console_prefix.h"
#include "log/kmsg_prefix.h"
#include "log/syslog_prefix.h"

namespace diag::transport {
namespace {

struct Transport {
  std::string_view first;  // the characters it can begin with
  bool (*take)(Envelope&);
  bool every_line;  // stands in front of each line of a message, not only of the first
};

constexpr std::string_view digits = "0123456789";

// In the order they are tried where several begin alike.
constexpr Transport transports[] = {
    {"JFMASOND", syslog_line, false},    {"k", kernel_tag, true},       {"<", level_mark, true},
    {"[", uptime_stamp, true},           {"[", caller_stamp, true},     {"[", human_stamp, true},
    {">|", quote_mark, false},           {digits, iso_line, false},     {digits, unix_time_line, false},
    {digits, clock_stamp, false},        {digits, device_record, true}, {digits, logcat_line, false},
    {"12", year_first_line, false},      {"MTWFS", ctime_line, false},  {"MTWFS", journal_full_line, false},
    {"kumdaslncf", decoded_level, true}, {"(", xen_console, false},
};

using Mask = std::uint32_t;
static_assert(std::size(transports) <= 32);

constexpr auto index_transports() {
  std::array<Mask, 256> masks{};
  for (std::size_t i = 0; i < std::size(transports); ++i) {
    for (const char c : transports[i].first) masks[static_cast<unsigned char>(c)] |= Mask{1} << i;
  }
  return masks;
}
constexpr auto by_first = index_transports();

constexpr Mask mask_of_every_line() {
  Mask mask = 0;
  for (std::size_t i = 0; i < std::size(transports); ++i) mask |= transports[i].every_line ? Mask{1} << i : 0;
  return mask;
}

constexpr int most = 12;  // transports of one line

bool take_one(Envelope& e, Mask allowed) {
  Mask mask = by_first[static_cast<unsigned char>(e.text.front())] & allowed;
  for (; mask != 0; mask &= mask - 1) {
    if (transports[std::countr_zero(mask)].take(e)) return true;
  }
  return false;
}

void skip_blanks(std::string_view& s) {
  while (!s.empty() && is_space(s.front())) s.remove_prefix(1);
}

// "[BRRAAIIIINNNSSSSS!] ": 2.6.32 wrote it into lines for one of its taints.
void drop_taint_joke(Envelope& e) {
  if (e.text.starts_with("[BRRAAIIIINNNSSSSS!] ")) e.text.remove_prefix(21);
}

}  // namespace

void open(Envelope& e, Habits& habits) {
  e.indented = !e.text.empty() && is_space(e.text.front());
  skip_blanks(e.text);
  e.body = e.text;
  for (int i = 0; i < most && !e.text.empty(); ++i) {
    const bool uptime_before = e.when.uptime.has_value();
    if (!take_one(e, ~Mask{0})) break;
    if (!e.stamped) e.body = e.text;
    if (e.user()) return;
    skip_blanks(e.text);
    if (!uptime_before && e.when.uptime && !e.when.wall && e.program.empty() && take_monotonic_origin(e, habits) &&
        e.user()) {
      return;
    }
  }
  if (e.stamped && !e.text.empty() && e.program != "xen") name_kernel_log_writer(e);
  drop_taint_joke(e);
}

void open_continuation(Envelope& e) {
  skip_blanks(e.text);
  for (int i = 0; i < most && !e.text.empty() && !e.user(); ++i) {
    if (!take_one(e, mask_of_every_line())) break;
    skip_blanks(e.text);
  }
}

}  // namespace diag::transport
