// A Source over text in memory, as small as can be: for tests that need lines and no more.
#pragma once

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "diag/source.h"

namespace diag::test {

class MemorySource : public Source {
 public:
  // `text` must outlive the source. Lines longer than `longest` are given in pieces.
  explicit MemorySource(std::string_view text, std::size_t longest = 1 << 20) : left_(text), longest_(longest) {}

  SourceId id() const override { return SourceId{0}; }
  const std::string& name() const override { return name_; }
  const Line* next() override {
    if (left_.empty()) return nullptr;
    const void* end = std::memchr(left_.data(), '\n', left_.size() < longest_ ? left_.size() : longest_);
    const auto size = end ? static_cast<std::size_t>(static_cast<const char*>(end) - left_.data())
                          : (left_.size() < longest_ ? left_.size() : longest_);
    if (!line_.cut) ++lines_;
    line_ = {left_.substr(0, size), {SourceId{0}, lines_, bytes_}, !end && size < left_.size()};
    const auto used = size + (end != nullptr);
    bytes_ += used;
    left_.remove_prefix(used);
    return &line_;
  }
  std::string_view peek() override { return left_.substr(0, 64 << 10); }
  const std::optional<Error>& error() const override { return error_; }
  std::uint64_t bytes() const override { return bytes_; }
  std::uint64_t lines() const override { return lines_; }
  const std::vector<Skipped>& skipped() const override { return skipped_; }

 private:
  std::string_view left_;
  std::size_t longest_;
  Line line_;
  std::uint64_t bytes_ = 0, lines_ = 0;
  std::string name_ = "memory";
  std::optional<Error> error_;
  std::vector<Skipped> skipped_;
};

}  // namespace diag::test
