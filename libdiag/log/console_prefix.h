// What a terminal program, a test bench, a hypervisor or a mail program puts in front of a line. Each function takes
// its prefix off `e.text` and enters what it stated; false: no such prefix, `e` is as before.
#pragma once

#include "log/envelope.h"

namespace diag::transport {

bool quote_mark(Envelope& e);   // "> ", ">> > ", "| "; all levels at once
bool xen_console(Envelope& e);  // "(XEN) ", perhaps with a stamp behind it: the program is "xen"
bool clock_stamp(Envelope& e);  // "00:00:12 ", where kernel text follows
bool logcat_line(Envelope& e);  // "05-18 10:11:12.123   123   456 W tag: text"

}  // namespace diag::transport
