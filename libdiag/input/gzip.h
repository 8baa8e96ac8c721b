// gzip (RFC 1952), one member or several behind each other, as logrotate and `cat a.gz b.gz` leave them.
#pragma once

#include <memory>

#include "input/block_reader.h"
#include "input/budget.h"
#include "input/lookahead.h"

namespace diag::input {

// Everything before the damage is given; then error() says "truncated gzip input", "damaged gzip input", ...
std::unique_ptr<BlockReader> gunzip(std::unique_ptr<Lookahead> packed, Budget& budget);

}  // namespace diag::input
