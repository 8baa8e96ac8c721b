#include "kernel/release.h"

#include "base/text.h"

namespace diag::kernel {

std::string distribution_of(std::string_view release) {
  constexpr std::string_view foreign[] = {"uek", "elrepo", "amzn"};
  for (const auto word : foreign) {
    if (release.find(word) != std::string_view::npos) return std::string(word);
  }
  for (std::size_t at = release.find(".el"); at != std::string_view::npos; at = release.find(".el", at + 1)) {
    auto rest = release.substr(at + 3);
    const auto digits = take_while(rest, is_digit);
    if (!digits.empty()) return "el" + std::string(digits.substr(0, digits.size() > 2 ? 1 : digits.size()));
  }
  if (release.find(".EL") != std::string_view::npos) return release.starts_with("2.6.9-") ? "el4" : release.starts_with("2.4.21-") ? "el3" : "";
  if (const auto at = release.find(".fc"); at != std::string_view::npos) {
    auto rest = release.substr(at + 3);
    const auto digits = take_while(rest, is_digit);
    if (!digits.empty()) return "fc" + std::string(digits);
  }
  return {};
}

std::string arch_of(std::string_view release) {
  constexpr std::string_view known[] = {"x86_64", "i686", "i586", "i386", "ppc64le", "ppc64", "s390x", "aarch64", "armv7hl", "ia64"};
  for (const auto arch : known) {
    const auto at = release.find(arch);
    if (at == std::string_view::npos || at == 0 || release[at - 1] != '.') continue;
    if (arch == "i686" || arch == "i586") return "i386";
    return std::string(arch);
  }
  return {};
}

}  // namespace diag::kernel
