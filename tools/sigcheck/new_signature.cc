#include "sigcheck/new_signature.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "diag/diag.h"
#include "pipeline/lint_run.h"
#include "sigcheck/signature_draft.h"

namespace diag::tools {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t whole_log = 400;  // lines of a log that becomes a case as it is
constexpr std::uint64_t context = 20;   // lines around the event of a longer one

Error usage(std::string message) { return {Error::Code::unsupported, std::move(message), ""}; }

bool is_id(std::string_view id) {
  const bool plain = std::ranges::all_of(
      id, [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '.' || c == '_'; });
  return plain && id.find('.') != id.npos && id.find("..") == id.npos && !id.starts_with('.') && !id.ends_with('.');
}

Result<std::vector<std::string>> lines_of(const std::string& log) {
  SourceTable sources;
  const auto input = open_input(log, sources);
  if (!input) return std::unexpected(input.error());
  std::vector<std::string> out;
  if (Source* source = (*input)->next()) {
    while (const Line* line = source->next()) out.emplace_back(line->text);
  }
  return out;
}

// All events of the log, with one for every message: a signature that fits anything asks for them.
Facts facts_of(const std::string& log) {
  SignatureSet all;
  all.add(
      "id = 'all'\ntitle = 'all'\nseverity = 'info'\nconfidence = 'possible'\nsummary = 'all'\nreferences = ['none']\n"
      "[event]\nkind = 'log.message'\ntext = '.'\nbecause = 'all'\n",
      "all.toml", "");
  Diagnosis diagnosis(all);
  (void)diagnosis.read(log);  // what cannot be read was noticed before
  return diagnosis.finish("sigcheck").facts;
}

// The event to begin with; null: none.
const Event* chosen(const Facts& facts, std::optional<std::uint64_t> line) {
  const auto fits = [&](const Event& e) {
    return static_cast<std::size_t>(e.first.source) == 0 && (!line || (e.first.line <= *line && *line <= e.last.line));
  };
  const auto kernel = std::ranges::find_if(facts.events, [&](const Event& e) { return e.kernel && fits(e); });
  if (kernel != facts.events.end()) return &*kernel;
  const auto message = [&](const Event& e) { return e.kind == "log.message" && fits(e); };
  const bool only = std::ranges::count_if(facts.events, message) == 1;
  const auto at = std::ranges::find_if(facts.events, message);
  return at != facts.events.end() && (line || only) ? &*at : nullptr;
}

std::string excerpt(const std::vector<std::string>& lines, const Event& e) {
  std::size_t first = 1, last = lines.size();
  if (lines.size() > whole_log) {
    first = e.first.line > context ? e.first.line - context : 1;
    last = std::min<std::size_t>(lines.size(), e.last.line + context);
  }
  std::string out;
  for (std::size_t n = first; n <= last; ++n) out += lines[n - 1] + '\n';
  return out;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); !from.empty() && at != text.npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

struct Files {
  fs::path signature, hit, near;
};

Files files_of(const NewSignature& wish) {
  std::string place = wish.id;
  std::ranges::replace(place, '.', '/');
  const fs::path base = fs::path(wish.folder) / place;
  return {fs::path(base.string() + ".toml"), fs::path(base.string() + ".first.case"),
          fs::path(base.string() + ".near.case")};
}

Result<void> write(const fs::path& path, const std::string& text) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.flush();
  if (!out) return std::unexpected(Error{Error::Code::unreadable, "cannot be written", path.string()});
  return {};
}

// The head says what is found now.
std::string with_head(const SignatureSet& set, const std::string& text, const std::string& name) {
  sig::Mistakes mistakes(name);
  const auto file = sig::read_case("NOTHING\n\n" + text, mistakes);
  return file ? updated_case("# Where this log is from: system, kernel, what was going on.\n\n" + text,
                             run_case(set, *file))
              : text;
}

}  // namespace

Result<Page> new_signature(const NewSignature& wish) {
  if (!is_id(wish.id))
    return std::unexpected(
        usage("'" + wish.id + "' is no id: small letters, digits and '-', with dots between area and name"));
  const auto number = parse_dec(wish.line);
  if (!wish.line.empty() && !number) return std::unexpected(usage("'" + wish.line + "' is no line number"));
  const Files files = files_of(wish);
  for (const fs::path& path : {files.signature, files.hit, files.near}) {
    if (fs::exists(path)) return std::unexpected(usage(path.string() + " is there already"));
  }
  const auto lines = lines_of(wish.log);
  if (!lines) return std::unexpected(lines.error());
  const Facts facts = facts_of(wish.log);
  const Event* event = chosen(facts, wish.line.empty() ? std::nullopt : number);
  if (event == nullptr) {
    return std::unexpected(usage(wish.line.empty()
                                     ? "no kernel event in " + wish.log + ": say which line it is about with --line N"
                                     : "nothing can be read from line " + wish.line + " of " + wish.log));
  }
  const SignatureDraft draft = draft_signature(wish.id, *event);
  SignatureSet set;
  set.add(draft.toml, files.signature.string(), wish.id);
  Page page;
  for (const Mistake& m : set.mistakes()) page.text += to_string(m) + '\n';

  const std::string text = excerpt(*lines, *event);
  const std::string near = replaced(text, draft.telling, draft.other);
  const std::string near_head =
      fmt::format("# The same, but with another {}.\nNEAR: {} event.{}\n\n", draft.test, wish.id, draft.test);
  const std::pair<fs::path, std::string> written[] = {{files.signature, draft.toml},
                                                      {files.hit, with_head(set, text, files.hit.string())},
                                                      {files.near, near_head + near}};
  for (const auto& [path, contents] : written) {
    if (const auto done = write(path, contents); !done) return std::unexpected(done.error());
    page.text += "wrote " + path.string() + '\n';
  }
  page.text += fmt::format("now edit them, then: sigcheck try {} {}\n", files.signature.string(), wish.log);
  return page;
}

}  // namespace diag::tools
