#include "config/reject_paths.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rule_sets.h"

namespace diag {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> found(std::string_view rules, const FilterHost& host = {}, bool ordinary = false) {
  const auto set = rules_of(rules);
  std::vector<std::string> texts;
  for (const auto& path : reject_paths(set, host).paths)
    if (ordinary || path.situation != Situation::ordinary)
      texts.push_back(std::string(to_string(path.situation)) + " " + path.in + ">" + path.out + " " +
                      to_string(set.tables[0], path.steps));
  return texts;
}

FilterHost host_with(std::vector<std::string> bridges, Tri calls = Tri::yes, BridgeEra era = BridgeEra::deferring) {
  FilterHost host{{}, true, calls, era};
  for (auto& name : bridges) host.bridges.push_back({std::move(name), {}, false});
  return host;
}

// The published host: --physdev-is-bridged covers bridged packets only, and those that were routed crashed it.
TEST(RejectPaths, OfTheEl5HostAreRoutedBetweenBridges) {
  EXPECT_THAT(found(el5_rules, host_with({"br0", "virbr0"})),
              ElementsAre("routed between bridges br0>virbr0 FORWARD:5", "routed between bridges virbr0>br0 FORWARD:6",
                          "routed between bridges br0>br0 FORWARD:7 -> RH-Firewall-1-INPUT:5"));
}

TEST(RejectPaths, GuessBridgesFromTheRules) {
  EXPECT_THAT(found(el5_rules),
              ElementsAre("routed between bridges another bridge>virbr0 FORWARD:5",
                          "routed between bridges virbr0>another bridge FORWARD:6",
                          "routed between bridges another bridge>another bridge FORWARD:7 -> RH-Firewall-1-INPUT:5"));
}

TEST(RejectPaths, OfTheEl6DefaultAreBridgedToo) {
  EXPECT_THAT(found(el6_rules, host_with({"br0"}, Tri::yes, BridgeEra::later)),
              ElementsAre("bridged br0>br0 FORWARD:1", "routed between bridges br0>br0 FORWARD:1"));
  EXPECT_THAT(found(el6_rules, host_with({"br0"}, Tri::no, BridgeEra::later)),
              ElementsAre("routed between bridges br0>br0 FORWARD:1"));
  EXPECT_THAT(found(el6_rules, host_with({})), IsEmpty());
  EXPECT_THAT(
      found(el6_rules, host_with({}), true),
      ElementsAre("ordinary another interface> INPUT:5", "ordinary another interface>another interface FORWARD:1"));
}

TEST(RejectPaths, DeferredHooksAddPacketsFromElsewhere) {
  constexpr std::string_view rules =
      "-A FORWARD -m physdev --physdev-out vnet0 -j ACCEPT\n-A FORWARD -j REJECT\n-A OUTPUT -o br0 -j REJECT\n";
  EXPECT_TRUE(switches_on_deferred_hooks(rules_of(rules)));
  const auto paths = found(rules, host_with({"br0"}));
  EXPECT_THAT(paths, Contains("routed to a bridge another interface>br0 FORWARD:2"));
  EXPECT_THAT(paths, Contains("host to a bridge >br0 OUTPUT:1"));
  // Later kernels have no deferred hooks, and without bridge netfilter nothing is deferred.
  const auto plain = ElementsAre("routed between bridges br0>br0 FORWARD:2", "host to a bridge >br0 OUTPUT:1");
  EXPECT_THAT(found(rules, host_with({"br0"}, Tri::no)), plain);
  const auto set = rules_of(rules);
  EXPECT_TRUE(reject_paths(set, host_with({"br0"})).deferred_hooks);
  EXPECT_FALSE(reject_paths(set, host_with({"br0"}, Tri::no)).deferred_hooks);
  EXPECT_FALSE(reject_paths(set, host_with({"br0"}, Tri::yes, BridgeEra::later)).deferred_hooks);
}

TEST(RejectPaths, AreInTheBridgeByEra) {
  const auto path = [](Situation s) {
    RejectPath p;
    p.situation = s;
    return p;
  };
  using enum BridgeEra;
  EXPECT_TRUE(in_bridge(path(Situation::bridged), false, later));
  EXPECT_TRUE(in_bridge(path(Situation::routed_bridges), false, deferring));
  EXPECT_FALSE(in_bridge(path(Situation::routed_bridges), false, later));
  EXPECT_FALSE(in_bridge(path(Situation::host_to_bridge), false, deferring));
  EXPECT_TRUE(in_bridge(path(Situation::host_to_bridge), true, deferring));
  EXPECT_FALSE(in_bridge(path(Situation::ordinary), true, deferring));
}

TEST(RejectPaths, OnlyAPlainPhysdevOutDefersHooks) {
  EXPECT_FALSE(
      switches_on_deferred_hooks(rules_of("-A FORWARD -m physdev --physdev-out vnet0 --physdev-is-bridged -j ACCEPT")));
  EXPECT_FALSE(switches_on_deferred_hooks(rules_of("-A FORWARD -m physdev --physdev-is-out -j ACCEPT")));
  EXPECT_FALSE(switches_on_deferred_hooks(rules_of("-A INPUT -m physdev --physdev-out vnet0 -j ACCEPT")));
  EXPECT_TRUE(switches_on_deferred_hooks(
      rules_of(":c - [0:0]\n-A FORWARD -j c\n-A c -m physdev ! --physdev-out vnet0 -j ACCEPT")));
}

// Bridges that meet the same conditions are one; the work stays within its bound however many there are.
TEST(RejectPaths, FoldBridgesThatBehaveTheSame) {
  std::vector<std::string> names;
  for (int i = 0; i < 300; ++i) names.push_back("br" + std::to_string(i));
  const auto paths = reject_paths(rules_of("-A FORWARD -i br7 -j REJECT\n"), host_with(names));
  EXPECT_EQ(paths.bridges_left_out, 0u);
  EXPECT_EQ(paths.paths.size(), 3u);  // bridged, routed, ordinary
  std::string rules;
  for (const auto& name : names) rules += "-A FORWARD -i " + name + " -j REJECT\n";
  EXPECT_GT(reject_paths(rules_of(rules), host_with(names)).bridges_left_out, 0u);
}

TEST(RejectPaths, TellBridgesByName) {
  for (const auto* name : {"br0", "virbr12", "xenbr0", "bridge1"}) EXPECT_TRUE(looks_like_bridge(name)) << name;
  for (const auto* name : {"eth0", "lo", "vnet0", "tun0", "bond0", "peth0"})
    EXPECT_FALSE(looks_like_bridge(name)) << name;
}

}  // namespace
}  // namespace diag
