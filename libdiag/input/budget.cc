#include "input/budget.h"

#include <fmt/core.h>

#include <algorithm>

namespace diag::input {
namespace {
constexpr std::uint64_t ratio_matters = 64 << 20;  // bytes; small inputs may well pack better
}

Budget::Budget(const Limits& limits, const Lookahead& packed) : limits_(limits), packed_(&packed) {
  limits_.ratio = std::max<std::uint64_t>(limits_.ratio, 1);
}

std::optional<Error> Budget::charge(std::uint64_t bytes) {
  unpacked_ += bytes;
  if (unpacked_ > limits_.unpacked) {
    return Error{Error::Code::limit, fmt::format("unpacks to more than {} bytes", limits_.unpacked), {}};
  }
  if (unpacked_ > ratio_matters && unpacked_ / limits_.ratio > packed_->received()) {
    return Error{Error::Code::limit, fmt::format("unpacks to more than {} times its size", limits_.ratio), {}};
  }
  return std::nullopt;
}

}  // namespace diag::input
