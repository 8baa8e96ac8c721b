// Wraps kernel text, one message a line, in each of the transports that logs reach a reader through: for laws ("the
// same event in every transport") and for fuzzers. Needs no test framework.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace diag::test {

enum class Transport {
  plain,              // console without stamps
  dmesg_ts,           // "[   12.345678] text"
  dmesg_caller,       // "[   12.345678][   T12] text"
  level,              // "<4>text"
  level_ts,           // "<4>[   12.345678] text"
  level_facility,     // "<4>", and a daemon's "<30>" line in between
  syslog,             // "Oct 14 03:12:01 host1 kernel: text", leading blanks gone
  syslog_ts,          // "Oct 14 03:12:01 host1 kernel: [   12.345678] text"
  syslog_level,       // "Oct 14 03:12:01 host1 kernel: <4>[   12.345678] text"
  syslog_twice,       // "Oct 14 03:12:01 host1 kernel: kernel: text"
  syslog_repeated,    // every line followed by a program's line and its "last message repeated 2 times"
  rfc3339,            // "2014-11-20T01:02:03.123456+01:00 host1 kernel: text"
  rfc5424,            // "<4>1 2003-10-11T22:14:15.003Z host1 kernel - - - text"
  journal_short,      // "Mar 01 00:00:01 host1 kernel: text"
  journal_iso,        // "2014-03-01T00:00:01+0000 host1 kernel: text"
  journal_full,       // "Sat 2014-03-01 00:00:01 UTC host1 kernel: text"
  journal_monotonic,  // "[   12.345678] host1 kernel: text"
  journal_unix,       // "1393632001.123456 host1 kernel: text"
  journal_json,       // {"MESSAGE":"text", ...}
  journal_export,     // MESSAGE=text ..., blank line
  journal_verbose,    // head line, indented fields
  crlf,               // serial console: "\r\n"
  ansi,               // serial console: colours
  nbsp,               // pasted from a web page: U+00A0 for one of two blanks
  html,               // the web page itself: entities, <pre>, <br>
  quoted,             // mail: "> "
  quoted_twice,       // mail: ">> "
  quoted_wrapped,     // mail: "> ", wrapped at 76 columns
  wrapped_syslog,     // syslog pasted into a mail and wrapped at 76 columns
  indented,           // an excerpt in a commit message
  octal,              // one syslog line, its lines parted by "#012"
  pstore,             // one part under its head
  pstore_reversed,    // several parts, newest first
  dmesg_T,            // "[Mon Oct 14 03:12:01 2013] text"
  dmesg_iso,          // "2013-10-14T03:12:01,123456+02:00 text"
  decode,             // "kern  :warn  : [   12.345678] text"
  kmsg,               // "4,416,12345678,-;text"
  terminal_stamp,     // "[2020-05-18 10:11:12] [   12.345678] text"
  bench_stamp,        // "2020-05-18T10:11:12.123 text"
  bench_json,         // {"dt": ..., "msg": "text"}
};

// All of them.
std::span<const Transport> all_transports();
std::string_view to_string(Transport transport);

// `text` holds messages parted by "\n", without transport. The result ends in a newline unless `text` is empty.
std::string wrap(Transport transport, std::string_view text);

// Wraps each line as a mail program does: at the last blank before `column`, with `mark` in front of every piece.
std::string wrap_columns(std::string_view text, std::string_view mark, std::size_t column);

}  // namespace diag::test
