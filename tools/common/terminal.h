// What the program's terminal and locale can do, and writing to it.
#pragma once

#include <string_view>

namespace diag::tools {

bool is_terminal(int descriptor);

// COLUMNS, else what the terminal on standard output says, else 80. Between 40 and 100: longer lines tire the eye.
int terminal_width();

// Whether the locale (LC_ALL, LC_CTYPE, LANG) writes UTF-8.
bool locale_is_utf8();

// For --color=auto: standard output is a terminal that knows colours, and NO_COLOR is not set.
bool wants_color();

// Writes all of `text` to standard output; false if that failed, which was then said on standard error. A reader that
// went away is no failure: it has read what it wanted.
bool write_out(std::string_view text);

// "oopsdiag: cannot read x" and the like, one sanitized line on standard error.
void complain(std::string_view tool, std::string_view text);

// Call first: a closed pipe is then an error of write_out(), not the end of the program; and the locale is set.
void prepare_terminal(std::string_view tool);

}  // namespace diag::tools
