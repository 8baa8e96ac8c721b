// The checksum of gzip and zip.
#pragma once

#include <cstdint>
#include <string_view>

namespace diag::input {

// The checksum of what `crc` is the checksum of (0: of nothing), with `bytes` behind it.
std::uint32_t crc32(std::uint32_t crc, std::string_view bytes);

}  // namespace diag::input
