#include "signature/series.h"

#include <gtest/gtest.h>

#include <numeric>

#include "signature/facts_index.h"
#include "unit/signature/facts_builder.h"

namespace diag::sig {
namespace {

std::vector<std::size_t> all(const FactsBuilder& b) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < b.facts.events.size(); ++i) {
    if (b.facts.events[i].kind == "log.message") out.push_back(i);
  }
  return out;
}

// Messages at those seconds.
FactsBuilder at(const std::vector<int>& seconds) {
  FactsBuilder b;
  const SourceId log = b.log("log", 1000);
  for (std::size_t i = 0; i < seconds.size(); ++i) b.message(log, i + 1, "x").when.wall = wall(seconds[i]);
  return b;
}

TEST(Series, CountsAndFindsThePeakOfASlidingWindow) {
  const FactsBuilder b = at({0, 50, 100, 110, 120, 300});
  const FactsIndex index(b.facts);
  Series series;
  series.in = 60;
  const Tally t = tally(series, index, all(b), {});
  EXPECT_EQ(t.count, 6);
  EXPECT_EQ(t.peak, 3);
  EXPECT_EQ(t.first, 0U);
  EXPECT_EQ(t.last, 5U);
  EXPECT_FALSE(t.at_least);
  series.count = NumberRange{3, 0, true, false};
  EXPECT_EQ(reached(series, t), Answer::yes);
  series.count = NumberRange{4, 0, true, false};
  EXPECT_EQ(reached(series, t), Answer::no);
  series.in.reset();
  EXPECT_EQ(reached(series, tally(series, index, all(b), {})), Answer::yes);
}

TEST(Series, RepeatedAndSuppressedMessagesCount) {
  FactsBuilder b;
  const SourceId log = b.log("log", 1000);
  b.message(log, 1, "x");
  b.message(log, 2, "x").set("repeats", 5.0);  // last message repeated 5 times
  b.event(log, 3, "log.gap", {{"lost", 7.0}});
  b.event(log, 500, "log.gap", {{"lost", 100.0}});  // too far from any of them
  const FactsIndex index(b.facts);
  const Tally t = tally(Series{}, index, all(b), {});
  EXPECT_EQ(t.count, 13);
  EXPECT_TRUE(t.at_least);
}

TEST(Series, CountsDifferentValues) {
  const FactsBuilder b = at({0, 1, 2, 300});
  const FactsIndex index(b.facts);
  Series series;
  series.count_of = "function";
  series.in = 60;
  const Tally t = tally(series, index, all(b), {"f", "g", "f", "h"});
  EXPECT_EQ(t.count, 3);
  EXPECT_EQ(t.peak, 2);
}

TEST(Series, WithoutTimeAWindowIsUnknown) {
  FactsBuilder b;
  const SourceId log = b.log("log", 1000);
  b.message(log, 1, "x");
  b.message(log, 2, "x");
  const FactsIndex index(b.facts);
  Series series;
  series.in = 60;
  series.count = NumberRange{2, 0, true, false};
  const Tally t = tally(series, index, all(b), {});
  EXPECT_EQ(t.peak, std::nullopt);
  EXPECT_EQ(reached(series, t), Answer::unknown);
  Captures fields;
  add_fields(t, index, fields);
  ASSERT_EQ(fields.size(), 1U) << "no peak, first, last without time";
  EXPECT_EQ(fields[0].name, "count");
}

}  // namespace
}  // namespace diag::sig
