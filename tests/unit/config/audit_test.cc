#include "config/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "event/vocabulary.h"
#include "rule_sets.h"

namespace diag {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

struct File {
  std::string name;
  std::string text;
};

class Audited {
 public:
  Audited(const std::vector<File>& files, const AuditOptions& options = {}) {
    for (const auto& file : files) {
      const auto format = recognise(file.name, file.text);
      EXPECT_TRUE(format) << file.name << "\n" << file.text;
      if (format) host_.read(*format, ConfigText::of(file.text, sources_.add(file.name), file.name));
    }
    result = audit(host_, options);
  }

  // "IPT002 critical", worst first.
  std::vector<std::string> findings() const {
    std::vector<std::string> texts;
    for (const auto& f : result.findings) texts.push_back(f.code + " " + std::string(to_string(f.severity)));
    return texts;
  }
  std::vector<std::string> codes() const {
    std::vector<std::string> texts;
    for (const auto& f : result.findings) texts.push_back(f.code);
    return texts;
  }
  const Finding& first(std::string_view code) const {
    const auto at = std::ranges::find(result.findings, code, &Finding::code);
    EXPECT_NE(at, result.findings.end()) << code;
    static const Finding none;
    return at == result.findings.end() ? none : *at;
  }
  // "3:15 because"
  std::vector<std::string> evidence(std::string_view code) const {
    std::vector<std::string> texts;
    for (const auto& e : first(code).evidence)
      texts.push_back(std::to_string(e.first_line) + ":" + std::to_string(e.column) + " " + e.because);
    return texts;
  }

  AuditResult result;

