#include "config/firewalld.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/reject_paths.h"

namespace diag {
namespace {

constexpr std::string_view direct = R"(<?xml version="1.0" encoding="utf-8"?>
<!-- <rule ipv="ipv4" table="filter" chain="FORWARD" priority="0">-j DROP</rule> -->
<direct>
  <chain ipv="ipv4" table="filter" chain="guests"/>
  <rule ipv="ipv4" table="filter" chain="FORWARD" priority="1">-j REJECT --reject-with icmp-host-prohibited</rule>
  <rule ipv="ipv4" table="filter" chain="FORWARD" priority="0">-m physdev --physdev-is-bridged
    -j ACCEPT</rule>
  <rule priority="0" table="filter" chain="FORWARD" ipv="ipv6">-m comment --comment &quot;a &lt; b&quot; -j REJECT</rule>
  <passthrough ipv="ipv4">-t filter -I FORWARD -i br0 -j DROP</passthrough>
  <passthrough ipv="ipv4">-t nat -F</passthrough>
</direct>
)";

TEST(Firewalld, ReadsDirectRulesByPriority) {
  const auto set = parse_firewalld_direct(ConfigText::of(direct), Family::ipv4);
  EXPECT_TRUE(set.mistakes.empty());
  EXPECT_EQ(set.form, RuleSet::Form::direct);
  const auto* filter = set.table("filter");
  ASSERT_TRUE(filter);
  std::vector<std::string> order;
  for (const auto rule : filter->chain("FORWARD")->rules)
    order.push_back(filter->rules[rule].target + " " + std::to_string(filter->rules[rule].line));
  EXPECT_THAT(order, testing::ElementsAre("DROP 9", "ACCEPT 6", "REJECT 5"));
  EXPECT_FALSE(set.complete());
}

TEST(Firewalld, KeepsTheFamiliesApart) {
  const auto set = parse_firewalld_direct(ConfigText::of(direct), Family::ipv6);
  ASSERT_TRUE(set.table("filter"));
  ASSERT_EQ(set.table("filter")->rules.size(), 1u);
  EXPECT_EQ(set.table("filter")->rules[0].text, "-A FORWARD -m comment --comment \"a < b\" -j REJECT");
  EXPECT_EQ(set.table("filter")->rules[0].reject_with, "icmp6-port-unreachable");
}

TEST(Firewalld, ReadsZones) {
  const auto zone = parse_firewalld_zone(*ConfigText::of(R"(<?xml version="1.0" encoding="utf-8"?>
<zone target="%%REJECT%%">
  <short>Block</short>
  <interface name="br0"/>
  <rule family="ipv4"><source address="10.0.0.0/8"/>
    <reject type="icmp-host-prohibited"/></rule>
</zone>
)"));
  EXPECT_EQ(zone.target, "%%REJECT%%");
  EXPECT_EQ(zone.line, 2u);
  EXPECT_THAT(zone.interfaces, testing::ElementsAre("br0"));
  EXPECT_THAT(zone.rejects, testing::ElementsAre(testing::Pair(6u, "icmp-host-prohibited")));
}

TEST(Firewalld, SurvivesAnything) {
  for (const std::string_view text :
       {"", "<", "<>", "</", "<!--", "<?", "<direct", "<rule ipv=", "<rule ipv='ipv4' table='' chain=''>",
        "<rule ipv=\"ipv4\">&</rule>", "<passthrough ipv=\"ipv4\">-I</passthrough>"}) {
    parse_firewalld_direct(ConfigText::of(text), Family::ipv4);
    parse_firewalld_zone(*ConfigText::of(text));
  }
}

}  // namespace
}  // namespace diag
