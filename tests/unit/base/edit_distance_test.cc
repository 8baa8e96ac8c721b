#include "base/edit_distance.h"

#include <gtest/gtest.h>

namespace diag {
namespace {

TEST(EditDistance, CountsInsertionsDeletionsReplacementsAndSwaps) {
  const struct {
    std::string_view a, b;
    std::size_t limit, expected;
  } table[] = {
      {"", "", 3, 0},
      {"abc", "", 3, 3},
      {"titel", "title", 3, 1},
      {"kitten", "sitting", 3, 3},
      {"function", "funktion", 3, 1},
      {"seconds", "second", 3, 1},
      {"abcdef", "uvwxyz", 2, 3},
      {"a", "abcdef", 2, 3},
  };
  for (const auto& row : table) {
    EXPECT_EQ(edit_distance(row.a, row.b, row.limit), row.expected) << row.a << ' ' << row.b;
    EXPECT_EQ(edit_distance(row.b, row.a, row.limit), row.expected) << row.b << ' ' << row.a;
  }
}

TEST(NearestWord, IsTheLikelySlipOrNothing) {
  constexpr std::string_view words[] = {"title", "severity", "confidence", "in", "as"};
  EXPECT_EQ(nearest_word("titel", words), "title");
  EXPECT_EQ(nearest_word("Serverity", words), "severity");
  EXPECT_EQ(nearest_word("confidance", words), "confidence");
  EXPECT_EQ(nearest_word("TITLE", words), "title");
  EXPECT_EQ(nearest_word("path", words), std::nullopt);
  EXPECT_EQ(nearest_word("x", words), std::nullopt) << "a word of one other letter is no slip";
  EXPECT_EQ(nearest_word(std::string(10'000, 't'), words), std::nullopt);
}

}  // namespace
}  // namespace diag
