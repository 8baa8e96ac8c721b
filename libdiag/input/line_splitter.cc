#include "input/line_splitter.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace diag::input {

LineSplitter::LineSplitter(std::unique_ptr<Lookahead> text, SourceId id, std::string name, const Limits& limits,
                           std::uint64_t offset)
    : text_(std::move(text)), name_(std::move(name)), limit_(std::max<std::size_t>(limits.line, 1)), offset_(offset) {
  line_.at.source = id;
}

const Line* LineSplitter::next() {
  std::size_t searched = 0;
  for (;;) {
    // One byte more than the limit: it tells a line of just that length from a longer one.
    const auto ahead = text_->view();
    const auto size = ahead.size() > limit_ ? limit_ + 1 : ahead.size();
    if (const auto* newline = std::memchr(ahead.data() + searched, '\n', size - searched)) {
      return give(static_cast<std::size_t>(static_cast<const char*>(newline) - ahead.data()), 1, false);
    }
    if (size > limit_) return give(limit_, 0, true);
    searched = size;
    if (!text_->more()) return searched ? give(searched, 0, false) : finish();
  }
}

const Line* LineSplitter::give(std::size_t size, std::size_t newline, bool cut) {
  if (!line_.cut) ++line_.at.line;
  if (cut || line_.cut) count_piece(size, cut);
  line_.text = text_->view().substr(0, size);
  line_.at.offset = offset_;
  line_.cut = cut;
  offset_ += size + newline;
  text_->consume(size + newline);
  return &line_;
}

void LineSplitter::count_piece(std::size_t size, bool cut) {
  if (!line_.cut) pieces_ = 0;
  pieces_ += size;
  if (!cut) skipped_.add({line_.at.line, line_.at.line, fmt::format("a line of {} bytes was read in pieces", pieces_)});
}

const Line* LineSplitter::finish() {
  if (!error_ && text_->error()) {
    error_ = text_->error();
    error_->where = name_;
  }
  return nullptr;
}

}  // namespace diag::input
