#include "input/format.h"

#include <gtest/gtest.h>

#include <string>

#include "input/crc32.h"
#include "support/archive_writer.h"

namespace diag::input {
namespace {

using namespace std::string_literals;
using test::compressed;
using test::packed;

// A text of 600 bytes with `word` at `at`.
std::string text_with(std::size_t at, const std::string& word) {
  std::string out;
  while (out.size() < 600) out += "Oct 14 03:12:01 host kernel: nothing\n";
  return out.replace(at, word.size(), word);
}

TEST(Format, IsToldByTheFirstBytes) {
  const std::vector<test::Member> members = {{"var/log/messages", "a line\n"}};
  const struct {
    const char* what;
    std::string bytes;
    Format expected;
  } cases[] = {
      {"gzip", compressed("gzip", "x"), Format::gzip},
      {"bzip2", compressed("bzip2", "x"), Format::bzip2},
      {"bzip2 of nothing", compressed("bzip2", ""), Format::bzip2},
      {"xz", compressed("xz", "x"), Format::xz},
      {"zstd", compressed("zstd", "x"), Format::zstd},
      {"gzip, one byte", "\x1f", Format::gzip},
      {"gzip, two bytes", "\x1f\x8b", Format::gzip},
      {"xz, one byte", "\xfd", Format::xz},
      {"xz, five bytes",
       "\xfd"
       "7zXZ",
       Format::xz},
      {"zstd, two bytes", "\x28\xb5", Format::zstd},
      {"ustar", packed("ustar", members), Format::tar},
      {"pax", packed("pax", members), Format::tar},
      {"gnutar", packed("gnutar", members), Format::tar},
      {"v7tar", packed("v7tar", members), Format::tar},
      {"newc", packed("newc", members), Format::cpio},
      {"odc", packed("odc", members), Format::cpio},
      {"bin", packed("bin", members), Format::cpio},
      {"zip", packed("zip", members), Format::zip},
      {"zip without members", packed("zip", {}), Format::zip},
      {"rpm", test::rpm("payload"), Format::rpm},
      {"utf-16 le", "\xff\xfe\x61\x00"s, Format::utf16_le},
      {"utf-16 be", "\xfe\xff\x00\x61"s, Format::utf16_be},
      {"7z", "7z\xbc\xaf\x27\x1c and so on", Format::unread},
      {"rar", "Rar!\x1a\x07\x01 and so on", Format::unread},
      {"compress", "\x1f\x9d\x90 and so on", Format::unread},
  };
  for (const auto& c : cases) EXPECT_EQ(tell_format(c.bytes), c.expected) << c.what;
}

TEST(Format, ATextStaysAText) {
  auto odd_tar = packed("v7tar", {{"a", "b\n"}});
  odd_tar[0] = 'b';  // the checksum is wrong now
  auto newc = packed("newc", {{"a", "b\n"}});
  auto bin = packed("bin", {{"abc", "b\n"}});
  const struct {
    const char* what;
    std::string bytes;
  } cases[] = {
      {"nothing", ""},
      {"mtree", "#mtree\n./var type=dir\n"},
      {"a number like cpio's", "070707 was the number dialled\n"},
      {"digits without end, like an old cpio", std::string(200, '0').replace(0, 6, "070707")},
      {"hex without end, like a new cpio", std::string(200, 'a').replace(0, 6, "070701")},
      {"new cpio, header cut", newc.substr(0, 100)},
      {"new cpio, name cut", newc.substr(0, 111)},
      {"new cpio, a digit wrong", newc.replace(20, 1, "g")},
      {"binary cpio, name cut", bin.substr(0, 27)},
      {"Latin-1 that begins like a binary cpio", "q\xc7 est-ce qu'il y a, and so on\n"},
      {"ustar at 257 of a text", text_with(257, "ustar")},
      {"old tar, wrong checksum", odd_tar},
      {"tar, cut in its header", packed("ustar", {{"a", "b\n"}}).substr(0, 511)},
      {"bzip2's first word", "BZh9 is how it begins\n"},
      {"bzip2's first word alone", "BZh9"},
      {"zip's first letters", "PK\n"},
      {"one blank of zstd", "("},
      {"gzip's first byte in a text", "\x1f not packed\n"},
      {"blanks only", std::string(600, ' ')},
      {"NULs only", std::string(600, '\0')},
  };
  for (const auto& c : cases) EXPECT_EQ(tell_format(c.bytes), Format::text) << c.what;
}

TEST(Format, Binary) {
  const std::string line = "kernel: Code: c3 66 66 66 90\n";
  const struct {
    const char* what;
    std::string bytes;
    bool expected;
  } cases[] = {
      {"nothing", "", false},
      {"text", line, false},
      {"a log with a NUL here and there", line + '\0' + line + "\0\0"s + line, false},
      {"wtmp", std::string(384, '\0'), true},
      {"one byte in five a NUL", "abcd\0abcd\0abcd\0"s, true},
      {"elf",
       "\x7f"
       "ELF" +
           line,
       true},
      {"png", "\x89PNG\r\n\x1a\n" + line, true},
      {"jpeg", "\xff\xd8\xff\xe0" + line, true},
      {"NULs only behind the first 4 KiB", std::string(4096, 'x') + std::string(4096, '\0'), false},
  };
  for (const auto& c : cases) EXPECT_EQ(is_binary(c.bytes), c.expected) << c.what;
}

TEST(Crc32, IsTheOneOfGzip) {
  EXPECT_EQ(crc32(0, ""), 0U);
  EXPECT_EQ(crc32(0, "123456789"), 0xcbf43926U);
  EXPECT_EQ(crc32(crc32(0, "1234"), "56789"), 0xcbf43926U);
}

}  // namespace
}  // namespace diag::input
