#include "config/rewrite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config_file.h"
#include "config/firewalld.h"
#include "rule_sets.h"

namespace diag {
namespace {

using testing::Contains;
using testing::HasSubstr;

std::string rewritten(std::string_view text, const RewriteOptions& options = {}) {
  const auto result = rewrite_rejects(rules_of(text), options);
  return result ? result->text : result.error().message;
}

TEST(Rewrite, ReplacesTheTargetAndDropsItsOption) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"-A FORWARD -j REJECT", "-A FORWARD -j DROP"},
      {"-A FORWARD -j REJECT --reject-with icmp-host-prohibited", "-A FORWARD -j DROP"},
      {"-A FORWARD -j REJECT  --reject-with   icmp-host-prohibited  ", "-A FORWARD -j DROP  "},
      {"-A FORWARD --reject-with icmp-host-prohibited -j REJECT -i eth0", "-A FORWARD -j DROP -i eth0"},
      {"-A FORWARD -j REJECT --reject-with=icmp-host-prohibited -i eth0", "-A FORWARD -j DROP -i eth0"},
      {"-A FORWARD -jREJECT", "-A FORWARD -jDROP"},
      {"-A FORWARD --jump=REJECT", "-A FORWARD --jump=DROP"},
      {"-A FORWARD -j \"REJECT\"", "-A FORWARD -j DROP"},
      {"[3:9] -A FORWARD  -s 10.0.0.0/8\t-j REJECT --reject-with icmp-net-unreachable # note",
       "[3:9] -A FORWARD  -s 10.0.0.0/8\t-j DROP # note"},
      {"-A FORWARD -p tcp -j REJECT --reject-with tcp-reset", "-A FORWARD -p tcp -j REJECT --reject-with tcp-reset"},
      {"-A FORWARD -j LOG --log-prefix \"REJECT --reject-with \"",
       "-A FORWARD -j LOG --log-prefix \"REJECT --reject-with \""},
      {"-A FORWARD -m comment --comment \"-j REJECT --reject-with x\" -j REJECT --reject-with icmp-port-unreachable",
       "-A FORWARD -m comment --comment \"-j REJECT --reject-with x\" -j DROP"},
      {":REJECT-ALL - [0:0]\n-A FORWARD -j REJECT-ALL\n# -A FORWARD -j REJECT\n-A REJECT-ALL -j REJECT",
       ":REJECT-ALL - [0:0]\n-A FORWARD -j REJECT-ALL\n# -A FORWARD -j REJECT\n-A REJECT-ALL -j DROP"},
      {"-A FORWARD -j REJECT\n", "-A FORWARD -j DROP\n"},
      {"\n-A FORWARD -j REJECT\n\n", "\n-A FORWARD -j DROP\n\n"},
      {"*filter\r\n:FORWARD ACCEPT [0:0]\r\n-A FORWARD -j REJECT\r\nCOMMIT\r\n",
       "*filter\r\n:FORWARD ACCEPT [0:0]\r\n-A FORWARD -j DROP\r\nCOMMIT\r\n"},
      {"*nat\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -j REJECT\nCOMMIT\n",
       "*nat\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -j REJECT\nCOMMIT\n"},
      {"", ""},
  };
  for (const auto& [before, after] : cases) EXPECT_EQ(rewritten(before), after) << before;
}

TEST(Rewrite, LeavesWhatOnlyInputLeadsToIfAsked) {
  EXPECT_EQ(rewritten(el6_rules, {.only_forwarded = true})
                .find("-A INPUT -j REJECT --reject-with icmp-host-prohibited\n-A FORWARD -j DROP\n"),
            el6_rules.find("-A INPUT -j REJECT"));
  // A chain that both lead to is changed.
  EXPECT_EQ(rewritten(":c - [0:0]\n-A INPUT -j c\n-A FORWARD -j c\n-A c -j REJECT\n", {.only_forwarded = true}),
            ":c - [0:0]\n-A INPUT -j c\n-A FORWARD -j c\n-A c -j DROP\n");
}

