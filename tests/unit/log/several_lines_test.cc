// One line that gives several records, and several lines that give one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/memory_source.h"
#include "support/record_list.h"

namespace diag::test {
namespace {

using testing::ElementsAre;

struct Row {
  std::string_view name, text;
  std::vector<std::string> expected;
};

class Text : public testing::TestWithParam<Row> {};

TEST_P(Text, GivesTheseRecords) { EXPECT_EQ(shown_records(GetParam().text), GetParam().expected); }

const Row split[] = {
    {"octal_newlines",
     "Oct 14 03:12:01 host1 kernel: BUG: one#012 <0>two#012[   12.345678] three#012#012#011four",
     {"h=host1 p=kernel w=--10-14T03:12:01 | BUG: one", "h=host1 p=kernel l=0 w=--10-14T03:12:01 | two",
      "h=host1 p=kernel u=12.345678 w=--10-14T03:12:01 | three", "h=host1 p=kernel w=--10-14T03:12:01 | ",
      "h=host1 p=kernel w=--10-14T03:12:01 | four"}},
    {"octal_newlines_of_a_program",
     "Oct 14 03:12:01 host1 app[3]: Traceback:#012  <4>[   1.000000] BUG: x",
     {"h=host1 p=app[3] w=--10-14T03:12:01 | Traceback:",
      "h=host1 p=app[3] w=--10-14T03:12:01 | <4>[   1.000000] BUG: x"}},
    {"json_newlines",
     R"({"MESSAGE":"one\n two\n\nthree\n","_TRANSPORT":"kernel","_HOSTNAME":"h"})",
     {"h=h p=kernel | one", "h=h p=kernel | two", "h=h p=kernel | ", "h=h p=kernel | three"}},
    {"hex_newline", R"([    1.000000] one\x0atwo)", {"u=1.000000 | one", "u=1.000000 | two"}},
    {"carriage_returns", "one\rtwo\r\r[    1.000000] three\r\n", {"| one", "| two", "u=1.000000 | three"}},
    {"carriage_return_in_front", "\r[    1.000000] text", {"u=1.000000 | text"}},
    {"html_break", "<pre>[    1.000000] one<br>[    2.000000] two</pre>", {"u=1.000000 | one", "u=2.000000 | two"}},
    {"line_separator", "one\xe2\x80\xa8two", {"| one", "| two"}},
    {"glued_stamp",
     "login: [    1.000000] one[    2.000000][   C1] two",
     {"| login:", "u=1.000000 | one", "c=C1 u=2.000000 | two"}},
    {"glued_stamps",
     "[    1.000000]  <IRQ> [    1.000002]  [<ffffffff814249f9>] f+0x1/0x2",
     {"u=1.000000 | <IRQ>", "u=1.000002 | [<ffffffff814249f9>] f+0x1/0x2"}},
    {"glued_level",
     " RSP <ffff810107bb7830> <0>Kernel panic - not syncing: Fatal exception",
     {"| RSP <ffff810107bb7830>", "l=0 | Kernel panic - not syncing: Fatal exception"}},
    {"glued_in_syslog",
     "Oct 14 03:12:01 host1 kernel: one <3>two",
     {"h=host1 p=kernel w=--10-14T03:12:01 | one", "h=host1 p=kernel l=3 w=--10-14T03:12:01 | two"}},
    {"nothing_glued",
     "Code: 0f <0b> [ 1.5] at [<0>] f+0x1/0x2 [12345.6789012] x",
     {"| Code: 0f <0b> [ 1.5] at [<0>] f+0x1/0x2 [12345.6789012] x"}},
    {"blank_lines", "\n\none\n", {"| ", "| ", "| one"}},
};
INSTANTIATE_TEST_SUITE_P(Split, Text, testing::ValuesIn(split),
                         [](const auto& p) { return std::string(p.param.name); });

const Row repeats[] = {
    {"sysklogd",
     "Oct 14 03:12:01 host1 kernel: one\nOct 14 03:12:02 host2 sshd[3]: two\nOct 14 03:12:05 host1 last message "
     "repeated 3 times\n"
     "Oct 14 03:12:06 host2 last message repeated 2 times",
     {"h=host1 p=kernel w=--10-14T03:12:01 | one", "h=host2 p=sshd[3] w=--10-14T03:12:02 | two",
      "h=host1 p=kernel w=--10-14T03:12:05 x3 | one", "h=host2 p=sshd[3] w=--10-14T03:12:06 x2 | two"}},
    {"once",
     "Oct 14 03:12:01 host1 app: one\nOct 14 03:12:05 host1 last message repeated 1 times",
     {"h=host1 p=app w=--10-14T03:12:01 | one", "h=host1 p=app w=--10-14T03:12:05 | one"}},
    {"of_nothing",
     "Oct 14 03:12:05 host1 last message repeated 3 times",
     {"h=host1 p=syslogd w=--10-14T03:12:05 | last message repeated 3 times"}},
    {"twice_in_a_row",
     "Oct 14 03:12:01 host1 kernel: one\nOct 14 03:12:05 host1 last message repeated 3 times\n"
     "Oct 14 03:12:06 host1 last message repeated 2 times",
     {"h=host1 p=kernel w=--10-14T03:12:01 | one", "h=host1 p=kernel w=--10-14T03:12:05 x3 | one",
      "h=host1 p=kernel w=--10-14T03:12:06 x2 | one"}},
    {"rsyslog",
     "Oct 14 03:12:01 host1 kernel: message repeated 3 times: [ ip_conntrack: table full, dropping packet.]",
     {"h=host1 p=kernel w=--10-14T03:12:01 x3 | ip_conntrack: table full, dropping packet."}},
    {"rsyslog_with_stamp",
     "Oct 14 03:12:01 host1 kernel: message repeated 3 times: [ [   12.345678] text]",
     {"h=host1 p=kernel u=12.345678 w=--10-14T03:12:01 x3 | text"}},
    {"rsyslog_of_a_program",
     "Oct 14 03:12:01 host1 app[2]: message repeated 2 times: [ [x] text]",
     {"h=host1 p=app[2] w=--10-14T03:12:01 x2 | [x] text"}},
    {"rfc3339",
     "2014-11-20T01:02:03+00:00 host1 app: one\n2014-11-20T01:02:04+00:00 host1 last message repeated 9 times",
     {"h=host1 p=app w=2014-11-20T01:02:03Z | one", "h=host1 p=app w=2014-11-20T01:02:04Z x9 | one"}},
};
INSTANTIATE_TEST_SUITE_P(Repeats, Text, testing::ValuesIn(repeats),
                         [](const auto& p) { return std::string(p.param.name); });

constexpr std::string_view binary_length("\x09\0\0\0\0\0\0\0", 8);
constexpr std::string_view length_with_newline("\x0a\0\0\0\0\0\0\0", 8);

const std::string export_binary = "__CURSOR=1\n_TRANSPORT=kernel\nMESSAGE\n" + std::string(binary_length) +
                                  "one\n\ntwo\x1b\nPRIORITY=3\n\n[    1.000000] text\n";
const std::string export_newline_in_length =
    "__CURSOR=1\nMESSAGE\n" + std::string(length_with_newline) + "one\ntwo\n\nx\n_COMM=tool\n\n";
const std::string export_lying_length =
    "__CURSOR=1\nMESSAGE=one\nX\n\xff\xff\xff\xff\xff\xff\xff\xff"
    "text\n_COMM=tool\n\n__CURSOR=2\nMESSAGE=two\n_COMM=tool\n\n";

const Row journal[] = {
    {"export_entries",
     "__CURSOR=1\n__REALTIME_TIMESTAMP=1393632001000000\n_HOSTNAME=h\nMESSAGE=one\nSYSLOG_IDENTIFIER=app\nSYSLOG_PID="
     "7\n_PID=8\n\n"
     "__CURSOR=2\n_HOSTNAME=h\n_TRANSPORT=kernel\nMESSAGE= [<ffffffff80236459>] f+0x1/0x2\nPRIORITY=4\n\n",
     {"h=h p=app[7] w=2014-03-01T00:00:01Z | one", "h=h p=kernel l=4 | [<ffffffff80236459>] f+0x1/0x2"}},
    {"export_binary",
     export_binary,
     {"p=kernel l=3 | one", "p=kernel l=3 | ", "p=kernel l=3 | two", "u=1.000000 | text"}},
    {"export_newline_in_length", export_newline_in_length, {"p=tool | one", "p=tool | two", "p=tool | ", "p=tool | x"}},
    {"export_lying_length", export_lying_length, {"p=tool | one", "p=tool | two"}},
    {"export_without_blank_line",
     "__CURSOR=1\nMESSAGE=one\n_COMM=a\n__CURSOR=2\nMESSAGE=two\n_COMM=b\n",
     {"p=a | one", "p=b | two"}},
    {"export_without_message", "__CURSOR=1\n_COMM=a\n\n__CURSOR=2\nMESSAGE=two\n_COMM=b\n\n", {"p=b | two"}},
    {"export_broken_off",
     "__CURSOR=1\nMESSAGE=one\n_COMM=a\nOct 14 03:12:01 host1 kernel: text\n",
     {"p=a | one", "h=host1 p=kernel w=--10-14T03:12:01 | text"}},
    {"verbose",
     "Sat 2014-03-01 00:00:01.123456 UTC [s=1;i=2;b=3;m=4;t=5;x=6]\n    PRIORITY=6\n    _COMM=app\n    MESSAGE=one\n   "
     "     two\n"
     "    _HOSTNAME=h\nSat 2014-03-01 00:00:02 UTC [s=1;i=3;b=3;m=4;t=5;x=6]\n    MESSAGE=three\n    "
     "_TRANSPORT=kernel\n",
     {"h=h p=app l=6 w=2014-03-01T00:00:01.123456Z | one", "h=h p=app l=6 w=2014-03-01T00:00:01.123456Z | two",
      "p=kernel w=2014-03-01T00:00:02Z | three"}},
    {"further_lines_of_short",
     "Mar 01 00:00:01 host app[12]: line one\n                              WARNING: line two\n    not of it\n",
     {"h=host p=app[12] w=--03-01T00:00:01 | line one", "h=host p=app[12] w=--03-01T00:00:01 | WARNING: line two",
      "| not of it"}},
    {"further_lines_of_the_kernel",
     "Mar 01 00:00:01 host kernel: line one\n                             line two\n                             line "
     "three\n",
     {"h=host p=kernel w=--03-01T00:00:01 | line one", "h=host p=kernel w=--03-01T00:00:01 | line two",
      "h=host p=kernel w=--03-01T00:00:01 | line three"}},
    {"monotonic_programs",
     "[    1.000000] host1 kernel: one\n[    2.000000] host1 sshd[12]: two\n[    3.000000] usb 1-1: three\n",
     {"h=host1 p=kernel u=1.000000 | one", "h=host1 p=sshd[12] u=2.000000 | two", "u=3.000000 | usb 1-1: three"}},
};
INSTANTIATE_TEST_SUITE_P(Journal, Text, testing::ValuesIn(journal),
                         [](const auto& p) { return std::string(p.param.name); });

const Row pstore[] = {
    {"reversed",
     "before\nOops#1 Part1\nfive\nsix\nOops#1 Part2\nthree\nfour\nOops#1 Part3\none\ntwo\n",
     {"| before", "| one", "| two", "| three", "| four", "| five", "| six"}},
    {"in_order", "Panic#2 Part2\none\nPanic#2 Part1\ntwo\n", {"| one", "| two"}},
    {"two_dumps",
     "Oops#1 Part1\ntwo\nOops#1 Part2\none\nPanic#2 Part1\nfour\nPanic#2 Part2\nthree\n",
     {"| one", "| two", "| three", "| four"}},
    {"same_numbers_again",
     "Panic#1 Part1\ntwo\nPanic#1 Part2\none\nPanic#1 Part1\nfour\nPanic#1 Part2\nthree\n",
     {"| one", "| two", "| three", "| four"}},
    {"empty_parts", "Oops#1 Part1\nOops#1 Part2\n", {}},
    {"no_heads",
     "Oops#1 Party\nOops: 0000 [#1] SMP\nWhat#1 Part1\n",
     {"| Oops#1 Party", "| Oops: 0000 [#1] SMP", "| What#1 Part1"}},
    {"carriage_return", "Oops#1 Part1\r\ntwo\r\nOops#1 Part2\r\none\r\n", {"| one", "| two"}},
};
INSTANTIATE_TEST_SUITE_P(Pstore, Text, testing::ValuesIn(pstore),
                         [](const auto& p) { return std::string(p.param.name); });

TEST(PstoreParts, TooLargeOnesStayInTheirOrder) {
  std::string text = "Oops#1 Part1\n";
  for (int i = 0; i < 1000; ++i) text += "a line of part one\n";
  text += "Oops#1 Part2\nlast\n";
  MemorySource source(text);
  RecordReader reader(source, {.join_wrapped = true, .pstore = 4096});
  std::size_t count = 0;
  std::string last;
  while (const Record* r = reader.next()) ++count, last = r->text;
  EXPECT_EQ(count, 1001U);
  EXPECT_EQ(last, "last");
  ASSERT_EQ(reader.skipped().size(), 1U);
  EXPECT_EQ(reader.skipped()[0].first_line, 2U);
}

TEST(CutLine, FurtherPiecesBelongToTheSameProgram) {
  const std::string text =
      "Oct 14 03:12:01 host1 app[3]: " + std::string(40, 'x') + "BUG: in a long line\nBUG: another\n";
  MemorySource source(text, 50);
  RecordReader reader(source);
  std::vector<std::string> seen;
  while (const Record* r = reader.next()) seen.push_back(std::string(r->program) + "|" + std::string(r->text));
  EXPECT_THAT(seen, ElementsAre("app|" + std::string(20, 'x'), "app|" + std::string(20, 'x') + "BUG: in a long line",
                                "|BUG: another"));
}

TEST(Reader, TellsHostsTimesAndCounts) {
  MemorySource source(
      "console text\nOct 14 03:12:01 b kernel: [    5.000000] x\nOct 14 03:12:02 a app: y\nOct 14 03:12:03 b app: z\n"
      "[    9.500000] w\n");
  RecordReader reader(source);
  EXPECT_FALSE(reader.first_time().wall);
  while (reader.next()) {
  }
  EXPECT_THAT(reader.hosts(), ElementsAre("b", "a"));
  EXPECT_EQ(to_string(*reader.first_time().wall), "--10-14T03:12:01");
  EXPECT_EQ(to_string(*reader.last_time().wall), "--10-14T03:12:03");
  EXPECT_EQ(reader.first_time().uptime, 5.0);
  EXPECT_EQ(reader.last_time().uptime, 9.5);
  EXPECT_EQ(reader.records(), 5U);
  EXPECT_EQ(reader.stamped(), 4U);
  EXPECT_EQ(reader.next(), nullptr);
}

TEST(Reader, KeepsTheLastMessageOfManyHosts) {
  std::string text;
  for (int i = 0; i < 400; ++i)
    text += "Oct 14 03:12:01 web" + std::to_string(i) + " kernel: text " + std::to_string(i) + "\n";
  for (int i = 0; i < 400; ++i) text += "Oct 14 03:12:02 web" + std::to_string(i) + " last message repeated 2 times\n";
  const auto records = read_records(text);
  ASSERT_EQ(records.size(), 800U);
  int right = 0;
  for (std::size_t i = 0; i < 400; ++i) right += records[400 + i].text == records[i].text;
  EXPECT_GE(right, 395);
}

TEST(Reader, GivesPlaceAndRawLine) {
  const auto records = read_records(
      "first\nOct 14 03:12:01 host1 kernel: one#012two\n> RIP: 0010:[<ffffffff888cbc7c>]\n> "
      "[<ffffffff888cbc7c>] f+0x1/0x2\n");
  ASSERT_EQ(records.size(), 4U);
  EXPECT_EQ(records[1].at, (Origin{SourceId{0}, 2, 6}));
  EXPECT_EQ(records[2].at, records[1].at);
  EXPECT_EQ(records[2].raw, "Oct 14 03:12:01 host1 kernel: one#012two");
  EXPECT_EQ(records[3].raw, "> RIP: 0010:[<ffffffff888cbc7c>]\n> [<ffffffff888cbc7c>] f+0x1/0x2");
  EXPECT_EQ(records[3].at.line, 3U);
}

}  // namespace
}  // namespace diag::test
