// The deflate decoder (RFC 1951). libarchive has one too, but its filter drops the last block, up to 64 KiB, of an
// input that broke off, which is all of a small log, and it does not look at gzip's checksum. Here every byte before
// the damage is given.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "input/bit_reader.h"

namespace diag::input {

// A canonical Huffman code.
class HuffmanCode {
 public:
  // From the length in bits of each symbol's code, 0 for those without one. False if the lengths make no prefix code;
  // a code with unused bit patterns is one only if it has a single symbol.
  bool build(std::span<const std::uint8_t> lengths);
  // The next symbol; -1 for a bit pattern without one. 15 bits must be ready, if the input has as many.
  int read(BitReader& in) const {
    const auto entry = fast_[in.bits() & (fast_.size() - 1)];
    if (entry == 0) return read_long(in);
    in.drop(entry & 15);
    return entry >> 4;
  }

 private:
  static constexpr int longest = 15;
  static constexpr int fast_bits = 10;

  int read_long(BitReader& in) const;
  void fill_fast();

  std::array<std::uint16_t, 1 << fast_bits> fast_;  // by the next bits: symbol << 4 | length; 0: longer, or none
  std::array<std::uint16_t, longest + 1> count_;    // codes of each length
  std::array<std::uint16_t, 288> symbols_;          // in the order of their codes
};

class Inflater {
 public:
  enum class State { running, done, truncated, damaged };

  explicit Inflater(BitReader& in);
  // Begins a new stream at the next byte of the input.
  void restart();
  // The next bytes, valid until the next call; empty unless running.
  std::string_view next();
  State state() const { return state_; }

 private:
  enum class Block { none, stored, coded };

  void begin_block();
  void begin_stored();
  bool read_codes();
  bool read_lengths(std::span<std::uint8_t> lengths, const HuffmanCode& code);
  void copy_stored();
  void decode();
  bool copy_match(BitReader& in, int symbol, char*& to) const;
  void end_block();
  void fail() { state_ = in_.overrun() ? State::truncated : State::damaged; }

  BitReader& in_;
  std::unique_ptr<char[]> out_;
  std::size_t end_ = 0;    // of what was decoded into out_
  std::size_t start_ = 0;  // of the stream in out_, or of the 32 KiB of it that are kept: matches reach no further
  State state_ = State::done;
  Block block_ = Block::none;
  bool last_block_ = false;
  std::size_t stored_left_ = 0;
  HuffmanCode literals_, distances_;
};

}  // namespace diag::input
