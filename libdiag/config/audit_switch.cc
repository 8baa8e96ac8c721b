// IPT006: the switch between a bridge and iptables, in the files and in force.
#include <fmt/format.h>

#include <algorithm>

#include "config/audit_scene.h"

namespace diag {

namespace {

Step switch_step(std::string_view name) {
  Step step;
  step.instruction =
      fmt::format("Set it again now, and after each load of the bridge module: sysctl -w net.bridge.{}=0", name);
  step.check =
      fmt::format("sysctl net.bridge.{}   # 0; again after a reboot and after the first guest has started", name);
  step.undo = fmt::format("sysctl -w net.bridge.{}=1", name);
  step.risk = Risk::traffic_change;
  return step;
}

Event switch_event(std::string_view name, const HostSwitch& found) {
  Event event;
  event.kind = "sysctl.value";
  event.title = fmt::format("net.bridge.{} = {}", name, found.value);
  event.first = event.last = {found.at.source, found.at.line, 0};
  if (found.at.line) event.lines.push_back({found.at.line, found.at.quote});
  event.set("name", fmt::format("net.bridge.{}", name), found.at.line);
  event.set("value", found.value, found.at.line);
  event.set("state", std::string(found.running ? "running" : "configured"));
  return event;
}

struct PhysdevRule {
  const RuleSet* set;
  const Table* table;
  const Rule* rule;
  std::uint32_t number;
};

std::optional<PhysdevRule> first_physdev_rule(const FirewallHost& host, Family family) {
  for (const auto& rules : host.rules()) {
    if (rules.set.family != family) continue;
    for (const auto& table : rules.set.tables)
      for (const auto& chain : table.chains)
        for (std::uint32_t i = 0; i < chain.rules.size(); ++i)
          if (const auto& rule = table.rules[chain.rules[i]]; rule.physdev)
            return PhysdevRule{&rules.set, &table, &rule, i + 1};
  }
  return std::nullopt;
}

void check_name(const AuditScene& scene, Family family, std::string_view name, AuditResult& result) {
  const auto* file = scene.host.bridge_switch(name, false);
  const auto* now = scene.host.bridge_switch(name, true);
  const bool off_in_file = file && file->value == "0";
  // A command line that states the value, or a 0 in force, settles it.
  if (scene.calls(family) == Tri::no || (scene.calls(family) == Tri::yes && !now)) return;
  const auto physdev = first_physdev_rule(scene.host, family);
  const bool loads = !now && physdev && scene.kernel.era == Era::el8;
  if (!off_in_file && !loads) return;

  Finding finding = begin_finding("IPT006");
  finding.severity = Severity::warning;
  finding.confidence = now ? Confidence::certain : Confidence::possible;
  if (off_in_file) {
    finding.summary = now ? "The file sets 0, but the value in force is 1: the bridge module was loaded after the file "
                            "was applied, or the file was changed since."
                          : "The file sets 0. If the bridge module is loaded after the file is applied, which is usual "
                            "where libvirt starts the bridges, the value stays 1.";
    finding.events.push_back(add_event(result, switch_event(name, *file)));
    finding.evidence.push_back(evidence_at(file->at, "applied at boot, if the bridge module is loaded by then"));
  } else {
    finding.title = "A physdev rule switches bridge netfilter on";
    finding.summary =
        "On kernels since 3.18 a rule with -m physdev loads br_netfilter, whose switches are on by default. No input "
        "sets them to 0.";
  }
  if (now) {
    finding.events.push_back(add_event(result, switch_event(name, *now)));
    finding.evidence.push_back(evidence_at(now->at, "in force"));
  } else {
    finding.not_checked.push_back(fmt::format("the value in force: sysctl net.bridge.{}", name));
  }
  if (loads) {
    const auto hooks = hooks_of_chains(*physdev->table);
    if (finding.events.empty())
      finding.events.push_back(add_event(result, rule_event(*physdev->set, *physdev->table, *physdev->rule,
                                                            physdev->number, hooks[physdev->rule->chain], {})));
    finding.evidence.push_back(
        evidence_at(*physdev->set, physdev->rule->line, physdev->rule->target_column, "loads br_netfilter"));
  }
  finding.steps.push_back(switch_step(name));
  finding.references = {"docs/formats/iptables.md"};
  result.findings.push_back(std::move(finding));
}

}  // namespace

void check_switch(const AuditScene& scene, AuditResult& result) {
  const auto has = [&](Family family) {
    return std::ranges::any_of(scene.host.rules(), [&](const HostRules& r) { return r.set.family == family; });
  };
  if (has(Family::ipv4)) check_name(scene, Family::ipv4, "bridge-nf-call-iptables", result);
  if (has(Family::ipv6)) check_name(scene, Family::ipv6, "bridge-nf-call-ip6tables", result);
}

}  // namespace diag
