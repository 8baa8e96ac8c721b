// Random rule sets that load: iptables-save text for table filter, the same for the same seed everywhere.
#pragma once

#include <cstdint>
#include <string>

namespace diag::oracle {

struct GeneratorOptions {
  bool only_common_rejects = false;  // no tcp-reset
};

std::string random_rules(std::uint32_t seed, const GeneratorOptions& options = {});

}  // namespace diag::oracle