 private:
  SourceTable sources_;
  FirewallHost host_;
};

File rules(std::string_view text) { return {"iptables-save.txt", std::string(text)}; }
std::string table(std::string_view body) {
  return "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n" + std::string(body) + "COMMIT\n";
}
AuditOptions kernel(std::string text) {
  AuditOptions options;
  options.kernel = std::move(text);
  return options;
}
AuditOptions era(Era e) {
  AuditOptions options;
  options.era = e;
  return options;
}

// The host that crashed, as it was before REJECT was replaced.
TEST(Audit, FindsTheRulesOfThePublishedCrash) {
  const Audited a({rules(el5_rules)});
  EXPECT_THAT(a.codes(), Not(Contains("IPT001")));
  EXPECT_EQ(std::ranges::count(a.codes(), "IPT002"), 3);
  EXPECT_THAT(a.findings(), AllOf(Contains("IPT002 critical"), Contains("IPT005 warning"), Contains("IPT007 warning")));
  std::string all;
  for (const auto& f : a.result.findings)
    for (const auto& e : f.evidence) all += e.because + "\n";
  EXPECT_THAT(all, HasSubstr("FORWARD:7 -> RH-Firewall-1-INPUT:5"));
}

TEST(Audit, KnowsThatLaterKernelsDoNotRunThoseRulesInTheBridge) {
  for (const auto e : {Era::el6, Era::el7, Era::el8}) {
    const Audited a({rules(el5_rules)}, era(e));
    for (const auto& f : a.result.findings) EXPECT_NE(f.severity, Severity::critical) << f.code << " " << f.title;
    EXPECT_EQ(std::ranges::count(a.findings(), "IPT002 info"), 3);
    EXPECT_THAT(a.codes(), Not(Contains("IPT005")));
  }
}

TEST(Audit, IsContentWithThePublishedRemedy) {
  const Audited a({rules(R"(:RH-Firewall-1-INPUT - [0:0]
-A INPUT -j RH-Firewall-1-INPUT
-A FORWARD -m physdev  --physdev-is-bridged -j ACCEPT
# ... a bunch of forwarding rules for the shared network VMs
-A FORWARD -o virbr0 -j DROP # <-- THIS ONE
-A FORWARD -i virbr0 -j DROP # <-- THIS ONE
-A FORWARD -j RH-Firewall-1-INPUT
-A RH-Firewall-1-INPUT -i lo -j ACCEPT
-A RH-Firewall-1-INPUT -p icmp -m icmp --icmp-type any -j ACCEPT
-A RH-Firewall-1-INPUT -p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT
# ... a bunch of ACCEPT rules for the server
-A RH-Firewall-1-INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT
-A RH-Firewall-1-INPUT -j DROP # <-- THIS ONE
)")});
  EXPECT_THAT(a.findings(), IsEmpty());
}

TEST(Audit, FindsTheDefaultOfEl6) {
  const Audited a(
      {rules(el6_rules),
       {"brctl_show", "bridge name\tbridge id\t\tSTP enabled\tinterfaces\nbr0\t\t8000.0015c5f0b1a2\tno\t\teth0\n"}},
      era(Era::el6));
  EXPECT_THAT(a.findings(), ElementsAre("IPT001 critical", "IPT002 info", "IPT004 info"));
  EXPECT_EQ(a.first("IPT001").title,
            "A packet that passes a bridge from port to port can reach the REJECT rule FORWARD:1");
  EXPECT_EQ(a.first("IPT001").confidence, Confidence::likely);
  EXPECT_THAT(a.evidence("IPT001"),
              Contains("12:15 it sends icmp-host-prohibited and is reached as FORWARD:1, in by br0, out by br0"));
  EXPECT_THAT(a.first("IPT001").not_checked, Contains(HasSubstr("net.bridge.bridge-nf-call-iptables")));
}

TEST(Audit, TakesTheSeverityFromTheKernel) {
  struct Case {
    std::string kernel, ipt001, ipt002;
  };
  const std::string text = table("-A FORWARD -j REJECT --reject-with icmp-host-prohibited\n");
  const Case cases[] = {
      {"2.6.18-274.el5 x86_64", "critical", "critical"},
      {"2.6.18-274.7.1.el5 x86_64", "critical", "critical"},
      {"2.6.18-308.1.1.el5xen x86_64", "critical", "critical"},
      {"2.6.18-308.4.1.el5 x86_64", "warning", "info"},
      {"2.6.18-238.19.1.el5 x86_64", "warning", "info"},
      {"2.6.18-274.7.1.el5 i686", "warning", "info"},
      {"2.6.18-274.7.1.el5PAE", "warning", "info"},
      {"2.6.18-274.7.1.el5", "critical", "critical"},  // the machine is not known
      {"2.6.32-220.17.1.el6.x86_64", "critical", "info"},
      {"2.6.32-279.el6.x86_64", "warning", "info"},
      {"2.6.32-300.3.1.el5uek x86_64", "warning", "info"},
      {"3.10.0-1160.el7.x86_64", "warning", "info"},
      {"4.18.0-477.el8.x86_64", "warning", "info"},
      {"Linux h 2.6.18-274.7.1.el5 #1 SMP Thu Oct 20 16:21:01 EDT 2011 x86_64 x86_64 x86_64 GNU/Linux", "critical",
       "critical"},
      {"", "critical", "critical"},
  };
  for (const auto& c : cases) {
    const Audited a({rules(text)}, kernel(c.kernel));
    EXPECT_EQ(to_string(a.first("IPT001").severity), c.ipt001) << c.kernel;
    EXPECT_EQ(to_string(a.first("IPT002").severity), c.ipt002) << c.kernel;
  }
  EXPECT_EQ(Audited({rules(text)}, kernel("2.6.18-308.4.1.el5 x86_64")).first("IPT002").kernel->note,
            "your kernel has the fix");
  EXPECT_EQ(Audited({rules(text)}, kernel("2.6.18-238.el5 x86_64")).first("IPT002").kernel->note,
            "is older than the bug");
}

TEST(Audit, IsCertainOnlyWhenTheHostIsKnown) {
  const std::string text = table("-A FORWARD -j REJECT --reject-with icmp-host-prohibited\n");
  AuditOptions options = kernel("2.6.18-274.7.1.el5 x86_64");
  EXPECT_EQ(Audited({rules(text)}, options).first("IPT001").confidence, Confidence::possible);
  options.bridges = {"br0"};
  EXPECT_EQ(Audited({rules(text)}, options).first("IPT001").confidence, Confidence::likely);
  options.calls_iptables = true;
  EXPECT_EQ(Audited({rules(text)}, options).first("IPT001").confidence, Confidence::certain);
  EXPECT_THAT(Audited({rules(text)}, options).first("IPT001").not_checked, IsEmpty());
}

TEST(Audit, BelievesTheSwitch) {
  const std::string text = table("-A FORWARD -j REJECT --reject-with icmp-host-prohibited\n");
  AuditOptions options = kernel("2.6.18-274.7.1.el5 x86_64");
  options.calls_iptables = false;
  EXPECT_THAT(Audited({rules(text)}, options).findings(), ElementsAre("IPT002 info"));
  const File proc{"/proc/sys/net/bridge/bridge-nf-call-iptables", "0\n"};
  EXPECT_THAT(Audited({rules(text), proc}, kernel("2.6.18-274.7.1.el5 x86_64")).findings(), ElementsAre("IPT002 info"));
}

TEST(Audit, ATcpResetAloneIsHarmless) {
  const Audited a({rules(table("-A FORWARD -p tcp -j REJECT --reject-with tcp-reset\n"))},
                  kernel("2.6.18-274.7.1.el5 x86_64"));
  EXPECT_THAT(a.findings(), ElementsAre("IPT001 info", "IPT002 info"));
  EXPECT_THAT(a.first("IPT001").steps, IsEmpty());
}

TEST(Audit, FindsOutputOnlyWithDeferredHooks) {
  const auto k = kernel("2.6.18-274.7.1.el5 x86_64");
  EXPECT_THAT(Audited({rules(table("-A OUTPUT -o br0 -j REJECT\n"))}, k).findings(), ElementsAre("IPT003 info"));
  EXPECT_THAT(
      Audited({rules(table("-A FORWARD -m physdev --physdev-out vnet0 -j LOG\n-A OUTPUT -o br0 -j REJECT\n"))}, k)
          .findings(),
      ElementsAre("IPT003 critical"));
}

TEST(Audit, SaysWhatToDo) {
  AuditOptions options = kernel("2.6.18-274.7.1.el5 x86_64");
  options.bridges = {"br0"};
  const Audited a({{"etc/sysconfig/iptables",
                    table("-A FORWARD ! -i eth0 -m state --state NEW -j REJECT --reject-with icmp-host-prohibited\n")}},
                  options);
  const auto& steps = a.first("IPT001").steps;
  ASSERT_EQ(steps.size(), 5u);
  EXPECT_THAT(steps[1].instruction, HasSubstr("iptables -R FORWARD 1 ! -i eth0 -m state --state NEW -j DROP"));
  EXPECT_EQ(steps[1].undo,
            "iptables -R FORWARD 1 ! -i eth0 -m state --state NEW -j REJECT --reject-with icmp-host-prohibited");
  EXPECT_EQ(steps[1].risk, Risk::traffic_change);
  EXPECT_THAT(steps[2].instruction, HasSubstr("iptcheck etc/sysconfig/iptables --rewrite drop"));
  EXPECT_THAT(steps[2].check, HasSubstr("iptables-restore --test"));
  EXPECT_THAT(steps[3].instruction, HasSubstr("bridge-nf-call-iptables=0"));
  EXPECT_THAT(steps[4].instruction, HasSubstr("2.6.18-308.4.1.el5"));
  for (const auto& step : steps) {
    EXPECT_FALSE(step.check.empty());
    EXPECT_FALSE(step.undo.empty());
  }
}

// A name out of a file must not become part of a command that someone pastes into a root shell.
TEST(Audit, NeverRepeatsWhatAShellCouldRead) {
  AuditOptions options = kernel("2.6.18-274.7.1.el5 x86_64");
  options.bridges = {"br0"};
  const Audited a({rules("*filter\n:FORWARD ACCEPT [0:0]\n:$(reboot) - [0:0]\n-A FORWARD -j $(reboot)\n-A $(reboot) -m "
                         "comment --comment \"`x`\" -j REJECT\nCOMMIT\n")},
                  options);
  for (const auto& step : a.first("IPT001").steps) {
    for (const auto& text : {step.check, step.undo, step.instruction})
      EXPECT_THAT(text, Not(AllOf(HasSubstr("reboot"), HasSubstr("iptables -R")))) << text;
    EXPECT_THAT(step.undo, Not(HasSubstr("`")));
  }
}

TEST(Audit, NamesOwners) {
  const auto k = kernel("2.6.18-274.7.1.el5 x86_64");
  const Audited libvirt({rules(table("-A FORWARD -o virbr0 -j REJECT --reject-with icmp-port-unreachable\n"))}, k);
  EXPECT_EQ(libvirt.first("IPT007").title, "REJECT rules are put back by libvirt");
  const Audited own({rules(table("-A FORWARD -o virbr0 -p tcp -j REJECT --reject-with icmp-port-unreachable\n"))}, k);
  EXPECT_THAT(own.codes(), Not(Contains("IPT007")));
  const Audited firewalld({rules(table(":FORWARD_direct - [0:0]\n-A FORWARD -j FORWARD_direct\n-A FORWARD -j REJECT "
                                       "--reject-with icmp-host-prohibited\n"))},
                          era(Era::el7));
  EXPECT_EQ(firewalld.first("IPT007").title, "REJECT rules are put back by firewalld");
}

TEST(Audit, ReadsCounters) {
  const Audited a({rules(table("[17:1020] -A FORWARD -j REJECT\n"))}, kernel("2.6.18-274.7.1.el5 x86_64"));
  EXPECT_THAT(a.evidence("IPT010"), ElementsAre("5:25 FORWARD:1 rejected 17 packets"));
  EXPECT_THAT(Audited({rules(table("[0:0] -A FORWARD -j REJECT\n"))}).codes(), Not(Contains("IPT010")));
}

TEST(Audit, FindsTheSwitchThatDoesNotHold) {
  const std::string text = table("-A FORWARD -j DROP\n");
  const File file{"etc/sysctl.conf", "net.bridge.bridge-nf-call-iptables = 0\n"};
  const File on{"proc/sys/net/bridge/bridge-nf-call-iptables", "1\n"},
      off{"proc/sys/net/bridge/bridge-nf-call-iptables", "0\n"};
  EXPECT_THAT(Audited({rules(text), file, on}).findings(), ElementsAre("IPT006 warning"));
  EXPECT_EQ(Audited({rules(text), file, on}).first("IPT006").confidence, Confidence::certain);
  EXPECT_EQ(Audited({rules(text), file}).first("IPT006").confidence, Confidence::possible);
  EXPECT_THAT(Audited({rules(text), file, off}).findings(), IsEmpty());
  EXPECT_THAT(Audited({rules(text), on}).findings(), IsEmpty());
  const Audited loads({rules(table("-A FORWARD -m physdev --physdev-is-in -j ACCEPT\n"))}, era(Era::el8));
  EXPECT_THAT(loads.evidence("IPT006"), ElementsAre("5:42 loads br_netfilter"));
}

TEST(Audit, ReportsMistakesWithLineAndColumn) {
  struct Case {
    std::string_view text, code, place;
  };
  // The seven rule sets that `iptables-restore --test` passes wholly or in part, and every one of which fails to load.
  const std::string udp = table("-A INPUT -p udp -j REJECT --reject-with tcp-reset\n");
  const std::string nat = "*nat\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -j REJECT\nCOMMIT\n";
  const std::string loop = table(":a - [0:0]\n:b - [0:0]\n-A INPUT -j a\n-A a -j b\n-A b -j a\n");
  const std::string physdev = table("-A OUTPUT -m physdev --physdev-out eth0 -j DROP\n");
  const std::string policy = "*filter\n:INPUT REJECT [0:0]\nCOMMIT\n";
  const std::string missing = table("-A INPUT -j NOSUCH\n");
  const std::string drop = "*nat\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -j DROP\nCOMMIT\n";
  const Case cases[] = {{udp, "IPT009", "5:41"},     {nat, "IPT009", "3:14"},   {loop, "IPT009", "9:9"},
                        {physdev, "IPT008", "5:36"}, {policy, "IPT009", "2:8"}, {missing, "IPT009", "5:13"},
                        {drop, "IPT009", "3:14"}};
  for (const auto& c : cases) {
    const Audited a({rules(c.text)});
    EXPECT_THAT(a.evidence(c.code), Contains(testing::StartsWith(std::string(c.place) + " "))) << c.text;
    EXPECT_GE(a.first(c.code).severity, Severity::warning);
  }
}

TEST(Audit, RefusesOldNegationOnlyForNewIptables) {
  const std::string text = table("-A FORWARD -i ! eth0 -j DROP\n");
  EXPECT_THAT(Audited({rules(text)}, era(Era::el5)).findings(), ElementsAre("IPT009 info"));
  EXPECT_THAT(Audited({rules(text)}, era(Era::el8)).findings(), ElementsAre("IPT009 critical"));
}

TEST(Audit, ComparesWhatRunsWithWhatIsSaved) {
  const std::string listing = R"(Chain INPUT (policy ACCEPT 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination         

Chain FORWARD (policy ACCEPT 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination         
    0     0 REJECT     all  --  *      *       0.0.0.0/0            0.0.0.0/0           reject-with icmp-host-prohibited 

Chain OUTPUT (policy ACCEPT 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination         
)";
  const File running{"sos/sos_commands/networking/iptables_-t_filter_-nvL", listing};
  const File same{"sos/etc/sysconfig/iptables", table("-A FORWARD -j REJECT --reject-with icmp-host-prohibited\n")};
  const File other{"sos/etc/sysconfig/iptables", table("-A FORWARD -j DROP\n")};
  const Audited equal({running, same}, era(Era::el6));
  EXPECT_THAT(equal.codes(), Not(Contains("IPT011")));
  EXPECT_EQ(std::ranges::count(equal.codes(), "IPT001"), 1);  // told once, with the line of the file
  EXPECT_THAT(equal.evidence("IPT001"), Contains(testing::StartsWith("5:15 ")));
  const Audited different({running, other}, era(Era::el6));
  EXPECT_THAT(different.evidence("IPT011"), UnorderedElementsAre("6:0 runs, but is not in the saved file",
                                                                 "5:0 is in the saved file, but does not run"));
}

TEST(Audit, ChecksTheRulesForIpv6) {
  const File v6{"ip6tables", table("-A FORWARD -j REJECT --reject-with icmp6-adm-prohibited\n")};
  const Audited a({v6}, era(Era::el5));
  EXPECT_THAT(a.codes(), ElementsAre("IPT012", "IPT012"));
  EXPECT_EQ(a.first("IPT012").severity, Severity::critical);
  EXPECT_THAT(a.first("IPT012").steps[1].instruction, HasSubstr("ip6tables -R FORWARD 1 -j DROP"));
}

TEST(Audit, WarnsOfTranslation) {
  const std::string text = table("-A FORWARD -m physdev --physdev-is-bridged -j ACCEPT\n");
  EXPECT_THAT(Audited({rules(text)}, era(Era::el8)).codes(), Contains("IPT013"));
  EXPECT_THAT(Audited({rules(text)}, era(Era::el7)).codes(), Not(Contains("IPT013")));
  const File nft{
      "nft_list_ruleset",
      "table ip filter {\n\tchain FORWARD {\n\t\txt match \"physdev\" counter packets 0 bytes 0 accept\n\t}\n}\n"};
  EXPECT_THAT(Audited({rules(text), nft}, era(Era::el7)).codes(), Contains("IPT013"));
}

TEST(Audit, ReadsFirewalldsFiles) {
  const Audited direct({{"etc/firewalld/direct.xml",
                         "<direct>\n<rule ipv=\"ipv4\" table=\"filter\" chain=\"FORWARD\" priority=\"0\">-j "
                         "REJECT</rule>\n</direct>\n"}},
                       era(Era::el7));
  EXPECT_THAT(direct.evidence("IPT001"), Contains(testing::StartsWith("2:")));
  EXPECT_EQ(direct.first("IPT007").title, "REJECT rules are put back by firewalld");
  const Audited zone(std::vector<File>{{"etc/firewalld/zones/block.xml", "<zone target=\"%%REJECT%%\">\n</zone>\n"}});
  EXPECT_THAT(zone.findings(), ElementsAre("IPT004 info"));
}

TEST(Audit, SaysTheSameOfEveryForm) {
  const std::string save = table(
      ":c - [0:0]\n-A FORWARD -m physdev --physdev-is-bridged -j ACCEPT\n-A FORWARD -i br0 -j c\n-A OUTPUT -o br0 -j "
      "REJECT --reject-with icmp-port-unreachable\n-A c -p tcp -j ACCEPT\n-A c -j REJECT --reject-with "
      "icmp-host-prohibited\n");
  const std::string commands =
      "-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n-N c\n-A FORWARD -m physdev --physdev-is-bridged -j "
      "ACCEPT\n-A FORWARD -i br0 -j c\n-A OUTPUT -o br0 -j REJECT --reject-with icmp-port-unreachable\n-A c -p tcp -j "
      "ACCEPT\n-A c -j REJECT --reject-with icmp-host-prohibited\n";
  const std::string listing = R"(Chain INPUT (policy ACCEPT 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination         

Chain FORWARD (policy ACCEPT 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination         
    0     0 ACCEPT     all  --  *      *       0.0.0.0/0            0.0.0.0/0           PHYSDEV match --physdev-is-bridged 
    0     0 c          all  --  br0    *       0.0.0.0/0            0.0.0.0/0           

Chain OUTPUT (policy ACCEPT 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination         
    0     0 REJECT     all  --  *      br0     0.0.0.0/0            0.0.0.0/0           reject-with icmp-port-unreachable 

Chain c (1 references)
 pkts bytes target     prot opt in     out     source               destination         
    0     0 ACCEPT     tcp  --  *      *       0.0.0.0/0            0.0.0.0/0           
    0     0 REJECT     all  --  *      *       0.0.0.0/0            0.0.0.0/0           reject-with icmp-host-prohibited 
)";
  const auto summary = [](const std::string& text) {
    const Audited a({{"x", text}}, kernel("2.6.18-274.7.1.el5 x86_64"));
    std::vector<std::string> texts;
    for (const auto& f : a.result.findings)
      texts.push_back(f.code + std::string(to_string(f.severity)) + std::string(to_string(f.confidence)) + f.title +
                      f.summary + f.evidence[0].because);
    return texts;
  };
  EXPECT_THAT(summary(save), Contains(HasSubstr("IPT002critical")));
  EXPECT_EQ(summary(commands), summary(save));
  EXPECT_EQ(summary(listing), summary(save));
}

// Every finding has an event as its subject, evidence with a place, and fields that are in the vocabulary.
TEST(Audit, KeepsTheContract) {
  const File sysctl{"etc/sysctl.conf", "net.bridge.bridge-nf-call-iptables = 0\n"};
  const Audited a({rules(std::string(el5_rules)),
                   sysctl,
                   {"ip6tables", table("-A FORWARD -j REJECT\n-A INPUT -j DROP --reject-with x\n-A INPUT -m physdev "
                                       "--physdev-is-bridged -j REJECT\n")}});
  EXPECT_GT(a.result.findings.size(), 8u);
  for (const auto& f : a.result.findings) {
    ASSERT_FALSE(f.events.empty()) << f.code;
    for (const auto e : f.events) ASSERT_LT(e, a.result.events.size());
    EXPECT_FALSE(f.evidence.empty()) << f.code;
    EXPECT_FALSE(f.summary.empty()) << f.code;
    EXPECT_THAT(audit_checks(), Contains(testing::Field(&AuditCheck::code, f.code)));
  }
  for (const auto& event : a.result.events)
    for (const auto& field : event.fields)
      EXPECT_TRUE(find_field(event.kind, field.name)) << event.kind << "." << field.name;
}

}  // namespace
}  // namespace diag
