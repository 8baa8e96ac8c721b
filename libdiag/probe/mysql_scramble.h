// What MySQL clients make of a password: the answer of 4.1 and later (mysql_native_password), the one of before 4.1
// (mysql_old_password), and the text that the grant table keeps of the first.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace diag::mysql {

// 20 bytes: SHA1(password) xor SHA1(salt + SHA1(SHA1(password))). `salt`: the 20 bytes of the greeting or of the
// request for another plugin. Empty for an empty password.
std::string native_scramble(std::string_view password, std::string_view salt);

// "*" and 40 hex digits, as PASSWORD() gives since 4.1. Empty for an empty password.
std::string native_hash(std::string_view password);

// The two halves of the old hash, which the old scramble is made from. Blanks and tabs do not count.
struct OldHash {
  std::uint32_t first = 0, second = 0;

  friend bool operator==(const OldHash&, const OldHash&) = default;
};
OldHash old_hash(std::string_view password);

// 8 bytes, from the first 8 bytes of `salt`. Empty for an empty password. Whoever sees it with its salt can try
// passwords quickly: to be sent only where nobody listens.
std::string old_scramble(std::string_view password, std::string_view salt);

}  // namespace diag::mysql
