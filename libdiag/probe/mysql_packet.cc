#include "probe/mysql_packet.h"

#include <utility>

namespace diag::mysql {

namespace {

constexpr std::size_t head = 4;

}  // namespace

void PacketReader::feed(std::string_view bytes) {
  if (too_long_) return;
  bytes_.erase(0, std::exchange(at_, 0));
  bytes_ += bytes;
}

std::optional<Packet> PacketReader::next() {
  if (too_long_ || rest().size() < head) return std::nullopt;
  PayloadReader reader(rest());
  const auto length = static_cast<std::size_t>(reader.number(3));
  const std::uint8_t sequence = reader.byte();
  if (length > largest) {
    too_long_ = length;
    return std::nullopt;
  }
  if (reader.left() < length) return std::nullopt;
  at_ += head + length;
  return Packet{sequence, std::string(reader.take(length))};
}

std::string to_wire(const Packet& packet) {
  std::string bytes;
  append_number(bytes, packet.payload.size(), 3);
  append_number(bytes, packet.sequence, 1);
  return bytes + packet.payload;
}

std::uint64_t PayloadReader::number(std::size_t bytes) {
  std::uint64_t value = 0;
  const std::string_view taken = take(bytes);
  for (std::size_t i = taken.size(); i-- > 0;) value = value << 8 | static_cast<std::uint8_t>(taken[i]);
  return value;
}

std::string_view PayloadReader::take(std::size_t bytes) {
  if (bytes > rest_.size()) {
    ok_ = false;
    rest_ = {};
    return {};
  }
  const auto taken = rest_.substr(0, bytes);
  rest_.remove_prefix(bytes);
  return taken;
}

std::string_view PayloadReader::rest() { return std::exchange(rest_, {}); }

std::string_view PayloadReader::text() {
  const auto end = rest_.find('\0');
  if (end == std::string_view::npos) return rest();
  const auto taken = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  return taken;
}

std::optional<std::uint64_t> PayloadReader::length() {
  constexpr std::uint8_t null = 0xfb, two = 0xfc, three = 0xfd, eight = 0xfe, error = 0xff;
  const std::uint8_t first = byte();
  if (first < null) return first;
  if (first == two) return number(2);
  if (first == three) return number(3);
  if (first == eight) return number(8);
  if (first == error) ok_ = false;
  return std::nullopt;
}

std::optional<std::string_view> PayloadReader::field() {
  const auto size = length();
  if (!size) return std::nullopt;
  return take(static_cast<std::size_t>(*size));
}

void append_number(std::string& payload, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i, value >>= 8) payload += static_cast<char>(value & 0xff);
}

}  // namespace diag::mysql
