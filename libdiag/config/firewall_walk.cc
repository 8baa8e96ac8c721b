#include "config/firewall_walk.h"

#include <algorithm>
#include <utility>

namespace diag {

namespace {

using Kind = PacketInterface::Kind;

Tri tri(bool b) { return b ? Tri::yes : Tri::no; }
Tri asked(Asked what, Tri is) { return what == Asked::no ? Tri::yes : what == Asked::yes ? is : !is; }

// A test of the name of a bridge port.
Tri on_port(const InterfaceTest& test, const PacketInterface& at) {
  Tri met = Tri::unknown;
  if (test.prefix && test.name.empty()) met = Tri::yes;
  if (at.bridge && at.bridge->ports_known) {
    const auto matching = std::ranges::count_if(at.bridge->ports, [&](const auto& port) { return test.matches(port); });
    met = matching == 0                                                   ? Tri::no
          : static_cast<std::size_t>(matching) == at.bridge->ports.size() ? Tri::yes
                                                                          : Tri::unknown;
  }
  return test.negated ? !met : met;
}

// The match without bridge information: true if every option used is negated.
Tri without_bridge(const PhysdevTest& p) {
  const auto plain = [](const std::optional<InterfaceTest>& t) { return t && !t->negated; };
  return tri(p.bridged != Asked::yes && p.in_port != Asked::yes && p.out_port != Asked::yes && !plain(p.in) &&
             !plain(p.out));
}

Tri with_bridge(const PhysdevTest& p, const PacketView& packet) {
  Tri met = asked(p.bridged, packet.bridged) & asked(p.in_port, packet.in_port) & asked(p.out_port, packet.out_port);
  if (p.in) met = met & (packet.in_port == Tri::no ? Tri::unknown : on_port(*p.in, packet.in));
  // Without an outgoing port new kernels say no even to a negated test, old ones compare with an empty name.
  if (p.out) {
    if (packet.out_port == Tri::no) return met & (p.out->negated ? Tri::unknown : Tri::no);
    met = met & (packet.out_port == Tri::unknown ? Tri::unknown : on_port(*p.out, packet.out));
  }
  return met;
}

Tri on_physdev(const PhysdevTest& p, const PacketView& packet) {
  if (packet.bridge_info == Tri::no) return without_bridge(p);
  const Tri with = with_bridge(p, packet);
  return packet.bridge_info == Tri::yes || with == without_bridge(p) ? with : Tri::unknown;
}

}  // namespace

std::string to_string(const Table& table, const std::vector<WalkStep>& steps) {
  std::string text;
  for (const auto& step : steps)
    text += (text.empty() ? "" : " -> ") + table.chains[step.chain].name + ":" + std::to_string(step.number);
  return text;
}

FirewallWalk::FirewallWalk(const Table& table, const std::vector<Bridge>& known_bridges)
    : table_(table),
      bridges_(known_bridges),
      links_(table.rules.size()),
      returns_(table.chains.size()),
      looked_at_(table.chains.size()),
      settled_(table.chains.size()) {
  for (std::size_t i = 0; i < links_.size(); ++i) {
    const Rule& rule = table.rules[i];
    const auto chain = table.index.find(rule.target);
    Link& link = links_[i];
    if (rule.target == "REJECT")
      link.action = Action::reject;
    else if (rule.target == "ACCEPT" || rule.target == "DROP")
      link.action = Action::stop;
    else if (rule.target == "RETURN")
      link.action = Action::back;
    else if (chain != table.index.end() && !is_built_in(rule.target))
      link = {rule.jumps_without_return ? Action::go : Action::jump, chain->second};
  }
}

bool FirewallWalk::named_bridge(std::string_view name) const {
  return std::ranges::find(bridges_, name, &Bridge::name) != bridges_.end();
}

Tri FirewallWalk::on_interface(const InterfaceTest& test, const PacketInterface& at, std::string_view hook) const {
  Tri met = Tri::unknown;
  if (test.prefix && test.name.empty()) {
    met = Tri::yes;
  } else if (at.kind == Kind::none) {
    met = Tri::no;
  } else if (at.kind == Kind::bridge) {
    met = tri(test.matches(at.bridge->name));
  } else if (!test.prefix) {
    // A bridge that no rule names; or an interface that is no bridge, and is not looped back if it is forwarded.
    if (at.kind == Kind::unnamed_bridge || named_bridge(test.name) || (test.name == "lo" && hook == "FORWARD"))
      met = Tri::no;
  }
  return test.negated ? !met : met;
}

Tri FirewallWalk::on_interfaces(const Rule& rule, const PacketView& packet) const {
  if (!rule.interfaces_stated) return Tri::unknown;
  Tri met = Tri::yes;
  if (rule.in) met = met & on_interface(*rule.in, packet.in, packet.hook);
  if (rule.out && met != Tri::no) met = met & on_interface(*rule.out, packet.out, packet.hook);
  if (rule.physdev && met != Tri::no) met = met & on_physdev(*rule.physdev, packet);
  return met;
}

Tri FirewallWalk::decides(const Rule& rule, const PacketView& packet) const {
  const Tri met = on_interfaces(rule, packet);
  return rule.conditional ? met & Tri::unknown : met;
}

// Depth-first over the calls, with our own stack: rule sets may nest as deep as they like.
void FirewallWalk::order_from(std::uint32_t start) {
  if (std::exchange(ordered_from_, start) == start) return;
  order_.clear();
  std::vector<std::uint8_t> seen(table_.chains.size());
  std::vector<std::pair<std::uint32_t, std::size_t>> path{{start, 0}};
  seen[start] = 1;
  while (!path.empty()) {
    auto& [chain, next] = path.back();
    const auto& rules = table_.chains[chain].rules;
    if (next == rules.size()) {
      order_.push_back(chain);
      path.pop_back();
      continue;
    }
    const Link& link = links_[rules[next++]];
    if ((link.action != Action::jump && link.action != Action::go) || std::exchange(seen[link.chain], 1)) continue;
    path.emplace_back(link.chain, 0);
  }
}

// Whether a packet may come out of the chain's end, and how far into the chain it can get. The chains it calls are
// settled; one that is not is part of a loop and is taken to return.
void FirewallWalk::settle(std::uint32_t chain, const PacketView& packet) {
  const auto& rules = table_.chains[chain].rules;
  bool returns = false;
  std::uint32_t at = 0;
  bool stopped = false;
  while (at < rules.size() && !stopped) {
    const std::uint32_t rule = rules[at++];
    const Link& link = links_[rule];
    if (link.action == Action::other) continue;
    const Tri met = decides(table_.rules[rule], packet);
    if (met == Tri::no) continue;
    const bool calls = link.action == Action::jump || link.action == Action::go;
    const bool comes_back = calls && (!settled_[link.chain] || returns_[link.chain]);
    // After -g the packet comes back to the caller of this chain, and so out of its end; RETURN does the same.
    if (link.action == Action::back || (link.action == Action::go && comes_back)) returns = true;
    stopped = met == Tri::yes && !(link.action == Action::jump && comes_back);
  }
  looked_at_[chain] = at;
  returns_[chain] = returns || !stopped;
  settled_[chain] = 1;
}

std::vector<ReachedRule> FirewallWalk::rejects(const PacketView& packet, std::span<const std::uint8_t> known) {
  std::vector<ReachedRule> found;
  const auto hook = table_.index.find(packet.hook);
  if (hook == table_.index.end()) return found;
  order_from(hook->second);
  for (const auto chain : order_) settled_[chain] = 0;
  for (const auto chain : order_) settle(chain, packet);

  struct Entered {
    std::uint32_t chain;
    std::size_t from;      // the entry that called it
    std::uint32_t number;  // of the calling rule
    bool assumed;
  };
  std::vector<Entered> entered{{hook->second, 0, 0, false}};
  std::vector<std::uint8_t> seen(table_.chains.size());
  seen[hook->second] = 1;
  for (std::size_t e = 0; e < entered.size(); ++e) {
    const auto [chain, from, number, assumed] = entered[e];
    for (std::uint32_t i = 0; i < looked_at_[chain]; ++i) {
      const auto rule = table_.chains[chain].rules[i];
      const Link& link = links_[rule];
      const bool calls = link.action == Action::jump || link.action == Action::go;
      const bool wanted = calls ? !seen[link.chain] : link.action == Action::reject && (known.empty() || !known[rule]);
      if (!wanted) continue;
      const Tri met = on_interfaces(table_.rules[rule], packet);
      if (met == Tri::no) continue;
      const bool guess = assumed || met == Tri::unknown;
      if (calls) {
        seen[link.chain] = 1;
        entered.push_back({link.chain, e, i + 1, guess});
        continue;
      }
      ReachedRule reached{.rule = rule, .steps = {{chain, i + 1}}, .assumed = guess};
      for (std::size_t up = e; up != 0; up = entered[up].from)
        reached.steps.push_back({entered[entered[up].from].chain, entered[up].number});
      std::ranges::reverse(reached.steps);
      found.push_back(std::move(reached));
    }
  }
  return found;
}

}  // namespace diag
