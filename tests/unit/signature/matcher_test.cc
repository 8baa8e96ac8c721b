// Whole signatures on facts made by hand: which finding, how sure, and why.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "diag/signature.h"
#include "signature/signature_store.h"
#include "unit/signature/facts_builder.h"

namespace diag::sig {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

SignatureSet set_of(const std::vector<std::string>& files) {
  SignatureSet set;
  for (std::size_t i = 0; i < files.size(); ++i) set.add(files[i], "s" + std::to_string(i) + ".toml", "");
  for (const Mistake& m : set.mistakes()) ADD_FAILURE() << to_string(m);
  return set;
}

std::string head(const std::string& id, const std::string& confidence, const std::string& more = "") {
  return "id = \"" + id + "\"\ntitle = \"Title of " + id + "\"\nseverity = \"critical\"\nconfidence = \"" + confidence +
         "\"\nsummary = \"s\"\nreferences = [\"r\"]\n" + more;
}

const std::string flagship = head("kernel.net.flagship", "likely") + R"(
[affects]
kernel    = ['el5 x86_64 [274, 308.4.1)']
fixed     = ['2.6.18-308.4.1.el5 (RHSA-2012:0480)']
changelog = ['Reset IPCB']
ask       = 'uname -r'
[event]
kind     = 'fault'
function = 'icmp_send'
path     = ['icmp_send', 'ip_tables:ipt_do_table', 'bridge:br_nf_.*']
because  = 'icmp_send faulted under {task.comm|some task}'
[[support]]
makes   = 'certain'
any     = [{ function.last_byte = true }, { stack.top = 'non-canonical' }]
because = 'its return address was overwritten'
ask     = 'the Code: line'
[[support]]
kind        = 'iptables.rule'
target      = 'REJECT'
because     = 'rule {rule} sends an ICMP error'
ask         = 'iptables-save'
[[exclude]]
kind    = 'sysctl.value'
name    = 'net\.bridge\.bridge-nf-call-iptables'
value   = '0'
leaves  = 'possible'
because = 'bridged packets do not reach iptables'
)";

struct Scene {
  FactsBuilder b;
  SourceId log = b.log("dmesg", 100);

  Event& crash(const std::string& release = "2.6.18-274.el5") {
    Event& e = b.event(log, 10, "gpf", {}, 60);
    add_trace(e, "icmp_send", {"dev_hard_start_xmit", "ip_tables:ipt_do_table", "bridge:br_nf_local_out"});
    e.set("kernel.arch", std::string("x86_64"));
    if (!release.empty()) e.set("kernel.release", release);
    e.set("function.last_byte", true, 58);
    return e;
  }
  std::vector<Finding> match(const std::string& signature) { return set_of({signature}).match(b.facts); }
  Finding only(const std::string& signature) {
    auto found = match(signature);
    EXPECT_EQ(found.size(), 1U);
    return found.empty() ? Finding{} : std::move(found.front());
  }
};

TEST(Matcher, TheWholeSignature) {
  Scene r;
  r.crash();
  const SourceId rules = r.b.list("rules", {"iptables.rule"});
  r.b.event(rules, 14, "iptables.rule",
            {{"target", std::string("REJECT"), 14}, {"rule", std::string("-A FORWARD -j REJECT"), 14}});
  const Finding f = r.only(flagship);
  EXPECT_EQ(f.signature, "kernel.net.flagship");
  EXPECT_EQ(f.confidence, Confidence::certain);
  EXPECT_THAT(f.events, ElementsAre(0U, 1U));
  ASSERT_EQ(f.evidence.size(), 4U);
  EXPECT_EQ(f.evidence[0].because, "icmp_send faulted under some task");
  EXPECT_EQ(f.evidence[0].first_line, 1U) << "where the function is stated";
  EXPECT_EQ(f.evidence[1].because, "called through ip_tables:ipt_do_table, bridge:br_nf_local_out");
  EXPECT_EQ(f.evidence[1].first_line, 11U);
  EXPECT_EQ(f.evidence[1].last_line, 12U);
  EXPECT_EQ(f.evidence[2].first_line, 58U);
  EXPECT_EQ(f.evidence[3].because, "rule -A FORWARD -j REJECT sends an ICMP error");
  EXPECT_EQ(f.evidence[3].source, rules);
  EXPECT_EQ(f.evidence[3].quote, "line 14");
  ASSERT_TRUE(f.kernel);
  EXPECT_EQ(f.kernel->state, KernelState::State::inside);
  EXPECT_EQ(f.kernel->release, "2.6.18-274.el5");
  EXPECT_THAT(f.not_checked,
              ElementsAre("no sysctl.value was read (name is net.bridge.bridge-nf-call-iptables, value is 0)"));
}

