#include "signature/near.h"

#include <gtest/gtest.h>

#include "signature/facts_index.h"
#include "unit/signature/facts_builder.h"

namespace diag::sig {
namespace {

constexpr Answer yes = Answer::yes, no = Answer::no, unknown = Answer::unknown;

Near near(const std::string& text) {
  Mistakes mistakes("f");
  const auto read = read_near(text, {}, mistakes);
  EXPECT_TRUE(read) << text;
  return read.value_or(Near{});
}

TEST(Near, CountsLinesWithinOneInput) {
  FactsBuilder b;
  const SourceId log = b.log("log", 1000), other = b.log("other", 1000);
  b.event(log, 100, "gpf", {}, 150);
  for (const std::uint64_t line : {40, 99, 120, 151, 160, 161}) b.message(log, line, "x");
  b.message(other, 99, "x");
  const FactsIndex index(b.facts);
  const struct {
    std::string text;
    std::vector<Answer> expected;  // for lines 40, 99, 120 (inside), 151, 160, 161 and the other input
  } table[] = {
      {"60 lines before", {yes, yes, no, no, no, no, no}}, {"59 lines before", {no, yes, no, no, no, no, no}},
      {"10 lines after", {no, no, no, yes, yes, no, no}},  {"10 lines around", {no, yes, yes, yes, yes, no, no}},
      {"same incident", {no, no, yes, no, no, no, no}},
  };
  for (const auto& row : table) {
    for (std::size_t i = 0; i < row.expected.size(); ++i) {
      EXPECT_EQ(is_near(near(row.text), index, 0, i + 1), row.expected[i]) << row.text << ", event " << i + 1;
    }
  }
}

TEST(Near, CountsSecondsByUptimeOfOneBootOrByWallTime) {
  FactsBuilder b;
  const SourceId log = b.log("log", 1000), other = b.log("other", 1000);
  b.event(log, 10, "gpf").when = {100.0, wall(5000)};
  b.message(log, 11, "x").when = {130.0, wall(5030)};
  b.message(log, 12, "x").when = {std::nullopt, wall(5000)};   // the same second: the lines tell the order
  b.message(other, 1, "x").when = {std::nullopt, wall(5060)};  // another input: by wall time
  b.message(other, 2, "x").when = {130.0, std::nullopt};       // uptime of who knows which boot
  b.message(other, 3, "x");
  const FactsIndex index(b.facts);
  const auto after = near("60 s after"), before = near("1 min before");
  for (const std::size_t i : {1U, 2U, 3U}) EXPECT_EQ(is_near(after, index, 0, i), yes) << i;
  for (const std::size_t i : {4U, 5U}) EXPECT_EQ(is_near(after, index, 0, i), unknown) << i;
  for (const std::size_t i : {1U, 2U, 3U}) EXPECT_EQ(is_near(before, index, 0, i), no) << i;
  EXPECT_EQ(is_near(near("29 s around"), index, 0, 1), no);
}

TEST(Near, StampsWithoutAYearMayPassNewYear) {
  FactsBuilder b;
  const SourceId log = b.log("messages", 1000);
  Timestamp old_year{366LL * 86400 * 1'000'000 - 10'000'000, false, false}, new_year{5'000'000, false, false};
  b.event(log, 10, "gpf").when = {std::nullopt, old_year};
  b.message(log, 11, "x").when = {std::nullopt, new_year};
  const FactsIndex index(b.facts);
  EXPECT_EQ(is_near(near("20 s after"), index, 0, 1), yes);
  EXPECT_EQ(is_near(near("10 s after"), index, 0, 1), no);
}

TEST(Near, TheSecondPlaceIsForTextsWithoutStamps) {
  FactsBuilder b;
  const SourceId log = b.log("log", 1000);
  b.event(log, 10, "gpf");
  b.message(log, 13, "x");
  b.message(log, 14, "x");
  const FactsIndex index(b.facts);
  EXPECT_EQ(is_near(near("60 s after, or 3 lines after"), index, 0, 1), yes);
  EXPECT_EQ(is_near(near("60 s after, or 3 lines after"), index, 0, 2), no);
  EXPECT_EQ(is_near(near("60 s after"), index, 0, 1), unknown);
}

TEST(Near, FilesWithoutTimeHoldForTheWholeRun) {
  FactsBuilder b;
  b.event(b.log("log", 100), 10, "gpf");
  b.event(b.list("rules", {"iptables.rule"}), 3, "iptables.rule");
  const FactsIndex index(b.facts);
  EXPECT_EQ(is_near(near("60 s before"), index, 0, 1), yes);
}

TEST(Near, NoNeedsCoverage) {
  FactsBuilder b;
  const SourceId log = b.log("log", 100);
  b.input(log).first = {std::nullopt, wall(1000)};
  b.input(log).last = {std::nullopt, wall(2000)};
  b.event(log, 50, "gpf").when = {std::nullopt, wall(1500)};
  const FactsIndex index(b.facts);
  const struct {
    std::string text;
    bool covered;
  } table[] = {
      {"49 lines before", true}, {"50 lines before", false}, {"50 lines after", true},
      {"51 lines after", false}, {"500 s after", true},      {"501 s after", false},
      {"500 s before", true},    {"501 s around", false},    {"same incident", true},
  };
  for (const auto& row : table)
    EXPECT_EQ(covers(near(row.text), index, 0, "log.message", false), row.covered) << row.text;
  EXPECT_FALSE(covers(near("3 lines after"), index, 0, "iptables.rule", false));
  EXPECT_TRUE(covers(index, 0, "log.message", false));
  EXPECT_TRUE(covers(index, 0, "soft_lockup", false));
  EXPECT_FALSE(covers(index, 0, "sysctl.value", false));
}

TEST(Near, MistakesAreNamed) {
  const struct {
    std::string text, message;
  } table[] = {
      {"soon",
       "'soon' is no place near the subject; write \"500 lines before\", \"60 s after\", \"10 min around\" or \"same "
       "incident\""},
      {"60 after",
       "'60 after' is no place near the subject; write \"500 lines before\", \"60 s after\", \"10 min around\" or "
       "\"same incident\""},
      {"4 GiB after",
       "'4 GiB after' is no place near the subject; write \"500 lines before\", \"60 s after\", \"10 min around\" or "
       "\"same incident\""},
      {"3 lines after, or 60 s after",
       "the first place is for texts with stamps, so it counts seconds, and the second is for those without"},
  };
  for (const auto& row : table) {
    Mistakes mistakes("f");
    EXPECT_FALSE(read_near(row.text, {}, mistakes)) << row.text;
    ASSERT_FALSE(mistakes.none());
    EXPECT_EQ(mistakes.list().front().message, row.message);
  }
}

}  // namespace
}  // namespace diag::sig
