// What to do about a REJECT that a packet in a bridge's hands can reach, step by step, with check and undo.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/firewall.h"
#include "config/host_kernel.h"
#include "diag/finding.h"

namespace diag {

struct RejectPlace {
  const RuleSet& set;
  const Table& table;
  const Rule& rule;
  std::uint32_t number = 0;  // of the rule in its chain
  std::string_view owner;    // RuleOwners::of
};

// For a rule that is met while the packet is in the bridge's hands. `alone` leaves out what is said once for a whole
// rule set: the copy before, the file, the switch, the kernel.
std::vector<Step> reject_steps(const RejectPlace& place, const KernelView& kernel, bool alone);

// Where to change what another program puts back.
Step owner_step(std::string_view owner, Family family);

// The rule's conditions as they stand behind "iptables -R CHAIN N"; "<its conditions>" where the text does not show
// them or they cannot be typed as they are.
std::string conditions_text(const Rule& rule);
// "iptables" or "ip6tables"
std::string_view program_of(Family family);

}  // namespace diag
