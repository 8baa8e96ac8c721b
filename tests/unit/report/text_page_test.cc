#include "report/text_page.h"

#include <gtest/gtest.h>

namespace diag {
namespace {

std::string command(std::string_view text, int width = 40) {
  TextPage page({.width = width});
  page.command({2, "check", 9, Paint::none}, text);
  return page.take();
}

TEST(TextPage, ParagraphsWrapUnderTheirLabel) {
  TextPage page({.width = 40});
  page.paragraph({0, "critical", 10, Paint::none},
                 "  Panic in icmp_send,\n  entered from a REJECT rule\n\n  second paragraph ");
  EXPECT_EQ(page.take(),
            "critical  Panic in icmp_send, entered\n"
            "          from a REJECT rule\n"
            "\n"
            "          second paragraph\n");
}

TEST(TextPage, ALabelThatReachesTheTextStandsAlone) {
  TextPage page({.width = 40});
  page.paragraph({4, "a-rather-long-name.txt:1234", 8, Paint::none}, "why");
  page.paragraph({4, "abc", 8, Paint::none}, "fits");
  page.paragraph({4, "abcd", 8, Paint::none}, "touches");
  page.paragraph({0, "", 2, Paint::none}, "one two three four five six seven eight nine ten");
  EXPECT_EQ(page.take(),
            "    a-rather-long-name.txt:1234\n        why\n"
            "    abc fits\n"
            "    abcd\n        touches\n"
            "one two three four five six seven\n  eight nine ten\n");
}

TEST(TextPage, LongWordsAreNotBroken) {
  TextPage page({.width = 40});
  const std::string word(60, 'x');
  page.paragraph({2, "", 2, Paint::none}, "a " + word + " b");
  EXPECT_EQ(page.take(), "  a\n  " + word + "\n  b\n");
}

TEST(TextPage, ItemsAreNeverBrokenInside) {
  TextPage page({.width = 40});
  page.items({0, "trace", 9, Paint::none}, {"first_function", "<- second_function", "<- third"});
  EXPECT_EQ(page.take(), "trace    first_function\n         <- second_function <- third\n");
}

TEST(TextPage, CommandsSurviveCopyAndPaste) {
  struct {
    std::string_view input;
    std::string_view expected;
  } const table[] = {
      {"uname -r", "  check  uname -r\n"},
      {"", "  check\n"},
      {"one\n  two  \n\nthree\n", "  check  one\n           two\n         \n         three\n"},
      // a comment goes to lines of its own
      {"iptables-save | grep -n REJECT   # none left in those chains",
       "  check  iptables-save | grep -n REJECT\n         # none left in those chains\n"},
      // a shell reads on after | and &&
      {"rpm -q --changelog kernel | grep 'Reset the IPCB'",
       "  check  rpm -q --changelog kernel |\n         grep 'Reset the IPCB'\n"},
      {"make && make install && depmod -a && reboot",
       "  check  make && make install &&\n         depmod -a && reboot\n"},
      // but not inside quotes, and not after a backslash
      {"grep -E 'aaaaaaaaaaaaaaaa | bbbbbbbbbbbbbbbb' f", "  check  grep -E 'aaaaaaaaaaaaaaaa | bbbbbbbbbbbbbbbb' f\n"},
      {R"(grep "aaaaaaaaaaaaaaaa \" | bbbbbbbbbbbbbbbb" f)", R"(  check  grep "aaaaaaaaaaaaaaaa \" | bbbbbbbbbbbbbbbb" f
)"},
      {R"(grep aaaaaaaaaaaaaaaaaa\' \| bbbbbbbbbbbbbbbb f)", R"(  check  grep aaaaaaaaaaaaaaaaaa\' \| bbbbbbbbbbbbbbbb f
)"},
      {"cat '#no comment but a rather long argument'", "  check  cat '#no comment but a rather long argument'\n"},
      // nothing to break at: the line runs over
      {"sysctl -w net.bridge.bridge-nf-call-iptables=0", "  check  sysctl -w net.bridge.bridge-nf-call-iptables=0\n"},
      // a sentence wraps
      {"boot the kernel before it from the boot menu",
       "  check  boot the kernel before it from\n         the boot menu\n"},
  };
  for (const auto& row : table) EXPECT_EQ(command(row.input), row.expected) << row.input;
}

TEST(TextPage, QuotesAreCutAtTheWidth) {
  TextPage page({.width = 40, .utf8 = true});
  page.quote(4, "short");
  page.quote(4, std::string(36, 'a'));
  page.quote(4, std::string(37, 'a'));
  page.quote(4, std::string(1000, 'a'));
  page.quote(4, "\xc3\xa9" + std::string(40, '\xc3') + "x");
  const std::string cut = "    " + std::string(33, 'a') + "...\n";
  const std::string text = page.take();
  EXPECT_EQ(text.substr(0, 10 + 41), "    short\n    " + std::string(36, 'a') + "\n");
  EXPECT_EQ(text.substr(51, 82), cut + cut);
  EXPECT_EQ(columns(text.substr(133)), 41);
}

TEST(TextPage, WhatIsWrittenIsSanitized) {
  for (const bool utf8 : {false, true}) {
    TextPage page({.width = 40, .utf8 = utf8});
    const std::string_view hostile(
        "a\x1b[31mb\xc2\x9b"
        "c\0d\re\xff\xe2\x80\xae",
        18);
    page.paragraph({0, hostile, 4, Paint::none}, hostile);
    page.items({0, "", 0, Paint::none}, {std::string(hostile)});
    page.command({0, "", 0, Paint::none}, hostile);
    page.quote(0, hostile);
    page.line(0, hostile);
    for (const char c : page.take())
      EXPECT_TRUE(c == '\n' || (c >= 0x20 && c != 0x7f) || (utf8 && c < 0)) << static_cast<int>(c);
  }
}

TEST(TextPage, AsciiReplacesOtherCharacters) {
  TextPage ascii({.width = 40}), utf8({.width = 40, .utf8 = true});
  for (TextPage* page : {&ascii, &utf8}) page->line(0, "caf\xc3\xa9");
  EXPECT_EQ(ascii.take(), "caf?\n");
  EXPECT_EQ(utf8.take(), "caf\xc3\xa9\n");
}

TEST(TextPage, ColourIsOnlyAroundTheLabel) {
  TextPage page({.width = 40, .color = true});
  page.paragraph({0, "critical", 10, Paint::red}, "title");
  page.paragraph({0, "", 10, Paint::red}, "title");
  EXPECT_EQ(page.take(), "\033[1;31mcritical\033[0m  title\ntitle\n");
}

TEST(TextPage, GapsDoNotAddUp) {
  TextPage page({.width = 40});
  page.gap();
  page.line(0, "a");
  page.gap();
  page.gap();
  page.line(0, "b");
  EXPECT_EQ(page.take(), "a\n\nb\n");
}

}  // namespace
}  // namespace diag
