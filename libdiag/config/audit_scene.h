// What all checks of the audit share: the host's facts brought together, and how a finding is begun.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/audit.h"
#include "config/firewall_events.h"
#include "config/reject_paths.h"

namespace diag {

struct AuditScene {
  const FirewallHost& host;
  KernelView kernel;
  std::vector<Bridge> bridges;  // stated by inputs or the command line
  bool bridges_complete = false;
  Tri calls_iptables = Tri::unknown, calls_ip6tables = Tri::unknown;
  const HostSwitch* calls_stated = nullptr;  // the input that says so, for IPv4
  bool deferred_hooks[2] = {false, false};   // switched on by rules for IPv4, IPv6

  AuditScene(const FirewallHost& host, const AuditOptions& options);
  Tri calls(Family family) const { return family == Family::ipv4 ? calls_iptables : calls_ip6tables; }
  FilterHost filter_host(Family family) const;
};

// Severity::info, Confidence::certain; the title is that of the check.
Finding begin_finding(std::string_view code);

Evidence evidence_at(const RuleSet& set, std::uint64_t line, std::uint32_t column, std::string because);
Evidence evidence_at(const Stated& at, std::string because);

// Enters the event; its index.
std::size_t add_event(AuditResult& result, Event event);

// The checks, each of its file.
void check_rejects(const AuditScene& scene, const HostRules& rules, AuditResult& result);   // IPT001-005, 007, 010, 012
void check_mistakes(const AuditScene& scene, const HostRules& rules, AuditResult& result);  // IPT008, 009
void check_migration(const AuditScene& scene, const HostRules& rules, AuditResult& result);  // IPT013
void check_switch(const AuditScene& scene, AuditResult& result);                             // IPT006
void check_zones(const AuditScene& scene, AuditResult& result);  // IPT004 of firewalld zones
// IPT011; gives the rule sets that need no look of their own, because another input states the same.
std::vector<const HostRules*> check_running(const AuditScene& scene, AuditResult& result);

// "a packet" -> "A packet"
std::string upper_first(std::string_view text);

// A rule as far as all forms of a rule set show it alike.
std::string comparable(const Table& table, const Rule& rule);

}  // namespace diag
