#include "base/rpm_version.h"

#include <gtest/gtest.h>

#include <string>

namespace diag {
namespace {

std::string sign(std::strong_ordering order) { return order < 0 ? "<" : order > 0 ? ">" : "="; }

// The rows are those of rpm's own test, tests/rpmvercmp.at, as far as they differ in kind.
TEST(RpmVersion, PartsAreComparedAsRpmDoes) {
  const struct {
    std::string_view a, expected, b;
  } table[] = {
      {"1.0", "=", "1.0"},
      {"1.0", "<", "2.0"},
      {"2.0.1", ">", "2.0"},
      {"2.0.1a", ">", "2.0.1"},
      {"5.5p1", "<", "5.5p2"},
      {"5.5p1", "<", "5.5p10"},
      {"10xyz", "<", "10.1xyz"},
      {"xyz10", "<", "xyz10.1"},
      {"xyz.4", "<", "8"},
      {"xyz.4", "<", "2"},
      {"5.5p2", "<", "5.6p1"},
      {"5.6p1", "<", "6.5p1"},
      {"6.0.rc1", ">", "6.0"},
      {"10b2", ">", "10a1"},
      {"10a2", "<", "10b2"},
      {"1.0aa", ">", "1.0a"},
      {"10.0001", "=", "10.1"},
      {"10.0039", ">", "10.0001"},
      {"4.999.9", "<", "5.0"},
      {"20101121", "<", "20101122"},
      {"2_0", "=", "2.0"},
      {"a+", "=", "a_"},
      {"+_", "=", "_+"},
      {"1.0~rc1", "<", "1.0"},
      {"1.0~rc1", "<", "1.0~rc2"},
      {"1.0~rc1~git123", "<", "1.0~rc1"},
      {"1.0^", ">", "1.0"},
      {"1.0^git1", "<", "1.01"},
      {"1.0^git1", "<", "1.0.1"},
      {"1.0^git1~pre", "<", "1.0^git1"},
      {"1.0~rc1^git1", ">", "1.0~rc1"},
      {"274.7.1", ">", "274"},
      {"308.1.1", "<", "308.4.1"},
      {"308", "<", "308.1.1"},
      {"", "=", ""},
      {"1", ">", ""},
      {"15.el6_5.1", ">", "15.el6_4"},
      {"99999999999999999999999", ">", "9"},
  };
  for (const auto& row : table) {
    EXPECT_EQ(sign(compare_rpm_part(row.a, row.b)), row.expected) << row.a << ' ' << row.b;
    const std::string_view reverse = row.expected == "<" ? ">" : row.expected == ">" ? "<" : "=";
    EXPECT_EQ(sign(compare_rpm_part(row.b, row.a)), reverse) << row.b << ' ' << row.a;
  }
}

TEST(RpmVersion, EpochVersionAndReleaseCountInTurn) {
  const struct {
    std::string_view a, expected, b;
  } table[] = {
      {"4.1.2-15.el6_5.1", ">", "4.1.2-15.el6_4"},
      {"4.1.2-9", "<", "4.1.3-1"},
      {"1:1.0-1", ">", "2.0-1"},
      {"0:2.0-1", "=", "2.0-1"},
      {"5.6.24", ">", "5.6"},
      {"5.6", "=", "5.6-3.el6"},
      {"5.5.68-1.el7", "<", "5.6"},
      {"2.6.18-274.el5", "<", "2.6.18-308.4.1.el5"},
  };
  for (const auto& row : table) {
    EXPECT_EQ(sign(compare(RpmVersion(row.a), RpmVersion(row.b))), row.expected) << row.a << ' ' << row.b;
  }
}

}  // namespace
}  // namespace diag
