// Where a thing was read: every line, event and sentence of a report can be traced to one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace diag {

// One text that was read: a file, standard input, or a member of an archive. An index into the run's SourceTable.
enum class SourceId : std::uint32_t {};

struct Origin {
  SourceId source{};
  std::uint64_t line = 0;    // 1-based; 0: no line (a fact about the whole source)
  std::uint64_t offset = 0;  // byte offset of the line in the unpacked stream

  friend bool operator==(const Origin&, const Origin&) = default;
};

// The names of the run's sources, in the order they were opened.
class SourceTable {
 public:
  SourceId add(std::string name);
  // "vmcore-dmesg.txt", "sosreport.tar.xz:var/log/messages", "-" for standard input.
  const std::string& name(SourceId id) const;
  // "vmcore-dmesg.txt:58"
  std::string describe(const Origin& origin) const;
  std::size_t size() const { return names_.size(); }

 private:
  std::vector<std::string> names_;
};

}  // namespace diag
