// Bits, least significant first, as deflate packs them.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "input/lookahead.h"

namespace diag::input {

class BitReader {
 public:
  explicit BitReader(Lookahead& in) : in_(&in) {}

  // Makes 56 bits ready, fewer only at the end of the input.
  void refill() {
    const auto ahead = in_->view();
    if (std::endian::native == std::endian::little && ahead.size() >= 8) {
      std::uint64_t word;
      std::memcpy(&word, ahead.data(), 8);
      bits_ |= word << ready_;
      in_->consume(static_cast<std::size_t>((63 - ready_) >> 3));
      ready_ |= 56;
    } else {
      refill_slowly();
    }
  }

  // The bits that are ready, zeros above them or the bits that follow.
  std::uint64_t bits() const { return bits_; }
  void drop(int n) {
    bits_ >>= n;
    ready_ -= n;
  }
  // The next `n` bits (up to 32) of those that are ready.
  std::uint32_t take(int n) {
    const auto value = static_cast<std::uint32_t>(bits_ & ((std::uint64_t{1} << n) - 1));
    drop(n);
    return value;
  }
  // More was dropped than there is: the input broke off, and what was taken last is void.
  bool overrun() const { return ready_ < 0; }

  void to_next_byte() { drop(ready_ & 7); }
  // The next whole byte, or -1 at the end.
  int byte() {
    if (ready_ < 8) refill();
    return ready_ < 8 ? -1 : static_cast<int>(take(8));
  }

 private:
  void refill_slowly() {
    while (ready_ >= 0 && ready_ <= 55) {
      if (in_->view().empty() && !in_->more()) return;
      bits_ |= std::uint64_t{static_cast<unsigned char>(in_->view().front())} << ready_;
      in_->consume(1);
      ready_ += 8;
    }
  }

  Lookahead* in_;
  std::uint64_t bits_ = 0;
  int ready_ = 0;
};

}  // namespace diag::input
