#pragma once

#include <string_view>

namespace diag {

std::string_view version();  // "0.1.0"

}  // namespace diag
