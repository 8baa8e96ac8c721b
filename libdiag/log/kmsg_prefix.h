// What printk, dmesg and /dev/kmsg put in front of a message. Each function takes its prefix off `e.text` and enters
// what it stated; false: no such prefix, `e` is as before.
#pragma once

#include "log/envelope.h"

namespace diag::transport {

bool level_mark(Envelope& e);     // "<4>", "<30>", "<d>", "<c>"; "<34>1 2003-..." is the whole head of RFC 5424
bool uptime_stamp(Envelope& e);   // "[   12.345678]", "[    1.234567 <    0.000100>]"
bool caller_stamp(Envelope& e);   // "[   T12]", "[   C3]"
bool human_stamp(Envelope& e);    // "[Mon Oct 14 03:12:01 2013]", "[May18 10:11]", "[  +0.000012]"
bool decoded_level(Envelope& e);  // "kern  :warn  : " of dmesg -x
bool device_record(Envelope& e);  // "6,416,1758426,-;" of /dev/kmsg and of the extended netconsole

// A line that a program wrote into the kernel's log, "systemd[1]: Started ...": it gets the program's name.
void name_kernel_log_writer(Envelope& e);

// Where another message starts within `text`, because a newline got lost on the console: at "[   12.345678]" or " <0>".
// npos: nowhere.
std::size_t glued_message(std::string_view text);

}  // namespace diag::transport
