// What the value of a pointer tells by itself: marks that the kernel leaves in dead objects, error numbers, text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace diag::kernel {

// The CentOS series whose kernel wrote the report; it decides which marks exist.
enum class Era { unknown, el4, el5, el6, el7, el8, el9 };
Era era_of(std::string_view distribution);  // "el5"; anything else: unknown

struct Poison {
  std::string_view fault_class;  // "poison_list", "poison_free" ...
  std::string_view name;         // "LIST_POISON1", as the kernel source calls it
  std::string_view meaning;      // "the mark that list_del leaves in ..."
  std::uint64_t value = 0;       // the mark itself
};

// The mark that `pointer` is, or lies close to (a member of the object it should point to). `bits`: 32 or 64. An era
// knows only its own marks; the unknown era knows all.
std::optional<Poison> find_poison(std::uint64_t pointer, int bits, Era era);

// 1 to 4095 if the value is an error number made a pointer, as ERR_PTR(-2) is.
std::optional<unsigned> error_number(std::uint64_t pointer, int bits);
// "ENOENT"; empty: no such error.
std::string_view error_name(unsigned number);

// The text a pointer consists of: "/dev/sda" in memory order. Nothing if any byte is unlikely in text; two zero bytes
// may stand on top of a 64-bit one.
std::optional<std::string> pointer_text(std::uint64_t pointer, int bits);

// "0x10", "0xffffffff80268427", "0xc0123456": an address with all its digits, a small number without zeros.
std::string show(std::uint64_t value, int bits);

}  // namespace diag::kernel
