#include "common/terminal.h"

#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/core.h>
#include <algorithm>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>

#include "base/text.h"

namespace diag::tools {

namespace {

constexpr int least_width = 40, usual_width = 80, most_width = 100;

std::string program = "diag";  // set once, before anything is written

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// False on an error, with errno.
bool write_fully(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(descriptor, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

bool is_terminal(int descriptor) { return ::isatty(descriptor) == 1; }

int terminal_width() {
  int width = parse_dec<int>(environment("COLUMNS")).value_or(0);
  winsize size{};
  if (width <= 0 && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) width = size.ws_col;
  return width <= 0 ? usual_width : std::clamp(width, least_width, most_width);
}

bool locale_is_utf8() { return std::string_view(::nl_langinfo(CODESET)) == "UTF-8"; }

bool wants_color() {
  const auto kind = environment("TERM");
  return is_terminal(STDOUT_FILENO) && environment("NO_COLOR").empty() && !kind.empty() && kind != "dumb";
}

bool write_out(std::string_view text) {
  if (write_fully(STDOUT_FILENO, text) || errno == EPIPE) return true;
  complain(program, fmt::format("cannot write standard output: {}", std::strerror(errno)));
  return false;
}

void complain(std::string_view tool, std::string_view text) {
  const std::string line = fmt::format("{}: {}\n", tool, printable(text, !locale_is_utf8()));
  (void)write_fully(STDERR_FILENO, line);  // where else could one say that this failed?
}

void prepare_terminal(std::string_view tool) {
  program = tool;
  std::signal(SIGPIPE, SIG_IGN);
  std::setlocale(LC_CTYPE, "");
}

}  // namespace diag::tools
