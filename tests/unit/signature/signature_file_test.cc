// The messages for wrong files are golden: an author reads nothing else.
#include "signature/signature_file.h"

#include <gtest/gtest.h>

namespace diag::sig {
namespace {

const std::string head = R"(id         = "kernel.net.x"
title      = "A title"
severity   = "critical"
confidence = "likely"
summary    = "A summary."
references = ["RHSA-2012:0480"]
)";
const std::string event = R"([event]
kind     = "fault"
function = 'icmp_send'
because  = "icmp_send faulted"
)";

std::string mistakes_of(const std::string& toml, const std::string& id = "kernel.net.x") {
  Mistakes mistakes("a.toml");
  const auto signature = read_signature(toml, id, mistakes);
  std::string out;
  for (const Mistake& m : mistakes.take()) out += to_string(m) + '\n';
  EXPECT_EQ(signature == nullptr, !out.empty());
  return out;
}

TEST(SignatureFile, ReadsWhatTheManualDescribes) {
  Mistakes mistakes("a.toml");
  const auto s = read_signature(head + R"toml(code = "NET001"
rank = "general"
over = ["kernel.net.y"]
gap  = true

[affects]
kernel    = ["el5 x86_64 [274, 308.4.1)"]
fixed     = ["2.6.18-308.4.1.el5 (RHSA-2012:0480)"]
changelog = "Reset IPCB"

[event]
kind        = ["gpf", "oops"]
function    = ['icmp_send', '__icmp_send']
path        = ['icmp_send', ['ip_tables:ipt_do_table', 'x'], 'bridge:br_.*']
path_top    = 4
any         = [{ function.last_byte = true }, { kind = "gpf", stack.top = "non-canonical" }]
none        = [{ modules = ['xen_.*'] }]
because     = "{function} faulted on CPU {cpu|unknown}"
ask         = "the trace"

[[support]]
makes   = "certain"
kind    = "log.message"
text    = '(?P<count_seen>\d+) packets'
near    = "500 lines before"
as      = "packets"
because = "{count_seen} of {function}"

[[exclude]]
kind    = "sysctl.value"
name    = 'net\.bridge'
value   = '0'
leaves  = "possible"
because = "it is {value}"

[[variant]]
when     = { packets.count_seen = "> 5", kernel.stream = 'el5' }
severity = "warning"

[words.cpu]
"0" = "the first"

[[step]]
do    = "Look at CPU {cpu:cpu} ({packets.count_seen|no} packets)"
check = "uname -r"
undo  = "nothing"
risk  = "service restart"
)toml",
                                "kernel.net.x", mistakes);
  ASSERT_TRUE(mistakes.none()) << to_string(mistakes.list().front());
  EXPECT_EQ(s->rank, Rank::general);
  EXPECT_TRUE(s->gap);
  EXPECT_EQ(s->event.tests.size(), 1U);
  EXPECT_EQ(s->event.path->steps.size(), 3U);
  EXPECT_EQ(s->event.path->steps[1].size(), 2U);
  EXPECT_EQ(s->event.any.size(), 2U);
  ASSERT_EQ(s->clues.size(), 2U);
  EXPECT_EQ(s->clues[0].name, "support 1");
  EXPECT_EQ(s->clues[0].makes, Confidence::certain);
  EXPECT_EQ(s->clues[1].leaves, Leaves::possible);
  EXPECT_EQ(s->named("packets"), &s->clues[0]);
  EXPECT_EQ(s->variants[0].when.size(), 2U);
  EXPECT_EQ(s->steps[0].risk, Risk::service_restart);
}

TEST(SignatureFile, ClassesStandForTheirKinds) {
  Mistakes mistakes("a.toml");
  const auto s = read_signature(head + event, "kernel.net.x", mistakes);
  ASSERT_TRUE(mistakes.none());
  EXPECT_EQ(s->event.kinds.names.size(), 14U);
  EXPECT_EQ(s->event.kinds.written, std::vector<std::string>{"fault"});
}

