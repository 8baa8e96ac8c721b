#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rule_sets.h"

namespace diag {
namespace {

constexpr std::string_view listing = R"(Chain INPUT (policy ACCEPT 12 packets, 840 bytes)
 pkts bytes target     prot opt in     out     source               destination         
 2410K 1844M RH-Firewall-1-INPUT  all  --  *      *       0.0.0.0/0            0.0.0.0/0           

Chain FORWARD (policy DROP 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination         
    0     0 ACCEPT     all  --  *      *       0.0.0.0/0            0.0.0.0/0           PHYSDEV match --physdev-is-bridged 
   17  1020 REJECT     all  --  *      virbr0  0.0.0.0/0            0.0.0.0/0           reject-with icmp-port-unreachable 
    0     0 RH-Firewall-1-INPUT  0    --  !br0   *       0.0.0.0/0            0.0.0.0/0           [goto] 
    0     0            17   --  *      *       0.0.0.0/0            0.0.0.0/0            PHYSDEV match ! --physdev-in eth0 --physdev-out vnet+
    0     0 LOG        17   --  *      *       0.0.0.0/0            0.0.0.0/0            LOG flags 0 level 4 prefix "a PHYSDEV match --physdev-is-in reject-with x"
    0     0 REJECT     0    -f  *      *      !10.0.0.0/8           0.0.0.0/0            /* hello reject-with icmp-net-prohibited */ reject-with icmp-host-prohibited

Chain OUTPUT (policy ACCEPT 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination         

Chain RH-Firewall-1-INPUT (2 references)
 pkts bytes target     prot opt in     out     source               destination         
    0     0 ACCEPT     all  --  lo     *       0.0.0.0/0            0.0.0.0/0           
    0     0 ACCEPT     tcp  --  *      *       0.0.0.0/0            0.0.0.0/0           tcp dpt:22 state NEW 
    5   300 REJECT     all  --  *      *       0.0.0.0/0            0.0.0.0/0           reject-with icmp-host-prohibited 
)";

std::string shown(const Rule& rule) {
  std::string text = rule.target + " " + rule.protocol;
  if (rule.in) text += " in " + rule.in->text();
  if (rule.out) text += " out " + rule.out->text();
  if (rule.physdev) text += " physdev";
  if (rule.conditional) text += " conditional";
  if (rule.jumps_without_return) text += " goto";
  if (!rule.reject_with.empty()) text += " with " + rule.reject_with;
  return text;
}

TEST(ListingParser, ReadsTheColumns) {
  const auto set = listing_of(listing);
  EXPECT_EQ(mistakes_of(set), "");
  EXPECT_TRUE(set.complete());
  const auto& filter = *set.table("filter");
  std::vector<std::string> rules;
  for (const auto& rule : filter.rules) rules.push_back(shown(rule));
  EXPECT_THAT(rules, testing::ElementsAre(
                         "RH-Firewall-1-INPUT ", "ACCEPT  physdev", "REJECT  out virbr0 with icmp-port-unreachable",
                         "RH-Firewall-1-INPUT  in !br0 goto", " udp physdev conditional", "LOG udp conditional",
                         "REJECT  conditional with icmp-host-prohibited", "ACCEPT  in lo", "ACCEPT tcp conditional",
                         "REJECT  with icmp-host-prohibited"));
  EXPECT_EQ(filter.chain("FORWARD")->policy, "DROP");
  EXPECT_EQ(filter.rules[0].counters->packets, 2'410'000u);
  EXPECT_EQ(filter.rules[2].counters->packets, 17u);
  EXPECT_EQ(filter.rules[4].physdev->in->text(), "!eth0");
  EXPECT_EQ(filter.rules[4].physdev->out->text(), "vnet+");
}

TEST(ListingParser, ReadsLineNumbersAndExactCounters) {
  const auto set = listing_of(R"(Chain FORWARD (policy ACCEPT)
num      pkts      bytes target     prot opt in     out     source               destination         
1        123456 7890123 REJECT     all  --  br0    *       0.0.0.0/0            0.0.0.0/0           reject-with icmp-host-prohibited 
)");
  EXPECT_EQ(mistakes_of(set), "");
  EXPECT_EQ(shown(set.tables[0].rules[0]), "REJECT  in br0 with icmp-host-prohibited");
  EXPECT_EQ(set.tables[0].rules[0].counters->bytes, 7'890'123u);
}

// Without -v the interfaces are not printed: they may be anything.
TEST(ListingParser, KnowsThatInterfacesAreMissing) {
  const auto set = listing_of(R"(Table: filter
Chain FORWARD (policy ACCEPT)
num  target     prot opt source               destination         
1    ACCEPT     all  --  0.0.0.0/0            0.0.0.0/0           
2    REJECT     all  --  anywhere             anywhere            reject-with icmp-host-prohibited 
)");
  EXPECT_EQ(mistakes_of(set), "");
  ASSERT_EQ(set.tables[0].rules.size(), 2u);
  EXPECT_FALSE(set.tables[0].rules[0].interfaces_stated);
  EXPECT_EQ(shown(set.tables[0].rules[1]), "REJECT  with icmp-host-prohibited");
}

// The ip6tables of EL5 and EL6 leaves the opt column blank.
TEST(ListingParser, ReadsIpv6WithoutTheOptColumn) {
  const auto set = listing_of(R"(Chain INPUT (policy ACCEPT 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination         
    0     0 ACCEPT     icmpv6    *      *       ::/0                 ::/0                
    0     0            tcp      !lo    *       ::/0                 ::/0                
    0     0 REJECT     all      *      *       ::/0                 ::/0                reject-with icmp6-adm-prohibited 
    0     0 ACCEPT     udp      *      *       ::/0                 fe80::/64           udp dpt:546 
)",
                              Family::ipv6);
  EXPECT_EQ(mistakes_of(set), "");
  std::vector<std::string> rules;
  for (const auto& rule : set.tables[0].rules) rules.push_back(shown(rule));
  EXPECT_THAT(rules, testing::ElementsAre("ACCEPT icmpv6 conditional", " tcp in !lo conditional",
                                          "REJECT  with icmp6-adm-prohibited", "ACCEPT udp conditional"));
}

TEST(ListingParser, NamesTablesByTheirChains) {
  const auto set = listing_of(R"(Chain INPUT (policy ACCEPT)
target     prot opt source               destination         
Chain FORWARD (policy ACCEPT)
target     prot opt source               destination         
Chain OUTPUT (policy ACCEPT)
target     prot opt source               destination         
Chain PREROUTING (policy ACCEPT)
target     prot opt source               destination         
)");
  EXPECT_EQ(set.tables[0].name, "mangle");
  const auto nat =
      listing_of("Chain PREROUTING (policy ACCEPT)\nChain POSTROUTING (policy ACCEPT)\nChain OUTPUT (policy ACCEPT)\n");
  EXPECT_EQ(nat.tables[0].name, "nat");
  const auto two = listing_of(
      "Chain INPUT (policy ACCEPT)\nChain FORWARD (policy ACCEPT)\nChain PREROUTING (policy ACCEPT)\nChain INPUT "
      "(policy ACCEPT)\n");
  EXPECT_EQ(two.tables.size(), 2u);
}

TEST(ListingParser, SaysWhichRowsItCannotRead) {
  const auto set =
      listing_of("Chain INPUT (policy ACCEPT)\n pkts bytes target prot opt in out source destination\n what is this\n");
  EXPECT_THAT(mistakes_of(set), testing::HasSubstr("3:1 this row of the listing is not understood"));
}

TEST(ListingParser, SurvivesAnything) {
  for (const std::string_view text :
       {"", "Chain", "Chain (", "Chain x (", "Chain x (1 references)\n0 0", "Chain x (policy", "Table: "})
    listing_of(text);
}

}  // namespace
}  // namespace diag