TEST(Matcher, TheKernelDecidesHowSure) {
  const struct {
    std::string release;
    std::optional<Confidence> expected;
  } table[] = {
      {"2.6.18-274.7.1.el5xen", Confidence::certain},
      {"", Confidence::likely},
      {"2.6.18-308.4.1.el5", Confidence::possible},
      {"2.6.18-238.el5", Confidence::possible},
      {"2.6.32-279.el6", std::nullopt},
  };
  for (const auto& row : table) {
    Scene r;
    r.crash(row.release);
    const auto found = r.match(flagship);
    ASSERT_EQ(found.empty(), !row.expected) << row.release;
    if (row.expected) {
      EXPECT_EQ(found[0].confidence, *row.expected) << row.release;
    }
  }
  Scene r;
  r.crash("2.6.18-308.4.1.el5");
  EXPECT_EQ(r.only(flagship).kernel->note, "your kernel has the fix");
  Scene unknown;
  unknown.crash("");
  EXPECT_THAT(unknown.only(flagship).not_checked, testing::Contains("the kernel's release is not stated: uname -r"));
}

TEST(Matcher, TheKernelIsWhatTheHostLastSaidBefore) {
  Scene r;
  r.b.event(r.log, 1, "host.boot", {{"kernel.release", std::string("2.6.18-274.el5")}});
  r.crash("");
  EXPECT_EQ(r.only(flagship).confidence, Confidence::certain);
  Scene after;
  after.crash("");
  after.b.event(after.log, 90, "host.boot", {{"kernel.release", std::string("2.6.18-274.el5")}});
  EXPECT_EQ(after.only(flagship).confidence, Confidence::likely) << "the next start says nothing of the kernel before";
  Scene file;
  file.crash("");
  file.b.event(file.b.list("uname", {}), 1, "host.fact",
               {{"name", std::string("kernel.release")}, {"value", std::string("2.6.18-274.el5")}});
  EXPECT_EQ(file.only(flagship).confidence, Confidence::certain);
}

TEST(Matcher, UnknownNeitherMatchesNorRefusesInSilence) {
  Scene r;  // neither kind nor the last byte are known
  Event& e = r.crash();
  e.kind = "oops";
  std::erase_if(e.fields, [](const Field& f) { return f.name == "function.last_byte"; });
  add_trace(e, "icmp_send", {"ip_tables:ipt_do_table", "bridge:br_nf_local_out"}, {"header", "kind"});
  const Finding f = r.only(flagship);
  EXPECT_EQ(f.confidence, Confidence::likely);
  EXPECT_THAT(f.not_checked, testing::Contains("not stated: function.last_byte, stack.top: the Code: line"));

  std::string one_kind = flagship;
  one_kind.replace(one_kind.find("'fault'"), 7, "'gpf'");
  const Finding g = r.only(one_kind);
  EXPECT_EQ(g.confidence, Confidence::likely);
  EXPECT_THAT(g.not_checked, testing::Contains("not stated by the event: kind"));
}

TEST(Matcher, AWeakPathIsNeverCertain) {
  Scene r;
  add_trace(r.crash(), "icmp_send", {"dev_hard_start_xmit", "?ip_tables:ipt_do_table", "?bridge:br_nf_local_out"});
  const Finding f = r.only(flagship);
  EXPECT_EQ(f.confidence, Confidence::likely);
  EXPECT_THAT(f.not_checked, testing::Contains("the path holds only with frames that the trace marks with '?'"));
}

