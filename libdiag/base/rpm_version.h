// Versions in rpm's order: 4.1.2-15.el6_5.1 is newer than 4.1.2-15.el6_4, and 308.4.1 than 308.1.1.
#pragma once

#include <compare>
#include <optional>
#include <string_view>

namespace diag {

// Compares one part (a version or a release) segment by segment, as rpm does: digits as numbers, letters as text, a
// number is newer than letters, more segments are newer than fewer, '~' is older than the end, '^' newer than the end
// but older than any other segment. All other characters only separate.
std::strong_ordering compare_rpm_part(std::string_view a, std::string_view b);

// "[epoch:]version[-release]", as views into the text it was made of.
struct RpmVersion {
  std::string_view epoch;  // empty: none stated, which counts as 0
  std::string_view version;
  std::optional<std::string_view> release;

  explicit RpmVersion(std::string_view text);
};

// Epoch, version, release in turn. A release stated on one side only does not count: "5.6" equals every release of 5.6.
std::strong_ordering compare(const RpmVersion& a, const RpmVersion& b);

}  // namespace diag
