#include "common/signature_folder.h"

#include <fmt/core.h>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "base/edit_distance.h"
#include "common/terminal.h"

namespace diag::tools {

namespace fs = std::filesystem;

namespace {

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

Result<std::string> asked_for(const std::string& folder, const std::string& where) {
  if (folder == "none") return std::string();
  if (is_folder(folder)) return folder;
  return std::unexpected(Error{Error::Code::not_found, "there is no folder of signatures at " + folder, where});
}

}  // namespace

Result<std::string> signature_folder(const std::string& option) {
  if (!option.empty()) return asked_for(option, "--signatures");
  if (const char* value = std::getenv("DIAG_SIGNATURES"); value && *value) return asked_for(value, "DIAG_SIGNATURES");
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  if (!failed) {
    const fs::path installed = program.parent_path().parent_path() / "share/libdiag/signatures";
    if (is_folder(installed)) return installed.string();
  }
  return is_folder(DIAG_SOURCE_SIGNATURES) ? DIAG_SOURCE_SIGNATURES : "";
}

Result<SignatureSet> load_signatures(const std::string& tool, const std::string& option,
                                     const std::vector<std::string>& only, const std::vector<std::string>& skip) {
  const auto folder = signature_folder(option);
  if (!folder) return std::unexpected(folder.error());
  if (folder->empty()) {
    if (option != "none") complain(tool, "no signatures found: events are shown, but nothing is concluded from them");
    return SignatureSet();
  }
  auto signatures = SignatureSet::load(*folder);
  if (!signatures) return signatures;
  for (const auto& mistake : signatures->mistakes())
    complain(tool, to_string(mistake) + " (this signature is left out)");
  const auto before = signatures->ids();
  signatures->select(only, skip);
  if (signatures->size() == 0 && !only.empty()) {
    const auto& glob = only.front();
    const auto nearest = nearest_word(glob, std::vector<std::string_view>(before.begin(), before.end()));
    return std::unexpected(Error{Error::Code::not_found,
                                 fmt::format("no signature is called '{}'{}", glob,
                                             nearest ? fmt::format("; did you mean '{}'?", *nearest) : ""),
                                 "--only"});
  }
  return signatures;
}

std::string nearest_id(const SignatureSet& signatures, std::string_view id) {
  const auto ids = signatures.ids();
  const auto nearest = nearest_word(id, std::vector<std::string_view>(ids.begin(), ids.end()));
  return nearest ? fmt::format("; did you mean '{}'?", *nearest) : "";
}

}  // namespace diag::tools
