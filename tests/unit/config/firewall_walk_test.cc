#include "config/firewall_walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rule_sets.h"

namespace diag {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<Bridge> br0 = {{"br0", {}, false}};

PacketView bridged() {
  const PacketInterface at{PacketInterface::Kind::bridge, &br0[0]};
  return {"FORWARD", at, at, Tri::yes, Tri::yes, Tri::yes, Tri::yes};
}

// The paths to REJECT rules of a bridged packet on br0, an asterisk behind those that rest on an assumption.
std::vector<std::string> paths(std::string_view rules, const PacketView& packet = bridged()) {
  const auto set = rules_of(rules);
  const auto& table = *set.table("filter");
  FirewallWalk walk(table, br0);
  std::vector<std::string> found;
  for (const auto& reached : walk.rejects(packet))
    found.push_back(to_string(table, reached.steps) + (reached.assumed ? "*" : ""));
  return found;
}

TEST(FirewallWalk, StopsAtATerminalThatMatchesForCertain) {
  EXPECT_THAT(paths("-A FORWARD -j REJECT"), ElementsAre("FORWARD:1"));
  EXPECT_THAT(paths("-A FORWARD -j ACCEPT\n-A FORWARD -j REJECT"), IsEmpty());
  EXPECT_THAT(paths("-A FORWARD -i br0 -j DROP\n-A FORWARD -j REJECT"), IsEmpty());
  EXPECT_THAT(paths("-A FORWARD -i eth0 -j DROP\n-A FORWARD -j REJECT"), ElementsAre("FORWARD:2"));
  EXPECT_THAT(paths("-A FORWARD -i br+ -j ACCEPT\n-A FORWARD -j REJECT"), IsEmpty());
  EXPECT_THAT(paths("-A FORWARD ! -i br0 -j ACCEPT\n-A FORWARD -j REJECT"), ElementsAre("FORWARD:2"));
  EXPECT_THAT(paths("-A FORWARD -j REJECT\n-A FORWARD -j REJECT"), ElementsAre("FORWARD:1"));
}

TEST(FirewallWalk, GoesOnBehindWhatMayNotMatch) {
  EXPECT_THAT(paths("-A FORWARD -p tcp -j ACCEPT\n-A FORWARD -j REJECT"), ElementsAre("FORWARD:2"));
  EXPECT_THAT(paths("-A FORWARD -m state --state NEW -j REJECT\n-A FORWARD -p udp -j REJECT"),
              ElementsAre("FORWARD:1", "FORWARD:2"));
  EXPECT_THAT(paths("-A FORWARD -j LOG\n-A FORWARD -j NFQUEUE\n-A FORWARD\n-A FORWARD -j REJECT"),
              ElementsAre("FORWARD:4"));
  EXPECT_THAT(paths("-A FORWARD -m comment --comment x -j ACCEPT\n-A FORWARD -j REJECT"), IsEmpty());
}

TEST(FirewallWalk, FollowsChainsAndComesBack) {
  EXPECT_THAT(paths(":c - [0:0]\n-A FORWARD -j c\n-A FORWARD -j REJECT\n-A c -i eth0 -j REJECT"),
              ElementsAre("FORWARD:2"));
  EXPECT_THAT(paths(":c - [0:0]\n-A FORWARD -j c\n-A FORWARD -j REJECT\n-A c -j ACCEPT"), IsEmpty());
  EXPECT_THAT(paths(":c - [0:0]\n-A FORWARD -p tcp -j c\n-A FORWARD -j REJECT\n-A c -j REJECT"),
              ElementsAre("FORWARD:2", "FORWARD:1 -> c:1"));
  EXPECT_THAT(paths(":c - [0:0]\n-A FORWARD -i eth0 -j c\n-A c -j REJECT"), IsEmpty());
  EXPECT_THAT(paths(":a - [0:0]\n:b - [0:0]\n-A FORWARD -j a\n-A a -j LOG\n-A a -j b\n-A b -j REJECT"),
              ElementsAre("FORWARD:1 -> a:2 -> b:1"));
}

// Without this rule three of six hundred random rule sets were judged too mildly.
TEST(FirewallWalk, AReturnThatMayMatchOpensTheWayBack) {
  EXPECT_THAT(paths(":c - [0:0]\n-A FORWARD -j c\n-A FORWARD -j REJECT\n-A c -p tcp -j RETURN\n-A c -j ACCEPT"),
              ElementsAre("FORWARD:2"));
  EXPECT_THAT(paths(":c - [0:0]\n-A FORWARD -j c\n-A FORWARD -j REJECT\n-A c -j RETURN\n-A c -j REJECT"),
              ElementsAre("FORWARD:2"));
  EXPECT_THAT(paths(":c - [0:0]\n-A FORWARD -j c\n-A FORWARD -j REJECT\n-A c -i eth0 -j RETURN\n-A c -j ACCEPT"),
              IsEmpty());
  EXPECT_THAT(paths("-A FORWARD -j RETURN\n-A FORWARD -j REJECT"), IsEmpty());
}

// After -g a packet that comes to the end of the chain goes on behind the caller of the chain that had the -g.
TEST(FirewallWalk, AGotoReturnsToTheCallersCaller) {
  constexpr std::string_view rules =
      ":a - [0:0]\n:b - [0:0]\n-A FORWARD -j a\n-A FORWARD -j REJECT\n-A a -g b\n-A a -j REJECT\n-A b -p tcp -j ACCEPT";
  EXPECT_THAT(paths(rules), ElementsAre("FORWARD:2"));
  EXPECT_THAT(paths(":b - [0:0]\n-A FORWARD -g b\n-A FORWARD -j REJECT\n-A b -p tcp -j ACCEPT"), IsEmpty());
  EXPECT_THAT(paths(":b - [0:0]\n-A FORWARD -p udp -g b\n-A FORWARD -j REJECT\n-A b -j ACCEPT"),
              ElementsAre("FORWARD:2"));
}

TEST(FirewallWalk, EndsInLoops) {
  constexpr std::string_view loop =
      ":a - [0:0]\n:b - [0:0]\n-A FORWARD -j a\n-A FORWARD -j REJECT\n-A a -j b\n-A b -j a\n";
  EXPECT_THAT(paths(loop), ElementsAre("FORWARD:2"));
  EXPECT_THAT(paths(std::string(loop) + "-A b -j REJECT"), ElementsAre("FORWARD:1 -> a:1 -> b:2"));
}

TEST(FirewallWalk, NestsAsDeepAsTheRulesDo) {
  std::string rules = "-A FORWARD -j c0\n";
  for (int i = 0; i < 50'000; ++i) rules += "-A c" + std::to_string(i) + " -j c" + std::to_string(i + 1) + "\n";
  const auto found = paths(rules + "-A c50000 -j REJECT");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(found[0].ends_with("-> c50000:1"));
}

struct PhysdevCase {
  std::string_view options;
  Tri bridged, routed, plain;  // a bridged packet; one from a port, routed elsewhere; one that never met a bridge
};

TEST(FirewallWalk, DecidesPhysdevAsTheKernelDoes) {
  using enum Tri;
  const PhysdevCase cases[] = {
      {"--physdev-is-bridged", yes, no, no},
      {"! --physdev-is-bridged", no, yes, yes},
      {"--physdev-is-in", yes, yes, no},
      {"! --physdev-is-in", no, no, yes},
      {"--physdev-is-out", yes, no, no},
      {"! --physdev-is-out", no, yes, yes},
      {"--physdev-in vnet0", unknown, unknown, no},
      {"! --physdev-in vnet0", unknown, unknown, yes},
      {"--physdev-in +", yes, yes, no},
      {"--physdev-out vnet0", unknown, no, no},
      {"--physdev-out +", yes, no, no},
      {"! --physdev-in vnet0 --physdev-is-bridged", unknown, no, no},
  };
  const auto port = bridged().in;
  const PacketInterface other{PacketInterface::Kind::other, nullptr};
  const PacketView routed{"FORWARD", port, other, Tri::yes, Tri::no, Tri::yes, Tri::no};
  const PacketView plain{"FORWARD", other, other, Tri::no, Tri::no, Tri::no, Tri::no};
  for (const auto& c : cases) {
    const auto set = rules_of("-A FORWARD -m physdev " + std::string(c.options) + " -j ACCEPT");
    FirewallWalk walk(set.tables[0], br0);
    const auto& rule = set.tables[0].rules[0];
    EXPECT_EQ(walk.decides(rule, bridged()), c.bridged) << c.options;
    EXPECT_EQ(walk.decides(rule, routed), c.routed) << c.options;
    EXPECT_EQ(walk.decides(rule, plain), c.plain) << c.options;
  }
}

TEST(FirewallWalk, UsesTheNamesOfThePortsIfKnown) {
  const std::vector<Bridge> known = {{"br0", {"vnet0", "vnet1"}, true}};
  const PacketInterface at{PacketInterface::Kind::bridge, &known[0]};
  const PacketView packet{"FORWARD", at, at, Tri::yes, Tri::yes, Tri::yes, Tri::yes};
  const std::pair<std::string_view, Tri> cases[] = {{"--physdev-in vnet+", Tri::yes},
                                                    {"--physdev-in eth0", Tri::no},
                                                    {"--physdev-in vnet0", Tri::unknown},
                                                    {"! --physdev-out eth0", Tri::yes}};
  for (const auto& [options, expected] : cases) {
    const auto set = rules_of("-A FORWARD -m physdev " + std::string(options) + " -j ACCEPT");
    EXPECT_EQ(FirewallWalk(set.tables[0], known).decides(set.tables[0].rules[0], packet), expected) << options;
  }
}

TEST(FirewallWalk, KnowsWhatAnInterfaceThatIsNoBridgeCanBe) {
  const PacketInterface other{PacketInterface::Kind::other, nullptr};
  const PacketView packet{"FORWARD", other, other, Tri::no, Tri::no, Tri::no, Tri::no};
  EXPECT_THAT(paths("-A FORWARD -i br0 -j REJECT", packet), IsEmpty());
  EXPECT_THAT(paths("-A FORWARD -i lo -j REJECT", packet), IsEmpty());
  EXPECT_THAT(paths("-A FORWARD -i eth0 -j REJECT", packet), ElementsAre("FORWARD:1*"));
  EXPECT_THAT(paths("-A FORWARD ! -i br0 -j REJECT", packet), ElementsAre("FORWARD:1"));
}

// OUTPUT has no incoming interface: an empty name, which only '+' matches.
TEST(FirewallWalk, MatchesTheMissingInterface) {
  const PacketView packet{"OUTPUT", {}, {PacketInterface::Kind::bridge, &br0[0]}, Tri::no, Tri::no, Tri::no, Tri::no};
  constexpr std::string_view chain = ":c - [0:0]\n-A OUTPUT -j c\n-A c ";
  const auto in_chain = [&](std::string_view rule) {
    return paths(std::string(chain) + std::string(rule), packet).size();
  };
  EXPECT_EQ(in_chain("-i br0 -j REJECT"), 0u);
  EXPECT_EQ(in_chain("! -i br0 -j REJECT"), 1u);
  EXPECT_EQ(in_chain("-i + -j REJECT"), 1u);
}

}  // namespace
}  // namespace diag
