#include "config/reject_paths.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/text.h"

namespace diag {

namespace {

using Kind = PacketInterface::Kind;

constexpr std::size_t most_names = 256;         // bridges guessed from rules
constexpr std::size_t most_steps = 12'000'000;  // rules looked at, over all packets
constexpr std::size_t most_bridges = 24;

struct Pattern {
  std::string_view name;
  bool prefix;
  auto operator<=>(const Pattern&) const = default;
};

std::set<Pattern> interface_patterns(const Table& table) {
  std::set<Pattern> patterns;
  for (const auto& rule : table.rules)
    for (const auto* test : {&rule.in, &rule.out})
      if (*test) patterns.insert({(*test)->name, (*test)->prefix});
  return patterns;
}

// Bridges the rules name, those of REJECT rules first, behind the ones that are known.
std::vector<Bridge> guessed_bridges(const Table& table, std::vector<Bridge> bridges) {
  std::set<std::string> seen;
  for (const auto& bridge : bridges) seen.insert(bridge.name);
  for (const bool rejecting : {true, false})
    for (const auto& rule : table.rules)
      for (const auto* test : {&rule.in, &rule.out}) {
        if (!*test || (*test)->prefix || (rule.target == "REJECT") != rejecting || !looks_like_bridge((*test)->name))
          continue;
        if (bridges.size() < most_names && seen.insert((*test)->name).second)
          bridges.emplace_back().name = (*test)->name;
      }
  return bridges;
}

// One bridge for each set of interface conditions it meets: the others behave the same. Bridges with known ports stand
// alone.
std::vector<const Bridge*> distinct_bridges(const std::vector<Bridge>& bridges, const std::set<Pattern>& patterns) {
  std::vector<const Bridge*> distinct;
  std::set<std::vector<std::size_t>> seen;
  for (const auto& bridge : bridges) {
    std::vector<std::size_t> met;
    std::size_t i = 0;
    for (const auto& pattern : patterns) {
      if (pattern.prefix ? bridge.name.starts_with(pattern.name) : bridge.name == pattern.name) met.push_back(i);
      ++i;
    }
    if (seen.insert(std::move(met)).second || bridge.ports_known) distinct.push_back(&bridge);
  }
  return distinct;
}

class PathFinder {
 public:
  PathFinder(const RuleSet& rules, const FilterHost& host) : host_(host) {
    const bool may = host.era != BridgeEra::later && host.calls_iptables != Tri::no;
    result_.deferred_hooks = may && (host.deferred_hooks || switches_on_deferred_hooks(rules));
    table_ = rules.table("filter");
  }

  RejectPaths find() {
    if (!table_) return std::move(result_);
    result_.bridges = host_.bridges_known ? host_.bridges : guessed_bridges(*table_, host_.bridges);
    const bool rejects = std::ranges::any_of(table_->rules, [](const Rule& r) { return r.target == "REJECT"; });
    if (!rejects) return std::move(result_);
    FirewallWalk walk(*table_, result_.bridges);
    walk_ = &walk;
    choose_bridges();
    look();
    std::ranges::sort(result_.paths, {}, [](const RejectPath& p) { return std::pair(p.rule, p.situation); });
    return std::move(result_);
  }

 private:
  void choose_bridges() {
    auto chosen = distinct_bridges(result_.bridges, interface_patterns(*table_));
    const auto affordable = most_steps / std::max<std::size_t>(table_->rules.size(), 1);
    std::size_t most = 2;
    while (most < most_bridges && (most + 1) * (most + 1) <= affordable) ++most;
    if (chosen.size() > most) {
      result_.bridges_left_out = chosen.size() - most;
      chosen.resize(most);
    }
    for (const auto* bridge : chosen) interfaces_.push_back({Kind::bridge, bridge});
    if (!host_.bridges_known) interfaces_.push_back({Kind::unnamed_bridge, nullptr});
  }

  void look() {
    const PacketInterface other{Kind::other, nullptr};
    const bool may_call = host_.calls_iptables != Tri::no;
    const Tri seen = host_.calls_iptables;
    const Tri deferred = result_.deferred_hooks ? Tri::unknown : Tri::no;
    for (const auto& bridge : interfaces_) {
      if (may_call) walk(Situation::bridged, {"FORWARD", bridge, bridge, Tri::yes, Tri::yes, Tri::yes, Tri::yes});
      for (const auto& out : interfaces_) walk(Situation::routed_bridges, routed(bridge, out));
    }
    for (const auto& bridge : interfaces_) {
      const auto from_elsewhere = result_.deferred_hooks ? Situation::routed_deferred : Situation::ordinary;
      walk(from_elsewhere, {"FORWARD", other, bridge, deferred, Tri::no, Tri::no, deferred});
      walk(Situation::host_to_bridge, {"OUTPUT", {}, bridge, deferred, Tri::no, Tri::no, deferred});
      walk(Situation::ordinary, {"INPUT", bridge, {}, seen, Tri::no, seen, Tri::no});
      walk(Situation::ordinary, {"FORWARD", bridge, other, seen, Tri::no, seen, Tri::no});
    }
    walk(Situation::ordinary, {"INPUT", other, {}, Tri::no, Tri::no, Tri::no, Tri::no});
    walk(Situation::ordinary, {"FORWARD", other, other, Tri::no, Tri::no, Tri::no, Tri::no});
    walk(Situation::ordinary, {"OUTPUT", {}, other, Tri::no, Tri::no, Tri::no, Tri::no});
  }

