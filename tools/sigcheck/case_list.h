// sigcheck cases: runs them, or makes their heads say what is found now.
#pragma once

#include <string>
#include <vector>

#include "diag/result.h"
#include "sigcheck/page.h"

namespace diag::tools {

// Those below `folder` whose path matches a glob, or has it in its name (no glob: all).
Result<Page> run_cases(const std::string& folder, const std::vector<std::string>& globs, bool update);

}  // namespace diag::tools
