#include "config/config_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "event/vocabulary.h"
#include "rule_sets.h"

namespace diag {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

struct Stated {
  std::vector<Event> events;
  InputFacts facts;

  std::vector<const Event*> of(std::string_view kind) const {
    std::vector<const Event*> found;
    for (const auto& event : events)
      if (event.kind == kind) found.push_back(&event);
    return found;
  }
};

Stated stated(std::string_view text, std::string name = "x") {
  Stated s;
  SourceTable sources;
  const auto input = open_memory(std::move(name), text, sources);
  Source* source = input->next();
  EXPECT_TRUE(source);
  if (!source) return s;
  const auto format = recognise(source->name(), source->peek());
  EXPECT_TRUE(format) << text;
  if (format) read_config(*format, *source, s.events, s.facts);
  return s;
}

std::string word(const Event& event, std::string_view field) {
  const auto* value = event.get<std::string>(field);
  return value ? *value : "(none)";
}

bool fits(FieldType type, const Value& value) {
  switch (type) {
    case FieldType::number:
      return std::holds_alternative<double>(value);
    case FieldType::flag:
      return std::holds_alternative<bool>(value);
    case FieldType::list:
      return std::holds_alternative<List>(value);
    default:
      return std::holds_alternative<std::string>(value);
  }
}

// Every field stated is in the vocabulary, with that type; every event has a title and quotes the lines it was read
// from.
void expect_lawful(const Stated& s) {
  for (const auto& event : s.events) {
    ASSERT_TRUE(find_kind(event.kind)) << event.kind;
    EXPECT_FALSE(event.title.empty()) << event.kind;
    EXPECT_GE(event.last.line, event.first.line);
    EXPECT_FALSE(event.lines.empty()) << event.kind << " " << event.title;
    for (const auto& field : event.fields) {
      const auto* spec = find_field(event.kind, field.name);
      ASSERT_TRUE(spec) << event.kind << " has no field " << field.name;
      EXPECT_TRUE(fits(spec->type, field.value)) << event.kind << "." << field.name;
    }
  }
}

TEST(ConfigFile, StatesRules) {
  const auto s = stated(el5_rules);
  expect_lawful(s);
  const auto rules = s.of("iptables.rule");
  ASSERT_EQ(rules.size(), 13u);
  const auto& reject = *rules.back();
  EXPECT_EQ(word(reject, "chain"), "RH-Firewall-1-INPUT");
  EXPECT_EQ(word(reject, "target"), "REJECT");
  EXPECT_EQ(word(reject, "reject_with"), "icmp-host-prohibited");
  EXPECT_EQ(word(reject, "rule"), "-A RH-Firewall-1-INPUT -j REJECT --reject-with icmp-host-prohibited");
  EXPECT_EQ(*reject.get<double>("number"), 5);
  EXPECT_THAT(*reject.get<List>("hooks"), ElementsAre("INPUT", "FORWARD"));
  EXPECT_EQ(reject.first.line, 19u);
  EXPECT_EQ(reject.lines[0].text, "-A RH-Firewall-1-INPUT -j REJECT --reject-with icmp-host-prohibited");
  EXPECT_EQ(word(*rules[1], "rule"), "-A FORWARD -m physdev --physdev-is-bridged -j ACCEPT");
  EXPECT_THAT(*rules[1]->get<List>("matches"), ElementsAre("-m physdev --physdev-is-bridged"));
  EXPECT_THAT(*rules[2]->get<List>("matches"),
              ElementsAre("-d 192.168.122.0/255.255.255.0", "-o virbr0", "-m state --state RELATED,ESTABLISHED"));
  EXPECT_EQ(word(*rules[5], "owner"), "libvirt");
  EXPECT_EQ(word(*rules[5], "out_interface"), "virbr0");
  EXPECT_THAT(s.facts.covers,
              UnorderedElementsAre("iptables.rule", "iptables.chain", "iptables.reject_path", "iptables.mistake"));
}

TEST(ConfigFile, StatesPathsToReject) {
  const auto s = stated(el5_rules);
  const auto paths = s.of("iptables.reject_path");
  ASSERT_EQ(paths.size(), 3u);
  EXPECT_EQ(word(*paths[2], "witness"), "FORWARD:7 -> RH-Firewall-1-INPUT:5");
  EXPECT_EQ(word(*paths[2], "context"), "routed between bridges");
  EXPECT_EQ(word(*paths[2], "hook"), "FORWARD");
  EXPECT_EQ(paths[2]->first.line, 19u);
  EXPECT_TRUE(*paths[2]->get<bool>("assumed"));
}

TEST(ConfigFile, StatesAllFormsOfOneRuleSetAlike) {
  const auto summary = [](const Stated& s) {
    std::vector<std::string> texts;
    for (const auto* path : s.of("iptables.reject_path"))
      texts.push_back(word(*path, "context") + " " + word(*path, "witness") + " " + word(*path, "reject_with"));
    for (const auto* rule : s.of("iptables.rule")) texts.push_back(word(*rule, "chain") + " " + word(*rule, "target"));
    return texts;
  };
  const auto save = stated(
      "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:c - [0:0]\n-A FORWARD -m physdev "
      "--physdev-is-bridged -j ACCEPT\n-A FORWARD -j c\n"
      "-A c -p tcp -m tcp --dport 22 -j ACCEPT\n-A c -i br0 -j REJECT --reject-with icmp-host-prohibited\nCOMMIT\n");
  const auto commands = stated(
      "-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n-N c\n-A FORWARD -m physdev --physdev-is-bridged -j "
      "ACCEPT\n-A FORWARD -j c\n"
      "-A c -p tcp -m tcp --dport 22 -j ACCEPT\n-A c -i br0 -j REJECT --reject-with icmp-host-prohibited\n");
  const auto listing = stated(R"(Chain INPUT (policy ACCEPT 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination         

Chain FORWARD (policy ACCEPT 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination         
    0     0 ACCEPT     all  --  *      *       0.0.0.0/0            0.0.0.0/0           PHYSDEV match --physdev-is-bridged 
    0     0 c          all  --  *      *       0.0.0.0/0            0.0.0.0/0           

Chain OUTPUT (policy ACCEPT 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination         

Chain c (1 references)
 pkts bytes target     prot opt in     out     source               destination         
    0     0 ACCEPT     tcp  --  *      *       0.0.0.0/0            0.0.0.0/0           tcp dpt:22 
    0     0 REJECT     all  --  br0    *       0.0.0.0/0            0.0.0.0/0           reject-with icmp-host-prohibited 
)");
  EXPECT_EQ(summary(commands), summary(save));
  EXPECT_EQ(summary(listing), summary(save));
  EXPECT_EQ(save.facts.covers, commands.facts.covers);
  EXPECT_EQ(save.facts.covers, listing.facts.covers);
  expect_lawful(commands);
  expect_lawful(listing);
}

// No rule in a fragment, or in an IPv6 file, says nothing of the whole of the rules for IPv4.
TEST(ConfigFile, ClaimsCompletenessOnlyForWholeRuleSets) {
  EXPECT_TRUE(stated("-A FORWARD -j DROP\n").facts.covers.empty());
  EXPECT_TRUE(stated("*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j DROP\n").facts.covers.empty());
  EXPECT_TRUE(stated("*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n", "ip6tables").facts.covers.empty());
  EXPECT_FALSE(stated("*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n").facts.covers.empty());
}

TEST(ConfigFile, StatesMistakesWithTheirColumn) {
  const auto s = stated("*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j DROP --reject-with icmp-host-prohibited\nCOMMIT\n");
  expect_lawful(s);
  const auto mistakes = s.of("iptables.mistake");
  ASSERT_EQ(mistakes.size(), 1u);
  EXPECT_EQ(mistakes[0]->first.line, 3u);
  EXPECT_EQ(*mistakes[0]->get<double>("column"), 18);
}

TEST(ConfigFile, StatesSettings) {
  const auto s = stated("# x\nnet.bridge.bridge-nf-call-iptables = 1\nnet.bridge.bridge-nf-call-iptables = 0\n",
                        "etc/sysctl.conf");
  expect_lawful(s);
  ASSERT_EQ(s.events.size(), 1u);
  EXPECT_EQ(word(s.events[0], "value"), "0");
  EXPECT_EQ(word(s.events[0], "state"), "configured");
  EXPECT_EQ(s.events[0].field("value")->line, 3u);
  EXPECT_THAT(*s.events[0].get<List>("overrides"), ElementsAre("2"));
  EXPECT_TRUE(s.facts.covers.empty());
  const auto value = stated("1\n", "sos/proc/sys/net/bridge/bridge-nf-call-iptables");
  expect_lawful(value);
  EXPECT_EQ(word(value.events[0], "name"), "net.bridge.bridge-nf-call-iptables");
  EXPECT_EQ(word(value.events[0], "state"), "running");
}

TEST(ConfigFile, StatesTheKernel) {
  const auto s =
      stated("Linux web1 2.6.18-274.7.1.el5 #1 SMP Thu Oct 20 16:21:01 EDT 2011 x86_64 x86_64 x86_64 GNU/Linux\n");
  expect_lawful(s);
  ASSERT_EQ(s.events.size(), 1u);
  EXPECT_EQ(word(s.events[0], "kernel.release"), "2.6.18-274.7.1.el5");
  EXPECT_EQ(word(s.events[0], "kernel.arch"), "x86_64");
  EXPECT_EQ(s.events[0].host, "web1");
  EXPECT_THAT(s.facts.hosts, ElementsAre("web1"));
}

TEST(ConfigFile, StatesTheRest) {
  const std::tuple<std::string, std::string_view, std::string_view> cases[] = {
      {"installed-rpms", "bash-3.2-32.el5.x86_64                     Tue 01 Nov 2011 10:00:00 AM EDT\n",
       "rpm.package: bash-3.2-32.el5"},
      {"x", "* Fri Mar 30 2012 A G <a@redhat.com> [2.6.18-308.3.1.el5]\n- [net] bridge: Reset IPCB\n",
       "rpm.changelog: changelog: [net] bridge: Reset IPCB"},
      {"cmdline", "ro root=/dev/sda1\n", "boot.option: boot option ro"},
      {"ifcfg-br0", "DEVICE=br0\nTYPE=Bridge\n", "net.interface: bridge br0"},
      {"x", "bridge name\tbridge id\t\tSTP enabled\tinterfaces\nbr0\t\t8000.0015c5f0b1a2\tno\t\teth0\n",
       "net.interface: bridge br0"},
      {"public.xml", "<zone target=\"%%REJECT%%\">\n</zone>\n", "firewalld.zone: firewalld zone public"},
      {"direct.xml",
       "<direct>\n<rule ipv=\"ipv4\" table=\"filter\" chain=\"FORWARD\" priority=\"0\">-j REJECT</rule>\n</direct>\n",
       "iptables.rule: rule 1 of chain FORWARD: REJECT"},
  };
  for (const auto& [name, text, expected] : cases) {
    const auto s = stated(text, name);
    expect_lawful(s);
    std::vector<std::string> titles;
    for (const auto& event : s.events) titles.push_back(event.kind + ": " + event.title);
    EXPECT_THAT(titles, Contains(std::string(expected)));
  }
}

TEST(ConfigFile, KeepsRejectRulesBeyondTheBound) {
  std::string text = "*filter\n:FORWARD ACCEPT [0:0]\n";
  for (int i = 0; i < 20'100; ++i) text += "-A FORWARD -s 10.1.2.3 -j ACCEPT\n";
  const auto s = stated(text + "-A FORWARD -j REJECT\nCOMMIT\n");
  EXPECT_EQ(s.of("iptables.rule").size(), 20'001u);
  EXPECT_EQ(s.of("iptables.reject_path").size(), 2u);
  EXPECT_THAT(s.facts.covers, testing::Not(Contains("iptables.rule")));
  EXPECT_THAT(s.facts.covers, Contains("iptables.reject_path"));
  ASSERT_EQ(s.facts.skipped.size(), 1u);
}

}  // namespace
}  // namespace diag
