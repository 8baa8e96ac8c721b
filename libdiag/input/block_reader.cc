#include "input/block_reader.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace diag::input {
namespace {

std::string text_of(int number) { return std::generic_category().message(number); }

class File final : public BlockReader {
 public:
  File(int descriptor, bool owned) : descriptor_(descriptor), owned_(owned) {}
  ~File() override {
    if (owned_) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  // Whether this is something to read, and whether one can seek in it.
  Result<void> inspect(const std::string& path) {
    struct stat status{};
    if (::fstat(descriptor_, &status) != 0) {
      return std::unexpected(Error{Error::Code::unreadable, text_of(errno), path});
    }
    if (S_ISDIR(status.st_mode)) return std::unexpected(Error{Error::Code::unreadable, "is a directory", path});
    if (owned_ && S_ISREG(status.st_mode)) size_ = static_cast<std::uint64_t>(status.st_size);
    return {};
  }

  std::size_t read(std::span<char> into) override {
    while (!error_) {
      const ssize_t n = ::read(descriptor_, into.data(), into.size());
      if (n >= 0) return static_cast<std::size_t>(n);
      if (errno == EAGAIN || errno == EWOULDBLOCK) {
        wait();  // standard input may have been left non-blocking by whoever shares it
      } else if (errno != EINTR) {
        error_ = Error{Error::Code::unreadable, text_of(errno), {}};
      }
    }
    return 0;
  }

  const std::optional<Error>& error() const override { return error_; }
  std::optional<std::uint64_t> size() const override { return size_; }
  bool seek(std::uint64_t offset) override {
    return size_ && ::lseek(descriptor_, static_cast<off_t>(offset), SEEK_SET) != -1;
  }

 private:
  void wait() const {
    struct pollfd readable = {descriptor_, POLLIN, 0};
    ::poll(&readable, 1, -1);
  }

  int descriptor_;
  bool owned_;
  std::optional<std::uint64_t> size_;
  std::optional<Error> error_;
};

class Memory final : public BlockReader {
 public:
  explicit Memory(std::string_view bytes) : bytes_(bytes) {}
  std::size_t read(std::span<char> into) override {
    const auto n = std::min(into.size(), bytes_.size() - at_);
    if (n) std::memcpy(into.data(), bytes_.data() + at_, n);
    at_ += n;
    return n;
  }
  const std::optional<Error>& error() const override { return error_; }
  std::optional<std::uint64_t> size() const override { return bytes_.size(); }
  bool seek(std::uint64_t offset) override {
    at_ = static_cast<std::size_t>(std::min<std::uint64_t>(offset, bytes_.size()));
    return true;
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  std::optional<Error> error_;
};

class Nothing final : public BlockReader {
 public:
  explicit Nothing(Error why) : error_(std::move(why)) {}
  std::size_t read(std::span<char>) override { return 0; }
  const std::optional<Error>& error() const override { return error_; }

 private:
  std::optional<Error> error_;
};

}  // namespace

Result<std::unique_ptr<BlockReader>> open_file(const std::string& path) {
  const bool standard_input = path == "-";
  if (path.find('\0') != std::string::npos) {
    return std::unexpected(Error{Error::Code::not_found, "no file has a NUL in its name", path});
  }
  const int descriptor = standard_input ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) {
    const bool absent = errno == ENOENT || errno == ENOTDIR;
    const auto code = absent ? Error::Code::not_found : Error::Code::unreadable;
    return std::unexpected(Error{code, absent ? "no such file" : text_of(errno), path});
  }
  auto file = std::make_unique<File>(descriptor, !standard_input);
  if (auto fit = file->inspect(path); !fit) return std::unexpected(std::move(fit.error()));
  return file;
}

std::unique_ptr<BlockReader> open_bytes(std::string_view bytes) { return std::make_unique<Memory>(bytes); }

std::unique_ptr<BlockReader> no_bytes(Error why) { return std::make_unique<Nothing>(std::move(why)); }

}  // namespace diag::input
