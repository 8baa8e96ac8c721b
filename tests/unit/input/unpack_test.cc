#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "support/archive_writer.h"
#include "unit/input/read_all.h"

namespace diag {
namespace {

using test::compressed;
using test::read_memory;

std::string numbered_lines(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += "kernel: line " + std::to_string(i * 7919 % 65536) + '\n';
  return out;
}

class Unpack : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(All, Unpack, testing::Values("gzip", "bzip2", "xz", "zstd"),
                         [](const auto& value) { return std::string(value.param); });

TEST_P(Unpack, GivesWhatWasPacked) {
  for (const auto& text : {std::string(), std::string("a line\n"), numbered_lines(50'000)}) {
    const auto got = read_memory(compressed(GetParam(), text));
    ASSERT_EQ(got.sources.size(), 1U);
    EXPECT_EQ(got.sources[0].name, "in");
    EXPECT_EQ(got.sources[0].error, "");
    EXPECT_EQ(got.error, "");
    EXPECT_TRUE(got.sources[0].text() == text);
  }
}

TEST_P(Unpack, StreamsBehindEachOther) {
  const auto got = read_memory(compressed(GetParam(), "one\n") + compressed(GetParam(), "two\n"));
  EXPECT_EQ(got.sources.at(0).text(), "one\ntwo\n");
  EXPECT_EQ(got.sources.at(0).error, "");
}

TEST_P(Unpack, LayersUpToThree) {
  auto bytes = std::string("deep\n");
  for (int layer = 1; layer <= 3; ++layer) {
    bytes = compressed(GetParam(), bytes);
    EXPECT_EQ(read_memory(bytes).sources.at(0).text(), "deep\n") << layer;
  }
  const auto mixed = compressed("gzip", compressed("xz", compressed("gzip", compressed("bzip2", "deep\n"))));
  const auto got = read_memory(mixed);
  EXPECT_EQ(got.sources.at(0).text(), "");
  EXPECT_EQ(got.sources.at(0).error, "compressed more than 3 times over");
}

TEST_P(Unpack, BrokenOffAtAnyByte) {
  const auto text = numbered_lines(100);
  const auto bytes = compressed(GetParam(), text);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto got = read_memory(std::string_view(bytes).substr(0, size));
    ASSERT_EQ(got.sources.size(), 1U);
    const auto& source = got.sources[0];
    const bool looks_like_text = size == 0 || (size < 10 && bytes[0] == 'B') || (size == 1 && bytes[0] == '(');
    if (looks_like_text) continue;
    EXPECT_EQ(source.error, "truncated " + std::string(GetParam()) + " input") << size;
    EXPECT_TRUE(text.starts_with(source.text().substr(0, source.bytes))) << size;
  }
}

TEST_P(Unpack, GivesWhatStandsBeforeTheDamage) {
  const auto text = numbered_lines(100'000);  // bzip2 packs 900 kB together
  const auto bytes = compressed(GetParam(), text);
  auto damaged = bytes;
  for (std::size_t i = 0; i < 4096; ++i) damaged[bytes.size() / 2 + i] = '\xff';
  const struct {
    const char* what;
    std::string bytes;
  } cases[] = {{"truncated", bytes.substr(0, bytes.size() / 2)}, {"damaged", damaged}};
  for (const auto& c : cases) {
    const auto source = read_memory(c.bytes).sources.at(0);
    EXPECT_THAT(source.error, testing::StartsWith(c.what));
    EXPECT_GT(source.lines.size(), 5'000U) << c.what;
    if (c.bytes.size() < bytes.size()) {
      EXPECT_TRUE(text.starts_with(source.text().substr(0, source.bytes)));
    }
  }
}

TEST_P(Unpack, SaysWhere) {
  SourceTable sources;
  const auto bytes = compressed(GetParam(), numbered_lines(100));
  const auto input = open_memory("messages.packed", std::string_view(bytes).substr(0, bytes.size() - 9), sources);
  Source* source = input->next();
  while (source->next()) EXPECT_FALSE(source->error());
  ASSERT_TRUE(source->error());
  EXPECT_EQ(source->error()->code, Error::Code::malformed);
  EXPECT_EQ(source->error()->where, "messages.packed");
}

TEST_P(Unpack, NoByteFlippedCrashes) {
  const auto bytes = compressed(GetParam(), numbered_lines(50));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    auto damaged = bytes;
    damaged[at] = static_cast<char>(~damaged[at]);
    EXPECT_LE(read_memory(damaged).sources.size(), 1U);
  }
}

TEST(Unpack, WhatIsNotReadIsSaid) {
  const auto got = read_memory("7z\xbc\xaf\x27\x1c and so on\n");
  EXPECT_EQ(got.sources.at(0).lines.size(), 0U);
  EXPECT_EQ(got.sources.at(0).error, "7z input is not read");
}

}  // namespace
}  // namespace diag