TEST(Rewrite, KeepsIdent) {
  EXPECT_EQ(rewritten("-A INPUT -p tcp -m tcp --dport 113 -j REJECT\n-A INPUT -j REJECT --reject-with "
                      "icmp-host-prohibited\n-A FORWARD -j REJECT\n",
                      {.keep_ident = true}),
            "-A INPUT -p tcp -m tcp --dport 113 -j REJECT --reject-with tcp-reset\n-A INPUT -p tcp -m tcp --dport 113 "
            "-j REJECT --reject-with tcp-reset\n-A INPUT -j DROP\n-A FORWARD -j DROP\n");
  const auto shared = rewrite_rejects(rules_of(el5_rules), {.keep_ident = true});
  ASSERT_TRUE(shared);
  EXPECT_THAT(shared->notes, Contains(HasSubstr("Ident (port 113) gets no reset from 1 rules")));
}

TEST(Rewrite, SaysWhatClientsWillNotice) {
  const auto result = rewrite_rejects(rules_of(el5_rules));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->changed.size(), 3u);
  EXPECT_THAT(result->notes, Contains(HasSubstr("timeout")));
  EXPECT_TRUE(rewrite_rejects(rules_of("-A FORWARD -j DROP\n"))->notes.empty());
}

TEST(Rewrite, RefusesWhatCannotBeLoadedAgain) {
  EXPECT_FALSE(rewrite_rejects(listing_of("Chain FORWARD (policy ACCEPT)\n")));
  EXPECT_FALSE(rewrite_rejects(parse_firewalld_direct(ConfigText::of("<direct/>"), Family::ipv4)));
}

TEST(Rewrite, ShowsADiff) {
  const auto set = rules_of(el5_rules);
  EXPECT_EQ(unified_diff(set, *rewrite_rejects(set)), R"(--- 
+++ 
@@ -9,13 +9,13 @@
 -A FORWARD -d 192.168.122.0/255.255.255.0 -o virbr0 -m state --state RELATED,ESTABLISHED -j ACCEPT
 -A FORWARD -s 192.168.122.0/255.255.255.0 -i virbr0 -j ACCEPT
 -A FORWARD -i virbr0 -o virbr0 -j ACCEPT
--A FORWARD -o virbr0 -j REJECT --reject-with icmp-port-unreachable
+-A FORWARD -o virbr0 -j DROP
--A FORWARD -i virbr0 -j REJECT --reject-with icmp-port-unreachable
+-A FORWARD -i virbr0 -j DROP
 -A FORWARD -j RH-Firewall-1-INPUT
 -A RH-Firewall-1-INPUT -i lo -j ACCEPT
 -A RH-Firewall-1-INPUT -p icmp -m icmp --icmp-type any -j ACCEPT
 -A RH-Firewall-1-INPUT -p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT
 -A RH-Firewall-1-INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT
--A RH-Firewall-1-INPUT -j REJECT --reject-with icmp-host-prohibited
+-A RH-Firewall-1-INPUT -j DROP
 COMMIT
 # Completed on Fri Oct 14 20:01:02 2011
)");
  const auto same = rules_of("-A FORWARD -j DROP\n");
  EXPECT_EQ(unified_diff(same, *rewrite_rejects(same)), "");
}

// Read through a Source, as the tools do: the bytes come back unchanged, with or without a last newline.
TEST(Rewrite, KeepsTheEndOfTheFile) {
  for (const std::string text :
       {"-A FORWARD -j DROP", "-A FORWARD -j DROP\n", "-A FORWARD -j DROP\r\n", "-A FORWARD -j DROP\r", "\n", "\n\n"}) {
    SourceTable sources;
    const auto input = open_memory("x", text, sources);
    auto* source = input->next();
    ASSERT_TRUE(source);
    const auto set = parse_rules(ConfigText::read(*source), Family::ipv4);
    EXPECT_EQ(rewrite_rejects(set)->text, text);
  }
}

}  // namespace
}  // namespace diag