TEST(Matcher, AnExcludeLeavesWhatItSays) {
  Scene r;
  r.crash();
  const SourceId conf = r.b.list("sysctl.conf", {"sysctl.value"});
  r.b.event(conf, 3, "sysctl.value",
            {{"name", std::string("net.bridge.bridge-nf-call-iptables")}, {"value", std::string("0")}});
  EXPECT_EQ(r.only(flagship).confidence, Confidence::possible);
  EXPECT_EQ(r.only(flagship).evidence.back().because, "bridged packets do not reach iptables");
  std::string nothing = flagship;
  nothing.replace(nothing.find("leaves  = 'possible'"), 20, "");
  EXPECT_THAT(r.match(nothing), IsEmpty());
  r.b.facts.events.back().set("value", std::string("1"));
  EXPECT_EQ(r.only(flagship).confidence, Confidence::certain);
}

TEST(Matcher, OtherHostsDoNotMeet) {
  Scene r;
  r.b.input(r.log).hosts = {"web1"};
  r.crash().host = "web1";
  const SourceId conf = r.b.list("sysctl.conf", {"sysctl.value"}, {"db1"});
  r.b.event(conf, 3, "sysctl.value",
            {{"name", std::string("net.bridge.bridge-nf-call-iptables")}, {"value", std::string("0")}})
      .host = "db1";
  EXPECT_EQ(r.only(flagship).confidence, Confidence::certain);
  r.b.facts.events[1].host.clear();
  r.b.input(conf).hosts.clear();
  EXPECT_EQ(r.only(flagship).confidence, Confidence::possible) << "it belongs to the run's only host";
  r.b.facts.events[1].host = "web1.example.com";
  EXPECT_EQ(r.only(flagship).confidence, Confidence::possible) << "the short and the full name are one host";
}

const std::string leap = head("kernel.time.leap", "likely") + R"(
[event]
kind    = 'log.message'
text    = 'inserting leap second'
because = 'leap'
[[exclude]]
kind       = 'log.message'
text       = 'after'
near       = '60 s after, or 3 lines after'
if_unknown = 'likely'
because    = 'the host went on'
[[support]]
makes   = 'certain'
kind    = 'host.boot'
near    = '14 days after'
because = 'started again'
ask     = 'the log of the next start'
)";

TEST(Matcher, SilenceIsEvidenceOnlyWhereTheLogGoesOn) {
  Scene r;
  r.b.message(r.log, 50, "Clock: inserting leap second");
  EXPECT_EQ(r.only(leap).confidence, Confidence::likely)
      << "50 lines follow, none of them says it: but no start was seen";
  r.b.event(r.log, 52, "host.boot").when = {std::nullopt, wall(2000)};
  r.b.facts.events[0].when = {std::nullopt, wall(1000)};
  r.b.input(r.log).first = {std::nullopt, wall(0)};
  r.b.input(r.log).last = {std::nullopt, wall(3000)};
  EXPECT_EQ(r.only(leap).confidence, Confidence::certain);
  r.b.input(r.log).last = {std::nullopt, wall(1030)};
  EXPECT_EQ(r.only(leap).confidence, Confidence::likely) << "the log ends within the minute";
  r.b.message(r.log, 51, "after").when = {std::nullopt, wall(1001)};
  EXPECT_THAT(r.match(leap), IsEmpty());
}

