#include "diag/address.h"

#include <fmt/core.h>

namespace diag {

std::string to_string(Addr a, int digits) { return fmt::format("0x{:0{}x}", value(a), digits); }

}  // namespace diag
