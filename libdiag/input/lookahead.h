// The window of bytes that slides over a BlockReader: lines and headers are read in place, without a copy of their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "input/block_reader.h"

namespace diag::input {

class Lookahead {
 public:
  static constexpr std::size_t block = 256 << 10;  // bytes of one read(2)

  explicit Lookahead(std::unique_ptr<BlockReader> from);

  // The bytes that are here and not yet consumed.
  std::string_view view() const { return {data_.get() + begin_, end_ - begin_}; }
  void consume(std::size_t n) { begin_ += n; }

  // Reads more bytes to the end of view(). False at the end, and after an error. Views given before become invalid.
  bool more();
  // The next `n` bytes (at most 64 KiB), fewer only at the end. What was consumed last stays where it is, however often
  // one peeks, until more is consumed.
  std::string_view peek(std::size_t n);

  const std::optional<Error>& error() const { return from_->error(); }
  std::uint64_t received() const { return received_; }  // bytes that came from the reader, consumed or not
  std::optional<std::uint64_t> size() const { return from_->size(); }
  bool seek(std::uint64_t offset);  // also drops what is here

 private:
  bool fill();
  void move_to(std::size_t capacity);

  std::unique_ptr<BlockReader> from_;
  std::size_t capacity_ = block;
  std::unique_ptr<char[]> data_;
  std::unique_ptr<char[]> kept_;  // what data_ was before peek(): views into it are still out
  std::size_t begin_ = 0, end_ = 0;
  std::uint64_t received_ = 0;
  bool ended_ = false;
};

}  // namespace diag::input
