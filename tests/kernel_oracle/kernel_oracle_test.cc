// The walk against the kernel: random rule sets are loaded into a real host with bridges, packets are sent, and the
// counters tell which REJECT rules were met. Every one of them must have been predicted.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>

#include "config/config_text.h"
#include "config/firewall.h"
#include "config/firewall_walk.h"
#include "kernel_oracle/network_lab.h"
#include "kernel_oracle/rule_generator.h"

namespace diag::oracle {
namespace {

const std::vector<Bridge> bridges = {{"br0", {"p0", "p1"}, true}, {"br1", {"p2"}, true}};

PacketView view_of(Flow flow) {
  using Kind = PacketInterface::Kind;
  const PacketInterface none{}, br0{Kind::bridge, &bridges[0]}, br1{Kind::bridge, &bridges[1]},
      e0{Kind::other, nullptr};
  using enum Tri;
  switch (flow) {
    case Flow::guest_to_guest:
      return {"FORWARD", br0, br0, yes, yes, yes, yes};
    case Flow::guest_to_host:
      return {"INPUT", br0, none, yes, no, yes, no};
    case Flow::outside_to_guest:
      return {"FORWARD", e0, br0, no, no, no, no};
    case Flow::guest_to_outside:
      return {"FORWARD", br0, e0, yes, no, yes, no};
    case Flow::bridge_to_bridge:
      return {"FORWARD", br0, br1, yes, no, yes, no};
    case Flow::host_to_guest:
      return {"OUTPUT", none, br0, no, no, no, no};
  }
  return {};
}

// What the host itself says to a packet or a REJECT: a TCP reset leaves by OUTPUT, and an ICMP error about its own
// packet comes back to it by lo.
std::vector<PacketView> answers_of_host() {
  using Kind = PacketInterface::Kind;
  const PacketInterface none{}, br0{Kind::bridge, &bridges[0]}, other{Kind::other, nullptr};
  using enum Tri;
  return {{"OUTPUT", none, br0, no, no, no, no},
          {"OUTPUT", none, other, no, no, no, no},
          {"INPUT", other, none, no, no, no, no}};
}

// Chain and place of each REJECT rule of saved text, with the packets it has met.
std::map<std::string, std::uint64_t> reject_counts(const std::string& saved) {
  std::map<std::string, std::uint64_t> counts;
  const auto set = parse_rules(ConfigText::of(saved), Family::ipv4);
  for (const auto& table : set.tables)
    for (const auto& chain : table.chains)
      for (std::size_t i = 0; i < chain.rules.size(); ++i) {
        const auto& rule = table.rules[chain.rules[i]];
        if (rule.target == "REJECT" && rule.counters)
          counts[chain.name + ":" + std::to_string(i + 1)] = rule.counters->packets;
      }
  return counts;
}

std::set<std::string> predicted(FirewallWalk& walk, const Table& table, const PacketView& view) {
  std::set<std::string> rules;
  for (const auto& reached : walk.rejects(view)) rules.insert(to_string(table, {reached.steps.back()}));
  return rules;
}

struct Tally {
  int sets = 0, flows = 0, hits = 0, predicted = 0, missed = 0;
};

class KernelOracle : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (const auto reason = NetworkLab::missing(GetParam()); !reason.empty()) GTEST_SKIP() << reason;
    std::string error;
    lab_ = NetworkLab::build(error);
    if (!lab_) GTEST_SKIP() << "no lab here: " << error;
    restore_ = "iptables-" + std::string(GetParam()) + "-restore";
    save_ = "iptables-" + std::string(GetParam()) + "-save";
    const auto probe =
        run({restore_}, "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m physdev --physdev-is-in -j REJECT\nCOMMIT\n");
    if (probe.status != 0) GTEST_SKIP() << "this kernel cannot load the rules: " << probe.errors;
  }

  static std::uint32_t seed() {
    const char* given = std::getenv("DIAG_ORACLE_SEED");
    return given ? static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10)) : 20111014;
  }
  static int rule_sets() {
    const char* given = std::getenv("DIAG_ORACLE_SETS");
    return given ? std::atoi(given) : 150;  // for each backend
  }

  void check_set(const std::string& text, std::uint32_t number, Tally& tally) {
    const auto loaded = run({restore_}, text);
    ASSERT_EQ(loaded.status, 0) << loaded.errors << text;
    const auto set = parse_rules(ConfigText::of(text), Family::ipv4);
    for (const auto& mistake : set.mistakes)
      EXPECT_NE(mistake.kind, FirewallMistake::Kind::syntax) << mistake.message << "\n" << text;
    const auto& table = *set.table("filter");
    FirewallWalk walk(table, bridges);
    ++tally.sets;
    auto before = reject_counts(run({save_, "-c", "-t", "filter"}).output);
    std::set<std::string> answers;
    for (const auto& view : answers_of_host()) answers.merge(predicted(walk, table, view));
    for (const Flow flow : all_flows) {
      lab_->send(flow);
      const auto after = reject_counts(run({save_, "-c", "-t", "filter"}).output);
      const auto expected = predicted(walk, table, view_of(flow));
      ++tally.flows;
      tally.predicted += static_cast<int>(expected.size());
      for (const auto& [rule, packets] : after) {
        if (packets == before[rule]) continue;
        if (expected.contains(rule)) {
          ++tally.hits;
        } else if (!answers.contains(rule)) {
          ++tally.missed;
          ADD_FAILURE() << "seed " << number << ", " << to_string(flow) << ": " << rule
                        << " was met and not predicted\n"
                        << text;
        }
      }
      before = after;
    }
  }

  std::unique_ptr<NetworkLab> lab_;
  std::string restore_, save_;
};

TEST_P(KernelOracle, EveryRejectThatIsMetWasPredicted) {
  Tally tally;
  for (int i = 0; i < rule_sets(); ++i) {
    const auto number = seed() + static_cast<std::uint32_t>(i);
    check_set(random_rules(number), number, tally);
    if (HasFatalFailure()) return;
  }
  const int over = tally.predicted - tally.hits;
  std::printf(
      "%s: %d rule sets, %d flows: %d REJECT hits, %d not predicted; %d predicted, %d of them not met (%.1f %%)\n",
      GetParam(), tally.sets, tally.flows, tally.hits, tally.missed, tally.predicted, over,
      tally.predicted ? 100.0 * over / tally.predicted : 0.0);
  EXPECT_GT(tally.hits, tally.sets);  // the lab carries packets at all
}

INSTANTIATE_TEST_SUITE_P(Backends, KernelOracle, testing::Values("legacy", "nft"),
                         [](const auto& p) { return std::string(p.param); });

}  // namespace
}  // namespace diag::oracle
