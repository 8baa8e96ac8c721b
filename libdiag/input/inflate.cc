#include "input/inflate.h"

#include <algorithm>
#include <cstring>

namespace diag::input {
namespace {

constexpr std::size_t window = 32 << 10;  // how far back a match may reach
constexpr std::size_t chunk = 128 << 10;  // what next() gives at most
constexpr std::size_t longest_match = 258;
constexpr std::size_t slack = longest_match + 16;  // copies in steps of 8 bytes may write past a match's end

struct Range {
  std::uint16_t base;
  std::uint8_t extra_bits;
};

constexpr Range match_lengths[] = {  // symbols 257 to 285
    {3, 0},  {4, 0},  {5, 0},  {6, 0},   {7, 0},   {8, 0},   {9, 0},   {10, 0},  {11, 1}, {13, 1},
    {15, 1}, {17, 1}, {19, 2}, {23, 2},  {27, 2},  {31, 2},  {35, 3},  {43, 3},  {51, 3}, {59, 3},
    {67, 4}, {83, 4}, {99, 4}, {115, 4}, {131, 5}, {163, 5}, {195, 5}, {227, 5}, {258, 0}};

constexpr Range match_distances[] = {{1, 0},     {2, 0},     {3, 0},     {4, 0},      {5, 1},      {7, 1},
                                     {9, 2},     {13, 2},    {17, 3},    {25, 3},     {33, 4},     {49, 4},
                                     {65, 5},    {97, 5},    {129, 6},   {193, 6},    {257, 7},    {385, 7},
                                     {513, 8},   {769, 8},   {1025, 9},  {1537, 9},   {2049, 10},  {3073, 10},
                                     {4097, 11}, {6145, 11}, {8193, 12}, {12289, 12}, {16385, 13}, {24577, 13}};

std::uint32_t reversed(std::uint32_t code, int length) {
  std::uint32_t out = 0;
  for (int i = 0; i < length; ++i) out |= (code >> i & 1) << (length - 1 - i);
  return out;
}

}  // namespace

bool HuffmanCode::build(std::span<const std::uint8_t> lengths) {
  count_.fill(0);
  for (const auto length : lengths) ++count_[length];
  const auto used = lengths.size() - count_[0];
  count_[0] = 0;
  int left = 1;  // codes of this length that are still free
  for (int length = 1; length <= longest; ++length) {
    left = left * 2 - count_[length];
    if (left < 0) return false;
  }
  if (left > 0 && !(used <= 1 && count_[1] == used)) return false;

  std::array<std::uint16_t, longest + 2> at{};
  for (int length = 1; length <= longest; ++length)
    at[length + 1] = static_cast<std::uint16_t>(at[length] + count_[length]);
  for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
    if (lengths[symbol]) symbols_[at[lengths[symbol]]++] = static_cast<std::uint16_t>(symbol);
  }
  fill_fast();
  return true;
}

void HuffmanCode::fill_fast() {
  fast_.fill(0);
  std::uint32_t code = 0;
  std::size_t index = 0;
  for (int length = 1; length <= fast_bits; ++length, code <<= 1) {
    for (int i = 0; i < count_[length]; ++i, ++code, ++index) {
      const auto entry = static_cast<std::uint16_t>(symbols_[index] << 4 | length);
      for (auto bits = reversed(code, length); bits < fast_.size(); bits += 1U << length) fast_[bits] = entry;
    }
  }
}

int HuffmanCode::read_long(BitReader& in) const {
  const auto bits = in.bits();
  int code = 0, first = 0, index = 0;  // `first` code of this length, and its index in symbols_
  for (int length = 1; length <= longest; ++length) {
    code |= static_cast<int>(bits >> (length - 1) & 1);
    if (code - first < count_[length]) {
      in.drop(length);
      return symbols_[static_cast<std::size_t>(index + code - first)];
    }
    index += count_[length];
    first = (first + count_[length]) << 1;
    code <<= 1;
  }
  in.drop(longest);
  return -1;
}

namespace {

struct FixedCodes {
  HuffmanCode literals, distances;
};

// The codes of blocks that bring none; built once, for hostile streams consist of nothing but such blocks.
const FixedCodes& fixed_codes() {
  static const FixedCodes codes = [] {
    std::array<std::uint8_t, 288> lengths;
    for (std::size_t i = 0; i < lengths.size(); ++i) lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    std::array<std::uint8_t, 32> same;
    same.fill(5);
    FixedCodes built;
    built.literals.build(lengths);
    built.distances.build(same);
    return built;
  }();
  return codes;
}

}  // namespace

Inflater::Inflater(BitReader& in) : in_(in), out_(std::make_unique_for_overwrite<char[]>(window + chunk + slack)) {}

void Inflater::restart() {
  in_.to_next_byte();
  start_ = end_;
  state_ = State::running;
  block_ = Block::none;
  last_block_ = false;
}