TEST(SignatureFile, MistakesOfTheHead) {
  EXPECT_EQ(mistakes_of(""),
            "a.toml:1:1: the head has no 'id'\n"
            "a.toml:1:1: the head has no 'title'\n"
            "a.toml:1:1: the head has no 'severity'\n"
            "a.toml:1:1: the head has no 'confidence'\n"
            "a.toml:1:1: the head has no 'summary'\n"
            "a.toml:1:1: the head has no 'references'\n"
            "a.toml:1:1: the head has no 'event'\n");
  EXPECT_EQ(mistakes_of("titel = 'x'\n" + head + event),
            "a.toml:1:1: unknown key 'titel' in the head; did you mean 'title'?\n");
  EXPECT_EQ(mistakes_of(head + event, "kernel.y"),
            "a.toml:1:14: the id is 'kernel.net.x', but the place of the file makes it 'kernel.y'\n");
  EXPECT_EQ(mistakes_of("id = \"kernel.net.x\"\ntitle = 3\nseverity = \"severe\"\nconfidence = \"sure\"\nsummary = \" "
                        "\"\nreferences = [1]\n" +
                        event),
            "a.toml:2:9: 'title' is a string, not a whole number\n"
            "a.toml:3:12: 'severity' cannot be 'severe'; it may be 'info', 'warning' or 'critical'\n"
            "a.toml:4:14: 'confidence' cannot be 'sure'; it may be 'possible', 'likely' or 'certain'\n"
            "a.toml:5:11: 'summary' is empty\n"
            "a.toml:6:15: 'references' holds strings, not a whole number\n");
  EXPECT_EQ(mistakes_of("slow = \"yes\"\nrank = \"spezific\"\n" + head + event),
            "a.toml:1:8: 'slow' is true or false without quotes, not a string\n"
            "a.toml:2:8: 'rank' cannot be 'spezific'; did you mean 'specific'?\n");
  EXPECT_TRUE(mistakes_of("id = \"x\ntitle = 3").starts_with("a.toml:1:")) << "no TOML";
  EXPECT_EQ(mistakes_of(std::string(300 * 1024, '#')), "a.toml: a file of 300 KiB; 256 are allowed\n");
}

TEST(SignatureFile, MistakesOfClauses) {
  const struct {
    std::string toml, message;  // the message of the one mistake in head + toml
  } table[] = {
      {"[event]\nkind = \"oopss\"\nbecause = \"b\"\n", "a.toml:8:8: unknown kind 'oopss'; did you mean 'oops'?\n"},
      {"[event]\nkind = \"ata.exception\"\nbecause = \"b\"\n",
       "a.toml:8:8: unknown kind 'ata.exception' (not supported yet: kinds stated in signatures/kinds/)\n"},
      {"[event]\nkind = \"gpf\"\nfunktion = 'f'\nbecause = \"b\"\n",
       "a.toml:9:1: 'gpf' has no field 'funktion'; did you mean 'function'?\n"},
      {"[event]\nkind = \"gpf\"\nfunction = 'f'\n", "a.toml:7:1: [event] has no 'because'\n"},
      {"[event]\nfunction = 'f'\nbecause = \"b\"\n", "a.toml:7:1: [event] has no 'kind'\n"},
      {"[event]\nkind = \"fault\"\ncpus = 3\nbecause = \"b\"\n",
       "a.toml:9:1: none of these kinds has a field 'cpus'; did you mean 'cpu'?\n"},
      {"[event]\nkind = \"gpf\"\nfunction = 'f'\nbecase = \"b\"\nbecause = \"b\"\n",
       "a.toml:10:1: unknown key 'becase' in [event]; did you mean 'because'?\n"},
      {"[event]\nkind = \"gpf\"\nfunction = 'f('\nbecause = \"b\"\n", "a.toml:9:12: bad pattern: missing ): f(\n"},
      {"[event]\nkind = \"gpf\"\nfunction = '{task.comm}'\nbecause = \"b\"\n",
       "a.toml:9:1: '{task.comm}' stands for a field of the subject: it cannot be used in [event]\n"},
      {"[event]\nkind = \"gpf\"\nnear = \"5 lines before\"\nfunction = 'f'\nbecause = \"b\"\n",
       "a.toml:9:1: 'near' belongs in [[support]] or [[exclude]], not in [event]\n"},
      {"[event]\nkind = \"log.message\"\nprogram = 'kernel'\nbecause = \"b\"\n",
       "a.toml:8:8: not supported yet: a log.message without a test of its 'text' (it would mean every line of the "
       "log)\n"},
      {"[event]\nkind = \"gpf\"\npath = 'f'\nbecause = \"b\"\n",
       "a.toml:9:8: 'path' is an array of functions, innermost first: ['icmp_send', 'bridge:br_nf_.*']\n"},
      {"[event]\nkind = \"gpf\"\nfunction = 'f'\npath_top = 2\nbecause = \"b\"\n",
       "a.toml:10:12: 'path_top' needs a 'path'\n"},
      {"[event]\nkind = \"gpf\"\nany = { cpu = 1 }\nbecause = \"b\"\n",
       "a.toml:9:7: 'any' is an array of sets of tests: [{ function = 'f' }, { ... }]\n"},
      {"[event]\nkind = \"gpf\"\nany = [{ near = \"5 lines before\" }]\nbecause = \"b\"\n",
       "a.toml:9:10: 'near' cannot stand in a set of tests\n"},
      {"[event]\nkind = \"gpf\"\ncpu = 1\nper = [\"porf\"]\nbecause = \"b\"\n",
       "a.toml:10:8: 'gpf' has no field 'porf'\n"},
      {"[event]\nkind = \"gpf\"\ncpu = 1\nin = \"60\"\nbecause = \"b\"\n",
       "a.toml:10:6: 'in' is a length of time: \"10 min\", \"24 h\"\n"},
      {event + "[[support]]\nbecause = \"b\"\n",
       "a.toml:11:1: [[support]] has neither 'kind' nor a test: it would hold always\n"},
      {event + "[[support]]\ncpu = 1\n", "a.toml:11:1: [[support]] has no 'because'\n"},
      {event + "[[support]]\ncpu = 1\nnear = \"same incident\"\nbecause = \"b\"\n",
       "a.toml:13:1: 'near' says where another event lies, but without 'kind' [[support]] asks the subject itself\n"},
      {event + "[[support]]\nkind = \"gpf\"\ntask.comm = '{task.com}'\nbecause = \"b\"\n",
       "a.toml:13:6: '{task.com}' is no field of the subject; did you mean 'task.comm'?\n"},
      {event + "[[support]]\ncpu = 1\nmakes = \"likely\"\nbecause = \"b\"\n",
       "a.toml:11:1: support 1 makes 'likely', but [event] alone is 'likely' already: leave 'makes' out\n"},
      {event + "[[support]]\ncpu = 1\nleaves = \"possible\"\nbecause = \"b\"\n",
       "a.toml:13:1: 'leaves' belongs in [[exclude]], not in [[support]]\n"},
      {event + "[[exclude]]\ncpu = 1\nmakes = \"certain\"\nbecause = \"b\"\n",
       "a.toml:13:1: 'makes' belongs in [[support]], not in [[exclude]]\n"},
      {event + "[[support]]\ncpu = 1\neither = \"proof\"\nbecause = \"b\"\n",
       "a.toml:11:1: no other clause has either = 'proof': it stands for nothing else\n"},
      {event + "[[support]]\nkind = \"gpf\"\ncpu = 1\nin = \"1 min\"\nbecause = \"b\"\n",
       "a.toml:11:1: [[support]] counts ('in', 'per', 'count_of'), but 'count' does not say how many\n"},
      {event + "[[support]]\nkind = \"gpf\"\ncpu = 1\nas = \"task\"\nbecause = \"b\"\n",
       "a.toml:11:1: 'task' is the name of a field of the subject: call the clause otherwise\n"},
      {event + "[support]\ncpu = 1\nbecause = \"b\"\n", "a.toml:11:2: 'support' is a list of tables: [[support]]\n"},
      {event + "[affects]\nkernel = [\"el5 274\"]\n",
       "a.toml:12:11: 'el5 274' is no range of builds; write \"el5 x86_64 [274, 308.4.1)\" or \"el6 < 279\"\n"},
  };
  for (const auto& row : table) EXPECT_EQ(mistakes_of(head + row.toml), row.message) << row.toml;
}

