#include "signature/toml_text.h"

#include <gtest/gtest.h>

// The oracle stops at some wrong texts instead of refusing them.
#define TOML_ASSERT(expression) static_cast<void>(0)
#include <toml++/toml.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>

namespace diag::sig {
namespace {

// One form for both readers: keys sorted, types and values spelled out.
std::string spelled(const Node& n) {
  std::string out;
  switch (n.type) {
    case Node::Type::string:
      return '"' + n.text + '"';
    case Node::Type::integer:
      return "int " + std::to_string(n.number);
    case Node::Type::number:
      return "float " + std::to_string(n.number);
    case Node::Type::flag:
      return n.flag ? "true" : "false";
    case Node::Type::date:
      return "date";
    case Node::Type::array:
      for (const Node& item : n.items) out += spelled(item) + ',';
      return '[' + out + ']';
    case Node::Type::table:
      break;
  }
  std::map<std::string, const Node*> sorted;
  for (const Entry& e : n.entries) sorted[e.key] = &e.value;
  for (const auto& [key, value] : sorted) out += key + '=' + spelled(*value) + ',';
  return '{' + out + '}';
}

std::string spelled(const toml::node& n) {
  std::string out;
  if (const auto* v = n.as_string()) return '"' + v->get() + '"';
  if (const auto* v = n.as_integer()) return "int " + std::to_string(static_cast<double>(v->get()));
  if (const auto* v = n.as_floating_point()) return "float " + std::to_string(v->get());
  if (const auto* v = n.as_boolean()) return v->get() ? "true" : "false";
  if (const auto* v = n.as_array()) {
    for (const auto& item : *v) out += spelled(item) + ',';
    return '[' + out + ']';
  }
  if (const auto* v = n.as_table()) {
    std::map<std::string, const toml::node*> sorted;
    for (const auto& [key, value] : *v) sorted[std::string(key.str())] = &value;
    for (const auto& [key, value] : sorted) out += key + '=' + spelled(*value) + ',';
    return '{' + out + '}';
  }
  return "date";
}

std::string ours(const std::string& text) {
  Mistakes mistakes("f");
  const auto root = read_toml(text, mistakes);
  return root ? spelled(*root) : "refused";
}

std::string theirs(const std::string& text) {
  try {
    return spelled(static_cast<const toml::node&>(toml::parse(text)));
  } catch (const toml::parse_error&) {
    return "refused";
  }
}

TEST(TomlText, ReadsAsTomlPlusPlusDoes) {
  for (const std::string& text : {
           std::string("a = 1\nb = 'x'"),
           std::string("a.b.c = 1\na.b.d = 2\n[a.x]\ny = 1"),
           std::string("[a]\n[a]\n"),
           std::string("[a.b]\n[a]\nc = 1"),
           std::string("[a.b]\n[a]\nb.c = 1"),
           std::string("a.b = 1\n[a]\n"),
           std::string("a.b = 1\n[a.c]\nd = 1"),
           std::string("[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 3"),
           std::string("a = [1, 2]\n[[a]]"),
           std::string("a = {b = 1}\n[a.c]"),
           std::string("a = {b.c = 1, b.d = 2}\na.b.e = 3"),
           std::string("a = { b = 1, }"),
           std::string("a = [1, 2, ]  # x\n"),
           std::string("a = [\n 1, # one\n 2\n]\n"),
           std::string("a = \"x\\ty\\u00e4\\\\\""),
           std::string("a = \"\\d\""),
           std::string("a = \"\"\"\nx\n y\\\n   z\"\"\"\""),
           std::string("a = '''\nit's'''"),
           std::string("a = 'no end\nb = 1"),
           std::string("'a b' = 1\n\"c.d\".e = 2"),
           std::string("a = 1 b = 2"),
           std::string("a = 1\na = 2"),
           std::string("= 1"),
           std::string("a ="),
           std::string("a = 0x1f\nb = 0o17\nc = 0b101\nd = 1_000\ne = -17\nf = +3"),
           std::string("a = 01"),
           std::string("a = 1__0"),
           std::string("a = _1"),
           std::string("a = 1.5\nb = -2e3\nc = 6.02E+23\nd = 1_0.5"),
           std::string("a = 1."),
           std::string("a = .5"),
           std::string("a = 1e"),
           std::string("a = 99999999999999999999"),
           std::string("a = 2021-09-30\nb = 2021-09-30T12:00:00Z\nc = 2021-09-30 12:00:00\nd = 12:00:00"),
           std::string("a = true\nb = false\nc = True"),
           std::string("\xef\xbb\xbf"
                       "a = 1"),
           std::string("a = '\xff'"),
           std::string("a = '\xc3\xa4'"),
           std::string("a = 1\r\nb = 2\r\n"),
           std::string("a = '\x01'"),
           std::string("# only\n\n  \t"),
           std::string("[a"),
           std::string("[a]]"),
           std::string("[]"),
           std::string("a = {}\nb = []\nc = [[]]\nd = [{}]"),
           std::string("a = {\nb = 1}"),
           std::string("a = inf\nb = -inf"),
           std::string("a = 'x'y"),
           std::string("[a.'b c'.d]\ne = 1"),
           std::string("a.b = 1\na.b.c = 2"),
           std::string("[a]\nb = 1\n[a.b]\n"),
           std::string("[[a.b]]\n[a]\nc = 1"),
       }) {
    EXPECT_EQ(ours(text), theirs(text)) << text;
  }
}

TEST(TomlText, ReadsAsTomlPlusPlusDoesOnRandomTexts) {
  constexpr std::string_view parts[] = {"a",
                                        "b",
                                        ".",
                                        " = ",
                                        "=",
                                        "1",
                                        "'x'",
                                        "\"y\"",
                                        "[",
                                        "]",
                                        "[[",
                                        "]]",
                                        "{",
                                        "}",
                                        ",",
                                        "\n",
                                        "\n",
                                        "#c",
                                        " ",
                                        "true",
                                        "1.5",
                                        "\"",
                                        "'",
                                        "\\n",
                                        "\"\"\"",
                                        "'''",
                                        "a.b",
                                        "a = 1\n",
                                        "[a]\n",
                                        "[a.b]\n",
                                        "[[a]]\n",
                                        "b.a = 1\n",
                                        "a = {b = 1}\n",
                                        "[b]\n",
                                        "a = [1, {b = 2}]\n",
                                        "-",
                                        "_",
                                        "0x1"};
  std::mt19937 random(3);
  int accepted = 0;
  for (int round = 0; round < 60'000; ++round) {
    std::string text;
    for (auto n = 1 + random() % 9; n > 0; --n) text += parts[random() % std::size(parts)];
    const std::string expected = theirs(text);
    accepted += expected != "refused";
    ASSERT_EQ(ours(text), expected) << text;
  }
  EXPECT_GT(accepted, 3'000);
}

TEST(TomlText, ReadsTheSignaturesAsTomlPlusPlusDoes) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(DIAG_SOURCE_DIR "/signatures")) {
    if (entry.path().extension() != ".toml") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    EXPECT_EQ(ours(text), theirs(text)) << entry.path();
    ++files;
  }
  EXPECT_GT(files, 0U);
}

TEST(TomlText, KnowsThePlaceOfEachKeyAndValue) {
  Mistakes mistakes("f");
  const auto root = read_toml("# c\na = 1\n  [t.u]\n  k  =  [ 'x',\n 'y' ]\n[[r]]\n", mistakes);
  ASSERT_TRUE(root);
  const auto place = [](Place p) { return std::to_string(p.line) + ':' + std::to_string(p.column); };
  EXPECT_EQ(place(root->find("a")->at), "2:1");
  EXPECT_EQ(place(root->find("a")->value.at), "2:5");
  const Node& u = root->find("t")->value.find("u")->value;
  EXPECT_EQ(place(u.at), "3:3");
  EXPECT_EQ(place(u.find("k")->at), "4:3");
  EXPECT_EQ(place(u.find("k")->value.items[1].at), "5:2");
  EXPECT_EQ(place(root->find("r")->value.items[0].at), "6:1");
}

TEST(TomlText, MistakesAreNamed) {
  const struct {
    std::string text, message;
  } table[] = {
      {"a = \"x", "f:1:5: this string has no end"},
      {"a = 'x\nb = 1", "f:1:5: this string has no end"},
      {"a = '''x", "f:1:5: this string has no end"},
      {"a = \"\\d+\"", "f:1:6: there is no escape '\\d'; write patterns in single quotes"},
      {"a = \"\\u12\"", "f:1:6: '\\u12\"' is no character"},
      {"a = 1\n\na = 2", "f:3:1: 'a' stands twice; first in line 1"},
      {"[a]\n[a]", "f:2:2: 'a' stands twice; first in line 1"},
      {"a 1", "f:1:3: after the key 'a' comes '='"},
      {"a = ", "f:1:5: a value is missing: a string stands in quotes"},
      {"a = yes", "f:1:5: 'yes' is no value: a string stands in quotes"},
      {"a = 1 2", "f:1:7: the line should end here, not go on with '2'"},
      {"a = [1 2]", "f:1:8: between the items of an array stands ','"},
      {"a = [1,", "f:1:5: this array has no end"},
      {"a = {b = 1", "f:1:5: a table in braces ends in the line it begins in"},
      {"a = {b = 1 c = 2}", "f:1:12: between the values of a table in braces stands ','"},
      {"[a", "f:1:3: the header of a table ends with ']'"},
      {"?", "f:1:1: '?' begins no key"},
      {"a = 'x\x01'", "f:1:5: a control character in a string"},
      {"\n\na = '\xff'", "f:3: not UTF-8"},
  };
  for (const auto& row : table) {
    Mistakes mistakes("f");
    EXPECT_FALSE(read_toml(row.text, mistakes)) << row.text;
    ASSERT_EQ(mistakes.list().size(), 1U) << row.text;
    EXPECT_EQ(to_string(mistakes.list().front()), row.message);
  }
}

TEST(TomlText, BoundsHostileTexts) {
  Mistakes mistakes("f");
  EXPECT_FALSE(read_toml("a = " + std::string(100'000, '['), mistakes));
  EXPECT_FALSE(read_toml(std::string(100'000, '{'), mistakes));
  std::string keys;
  for (int i = 0; i < 5'000; ++i) keys += "k" + std::to_string(i) + " = 1\n";
  EXPECT_FALSE(read_toml(keys, mistakes));
  std::string dotted = "a";
  for (int i = 0; i < 5'000; ++i) dotted += ".a";
  EXPECT_FALSE(read_toml(dotted + " = 1", mistakes));
}

}  // namespace
}  // namespace diag::sig
