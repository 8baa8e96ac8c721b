// Kernel virtual addresses. A type of their own, so that an address is never mistaken for an offset or a size.
#pragma once

#include <cstdint>
#include <string>

namespace diag {

enum class Addr : std::uint64_t {};

constexpr std::uint64_t value(Addr a) { return static_cast<std::uint64_t>(a); }

// "0xffffffff80268427"; `digits` is the least number of hex digits (8 for 32-bit machines).
std::string to_string(Addr a, int digits = 16);

// Bits 47 to 63 of an x86_64 address must be equal; a load, store or return through any other faults with #GP.
constexpr bool is_canonical(Addr a) {
  const auto top = value(a) >> 47;
  return top == 0 || top == 0x1ffff;
}

}  // namespace diag