std::string_view Inflater::next() {
  if (end_ > window) {
    const auto gone = end_ - window;
    std::memmove(out_.get(), out_.get() + gone, window);
    start_ = start_ > gone ? start_ - gone : 0;
    end_ = window;
  }
  const auto begin = end_;
  while (state_ == State::running && end_ < window + chunk) {
    switch (block_) {
      case Block::none:
        begin_block();
        break;
      case Block::stored:
        copy_stored();
        break;
      case Block::coded:
        decode();
        break;
    }
  }
  return {out_.get() + begin, end_ - begin};
}

void Inflater::begin_block() {
  in_.refill();
  last_block_ = in_.take(1);
  const auto type = in_.take(2);
  if (in_.overrun()) return fail();
  if (type == 0) return begin_stored();
  if (type == 1) {
    literals_ = fixed_codes().literals;
    distances_ = fixed_codes().distances;
  } else if (type == 3 || !read_codes()) {
    return fail();
  }
  block_ = Block::coded;
}

void Inflater::begin_stored() {
  in_.to_next_byte();
  in_.refill();
  stored_left_ = in_.take(16);
  const auto complement = in_.take(16);
  if (in_.overrun() || stored_left_ != (complement ^ 0xffff)) return fail();
  block_ = Block::stored;
  if (stored_left_ == 0) end_block();
}

bool Inflater::read_codes() {
  const auto literals = in_.take(5) + 257;
  const auto distances = in_.take(5) + 1;
  const auto code_lengths = in_.take(4) + 4;
  if (literals > 286 || distances > 30) return false;
  constexpr std::uint8_t order[] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
  std::array<std::uint8_t, 19> short_lengths{};
  for (std::size_t i = 0; i < code_lengths; ++i) {
    in_.refill();
    short_lengths[order[i]] = static_cast<std::uint8_t>(in_.take(3));
  }
  std::array<std::uint8_t, 286 + 30> lengths{};
  const auto all = std::span(lengths).first(literals + distances);
  HuffmanCode code;
  if (in_.overrun() || !code.build(short_lengths) || !read_lengths(all, code)) return false;
  if (lengths[256] == 0) return false;  // no way to end the block
  return literals_.build(all.first(literals)) && distances_.build(all.subspan(literals));
}

bool Inflater::read_lengths(std::span<std::uint8_t> lengths, const HuffmanCode& code) {
  for (std::size_t i = 0; i < lengths.size();) {
    in_.refill();
    const int symbol = code.read(in_);
    if (symbol < 0 || in_.overrun()) return false;
    if (symbol < 16) {
      lengths[i++] = static_cast<std::uint8_t>(symbol);
      continue;
    }
    if (symbol == 16 && i == 0) return false;
    const std::uint8_t repeated = symbol == 16 ? lengths[i - 1] : std::uint8_t{0};
    const auto times = symbol == 16 ? 3 + in_.take(2) : symbol == 17 ? 3 + in_.take(3) : 11 + in_.take(7);
    if (in_.overrun() || times > lengths.size() - i) return false;
    std::ranges::fill(lengths.subspan(i, times), repeated);
    i += times;
  }
  return true;
}

void Inflater::copy_stored() {
  while (stored_left_ && end_ < window + chunk) {
    const int byte = in_.byte();
    if (byte < 0) {
      state_ = State::truncated;
      return;
    }
    out_[end_++] = static_cast<char>(byte);
    --stored_left_;
  }
  if (stored_left_ == 0) end_block();
}

// The reader and the place to write are copies: a byte written could otherwise change them, for all the compiler knows.
void Inflater::decode() {
  BitReader in = in_;
  char* to = out_.get() + end_;
  const char* const full = out_.get() + window + chunk;
  int symbol = 0;
  bool good = true;
  while (good && to < full) {
    in.refill();
    symbol = literals_.read(in);
    if (symbol < 0 || in.overrun()) {
      good = false;
    } else if (symbol < 256) {
      *to++ = static_cast<char>(symbol);
    } else if (symbol == 256) {
      break;
    } else {
      good = copy_match(in, symbol, to);
    }
  }
  in_ = in;
  end_ = static_cast<std::size_t>(to - out_.get());
  if (!good) return fail();
  if (symbol == 256) end_block();
}

// A literal took at most 15 of the 56 bits, a match takes 5 + 15 + 13 more.
bool Inflater::copy_match(BitReader& in, int symbol, char*& to) const {
  if (symbol > 285) return false;
  const auto [least, length_bits] = match_lengths[symbol - 257];
  const std::size_t length = least + in.take(length_bits);
  const int far = distances_.read(in);
  if (far < 0 || far > 29) return false;
  const auto [nearest, distance_bits] = match_distances[far];
  const std::size_t distance = nearest + in.take(distance_bits);
  if (in.overrun() || distance > static_cast<std::size_t>(to - out_.get()) - start_) return false;
  const char* from = to - distance;
  const char* const end = to + length;
  if (distance >= 8) {
    for (char* at = to; at < end; at += 8, from += 8) std::memcpy(at, from, 8);
  } else {
    for (char* at = to; at < end;) *at++ = *from++;
  }
  to += length;
  return true;
}

void Inflater::end_block() {
  block_ = Block::none;
  if (last_block_) state_ = State::done;
}

}  // namespace diag::input
