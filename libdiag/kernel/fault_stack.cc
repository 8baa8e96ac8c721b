#include "kernel/fault_stack.h"

#include <algorithm>
#include <array>
#include <vector>

namespace diag::kernel {
namespace {

constexpr std::size_t kMostWords = 1024;
constexpr std::size_t kFewestTerms = 4;
constexpr std::size_t kFewestLetters = 8;

using Memory = std::vector<std::uint8_t>;

Memory memory_of(std::span<const std::uint64_t> words, std::size_t width) {
  Memory out;
  out.reserve(std::min(words.size(), kMostWords) * width);
  for (auto word : words.first(std::min(words.size(), kMostWords))) {
    for (std::size_t i = 0; i < width; ++i, word >>= 8) out.push_back(static_cast<std::uint8_t>(word));
  }
  return out;
}

std::uint32_t number_at(const Memory& m, std::size_t at) {
  return static_cast<std::uint32_t>(m[at] | m[at + 1] << 8 | m[at + 2] << 16) | static_cast<std::uint32_t>(m[at + 3])
                                                                                    << 24;
}

// Bytes behind the last whole number that are the front of the next one.
std::size_t cut_number(const Memory& m, std::size_t at, std::uint32_t expected) {
  std::size_t n = 0;
  for (; n < 4 && at + n < m.size() && m[at + n] == static_cast<std::uint8_t>(expected >> 8 * n); ++n) {
  }
  return n;
}

std::uint32_t distance(std::uint32_t step) { return std::min(step, 0U - step); }

// A copy of counters can be read at four phases. The true one has the small step: 0x1d6, 0x1d7 and not 0x1d600,
// 0x1d700.
bool better(const NumberRun& a, const NumberRun& b) {
  if (a.terms > b.terms + 1 || b.terms > a.terms + 1) return a.terms > b.terms;
  if (a.step != b.step) return distance(a.step) < distance(b.step);
  return a.terms > b.terms;
}

// Pointers at equal distances, as an array of 32-bit pointers holds them, are no payload. Read unaligned they are a run
// as well, so the whole words under it are looked at.
bool is_pointer_array(const Memory& m, const NumberRun& run, std::size_t width) {
  if (width != 4) return false;
  const auto at = (run.begin + 3) / 4 * 4;
  const auto first = number_at(m, at), later = number_at(m, at + 8);
  return first >= 0xc0000000U && first < 0xffff0000U && first >> 24 == later >> 24;
}

std::optional<NumberRun> find_run(const Memory& m, std::size_t width) {
  std::optional<NumberRun> best;
  for (std::size_t phase = 0; phase < 4; ++phase) {
    std::size_t at = phase;
    while (at + 4 * kFewestTerms <= m.size()) {
      NumberRun run{at, 0, 1, number_at(m, at), number_at(m, at + 4) - number_at(m, at)};
      auto last = run.first;
      std::size_t next = at + 4;
      for (; next + 4 <= m.size() && number_at(m, next) - last == run.step; next += 4, ++run.terms) {
        last = number_at(m, next);
      }
      run.end = next + cut_number(m, next, last + run.step);
      const bool counts = run.terms >= kFewestTerms && run.step != 0 && !is_pointer_array(m, run, width);
      if (counts && (!best || better(run, *best))) best = run;
      at = run.terms > 1 ? next - 4 : at + 4;
    }
  }
  return best;
}

bool is_printable(std::uint8_t c) { return c >= 0x20 && c <= 0x7e; }

std::optional<TextRun> find_text(const Memory& m) {
  TextRun best;
  for (std::size_t at = 0; at < m.size();) {
    const auto begin = m.begin() + static_cast<std::ptrdiff_t>(at);
    const auto stop = std::find_if_not(begin, m.end(), is_printable);
    const auto length = static_cast<std::size_t>(stop - begin);
    const bool mixed = std::any_of(begin, stop, [&](auto c) { return c != *begin; });  // else it is a poison pattern
    if (length > best.end - best.begin && mixed) best = {at, at + length, {begin, stop}};
    at += length + 1;
  }
  if (best.text.size() < kFewestLetters) return std::nullopt;
  return best;
}

// A copy that stopped inside a word: at least two bytes of data below, the upper bytes of a kernel pointer above.
std::optional<std::uint64_t> torn_at(std::span<const std::uint64_t> words, std::size_t begin, std::size_t end) {
  const auto into = end % 8;
  if (into < 2 || into > 5 || end / 8 >= words.size() || begin > end - into) return std::nullopt;
  const auto word = words[end / 8];
  const bool pointer_above = word >> 47 == 0x1ffff && word >> 32 != 0xffffffffU;
  return pointer_above ? std::optional(word) : std::nullopt;
}

}  // namespace

StackFacts read_stack(std::span<const std::uint64_t> words, int word_bits) {
  StackFacts out;
  if (word_bits != 32 && word_bits != 64) return out;
  const std::size_t width = word_bits == 64 ? 8 : 4;
  const auto memory = memory_of(words, width);
  out.run = find_run(memory, width);
  out.text = find_text(memory);
  if (width == 8) {
    if (out.run) out.torn = torn_at(words, out.run->begin, out.run->end);
    if (!out.torn && out.text) out.torn = torn_at(words, out.text->begin, out.text->end);
  }
  return out;
}

}  // namespace diag::kernel
