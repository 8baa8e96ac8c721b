#include "probe/sha1.h"

#include <bit>
#include <string>

namespace diag::mysql {

namespace {

using State = std::array<std::uint32_t, 5>;

constexpr std::size_t block = 64;

std::uint32_t big_endian(const char* p) {
  std::uint32_t word = 0;
  for (int i = 0; i < 4; ++i) word = word << 8 | static_cast<std::uint8_t>(p[i]);
  return word;
}

void mix(State& state, const char* bytes) {
  std::array<std::uint32_t, 80> w{};
  for (std::size_t i = 0; i < 16; ++i) w[i] = big_endian(bytes + 4 * i);
  for (std::size_t i = 16; i < w.size(); ++i) w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
  auto [a, b, c, d, e] = state;
  for (std::size_t i = 0; i < w.size(); ++i) {
    std::uint32_t f = b ^ c ^ d, k = i < 40 ? 0x6ed9eba1 : 0xca62c1d6;
    if (i < 20) {
      f = (b & c) | (~b & d);
      k = 0x5a827999;
    } else if (i >= 40 && i < 60) {
      f = (b & c) | (b & d) | (c & d);
      k = 0x8f1bbcdc;
    }
    const std::uint32_t next = std::rotl(a, 5) + f + e + k + w[i];
    e = d;
    d = c;
    c = std::rotl(b, 30);
    b = a;
    a = next;
  }
  const State sum{a, b, c, d, e};
  for (std::size_t i = 0; i < state.size(); ++i) state[i] += sum[i];
}

// The last bytes, a 1 bit, and the length in bits.
std::string padded(std::string_view rest, std::uint64_t length) {
  std::string tail(rest);
  tail += '\x80';
  while (tail.size() % block != block - 8) tail += '\0';
  for (int shift = 56; shift >= 0; shift -= 8) tail += static_cast<char>(length * 8 >> shift & 0xff);
  return tail;
}

}  // namespace

Sha1 sha1(std::string_view bytes) {
  State state{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  const std::uint64_t length = bytes.size();
  for (; bytes.size() >= block; bytes.remove_prefix(block)) mix(state, bytes.data());
  const std::string tail = padded(bytes, length);
  for (std::size_t at = 0; at < tail.size(); at += block) mix(state, tail.data() + at);
  Sha1 digest{};
  for (std::size_t i = 0; i < digest.size(); ++i)
    digest[i] = static_cast<std::uint8_t>(state[i / 4] >> (24 - 8 * (i % 4)) & 0xff);
  return digest;
}

}  // namespace diag::mysql
