#include <algorithm>
#include <array>
#include <bit>

#include "kernel/fault_verdict.h"

namespace diag::kernel {
namespace {

constexpr std::size_t kStackWords = 128;
// Objects side by side differ in one low bit by nature.
constexpr int kLowestBit = 24;
constexpr std::uint64_t kClose = std::uint64_t{1} << 32;

constexpr auto kGeneral = std::to_array<std::string_view>({"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp",
                                                           "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15",
                                                           "eax", "ebx", "ecx", "edx", "esi", "edi", "ebp", "esp"});

// A register that may hold a pointer, other than the one named `except`.
bool is_witness(std::string_view name, std::string_view except) {
  return name != except && std::ranges::find(kGeneral, name) != kGeneral.end();
}

// A pointer into kernel memory, and no small negative number.
bool is_sane(const Scene& s, std::uint64_t v) { return s.is_kernel(v) && !error_number(v, s.bits); }

std::optional<int> only_bit(std::uint64_t a, std::uint64_t b) {
  const auto difference = a ^ b;
  return std::has_single_bit(difference) ? std::optional(std::countr_zero(difference)) : std::nullopt;
}

std::optional<BitFlip> find_twin(const Scene& s, std::uint64_t pointer, std::string_view reg) {
  const auto fits = [&](std::uint64_t v) { return is_sane(s, v) && only_bit(v, pointer).value_or(0) >= kLowestBit; };
  for (const auto& r : s.report->registers) {
    const auto v = diag::value(r.value);
    const auto name = plain_register(r.name);
    if (is_witness(name, reg) && fits(v)) return BitFlip{*only_bit(v, pointer), v, name, true};
  }
  const auto& words = s.report->stack;
  for (std::size_t i = 0; i < std::min(words.size(), kStackWords); ++i) {
    if (fits(words[i])) return BitFlip{*only_bit(words[i], pointer), words[i], "a word on the stack", true};
  }
  return std::nullopt;
}

std::optional<BitFlip> find_neighbour(const Scene& s, std::uint64_t pointer, std::string_view reg) {
  for (int bit = s.canonical_bits - 1; bit < 64; ++bit) {
    const auto sane = pointer ^ std::uint64_t{1} << bit;
    if (!is_sane(s, sane)) continue;
    for (const auto& r : s.report->registers) {
      const auto v = diag::value(r.value);
      const auto name = plain_register(r.name);
      const auto apart = v > sane ? v - sane : sane - v;
      if (is_witness(name, reg) && is_sane(s, v) && apart < kClose) return BitFlip{bit, sane, name, false};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<BitFlip> find_bit_flip(const Scene& scene, std::uint64_t pointer, std::string_view reg) {
  if (auto twin = find_twin(scene, pointer, reg)) return twin;
  if (scene.bits == 64 && !scene.is_canonical(pointer)) return find_neighbour(scene, pointer, reg);
  return std::nullopt;
}

}  // namespace diag::kernel
