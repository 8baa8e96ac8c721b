// [affects]: which builds have the bug, and where a host stands to them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diag/finding.h"
#include "signature/mistakes.h"

namespace diag::sig {

class FactsIndex;
struct Node;

// "el5 x86_64 [274, 308.4.1)", "el6 < 279", "el7": the builds of one stream, oldest first.
struct BuildRange {
  std::string stream;        // "el5"
  std::string arch;          // empty: any
  std::string low, high;     // empty: open on that side
  bool low_inside = true;    // '[': low itself is affected; '(' : not
  bool high_inside = false;  // ']': high itself is affected; ')': not
};

// Nothing, and a mistake, if it is written wrong.
std::optional<BuildRange> read_build_range(std::string_view text, Place at, Mistakes& mistakes);

struct Affected {
  std::string package;  // "kernel" or the name of a package
  std::vector<BuildRange> ranges;
  Place at;
};

enum class Standing { inside, unknown, outside, elsewhere };
std::string_view to_string(Standing s);

struct Affects {
  Place at;
  std::vector<Affected> packages;  // one holds or the other; the kernel counts apart
  std::vector<std::string> fixed, changelog;
  bool backports = false;
  std::string ask, unverified;

  bool about_kernel() const;
};

std::optional<Affects> read_affects(const Node& table, Mistakes& mistakes);

struct StandingOf {
  Standing standing = Standing::unknown;
  std::string release;  // of the kernel; empty: not seen
  std::string note;     // "your kernel has the fix", "is older than the bug", why it is unknown; empty: nothing to add
};

// Where the host of an event stands.
StandingOf stand(const Affects& affects, const FactsIndex& facts, std::size_t event);

// Where one build stands to the ranges of its package. `release` without the stream's tail; `arch` and `stream` may be
// empty: not known.
Standing standing_of_build(const std::vector<BuildRange>& ranges, std::string_view stream, std::string_view arch,
                           std::string_view release);

}  // namespace diag::sig
