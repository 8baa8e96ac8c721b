#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rule_sets.h"

namespace diag {
namespace {

using testing::HasSubstr;

const Rule& only_rule(const RuleSet& set) {
  EXPECT_EQ(set.tables.size(), 1u);
  EXPECT_EQ(set.tables[0].rules.size(), 1u);
  return set.tables[0].rules[0];
}

TEST(RuleParser, ReadsASavedFile) {
  const auto set = rules_of(el5_rules);
  EXPECT_EQ(mistakes_of(set), "");
  EXPECT_EQ(set.version, "1.3.5");
  EXPECT_EQ(set.form, RuleSet::Form::save);
  EXPECT_FALSE(set.fragment);
  EXPECT_TRUE(set.complete());
  const auto* filter = set.table("filter");
  ASSERT_TRUE(filter);
  EXPECT_EQ(filter->chains.size(), 4u);
  EXPECT_EQ(filter->chain("FORWARD")->rules.size(), 7u);
  EXPECT_EQ(filter->chain("FORWARD")->policy, "ACCEPT");
  const auto& reject = filter->rules.back();
  EXPECT_EQ(reject.target, "REJECT");
  EXPECT_EQ(reject.reject_with, "icmp-host-prohibited");
  EXPECT_EQ(reject.line, 19u);
  EXPECT_EQ(filter->chains[reject.chain].name, "RH-Firewall-1-INPUT");
}

TEST(RuleParser, ReadsInterfacesInBothNegations) {
  const std::tuple<std::string_view, std::string_view, std::string_view, bool> cases[] = {
      {"-A FORWARD -i eth0 -j DROP", "eth0", "", false},
      {"-A FORWARD -i virbr+ -o eth0", "virbr+", "eth0", false},
      {"-A FORWARD ! -i eth0 ! -o br+", "!eth0", "!br+", false},
      {"-A FORWARD -i ! eth0 -j DROP", "!eth0", "", true},
      {"-A FORWARD --in-interface eth0 --out-interface=eth1", "eth0", "eth1", false},
      {"-A FORWARD -ieth0 -oeth1", "eth0", "eth1", false},
      {"-A FORWARD -i +", "+", "", false},
  };
  for (const auto& [text, in, out, old_negation] : cases) {
    const auto set = rules_of(text);
    const auto& rule = only_rule(set);
    EXPECT_EQ(rule.in ? rule.in->text() : "", in) << text;
    EXPECT_EQ(rule.out ? rule.out->text() : "", out) << text;
    EXPECT_FALSE(rule.conditional) << text;
    EXPECT_EQ(
        std::ranges::any_of(set.mistakes, [](const auto& m) { return m.kind == FirewallMistake::Kind::negation; }),
        old_negation)
        << text;
  }
}

TEST(RuleParser, KnowsWhichConditionsAreUnderstood) {
  const std::pair<std::string_view, bool> cases[] = {
      {"-A FORWARD -j DROP", false},
      {"-A FORWARD -s 0.0.0.0/0 -d 0/0 -p all -j DROP", false},
      {R"(-A FORWARD -m comment --comment "from -i eth0 -p tcp" -j DROP)", false},
      {"-A FORWARD -m physdev --physdev-is-bridged -j DROP", false},
      {"-A FORWARD -s 10.0.0.0/8 -j DROP", true},
      {"-A FORWARD ! -s 0.0.0.0/0 -j DROP", true},
      {"-A FORWARD -p tcp -j DROP", true},
      {"-A FORWARD -f -j DROP", true},
      {"-A FORWARD -m limit -j DROP", true},
      {"-A FORWARD -m state --state NEW -j DROP", true},
      {"-A FORWARD --dport ! 22 -j DROP", true},
  };
  for (const auto& [text, conditional] : cases) EXPECT_EQ(only_rule(rules_of(text)).conditional, conditional) << text;
}

TEST(RuleParser, ReadsPhysdev) {
  const auto set =
      rules_of("-A FORWARD -m physdev ! --physdev-in eth0 --physdev-out vnet+ --physdev-is-bridged -j ACCEPT");
  const auto& rule = only_rule(set);
  ASSERT_TRUE(rule.physdev);
  EXPECT_EQ(rule.physdev->in->text(), "!eth0");
  EXPECT_EQ(rule.physdev->out->text(), "vnet+");
  EXPECT_EQ(rule.physdev->bridged, Asked::yes);
  EXPECT_EQ(only_rule(rules_of("-A FORWARD -m physdev ! --physdev-is-in -j ACCEPT")).physdev->in_port, Asked::negated);
}

TEST(RuleParser, SpellsRejectTypesInFull) {
  const std::tuple<std::string_view, Family, std::string_view> cases[] = {
      {"-A FORWARD -j REJECT", Family::ipv4, "icmp-port-unreachable"},
      {"-A FORWARD -j REJECT", Family::ipv6, "icmp6-port-unreachable"},
      {"-A FORWARD -j REJECT --reject-with host-prohib", Family::ipv4, "icmp-host-prohibited"},
      {"-A FORWARD -j REJECT --reject-with icmp-admin", Family::ipv4, "icmp-admin-prohibited"},
      {"-A FORWARD -j REJECT --reject-with=ICMP-NET-UNREACHABLE", Family::ipv4, "icmp-net-unreachable"},
      {"-A FORWARD -p tcp -j REJECT --reject-with tcp-rst", Family::ipv4, "tcp-reset"},
      {"-A FORWARD -j REJECT --reject-with adm-prohibited", Family::ipv6, "icmp6-adm-prohibited"},
      {"-A FORWARD -j DROP", Family::ipv4, ""},
  };
  for (const auto& [text, family, type] : cases) {
    const auto set = rules_of(text, family);
    EXPECT_EQ(mistakes_of(set), "") << text;
    EXPECT_EQ(only_rule(set).reject_with, type) << text;
  }
}

TEST(RuleParser, ReadsCountersOfBothForms) {
  EXPECT_EQ(only_rule(rules_of("[12:840] -A FORWARD -j DROP")).counters->packets, 12u);
  const auto set = rules_of("-P FORWARD ACCEPT -c 1 2\n-A FORWARD -c 12 840 -j DROP\n");
  EXPECT_EQ(mistakes_of(set), "");
  EXPECT_EQ(only_rule(set).counters->bytes, 840u);
  EXPECT_EQ(set.form, RuleSet::Form::commands);
}

TEST(RuleParser, ReadsGotoAndCountingRules) {
  const auto set = rules_of("-N x\n-A FORWARD -g x\n-A FORWARD -p tcp\n");
  EXPECT_TRUE(set.tables[0].rules[0].jumps_without_return);
  EXPECT_EQ(set.tables[0].rules[1].target, "");
}

TEST(RuleParser, AppliesInsertDeleteReplaceAndFlush) {
  const auto order = [](std::string_view text) {
    const auto set = rules_of(text);
    std::string names;
    for (const auto rule : set.table("filter")->chain("FORWARD")->rules) names += set.tables[0].rules[rule].target[0];
    return names + mistakes_of(set);
  };
  EXPECT_EQ(order("-A FORWARD -j ACCEPT\n-I FORWARD -j DROP\n"), "DA");
  EXPECT_EQ(order("-A FORWARD -j ACCEPT\n-A FORWARD -j LOG\n-I FORWARD 2 -j DROP\n"), "ADL");
  EXPECT_EQ(order("-A FORWARD -j ACCEPT\n-A FORWARD -j LOG\n-D FORWARD 1\n"), "L");
  EXPECT_EQ(order("-A FORWARD -j ACCEPT\n-A FORWARD -j LOG\n-D FORWARD -j LOG\n"), "A");
  EXPECT_EQ(order("-A FORWARD -j ACCEPT\n-R FORWARD 1 -j DROP\n"), "D");
  EXPECT_EQ(order("-A FORWARD -j ACCEPT\n-F FORWARD\n-A FORWARD -j DROP\n"), "D");
  EXPECT_EQ(order("-A FORWARD -j ACCEPT\n-D FORWARD 7\n"), "A2:1 there is no such rule to delete\n");
}

// As published: no table, no COMMIT, remarks behind the rules.
TEST(RuleParser, ReadsAFragmentWithRemarks) {
  const auto set = rules_of(R"(:RH-Firewall-1-INPUT - [0:0]
-A INPUT -j RH-Firewall-1-INPUT
-A FORWARD -m physdev  --physdev-is-bridged -j ACCEPT
# ... a bunch of forwarding rules for the shared network VMs
-A FORWARD -o virbr0 -j DROP # <-- THIS ONE
-A FORWARD -j RH-Firewall-1-INPUT
-A RH-Firewall-1-INPUT -j DROP # <-- THIS ONE
)");
  EXPECT_EQ(mistakes_of(set), "");
  EXPECT_TRUE(set.fragment);
  EXPECT_FALSE(set.complete());
  EXPECT_EQ(set.table("filter")->rules.size(), 5u);
}

TEST(RuleParser, ReadsCommandsOfAScript) {
  const auto set = rules_of(
      "/sbin/iptables -t nat -A POSTROUTING -j MASQUERADE\niptables -A INPUT -j DROP\niptables -A PREROUTING -t raw -j "
      "NOTRACK\n");
  EXPECT_EQ(mistakes_of(set), "");
  ASSERT_TRUE(set.table("nat") && set.table("filter") && set.table("raw"));
  EXPECT_EQ(set.table("nat")->rules.size(), 1u);
}

std::string in_table(std::string_view body, std::string_view table = "filter") {
  return "*" + std::string(table) + "\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n" + std::string(body) + "\nCOMMIT\n";
}

TEST(RuleParser, PointsAtWhatWillNotLoad) {
  const std::pair<std::string, std::string_view> cases[] = {
      {in_table("-A INPUT -j DROP --reject-with icmp-host-prohibited"),
       "4:18 unknown option '--reject-with' of target DROP"},
      {in_table("-A INPUT -p udp -j REJECT --reject-with tcp-reset"), "4:41 tcp-reset needs '-p tcp'"},
      {in_table("-A OUTPUT -j REJECT", "nat"), "4:14 REJECT is valid in table filter only"},
      {in_table("-A OUTPUT -j DROP", "nat"), "4:14 DROP in table nat"},
      {in_table(":a - [0:0]\n:b - [0:0]\n-A INPUT -j a\n-A a -j b\n-A b -j a"), "8:9 loop: chain b leads back to a"},
      {in_table("-A OUTPUT -m physdev --physdev-out eth0 -j DROP"),
       "4:36 --physdev-out and --physdev-is-out are refused in OUTPUT"},
      {"*filter\n:INPUT REJECT [0:0]\nCOMMIT\n", "2:8 policy REJECT does not exist"},
      {in_table("-A INPUT -j NOSUCH"), "4:13 there is no chain or target named 'NOSUCH'"},
      {in_table("-A INPUT -m physdev --physdev-is-bridged -j ACCEPT"),
       "4:21 --physdev-is-bridged never matches in INPUT"},
      {in_table("-A INPUT -m physdev --physdev-out vnet0 -j ACCEPT"),
       "4:35 the outgoing bridge port is not known in INPUT"},
      {in_table("-A INPUT -j REJECT --reject-with icmp-nonsense"), "4:34 unknown reject type 'icmp-nonsense'"},
      {in_table("-A INPUT -j"), "4:10 option '-j' needs an argument"},
      {in_table("-A INPUT --log-prefix 'two words' -j LOG"), "4:28 bad argument 'words''"},
      {in_table("-A INPUT -j DROP # why"), "4:18 bad argument '#'"},
      {in_table("-A INPUT -i eth0 eth1 -j DROP"), "4:18 bad argument 'eth1'"},
      {in_table("-A INPUT -j DROP -j ACCEPT"), "4:18 a second target"},
      {in_table("-A OUTPUT -i eth0 -j DROP"), "4:14 '-i' cannot be used in OUTPUT"},
      {in_table("-A INPUT -j OUTPUT"), "4:13 no rule can jump to the built-in chain OUTPUT"},
      {in_table("-A FROWARD -j DROP"), "4:4 chain FROWARD is not declared"},
      {in_table("-A PREROUTING -j ACCEPT"), "4:4 table filter has no chain PREROUTING"},
      {in_table("-A INPUT -i averylonginterface -j DROP"), "4:13 interface name"},
      {in_table("A INPUT -j DROP"), "4:1 neither a rule nor a command"},
      {in_table("-A INPUT --comment \"open -j DROP"), "4:20 this quote is never closed"},
      {in_table("-A INPUT -m physdev -j DROP"), "4:13 '-m physdev' without any"},
      {in_table("-A INPUT -j late\n:late - [0:0]"), "4:13 chain late is declared only after this line"},
      {"*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j DROP\n", "3:1 table filter has no COMMIT"},
      {"*filter\n:INPUT ACCEPT [0:0]\n*nat\nCOMMIT\n", "3:1 table filter has no COMMIT before this line"},
      {"-A INPUT -j DROP\n*filter\nCOMMIT\n", "1:1 this line is in no table"},
      {"*filter\r\n:INPUT ACCEPT [0:0]\r\nCOMMIT\r\n", "1:8 the lines end in CR LF"},
  };
  for (const auto& [text, expected] : cases) EXPECT_THAT(mistakes_of(rules_of(text)), HasSubstr(expected)) << text;
}

TEST(RuleParser, SurvivesAnything) {
  for (const std::string_view text :
       {"", "*", ":", "[", "[1", "[1:2]", "-", "-A", "-A ", "!", "-A INPUT !", "-A INPUT ! -i", "-A INPUT -m", "COMMIT",
        "*filter\n*filter\n:\n-D INPUT\n-R INPUT 0\n-I INPUT 99 -j X", "-A INPUT \"", "-t", "iptables -t",
        "-A INPUT -c 1"})
    rules_of(text);
  rules_of(std::string("-A INPUT \0 -j\0DROP", 18));
}

TEST(RuleParser, CountsMistakesBeyondTheBound) {
  std::string text = "*filter\n";
  for (int i = 0; i < 3'000; ++i) text += "nonsense\n";
  const auto set = rules_of(text + "COMMIT\n");
  EXPECT_EQ(set.mistakes.size(), 1'000u);
  EXPECT_EQ(set.mistakes_left_out, 2'000u);
}

TEST(RuleParser, FindsTheHooksOfEachChain) {
  const auto set = rules_of(el5_rules);
  const auto& filter = *set.table("filter");
  const auto hooks = hooks_of_chains(filter);
  EXPECT_EQ(hook_names(hooks[filter.index.at("RH-Firewall-1-INPUT")]), (std::vector<std::string>{"INPUT", "FORWARD"}));
  EXPECT_EQ(hook_names(hooks[filter.index.at("OUTPUT")]), std::vector<std::string>{"OUTPUT"});
}

}  // namespace
}  // namespace diag
