// Files, pipes and standard input: here the disk is what is tested.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "support/archive_writer.h"
#include "unit/input/read_all.h"

namespace diag {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
 protected:
  Files() {
    std::string pattern = testing::TempDir() + "input_test_XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~Files() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& bytes) const {
    const auto path = (folder_ / name).string();
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  static Error refused(const std::string& path) {
    SourceTable sources;
    const auto input = open_input(path, sources);
    EXPECT_FALSE(input) << path;
    EXPECT_EQ(sources.size(), 0U);
    return input ? Error{} : input.error();
  }
  static test::ReadInput read(const std::string& path) {
    SourceTable sources;
    const auto input = open_input(path, sources);
    EXPECT_TRUE(input) << path;
    return input ? test::read_input(**input) : test::ReadInput{};
  }

  fs::path folder_;
};

TEST_F(Files, APlainText) {
  const auto file = write("messages", "one\ntwo\n");
  const auto got = read(file);
  ASSERT_EQ(got.sources.size(), 1U);
  EXPECT_EQ(got.sources[0].name, file);
  EXPECT_EQ(got.sources[0].text(), "one\ntwo\n");
  EXPECT_EQ(got.sources[0].error, "");
}

TEST_F(Files, AnEmptyOne) {
  const auto got = read(write("empty", ""));
  ASSERT_EQ(got.sources.size(), 1U);
  EXPECT_EQ(got.sources[0].lines.size(), 0U);
  EXPECT_EQ(got.sources[0].error, "");
}

TEST_F(Files, TheNameDoesNotMatter) {
  EXPECT_EQ(read(write("plain.gz", "one\n")).sources.at(0).text(), "one\n");
  EXPECT_EQ(read(write("packed.txt", test::compressed("gzip", "one\n"))).sources.at(0).text(), "one\n");
}

TEST_F(Files, ArchivesOnDisk) {
  const std::vector<test::Member> members = {{"a", "1\n"}, {"big", std::string(3 << 20, '\0')}, {"b", "2\n"}};
  for (const char* format : {"ustar", "zip", "newc"}) {
    const auto file = write(format, test::packed(format, members));
    const auto got = read(file);
    EXPECT_EQ(got.texts(), (std::map<std::string, std::string>{{file + ":a", "1\n"}, {file + ":b", "2\n"}})) << format;
    EXPECT_EQ(got.error, "") << format;
  }
}

TEST_F(Files, WhatCannotBeOpened) {
  EXPECT_EQ(refused(path("none")), (Error{Error::Code::not_found, "no such file", path("none")}));
  EXPECT_EQ(refused(write("file", "") + "/below").code, Error::Code::not_found);
  EXPECT_EQ(refused("").code, Error::Code::not_found);
  EXPECT_EQ(refused(write("a", "x\n") + std::string("\0b", 2)).code, Error::Code::not_found);
  EXPECT_EQ(refused(folder_.string()), (Error{Error::Code::unreadable, "is a directory", folder_.string()}));
}

TEST_F(Files, WithoutPermission) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const auto file = write("secret", "x\n");
  chmod(file.c_str(), 0);
  EXPECT_EQ(refused(file), (Error{Error::Code::unreadable, "Permission denied", file}));
}

// Its first page is never mapped, so that it opens but cannot be read.
TEST_F(Files, AReadError) {
  const auto got = read("/proc/self/mem");
  ASSERT_EQ(got.sources.size(), 1U);
  EXPECT_EQ(got.sources[0].lines.size(), 0U);
  EXPECT_EQ(got.sources[0].error, "Input/output error");
}

TEST_F(Files, TruncatedWhileItIsRead) {
  const auto file = write("log", std::string(1 << 20, 'x') + '\n');
  SourceTable sources;
  Limits limits;
  limits.line = 1000;
  const auto input = open_input(file, sources, limits).value();
  Source* source = input->next();
  source->next();
  fs::resize_file(file, 0);
  while (source->next()) {
  }
  EXPECT_FALSE(source->error());
  EXPECT_LT(source->bytes(), 1U << 20);
}

TEST_F(Files, GrowingWhileItIsRead) {
  const auto file = write("log", std::string(300'000, 'x') + '\n');
  SourceTable sources;
  const auto input = open_input(file, sources).value();
  Source* source = input->next();
  source->peek();
  std::ofstream(file, std::ios::app) << "more\n";
  EXPECT_EQ(source->next()->text.size(), 300'000U);
  EXPECT_EQ(source->next()->text, "more");
}

// Writes `bytes` to a new pipe in small pieces while `read` reads.
class Pipe {
 public:
  Pipe(const std::string& path, std::string bytes) : path_(path), bytes_(std::move(bytes)) {
    mkfifo(path_.c_str(), 0600);
    writer_ = std::thread([this] {
      const int descriptor = open(path_.c_str(), O_WRONLY | O_CLOEXEC);
      for (std::string_view left = bytes_; !left.empty();) {
        const auto n = write(descriptor, left.data(), std::min<std::size_t>(left.size(), 1000));
        if (n <= 0) break;
        left.remove_prefix(static_cast<std::size_t>(n));
      }
      close(descriptor);
    });
  }
  ~Pipe() { writer_.join(); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

 private:
  std::string path_, bytes_;
  std::thread writer_;
};

std::string log_of(int lines) {
  std::string out;
  for (int i = 0; i < lines; ++i) out += "kernel: line " + std::to_string(i) + '\n';
  return out;
}

TEST_F(Files, APipe) {
  const auto text = log_of(50'000);
  const std::vector<test::Member> members = {{"a", text}, {"b", "2\n"}};
  const auto fifo = path("fifo");
  const struct {
    const char* what;
    std::string bytes;
    std::map<std::string, std::string> expected;
  } cases[] = {
      {"text", text, {{fifo, text}}},
      {"one byte", "x", {{fifo, "x\n"}}},
      {"nothing", "", {{fifo, ""}}},
      {"gzip", test::compressed("gzip", text), {{fifo, text}}},
      {"tar.xz", test::packed("ustar", members, "xz"), {{fifo + ":a", text}, {fifo + ":b", "2\n"}}},
      {"zip", test::packed("zip", members), {{fifo + ":a", text}, {fifo + ":b", "2\n"}}},
  };
  for (const auto& c : cases) {
    const Pipe pipe(fifo, c.bytes);
    const auto got = read(fifo);
    EXPECT_TRUE(got.texts() == c.expected) << c.what;
    EXPECT_EQ(got.error, "") << c.what;
    fs::remove(fifo);
  }
}

TEST_F(Files, StandardInput) {
  const int before = dup(STDIN_FILENO);
  const auto fifo = path("fifo");
  {
    const Pipe pipe(fifo, "one\ntwo\n");
    const int descriptor = open(fifo.c_str(), O_RDONLY | O_CLOEXEC);
    fcntl(descriptor, F_SETFL, O_NONBLOCK);  // as some programs leave it
    dup2(descriptor, STDIN_FILENO);
    close(descriptor);
    const auto got = read("-");
    EXPECT_EQ(got.texts(), (std::map<std::string, std::string>{{"-", "one\ntwo\n"}}));
    EXPECT_GE(fcntl(STDIN_FILENO, F_GETFD), 0);  // still open: it is not ours to close
  }
  dup2(before, STDIN_FILENO);
  close(before);
}

}  // namespace
}  // namespace diag
