#include "diag/version.h"

namespace diag {

std::string_view version() { return DIAG_VERSION; }

}  // namespace diag
