// The packets of the MySQL protocol: 3 bytes of length (little endian), a sequence number, the payload.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace diag::mysql {

struct Packet {
  std::uint8_t sequence = 0;
  std::string payload;

  friend bool operator==(const Packet&, const Packet&) = default;
};

// Cuts a stream of bytes into packets. Nothing a server says in a handshake or a short answer is longer than the cap,
// so a longer packet is taken for another protocol or for malice, and ends the reading.
class PacketReader {
 public:
  static constexpr std::size_t largest = 64 << 10;

  void feed(std::string_view bytes);
  // The next whole packet; nothing: more bytes are needed, or too_long().
  std::optional<Packet> next();
  // The length that a packet announced, if it is over the cap.
  std::optional<std::size_t> too_long() const { return too_long_; }
  // What has been fed and not yet been given: the beginning of a packet, or of something that is none.
  std::string_view rest() const { return std::string_view(bytes_).substr(at_); }

 private:
  std::string bytes_;
  std::size_t at_ = 0;
  std::optional<std::size_t> too_long_;
};

// The packet as it goes over the wire. The payload is shorter than 16 MiB.
std::string to_wire(const Packet& packet);

// Reads a payload from front to back. Past its end everything reads as zero or empty, and ok() becomes false.
class PayloadReader {
 public:
  explicit PayloadReader(std::string_view payload) : rest_(payload) {}

  bool ok() const { return ok_; }
  std::size_t left() const { return rest_.size(); }
  std::uint64_t number(std::size_t bytes);  // little endian
  std::uint8_t byte() { return static_cast<std::uint8_t>(number(1)); }
  std::string_view take(std::size_t bytes);
  std::string_view rest();
  // The text before the next NUL, which goes too; all that is left if there is none.
  std::string_view text();
  // A length-encoded number; nothing: NULL (0xfb).
  std::optional<std::uint64_t> length();
  // A length-encoded text; nothing: NULL.
  std::optional<std::string_view> field();

 private:
  std::string_view rest_;
  bool ok_ = true;
};

void append_number(std::string& payload, std::uint64_t value, std::size_t bytes);  // little endian

}  // namespace diag::mysql
