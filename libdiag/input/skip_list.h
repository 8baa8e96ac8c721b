// The notes on what was not read, bounded: a hostile archive has a hundred thousand things to skip.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "diag/source.h"

namespace diag::input {

class SkipList {
 public:
  static constexpr std::size_t most = 1000;  // notes; one more counts the rest

  void add(Skipped note);
  const std::vector<Skipped>& all() const { return notes_; }

 private:
  std::vector<Skipped> notes_;
  std::size_t rest_ = 0;
};

}  // namespace diag::input
