// The list of transports a single line can have, and the loop that takes them off one after the other.
#pragma once

#include "log/envelope.h"

namespace diag::transport {

// Takes every transport off e.text until the message is left. Of a program's line, nothing more is taken once it is
// named.
void open(Envelope& e, Habits& habits);

// The same for a further line of a message whose transport is known: only what printk puts in front of each line.
void open_continuation(Envelope& e);

}  // namespace diag::transport
