#include <unistd.h>

#include <string>
#include <tuple>
#include <vector>

#include "common/command_line.h"
#include "common/common_options.h"
#include "common/exit_status.h"
#include "common/progress.h"
#include "common/signature_folder.h"
#include "common/terminal.h"
#include "diag/diag.h"
#include "oopsdiag/signature_page.h"

namespace diag::tools {

namespace {

constexpr const char* tool = "oopsdiag";

constexpr const char* description =
    "Reads kernel logs (dmesg, vmcore-dmesg, syslog, serial console; also compressed\n"
    "or in archives) and says what crashed, why, and what to do about it. Further\n"
    "files of the same host (iptables-save, sysctl, rpm -qa) make it surer.\n";

constexpr const char* examples =
    "Examples:\n"
    "  oopsdiag /var/crash/*/vmcore-dmesg.txt\n"
    "  oopsdiag /var/log/messages* iptables-save.txt\n"
    "  dmesg | oopsdiag\n"
    "  oopsdiag --format json sosreport.tar.xz > report.json\n"
    "  oopsdiag --explain kernel.net.bridge-reject-icmp-send\n"
    "\n"
    "Exit status: 0 nothing found, 1 something found (see --fail-on), 2 wrong usage,\n"
    "3 some input could not be read.";

struct Options {
  CommonOptions common;
  std::vector<std::string> files;
  std::string explain;
  bool list = false;
};

void declare(CommandLine& line, Options& options) {
  line.arguments("FILE", options.files, "What to read; '-' or nothing: standard input");
  options.common.declare(line);
  line.word("--explain", options.explain, "ID", "Print one signature and exit");
  line.flag("--list-signatures", options.list, "Print the id of every signature and exit");
}

int print(const std::string& text) { return write_out(text) ? nothing_found : unreadable_input; }

int explain(const Options& options, const SignatureSet& signatures) {
  const Signature* signature = signatures.find(options.explain);
  if (signature) return print(signature_page(*signature, options.common.style()));
  complain(tool, "no signature is called '" + options.explain + "'" + nearest_id(signatures, options.explain));
  return wrong_usage;
}

int diagnose(const Options& options, const SignatureSet& signatures) {
  Diagnosis run(signatures);
  {
    Progress progress(run);
    for (const auto& file : options.files) {
      progress.reading(file);
      std::ignore = run.read(file);  // the report says what could not be read
    }
  }
  return options.common.publish(run.finish(tool));
}

int run(int argc, char** argv) {
  prepare_terminal(tool);
  Options options;
  CommandLine line(tool, description, examples);
  declare(line, options);
  if (const auto status = line.parse(argc, argv)) return *status;
  const auto signatures = options.common.signatures(tool);
  if (!signatures) return wrong_usage;
  if (options.list) return print(signature_list(*signatures, options.common.style()));
  if (!options.explain.empty()) return explain(options, *signatures);
  if (options.files.empty() && is_terminal(STDIN_FILENO)) {
    complain(tool, "which file is to be read? (see oopsdiag --help)");
    return wrong_usage;
  }
  if (options.files.empty()) options.files = {"-"};
  return diagnose(options, *signatures);
}

}  // namespace

}  // namespace diag::tools

int main(int argc, char** argv) { return diag::tools::run(argc, argv); }
