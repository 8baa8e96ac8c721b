#include "diag/signature.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <mutex>
#include <optional>

#include "signature/draft.h"
#include "signature/glob.h"
#include "signature/matcher.h"
#include "signature/prefilter.h"
#include "signature/ranking.h"
#include "signature/signature_file.h"
#include "signature/signature_store.h"

namespace diag {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_drafts = 5'000;  // findings of one run, before they are folded

struct File {
  fs::path path;
  std::string id;
  std::unique_ptr<Signature> signature;
  std::vector<Mistake> mistakes;
};

// "kernel/net/name.toml" below the folder is "kernel.net.name".
std::string id_of(const fs::path& relative) {
  std::string id = relative.generic_string();
  id.resize(id.size() - std::string_view(".toml").size());
  std::ranges::replace(id, '/', '.');
  return id;
}

// Streams are several times slower, and this is done for hundreds of files at each start.
std::optional<std::string> read_text(const fs::path& path) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return std::nullopt;
  std::string text;
  std::array<char, 16'384> block;
  while (const std::size_t n = std::fread(block.data(), 1, block.size(), file)) {
    text.append(block.data(), n);
    if (text.size() > sig::largest_file) break;
  }
  const bool good = std::ferror(file) == 0;
  std::fclose(file);
  return good ? std::optional(std::move(text)) : std::nullopt;
}

void read_file(File& file) {
  sig::Mistakes mistakes(file.path.string());
  if (const auto text = read_text(file.path)) {
    file.signature = sig::read_signature(*text, file.id, mistakes);
  } else {
    mistakes.add({}, "cannot be read");
  }
  file.mistakes = mistakes.take();
}

Result<std::vector<File>> find_files(const fs::path& folder) {
  std::vector<File> out;
  std::error_code error;
  fs::recursive_directory_iterator at(folder, error), end;
  while (!error && at != end) {
    if (at->path().extension() == ".toml" && at->is_regular_file(error)) {
      out.push_back({at->path(), id_of(at->path().lexically_relative(folder)), nullptr, {}});
    }
    at.increment(error);
  }
  if (error) {
    const bool absent = error == std::errc::no_such_file_or_directory;
    return std::unexpected(
        Error{absent ? Error::Code::not_found : Error::Code::unreadable, error.message(), folder.string()});
  }
  std::ranges::sort(out, {}, &File::id);
  return out;
}

}  // namespace

SignatureSet::SignatureSet() : data_(std::make_unique<Data>()) {}
SignatureSet::~SignatureSet() = default;
SignatureSet::SignatureSet(SignatureSet&&) noexcept = default;
SignatureSet& SignatureSet::operator=(SignatureSet&&) noexcept = default;

Result<SignatureSet> SignatureSet::load(const std::string& folder) {
  auto files = find_files(folder);
  if (!files) return std::unexpected(files.error());
  std::ranges::for_each(*files, read_file);
  SignatureSet set;
  for (File& f : *files) {
    std::ranges::move(f.mistakes, std::back_inserter(set.data_->mistakes));
    if (f.signature) set.data_->add(std::move(f.signature));
  }
  return set;
}

bool SignatureSet::add(std::string_view toml, const std::string& file, const std::string& id) {
  sig::Mistakes mistakes(file);
  auto signature = sig::read_signature(toml, id, mistakes);
  std::ranges::move(mistakes.take(), std::back_inserter(data_->mistakes));
  return signature && data_->add(std::move(signature));
}

const std::vector<Mistake>& SignatureSet::mistakes() const { return data_->mistakes; }
std::size_t SignatureSet::size() const { return data_->signatures.size(); }

std::vector<std::string> SignatureSet::ids() const {
  std::vector<std::string> out;
  for (const auto& s : data_->signatures) out.push_back(s->id);
  std::ranges::sort(out);
  return out;
}

const Signature* SignatureSet::find(std::string_view id) const {
  const auto at = std::ranges::find_if(
      data_->signatures, [&](const auto& s) { return s->id == id || (!s->code.empty() && s->code == id); });
  return at == data_->signatures.end() ? nullptr : at->get();
}

void SignatureSet::select(const std::vector<std::string>& only, const std::vector<std::string>& skip) {
  const auto fits = [](const Signature& s, const std::vector<std::string>& globs) {
    return std::ranges::any_of(globs, [&](const std::string& g) {
      return sig::matches_glob(g, s.id) || (!s.code.empty() && sig::matches_glob(g, s.code));
    });
  };
  std::erase_if(data_->signatures, [&](const auto& s) { return (!only.empty() && !fits(*s, only)) || fits(*s, skip); });
  data_->forget_prefilter();
}

bool SignatureSet::wants_message(std::string_view text) const { return data_->prefilter().any(text); }

std::vector<Finding> SignatureSet::match(const Facts& facts) const {
  const sig::FactsIndex index(facts);
  auto drafts = data_->drafts(index);
  return sig::ranked(std::move(drafts), index);
}

// ---- what the tools and the case runner see of it

bool SignatureSet::Data::add(std::unique_ptr<Signature> s) {
  const auto same = std::ranges::find(signatures, s->id, [](const auto& x) { return x->id; });
  if (same != signatures.end()) {
    mistakes.push_back({s->file, 0, 0, "the id '" + s->id + "' is taken by " + (*same)->file});
    return false;
  }
  signatures.push_back(std::move(s));
  forget_prefilter();
  return true;
}

void SignatureSet::Data::forget_prefilter() { lazy = std::make_unique<Lazy>(); }

const sig::Prefilter& SignatureSet::Data::prefilter() const {
  std::call_once(lazy->once, [&] {
    std::vector<const Signature*> all;
    for (const auto& s : signatures) all.push_back(s.get());
    lazy->prefilter = std::make_unique<sig::Prefilter>(all);
  });
  return *lazy->prefilter;
}

sig::MessagesOf SignatureSet::Data::messages(const sig::FactsIndex& facts) const {
  sig::MessagesOf out;
  for (const auto& s : signatures) {
    const auto note = [&](const sig::Clause& c) {
      if (!sig::message_patterns(c).empty()) out[&c];
    };
    note(s->event);
    if (s->until) note(*s->until);
    std::ranges::for_each(s->clues, note);
  }
  if (out.empty()) return out;
  std::vector<const sig::Clause*> found;
  for (const std::size_t i : facts.of_kind("log.message")) {
    const auto* text = facts.event(i).get<std::string>("text");
    if (text == nullptr) continue;
    prefilter().find(*text, found);
    for (const sig::Clause* clause : found) out[clause].push_back(i);
  }
  return out;
}

std::vector<sig::Draft> SignatureSet::Data::drafts(const sig::FactsIndex& facts) const {
  const sig::MessagesOf of = messages(facts);
  const sig::Matcher matcher(facts, of);
  std::vector<sig::Draft> out;
  for (const auto& s : signatures) {
    for (sig::Explanation& e : matcher.explain(*s)) {
      const auto level = sig::judge(e).level;
      if (!level) continue;
      if (out.size() == most_drafts) {
        out.back().finding.not_checked.emplace_back("more findings than can be shown: the rest was left out");
        return out;
      }
      out.push_back(sig::draft(std::move(e), facts, *level));
    }
  }
  return out;
}

}  // namespace diag
