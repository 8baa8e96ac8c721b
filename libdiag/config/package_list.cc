#include "config/package_list.h"

#include <algorithm>

#include "base/text.h"

namespace diag {

namespace {

constexpr std::string_view machines[] = {"aarch64", "alpha", "athlon", "i386",   "i486",  "i586",
                                         "i686",    "ia32e", "ia64",   "noarch", "ppc",   "ppc64",
                                         "ppc64le", "s390",  "s390x",  "src",    "x86_64"};
bool is_machine(std::string_view s) { return std::ranges::binary_search(machines, s); }

std::string_view first_word(std::string_view& rest) {
  rest = trim_left(rest);
  return take_while(rest, [](char c) { return !is_space(c); });
}

bool version_text(std::string_view s) {
  return !s.empty() && std::ranges::all_of(s, [](char c) {
    return is_word(c) || std::string_view(".+~^:").find(c) != std::string_view::npos;
  });
}

bool is_weekday(std::string_view s) {
  constexpr std::string_view days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  return std::ranges::find(days, s) != std::end(days);
}

// "2.6.18-274.el5", "3.10.0-1160.el7.x86_64", "2.6.18-274.el5PAE"
bool is_release(std::string_view s) {
  const auto dash = s.find('-');
  if (s.empty() || !is_digit(s[0]) || dash == std::string_view::npos || dash + 1 == s.size()) return false;
  const auto version = s.substr(0, dash);
  return std::ranges::count(version, '.') >= 1 &&
         std::ranges::all_of(version, [](char c) { return is_digit(c) || c == '.'; }) && is_digit(s[dash + 1]) &&
         version_text(s.substr(dash + 1, s.find('-', dash + 1) - dash - 1));
}

}  // namespace

std::optional<Package> package_of(std::string_view word) {
  Package package;
  if (const auto dot = word.rfind('.'); dot != std::string_view::npos && is_machine(word.substr(dot + 1))) {
    package.arch = word.substr(dot + 1);
    word = word.substr(0, dot);
  }
  const auto release = word.rfind('-');
  if (release == std::string_view::npos || release == 0) return std::nullopt;
  const auto version = word.rfind('-', release - 1);
  if (version == std::string_view::npos || version == 0) return std::nullopt;
  const auto name = word.substr(0, version);
  const auto version_part = word.substr(version + 1, release - version - 1);
  const bool name_fits = std::ranges::all_of(
      name, [](char c) { return is_word(c) || std::string_view(".+-").find(c) != std::string_view::npos; });
  if (!name_fits || !std::ranges::any_of(name, is_alpha) || !version_text(version_part) ||
      !version_text(word.substr(release + 1)) || !std::ranges::any_of(version_part, is_digit) ||
      !std::ranges::any_of(word.substr(release + 1), is_digit))
    return std::nullopt;
  package.name = name;
  package.version = word.substr(version + 1);
  return package;
}

std::vector<Package> parse_packages(const ConfigText& text) {
  std::vector<Package> packages;
  for (const auto& line : text.lines()) {
    auto rest = line.text;
    auto package = package_of(first_word(rest));
    if (!package) continue;
    package->line = line.number;
    packages.push_back(std::move(*package));
  }
  return packages;
}

bool is_changelog_head(std::string_view line) {
  if (!consume(line, "* ")) return false;
  return is_weekday(first_word(line)) && first_word(line).size() == 3 && parse_dec(first_word(line)) &&
         parse_dec(first_word(line));
}

namespace {

// The version at the end of a head: "[2.6.18-308.3.1.el5]", "- 2.6.18-308", "<mail> 4.1.2-15".
std::string_view head_version(std::string_view line) {
  line = trim(line);
  auto word = line.substr(line.find_last_of(" \t") + 1);
  if (consume(word, "[")) word = word.substr(0, word.find(']'));
  const bool fits = version_text(word.substr(0, word.find('-'))) && std::ranges::any_of(word, is_digit) &&
                    word.find('-') != std::string_view::npos;
  return fits ? word : std::string_view{};
}

}  // namespace

std::vector<ChangelogEntry> parse_changelog(const ConfigText& text) {
  std::vector<ChangelogEntry> entries;
  std::string_view version;
  bool open = false;
  for (const auto& line : text.lines()) {
    auto rest = line.text;
    if (is_changelog_head(rest)) {
      version = head_version(rest);
      open = false;
    } else if (consume(rest, "- ")) {
      entries.push_back({std::string(version), std::string(trim(rest)), line.number, line.number});
      open = true;
    } else if (open && !trim(rest).empty() && entries.back().text.size() < 4'096) {
      entries.back().text += " " + std::string(trim(rest));
      entries.back().last_line = line.number;
    } else {
      open = false;
    }
  }
  return entries;
}

std::optional<Uname> parse_uname(std::string_view line) {
  line = trim(line);
  auto rest = line;
  const auto first = first_word(rest);
  if (is_release(first)) return trim(rest).empty() ? std::optional(Uname{std::string(first), {}, {}}) : std::nullopt;
  if (first != "Linux") return std::nullopt;
  Uname uname;
  uname.host = first_word(rest);
  uname.release = first_word(rest);
  if (uname.host == "version" || !is_release(uname.release) || !first_word(rest).starts_with('#')) return std::nullopt;
  while (!trim(rest).empty())
    if (const auto word = first_word(rest); uname.arch.empty() && is_machine(word)) uname.arch = word;
  return uname;
}

std::vector<BootOption> parse_boot_options(std::string_view line) {
  std::vector<BootOption> options;
  while (options.size() < 1'000) {
    const auto word = first_word(line);
    if (word.empty()) break;
    const auto equals = std::min(word.find('='), word.size());
    options.push_back(
        {std::string(word.substr(0, equals)), std::string(word.substr(std::min(equals + 1, word.size())))});
  }
  return options;
}

}  // namespace diag
