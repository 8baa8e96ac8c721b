// The meaning of a machine check status register, as far as every x86 processor shares it (Intel SDM, volume 3, chapter
// "Interpreting machine-check error codes"). What is specific to a model is left out.
#pragma once

#include <cstdint>
#include <string>

namespace diag::kernel {

// "uncorrected, processor context corrupt: memory controller, read error on channel 1"; "corrected: data cache, level 2, read".
// Empty if the valid bit is not set.
std::string describe_mce_status(std::uint64_t status);

}  // namespace diag::kernel
