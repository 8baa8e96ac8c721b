#include "pipeline/lint_run.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <tuple>

#include "signature/signature_store.h"

namespace diag {

namespace fs = std::filesystem;

namespace {

void sort(std::vector<Mistake>& mistakes) {
  std::ranges::stable_sort(mistakes, {}, [](const Mistake& m) { return std::tie(m.file, m.line, m.column); });
}

// "kernel/net/name.el5-kvm.case" stands beside "kernel/net/name.toml".
bool has_signature(const std::string& path) {
  const fs::path file(path);
  const std::string stem = file.filename().string();
  return fs::exists(file.parent_path() / (stem.substr(0, stem.find('.')) + ".toml"));
}

}  // namespace

Result<std::string> read_whole_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  if (!in && !in.eof()) return std::unexpected(Error{Error::Code::unreadable, "cannot be read", path});
  return text;
}

Result<std::vector<std::string>> find_cases(const std::string& folder) {
  std::vector<std::string> out;
  std::error_code error;
  fs::recursive_directory_iterator at(folder, error), end;
  for (; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".case") out.push_back(at->path().string());
  }
  if (error) return std::unexpected(Error{Error::Code::unreadable, error.message(), folder});
  std::ranges::sort(out);
  return out;
}

CaseRun run_case_file(const SignatureSet& signatures, const std::string& path) {
  CaseRun out;
  sig::Mistakes mistakes(path);
  const auto text = read_whole_file(path);
  if (!text) {
    mistakes.add({}, text.error().message);
  } else if (const auto file = sig::read_case(*text, mistakes)) {
    return run_case(signatures, *file);
  }
  out.mistakes = mistakes.take();
  return out;
}

Result<LintRun> lint_cases_of(const SignatureSet& signatures, const std::string& folder) {
  const auto cases = find_cases(folder);
  if (!cases) return std::unexpected(cases.error());
  LintRun out;
  out.cases = cases->size();
  for (const std::string& path : *cases) {
    CaseRun run = run_case_file(signatures, path);
    if (!has_signature(path)) run.mistakes.push_back({path, 0, 0, "it stands beside no signature of that name"});
    std::ranges::move(run.mistakes, std::back_inserter(out.mistakes));
    out.exercise.hits.insert(run.hits.begin(), run.hits.end());
    for (auto& [id, clause] : run.nears) out.exercise.nears[id].insert(std::move(clause));
    std::ranges::move(run.undecided, std::back_inserter(out.undecided));
  }
  std::ranges::sort(out.undecided);
  out.undecided.erase(std::ranges::unique(out.undecided).begin(), out.undecided.end());
  return out;
}

Result<LintRun> lint_folder(const std::string& folder) {
  const auto set = SignatureSet::load(folder);
  if (!set) return std::unexpected(set.error());
  auto out = lint_cases_of(*set, folder);
  if (!out) return out;
  out->signatures = set->size();
  std::ranges::copy(set->mistakes(), std::back_inserter(out->mistakes));
  for (const auto& s : set->data().signatures) {
    sig::lint(*s, *set, out->mistakes);
    sig::lint_cases(*s, out->exercise, out->mistakes);
  }
  sort(out->mistakes);
  return out;
}

LintRun lint_file(const std::string& path) {
  LintRun out;
  const auto text = read_whole_file(path);
  if (!text) {
    out.mistakes.push_back({path, 0, 0, text.error().message});
    return out;
  }
  SignatureSet set;
  set.add(*text, path, "");
  out.mistakes = set.mistakes();
  out.signatures = set.size();
  for (const auto& s : set.data().signatures) {
    const std::size_t before = out.mistakes.size();
    sig::lint(*s, set, out.mistakes);
    // The other signatures are not at hand.
    std::erase_if(out.mistakes, [&, n = std::size_t{0}](const Mistake& m) mutable {
      return n++ >= before && m.message.starts_with("'over' names");
    });
  }
  sort(out.mistakes);
  return out;
}

}  // namespace diag
