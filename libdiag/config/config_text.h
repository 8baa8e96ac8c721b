// A configuration file in memory: its lines with their places. Settings mean something only as a whole (a rule is
// reached through others, a later value wins), so they are read whole, within a bound.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "diag/origin.h"
#include "diag/source.h"

namespace diag {

struct ConfigLine {
  std::string_view text;     // without "\n" and without a "\r" before it
  std::uint64_t number = 0;  // 1-based
  std::uint64_t offset = 0;
  bool returned = false;  // a "\r" stood before the "\n"
  bool cut = false;       // longer than the source gives in one piece: only the front is here
};

class ConfigText {
 public:
  static constexpr std::size_t most_bytes = 256 << 20;

  // Reads the rest of the source. Lines beyond the bound are left out: see complete().
  static std::shared_ptr<const ConfigText> read(Source& source, std::size_t limit = most_bytes);
  // The same under another id and name than the source's.
  static std::shared_ptr<const ConfigText> read(Source& source, SourceId id, std::string name,
                                                std::size_t limit = most_bytes);
  // The same over bytes in memory, which are copied.
  static std::shared_ptr<const ConfigText> of(std::string_view bytes, SourceId source = {}, std::string name = {});

  SourceId source() const { return source_; }
  const std::string& name() const { return name_; }
  const std::vector<ConfigLine>& lines() const { return lines_; }
  // The line of that number, or null.
  const ConfigLine* line(std::uint64_t number) const;
  Origin origin(const ConfigLine& line) const { return {source_, line.number, line.offset}; }
  Origin origin(std::uint64_t number) const;
  bool complete() const { return complete_; }
  bool ends_with_newline() const { return newline_; }

 private:
  void append(std::string_view text, std::uint64_t number, std::uint64_t offset, bool cut);
  void finish();

  std::string bytes_, name_;
  std::vector<std::size_t> starts_;
  std::vector<ConfigLine> lines_;
  SourceId source_{};
  bool complete_ = true, newline_ = true;
};

}  // namespace diag
