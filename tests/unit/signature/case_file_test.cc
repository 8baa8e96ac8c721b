#include "signature/case_file.h"

#include <gtest/gtest.h>

namespace diag::sig {
namespace {

TEST(CaseFile, HasAHeadAndInputs) {
  Mistakes mistakes("a/b.case");
  const auto c = read_case(
      "# why it exists\n"
      "EXPECT: kernel.x likely\r\n"
      "EXPECT: kernel.y possible\n"
      "NEAR:   kernel.x support 2\n"
      "FIELD:  task.comm = qemu-kvm\n"
      "MISSING: header, registers\n"
      "NOT-CHECKED: kernel.x iptables-save > rules\n"
      "\n"
      "\n"
      "Process qemu\r\n"
      "=== /etc/sysctl.conf\n"
      "a = 1\n"
      "=== /etc/my.cnf\n",
      mistakes);
  ASSERT_TRUE(mistakes.none()) << to_string(mistakes.list().front());
  EXPECT_EQ(c->expects[1].id, "kernel.y");
  EXPECT_EQ(c->expects[1].rest, "possible");
  EXPECT_EQ(c->nears[0].rest, "support 2");
  EXPECT_EQ(c->fields[0].id, "task.comm");
  EXPECT_EQ(c->fields[0].rest, "qemu-kvm");
  EXPECT_EQ(c->missing, (std::vector<std::string>{"header", "registers"}));
  EXPECT_EQ(c->not_checked[0].rest, "iptables-save > rules");
  ASSERT_EQ(c->inputs.size(), 3U);
  EXPECT_EQ(c->inputs[0].name, "b.case");
  EXPECT_EQ(c->inputs[0].text, "\nProcess qemu\r\n") << "the text as it is";
  EXPECT_EQ(c->inputs[1].name, "/etc/sysctl.conf");
  EXPECT_EQ(c->inputs[1].text, "a = 1\n");
  EXPECT_EQ(c->inputs[2].text, "");
}

TEST(CaseFile, ASectionMayFollowTheHeadAtOnce) {
  Mistakes mistakes("a.case");
  const auto c = read_case("NOTHING\n=== rules\n-A FORWARD", mistakes);
  ASSERT_TRUE(c);
  EXPECT_TRUE(c->nothing);
  ASSERT_EQ(c->inputs.size(), 1U);
  EXPECT_EQ(c->inputs[0].name, "rules");
  EXPECT_EQ(c->inputs[0].text, "-A FORWARD");
}

TEST(CaseFile, MistakesAreNamed) {
  const struct {
    std::string text, messages;
  } table[] = {
      {"",
       "a.case: there is no text below the head\na.case:1:1: the head expects nothing: write EXPECT: id level, NEAR: "
       "id clause, or NOTHING\n"},
      {"# x\n\ntext", "a.case:1:1: the head expects nothing: write EXPECT: id level, NEAR: id clause, or NOTHING\n"},
      {"EXPCT: a likely\nNOTHING\n\nx",
       "a.case:1:1: the head holds comments and KEY: lines until the first empty line, not 'EXPCT'; did you mean "
       "'EXPECT'?\n"},
      {"NOTHING\nOops: 0000\n\nx",
       "a.case:2:1: the head holds comments and KEY: lines until the first empty line, not 'Oops'; it may be 'EXPECT', "
       "'NEAR', 'NOTHING', 'FIELD', 'MISSING' or 'NOT-CHECKED'\n"},
      {"EXPECT: a\n\nx",
       "a.case:1:9: write EXPECT: id level\na.case:1:1: the head expects nothing: write EXPECT: id level, NEAR: id "
       "clause, or NOTHING\n"},
      {"EXPECT: a lickely\n\nx", "a.case:1:9: 'lickely' is no level; did you mean 'likely'?\n"},
      {"NOTHING: really\n\nx", "a.case:1:10: nothing follows NOTHING\n"},
      {"NOTHING\nFIELD: a\n\nx", "a.case:2:8: write FIELD: name = value\n"},
      {"NOTHING\nEXPECT: a likely\n\nx", "a.case:2:9: the head says NOTHING and expects a finding\n"},
      {"NOTHING\n=== \nx", "a.case:2:1: a section has no name: === /etc/my.cnf\n"},
  };
  for (const auto& row : table) {
    Mistakes mistakes("a.case");
    read_case(row.text, mistakes);
    std::string messages;
    for (const Mistake& m : mistakes.list()) messages += to_string(m) + '\n';
    EXPECT_EQ(messages.size(), row.messages.size()) << messages;
    for (const Mistake& m : mistakes.list())
      EXPECT_NE(row.messages.find(to_string(m) + '\n'), std::string::npos) << to_string(m);
  }
}

}  // namespace
}  // namespace diag::sig
