#include "input/line_splitter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "unit/input/read_all.h"

namespace diag {
namespace {

using namespace std::string_literals;
using test::read_memory;
using testing::ElementsAre;
using testing::IsEmpty;

struct Given {
  std::string text;
  std::uint64_t line, offset;
  bool cut;

  friend bool operator==(const Given&, const Given&) = default;
  friend void PrintTo(const Given& g, std::ostream* out) {
    *out << g.line << '@' << g.offset << (g.cut ? " cut " : " ") << testing::PrintToString(g.text.substr(0, 50));
  }
};

std::vector<Given> lines_of(const std::string& bytes, std::size_t limit = 1 << 20) {
  SourceTable sources;
  Limits limits;
  limits.line = limit;
  const auto input = open_memory("in", bytes, sources, limits);
  Source* source = input->next();
  std::vector<Given> out;
  while (const Line* line = source->next()) {
    out.push_back({std::string(line->text), line->at.line, line->at.offset, line->cut});
  }
  return out;
}

TEST(Lines, EndAtNewlines) {
  const struct {
    std::string bytes;
    std::vector<Given> expected;
  } cases[] = {
      {"", {}},
      {"\n", {{"", 1, 0, false}}},
      {"a", {{"a", 1, 0, false}}},
      {"a\n", {{"a", 1, 0, false}}},
      {"a\nb", {{"a", 1, 0, false}, {"b", 2, 2, false}}},
      {"a\n\n\nb\n", {{"a", 1, 0, false}, {"", 2, 2, false}, {"", 3, 3, false}, {"b", 4, 4, false}}},
      {"a\r\nb\r\n", {{"a\r", 1, 0, false}, {"b\r", 2, 3, false}}},
      {"a\rb\n", {{"a\rb", 1, 0, false}}},
      {"a\0b\n\0"s, {{"a\0b"s, 1, 0, false}, {"\0"s, 2, 4, false}}},
      {"\xff\x80\n", {{"\xff\x80", 1, 0, false}}},
      {"\xef\xbb\xbf"
       "a\nb\n",
       {{"a", 1, 3, false}, {"b", 2, 5, false}}},  // the mark is dropped, not its offset
      {"\xef\xbb\xbf", {}},
      {"\xef\xbb"
       "a\n",
       {{"\xef\xbb"
         "a",
         1, 0, false}}},
      {"a\n\xef\xbb\xbf"
       "b\n",
       {{"a", 1, 0, false},
        {"\xef\xbb\xbf"
         "b",
         2, 2, false}}},
  };
  for (const auto& c : cases) EXPECT_EQ(lines_of(c.bytes), c.expected) << testing::PrintToString(c.bytes);
}

TEST(Lines, LongOnesComeInPieces) {
  const struct {
    std::string bytes;
    std::vector<Given> expected;
  } cases[] = {
      {"abcd\n", {{"abcd", 1, 0, false}}},
      {"abcd", {{"abcd", 1, 0, false}}},
      {"abcde\nf", {{"abcd", 1, 0, true}, {"e", 1, 4, false}, {"f", 2, 6, false}}},
      {"abcdefgh\ni\n", {{"abcd", 1, 0, true}, {"efgh", 1, 4, false}, {"i", 2, 9, false}}},
      {"abcdefghi", {{"abcd", 1, 0, true}, {"efgh", 1, 4, true}, {"i", 1, 8, false}}},
      {"\nabcde\n\n", {{"", 1, 0, false}, {"abcd", 2, 1, true}, {"e", 2, 5, false}, {"", 3, 7, false}}},
  };
  for (const auto& c : cases) EXPECT_EQ(lines_of(c.bytes, 4), c.expected) << c.bytes;
  EXPECT_EQ(lines_of("ab", 0), (std::vector<Given>{{"a", 1, 0, true}, {"b", 1, 1, false}}));
}

TEST(Lines, OneNoteForALineInPieces) {
  Limits limits;
  limits.line = 4;
  EXPECT_THAT(read_memory("ab\nabcdefghijk\nabcde", limits).sources.at(0).skipped,
              ElementsAre("a line of 11 bytes was read in pieces", "a line of 5 bytes was read in pieces"));
  EXPECT_THAT(read_memory("abcd\n", limits).sources.at(0).skipped, IsEmpty());

  SourceTable sources;
  const auto input = open_memory("in", "ab\nabcde\n", sources, limits);
  Source* source = input->next();
  while (source->next()) {
  }
  ASSERT_EQ(source->skipped().size(), 1U);
  EXPECT_EQ(source->skipped()[0].first_line, 2U);
  EXPECT_EQ(source->skipped()[0].last_line, 2U);
}

TEST(Lines, NotesAreBounded) {
  std::string bytes;
  for (int i = 0; i < 5000; ++i) bytes += "abcde\n";
  Limits limits;
  limits.line = 4;
  const auto source = read_memory(bytes, limits).sources.at(0);
  EXPECT_EQ(source.lines.size(), 5000U);
  ASSERT_EQ(source.skipped.size(), input::SkipList::most + 1);
  EXPECT_EQ(source.skipped.back(), "4000 more like these");
}

// The law behind the cases above: every byte is in a line or is a newline, and stands where its offset says.
TEST(Lines, LoseNothingAtBlockBoundaries) {
  for (const std::size_t length : {9UL, 4095UL, 100'003UL, 262'143UL, 262'144UL, 262'145UL, 700'001UL}) {
    for (const std::size_t limit : {1000UL, 300'000UL}) {
      std::string bytes;
      for (char c = 'a'; bytes.size() < 800'000; c = c == 'z' ? 'a' : static_cast<char>(c + 1)) {
        bytes += std::string(length, c) + '\n';
      }
      std::string again;
      std::uint64_t number = 0;
      bool cut = false;
      for (const auto& line : lines_of(bytes, limit)) {
        ASSERT_EQ(line.offset, again.size());
        ASSERT_EQ(line.line, cut ? number : number + 1);
        ASSERT_LE(line.text.size(), limit);
        number = line.line;
        cut = line.cut;
        again += line.text;
        if (!cut) again += '\n';
      }
      EXPECT_TRUE(again == bytes) << length << ' ' << limit;
    }
  }
}

TEST(Lines, AGiantOneIsGivenInFull) {
  constexpr std::size_t size = 20'971'520;
  SourceTable sources;
  const std::string bytes(size, 'x');
  const auto input = open_memory("in", bytes, sources);
  Source* source = input->next();
  std::size_t given = 0, pieces = 0;
  while (const Line* line = source->next()) {
    EXPECT_EQ(line->at.line, 1U);
    EXPECT_LE(line->text.size(), Limits{}.line);
    given += line->text.size();
    ++pieces;
  }
  EXPECT_EQ(given, size);
  EXPECT_EQ(pieces, 20U);
  ASSERT_EQ(source->skipped().size(), 1U);
  EXPECT_EQ(source->skipped()[0].reason, "a line of 20971520 bytes was read in pieces");
  EXPECT_EQ(source->lines(), 1U);
}

TEST(Lines, AreCounted) {
  SourceTable sources;
  const auto input = open_memory("in", "ab\ncd", sources);
  Source* source = input->next();
  EXPECT_EQ(source->lines(), 0U);
  EXPECT_EQ(source->bytes(), 0U);
  source->next();
  EXPECT_EQ(source->lines(), 1U);
  EXPECT_EQ(source->bytes(), 3U);
  source->next();
  EXPECT_EQ(source->next(), nullptr);
  EXPECT_EQ(source->next(), nullptr);
  EXPECT_EQ(source->lines(), 2U);
  EXPECT_EQ(source->bytes(), 5U);
}

TEST(Peek, ConsumesNothing) {
  SourceTable sources;
  const auto input = open_memory("in", "one\ntwo\n", sources);
  Source* source = input->next();
  EXPECT_EQ(source->peek(), "one\ntwo\n");
  EXPECT_EQ(source->peek(), "one\ntwo\n");
  EXPECT_EQ(source->next()->text, "one");
  EXPECT_EQ(source->peek(), "two\n");
  EXPECT_EQ(source->next()->text, "two");
  EXPECT_EQ(source->peek(), "");
  EXPECT_EQ(source->next(), nullptr);
}

TEST(Peek, GivesAtMost64KiB) {
  SourceTable sources;
  const std::string bytes(1 << 20, 'x');
  const auto input = open_memory("in", bytes, sources);
  EXPECT_EQ(input->next()->peek().size(), 64U << 10);
}

// Also where it has to read on: the line that was given last must not move.
TEST(Peek, LeavesTheLineAlone) {
  std::string bytes;
  for (int i = 0; i < 12'000; ++i) bytes += "line " + std::to_string(i) + std::string(50, '.') + '\n';
  SourceTable sources;
  const auto input = open_memory("in", bytes, sources);
  Source* source = input->next();
  std::size_t at = 0;
  while (const Line* line = source->next()) {
    const std::string_view text = line->text;
    const auto expected = std::string_view(bytes).substr(at, text.size());
    ASSERT_EQ(text, expected);
    at += text.size() + 1;
    const auto ahead = source->peek();
    ASSERT_EQ(ahead.size(), std::min<std::size_t>(bytes.size() - at, 64 << 10));
    ASSERT_EQ(ahead.substr(0, 70), std::string_view(bytes).substr(at, 70));
    ASSERT_EQ(source->peek().data(), ahead.data());
    ASSERT_EQ(text, expected);
    ASSERT_EQ(line->text.data(), text.data());
  }
  EXPECT_EQ(at, bytes.size());
}

}  // namespace
}  // namespace diag
