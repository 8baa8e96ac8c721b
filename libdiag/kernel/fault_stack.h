// What data left on a kernel stack: counters, text, a pointer overwritten half way. Read from the printed stack words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace diag::kernel {

// 32-bit little-endian numbers that follow each other in memory, each `step` more than the one before. They need not
// be aligned: packet payload rarely is.
struct NumberRun {
  std::size_t begin = 0;  // byte offset from the first stack word
  std::size_t end = 0;    // behind the last byte that belongs to it, a cut last number included
  std::size_t terms = 0;  // whole numbers
  std::uint32_t first = 0;
  std::uint32_t step = 0;  // modulo 2^32
};

struct TextRun {
  std::size_t begin = 0, end = 0;  // byte offsets
  std::string text;
};

struct StackFacts {
  std::optional<NumberRun> run;       // at least 4 whole numbers, step not 0
  std::optional<TextRun> text;        // the longest one of at least 8 printable characters, not all the same
  std::optional<std::uint64_t> torn;  // a 64-bit word whose lower half is data and whose upper half is a pointer's
};

// `words`: as printed, top of the stack first; `word_bits`: 32 or 64. The first 1,024 words are read.
StackFacts read_stack(std::span<const std::uint64_t> words, int word_bits);

}  // namespace diag::kernel
