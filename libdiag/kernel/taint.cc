#include "kernel/taint.h"

#include <string>

#include "base/text.h"

namespace diag::kernel {

namespace {

struct Letter {
  char letter;
  std::string_view meaning;
  std::string_view distributions;  // blank-separated; empty: everywhere. The first row that fits counts.
};

// Mainline: Documentation/admin-guide/tainted-kernels.rst; RHEL's own letters by the kernels' taint tables.
constexpr Letter letters[] = {
    {'G', "only GPL modules were loaded", ""},
    {'P', "a proprietary module was loaded", ""},
    {'F', "a module was loaded by force", ""},
    {'S', "the hardware or SMP setup is out of specification", ""},
    {'R', "a module was unloaded by force", ""},
    {'M', "the processor reported a machine check", ""},
    {'B', "a bad page was referenced", ""},
    {'U', "an unsigned module was loaded", "el5"},
    {'U', "user space asked for the taint", ""},
    {'D', "the kernel had died before (an earlier oops or BUG)", ""},
    {'A', "an ACPI table was overridden", ""},
    {'W', "a warning was issued before", ""},
    {'C', "a staging driver was loaded", ""},
    {'I', "the kernel works around a firmware bug", ""},
    {'O', "an out-of-tree module was loaded", ""},
    {'E', "an unsigned module was loaded", ""},
    {'L', "a soft lockup occurred before", ""},
    {'K', "the kernel was live-patched", ""},
    {'X', "auxiliary taint of the distribution", ""},
    {'T', "a technology preview is in use", "el5 el6 el7"},
    {'T', "the kernel was built with struct randomization", ""},
    {'Z', "a module or hardware without support is in use", "el6"},
    {'H', "the hardware is not supported by the distribution", "el6 el7"},
    {'r', "a driver or device is in use whose support was removed", "el8 el9"},
    {'t', "a technology preview is in use", "el8 el9"},
    {'u', "an unprivileged eBPF program was loaded", "el8 el9"},
};

bool lists(std::string_view words, std::string_view word) {
  if (words.empty()) return true;
  while (!words.empty()) {
    const auto next = take_while(words, [](char c) { return c != ' '; });
    if (next == word) return true;
    words = trim_left(words);
  }
  return false;
}

std::string_view meaning_of(char letter, std::string_view distribution) {
  for (const auto& row : letters) {
    if (row.letter == letter && lists(row.distributions, distribution)) return row.meaning;
  }
  return "a taint this list does not know";
}

}  // namespace

Taint parse_taint(std::string_view printed, std::string_view distribution) {
  Taint out;
  if (printed.starts_with("Not tainted")) return out;
  for (const char c : printed) {
    if (!is_alpha(c) || out.flags.find(c) != std::string::npos) continue;
    out.flags += c;
    out.meanings.push_back(std::string(1, c) + ": " + std::string(meaning_of(c, distribution)));
    out.tainted = out.tainted || c != 'G';
  }
  return out;
}

void name_tainting_modules(Taint& taint, const std::vector<KernelModule>& modules) {
  for (std::size_t i = 0; i < taint.flags.size() && i < taint.meanings.size(); ++i) {
    std::string names;
    for (const auto& module : modules) {
      if (taint.flags[i] == 'G' || module.flags.find(taint.flags[i]) == std::string::npos) continue;
      names += (names.empty() ? " (" : ", ") + module.name;
      if (names.size() > 120) break;
    }
    if (!names.empty()) taint.meanings[i] += names + ')';
  }
}

}  // namespace diag::kernel
