// Brings the parts of pstore dumps in order. The kernel writes the newest lines first, as part 1, under a head
// "Oops#1 Part1"; files of them laid end to end read backwards.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "diag/source.h"

namespace diag::transport {

// The head of a part: "Panic#2 Part3".
struct PartHead {
  std::string_view reason;  // "Panic"
  std::uint32_t dump = 0, part = 0;
};
bool parse_part_head(std::string_view line, PartHead& head);

// The lines of a source, those of pstore parts in order of time and without their heads. All others pass as they come.
class PstoreOrder {
 public:
  // At most `limit` bytes of parts are held back.
  PstoreOrder(Source& source, std::size_t limit) : source_(source), limit_(limit) {}
  // Null at the end; valid until the next call.
  const Line* next() {
    if (state_ != State::passing || has_pending_ || ended_) return next_in_order();
    const Line* line = source_.next();
    return line && line->text.size() <= longest_head ? pass(line) : line;
  }
  const std::vector<Skipped>& skipped() const { return skipped_; }

 private:
  struct Kept {
    std::uint32_t part;
    std::size_t begin, size;
    Origin at;
    bool cut;
  };
  static constexpr std::size_t longest_head = 48;
  enum class State { passing, giving };
  const Line* pass(const Line* line);
  const Line* next_in_order();
  const Line* give();
  void collect(const PartHead& head);  // reads a whole dump, from behind its first head
  void keep(const Line& line, std::uint32_t part);

  Source& source_;
  std::size_t limit_;
  State state_ = State::passing;
  std::string bytes_;  // of the lines kept
  std::vector<Kept> kept_;
  std::size_t given_ = 0;
  std::string reason_;  // of the dump to be read next
  PartHead pending_;    // its head, with a view into reason_
  bool has_pending_ = false;
  bool ended_ = false;
  Line line_;
  std::vector<Skipped> skipped_;
};

}  // namespace diag::transport
