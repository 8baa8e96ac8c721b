#include "input/utf16.h"

#include <cstdint>
#include <utility>

namespace diag::input {
namespace {

constexpr char32_t replacement = 0xfffd;
constexpr std::size_t longest = 4;  // bytes of one character in UTF-8

std::size_t encode(char32_t c, char* to) {
  const auto tail = [c](int shift) { return static_cast<char>(0x80 | (c >> shift & 0x3f)); };
  if (c < 0x80) {
    to[0] = static_cast<char>(c);
    return 1;
  }
  if (c < 0x800) {
    to[0] = static_cast<char>(0xc0 | c >> 6);
    to[1] = tail(0);
    return 2;
  }
  if (c < 0x10000) {
    to[0] = static_cast<char>(0xe0 | c >> 12);
    to[1] = tail(6);
    to[2] = tail(0);
    return 3;
  }
  to[0] = static_cast<char>(0xf0 | c >> 18);
  to[1] = tail(12);
  to[2] = tail(6);
  to[3] = tail(0);
  return 4;
}

class Utf16 final : public BlockReader {
 public:
  Utf16(std::unique_ptr<Lookahead> text, bool big_endian) : text_(std::move(text)), big_endian_(big_endian) {}

  std::size_t read(std::span<char> into) override {
    std::size_t n = 0;
    while (into.size() - n >= longest && have(1)) n += encode(next(), into.data() + n);
    return n;
  }
  const std::optional<Error>& error() const override { return text_->error(); }

 private:
  bool have(std::size_t bytes) {
    while (text_->view().size() < bytes) {
      if (!text_->more()) return false;
    }
    return true;
  }

  char32_t unit(std::size_t at) const {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text_->view()[at + i]); };
    return big_endian_ ? static_cast<char32_t>(byte(0) << 8 | byte(1)) : static_cast<char32_t>(byte(1) << 8 | byte(0));
  }

  char32_t next() {
    if (!have(2)) {
      text_->consume(1);
      return replacement;
    }
    const auto first = unit(0);
    const bool high = first >= 0xd800 && first < 0xdc00;
    const bool low = first >= 0xdc00 && first < 0xe000;
    if (high && have(4) && unit(2) >= 0xdc00 && unit(2) < 0xe000) {
      const auto point = 0x10000 + ((first - 0xd800) << 10 | (unit(2) - 0xdc00));
      text_->consume(4);
      return point;
    }
    text_->consume(2);
    return high || low ? replacement : first;
  }

  std::unique_ptr<Lookahead> text_;
  bool big_endian_;
};

}  // namespace

std::unique_ptr<BlockReader> utf16_to_utf8(std::unique_ptr<Lookahead> text, bool big_endian) {
  return std::make_unique<Utf16>(std::move(text), big_endian);
}

}  // namespace diag::input