TEST(Matcher, JoinsCapturesVariantsAndSteps) {
  const std::string signature = head("kernel.hardware.disk", "certain") + R"(
[event]
kind    = 'log.message'
text    = '(?P<port>ata\d+): media error (?P<code>\d+)'
code    = '> 3'
because = 'port {port}'
[[support]]
kind    = 'log.message'
text    = '^{port}: EH complete, dev (?P<device>\w+)'
near    = '10 lines after'
as      = 'block'
because = 'then {device} of {port}'
[[variant]]
when    = { block.device = 'sdb' }
title   = 'Disk {block.device} on {port} ({code:codes})'
[words.codes]
'7' = 'seven'
[[step]]
when  = { kernel.stream = 'el5' }
do    = 'on EL5'
risk  = 'none'
[[step]]
do    = 'dd if=/dev/{block.device|sdX}'
check = '{quote}'
risk  = 'none'
)";
  Scene r;
  r.b.message(r.log, 10, "ata1: media error 7");
  r.b.message(r.log, 11, "ata2: EH complete, dev sda");
  r.b.message(r.log, 12, "ata1: EH complete, dev sdb");
  r.b.message(r.log, 20, "ata3: media error 2");
  const Finding f = r.only(signature);
  EXPECT_EQ(f.title, "Disk sdb on ata1 (seven)");
  EXPECT_EQ(f.evidence.at(1).because, "then sdb of ata1");
  ASSERT_EQ(f.steps.size(), 2U);
  EXPECT_EQ(f.steps[0].when, "kernel.stream is el5") << "not known: said in words";
  EXPECT_EQ(f.steps[1].instruction, "dd if=/dev/sdb");
  EXPECT_EQ(f.steps[1].check, "<quote>") << "a whole line is no part of a command";
}

TEST(Matcher, ClausesThatStandForEachOther) {
  const std::string signature = head("s.old-auth", "likely") + R"(
[event]
kind    = 'log.message'
text    = 'old authentication'
because = 'b'
[[support]]
makes   = 'certain'
either  = 'proof'
kind    = 'mysql.login'
scope   = 'any host'
answer  = 'old-auth'
because = 'login'
ask     = 'ask the server'
[[support]]
makes   = 'certain'
either  = 'proof'
kind    = 'mysql.account'
scope   = 'any host'
class   = 'pre41'
because = 'account'
)";
  Scene r;
  r.b.message(r.log, 1, "old authentication");
  EXPECT_EQ(r.only(signature).confidence, Confidence::likely);
  EXPECT_THAT(r.only(signature).not_checked, ElementsAre(HasSubstr("ask the server"), HasSubstr("mysql.account")));
  r.b.event(r.b.list("probe", {}), 0, "mysql.account", {{"class", std::string("pre41")}}).host = "db1";
  EXPECT_EQ(r.only(signature).confidence, Confidence::certain);
  EXPECT_THAT(r.only(signature).not_checked, IsEmpty());
}

TEST(Matcher, ASeriesIsOneFindingForEachKey) {
  const std::string signature = head("kernel.net.full", "certain") + R"(
[event]
kind    = 'log.message'
text    = '(?P<family>ip|nf)_conntrack: table full'
per     = ['family']
in      = '1 min'
because = '{count} times, at most {peak} a minute, from {first} to {last}'
[[variant]]
when     = { peak = '>= 3' }
severity = 'warning'
)";
  Scene r;
  for (int i = 0; i < 5; ++i)
    r.b.message(r.log, 10 + static_cast<std::uint64_t>(i), "ip_conntrack: table full").when.wall = wall(i * 25);
  r.b.message(r.log, 20, "nf_conntrack: table full").when.wall = wall(200);
  const auto found = r.match(signature);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].evidence[0].because,
            "1 times, at most 1 a minute, from 1970-01-01T00:03:20Z to 1970-01-01T00:03:20Z");
  EXPECT_EQ(found[1].evidence[0].because,
            "5 times, at most 3 a minute, from 1970-01-01T00:00:00Z to 1970-01-01T00:01:40Z");
  EXPECT_EQ(found[1].severity, Severity::warning);
  EXPECT_EQ(found[1].events.size(), 5U);
}

TEST(Matcher, ASeriesBeginsWhenItsCountIsReached) {
  const std::string signature = head("kernel.net.flood", "certain") + R"(
[event]
kind    = 'log.message'
text    = 'flood'
count   = '>= 3'
because = '{count}'
)";
  Scene r;
  r.b.message(r.log, 1, "flood");
  r.b.message(r.log, 2, "flood");
  EXPECT_THAT(r.match(signature), IsEmpty());
  r.b.message(r.log, 3, "flood");
  EXPECT_EQ(r.only(signature).evidence[0].because, "3");
}

