// What a command prints, and whether all was well.
#pragma once

#include <string>

namespace diag::tools {

struct Page {
  std::string text;
  bool good = true;  // false: mistakes were found
};

}  // namespace diag::tools
