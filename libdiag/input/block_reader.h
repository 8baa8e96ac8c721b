// Where bytes come from: a file, memory, a decoder, a member of an archive.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "diag/result.h"

namespace diag::input {

class BlockReader {
 public:
  virtual ~BlockReader() = default;
  // Puts the next bytes into `into`, as many as come readily; 0 at the end and after an error.
  virtual std::size_t read(std::span<char> into) = 0;
  // Why the bytes ended early, else nothing. `where` is left empty: the caller knows the name.
  virtual const std::optional<Error>& error() const = 0;
  // The number of bytes in all, if one can seek here: not in a pipe, not in what a decoder gives.
  virtual std::optional<std::uint64_t> size() const { return std::nullopt; }
  // Continues at `offset`, counted from the start. False where that cannot be done.
  virtual bool seek(std::uint64_t /*offset*/) { return false; }
};

// Opens `path`; "-" is standard input. Not mapped into memory: a log may grow or be truncated while it is read.
Result<std::unique_ptr<BlockReader>> open_file(const std::string& path);

// Reads `bytes`, which must outlive the reader.
std::unique_ptr<BlockReader> open_bytes(std::string_view bytes);

// No bytes, only the reason why.
std::unique_ptr<BlockReader> no_bytes(Error why);

}  // namespace diag::input
