// sigcheck lint, overlap, coverage: what is wrong with signatures, and what their cases show.
#pragma once

#include <string>
#include <vector>

#include "diag/result.h"
#include "sigcheck/page.h"

namespace diag::tools {

// Folders with their cases, or single files.
Result<Page> lint_paths(const std::vector<std::string>& paths);

// Pairs that nothing decides between.
Result<Page> overlap_page(const std::string& folder);

// Of each signature whose id matches a glob (none: all): hits, near misses, spellings that no case has.
Result<Page> coverage_page(const std::string& folder, const std::vector<std::string>& globs);

}  // namespace diag::tools
