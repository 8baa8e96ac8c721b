#include "diag/signature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "signature/glob.h"
#include "signature/lint.h"
#include "signature/signature_store.h"
#include "unit/signature/facts_builder.h"

namespace diag::sig {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string signature(const std::string& id, const std::string& rest, const std::string& severity = "info") {
  return "id = '" + id + "'\ntitle = 't'\nseverity = '" + severity +
         "'\nconfidence = 'likely'\nsummary = 's'\nreferences = ['r']\n" + rest;
}

std::string on_text(const std::string& id, const std::string& patterns, const std::string& head = "") {
  return signature(id, head + "[event]\nkind = 'log.message'\ntext = " + patterns + "\nbecause = 'b'\n");
}

TEST(SignatureSet, KeepsGoodFilesAndNamesTheMistakesOfOthers) {
  SignatureSet set;
  EXPECT_TRUE(set.add(on_text("a.x", "'table full'"), "x.toml", "a.x"));
  EXPECT_FALSE(set.add(on_text("a.y", "'table ('"), "y.toml", "a.y"));
  EXPECT_FALSE(set.add(on_text("a.x", "'other text'"), "z.toml", ""));
  EXPECT_THAT(set.ids(), ElementsAre("a.x"));
  ASSERT_EQ(set.mistakes().size(), 2U);
  EXPECT_EQ(to_string(set.mistakes()[0]), "y.toml:9:8: bad pattern: missing ): table (");
  EXPECT_EQ(to_string(set.mistakes()[1]), "z.toml: the id 'a.x' is taken by x.toml");
  EXPECT_EQ(set.find("a.x")->id, "a.x");
  EXPECT_EQ(set.find("a.z"), nullptr);
}

TEST(SignatureSet, WantsOnlyMessagesThatASignatureReads) {
  SignatureSet set;
  set.add(on_text("a.x", "['(?:ip|nf)_conntrack: table full', '(?i)possible SYN flooding']"), "x.toml", "");
  set.add(on_text("a.y", "'^.{3}$'", "slow = true\n"), "y.toml", "");
  set.add(signature("a.z",
                    "[event]\nkind = 'log.message'\nany = [{ text = 'first spelling' }, { text = 'second spelling' "
                    "}]\nbecause = 'b'\n"
                    "[[support]]\nkind = 'log.message'\ntext = 'port {host} is down'\nbecause = 'b'\n"),
          "z.toml", "");
  for (const Mistake& m : set.mistakes()) ADD_FAILURE() << to_string(m);
  const struct {
    std::string text;
    bool wanted;
  } table[] = {
      {"nf_conntrack: table full, dropping packet", true},
      {"nf_conntrack: table fill", false},
      {"Possible syn flooding on port 80", true},
      {"abc", true},  // a pattern without a literal
      {"abcd", false},
      {"the second spelling", true},
      {"port ata1 is down", true},  // the join is open until there is a subject
      {"port ata1 is up", false},
      {"", false},
  };
  for (const auto& row : table) EXPECT_EQ(set.wants_message(row.text), row.wanted) << row.text;
  set.select({}, {"a.y"});
  EXPECT_FALSE(set.wants_message("abc"));
}

TEST(SignatureSet, SelectsByIdAndCode) {
  const auto select = [](const std::vector<std::string>& only, const std::vector<std::string>& skip) {
    SignatureSet set;
    set.add(on_text("kernel.net.a", "'text one'", "code = 'NET001'\n"), "a.toml", "");
    set.add(on_text("kernel.fs.b", "'text two'"), "b.toml", "");
    set.select(only, skip);
    return set.ids();
  };
  EXPECT_THAT(select({}, {}), ElementsAre("kernel.fs.b", "kernel.net.a"));
  EXPECT_THAT(select({"kernel.net.*"}, {}), ElementsAre("kernel.net.a"));
  EXPECT_THAT(select({"NET*"}, {}), ElementsAre("kernel.net.a"));
  EXPECT_THAT(select({"kernel.*"}, {"*.b"}), ElementsAre("kernel.net.a"));
  EXPECT_THAT(select({"nothing"}, {}), IsEmpty());
}

// Loading is what is tested here, so these files are real ones.
TEST(SignatureSet, LoadsAFolderRecursively) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(testing::TempDir()) / "signature_set_test";
  fs::remove_all(folder);
  fs::create_directories(folder / "kernel/net");
  const auto write = [&](const std::string& name, const std::string& text) { std::ofstream(folder / name) << text; };
  for (int i = 0; i < 60; ++i) {  // enough for two threads
    const std::string n = std::to_string(i);
    write("kernel/net/x" + n + ".toml", on_text("kernel.net.x" + n, "'text number " + n + "'"));
  }
  write("kernel/wrong-id.toml", on_text("kernel.other", "'some text'"));
  write("kernel/net/x1.first.case", "not read\n");
  const auto set = SignatureSet::load(folder.string());
  ASSERT_TRUE(set);
  EXPECT_EQ(set->size(), 60U);
  ASSERT_EQ(set->mistakes().size(), 1U);
  EXPECT_THAT(
      to_string(set->mistakes()[0]),
      HasSubstr("wrong-id.toml:1:6: the id is 'kernel.other', but the place of the file makes it 'kernel.wrong-id'"));
  const auto none = SignatureSet::load((folder / "absent").string());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Error::Code::not_found);
  fs::remove_all(folder);
}

