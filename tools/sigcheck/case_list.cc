#include "sigcheck/case_list.h"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>

#include "pipeline/lint_run.h"
#include "signature/glob.h"

namespace diag::tools {

namespace {

bool wanted(const std::string& path, const std::vector<std::string>& globs) {
  return globs.empty() || std::ranges::any_of(globs, [&](const std::string& g) {
           return sig::matches_glob(g, path) || sig::matches_glob("*/" + g, path) ||
                  sig::matches_glob("*/" + g + ".case", path);
         });
}

// True if the file was changed.
Result<bool> rewrite(const std::string& path, const CaseRun& run) {
  const auto text = read_whole_file(path);
  if (!text) return std::unexpected(text.error());
  const std::string renewed = updated_case(*text, run);
  if (renewed == *text) return false;
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << renewed;
  out.flush();
  if (!out) return std::unexpected(Error{Error::Code::unreadable, "cannot be written", path});
  return true;
}

}  // namespace

Result<Page> run_cases(const std::string& folder, const std::vector<std::string>& globs, bool update) {
  const auto set = SignatureSet::load(folder);
  if (!set) return std::unexpected(set.error());
  const auto paths = find_cases(folder);
  if (!paths) return std::unexpected(paths.error());
  Page page;
  std::size_t ran = 0, failed = 0, changed = 0;
  for (const Mistake& m : set->mistakes()) page.text += to_string(m) + '\n';
  page.good = set->mistakes().empty();
  for (const std::string& path : *paths) {
    if (!wanted(path, globs)) continue;
    ++ran;
    CaseRun run = run_case_file(*set, path);
    if (update && run.ran) {
      const auto done = rewrite(path, run);
      if (!done) return std::unexpected(done.error());
      if (*done) {
        ++changed;
        page.text += path + ": rewritten\n";
        run = run_case_file(*set, path);
      }
    }
    failed += !run.mistakes.empty();
    for (const Mistake& m : run.mistakes) page.text += to_string(m) + '\n';
  }
  page.good = page.good && failed == 0;
  page.text += fmt::format("{} cases, {} failed", ran, failed);
  page.text += update ? fmt::format(", {} rewritten\n", changed) : "\n";
  return page;
}

}  // namespace diag::tools
