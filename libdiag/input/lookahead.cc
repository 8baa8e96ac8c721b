#include "input/lookahead.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace diag::input {
namespace {
constexpr std::size_t least_room = Lookahead::block / 4;  // below this a read is not worth its system call
}

Lookahead::Lookahead(std::unique_ptr<BlockReader> from)
    : from_(std::move(from)), data_(std::make_unique_for_overwrite<char[]>(capacity_)) {}

bool Lookahead::fill() {
  if (ended_) return false;
  const auto n = from_->read({data_.get() + end_, std::min(capacity_ - end_, block)});
  end_ += n;
  received_ += n;
  ended_ = n == 0;
  return !ended_;
}

void Lookahead::move_to(std::size_t capacity) {
  auto data = std::make_unique_for_overwrite<char[]>(capacity);
  std::memcpy(data.get(), data_.get() + begin_, end_ - begin_);
  kept_ = std::move(data_);
  data_ = std::move(data);
  capacity_ = capacity;
  end_ -= std::exchange(begin_, 0);
}

bool Lookahead::more() {
  if (ended_) return false;
  if (begin_ == end_) begin_ = end_ = 0;
  if (capacity_ - end_ < least_room) {
    // What is moved is at most half of what is then free, or doubles the window: each byte moves a bounded number of
    // times.
    if (end_ - begin_ > capacity_ / 2) {
      move_to(capacity_ * 2);
    } else {
      std::memmove(data_.get(), data_.get() + begin_, end_ - begin_);
      end_ -= std::exchange(begin_, 0);
    }
  }
  kept_.reset();
  return fill();
}

std::string_view Lookahead::peek(std::size_t n) {
  while (view().size() < n && !ended_) {
    if (capacity_ - end_ < least_room) move_to(std::max(capacity_, view().size() + block));
    fill();
  }
  return view().substr(0, n);
}

bool Lookahead::seek(std::uint64_t offset) {
  if (!from_->seek(offset)) return false;
  begin_ = end_ = 0;
  ended_ = false;
  return true;
}

}  // namespace diag::input
