// All records of a text, with memory of their own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "log/record_reader.h"

namespace diag::test {

struct OwnedRecord {
  std::string text, raw, host, program, context;
  Origin at;
  EventTime when;
  std::optional<std::uint32_t> pid;
  std::optional<std::uint8_t> level;
  std::uint32_t repeats = 1;
  bool quoted = false;
};

std::vector<OwnedRecord> read_records(std::string_view text, const RecordOptions& options = {});
// A record in one line: "h=host p=program[pid] l=level c=context u=uptime w=wall x2 > | text"; what is not stated is
// left out, '>' is for a quoted one.
std::string shown(const OwnedRecord& record);
std::vector<std::string> shown_records(std::string_view text, const RecordOptions& options = {});
// Only their texts.
std::vector<std::string> read_texts(std::string_view text, const RecordOptions& options = {});

}  // namespace diag::test
