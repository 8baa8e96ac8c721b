// SHA-1, for MySQL's 4.1 authentication. Nothing here is meant to be secure: it is what those servers speak.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace diag::mysql {

using Sha1 = std::array<std::uint8_t, 20>;

Sha1 sha1(std::string_view bytes);

}  // namespace diag::mysql