TEST(SignatureFile, MistakesOfTextsStepsAndVariants) {
  const struct {
    std::string toml, message;
  } table[] = {
      {"[[step]]\ndo = \"x\"\nriks = \"none\"\n",
       "a.toml:11:1: [[step]] has no 'risk'\n"
       "a.toml:13:1: unknown key 'riks' in [[step]]; did you mean 'risk'?\n"},
      {"[[step]]\ndo = \"x\"\nrisk = \"restart\"\n",
       "a.toml:13:8: 'risk' cannot be 'restart'; it may be 'none', 'service restart', 'traffic change' or 'reboot'\n"},
      {"[[step]]\ndo = \"kill {task.pit}\"\nrisk = \"none\"\n",
       "a.toml:11:1: {task.pit} in 'do': nothing provides it; did you mean 'task.pid'?\n"},
      {"[[step]]\ndo = \"{task.pid:names}\"\nrisk = \"none\"\n",
       "a.toml:11:1: {task.pid:names} in 'do': there is no [words.names]\n"},
      {"[[step]]\nwhen = { kernel.strem = 'el5' }\ndo = \"x\"\nrisk = \"none\"\n",
       "a.toml:12:17: none of these kinds has a field 'kernel.strem'; did you mean 'kernel.stream'?\n"},
      {"[[variant]]\nwhen = { cpu = 1 }\n",
       "a.toml:11:1: [[variant]] changes nothing: give it a title, severity or summary\n"},
      {"[[variant]]\ntitle = \"x\"\n", "a.toml:11:1: [[variant]] has no 'when'\n"},
      {"[[variant]]\nwhen = { count = \"> 1\" }\ntitle = \"x\"\n",
       "a.toml:12:10: none of these kinds has a field 'count'\n"},
      {"[words]\na = 1\n", "a.toml:12:1: [words.a] is a table of words\n"},
      {"[words.a]\nb = 1\n", "a.toml:12:5: [words.a] holds strings, not a whole number\n"},
  };
  for (const auto& row : table) EXPECT_EQ(mistakes_of(head + event + row.toml), row.message) << row.toml;
}

TEST(SignatureFile, SixtyFourClausesAreAllowed) {
  std::string toml = head + event;
  for (int i = 0; i < 64; ++i) toml += "[[support]]\ncpu = 1\nbecause = \"b\"\n";
  EXPECT_EQ(mistakes_of(toml), "a.toml: 65 clauses; 64 are allowed\n");
}

}  // namespace
}  // namespace diag::sig
