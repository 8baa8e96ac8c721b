#include "log/pstore_order.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/text.h"

namespace diag::transport {
namespace {

bool is_reason(std::string_view word) {
  constexpr std::array<std::string_view, 8> reasons = {"Panic",    "Oops", "Emergency", "Restart",
                                                       "Shutdown", "Halt", "Poweroff",  "Unknown"};
  return std::ranges::find(reasons, word) != reasons.end();
}

}  // namespace

bool parse_part_head(std::string_view line, PartHead& head) {
  line = trim_right(line);
  const auto reason = take_until(line, "#");
  if (!reason || !is_reason(*reason)) return false;
  const auto dump = parse_dec<std::uint32_t>(take_while(line, is_digit));
  if (!dump || !consume(line, " Part")) return false;
  const auto part = parse_dec<std::uint32_t>(line);
  if (!part) return false;
  head = {*reason, *dump, *part};
  return true;
}

// The line, or the first one of the dump that it heads.
const Line* PstoreOrder::pass(const Line* line) {
  PartHead head;
  if (!parse_part_head(line->text, head)) return line;
  collect(head);
  return next_in_order();
}

const Line* PstoreOrder::next_in_order() {
  for (;;) {
    if (const Line* line = give()) return line;
    if (has_pending_) {
      has_pending_ = false;
      collect(pending_);
    } else {
      return ended_ ? nullptr : next();
    }
  }
}

const Line* PstoreOrder::give() {
  if (given_ == kept_.size()) {
    state_ = State::passing;
    return nullptr;
  }
  const Kept& kept = kept_[given_++];
  line_ = {std::string_view(bytes_).substr(kept.begin, kept.size), kept.at, kept.cut};
  return &line_;
}

void PstoreOrder::keep(const Line& line, std::uint32_t part) {
  kept_.push_back({part, bytes_.size(), line.text.size(), line.at, line.cut});
  bytes_ += line.text;
}

void PstoreOrder::collect(const PartHead& head) {
  const std::string reason(head.reason);
  const std::uint32_t dump = head.dump;
  std::uint32_t part = head.part;
  std::unordered_set<std::uint32_t> parts = {part};  // one that comes again is of the next dump
  bytes_.clear();
  kept_.clear();
  given_ = 0;
  state_ = State::giving;
  for (;;) {
    const Line* line = source_.next();
    if (!line) {
      ended_ = true;
      break;
    }
    PartHead found;
    if (parse_part_head(line->text, found)) {
      const bool again = !parts.insert(found.part).second;
      if (again || found.reason != reason || found.dump != dump) {
        reason_ = found.reason;
        pending_ = {reason_, found.dump, found.part};
        has_pending_ = true;
        break;
      }
      part = found.part;
      continue;
    }
    keep(*line, part);
    if (bytes_.size() + kept_.size() * sizeof(Kept) > limit_) {
      skipped_.push_back({kept_.front().at.line, 0, "pstore parts too large to be put in order"});
      break;
    }
  }
  std::ranges::stable_sort(kept_, std::ranges::greater{}, &Kept::part);
}

}  // namespace diag::transport
