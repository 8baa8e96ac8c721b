// One text, line by line: the Source that every kind of input ends in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diag/source.h"
#include "input/lookahead.h"
#include "input/skip_list.h"

namespace diag::input {

// A line of more than Limits::line bytes comes in pieces of that many bytes. They share one line number; the offset of
// each is its own, so that `text` always stands at `at.offset` of the unpacked stream.
class LineSplitter final : public Source {
 public:
  // `offset`: of the first byte in `text`, where a byte order mark stood before it.
  LineSplitter(std::unique_ptr<Lookahead> text, SourceId id, std::string name, const Limits& limits,
               std::uint64_t offset = 0);

  SourceId id() const override { return line_.at.source; }
  const std::string& name() const override { return name_; }
  const Line* next() override;
  std::string_view peek() override { return text_->peek(64 << 10); }
  const std::optional<Error>& error() const override { return error_; }
  std::uint64_t bytes() const override { return offset_; }
  std::uint64_t lines() const override { return line_.at.line; }
  const std::vector<Skipped>& skipped() const override { return skipped_.all(); }

 private:
  const Line* give(std::size_t size, std::size_t newline, bool cut);
  const Line* finish();
  void count_piece(std::size_t size, bool cut);

  std::unique_ptr<Lookahead> text_;
  std::string name_;
  std::size_t limit_;
  std::uint64_t offset_;      // of the next line
  Line line_;                 // the last one given
  std::uint64_t pieces_ = 0;  // bytes of its line given so far, if line_ is cut
  SkipList skipped_;
  std::optional<Error> error_;
};

}  // namespace diag::input
