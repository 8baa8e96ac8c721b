#include "diag/time.h"

#include <gtest/gtest.h>

namespace diag {
namespace {

constexpr std::int64_t second = 1'000'000;

TEST(Timestamp, ToString) {
  const struct {
    Timestamp time;
    const char* expected;
  } cases[] = {
      {{0, true, true}, "1970-01-01T00:00:00Z"},
      {{1435708799 * second, true, true}, "2015-06-30T23:59:59Z"},
      {{1435708799 * second + 123456, true, true}, "2015-06-30T23:59:59.123456Z"},
      {{1435708799 * second + 7, true, true}, "2015-06-30T23:59:59.000007Z"},
      {{1435708799 * second, true, false}, "2015-06-30T23:59:59"},
      {{971493121 * second, false, false}, "--10-14T03:12:01"},  // 2000 stands for the unknown year
      {{951782400 * second, false, false}, "--02-29T00:00:00"},
      {{971493121 * second, false, true}, "--10-14T03:12:01Z"},
      {{-1, true, true}, "1969-12-31T23:59:59.999999Z"},
      {{-62135596800 * second, true, true}, "0001-01-01T00:00:00Z"},
      {{253402300799 * second, true, true}, "9999-12-31T23:59:59Z"},
  };
  for (const auto& c : cases) EXPECT_EQ(to_string(c.time), c.expected);
}

TEST(Timestamp, EqualityLooksAtWhatIsKnown) {
  EXPECT_EQ((Timestamp{5, true, true}), (Timestamp{5, true, true}));
  EXPECT_NE((Timestamp{5, true, true}), (Timestamp{5, false, true}));
  EXPECT_NE((Timestamp{5, true, true}), (Timestamp{5, true, false}));
  EXPECT_NE((Timestamp{5, true, true}), (Timestamp{6, true, true}));
}

}  // namespace
}  // namespace diag
