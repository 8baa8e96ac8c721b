#include "probe/mysql_scramble.h"

#include <algorithm>

#include "probe/sha1.h"

namespace diag::mysql {

namespace {

std::string digest(std::string_view bytes) {
  const Sha1 sum = sha1(bytes);
  return {sum.begin(), sum.end()};
}

// The random numbers of the old protocol.
class OldRandom {
 public:
  OldRandom(std::uint32_t first, std::uint32_t second) : first_(first % most), second_(second % most) {}

  // 0 to 30
  std::uint8_t next() {
    first_ = (first_ * 3 + second_) % most;
    second_ = (first_ + second_ + 33) % most;
    return static_cast<std::uint8_t>(static_cast<double>(first_) / static_cast<double>(most) * 31);
  }

 private:
  static constexpr std::uint64_t most = 0x3fffffff;
  std::uint64_t first_, second_;
};

}  // namespace

std::string native_scramble(std::string_view password, std::string_view salt) {
  if (password.empty()) return {};
  std::string once = digest(password);
  const std::string mask = digest(std::string(salt) + digest(once));
  std::ranges::transform(once, mask, once.begin(), [](char a, char b) { return static_cast<char>(a ^ b); });
  return once;
}

std::string native_hash(std::string_view password) {
  if (password.empty()) return {};
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text = "*";
  for (const auto byte : sha1(digest(password))) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

OldHash old_hash(std::string_view password) {
  std::uint32_t nr = 1345345333, nr2 = 0x12345671, add = 7;
  for (const char byte : password) {
    if (byte == ' ' || byte == '\t') continue;
    const auto c = static_cast<std::uint8_t>(byte);
    nr ^= ((nr & 63) + add) * c + (nr << 8);
    nr2 += (nr2 << 8) ^ nr;
    add += c;
  }
  return {nr & 0x7fffffff, nr2 & 0x7fffffff};
}

std::string old_scramble(std::string_view password, std::string_view salt) {
  if (password.empty()) return {};
  const OldHash secret = old_hash(password), message = old_hash(salt.substr(0, 8));
  OldRandom random(secret.first ^ message.first, secret.second ^ message.second);
  std::string out;
  for (int i = 0; i < 8; ++i) out += static_cast<char>(random.next() + 64);
  const std::uint8_t extra = random.next();
  for (char& c : out) c = static_cast<char>(c ^ extra);
  return out;
}

}  // namespace diag::mysql
