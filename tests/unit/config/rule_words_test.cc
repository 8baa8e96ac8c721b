#include "config/rule_words.h"

#include <gtest/gtest.h>

namespace diag {
namespace {

std::string joined(std::string_view text) {
  const auto words = split_words(text);
  std::string out;
  for (const auto& word : words.list)
    out += "[" + word.text + "]" + std::to_string(word.column) + "-" + std::to_string(word.end) +
           (word.quoted ? "q " : " ");
  if (words.open_quote) out += "open " + std::to_string(words.open_quote);
  return out;
}

TEST(RuleWords, PartAtBlanksAndBindInDoubleQuotes) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", ""},
      {"   \t ", ""},
      {"-A INPUT", "[-A]1-3 [INPUT]4-9 "},
      {"-A\t INPUT ", "[-A]1-3 [INPUT]5-10 "},
      {R"(--log-prefix "a b")", "[--log-prefix]1-13 [a b]14-19q "},
      {R"("say \"hi\" \\")", R"([say "hi" \]1-16q )"},
      {R"(a"b c"d)", "[ab cd]1-8q "},
      {R"(--comment "open end)", R"([--comment]1-10 [open end]11-20q open 11)"},
      {R"("")", "[]1-3q "},
      {"--comment 'two words'", "[--comment]1-10 ['two]11-15 [words']16-22 "},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(joined(text), expected) << text;
}

TEST(RuleWords, CountColumnsFromTheLine) { EXPECT_EQ(split_words("x y", 8).list[1].column, 10u); }

}  // namespace
}  // namespace diag
