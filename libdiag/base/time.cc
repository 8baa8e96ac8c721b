#include "diag/time.h"

#include <chrono>
#include <fmt/core.h>

namespace diag {

std::string to_string(const Timestamp& t) {
  using namespace std::chrono;
  const sys_time<microseconds> when{microseconds{t.micros}};
  const auto day = floor<days>(when);
  const year_month_day date{day};
  const hh_mm_ss clock{when - day};
  std::string out = t.year_known ? fmt::format("{:04}-", static_cast<int>(date.year())) : "--";
  out += fmt::format("{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
  if (const auto micros = clock.subseconds().count()) out += fmt::format(".{:06}", micros);
  if (t.zone_known) out += 'Z';
  return out;
}

}  // namespace diag
