// sigcheck try: one signature on some logs, clause by clause.
#pragma once

#include <string>
#include <vector>

#include "diag/result.h"
#include "sigcheck/page.h"

namespace diag::tools {

// The signature file first, then the logs. Not good: there was no finding, or the file has mistakes.
Result<Page> trial(const std::vector<std::string>& paths);

}  // namespace diag::tools
