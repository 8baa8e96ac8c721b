// A rule set as events: iptables.rule, iptables.chain, iptables.reject_path, iptables.mistake.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/firewall.h"
#include "config/reject_paths.h"
#include "diag/event.h"

namespace diag {

// Rule events beyond this many are made only for REJECT rules.
constexpr std::size_t most_rule_events = 20'000;

struct FirewallEvents {
  std::vector<Event> events;       // in order of line
  std::size_t rules_left_out = 0;  // rules without an event
};
FirewallEvents firewall_events(const RuleSet& rules, const RejectPaths& paths);

// Who puts rules into a table and will put them back: "libvirt", "firewalld", "fail2ban".
class RuleOwners {
 public:
  explicit RuleOwners(const RuleSet& set, const Table& table);  // the table must outlive it
  std::string_view of(const Rule& rule) const;                  // empty: not known

 private:
  const Table& table_;
  std::vector<std::string_view> chains_;  // the owner of each chain
};

// One event each. `number` is the rule's place in its chain, from 1.
Event rule_event(const RuleSet& set, const Table& table, const Rule& rule, std::uint32_t number, std::uint8_t hooks,
                 std::string_view owner);
Event path_event(const RuleSet& set, const RejectPath& path);

// "-m physdev --physdev-is-bridged", "-p tcp" ...: the conditions as written; empty for a listing.
std::vector<std::string> conditions_of(const Rule& rule);
// "-o virbr0 -j REJECT", blanks squeezed; of a listing the row.
std::string one_line(std::string_view text);

}  // namespace diag
