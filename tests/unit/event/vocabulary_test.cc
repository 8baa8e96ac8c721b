#include "event/vocabulary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

namespace diag {
namespace {

std::vector<KindSpec> all_kinds() {
  std::vector<KindSpec> out;
  for (const auto table : {kernel_kinds(), log_kinds(), config_kinds(), probe_kinds()})
    out.insert(out.end(), table.begin(), table.end());
  return out;
}

TEST(Vocabulary, FindsKindsAndFields) {
  ASSERT_NE(find_kind("log.message"), nullptr);
  EXPECT_EQ(find_kind("log.massage"), nullptr);
  EXPECT_EQ(find_kind(""), nullptr);
  EXPECT_EQ(find_field("log.message", "text")->type, FieldType::text);
  EXPECT_EQ(find_field("soft_lockup", "seconds")->type, FieldType::number);
  EXPECT_EQ(find_field("gpf", "seconds"), nullptr);
  EXPECT_EQ(find_field("gpf", "function")->type, FieldType::symbol);
  EXPECT_EQ(find_field("log.message", "function"), nullptr) << "only kernel events have one";
  EXPECT_EQ(find_field("iptables.rule", "kernel.stream")->type, FieldType::name) << "every event has the common fields";
  EXPECT_EQ(find_field("", "reject_with")->type, FieldType::name) << "of any kind";
  EXPECT_EQ(find_field("", "nonsense"), nullptr);
}

TEST(Vocabulary, FunctionAndItsNameAreOneField) {
  ASSERT_NE(find_field("gpf", "function.name"), nullptr);
  EXPECT_EQ(find_field("gpf", "culprit.name"), find_field("gpf", "culprit"));
}

TEST(Vocabulary, ClassesHoldKernelKindsEachInOneClass) {
  std::multiset<std::string_view> members;
  for (const auto name : class_names()) {
    EXPECT_FALSE(class_members(name).empty()) << name;
    EXPECT_EQ(find_kind(name), nullptr) << name << " is a class and a kind";
    for (const auto member : class_members(name)) members.insert(member);
  }
  for (const auto member : members) {
    EXPECT_EQ(members.count(member), 1U) << member;
    EXPECT_NE(find_kind(member), nullptr) << member;
    EXPECT_TRUE(is_kernel_kind(member));
  }
  for (const KindSpec& kind : kernel_kinds()) EXPECT_EQ(members.count(kind.name), 1U) << kind.name << " is in no class";
  EXPECT_TRUE(class_members("log.message").empty());
}

TEST(Vocabulary, NamesAreUniqueAndWellFormed) {
  std::set<std::string_view> kinds;
  for (const KindSpec& kind : all_kinds()) {
    EXPECT_TRUE(kinds.insert(kind.name).second) << kind.name;
    EXPECT_FALSE(kind.meaning.empty()) << kind.name;
    std::set<std::string_view> fields;
    for (const FieldSpec& f : kind.fields) {
      EXPECT_TRUE(fields.insert(f.name).second) << kind.name << ' ' << f.name;
      EXPECT_FALSE(f.meaning.empty()) << kind.name << ' ' << f.name;
      EXPECT_THAT(std::string(f.name), testing::MatchesRegex("[a-z][a-z0-9_.]*")) << kind.name;
    }
  }
}

// A field with the name of a key could not be tested.
TEST(Vocabulary, NoFieldIsCalledLikeAKeyOfAClause) {
  constexpr std::string_view keys[] = {"kind",     "any",     "none",      "path",       "path_top", "path_repeats",
                                       "near",     "scope",   "count",     "in",         "per",      "as",
                                       "makes",    "either",  "leaves",    "if_unknown", "lasts",    "ask",
                                       "count_of", "because", "unverified"};
  const auto check = [&](std::string_view kind, std::span<const FieldSpec> fields) {
    for (const FieldSpec& f : fields) {
      EXPECT_EQ(std::ranges::find(keys, f.name), std::end(keys)) << kind << ' ' << f.name;
    }
  };
  check("every event", common_fields());
  check("every kernel event", kernel_fields());
  for (const KindSpec& kind : all_kinds()) check(kind.name, kind.fields);
}

TEST(Vocabulary, ThePageOfTheManualIsFresh) {
  std::ifstream in(DIAG_SOURCE_DIR "/docs/events.md", std::ios::binary);
  const std::string page((std::istreambuf_iterator<char>(in)), {});
  EXPECT_TRUE(page == vocabulary_page()) << "docs/events.md is old: sigcheck events > docs/events.md";
}

}  // namespace
}  // namespace diag
