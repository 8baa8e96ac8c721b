#include "kernel/incident.h"

#include <algorithm>
#include <cmath>

#include "diag/kernel_report.h"
#include "kernel/kind_traits.h"

namespace diag::kernel {

namespace {

constexpr std::string_view stalls[] = {"soft_lockup", "hard_lockup", "rcu_stall", "hung_task", "workqueue_lockup"};
bool is_stall(std::string_view kind) { return std::ranges::find(stalls, kind) != std::end(stalls); }

// Whether `later` came at most so many seconds after `earlier`, or lines where the text states no time.
bool close_by(const Event& earlier, const Event& later, double seconds, std::uint64_t lines) {
  if (earlier.when.uptime && later.when.uptime) {
    const double apart = *later.when.uptime - *earlier.when.uptime;
    return apart >= -1 && apart <= seconds;
  }
  if (earlier.when.wall && later.when.wall && earlier.when.wall->zone_known == later.when.wall->zone_known)
    return std::abs(static_cast<double>(later.when.wall->micros - earlier.when.wall->micros)) <= seconds * 1e6;
  return later.first.line >= earlier.last.line && later.first.line - earlier.last.line <= lines;
}

bool died_before(const Event& event) { return event.kernel->taint && event.kernel->taint->flags.find('D') != std::string::npos; }

bool calls(const Event& event, std::string_view function) {
  return std::ranges::any_of(event.kernel->frames, [&](const Frame& f) { return f.symbol.name == function; });
}

// Whether `later` is in the wake of `earlier`, an event of the incident that is running.
bool follows(const Event& earlier, const Event& later) {
  const auto& before = traits_of(earlier.kind);
  const auto& after = traits_of(later.kind);
  if (later.kernel->oops_number > 1 && before.fault && later.kernel->oops_number > earlier.kernel->oops_number) return true;
  if (before.fault && died_before(later) && !died_before(earlier)) return true;
  if (later.kind == "panic") return close_by(earlier, later, 30, 200);
  if (later.kind == "atomic_sleep" && before.fault) return close_by(earlier, later, 5, 60) || calls(later, "do_exit");
  if (is_stall(later.kind) && is_stall(earlier.kind)) return close_by(earlier, later, 300, 400);
  if (is_stall(later.kind) && before.fault) return close_by(earlier, later, 300, 200);
  if (earlier.kind == "mce" && (later.kind == "mce" || after.fault)) return close_by(earlier, later, 10, 40);
  return later.kind == earlier.kind && later.kernel->fingerprint == earlier.kernel->fingerprint && close_by(earlier, later, 600, 400);
}

struct Running {
  std::string host;
  SourceId source{};
  std::uint32_t number = 0;
  const Event* cause = nullptr;
  const Event* latest = nullptr;
};

}  // namespace

void chain_incidents(std::vector<Event>& events) {
  std::vector<Running> running;  // one for each host of a source
  std::uint32_t next = 0;
  for (auto& event : events) {
    const auto mine = [&](const Running& r) { return r.host == event.host && r.source == event.first.source; };
    auto at = std::ranges::find_if(running, mine);
    if (event.kind == "host.boot" && at != running.end()) running.erase(at);
    if (!event.kernel) continue;
    if (at == running.end()) at = running.insert(running.end(), Running{event.host, event.first.source, 0, nullptr, nullptr});
    if (at->cause && (follows(*at->cause, event) || follows(*at->latest, event))) {
      at->latest = &event;
    } else {
      at->number = next++;
      at->cause = at->latest = &event;
    }
    event.incident = at->number;
  }
}

}  // namespace diag::kernel
