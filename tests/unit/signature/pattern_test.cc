#include "signature/pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "signature/pattern_syntax.h"

namespace diag::sig {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAreArray;
using Fits = Pattern::Fits;

TEST(Pattern, FitsTheWholeTextOrSomeOfIt) {
  const struct {
    std::string pattern;
    Fits fits;
    std::string text;
    bool expected;
  } table[] = {
      {"icmp_send", Fits::whole, "icmp_send", true},
      {"icmp_send", Fits::whole, "__icmp_send", false},
      {"a|ab", Fits::whole, "ab", true},
      {"table full", Fits::anywhere, "ip_conntrack: table full, dropping packet", true},
      {"^table full", Fits::anywhere, "ip_conntrack: table full", false},
      {"(?i)SYN flood", Fits::anywhere, "possible syn FLOODing", true},
      {"x.y", Fits::whole, "x\xffy", true},  // any byte is a character
      {R"(net\.bridge\.a-b)", Fits::whole, "net.bridge.a-b", true},
      {R"(net\.bridge)", Fits::whole, "netxbridge", false},
      {"(", Fits::anywhere, "(", false},  // refused by RE2: matches nothing
  };
  for (const auto& row : table) {
    EXPECT_EQ(Pattern(row.pattern, row.fits).matches(row.text), row.expected) << row.pattern << " on " << row.text;
  }
}

TEST(Pattern, GivesTheNamedGroupsThatTookPart) {
  const Pattern p(R"((?P<dev>\w+), (?:sector (?P<sector>\d+)|all (?P<all>.*)))", Fits::anywhere);
  EXPECT_THAT(p.match("error, dev sda, sector 17"),
              testing::Optional(ElementsAre(Pair("dev", "sda"), Pair("sector", "17"))));
  EXPECT_EQ(p.match("error"), std::nullopt);
}

TEST(Pattern, TellsWhyItIsRefused) {
  EXPECT_EQ(Pattern("happy (cracking", Fits::anywhere).error(), "missing ): happy (cracking");
  EXPECT_EQ(Pattern("happy cracking", Fits::anywhere).error(), std::nullopt);
}

TEST(Pattern, RemembersThatItMatched) {
  const Pattern p("a+", Fits::whole);
  EXPECT_FALSE(p.matches("b"));
  EXPECT_FALSE(p.matched());
  const Pattern copy = p;
  EXPECT_TRUE(copy.matches("aa"));
  EXPECT_TRUE(p.matched());
}

TEST(PatternSet, FindsWhatTheSinglePatternsFind) {
  PatternSet set;
  set.add(Pattern("a+b", Fits::anywhere));
  set.add(Pattern("(", Fits::anywhere));
  set.add(Pattern("b$", Fits::anywhere));
  set.add(Pattern("b", Fits::whole));
  set.compile();
  std::vector<std::uint32_t> found;
  set.find("xaab", found);
  EXPECT_THAT(found, UnorderedElementsAreArray({0, 2}));
  found.clear();
  set.find("b", found);
  EXPECT_THAT(found, UnorderedElementsAreArray({2, 3}));
}

TEST(QuotePattern, MatchesTheTextAndNothingElse) {
  for (const std::string& text :
       {std::string("a.b*c"), std::string("{x}[1](2)|^$\\"), std::string("a\0b", 3), std::string("\xc3\xa4")}) {
    const Pattern p(quote_pattern(text), Fits::whole);
    EXPECT_EQ(p.error(), std::nullopt);
    EXPECT_TRUE(p.matches(text)) << text;
    EXPECT_FALSE(p.matches(text + "x"));
  }
}

std::vector<std::string> literals(std::string_view pattern) {
  std::vector<std::string> out;
  const auto syntax = read_pattern(pattern, true);
  if (!syntax) return {"not read"};
  for (const Literal& l : syntax->literals) out.push_back(l.any_case ? "(?i)" + l.text : l.text);
  return out;
}

TEST(PatternSyntax, RequiredLiterals) {
  const struct {
    std::string_view pattern;
    std::vector<std::string> expected;
  } table[] = {
      {"ipt_hook: happy cracking", {"pt_hook"}},
      {"EXT[34]-fs", {"EXT3-fs", "EXT4-fs"}},
      {"(?i)Possible SYN", {"(?i)ble syn"}},
      {"abc", {}},
      {"abcd", {"abcd"}},
      {"abc?d", {}},
      {"(?:ip|nf)_conntrack: table", {"ck: tab"}},
      {"(?:foobar|bazqux)", {"bazqux", "foobar"}},
      {"(?:foobar|x)", {}},
      {"foobar|x*", {}},
      {"stuck for (?P<s>\\d+)s!", {"uck for"}},
      {"\\bqqqqqq\\b", {"qqqqqq"}},
      {"x+yyyy", {"yyyy"}},
      {"(?:wxyz)+", {"wxyz"}},
      {"(?:wxyz)*", {}},
      {".*", {}},
      {"[^a]bcdefg", {"bcdefg"}},
      {"a{2}bb", {}},
      {"\\QVERBATIM\\E", {"not read"}},
  };
  for (const auto& row : table) EXPECT_EQ(literals(row.pattern), row.expected) << row.pattern;
}

TEST(PatternSyntax, NamesOfGroups) {
  EXPECT_THAT(read_pattern("(?P<a>x)(?:(?P<b_2>y))(z)", false)->groups, ElementsAre("a", "b_2"));
  EXPECT_EQ(read_pattern("(?P<a>x)(?P<a>y)", false), std::nullopt);
}

// Two laws against RE2 itself, over random patterns: what is read here compiles there, and a match contains a literal.
TEST(PatternSyntax, AgreesWithRe2) {
  constexpr std::string_view parts[] = {"a",    "b",     "B",     "abcd",  "wxyz", ".",     "\\d",    "\\.",
                                        "[ab]", "[^a]",  "(",     ")",     "(?:",  "|",     "*",      "+",
                                        "?",    "{2}",   "{1,}",  "{0,2}", "(?i)", "{",     "(?P<n>", "[a-c]",
                                        "]",    "[",     "\\b",   "^",     "$",    "\\x41", "-",      "[[:alpha:]]",
                                        "\\w",  "{3,2}", "(?-i:", "\\Q",   "\\"};
  std::mt19937 random(11);
  int read = 0, matched = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string pattern;
    for (auto n = 1 + random() % 7; n > 0; --n) pattern += parts[random() % std::size(parts)];
    const auto syntax = read_pattern(pattern, true);
    ASSERT_EQ(syntax.has_value(), read_pattern(pattern, false).has_value()) << pattern;
    if (!syntax) continue;
    ++read;
    const Pattern compiled(pattern, Fits::anywhere);
    ASSERT_EQ(compiled.error(), std::nullopt) << pattern;
    for (int t = 0; t < 10; ++t) {
      std::string text;
      for (auto n = random() % 5; n > 0; --n) {
        constexpr std::string_view words[] = {"abcd", "wxyz", "a", "B", "b", "1", "ABCD", "{", "]"};
        text += words[random() % std::size(words)];
      }
      if (!compiled.matches(text) || syntax->literals.empty()) continue;
      ++matched;
      std::string lower = text;
      for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
      ASSERT_TRUE(std::ranges::any_of(
          syntax->literals, [&](const Literal& l) { return (l.any_case ? lower : text).find(l.text) != text.npos; }))
          << pattern << " on " << text;
    }
  }
  EXPECT_GT(read, 3000);
  EXPECT_GT(matched, 300);
}

TEST(PlainText, UnescapesOrSaysThatItIsNone) {
  EXPECT_EQ(plain_text("a b_c-d"), "a b_c-d");
  EXPECT_EQ(plain_text(R"(net\.ipv4\.x)"), "net.ipv4.x");
  EXPECT_EQ(plain_text(R"(\d)"), std::nullopt);
  EXPECT_EQ(plain_text("a.b"), std::nullopt);
  EXPECT_EQ(plain_text("a\\"), std::nullopt);
}

}  // namespace
}  // namespace diag::sig
