// Makes the text of a line again what the kernel wrote: terminal escapes, web pages' entities and special blanks, and
// the octal escapes of syslog daemons are undone. '\n' in a result parts lines that stood in one.
#pragma once

#include <string>
#include <string_view>

namespace diag::transport {

// What a line holds that may need cleaning. Told in one fast scan: nearly all lines hold none of it.
struct Dirt {
  bool control = false;  // a control character other than a tab
  bool high = false;     // a byte above 0x7f
};
Dirt find_dirt(std::string_view line);

// An HTML tag at the front or the end of the line: "<pre>", "<br>". Kernel marks ("<IRQ>", "<c3>") are none.
bool has_html_tag(std::string_view line);

// Each writes into `out`, which must not overlap `line`, and gives its text.
// Drops escape sequences, NULs and other control characters, applies backspaces; a carriage return within the line
// parts it.
std::string_view drop_controls(std::string_view line, std::string& out);
// Undoes what a web page or a mail program did: entities, tags, no-break and other blanks, typographic quotes and
// dashes.
std::string_view undo_markup(std::string_view line, std::string& out);
// "#012" and the like, as rsyslog writes control characters. Gives `text` itself if none stands there.
std::string_view undo_octal_escapes(std::string_view text, std::string& out);
// "\x0a" and the like, as /dev/kmsg and vmcore-dmesg write them. Gives `text` itself if none stands there.
std::string_view undo_hex_escapes(std::string_view text, std::string& out);

}  // namespace diag::transport
