// Which rules a packet can reach. Conditions on interfaces and bridge ports are decided for the packet that is looked
// at; all others (protocol, port, state ...) are unknown: they may hold, so they never stop the walk.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/firewall.h"

namespace diag {

struct Bridge {
  std::string name;
  std::vector<std::string> ports;
  bool ports_known = false;
};

// The interface a packet comes in by or goes out by.
struct PacketInterface {
  enum class Kind {
    none,            // a packet of the host itself, or for it
    bridge,          // this bridge
    unnamed_bridge,  // some bridge that no rule names
    other,           // some interface that is no bridge
  } kind = Kind::none;
  const Bridge* bridge = nullptr;
};

struct PacketView {
  std::string_view hook;  // the built-in chain it enters
  PacketInterface in, out;
  // What the physdev match sees: whether bridge netfilter looked at the packet at all, whether it is purely bridged,
  // and whether its incoming and outgoing bridge ports are known.
  Tri bridge_info = Tri::no, bridged = Tri::no, in_port = Tri::no, out_port = Tri::no;
};

struct WalkStep {
  std::uint32_t chain = 0;   // index into Table::chains
  std::uint32_t number = 0;  // of the rule in the chain, from 1
};

struct ReachedRule {
  std::uint32_t rule = 0;       // index into Table::rules
  std::vector<WalkStep> steps;  // from the built-in chain to the rule itself
  bool assumed = false;         // some condition on interfaces on the way is unknown, not met
};

// "FORWARD:9 -> RH-Firewall-1-INPUT:10"
std::string to_string(const Table& table, const std::vector<WalkStep>& steps);

class FirewallWalk {
 public:
  // `known_bridges` tells other interfaces from bridges; both must outlive the walk.
  FirewallWalk(const Table& table, const std::vector<Bridge>& known_bridges);

  // The REJECT rules that such a packet can reach, without those whose entry in `known` is not zero. Linear in the
  // rules; each chain is looked at once.
  std::vector<ReachedRule> rejects(const PacketView& packet, std::span<const std::uint8_t> known = {});

  // Whether the packet meets the conditions of this one rule.
  Tri decides(const Rule& rule, const PacketView& packet) const;

 private:
  enum class Action : std::uint8_t { other, stop, reject, back, jump, go };
  struct Link {
    Action action = Action::other;
    std::uint32_t chain = 0;
  };
  static constexpr std::uint32_t none = ~0U;

  Tri on_interfaces(const Rule& rule, const PacketView& packet) const;
  Tri on_interface(const InterfaceTest& test, const PacketInterface& interface, std::string_view hook) const;
  bool named_bridge(std::string_view name) const;
  void order_from(std::uint32_t start);
  void settle(std::uint32_t chain, const PacketView& packet);

  const Table& table_;
  const std::vector<Bridge>& bridges_;
  std::vector<Link> links_;           // of each rule
  std::vector<std::uint32_t> order_;  // chains below the hook, the called before the calling
  std::uint32_t ordered_from_ = none;
  std::vector<std::uint8_t> returns_;     // of each chain: a packet may come out of its end
  std::vector<std::uint32_t> looked_at_;  // of each chain: how many rules, from the first, can be reached within it
  std::vector<std::uint8_t> settled_;
};

}  // namespace diag
