#include "input/utf16.h"

#include <gtest/gtest.h>

#include <string>

#include "support/archive_writer.h"
#include "unit/input/read_all.h"

namespace diag {
namespace {

using test::read_memory;

std::string utf16(std::u16string_view text, bool big_endian) {
  std::string out = big_endian ? "\xfe\xff" : "\xff\xfe";
  for (const char16_t c : text) {
    const char high = static_cast<char>(c >> 8), low = static_cast<char>(c);
    out += big_endian ? high : low;
    out += big_endian ? low : high;
  }
  return out;
}

TEST(Utf16, IsReadAsUtf8) {
  const struct {
    std::u16string text;
    std::string expected;
  } cases[] = {
      {u"", ""},
      {u"kernel: Oops\r\nnext\r\n", "kernel: Oops\r\nnext\r\n"},
      {u"Schl\u00fcssel \u20ac \u07ff\u0800\n", "Schl\xc3\xbcssel \xe2\x82\xac \xdf\xbf\xe0\xa0\x80\n"},
      {u"\U0001f600\U0010ffff\n", "\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf\n"},
      {{0xd83d, u'a', u'\n'},
       "\xef\xbf\xbd"
       "a\n"},  // a pair without its second half
      {{0xde00, u'a', u'\n'},
       "\xef\xbf\xbd"
       "a\n"},  // or its first
      {{0xd83d, 0xd83d, 0xde00, u'\n'}, "\xef\xbf\xbd\xf0\x9f\x98\x80\n"},
      {{u'a', 0xd83d}, "a\xef\xbf\xbd\n"},
      {{u'a', 0, u'\n'}, std::string("a\0\n", 3)},
      {{0x0a0a, u'\n'}, "\xe0\xa8\x8a\n"},  // its bytes look like two newlines
  };
  for (const auto& c : cases) {
    EXPECT_EQ(read_memory(utf16(c.text, false)).sources.at(0).text(), c.expected);
    EXPECT_EQ(read_memory(utf16(c.text, true)).sources.at(0).text(), c.expected);
  }
}

TEST(Utf16, AnOddByteAtTheEnd) {
  EXPECT_EQ(read_memory(utf16(u"ab", false) + 'x').sources.at(0).text(), "ab\xef\xbf\xbd\n");
  EXPECT_EQ(read_memory("\xff\xfe"
                        "x")
                .sources.at(0)
                .text(),
            "\xef\xbf\xbd\n");
}

TEST(Utf16, OffsetsAreThoseOfTheUtf8) {
  SourceTable sources;
  const auto bytes = utf16(u"\u00fc\nb\n", false);
  const auto input = open_memory("in", bytes, sources);
  Source* source = input->next();
  source->next();
  EXPECT_EQ(source->next()->at, (Origin{SourceId{0}, 2, 3}));
  EXPECT_EQ(source->bytes(), 5U);
}

TEST(Utf16, AcrossBlocks) {
  std::u16string text;
  std::string expected;
  for (int i = 0; i < 60'000; ++i) {
    text += u"ab\u00fc\U0001f600\n";
    expected += "ab\xc3\xbc\xf0\x9f\x98\x80\n";
  }
  for (const bool big_endian : {false, true}) {
    const auto bytes = utf16(text, big_endian);
    EXPECT_TRUE(read_memory(bytes).sources.at(0).text() == expected);
    EXPECT_TRUE(read_memory(test::compressed("gzip", bytes)).sources.at(0).text() == expected);
  }
}

}  // namespace
}  // namespace diag
