#include "iptcheck/rewrite_output.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "common/exit_status.h"
#include "common/terminal.h"
#include "config/rewrite.h"

namespace diag::tools {

namespace {

constexpr const char* tool = "iptcheck";

bool same_file(const std::string& a, const std::string& b) {
  struct stat one{}, two{};
  return stat(a.c_str(), &one) == 0 && stat(b.c_str(), &two) == 0 && one.st_dev == two.st_dev &&
         one.st_ino == two.st_ino;
}

// Only root reads rule files, so only the owner reads the new one. It appears under its name when it is whole.
bool write_file(const std::string& path, const std::string& text, std::string& error) {
  std::string pattern = path + ".XXXXXX";
  const int fd = mkstemp(pattern.data());
  bool well = fd >= 0;
  for (std::size_t at = 0; well && at < text.size();) {
    const auto n = write(fd, text.data() + at, text.size() - at);
    well = n > 0 || errno == EINTR;
    if (n > 0) at += static_cast<std::size_t>(n);
  }
  if (well) well = fsync(fd) == 0;
  if (!well) error = std::strerror(errno);
  if (fd >= 0 && close(fd) != 0 && well) {
    well = false;
    error = std::strerror(errno);
  }
  if (well && rename(pattern.c_str(), path.c_str()) != 0) {
    well = false;
    error = std::strerror(errno);
  }
  if (!well && fd >= 0) unlink(pattern.c_str());
  return well;
}

// The rule sets that can be loaded again, of the family that was asked for.
std::vector<const HostRules*> rewritable(const FirewallHost& host, bool ipv6) {
  std::vector<const HostRules*> found;
  for (const auto& rules : host.rules()) {
    const bool loads = rules.set.form == RuleSet::Form::save || rules.set.form == RuleSet::Form::commands;
    if (loads && (rules.set.family == Family::ipv6) == ipv6) found.push_back(&rules);
  }
  // Where a file and the running rules are both there, the file is meant.
  const auto saved = std::ranges::find(found, HostRules::From::saved, &HostRules::from);
  if (saved != found.end()) return {*saved};
  return found;
}

int complain_about(const std::string& text, int status) {
  complain(tool, text);
  return status;
}

}  // namespace

int write_rewrite(const RewriteRequest& request, const FirewallHost& host, bool ipv6, bool& wrote_output) {
  const auto found = rewritable(host, ipv6);
  if (found.empty())
    return complain_about(
        ipv6 ? "there are no rules of ip6tables that could be rewritten"
             : "there are no rules that could be rewritten (with -6: those of ip6tables); a listing cannot be",
        wrong_usage);
  if (found.size() > 1) return complain_about("--rewrite takes one rule file at a time", wrong_usage);
  const auto& set = found[0]->set;
  const auto& name = set.text->name();
  if (!request.out.empty() && same_file(request.out, name))
    return complain_about("--out is the file that was read; give another name", wrong_usage);
  const auto rewrite = rewrite_rejects(set, {request.only_forwarded, request.keep_ident});
  if (!rewrite) return complain_about(name + ": " + rewrite.error().message, unreadable_input);

  if (!request.out.empty()) {
    std::string error;
    if (!write_file(request.out, rewrite->text, error))
      return complain_about(request.out + ": " + error, unreadable_input);
  }
  wrote_output = request.out.empty() || request.diff;
  if (wrote_output && !write_out(request.diff ? unified_diff(set, *rewrite) : rewrite->text)) return unreadable_input;
  complain(tool, fmt::format("{}: {} rules changed{}{}", name, rewrite->changed.size(),
                             request.out.empty() ? "" : ", written to ", request.out));
  for (const auto& note : rewrite->notes) complain(tool, note);
  return 0;
}

}  // namespace diag::tools
