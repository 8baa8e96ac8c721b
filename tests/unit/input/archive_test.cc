#include "input/archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "support/archive_writer.h"
#include "unit/input/read_all.h"

namespace diag {
namespace {

using test::compressed;
using test::Member;
using test::packed;
using test::read_memory;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::StartsWith;
using testing::UnorderedElementsAre;

const std::vector<Member> sosreport = {
    {"host/", "", Member::directory},
    {"host/var/log/messages", "one\ntwo\n"},
    {"host/empty", ""},
    {"host/var/log/messages-20141120.gz", compressed("gzip", "old\n")},
    {"host/var/log/messages-20141119.xz", compressed("xz", "older\n")},
    {"host/var/log/secure.bz2", compressed("bzip2", "secure\n")},
    {"host/var/log/cron.zst", compressed("zstd", "cron\n")},
    {"host/no-newline", "last"},
    {"host/link", "var/log/messages", Member::symlink},
    {"host/dev/sda", "", Member::device},
    {"host/wtmp", std::string(5000, '\0')},
    {"host/vmlinuz.gz", compressed("gzip",
                                   "\x7f"
                                   "ELF" +
                                       std::string(9000, 'x'))},
    {"host/picture.png", "\x89PNG\r\n\x1a\n rest"},
    {"host/inner.tar", packed("ustar", {{"a", "b\n"}})},
    {"host/inner.tar.gz", packed("ustar", {{"a", "b\n"}}, "gzip")},
    {"host/old.7z", "7z\xbc\xaf\x27\x1c rest"},
    {"host/notes.utf16", std::string("\xff\xfe"
                                     "n\0o\0\n\0",
                                     8)},
};

const std::map<std::string, std::string> sosreport_texts = {
    {"in:host/var/log/messages", "one\ntwo\n"},
    {"in:host/empty", ""},
    {"in:host/var/log/messages-20141120.gz", "old\n"},
    {"in:host/var/log/messages-20141119.xz", "older\n"},
    {"in:host/var/log/secure.bz2", "secure\n"},
    {"in:host/var/log/cron.zst", "cron\n"},
    {"in:host/no-newline", "last\n"},
    {"in:host/notes.utf16", "no\n"},
};

// What this format can hold of it.
std::vector<Member> sosreport_for(std::string_view format) {
  auto members = sosreport;
  if (format == "v7tar" || format == "zip") {
    std::erase_if(members, [](const Member& m) { return m.kind == Member::device; });
  }
  return members;
}

void expect_sosreport(const test::ReadInput& got) {
  EXPECT_EQ(got.texts(), sosreport_texts);
  EXPECT_EQ(got.error, "");
  EXPECT_THAT(got.skipped, ElementsAre("binary member host/wtmp", "binary member host/vmlinuz.gz",
                                       "binary member host/picture.png", "nested tar member host/inner.tar",
                                       "nested tar member host/inner.tar.gz", "7z member host/old.7z"));
}

class Archives : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(All, Archives, testing::Values("ustar", "pax", "gnutar", "v7tar", "newc", "odc", "bin", "zip"),
                         [](const auto& value) { return std::string(value.param); });

TEST_P(Archives, EachMemberIsASource) { expect_sosreport(read_memory(packed(GetParam(), sosreport_for(GetParam())))); }

TEST_P(Archives, Compressed) {
  auto members = sosreport_for(GetParam());
  // A zip tells links from files in its directory, at its end; that cannot be sought through a decoder.
  if (GetParam() == std::string_view("zip"))
    std::erase_if(members, [](const Member& m) { return m.kind == Member::symlink; });
  for (const char* filter : {"gzip", "bzip2", "xz", "zstd"}) {
    SCOPED_TRACE(filter);
    expect_sosreport(read_memory(compressed(filter, packed(GetParam(), members))));
  }
}

TEST_P(Archives, BrokenOffAtAnyByte) {
  const std::map<std::string, std::string> truth = {{"in:a", "one\ntwo\n"}, {"in:b", "three\n"}};
  const auto bytes = packed(GetParam(), {{"a", "one\ntwo\n"}, {"b", "three\n"}});
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto got = read_memory(std::string_view(bytes).substr(0, size));
    for (const auto& source : got.sources) {
      const auto member = truth.find(source.name);
      if (member == truth.end()) {
        EXPECT_EQ(source.name, "in");  // the header alone is broken: a text, for all one can tell
        EXPECT_LT(size, 512U);
      } else {
        EXPECT_TRUE(member->second.starts_with(source.text().substr(0, source.bytes))) << size;
      }
    }
    if (got.sources.size() == 2 && got.sources[1].bytes == 6) continue;
    if (got.sources.empty()) {
      EXPECT_NE(got.error, "") << size;
    }
  }
}

TEST_P(Archives, NoByteFlippedCrashes) {
  const auto bytes = packed(GetParam(), {{"a", "one\ntwo\n"}, {"b", "three\n"}});
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    auto damaged = bytes;
    damaged[at] = static_cast<char>(~damaged[at]);
    EXPECT_LE(read_memory(damaged).sources.size(), 3U);
  }
}