TEST(Matcher, AnEpisodeLastsUntilItsEnd) {
  const std::string signature = head("kernel.nfs.hang", "certain") + R"(
[event]
kind    = 'log.message'
text    = 'server (?P<server>\S+) not responding'
because = '{server}: {duration|its end was not seen} s, open: {open}'
[until]
kind    = 'log.message'
text    = 'server {server} OK'
lasts   = '> 60 s'
)";
  const auto hang = [&](int end, std::int64_t log_end) {
    Scene r;
    r.b.message(r.log, 1, "server a not responding").when.wall = wall(1000);
    r.b.message(r.log, 2, "server b OK").when.wall = wall(1001);
    if (end) r.b.message(r.log, 3, "server a OK").when.wall = wall(end);
    r.b.input(r.log).last.wall = wall(log_end);
    return r.match(signature);
  };
  EXPECT_THAT(hang(1030, 9000), IsEmpty());
  ASSERT_EQ(hang(1090, 9000).size(), 1U);
  EXPECT_EQ(hang(1090, 9000)[0].evidence[0].because, "a: 90 s, open: no");
  EXPECT_EQ(hang(0, 9000)[0].confidence, Confidence::certain)
      << "the log goes on, and it did not end for longer than that";
  EXPECT_EQ(hang(0, 1010)[0].confidence, Confidence::likely);
  EXPECT_EQ(hang(0, 1010)[0].evidence[0].because, "a: its end was not seen s, open: yes");
}

TEST(Matcher, AClueMayCount) {
  const std::string signature = head("kernel.net.syn", "possible") + R"(
[event]
kind    = 'log.message'
text    = 'table full'
because = 'b'
[[support]]
makes   = 'likely'
kind    = 'log.message'
text    = 'SYN flooding on port (?P<port>\d+)'
near    = '10 min around'
count   = '>= 3'
in      = '10 min'
as      = 'flood'
because = '{count} warnings for port {port}'
)";
  Scene r;
  r.b.message(r.log, 1, "table full").when.wall = wall(1000);
  r.b.input(r.log).first.wall = wall(0);
  r.b.input(r.log).last.wall = wall(5000);
  for (int i = 0; i < 2; ++i)
    r.b.message(r.log, 2 + static_cast<std::uint64_t>(i), "SYN flooding on port 80").when.wall = wall(1001 + i);
  EXPECT_EQ(r.only(signature).confidence, Confidence::possible);
  r.b.message(r.log, 9, "SYN flooding on port 80").when.wall = wall(1009);
  EXPECT_EQ(r.only(signature).confidence, Confidence::likely);
  EXPECT_EQ(r.only(signature).evidence[1].because, "3 warnings for port 80");
}

TEST(Matcher, ManyFindingsAreBounded) {
  const std::string signature =
      head("kernel.x", "certain") + "[event]\nkind = 'log.message'\ntext = 'again'\nbecause = 'b'\n";
  Scene r;
  for (std::uint64_t i = 1; i <= 300; ++i) r.b.message(r.log, i, "again");
  const auto found = r.match(signature);
  EXPECT_EQ(found.size(), 200U);
  EXPECT_THAT(found.back().not_checked, ElementsAre("further events like this one were left out"));
}

// ---- ranks

std::string on_gpf(const std::string& id, const std::string& confidence, const std::string& more = "") {
  return head(id, confidence, more) + "[event]\nkind = 'gpf'\nfunction = 'icmp_send'\nbecause = 'b'\n";
}

TEST(Ranking, HigherRanksFoldLowerOnesOnTheSameEvent) {
  const struct {
    std::string confidence, rank_of_a, rank_of_b;
    std::vector<std::string> shown;
    std::vector<std::string> context;
  } table[] = {
      {"certain", "specific", "general", {"a"}, {"b"}},    {"certain", "general", "fallback", {"a"}, {"b"}},
      {"certain", "general", "specific", {"b"}, {"a"}},    {"certain", "specific", "specific", {"a", "b"}, {}},
      {"possible", "specific", "general", {"b", "a"}, {}},
  };
  for (const auto& row : table) {
    Scene r;
    r.crash();
    const auto found = set_of({on_gpf("a", row.confidence, "rank = '" + row.rank_of_a + "'\n"),
                               on_gpf("b", "likely", "rank = '" + row.rank_of_b + "'\n")})
                           .match(r.b.facts);
    std::vector<std::string> shown;
    for (const Finding& f : found) shown.push_back(f.signature);
    EXPECT_EQ(shown, row.shown) << row.rank_of_a << ' ' << row.rank_of_b;
    EXPECT_EQ(found.front().context, row.context);
  }
}

