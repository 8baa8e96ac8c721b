// The REJECT rules of a rule set that a packet can reach, by the situation in which it reaches them. What a REJECT does
// there depends on the kernel: in the old ones an ICMP error was built from a packet that was still in the bridge's
// hands.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/firewall.h"
#include "config/firewall_walk.h"

namespace diag {

// 2.6.18 (EL5) replays FORWARD and OUTPUT inside the bridge for packets that leave by one; later kernels do not.
enum class BridgeEra { unknown, deferring, later };

struct FilterHost {
  std::vector<Bridge> bridges;
  bool bridges_known = false;         // these are all; false: others are guessed from the names in the rules
  Tri calls_iptables = Tri::unknown;  // net.bridge.bridge-nf-call-iptables (ip6tables)
  BridgeEra era = BridgeEra::unknown;
  bool deferred_hooks = false;  // switched on by rules that are not looked at here
};

enum class Situation {
  bridged,          // from one port of a bridge to another
  routed_bridges,   // came in by a bridge and is routed out by a bridge
  routed_deferred,  // came in elsewhere and is routed out by a bridge, with deferred hooks on
  host_to_bridge,   // sent by the host out by a bridge; in bridge context only with deferred hooks on
  ordinary,         // to the host, or through it in ordinary context
};
std::string_view to_string(Situation s);    // "bridged", "routed between bridges" ...: a field value
std::string_view description(Situation s);  // "a packet that passes the bridge, from port to port"

struct RejectPath {
  std::uint32_t rule = 0;  // index into the rules of table filter
  Situation situation = Situation::ordinary;
  std::string_view hook;
  std::string in, out;  // "br0", "another bridge", "another interface"; empty: none
  std::vector<WalkStep> steps;
  bool assumed = false;  // hangs on an interface condition that is unknown, or on a bridge no input names
};

struct RejectPaths {
  std::vector<RejectPath> paths;  // by rule, then situation; one for each pair
  std::vector<Bridge> bridges;    // those looked at
  std::size_t bridges_left_out = 0;
  bool deferred_hooks = false;  // on, as far as is known: by a --physdev-out rule, on a kernel that has them
};

// Whether the rule is met while the packet is in the bridge's hands, provided the bridge calls iptables at all: 2.6.18
// replays the hooks there, later kernels run only bridged packets through them.
bool in_bridge(const RejectPath& path, bool deferred_hooks, BridgeEra era);

RejectPaths reject_paths(const RuleSet& rules, const FilterHost& host);

// Whether loading the rules makes an EL5 kernel defer FORWARD and OUTPUT of all packets that leave by a bridge.
bool switches_on_deferred_hooks(const RuleSet& rules);
// By its name alone: br0, virbr1, xenbr0 ...
bool looks_like_bridge(std::string_view interface);

}  // namespace diag