TEST(Archive, TarXzBrokenOffAtAnyByte) {
  std::string log;
  for (int i = 0; i < 20'000; ++i) log += "kernel: line " + std::to_string(i * 7919 % 65536) + '\n';
  const auto bytes = packed("ustar", {{"a", "one\n"}, {"log", log}}, "xz");
  std::size_t most = 0;
  for (std::size_t size = 0; size < bytes.size(); size += size < 100 || bytes.size() - size < 200 ? 1 : 997) {
    const auto got = read_memory(std::string_view(bytes).substr(0, size));
    const auto texts = got.texts();
    if (size == 0) continue;
    if (texts.count("in:log")) {
      const auto& source = got.sources.at(1);
      EXPECT_TRUE(log.starts_with(source.text().substr(0, source.bytes))) << size;
      EXPECT_GE(source.bytes, most) << size;
      most = source.bytes;
    }
    const auto last_error = got.error.empty() ? got.sources.at(0).error : got.error;
    EXPECT_EQ(last_error, "truncated xz input") << size;
  }
  EXPECT_GT(most, log.size() / 2);
}

TEST(Archive, TellsTheErrorOfTheMemberThatBrokeOff) {
  const auto bytes = packed("ustar", {{"a", "one\n"}, {"b", std::string(2000, 'x') + "\nlast\n"}});
  const auto got = read_memory(std::string_view(bytes).substr(0, 512 * 3 + 1000));
  EXPECT_EQ(got.sources.at(0).error, "");
  EXPECT_EQ(got.sources.at(1).error, "truncated tar input");
  EXPECT_EQ(got.sources.at(1).bytes, 1000U);
  EXPECT_EQ(got.error, "truncated tar input");
}

TEST(Archive, SourcesHaveIdsOfTheirOwn) {
  SourceTable sources;
  const auto bytes = packed("pax", {{"a", "1\n"}, {"skipped", std::string(99, '\0')}, {"b", "2\n"}});
  sources.add("before");
  const auto input = open_memory("x.tar", bytes, sources);
  ASSERT_EQ(sources.size(), 1U);
  EXPECT_EQ(input->next()->next()->at.source, SourceId{1});
  EXPECT_EQ(input->next()->next()->at.source, SourceId{2});
  EXPECT_EQ(input->next(), nullptr);
  EXPECT_EQ(input->next(), nullptr);
  EXPECT_EQ(sources.size(), 3U);
  EXPECT_EQ(sources.describe({SourceId{2}, 7, 0}), "x.tar:b:7");
}

TEST(Archive, AMemberMayBeLeftUnread) {
  const auto bytes = packed("pax", {{"a", "1\n2\n"}, {"b", std::string(1 << 20, 'x')}, {"c", "3\n"}}, "gzip");
  SourceTable sources;
  const auto input = open_memory("in", bytes, sources);
  EXPECT_EQ(input->next()->next()->text, "1");
  EXPECT_EQ(input->next()->name(), "in:b");
  EXPECT_EQ(input->next()->next()->text, "3");
  EXPECT_EQ(input->next(), nullptr);
  EXPECT_FALSE(input->error());
}

TEST(Archive, OffsetsAreThoseOfTheMember) {
  SourceTable sources;
  const auto bytes = packed("pax", {{"first", "xxxx\n"}, {"b.gz", compressed("gzip", "1\n22\n333\n")}});
  const auto input = open_memory("in", bytes, sources);
  input->next();
  Source* source = input->next();
  source->next();
  source->next();
  EXPECT_EQ(source->next()->at, (Origin{SourceId{1}, 3, 5}));
}

TEST(Archive, HostileNames) {
  const std::vector<Member> members = {
      {"../../etc/passwd", "1\n"},
      {"/etc/shadow", "2\n"},
      {"red\x1b[31m\nname", "3\n"},
      {"b\xc3\xbc"
       "cher \xff",
       "4\n"},
      {std::string(5000, 'n'), "5\n"},
  };
  for (const char* format : {"pax", "gnutar", "newc"}) {
    EXPECT_THAT(read_memory(packed(format, members)).texts(),
                UnorderedElementsAre(Pair("in:../../etc/passwd", "1\n"), Pair("in:/etc/shadow", "2\n"),
                                     Pair("in:red[31mname", "3\n"),
                                     Pair("in:b\xc3\xbc"
                                          "cher \xef\xbf\xbd",
                                          "4\n"),
                                     Pair("in:" + std::string(1024, 'n'), "5\n")))
        << format;
  }
}

TEST(Archive, ALinkToAnotherMemberIsNoText) {
  const std::vector<Member> members = {{"a", "1\n"}, {"b", "a", Member::hardlink}};
  EXPECT_THAT(read_memory(packed("ustar", members)).texts(), ElementsAre(Pair("in:a", "1\n")));
}

TEST(Archive, WithoutMembers) {
  const auto got = read_memory(packed("zip", {}));
  EXPECT_THAT(got.sources, IsEmpty());
  EXPECT_EQ(got.error, "");
}

TEST(Zip, StoredMembers) {
  const auto bytes = packed("zip", {{"a", "1\n"}, {"b", "2\n"}}, "none", "zip:compression=store");
  EXPECT_THAT(read_memory(bytes).texts(), ElementsAre(Pair("in:a", "1\n"), Pair("in:b", "2\n")));
}

TEST(Zip, EncryptedIsUnsupported) {
  const auto got = read_memory(test::encrypted_zip({{"a", "1\n"}, {"b", "2\n"}}));
  EXPECT_THAT(got.sources, IsEmpty());
  EXPECT_EQ(got.error, "encrypted members are not read");
  EXPECT_EQ(got.code, Error::Code::unsupported);
  EXPECT_THAT(got.skipped, ElementsAre("encrypted member a", "encrypted member b"));
}

TEST(Zip, AWrongChecksumIsSaidAndTheRestIsRead) {
  auto bytes = packed("zip", {{"a", "first\n"}, {"b", "second\n"}}, "none", "zip:compression=store");
  bytes[bytes.find("first")] = 'F';
  const auto got = read_memory(bytes);
  EXPECT_EQ(got.sources.at(0).text(), "First\n");
  EXPECT_THAT(got.sources.at(0).error, StartsWith("damaged zip input: ZIP bad CRC"));
  EXPECT_EQ(got.sources.at(1).text(), "second\n");
  EXPECT_EQ(got.sources.at(1).error, "");
  EXPECT_EQ(got.error, "");
}

TEST(Rpm, PayloadsOfAllAges) {
  for (const char* filter : {"none", "gzip", "bzip2", "xz", "zstd"}) {
    const auto bytes = test::rpm(packed("newc",
                                        {{"./etc/my.cnf", "[mysqld]\n"},
                                         {"./usr/sbin/x",
                                          "\x7f"
                                          "ELF..."}},
                                        filter));
    const auto got = read_memory(bytes);
    EXPECT_THAT(got.texts(), ElementsAre(Pair("in:./etc/my.cnf", "[mysqld]\n"))) << filter;
    EXPECT_THAT(got.skipped, ElementsAre("binary member ./usr/sbin/x")) << filter;
    EXPECT_EQ(got.error, "") << filter;
  }
}

TEST(Rpm, Damaged) {
  EXPECT_THAT(read_memory(test::rpm("no payload")).error, StartsWith("damaged rpm input"));
  const auto whole = test::rpm(packed("newc", {{"a", "1\n"}}, "gzip"));
  EXPECT_NE(read_memory(std::string_view(whole).substr(0, 120)).error, "");
  EXPECT_NE(read_memory(std::string_view(whole).substr(0, 50)).error, "");
}

TEST(Rpm, InsideAnArchiveIsSkipped) {
  const auto got = read_memory(packed("pax", {{"x.rpm", test::rpm(packed("newc", {{"a", "1\n"}}))}}));
  EXPECT_THAT(got.skipped, ElementsAre("nested rpm member x.rpm"));
}

}  // namespace
}  // namespace diag
