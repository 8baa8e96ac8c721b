// A connection to a peer: bytes both ways, never longer than a deadline.
#pragma once

#include <string>
#include <string_view>

#include "diag/result.h"
#include "probe/deadline.h"

namespace diag {

class Stream {
 public:
  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  virtual ~Stream() = default;  // closes

  // What has come, at least one byte, at most 4 KiB; empty: the peer has closed. Error::Code::limit: the deadline.
  virtual Result<std::string> read(const Deadline& deadline) = 0;
  virtual Result<void> write(std::string_view bytes, const Deadline& deadline) = 0;
};

}  // namespace diag
