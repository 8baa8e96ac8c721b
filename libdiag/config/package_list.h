// What is installed, and which kernel runs: `rpm -qa`, `rpm -q --changelog`, `uname`, /proc/cmdline.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config_text.h"

namespace diag {

struct Package {
  std::string name;     // "kernel"
  std::string version;  // "2.6.18-274.el5", with its epoch if one is stated
  std::string arch;     // "x86_64"; empty: not stated
  std::uint64_t line = 0;
};

// "kernel-2.6.18-274.el5.x86_64"; nothing if the word is no name-version-release.
std::optional<Package> package_of(std::string_view word);
// One package a line; what follows the first word (sosreport's installation date) does not count.
std::vector<Package> parse_packages(const ConfigText& text);

struct ChangelogEntry {
  std::string version;  // "2.6.18-308.3.1.el5", as the entry's head states it; empty: it states none
  std::string text;     // one item, continued lines joined
  std::uint64_t first_line = 0, last_line = 0;
};
std::vector<ChangelogEntry> parse_changelog(const ConfigText& text);
// "* Tue Apr 10 2012 Some One <mail> [2.6.18-308.4.1.el5]"
bool is_changelog_head(std::string_view line);

struct Uname {
  std::string release;     // "2.6.18-274.7.1.el5"
  std::string host, arch;  // empty: not stated
};
// `uname -a`, or `uname -r` alone.
std::optional<Uname> parse_uname(std::string_view line);

struct BootOption {
  std::string name, value;  // value empty: an option without one
};
std::vector<BootOption> parse_boot_options(std::string_view line);

}  // namespace diag
