#include "config/audit.h"

#include <algorithm>

#include "config/audit_scene.h"

namespace diag {

namespace {

constexpr AuditCheck checks[] = {
    {"IPT001", "iptables.reject-bridged", "A packet that only passes a bridge can reach a REJECT rule"},
    {"IPT002", "iptables.reject-routed", "A packet routed out by a bridge can reach a REJECT rule"},
    {"IPT003", "iptables.reject-output", "A packet of the host that leaves by a bridge can reach a REJECT rule"},
    {"IPT004", "iptables.reject-ordinary", "REJECT rules are met in ordinary context only"},
    {"IPT005", "iptables.exemption-too-narrow", "The --physdev-is-bridged exemption does not cover routed packets"},
    {"IPT006", "iptables.bridge-switch", "Bridge netfilter may be on although a file switches it off"},
    {"IPT007", "iptables.foreign-owner", "REJECT rules are put back by another program"},
    {"IPT008", "iptables.physdev-never", "A physdev condition cannot load, or never matches, where it stands"},
    {"IPT009", "iptables.does-not-load", "The rules will not load"},
    {"IPT010", "iptables.reject-hit", "REJECT rules were met, the counters say"},
    {"IPT011", "iptables.running-differs", "The running rules differ from the saved file"},
    {"IPT012", "iptables.reject-ipv6", "A packet in a bridge's hands can reach a REJECT rule for IPv6"},
    {"IPT013", "iptables.nft-migration", "Physdev rules are lost when the rules are translated to nft"},
};

Tri tri_of(const std::string& value) { return value == "0" ? Tri::no : value.empty() ? Tri::unknown : Tri::yes; }

// The switch in force, if it is known.
Tri switch_of(const FirewallHost& host, const AuditOptions& options, std::string_view name) {
  if (options.calls_iptables) return *options.calls_iptables ? Tri::yes : Tri::no;
  const auto* running = host.bridge_switch(name, true);
  return running ? tri_of(running->value) : Tri::unknown;
}

bool worse(const Finding& a, const Finding& b) {
  if (a.severity != b.severity) return a.severity > b.severity;
  return a.confidence > b.confidence;
}

}  // namespace

std::span<const AuditCheck> audit_checks() { return checks; }

AuditScene::AuditScene(const FirewallHost& stated, const AuditOptions& options)
    : host(stated),
      kernel(view_kernel(stated, options.era, options.kernel)),
      bridges_complete(options.bridges || stated.bridges_complete()),
      calls_iptables(switch_of(stated, options, "bridge-nf-call-iptables")),
      calls_ip6tables(switch_of(stated, options, "bridge-nf-call-ip6tables")) {
  if (!options.calls_iptables) calls_stated = stated.bridge_switch("bridge-nf-call-iptables", true);
  for (const auto& bridge : stated.bridges())
    if (!options.bridges) bridges.push_back({bridge.name, bridge.ports, bridge.ports_known});
  if (options.bridges)
    for (const auto& name : *options.bridges) bridges.push_back({name, {}, false});
  for (const auto& rules : stated.rules())
    if (switches_on_deferred_hooks(rules.set)) deferred_hooks[rules.set.family == Family::ipv6] = true;
}

FilterHost AuditScene::filter_host(Family family) const {
  return {bridges, bridges_complete, calls(family), kernel.bridge(), deferred_hooks[family == Family::ipv6]};
}

std::string upper_first(std::string_view text) {
  std::string out(text);
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 32);
  return out;
}

Finding begin_finding(std::string_view code) {
  const auto check = std::ranges::find(checks, code, &AuditCheck::code);
  Finding finding;
  finding.code = code;
  finding.signature = check->id;
  finding.title = check->title;
  finding.confidence = Confidence::certain;
  return finding;
}

Evidence evidence_at(const RuleSet& set, std::uint64_t line, std::uint32_t column, std::string because) {
  const auto* found = set.text->line(line);
  return {set.text->source(), line, line, column, found ? std::string(found->text) : std::string(), std::move(because)};
}

Evidence evidence_at(const Stated& at, std::string because) {
  return {at.source, at.line, at.line, at.column, at.quote, std::move(because)};
}

std::size_t add_event(AuditResult& result, Event event) {
  result.events.push_back(std::move(event));
  return result.events.size() - 1;
}

AuditResult audit(const FirewallHost& host, const AuditOptions& options) {
  const AuditScene scene(host, options);
  AuditResult result;
  const auto repeated = check_running(scene, result);
  for (const auto& rules : host.rules()) {
    if (std::ranges::find(repeated, &rules) != repeated.end()) continue;
    check_mistakes(scene, rules, result);
    check_rejects(scene, rules, result);
    check_migration(scene, rules, result);
  }
  check_switch(scene, result);
  check_zones(scene, result);
  std::ranges::stable_sort(result.findings, worse);
  return result;
}

}  // namespace diag
