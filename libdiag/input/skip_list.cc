#include "input/skip_list.h"

#include <algorithm>
#include <utility>

namespace diag::input {

void SkipList::add(Skipped note) {
  if (notes_.size() < most) {
    notes_.push_back(std::move(note));
    return;
  }
  ++rest_;
  if (rest_ == 1) notes_.push_back({note.first_line, note.last_line, {}});
  notes_.back().last_line = std::max(notes_.back().last_line, note.last_line);
  notes_.back().reason = std::to_string(rest_) + " more like these";
}

}  // namespace diag::input
