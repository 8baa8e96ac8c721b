#include "base/text.h"

#include <gtest/gtest.h>

#include <string>

namespace diag {
namespace {

using namespace std::string_literals;

TEST(Text, CharacterKinds) {
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    EXPECT_EQ(is_space(c), i != 0 && std::string_view(" \t\n\r\f\v").find(c) != std::string_view::npos) << i;
    EXPECT_EQ(is_digit(c), i >= '0' && i <= '9') << i;
    EXPECT_EQ(is_hex(c), i != 0 && std::string_view("0123456789abcdefABCDEF").find(c) != std::string_view::npos) << i;
    EXPECT_EQ(is_alpha(c), (i >= 'a' && i <= 'z') || (i >= 'A' && i <= 'Z')) << i;
    EXPECT_EQ(is_word(c), is_alpha(c) || is_digit(c) || i == '_') << i;
  }
}

TEST(Text, Trim) {
  const struct {
    std::string_view text, left, right, both;
  } cases[] = {
      {"", "", "", ""},
      {" \t\r\n", "", "", ""},
      {"a", "a", "a", "a"},
      {"  a b\t", "a b\t", "  a b", "a b"},
      {"\va\f", "a\f", "\va", "a"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(trim_left(c.text), c.left);
    EXPECT_EQ(trim_right(c.text), c.right);
    EXPECT_EQ(trim(c.text), c.both);
  }
}

TEST(Text, Consume) {
  const struct {
    std::string_view text, prefix;
    bool taken;
    std::string_view rest;
  } cases[] = {
      {"kernel: BUG", "kernel: ", true, "BUG"}, {"kernel", "kernel", true, ""}, {"kern", "kernel", false, "kern"},
      {"Kernel", "kernel", false, "Kernel"},    {"a", "", true, "a"},           {"", "", true, ""},
  };
  for (const auto& c : cases) {
    auto text = c.text;
    EXPECT_EQ(consume(text, c.prefix), c.taken) << c.text;
    EXPECT_EQ(text, c.rest) << c.text;
  }
}

TEST(Text, TakeWhile) {
  std::string_view text = "123abc";
  EXPECT_EQ(take_while(text, is_digit), "123");
  EXPECT_EQ(text, "abc");
  EXPECT_EQ(take_while(text, is_digit), "");
  EXPECT_EQ(text, "abc");
  EXPECT_EQ(take_while(text, is_word), "abc");
  EXPECT_EQ(text, "");
  EXPECT_EQ(take_while(text, is_word), "");
}

TEST(Text, TakeUntil) {
  const struct {
    std::string_view text, delimiter;
    std::optional<std::string_view> taken;
    std::string_view rest;
  } cases[] = {
      {"a: b: c", ": ", "a", "b: c"}, {": b", ": ", "", "b"},      {"a:", ":", "a", ""},
      {"a", ":", std::nullopt, "a"},  {"", ":", std::nullopt, ""}, {"a:b", ": ", std::nullopt, "a:b"},
  };
  for (const auto& c : cases) {
    auto text = c.text;
    EXPECT_EQ(take_until(text, c.delimiter), c.taken) << c.text;
    EXPECT_EQ(text, c.rest) << c.text;
  }
}

TEST(Text, ParseDec) {
  const struct {
    std::string_view text;
    std::optional<std::uint64_t> expected;
  } cases[] = {
      {"0", 0},
      {"007", 7},
      {"18446744073709551615", 18446744073709551615U},
      {"18446744073709551616", std::nullopt},
      {"", std::nullopt},
      {" 1", std::nullopt},
      {"1 ", std::nullopt},
      {"+1", std::nullopt},
      {"-1", std::nullopt},
      {"0x1", std::nullopt},
      {"1.5", std::nullopt},
  };
  for (const auto& c : cases) EXPECT_EQ(parse_dec(c.text), c.expected) << c.text;
  EXPECT_EQ(parse_dec<int>("-1"), -1);
  EXPECT_EQ(parse_dec<std::uint8_t>("255"), 255);
  EXPECT_EQ(parse_dec<std::uint8_t>("256"), std::nullopt);
}

TEST(Text, ParseHex) {
  const struct {
    std::string_view text;
    std::optional<std::uint64_t> expected;
  } cases[] = {
      {"ffffffff80268427", 0xffffffff80268427},
      {"0xFFFFFFFF80268427", 0xffffffff80268427},
      {"0X0", 0},
      {"10000000000000000", std::nullopt},
      {"00000000000000000001", 1},
      {"", std::nullopt},
      {"0x", std::nullopt},
      {"0x0x1", std::nullopt},
      {"g", std::nullopt},
      {"1g", std::nullopt},
      {"-1", std::nullopt},
      {" 1", std::nullopt},
  };
  for (const auto& c : cases) EXPECT_EQ(parse_hex(c.text), c.expected) << c.text;
}

TEST(Text, LowerCaseIsThatOfAscii) {
  EXPECT_EQ(to_lower("AbZ@[`{09"), "abz@[`{09");
  EXPECT_EQ(to_lower("\xc3\x9c"), "\xc3\x9c");
}

TEST(Text, ContainsIgnoringCase) {
  const struct {
    std::string_view text, word;
    bool expected;
  } cases[] = {
      {"Old Authentication", "old auth", true},
      {"xyz", "YZ", true},
      {"xyz", "yx", false},
      {"xy", "xyz", false},
      {"", "", true},
      {"a", "", true},
      {"", "a", false},
      {"[", "{", false},
  };
  for (const auto& c : cases) EXPECT_EQ(contains_ignoring_case(c.text, c.word), c.expected) << c.text << '|' << c.word;
}

TEST(Text, ToUtf8) {
  const std::string bad = "\xef\xbf\xbd";
  const struct {
    const char* what;
    std::string text, expected;
  } cases[] = {
      {"ascii", "a\0\x1b\x7f"s, "a\0\x1b\x7f"s},
      {"two bytes", "\xc3\xbc", "\xc3\xbc"},
      {"three bytes", "\xe2\x82\xac", "\xe2\x82\xac"},
      {"four bytes", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
      {"the last of all", "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"},
      {"one above it", "\xf4\x90\x80\x80", bad + bad + bad + bad},
      {"a lone continuation", "a\x80z", "a" + bad + "z"},
      {"cut short", "\xe2\x82", bad + bad},
      {"cut short before a letter", "\xe2\x82z", bad + bad + "z"},
      {"overlong slash", "\xc0\xaf", bad + bad},
      {"overlong in three", "\xe0\x80\xaf", bad + bad + bad},
      {"a surrogate", "\xed\xa0\x80", bad + bad + bad},
      {"latin-1", "M\xfcller", "M" + bad + "ller"},
      {"no byte of utf-8", "\xfe\xff", bad + bad},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(to_utf8(c.text), c.expected) << c.what;
    EXPECT_EQ(to_utf8(to_utf8(c.text)), c.expected) << c.what;
  }
}

TEST(Text, PrintableIsSafeOnATerminal) {
  const struct {
    const char* what;
    std::string text, utf8, ascii;
  } cases[] = {
      {"plain", "kernel: BUG", "kernel: BUG", "kernel: BUG"},
      {"tab", "a\tb", "a b", "a b"},
      {"colours", "\x1b[31mred\x1b[0m", "[31mred[0m", "[31mred[0m"},
      {"NUL, bell, backspace, DEL", "a\0\a\b\x7fz"s, "az", "az"},
      {"newlines", "a\r\nb", "ab", "ab"},
      {"C1 in UTF-8",
       "a\xc2\x9b"
       "31mz",
       "a31mz", "a31mz"},
      {"bidi override",
       "a\xe2\x80\xae"
       "b",
       "ab", "ab"},
      {"bidi isolate",
       "a\xe2\x81\xa6"
       "b",
       "ab", "ab"},
      {"line separator",
       "a\xe2\x80\xa8"
       "b",
       "ab", "ab"},
      {"zero width",
       "a\xe2\x80\x8b\xef\xbb\xbf"
       "b",
       "ab", "ab"},
      {"umlaut", "M\xc3\xbcller", "M\xc3\xbcller", "M?ller"},
      {"bad byte", "M\xfcller", "M\xef\xbf\xbdller", "M?ller"},
      {"tilde, the last of ASCII", "~", "~", "~"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(printable(c.text, false), c.utf8) << c.what;
    EXPECT_EQ(printable(c.text, true), c.ascii) << c.what;
  }
}

// The law behind both: whatever the bytes, what comes out is valid, and safe.
TEST(Text, AnyTwoBytes) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string bytes = {static_cast<char>(first), static_cast<char>(second)};
      EXPECT_EQ(to_utf8(to_utf8(bytes)), to_utf8(bytes));
      EXPECT_EQ(printable(printable(bytes, false), false), printable(bytes, false));
      for (const char c : printable(bytes, true)) EXPECT_TRUE(c >= ' ' && c <= '~') << first << ' ' << second;
    }
  }
}

}  // namespace
}  // namespace diag
