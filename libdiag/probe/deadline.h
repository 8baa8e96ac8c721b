// Time as the probes see it: a clock handed in by the program, and a moment at which all waiting ends.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>

namespace diag {

using Milliseconds = std::chrono::milliseconds;

// Any clock that never goes back; only differences count.
using Clock = std::function<Milliseconds()>;

class Deadline {
 public:
  Deadline(Clock clock, Milliseconds patience)
      : clock_(std::move(clock)), patience_(patience), end_(clock_() + patience) {}

  Milliseconds left() const { return std::max(end_ - clock_(), Milliseconds::zero()); }
  bool over() const { return left() == Milliseconds::zero(); }
  Milliseconds patience() const { return patience_; }  // the whole of it, for messages
  // An earlier end: 1/`parts` of what is left.
  Deadline share(int parts) const { return {clock_, left() / parts}; }

 private:
  Clock clock_;
  Milliseconds patience_, end_;
};

}  // namespace diag