  // 2.6.18 knows the outgoing port of such a packet when it replays the hook, later kernels do not.
  PacketView routed(const PacketInterface& in, const PacketInterface& out) const {
    const Tri seen = host_.calls_iptables;
    const Tri out_port = host_.era == BridgeEra::later || seen == Tri::no ? Tri::no : Tri::unknown;
    return {"FORWARD", in, out, seen, Tri::no, seen, out_port};
  }

  void walk(Situation situation, const PacketView& packet) {
    auto& known = known_[static_cast<std::size_t>(situation)];
    known.sure.resize(table_->rules.size());
    known.path.resize(table_->rules.size());
    const bool unnamed = packet.in.kind == Kind::unnamed_bridge || packet.out.kind == Kind::unnamed_bridge;
    for (auto& reached : walk_->rejects(packet, known.sure)) {
      const bool assumed = reached.assumed || unnamed;
      auto& path = known.path[reached.rule];
      if (assumed && path) continue;
      if (!path) path = static_cast<std::uint32_t>(result_.paths.emplace_back(), result_.paths.size());
      known.sure[reached.rule] = !assumed;
      result_.paths[path - 1] = {
          reached.rule, situation, packet.hook, name(packet.in), name(packet.out), std::move(reached.steps), assumed};
    }
  }

  std::string name(const PacketInterface& at) const {
    switch (at.kind) {
      case Kind::none:
        return {};
      case Kind::bridge:
        return at.bridge->name;
      case Kind::unnamed_bridge:
        return interfaces_.size() > 1 ? "another bridge" : "a bridge";
      case Kind::other:
        return "another interface";
    }
    return {};
  }

  const FilterHost& host_;
  const Table* table_ = nullptr;
  FirewallWalk* walk_ = nullptr;
  std::vector<PacketInterface> interfaces_;
  struct Known {
    std::vector<std::uint8_t> sure;   // of each rule: a path without assumptions is known
    std::vector<std::uint32_t> path;  // of each rule: its place in the result, from 1
  };
  std::array<Known, 5> known_;
  RejectPaths result_;
};

}  // namespace

std::string_view to_string(Situation s) {
  constexpr std::string_view names[] = {"bridged", "routed between bridges", "routed to a bridge", "host to a bridge",
                                        "ordinary"};
  return names[static_cast<std::size_t>(s)];
}

std::string_view description(Situation s) {
  constexpr std::string_view texts[] = {
      "a packet that passes a bridge from port to port",
      "a packet that comes in by a bridge and is routed out by a bridge",
      "a packet that is routed out by a bridge, its hooks deferred into the bridge",
      "a packet of the host itself that leaves by a bridge",
      "a packet in ordinary context",
  };
  return texts[static_cast<std::size_t>(s)];
}

bool in_bridge(const RejectPath& path, bool deferred_hooks, BridgeEra era) {
  if (path.situation == Situation::bridged) return true;
  if (path.situation == Situation::ordinary || era == BridgeEra::later) return false;
  return path.situation != Situation::host_to_bridge || deferred_hooks;
}

RejectPaths reject_paths(const RuleSet& rules, const FilterHost& host) { return PathFinder(rules, host).find(); }

bool switches_on_deferred_hooks(const RuleSet& rules) {
  constexpr std::uint8_t concerned = 0b11100;  // FORWARD, OUTPUT, POSTROUTING
  for (const auto& table : rules.tables) {
    std::vector<std::uint8_t> hooks;
    for (const auto& rule : table.rules) {
      if (!rule.physdev || !rule.physdev->out || rule.physdev->bridged == Asked::yes) continue;
      if (hooks.empty()) hooks = hooks_of_chains(table);
      if (hooks[rule.chain] & concerned) return true;
    }
  }
  return false;
}

bool looks_like_bridge(std::string_view interface) {
  constexpr std::string_view fronts[] = {"br",    "virbr",  "vmbr", "xenbr",     "lxcbr",
                                         "lxdbr", "docker", "cni",  "ovirtmgmt", "rhevm"};
  return std::ranges::any_of(fronts, [&](auto front) { return interface.starts_with(front); });
}

}  // namespace diag
