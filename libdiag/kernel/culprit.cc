#include "kernel/culprit.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "kernel/culprit_lists.h"
#include "kernel/frame_line.h"

namespace diag::kernel {

namespace {

// A step of the walk: the instruction pointer first, then the frames that are believed.
struct Step {
  Symbol symbol;
  bool at_ip;
};

std::vector<Step> walk_of(const KernelReport& report) {
  std::vector<Step> steps;
  const bool lock_list = report.header.find("RCU usage") != std::string::npos;  // its function is only the first lock held
  if (report.function && !report.function->symbol.name.empty() && !lock_list) steps.push_back({report.function->symbol, true});
  for (const bool reliable : {true, false}) {
    for (const auto& frame : report.frames) {
      if (frame.symbol.name.empty() || frame.trust == Trust::stale || frame.trust == Trust::refuted || frame.reliable != reliable) continue;
      steps.push_back({frame.symbol, false});
    }
    if (steps.size() > 1) break;  // guesses only where nothing better was printed
  }
  for (auto& step : steps) step.symbol.name = clean_name(step.symbol.name);
  return steps;
}

bool any_matches(std::span<const std::string_view> patterns, std::string_view name) {
  return std::ranges::any_of(patterns, [&](std::string_view pattern) { return matches(pattern, name); });
}

bool is_reporter(const Symbol& symbol) {
  if (!symbol.module.empty()) return any_matches(reporting_modules(), symbol.module);
  return any_matches(reporter_patterns(), symbol.name);
}

// Helpers are functions of the kernel proper; a module's function of such a name is its own.
bool is_helper(const Symbol& symbol) {
  return is_reporter(symbol) || (symbol.module.empty() && any_matches(service_patterns(), symbol.name));
}

// One system call has many names: "__x64_sys_rmdir" is sys_rmdir, "SyS_rmdir" and "__se_sys_rmdir" are rmdir.
std::string bare_system_call(std::string_view name) {
  for (const std::string_view prefix : {"__x64_", "__ia32_", "__arm64_", "__riscv_", "__s390x_"}) {
    if (name.starts_with(prefix) && name.substr(prefix.size()).starts_with("sys_")) return std::string(name.substr(prefix.size()));
  }
  for (const std::string_view prefix : {"__se_sys_", "__do_sys_", "SYSC_", "SyS_", "C_SYSC_"}) {
    if (name.starts_with(prefix)) return std::string(name.substr(prefix.size()));
  }
  return std::string(name);
}

Culprit blame(const Step& step, std::string why) { return {{bare_system_call(step.symbol.name), step.symbol.module}, std::move(why)}; }

const Family* family_of(std::span<const Family> families, std::string_view name) {
  const auto at = std::ranges::find_if(families, [&](const Family& f) { return matches(f.pattern, name); });
  return at == families.end() ? nullptr : &*at;
}

bool is_anchor(std::string_view name) { return any_matches(anchor_patterns(), name); }

std::optional<Culprit> by_helpers(const std::vector<Step>& steps) {
  auto at = std::ranges::find_if(steps, [](const Step& s) { return !is_helper(s.symbol) && !is_anchor(s.symbol.name); });
  if (at == steps.end()) at = std::ranges::find_if(steps, [](const Step& s) { return !is_reporter(s.symbol); });
  if (at == steps.end()) return std::nullopt;
  if (at->at_ip) return blame(*at, "the function at the instruction pointer");
  const std::string passed = steps.front().symbol.name;
  return blame(*at, "the first function that is no helper, behind " + passed);
}

// A hung task is blamed on who waits, not on how.
std::optional<Culprit> of_wait(const std::vector<Step>& steps) {
  for (const auto& step : steps) {
    if (const auto* family = family_of(wait_families(), step.symbol.name))
      return Culprit{{std::string(family->name), ""}, step.symbol.name + " waits: a matter of its own, whoever called it"};
  }
  const auto waits = [](const Step& s) { return is_helper(s.symbol) || (s.symbol.module.empty() && any_matches(wait_patterns(), s.symbol.name)); };
  const auto at = std::ranges::find_if_not(steps, waits);
  if (at == steps.end()) return std::nullopt;
  return blame(*at, "the first function behind the scheduler and the lock or wait it sits in");
}

// A stall is found wherever the clock tick fell: blamed is what was called from the entry of the kernel or of the layer.
std::optional<Culprit> of_stall(std::string_view kind, std::vector<Step> steps) {
  if (kind == "rcu_stall") {  // the trace begins in the tick that found it
    const auto tick = std::ranges::find_if(steps, [](const Step& s) { return s.symbol.name.find("apic_timer_interrupt") != std::string::npos; });
    const auto interrupted = steps.front().at_ip ? 1 : 0;
    if (tick != steps.end() && tick + 1 != steps.end()) steps.erase(steps.begin() + interrupted, tick + 1);
  }
  std::size_t first = 0;
  for (; first < steps.size(); ++first) {
    const auto& name = steps[first].symbol.name;
    if (const auto* family = family_of(stall_families(), name))
      return Culprit{{std::string(family->name), ""}, name + " waits for other processors: a matter of its own, whoever called it"};
    if (is_anchor(name)) break;
  }
  while (first > 0 && is_helper(steps[first - 1].symbol)) --first;
  if (first == 0 || first == steps.size()) return std::nullopt;
  return blame(steps[first - 1], "called from " + steps[first].symbol.name + ", where work enters");
}

bool is_stall(std::string_view kind) {
  return kind == "soft_lockup" || kind == "hard_lockup" || kind == "rcu_stall" || kind == "workqueue_lockup" || kind == "stack_overflow";
}

}  // namespace

std::optional<Culprit> find_culprit(std::string_view kind, const KernelReport& report) {
  const auto steps = walk_of(report);
  if (steps.empty()) return std::nullopt;
  if (kind == "hung_task") {
    if (auto found = of_wait(steps)) return found;
  }
  if (is_stall(kind)) {
    if (auto found = of_stall(kind, steps)) return found;
  }
  if (auto found = by_helpers(steps)) return found;
  return std::nullopt;
}

}  // namespace diag::kernel
