#include <fmt/format.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "base/text.h"
#include "common/command_line.h"
#include "common/common_options.h"
#include "common/exit_status.h"
#include "common/terminal.h"
#include "config/audit.h"
#include "diag/version.h"
#include "iptcheck/host_reader.h"
#include "iptcheck/rewrite_output.h"

namespace diag::tools {

namespace {

constexpr const char* tool = "iptcheck";

constexpr const char* description =
    "Says which REJECT rules a packet can reach while a bridge holds it. On EL5\n"
    "(x86_64, 2.6.18-274 to 308.1.1) and on EL6 before 2.6.32-279 such a packet\n"
    "crashes the host. Reads iptables-save, iptables -S, iptables -nvL, firewalld's\n"
    "direct.xml, and beside them sysctl, brctl show, ifcfg and uname outputs.\n"
    "Nothing on the host is changed.";

constexpr const char* examples =
    "Examples:\n"
    "  iptcheck /etc/sysconfig/iptables\n"
    "  iptables-save | iptcheck --kernel \"$(uname -r) $(uname -m)\" --bridges br0,virbr0\n"
    "  iptcheck --live\n"
    "  iptcheck --root sosreport.tar.xz --format json\n"
    "  iptcheck /etc/sysconfig/iptables --rewrite drop --diff\n"
    "  iptcheck /etc/sysconfig/iptables --rewrite drop --out iptables.new\n"
    "\n"
    "Exit status: 0 nothing found, 1 something found (see --fail-on), 2 wrong usage,\n"
    "3 some input could not be read.";

struct Options {
  CommonOptions common;
  std::vector<std::string> files;
  std::string root, era = "auto", kernel, bridges, calls = "auto", rewrite;
  bool live = false, ipv6 = false, checks = false;
  RewriteRequest change;
};

void declare(CommandLine& line, Options& o) {
  line.arguments("FILE", o.files, "Rules, and other texts of the same host; '-' or nothing: standard input");
  line.word("--root", o.root, "DIR", "Read a sosreport (folder or archive) or the root folder of a host");
  line.flag("--live", o.live, "Look at this host: runs iptables-save and ip6tables-save, reads /proc and /sys");
  line.flag("-6,--ipv6", o.ipv6, "The rules are those of ip6tables");
  line.word("--era", o.era, "ERA", "auto (default), el5, el6, el7 or el8", {"auto", "el5", "el6", "el7", "el8"});
  line.word("--kernel", o.kernel, "TEXT", "The host's kernel, as uname -r (and -m) or uname -a print it");
  line.word("--bridges", o.bridges, "NAMES", "All bridges of the host: br0,virbr0; 'none'");
  line.word("--nf-call", o.calls, "WHAT", "Whether the bridges call iptables: auto (default), 0, 1",
            {"auto", "0", "1"});
  line.word("--rewrite", o.rewrite, "HOW", "Write the rules with DROP in place of REJECT: drop", {"drop"});
  line.word("--out", o.change.out, "FILE", "Where to (default: standard output)");
  line.flag("--diff", o.change.diff, "Print the change as a diff");
  line.flag("--keep-ident", o.change.keep_ident, "Let INPUT still answer ident (port 113) with a TCP reset");
  line.flag("--only-forwarded", o.change.only_forwarded, "Leave the rules that only INPUT leads to");
  line.flag("--list-checks", o.checks, "Print the code of every check and exit");
  o.common.declare(line, false);
}

std::vector<std::string> names_of(std::string_view list) {
  std::vector<std::string> names;
  if (list == "none") return names;
  while (!list.empty()) {
    const auto name = trim(list.substr(0, list.find(',')));
    if (!name.empty()) names.emplace_back(name);
    list.remove_prefix(std::min(list.find(','), list.size() - 1) + 1);
  }
  return names;
}

AuditOptions audit_options(const Options& o) {
  AuditOptions options;
  if (o.era != "auto") options.era = *era_of_word(o.era);
  options.kernel = o.kernel;
  if (!o.bridges.empty()) options.bridges = names_of(o.bridges);
  if (o.calls != "auto") options.calls_iptables = o.calls == "1";
  return options;
}

// What is wrong with the combination of options; empty: nothing.
std::string contradiction(const Options& o) {
  const bool changes = !o.rewrite.empty();
  if (o.live && !o.root.empty()) return "--live and --root are two different hosts";
  if (!changes && (o.change.diff || !o.change.out.empty() || o.change.keep_ident || o.change.only_forwarded))
    return "--out, --diff, --keep-ident and --only-forwarded need --rewrite drop";
  if (o.files.empty() && o.root.empty() && !o.live && is_terminal(STDIN_FILENO))
    return "which rules are to be read? (see iptcheck --help)";
  return {};
}

int list_checks() {
  std::string text;
  for (const auto& check : audit_checks()) text += fmt::format("{}  {:<30}  {}\n", check.code, check.id, check.title);
  return write_out(text) ? nothing_found : unreadable_input;
}

int check(const Options& o) {
  HostReader reader(o.ipv6);
  if (o.live) reader.read_live();
  if (!o.root.empty()) reader.read_root(o.root);
  auto files = o.files;
  if (files.empty() && o.root.empty() && !o.live) files.emplace_back("-");
  for (const auto& file : files) reader.read_file(file);

  auto result = audit(reader.host(), audit_options(o));
  Report report{tool, std::string(version()), {}, std::move(result.findings)};
  report.facts.events = std::move(result.events);
  report.facts.inputs = reader.take_inputs();
  o.common.select(report.findings);

  bool wrote_output = false;
  if (!o.rewrite.empty())
    if (const int failed = write_rewrite(o.change, reader.host(), o.ipv6, wrote_output)) return failed;
  return wrote_output ? o.common.status(report) : o.common.publish(report);
}

int run(int argc, char** argv) {
  prepare_terminal(tool);
  Options options;
  CommandLine line(tool, description, examples);
  declare(line, options);
  if (const auto status = line.parse(argc, argv)) return *status;
  if (options.checks) return list_checks();
  if (const auto wrong = contradiction(options); !wrong.empty()) {
    complain(tool, wrong);
    return wrong_usage;
  }
  return check(options);
}

}  // namespace

}  // namespace diag::tools

int main(int argc, char** argv) { return diag::tools::run(argc, argv); }
