// Archives, and the compressions other than gzip. Only archive.cc knows libarchive.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "input/block_reader.h"
#include "input/budget.h"
#include "input/format.h"
#include "input/lookahead.h"

namespace diag::input {

// Unpacks bzip2, xz or zstd. Where the input is damaged, up to one block of libarchive's (64 KiB, zstd 128 KiB) before
// the damage is lost with it.
std::unique_ptr<BlockReader> unpack(std::unique_ptr<Lookahead> packed, Format format, Budget& budget);

struct Member {
  std::string name;        // as the archive spells it: never a path on our disk
  bool has_text = false;   // a regular file with bytes of its own, not a directory, link or device
  bool encrypted = false;  // its bytes cannot be read
};

// The members of a tar, cpio, zip or rpm in their order.
class Archive {
 public:
  virtual ~Archive() = default;
  // Goes on to the next member, which is valid until the next call; null at the end, and after an error. What was not
  // read of the member before is skipped, by seeking where that is possible.
  virtual const Member* next() = 0;
  // The bytes of the member at hand. Must not outlive the archive, nor be read after next().
  virtual std::unique_ptr<BlockReader> data() = 0;
  // Why the archive ended early, else nothing. `where` is left empty.
  virtual const std::optional<Error>& error() const = 0;
};

std::unique_ptr<Archive> open_archive(std::unique_ptr<Lookahead> packed, Format format, Budget& budget);

}  // namespace diag::input
