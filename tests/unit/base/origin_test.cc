#include "diag/origin.h"

#include <gtest/gtest.h>

namespace diag {
namespace {

TEST(SourceTable, NamesInTheOrderTheyWereAdded) {
  SourceTable sources;
  EXPECT_EQ(sources.size(), 0U);
  const auto first = sources.add("vmcore-dmesg.txt");
  const auto second = sources.add("sosreport.tar.xz:var/log/messages");
  const auto same = sources.add("vmcore-dmesg.txt");
  EXPECT_EQ(sources.size(), 3U);
  EXPECT_EQ(first, SourceId{0});
  EXPECT_EQ(second, SourceId{1});
  EXPECT_NE(first, same);
  EXPECT_EQ(sources.name(first), "vmcore-dmesg.txt");
  EXPECT_EQ(sources.name(second), "sosreport.tar.xz:var/log/messages");
}

TEST(SourceTable, Describe) {
  SourceTable sources;
  const auto id = sources.add("messages");
  EXPECT_EQ(sources.describe({id, 58, 4711}), "messages:58");
  EXPECT_EQ(sources.describe({id, 0, 0}), "messages");
  EXPECT_EQ(sources.describe({id, 18446744073709551615U, 0}), "messages:18446744073709551615");
}

TEST(SourceTable, AnUnknownIdIsNoCrash) {
  const SourceTable none;
  EXPECT_EQ(none.name(SourceId{0}), "?");
  EXPECT_EQ(none.describe({SourceId{4294967295U}, 3, 0}), "?:3");
}

TEST(Origin, Equality) {
  EXPECT_EQ((Origin{SourceId{1}, 2, 3}), (Origin{SourceId{1}, 2, 3}));
  EXPECT_NE((Origin{SourceId{1}, 2, 3}), (Origin{SourceId{2}, 2, 3}));
  EXPECT_NE((Origin{SourceId{1}, 2, 3}), (Origin{SourceId{1}, 3, 3}));
  EXPECT_NE((Origin{SourceId{1}, 2, 3}), (Origin{SourceId{1}, 2, 4}));
}

}  // namespace
}  // namespace diag
