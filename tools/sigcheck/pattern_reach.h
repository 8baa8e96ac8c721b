// How far a pattern that does not match gets: the longest beginning of it that fits some line.
#pragma once

#include <string>
#include <vector>

#include "signature/clause.h"

namespace diag::tools {

// For the text patterns of a clause on log.message; a line of the page for each. Empty if it has none.
std::string pattern_reach(const sig::Clause& clause, const std::vector<std::string>& logs);

}  // namespace diag::tools