TEST(Ranking, OverDecidesBetweenEqualsAndLinesInsideBelongToTheEvent) {
  Scene r;
  r.crash();
  r.b.message(r.log, 20, "a line of the trace");
  r.b.message(r.log, 70, "a line of the trace");
  const std::string line = head("line", "likely") + "[event]\nkind = 'log.message'\ntext = 'a line'\nbecause = 'b'\n";
  const auto found =
      set_of({on_gpf("a", "certain", "over = ['line', 'b']\n"), on_gpf("b", "certain"), line}).match(r.b.facts);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].signature, "a");
  EXPECT_THAT(found[0].context, ElementsAre("b", "line"));
  EXPECT_EQ(found[1].events, std::vector<std::size_t>{2}) << "the other line stands by itself";
}

TEST(Ranking, TheFirstCauseLeadsAnIncident) {
  Scene r;
  r.crash();
  Event& panic = r.b.event(r.log, 61, "panic", {}, 65);
  add_trace(panic, "panic", {"do_exit"});
  const std::string on_panic = head("p", "certain") + "[event]\nkind = 'panic'\nfunction = 'panic'\nbecause = 'b'\n";
  auto found = set_of({on_gpf("a", "likely"), on_panic}).match(r.b.facts);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].signature, "a");
  EXPECT_THAT(found[0].context, ElementsAre("p"));
  r.b.facts.events[1].incident = 1;
  EXPECT_EQ(set_of({on_gpf("a", "likely"), on_panic}).match(r.b.facts).size(), 2U);
}

TEST(Ranking, LostEvidenceIsSaidByWhatStandsNearIt) {
  Scene r;
  r.crash();
  r.b.event(r.log, 70, "log.gap", {{"lost", 5.0, 70}});
  const std::string gap =
      head("gap", "certain", "gap = true\n") + "[event]\nkind = 'log.gap'\nlost = '> 0'\nbecause = '{lost}'\n";
  const auto found = set_of({on_gpf("a", "certain"), gap}).match(r.b.facts);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_THAT(found[0].not_checked, ElementsAre("messages were lost near it: Title of gap"));
  EXPECT_TRUE(found[1].gap);
}

// ---- near misses

TEST(Refuses, NamesTheClauseThatDecided) {
  const auto refusing = [](Scene& r, const std::string& signature, const std::string& clause) {
    const SignatureSet set = set_of({signature});
    const FactsIndex index(r.b.facts);
    const MessagesOf messages = set.data().messages(index);
    const auto explained = Matcher(index, messages).explain(*set.data().signatures.front(), true);
    return std::ranges::any_of(explained, [&](const Explanation& e) { return refuses(e, clause); });
  };
  Scene r;
  r.crash("2.6.18-308.4.1.el5");
  EXPECT_TRUE(refusing(r, flagship, "affects"));
  EXPECT_FALSE(refusing(r, flagship, "event.path"));
  EXPECT_FALSE(refusing(r, flagship, "support 1"));
  Scene other;
  other.crash().set("function", Symbol{"ip_rcv", ""}, 1);
  EXPECT_TRUE(refusing(other, flagship, "event.function"));
  Scene not_last;
  Event& e = not_last.crash();
  e.set("function.last_byte", false, 58);
  e.set("stack.top", Addr{0xffff810012345678}, 59);
  EXPECT_TRUE(refusing(not_last, flagship, "support 1"));
  EXPECT_FALSE(refusing(not_last, flagship, "support 2")) << "it decides no level";
  Scene off;
  off.crash();
  off.b.event(off.b.list("sysctl.conf", {"sysctl.value"}), 3, "sysctl.value",
              {{"name", std::string("net.bridge.bridge-nf-call-iptables")}, {"value", std::string("0")}});
  EXPECT_TRUE(refusing(off, flagship, "exclude 1"));
}

}  // namespace
}  // namespace diag::sig
