#include <string>
#include <vector>

#include "common/command_line.h"
#include "common/exit_status.h"
#include "common/signature_folder.h"
#include "common/terminal.h"
#include "event/vocabulary.h"
#include "sigcheck/case_list.h"
#include "sigcheck/lint_page.h"
#include "sigcheck/new_signature.h"
#include "sigcheck/signature_view.h"
#include "sigcheck/trial.h"

namespace diag::tools {

namespace {

constexpr const char* tool = "sigcheck";

constexpr const char* description =
    "Helps to write signatures: checks them and their cases, tries one on a log and says\n"
    "clause by clause what held, and begins a new one from a log.";

constexpr const char* examples =
    "Examples:\n"
    "  sigcheck new kernel.net.my-crash --from vmcore-dmesg.txt\n"
    "  sigcheck try signatures/kernel/net/my-crash.toml vmcore-dmesg.txt rules.txt\n"
    "  sigcheck lint\n"
    "  sigcheck cases --update '*my-crash*'\n"
    "\n"
    "Exit status: 0 all is well, 1 mistakes were found, 2 wrong usage, 3 something\n"
    "could not be read.";

struct Options {
  std::string folder, from, line;
  std::vector<std::string> paths;
  bool update = false;
};

int print(const std::string& text, int status) { return write_out(text) ? status : unreadable_input; }

int fail(const Error& error, int status) {
  complain(tool, (error.where.empty() ? "" : error.where + ": ") + error.message);
  return status;
}

// The folder of signatures that a command works on; nothing: it was said why there is none.
std::optional<std::string> folder(const Options& options) {
  auto found = signature_folder(options.folder);
  if (!found) complain(tool, found.error().where + ": " + found.error().message);
  if (found && found->empty()) complain(tool, "there is no folder of signatures; name one with --signatures DIR");
  return found && !found->empty() ? std::optional(*found) : std::nullopt;
}

int finish(const Result<Page>& page) {
  if (!page) return fail(page.error(), page.error().code == Error::Code::unsupported ? wrong_usage : unreadable_input);
  return print(page->text, page->good ? nothing_found : something_found);
}

int run_command(const CommandLine& lint, const CommandLine& tries, const CommandLine& news, const CommandLine& cases,
                const CommandLine& show, const CommandLine& overlap, const CommandLine& coverage, const Options& o) {
  if (tries.chosen()) return finish(trial(o.paths));
  if (lint.chosen() && !o.paths.empty()) return finish(lint_paths(o.paths));
  const auto where = folder(o);
  if (!where) return wrong_usage;
  if (lint.chosen()) return finish(lint_paths({*where}));
  if (news.chosen()) return finish(new_signature({o.paths.front(), o.from, *where, o.line}));
  if (cases.chosen()) return finish(run_cases(*where, o.paths, o.update));
  if (show.chosen()) return finish(show_signatures(*where, o.paths));
  if (overlap.chosen()) return finish(overlap_page(*where));
  if (coverage.chosen()) return finish(coverage_page(*where, o.paths));
  return wrong_usage;
}

int run(int argc, char** argv) {
  prepare_terminal(tool);
  Options o;
  CommandLine line(tool, description, examples);
  auto& lint = line.command("lint", "Check signatures and run the cases beside them");
  lint.arguments("PATH", o.paths, "Folders, or single files (then without their cases); nothing: the installed folder");
  auto& tries = line.command("try", "Try one signature on logs, and say clause by clause what held");
  tries.arguments("SIG.toml LOG...", o.paths, "The signature file, then what it is tried on");
  auto& news = line.command("new", "Begin a signature, with a case and a near miss, from a log");
  news.arguments("ID", o.paths, "Its id: kernel.net.my-crash");
  news.word("--from", o.from, "LOG", "The log that shows what it is about");
  news.word("--line", o.line, "N", "The line of the log it is about; nothing: the first kernel event");
  auto& cases = line.command("cases", "Run cases");
  cases.arguments("GLOB", o.paths, "Only cases whose path matches");
  cases.flag("--update", o.update, "Rewrite EXPECT lines as it is now; then look at the difference");
  auto& show = line.command("show", "Print signatures in short");
  show.arguments("ID", o.paths, "Ids or globs");
  auto& overlap = line.command("overlap", "List signatures that meet on one event, and no rank decides between them");
  auto& coverage = line.command("coverage", "Say for each signature what its cases exercise");
  coverage.arguments("GLOB", o.paths, "Only signatures whose id matches");
  auto& events = line.command("events", "Print docs/events.md: all kinds of event and their fields");
  for (CommandLine* c : {&lint, &news, &cases, &show, &overlap, &coverage}) {
    c->word("--signatures", o.folder, "DIR", "The folder of signatures");
  }
  if (const auto status = line.parse(argc, argv)) return *status;
  if (events.chosen()) return print(vocabulary_page(), nothing_found);
  const bool lacks = (tries.chosen() && o.paths.size() < 2) || (show.chosen() && o.paths.empty()) ||
                     (news.chosen() && (o.paths.size() != 1 || o.from.empty()));
  if (lacks) {
    complain(tool, "something is missing (see sigcheck " +
                       std::string(tries.chosen()  ? "try"
                                   : show.chosen() ? "show"
                                                   : "new") +
                       " --help)");
    return wrong_usage;
  }
  return run_command(lint, tries, news, cases, show, overlap, coverage, o);
}

}  // namespace

}  // namespace diag::tools

int main(int argc, char** argv) { return diag::tools::run(argc, argv); }