TEST(Glob, StarsCrossDots) {
  const struct {
    std::string_view glob, text;
    bool expected;
  } table[] = {
      {"*", "a.b", true},
      {"a.*", "a.b.c", true},
      {"*.c", "a.b.c", true},
      {"a?b", "a.b", true},
      {"a*c*e", "abcde", true},
      {"a*c*f", "abcde", false},
      {"", "", true},
      {"", "a", false},
      {"a", "ab", false},
      {"**b", "aab", true},
      {"*a*a*a*a*a*b", std::string_view("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), false},
  };
  for (const auto& row : table)
    EXPECT_EQ(matches_glob(row.glob, row.text), row.expected) << row.glob << ' ' << row.text;
}

std::vector<std::string> lint_of(const std::string& toml, const Exercise* exercise = nullptr) {
  SignatureSet set;
  set.add(toml, "a.toml", "");
  for (const Mistake& m : set.mistakes()) ADD_FAILURE() << to_string(m);
  std::vector<Mistake> out;
  if (exercise)
    lint_cases(*set.data().signatures.front(), *exercise, out);
  else
    lint(*set.data().signatures.front(), set, out);
  std::vector<std::string> messages;
  for (const Mistake& m : out) messages.push_back(to_string(m));
  return messages;
}

TEST(Lint, RulesThatNeedNoCase) {
  EXPECT_THAT(lint_of(on_text("a", "'table full'")), IsEmpty());
  EXPECT_THAT(
      lint_of(signature("a", "[event]\nkind = 'gpf'\ntask.comm = 'x'\nbecause = 'b'\n")),
      ElementsAre("a.toml:7:1: [event] tests nothing of the event's own: add its text, function, path, or a number"));
  EXPECT_THAT(lint_of(on_text("a", "'a.c'")),
              ElementsAre(HasSubstr("'a.c' has no four bytes that every match contains")));
  EXPECT_THAT(lint_of(on_text("a", "'a.c'", "slow = true\n")), IsEmpty());
  EXPECT_THAT(lint_of(on_text("a", "'table full'", "over = ['b']\n")),
              ElementsAre("a.toml:7:9: 'over' names no signature 'b'; it may be 'a'"));
  EXPECT_THAT(
      lint_of(signature("a",
                        "[event]\nkind = 'gpf'\nfunction = 'f'\nbecause = 'b'\n[[step]]\ndo = 'x'\nrisk = 'none'\n",
                        "critical")),
      ElementsAre("a.toml:11:1: a step of a critical signature says how to see that it worked: 'check' is missing",
                  "a.toml:11:1: a step of a critical signature says how to take it back: 'undo' is missing"));
  const std::string exclude =
      "[event]\nkind = 'gpf'\nfunction = 'f'\nbecause = 'b'\n[[exclude]]\nkind = 'host.boot'\nbecause = 'b'\n";
  EXPECT_THAT(lint_of(signature("a", exclude + "near = '60 s after'\n")),
              ElementsAre(HasSubstr("exclude 1 looks beyond the subject")));
  EXPECT_THAT(lint_of(signature("a", exclude + "near = '60 s after'\nif_unknown = 'likely'\n")), IsEmpty());
  EXPECT_THAT(lint_of(signature("a", exclude + "near = '60 s before'\n")), IsEmpty());
}

TEST(Lint, RulesOfCases) {
  const std::string toml =
      signature("a.b",
                "[affects]\nkernel = 'el6 < 279'\n[event]\nkind = 'gpf'\nfunction = 'f'\nbecause = 'b'\n"
                "[[support]]\nmakes = 'certain'\ncpu = 1\nbecause = 'b'\n"
                "[[support]]\nkind = 'mysql.login'\nmakes = 'certain'\nanswer = 'x'\nbecause = 'b'\n");
  const Exercise nothing;
  EXPECT_THAT(
      lint_of(toml, &nothing),
      ElementsAre("a.toml: no case hits it: write one that says EXPECT: a.b",
                  "a.toml:9:1: no near miss for event.function: write a case that says NEAR: a.b event.function",
                  "a.toml:7:1: no near miss for affects: write a case that says NEAR: a.b affects",
                  "a.toml:13:1: no near miss for support 1: write a case that says NEAR: a.b support 1",
                  "a.toml:11:1: no case exercises 'f' of event"))
      << "what only a live server states cannot stand in a case";
  const Exercise all{{"a.b"}, {{"a.b", {"affects", "event.kind", "support 1"}}}};
  EXPECT_THAT(lint_of(toml, &all), ElementsAre("a.toml:11:1: no case exercises 'f' of event"));
}

}  // namespace
}  // namespace diag::sig
