// Syslog lines and their relatives: "Oct 14 03:12:01 host prog[12]: ", RFC 3339, RFC 5424, journalctl's short forms.
// Each function takes its prefix off `e.text` and enters what it stated; false: no such prefix, `e` is as before.
#pragma once

#include "log/envelope.h"

namespace diag::transport {

bool syslog_line(Envelope& e);      // "Oct 14 03:12:01 host prog[12]: "
bool year_first_line(Envelope& e);  // "2013 Oct 14 03:12:01 host prog: "
bool iso_line(Envelope& e);  // "2014-11-20T01:02:03.123456+01:00 host prog[12]: ", or a terminal's stamp without host
bool rfc5424_line(Envelope& e);       // behind its "<34>": "1 2003-10-11T22:14:15.003Z host app procid msgid [sd] "
bool ctime_line(Envelope& e);         // "Mon Oct 14 03:12:01 2013 kern.info kernel: "
bool journal_full_line(Envelope& e);  // "Sat 2014-03-01 00:00:01 UTC host prog[12]: "
bool unix_time_line(Envelope& e);     // "1393632001.123456 host prog[12]: "
bool kernel_tag(Envelope& e);         // "kernel: ", at the front of a line or behind another "kernel: "

// "prog[12]: text": the tag goes, and what follows it stays. False: no tag with a colon or a pid stands there.
bool take_tag(Envelope& e);

// "host kernel: " or, where the host is known, "host prog[12]: ", as behind journalctl's monotonic stamp.
bool take_monotonic_origin(Envelope& e, Habits& habits);

// syslog's names of facilities and levels; -1: no such name.
int facility_number(std::string_view name);
int level_number(std::string_view name);
std::string_view facility_name(int number);  // "local" for those without a name of their own

}  // namespace diag::transport
