// Logs exported by Windows tools: UTF-16 with a byte order mark, read as UTF-8.
#pragma once

#include <memory>

#include "input/block_reader.h"
#include "input/lookahead.h"

namespace diag::input {

// `text` stands behind the mark. Half a surrogate pair and a last odd byte become U+FFFD.
std::unique_ptr<BlockReader> utf16_to_utf8(std::unique_ptr<Lookahead> text, bool big_endian);

}  // namespace diag::input
