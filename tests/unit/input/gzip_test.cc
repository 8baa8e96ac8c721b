#include "input/gzip.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "input/crc32.h"
#include "support/archive_writer.h"
#include "unit/input/read_all.h"

namespace diag {
namespace {

using namespace std::string_literals;
using test::compressed;
using test::read_memory;

// Words in an order that neither repeats nor is random: matches of all lengths and distances.
std::string some_log(std::size_t bytes) {
  constexpr const char* words[] = {"kernel:",   "eth0",  "link", "up", "Call Trace:", "[<ffffffff80268427>]",
                                   "icmp_send", "+0x5bf"};
  std::string out;
  std::uint32_t state = 1;
  while (out.size() < bytes) {
    state = state * 1664525 + 1013904223;
    out += words[state >> 29];
    out += state >> 20 & 7 ? ' ' : '\n';
    if ((state >> 16 & 15) == 0) out += std::to_string(state);
  }
  return out.substr(0, bytes - 1) + '\n';
}

// Bytes that do not compress.
std::string noise(std::size_t bytes) {
  std::string out;
  for (std::uint32_t state = 7; out.size() < bytes; state = state * 1664525 + 1013904223) {
    out += static_cast<char>(state >> 24 == 10 ? 0 : state >> 24);
  }
  return out;
}

std::string little_endian(std::uint32_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> 8 * i);
  return out;
}

// A member with one stored block, and with `header` behind its first three bytes.
std::string stored(const std::string& header, const std::string& text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  return "\x1f\x8b\x08" + header + '\1' + little_endian(size, 2) + little_endian(~size, 2) + text +
         little_endian(input::crc32(0, text), 4) + little_endian(size, 4);
}

TEST(Gzip, GivesWhatWasPacked) {
  const struct {
    const char* what;
    std::string text;
  } cases[] = {
      {"nothing", ""},
      {"a byte", "x"},
      {"one byte very often", std::string(3'000'000, 'a') + '\n'},
      {"two bytes in turn",
       [] {
         std::string s;
         while (s.size() < 100'000) s += "ab";
         return s + '\n';
       }()},
      {"a log", some_log(2'000'000)},
      {"noise", noise(500'000)},
      {"far repeats",
       [] {
         const auto n = noise(32'768);
         return n + n + n;
       }()},
      {"repeats too far",
       [] {
         const auto n = noise(32'769);
         return n + n;
       }()},
  };
  for (const auto& c : cases) {
    for (const int level : {0, 1, 6, 9}) {
      SourceTable sources;
      const auto bytes = compressed("gzip", c.text, level);
      Limits limits;
      limits.line = 1 << 30;
      const auto got = read_memory(bytes, limits);
      ASSERT_EQ(got.sources.size(), 1U);
      EXPECT_EQ(got.sources[0].error, "") << c.what << ' ' << level;
      auto expected = c.text;
      if (!expected.empty() && expected.back() != '\n') expected += '\n';
      EXPECT_TRUE(got.sources[0].text() == expected) << c.what << ' ' << level;
      EXPECT_EQ(got.sources[0].bytes, c.text.size()) << c.what << ' ' << level;
    }
  }
}

TEST(Gzip, MembersBehindEachOther) {
  const auto one = compressed("gzip", "one\n"), two = compressed("gzip", "two\n"), none = compressed("gzip", "");
  const auto expect = [](const std::string& bytes, const std::string& text, const std::string& error) {
    const auto source = read_memory(bytes).sources.at(0);
    EXPECT_EQ(source.text(), text);
    EXPECT_EQ(source.error, error);
  };
  expect(one + two, "one\ntwo\n", "");
  expect(none + one + none + two, "one\ntwo\n", "");
  expect(one + std::string(512, '\0'), "one\n", "");
  expect(one + "junk", "one\n", "other bytes follow the gzip data");
  expect(one + std::string(9, '\0') + "junk", "one\n", "other bytes follow the gzip data");
  expect(one + two.substr(0, 1), "one\n", "truncated gzip input");
  expect(one + two.substr(0, 7), "one\n", "truncated gzip input");
  expect(one + two.substr(0, two.size() - 3), "one\ntwo\n", "truncated gzip input");
}

TEST(Gzip, HeaderFields) {
  const auto flags = [](char f) { return std::string(1, f) + "\0\0\0\0\0\3"s; };
  const struct {
    const char* what;
    std::string header, error;
  } cases[] = {
      {"none", flags(0), ""},
      {"text", flags(1), ""},
      {"name", flags(8) + "messages-20141120\0"s, ""},
      {"extra", flags(4) + "\3\0abc"s, ""},
      {"comment", flags(16) + "why\0"s, ""},
      {"checksum", flags(2) + "ab", ""},
      {"all", flags(31) + "\1\0x"s + "name\0"s + "comment\0"s + "cc", ""},
      {"reserved", flags(32), "damaged gzip header"},
  };
  for (const auto& c : cases) {
    const auto source = read_memory(stored(c.header, "text\n")).sources.at(0);
    EXPECT_EQ(source.error, c.error) << c.what;
    EXPECT_EQ(source.text(), c.error.empty() ? "text\n" : "") << c.what;
  }
}

TEST(Gzip, BrokenOffAtAnyByte) {
  for (const int level : {0, 6}) {
    const auto text = some_log(3000);
    const auto bytes = compressed("gzip", text, level);
    std::size_t before = 0;
    for (std::size_t size = 1; size < bytes.size(); ++size) {
      const auto source = read_memory(std::string_view(bytes).substr(0, size)).sources.at(0);
      EXPECT_EQ(source.error, "truncated gzip input") << size;
      EXPECT_TRUE(text.starts_with(source.text().substr(0, source.bytes))) << size;
      EXPECT_GE(source.bytes, before) << size;  // no byte that was there is held back
      before = source.bytes;
    }
    EXPECT_EQ(before, text.size());
  }
}

TEST(Gzip, AWrongByteIsNoticed) {
  const auto text = some_log(3000);
  for (const int level : {0, 6}) {
    const auto bytes = compressed("gzip", text, level);
    for (std::size_t at = 10; at < bytes.size(); ++at) {
      for (const char flip : {'\x01', '\x80', '\xff'}) {
        auto damaged = bytes;
        damaged[at] = static_cast<char>(damaged[at] ^ flip);
        const auto source = read_memory(damaged).sources.at(0);
        EXPECT_TRUE(!source.error.empty() || source.text() == text) << at;  // a few bits mean nothing
      }
    }
  }
}

TEST(Gzip, BadStreams) {
  const std::string header("\x1f\x8b\x08\0\0\0\0\0\0\3", 10);
  const struct {
    const char* what;
    std::string stream, error;
  } cases[] = {
      {"a block type that is none", "\x07", "damaged gzip data"},
      {"a stored block whose sizes differ", "\x01\x05\x00\x05\x00hello"s, "damaged gzip data"},
      {"a match before any byte", "\x03\x02\x00\x00\x00\x00\x00\x00"s, "damaged gzip data"},
      {"286 lengths and more", "\xfd\xff\xff\xff\xff\xff\xff\xff", "damaged gzip data"},
      {"nothing", "", "truncated gzip input"},
  };
  for (const auto& c : cases) EXPECT_EQ(read_memory(header + c.stream).sources.at(0).error, c.error) << c.what;
}

// 3 MB of blocks that hold nothing, each of ten bits.
TEST(Gzip, EmptyBlocksTakeLinearTime) {
  std::string bytes("\x1f\x8b\x08\0\0\0\0\0\0\3", 10);
  // 010 0000000, first bit lowest: 0x02, 0x08, 0x20, 0x80, 0x00 every 40 bits.
  for (int i = 0; i < 600'000; ++i) bytes.append("\x02\x08\x20\x80\x00", 5);
  EXPECT_EQ(read_memory(bytes).sources.at(0).error, "truncated gzip input");
}

}  // namespace
}  // namespace diag
