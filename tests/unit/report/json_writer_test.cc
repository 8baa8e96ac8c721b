#include "report/json_writer.h"

#include <gtest/gtest.h>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

namespace diag {
namespace {

using nlohmann::json;

std::string written(std::string_view text) {
  JsonWriter w;
  w.value(text);
  return w.take();
}

TEST(JsonWriter, EscapesWhateverIsNotPlainAscii) {
  struct {
    std::string_view input;
    std::string_view expected;
  } const table[] = {
      {"", R"("")"},
      {"plain ~ text", R"("plain ~ text")"},
      {R"(a"b\c/d)", R"("a\"b\\c/d")"},
      {"a\nb\rc\td", R"("a\nb\rc\td")"},
      {"\x1b[31mred", R"("\u001b[31mred")"},
      {std::string_view("\0", 1), R"("\u0000")"},
      {"\x7f", R"("\u007f")"},
      {"\xc2\x9b"
       "31m",
       R"("\u009b31m")"},  // C1: an escape sequence in one character
      {"\xc2\xa0x", R"("\u00a0x")"},
      {"\xe2\x80\xae", R"("\u202e")"},  // right-to-left override
      {"\xf0\x9f\x92\xa5", R"("\ud83d\udca5")"},
      {"\xff", R"("\ufffd")"},
      {"\xed\xa0\x80", R"("\ufffd\ufffd\ufffd")"},  // a surrogate is not UTF-8
  };
  for (const auto& row : table) EXPECT_EQ(written(row.input), row.expected) << row.input;
}

TEST(JsonWriter, EveryStringOfBytesComesBackAsValidUtf8) {
  std::string all;
  for (int c = 0; c < 256; ++c) all += {static_cast<char>(c), static_cast<char>(255 - c), '\x80'};
  const auto read = json::parse(written(all));
  EXPECT_EQ(read.get<std::string>().substr(0, 1), std::string(1, '\0'));
  EXPECT_NO_THROW(read.dump());  // throws on bad UTF-8
  EXPECT_EQ(json::parse(written("\xc3\xa9t\xc3\xa9 \xf0\x9f\x92\xa5")).get<std::string>(),
            "\xc3\xa9t\xc3\xa9 \xf0\x9f\x92\xa5");
}

TEST(JsonWriter, NumbersStayNumbers) {
  struct {
    double input;
    std::string_view expected;
  } const table[] = {{0, "0"},
                     {3, "3"},
                     {-2, "-2"},
                     {0.25, "0.25"},
                     {12345.678, "12345.678"},
                     {18446744073, "18446744073"},
                     {1e15, "1000000000000000"},
                     {1e300, "1e+300"},
                     {std::nan(""), "null"},
                     {INFINITY, "null"}};
  for (const auto& row : table) {
    JsonWriter w;
    w.value(row.input);
    EXPECT_EQ(w.take(), row.expected);
  }
  JsonWriter w;
  w.value(18446744073709551615ULL);
  EXPECT_EQ(w.take(), "18446744073709551615");
}

TEST(JsonWriter, OneLineOrSpread) {
  const auto write = [](int spread) {
    JsonWriter w(spread);
    w.begin_object();
    w.member("a", 1);
    w.member_or_null("b", "");
    w.key("c");
    w.begin_array();
    w.value(true);
    w.begin_object();
    w.end_object();
    w.value(std::optional<int>());
    w.end_array();
    w.key("d");
    w.begin_array();
    w.end_array();
    w.end_object();
    return w.take();
  };
  EXPECT_EQ(write(0), R"({"a": 1, "b": null, "c": [true, {}, null], "d": []})");
  EXPECT_EQ(write(1), R"({
  "a": 1,
  "b": null,
  "c": [true, {}, null],
  "d": []
})");
  EXPECT_EQ(write(9), R"({
  "a": 1,
  "b": null,
  "c": [
    true,
    {},
    null
  ],
  "d": []
})");
}

}  // namespace
}  // namespace diag
