// How much may come out of one compressed input: the bounds of Limits against archives that unpack to terabytes.
#pragma once

#include <cstdint>
#include <optional>

#include "diag/result.h"
#include "diag/source.h"
#include "input/lookahead.h"

namespace diag::input {

// One for each Input, shared by all its decoders, so that a bomb inside a bomb gains nothing.
class Budget {
 public:
  // `packed`: the bytes as they lie on disk; must outlive the budget's use.
  Budget(const Limits& limits, const Lookahead& packed);

  // Counts `bytes` more that were unpacked. An error once they are too many; then for good.
  std::optional<Error> charge(std::uint64_t bytes);

 private:
  Limits limits_;
  const Lookahead* packed_;
  std::uint64_t unpacked_ = 0;
};

}  // namespace diag::input
