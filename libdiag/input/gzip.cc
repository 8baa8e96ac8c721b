#include "input/gzip.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "input/bit_reader.h"
#include "input/crc32.h"
#include "input/inflate.h"

namespace diag::input {
namespace {

class Gunzip final : public BlockReader {
 public:
  Gunzip(std::unique_ptr<Lookahead> packed, Budget& budget)
      : packed_(std::move(packed)), budget_(budget), bits_(*packed_), inflater_(bits_) {}

  std::size_t read(std::span<char> into) override {
    while (pending_.empty() && step()) {
    }
    const auto n = std::min(into.size(), pending_.size());
    if (n) std::memcpy(into.data(), pending_.data(), n);
    pending_.remove_prefix(n);
    if (pending_.empty() && n == 0) error_ = trouble_;
    return n;
  }
  const std::optional<Error>& error() const override { return error_; }

 private:
  // Goes on to the next bytes. False at the end.
  bool step() {
    if (over_) return false;
    over_ = in_member_ ? !unpack() : !begin_member();
    return !over_ || !pending_.empty();
  }

  bool begin_member() {
    const int first = bits_.byte();
    if (members_ && first <= 0) return first == 0 ? skip_padding() : end_of_input();
    if (first < 0) return truncated();
    const int second = bits_.byte();
    if (second < 0) return truncated();
    if (first != 0x1f || second != 0x8b) return members_ ? fail("other bytes follow the gzip data") : damaged("header");
    if (!skip_header()) return false;
    ++members_;
    in_member_ = true;
    crc_ = size_ = 0;
    inflater_.restart();
    return true;
  }

  // Tapes and some tools fill up with zeros.
  bool skip_padding() {
    int byte;
    do byte = bits_.byte();
    while (byte == 0);
    return byte < 0 ? end_of_input() : fail("other bytes follow the gzip data");
  }

  bool skip_header() {
    enum Flag { header_crc = 2, extra = 4, file_name = 8, comment = 16, reserved = 0xe0 };
    const int method = bits_.byte();
    const int flags = bits_.byte();
    for (int i = 0; i < 6; ++i) bits_.byte();  // time, compression level, system
    if (flags < 0) return truncated();
    if (method != 8 || flags & reserved) return damaged("header");
    if (flags & extra) {
      int left = bits_.byte();
      left |= bits_.byte() << 8;
      for (; left > 0; --left) bits_.byte();
    }
    if (flags & file_name) skip_text();
    if (flags & comment) skip_text();
    for (int i = 0; i < (flags & header_crc ? 2 : 0); ++i) bits_.byte();
    return true;  // a header that broke off here leaves nothing to the inflater, which says so
  }

  void skip_text() {
    while (bits_.byte() > 0) {
    }
  }

  bool unpack() {
    pending_ = inflater_.next();
    if (auto too_much = budget_.charge(pending_.size())) {
      pending_ = {};
      trouble_ = std::move(too_much);
      return false;
    }
    crc_ = crc32(crc_, pending_);
    size_ += static_cast<std::uint32_t>(pending_.size());
    switch (inflater_.state()) {
      case Inflater::State::running:
        return true;
      case Inflater::State::done:
        return end_member();
      case Inflater::State::truncated:
        return truncated();
      case Inflater::State::damaged:
        return damaged("data");
    }
    return false;
  }

  bool end_member() {
    in_member_ = false;
    bits_.to_next_byte();
    std::uint64_t stated = 0;  // checksum and size
    for (int i = 0; i < 8; ++i) {
      const int byte = bits_.byte();
      if (byte < 0) return truncated();
      stated |= static_cast<std::uint64_t>(byte) << 8 * i;
    }
    if (stated != (std::uint64_t{size_} << 32 | crc_)) return fail("damaged gzip input: its checksum is wrong");
    return true;
  }

  bool end_of_input() {
    trouble_ = packed_->error();
    return false;
  }
  bool truncated() {
    trouble_ = packed_->error() ? packed_->error() : Error{Error::Code::malformed, "truncated gzip input", {}};
    return false;
  }
  bool damaged(const std::string& part) { return fail("damaged gzip " + part); }
  bool fail(std::string message) {
    trouble_ = Error{Error::Code::malformed, std::move(message), {}};
    return false;
  }

  std::unique_ptr<Lookahead> packed_;
  Budget& budget_;
  BitReader bits_;
  Inflater inflater_;
  std::string_view pending_;  // unpacked, not yet given
  std::uint64_t members_ = 0;
  std::uint32_t crc_ = 0, size_ = 0;  // of the member so far
  bool in_member_ = false;
  bool over_ = false;
  std::optional<Error> trouble_;  // becomes error_ once all before it was given
  std::optional<Error> error_;
};

}  // namespace

std::unique_ptr<BlockReader> gunzip(std::unique_ptr<Lookahead> packed, Budget& budget) {
  return std::make_unique<Gunzip>(std::move(packed), budget);
}

}  // namespace diag::input
