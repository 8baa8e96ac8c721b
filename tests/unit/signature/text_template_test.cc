#include "signature/text_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace diag::sig {
namespace {

std::optional<std::string> value(std::string_view field) {
  if (field == "port") return "ata1";
  if (field == "error") return "UNC";
  if (field == "block.device") return "sda";
  if (field == "evil") return "x; rm -rf /";
  if (field == "escape") return "\x1b[31mred\nline";
  return std::nullopt;
}

const Words words = {{"ata", {{"UNC", "UNC (the sector cannot be read)"}}}};

std::string prose(const std::string& text) { return Template(text).render(value, words, Template::Use::prose); }
std::string command(const std::string& text) { return Template(text).render(value, words, Template::Use::command); }

TEST(Template, InsertsFields) {
  const struct {
    std::string text, expected;
  } table[] = {
      {"Disk on {port} is failing", "Disk on ata1 is failing"},
      {"{block.device}{port}", "sdaata1"},
      {"{unknown}", "<unknown>"},
      {"{unknown|nobody knows}", "nobody knows"},
      {"{unknown|}", ""},
      {"{port|nobody knows}", "ata1"},
      {"{error:ata}", "UNC (the sector cannot be read)"},
      {"{port:ata}", "ata1"},
      {"{unknown:ata|an error}", "an error"},
      {"awk '{print $1}' {{port} ${X} {a,b} {", "awk '{print $1}' {port} ${X} {a,b} {"},
      {"{Port}{2}{}", "{Port}{2}{}"},
      {"no insert", "no insert"},
      {"", ""},
  };
  for (const auto& row : table) EXPECT_EQ(prose(row.text), row.expected) << row.text;
}

TEST(Template, ValuesAreInput) {
  EXPECT_EQ(prose("say {escape}"), "say [31mredline");
  EXPECT_EQ(prose("say {evil}"), "say x; rm -rf /");
  EXPECT_EQ(command("rm {evil}"), "rm <evil>");
  EXPECT_EQ(command("smartctl -a /dev/{block.device|sdX}"), "smartctl -a /dev/sda");
  EXPECT_EQ(command("smartctl -a /dev/{unknown|sdX}"), "smartctl -a /dev/sdX");
}

TEST(Template, TellsItsInserts) {
  std::vector<std::string> fields;
  const Template t("{a} {b.c|x} {d:w} {{e}");
  for (const Insert* i : t.inserts()) fields.push_back(i->field);
  EXPECT_THAT(fields, testing::ElementsAre("a", "b.c", "d"));
  EXPECT_EQ(t.inserts()[2]->words, "w");
}

}  // namespace
}  // namespace diag::sig
