#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "support/archive_writer.h"
#include "unit/input/read_all.h"

namespace diag {
namespace {

using test::compressed;
using test::packed;
using test::read_memory;

std::string blank_lines(std::size_t bytes) {
  std::string out(bytes, ' ');
  for (std::size_t i = 999; i < bytes; i += 1000) out[i] = '\n';
  return out;
}

// Streams behind each other are one stream: a big bomb that is quickly made.
std::string bomb(std::string_view filter, int mebibytes) {
  const auto one = compressed(filter, blank_lines(1 << 20));
  std::string out;
  for (int i = 0; i < mebibytes; ++i) out += one;
  return out;
}

Limits at_most(std::uint64_t unpacked) {
  Limits limits;
  limits.unpacked = unpacked;
  return limits;
}

class Bombs : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(All, Bombs, testing::Values("gzip", "bzip2", "xz", "zstd"),
                         [](const auto& value) { return std::string(value.param); });

TEST_P(Bombs, StopAtTheSize) {
  const auto bytes = bomb(GetParam(), 4);
  const auto source = read_memory(bytes, at_most(1 << 20)).sources.at(0);
  EXPECT_EQ(source.error, "unpacks to more than 1048576 bytes");
  EXPECT_GT(source.bytes, 700'000U);
  EXPECT_LE(source.bytes, 1U << 20);
  EXPECT_EQ(read_memory(bytes, at_most(4 << 20)).sources.at(0).error, "");
}

TEST(Limits, Ratio) {
  for (const char* filter : {"gzip", "xz"}) {
    SourceTable sources;
    Limits limits;
    limits.ratio = 100;
    const auto bytes = bomb(filter, 80);
    const auto input = open_memory("in", bytes, sources, limits);
    Source* source = input->next();
    while (source->next()) {
    }
    EXPECT_EQ(source->error().value(), (Error{Error::Code::limit, "unpacks to more than 100 times its size", "in"}));
    EXPECT_GT(source->bytes(), 60U << 20);
    EXPECT_LT(source->bytes(), 70U << 20);
  }
}

TEST(Limits, SmallInputsMayPackBetter) {
  const auto bytes = bomb("zstd", 60);
  ASSERT_LT(bytes.size() * 2000, 60U << 20);
  EXPECT_EQ(read_memory(bytes).sources.at(0).error, "");
}

TEST(Limits, TheCodeIsLimit) {
  SourceTable sources;
  const auto bytes = compressed("gzip", blank_lines(4 << 20));
  const auto input = open_memory("in", bytes, sources, at_most(100));
  Source* source = input->next();
  while (source->next()) {
  }
  EXPECT_EQ(source->error().value(), (Error{Error::Code::limit, "unpacks to more than 100 bytes", "in"}));
}

// Also where each member alone would be harmless.
TEST(Limits, CountAllMembersTogether) {
  std::vector<test::Member> members;
  for (int i = 0; i < 10; ++i) members.push_back({"m" + std::to_string(i), compressed("gzip", blank_lines(1 << 20))});
  for (const char* format : {"ustar", "zip", "newc"}) {
    const auto got = read_memory(packed(format, members), at_most(3 << 20));
    EXPECT_EQ(got.sources.at(0).error, "") << format;
    EXPECT_EQ(got.sources.at(1).error, "") << format;
    EXPECT_EQ(got.sources.back().error, "unpacks to more than 3145728 bytes") << format;
  }
}

TEST(Limits, MembersOfAZipCount) {
  const auto got = read_memory(packed("zip", {{"a", blank_lines(4 << 20)}, {"b", "1\n"}}), at_most(1 << 20));
  EXPECT_EQ(got.sources.at(0).error, "unpacks to more than 1048576 bytes");
  EXPECT_EQ(got.error, "unpacks to more than 1048576 bytes");
  EXPECT_EQ(got.code, Error::Code::limit);
}

TEST(Limits, AnArchiveThatIsNotCompressedIsNoBomb) {
  const auto got = read_memory(packed("ustar", {{"a", blank_lines(4 << 20)}}), at_most(1 << 20));
  EXPECT_EQ(got.sources.at(0).error, "");
  EXPECT_EQ(got.sources.at(0).bytes, 4U << 20);
}

TEST(Limits, HolesOfSparseFilesCount) {
  const auto bytes = test::sparse_tar("log", blank_lines(8192), 8 << 20, "end\n");
  EXPECT_LT(bytes.size(), 100'000U);
  const auto whole = read_memory(bytes).sources.at(0);
  EXPECT_EQ(whole.error, "");
  EXPECT_EQ(whole.bytes, 8192U + (8U << 20) + 4);
  EXPECT_TRUE(whole.lines.back().ends_with(std::string("\0end", 4)));
  EXPECT_EQ(read_memory(bytes, at_most(1 << 20)).error, "unpacks to more than 1048576 bytes");
}

TEST(Limits, Members) {
  Limits limits;
  limits.members = 2;
  const auto two = read_memory(packed("ustar", {{"a", "1\n"}, {"b", "2\n"}}), limits);
  EXPECT_EQ(two.sources.size(), 2U);
  EXPECT_EQ(two.error, "");
  const auto three = read_memory(packed("ustar", {{"a", "1\n"}, {"b", "2\n"}, {"c", "3\n"}}), limits);
  EXPECT_EQ(three.sources.size(), 2U);
  EXPECT_EQ(three.error, "more than 2 members");
  EXPECT_EQ(three.code, Error::Code::limit);
}

TEST(Limits, ZeroIsNoDivision) {
  Limits limits;
  limits.ratio = 0;
  limits.line = 0;
  EXPECT_EQ(read_memory(compressed("gzip", "ab\n"), limits).sources.at(0).text(), "ab\n");
}

}  // namespace
}  // namespace diag
