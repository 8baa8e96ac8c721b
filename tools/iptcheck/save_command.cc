#include "iptcheck/save_command.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <optional>

#include "base/text.h"

namespace diag::tools {

namespace {

constexpr std::size_t most_output = 256 << 20;

std::string path_of(const std::string& name) {
  for (const auto* folder : {"/usr/sbin/", "/sbin/", "/usr/bin/", "/bin/"})
    if (access((folder + name).c_str(), X_OK) == 0) return folder + name;
  return {};
}

struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) == 0) read = ends[0], write = ends[1];
  }
  ~Pipe() {
    close_write();
    if (read >= 0) close(read);
  }
  void close_write() {
    if (write >= 0) close(write);
    write = -1;
  }
};

std::string read_all(int fd) {
  std::string text;
  char block[65536];
  while (text.size() < most_output) {
    const auto n = ::read(fd, block, sizeof block);
    if (n == 0 || (n < 0 && errno != EINTR)) break;
    if (n > 0) text.append(block, static_cast<std::size_t>(n));
  }
  return text;
}

[[noreturn]] void become(const std::string& path, const Pipe& out, int errors) {
  dup2(out.write, STDOUT_FILENO);
  dup2(errors, STDERR_FILENO);
  const int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, STDIN_FILENO);
  const char* arguments[] = {path.c_str(), "-c", nullptr};
  const char* environment[] = {"PATH=/usr/sbin:/sbin:/usr/bin:/bin", "LC_ALL=C", nullptr};
  execve(path.c_str(), const_cast<char**>(arguments), const_cast<char**>(environment));
  _exit(127);
}

// What the program said on standard error, kept in a file without a name so that neither pipe can block it.
std::string said(int errors) {
  lseek(errors, 0, SEEK_SET);
  auto text = read_all(errors);
  const auto end = text.find('\n');
  return printable(trim(std::string_view(text).substr(0, end)), true);
}

}  // namespace

Result<std::string> run_program(const std::string& name) {
  const auto path = path_of(name);
  if (path.empty()) return std::unexpected(Error{Error::Code::not_found, "is not installed", name});
  Pipe out;
  const int errors = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  const pid_t child = fork();
  if (child < 0) return std::unexpected(Error{Error::Code::unreadable, "cannot be started", name});
  if (child == 0) become(path, out, errors);
  out.close_write();
  auto text = read_all(out.read);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  const bool well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  const auto words = errors >= 0 ? said(errors) : std::string();
  if (errors >= 0) close(errors);
  if (well) return text;
  return std::unexpected(Error{Error::Code::unreadable, words.empty() ? "ended with an error" : words, name});
}

}  // namespace diag::tools
