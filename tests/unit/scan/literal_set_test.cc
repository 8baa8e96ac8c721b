#include "scan/literal_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace diag {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Case = LiteralSet::Case;
using Ids = std::vector<std::uint32_t>;

LiteralSet make(const std::vector<std::pair<std::string, Case>>& literals) {
  LiteralSet set;
  for (const auto& [text, letters] : literals) set.add(text, letters);
  set.build();
  return set;
}

Ids ids(const LiteralSet& set, std::string_view text) {
  Ids found{99};
  set.ids(text, found);
  return found;
}

TEST(LiteralSet, FindsEachLiteralWhereverItStands) {
  const auto set = make({{"Oops: ", Case::exact}, {"BUG:", Case::exact}, {"kernel BUG at", Case::exact}});
  EXPECT_THAT(ids(set, "Oops: 0000 [1] SMP"), ElementsAre(0));
  EXPECT_THAT(ids(set, "xx kernel BUG at fs/buffer.c:1 BUG: Oops: "), ElementsAre(0, 1, 2));
  EXPECT_THAT(ids(set, "kernel BUG a"), IsEmpty());
  EXPECT_TRUE(set.any("BUG:"));
  EXPECT_FALSE(set.any("BUG"));
  EXPECT_FALSE(set.any(""));
}

TEST(LiteralSet, LiteralsInsideAndAcrossEachOther) {
  const auto set = make(
      {{"he", Case::exact}, {"she", Case::exact}, {"his", Case::exact}, {"hers", Case::exact}, {"he", Case::exact}});
  EXPECT_THAT(ids(set, "ushers"), ElementsAre(0, 1, 3, 4));
  std::vector<std::size_t> ends;
  set.each("hehe", [&](std::uint32_t id, std::size_t end) {
    if (id == 0) ends.push_back(end);
    return true;
  });
  EXPECT_THAT(ends, ElementsAre(2, 4));
}

TEST(LiteralSet, CaseIsIgnoredOnlyWhereAsked) {
  const auto set = make({{"Panic", Case::ignored}, {"Panic", Case::exact}, {"\xc4ther", Case::ignored}});
  EXPECT_THAT(ids(set, "kernel pANIC"), ElementsAre(0));
  EXPECT_THAT(ids(set, "Panic"), ElementsAre(0, 1));
  EXPECT_THAT(ids(set, "\xe4THER"), IsEmpty());
  EXPECT_THAT(ids(set, "\xc4THER"), ElementsAre(2));
}

TEST(LiteralSet, EmptySetAndEmptyLiteralFindNothing) {
  LiteralSet unbuilt;
  EXPECT_FALSE(unbuilt.any("text"));
  EXPECT_FALSE(make({}).any("text"));
  EXPECT_FALSE(make({{"", Case::exact}}).any("text"));
}

TEST(LiteralSet, AllBytesAreOrdinary) {
  std::string all;
  for (int b = 0; b < 256; ++b) all += static_cast<char>(b);
  const auto set = make({{all, Case::exact}, {std::string("\0x", 2), Case::exact}});
  EXPECT_THAT(ids(set, "head" + all + "tail"), ElementsAre(0));
  EXPECT_THAT(ids(set, std::string("a\0xb", 4)), ElementsAre(1));
}

TEST(LiteralSet, StopsWhenTheVisitorSaysSo) {
  const auto set = make({{"a", Case::exact}});
  int calls = 0;
  set.each("aaaa", [&](std::uint32_t, std::size_t) { return ++calls < 2; });
  EXPECT_EQ(calls, 2);
}

// The oracle: std::string_view::find, over short texts of few letters, where overlaps are plenty.
TEST(LiteralSet, AgreesWithPlainSearch) {
  std::mt19937 random(7);
  const auto word = [&](std::size_t longest) {
    std::string s(1 + random() % longest, 'a');
    for (char& c : s) c = "abAB"[random() % 4];
    return s;
  };
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::pair<std::string, Case>> literals;
    for (int i = 0; i < 6; ++i) literals.emplace_back(word(4), random() % 4 ? Case::exact : Case::ignored);
    const auto set = make(literals);
    const std::string text = word(24);
    Ids expected;
    const auto lower = [](std::string s) {
      for (char& c : s) c = static_cast<char>(c | 0x20);
      return s;
    };
    for (std::uint32_t id = 0; id < literals.size(); ++id) {
      const auto& [l, letters] = literals[id];
      const bool found = letters == Case::exact ? text.find(l) != text.npos : lower(text).find(lower(l)) != text.npos;
      if (found) expected.push_back(id);
    }
    ASSERT_EQ(ids(set, text), expected) << text;
    ASSERT_EQ(set.any(text), !expected.empty());
  }
}

}  // namespace
}  // namespace diag
