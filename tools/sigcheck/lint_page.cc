#include "sigcheck/lint_page.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "pipeline/lint_run.h"
#include "signature/glob.h"
#include "signature/signature_store.h"

namespace diag::tools {

namespace {

void add(LintRun& sum, LintRun one) {
  std::ranges::move(one.mistakes, std::back_inserter(sum.mistakes));
  sum.signatures += one.signatures;
  sum.cases += one.cases;
}

std::string counted(std::size_t n, std::string_view word) { return fmt::format("{} {}{}", n, word, n == 1 ? "" : "s"); }

bool wanted(const std::string& id, const std::vector<std::string>& globs) {
  return globs.empty() || std::ranges::any_of(globs, [&](const std::string& g) { return sig::matches_glob(g, id); });
}

std::string coverage_of(const Signature& s, const sig::Exercise& exercise) {
  std::string out = fmt::format("{}\n  hit         {}\n", s.id, exercise.hits.contains(s.id) ? "yes" : "no");
  std::string nears;
  if (const auto at = exercise.nears.find(s.id); at != exercise.nears.end()) {
    for (const std::string& clause : at->second) nears += (nears.empty() ? "" : ", ") + clause;
  }
  out += fmt::format("  near misses {}\n", nears.empty() ? "none" : nears);
  for (const sig::Unused& u : sig::unused_patterns(s))
    out += fmt::format("  unused      {}: '{}'\n", u.clause, u.pattern);
  return out;
}

}  // namespace

Result<Page> lint_paths(const std::vector<std::string>& paths) {
  LintRun sum;
  for (const std::string& path : paths) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(path, ignored)) {
      if (!std::filesystem::exists(path, ignored)) {
        return std::unexpected(Error{Error::Code::not_found, "there is no such file", path});
      }
      add(sum, lint_file(path));
      continue;
    }
    auto one = lint_folder(path);
    if (!one) return std::unexpected(one.error());
    add(sum, std::move(*one));
  }
  Page page;
  for (const Mistake& m : sum.mistakes) page.text += to_string(m) + '\n';
  page.good = sum.mistakes.empty();
  page.text += fmt::format("{}, {}, {}\n", counted(sum.signatures, "signature"), counted(sum.cases, "case"),
                           counted(sum.mistakes.size(), "error"));
  return page;
}

Result<Page> overlap_page(const std::string& folder) {
  const auto run = lint_folder(folder);
  if (!run) return std::unexpected(run.error());
  Page page;
  for (const auto& [a, b] : run->undecided)
    page.text += fmt::format("{} and {} explain one event: give them ranks, or 'over'\n", a, b);
  page.good = run->undecided.empty();
  page.text += counted(run->undecided.size(), "pair") + '\n';
  return page;
}

Result<Page> coverage_page(const std::string& folder, const std::vector<std::string>& globs) {
  const auto set = SignatureSet::load(folder);
  if (!set) return std::unexpected(set.error());
  const auto run = lint_cases_of(*set, folder);
  if (!run) return std::unexpected(run.error());
  Page page;
  for (const std::string& id : set->ids()) {
    if (wanted(id, globs)) page.text += coverage_of(*set->find(id), run->exercise);
  }
  return page;
}

}  // namespace diag::tools
