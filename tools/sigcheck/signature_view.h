// sigcheck show: a signature in a few lines.
#pragma once

#include <string>
#include <vector>

#include "diag/result.h"
#include "sigcheck/page.h"

namespace diag::tools {

Result<Page> show_signatures(const std::string& folder, const std::vector<std::string>& globs);

}  // namespace diag::tools
