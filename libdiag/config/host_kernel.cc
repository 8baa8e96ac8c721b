#include "config/host_kernel.h"

#include <algorithm>
#include <array>

#include "base/rpm_version.h"
#include "base/text.h"

namespace diag {

namespace {

constexpr std::string_view words[] = {"unknown", "el5", "el6", "el7", "el8", "other"};

struct Base {
  std::string_view version, mark;
  Era era;
};
constexpr Base bases[] = {{"2.6.18", ".el5", Era::el5},
                          {"2.6.32", ".el6", Era::el6},
                          {"3.10.0", ".el7", Era::el7},
                          {"4.18.0", ".el8", Era::el8}};

// The stock kernels by version and mark; a kernel of another vendor (".el5uek" is 2.6.32) by its version alone.
Era era_of_release(std::string_view release) {
  const auto version = release.substr(0, release.find('-'));
  for (const auto& base : bases)
    if (version == base.version && (release.find(base.mark) != std::string_view::npos || base.era == Era::el5))
      return base.era;
  return version.empty() ? Era::unknown : Era::other;
}

// "274.7.1" of "2.6.18-274.7.1.el5xen"
std::string_view build_of(std::string_view release) {
  const auto dash = release.find('-');
  if (dash == std::string_view::npos) return {};
  const auto rest = release.substr(dash + 1);
  return rest.substr(0, rest.find(".el"));
}

bool before(std::string_view a, std::string_view b) { return compare_rpm_part(a, b) < 0; }

bool is_machine(std::string_view word) {
  constexpr std::string_view machines[] = {"aarch64", "athlon", "i386",    "i486", "i586",  "i686",  "ia64",
                                           "noarch",  "ppc64",  "ppc64le", "s390", "s390x", "x86_64"};
  return std::ranges::binary_search(machines, word);
}

struct Mark {
  std::string_view version;  // of iptables, as far as it tells
  Era era;
};
constexpr Mark marks[] = {{"1.3.", Era::el5}, {"1.4.7", Era::el6}, {"1.4.21", Era::el7}, {"1.8.", Era::el8}};

// What the rules themselves look like. EL5 ships iptables 1.3.5 and its default chain is RH-Firewall-1-INPUT.
void guess_from_rules(const RuleSet& set, KernelView& view) {
  const auto settle = [&](Era era, std::string basis) {
    if (view.era == Era::unknown) view = {era, true, std::move(basis), {}, {}, std::nullopt};
  };
  for (const auto& mark : marks)
    if (!set.version.empty() && set.version.starts_with(mark.version))
      settle(mark.era, "the rules were saved by iptables " + set.version);
  const auto* filter = set.table("filter");
  if (filter && filter->chain("RH-Firewall-1-INPUT"))
    settle(Era::el5, "RH-Firewall-1-INPUT is the chain that EL5 installs");
  if (std::ranges::any_of(set.mistakes, [](const auto& m) { return m.kind == FirewallMistake::Kind::negation; }))
    settle(Era::el5, "'!' stands behind the option, as iptables 1.3.5 writes it");
}

}  // namespace

std::string_view to_string(Era era) { return words[static_cast<std::size_t>(era)]; }

std::optional<Era> era_of_word(std::string_view word) {
  const auto at = std::ranges::find(words, word);
  if (at == std::end(words) || word == "other") return std::nullopt;
  return static_cast<Era>(at - std::begin(words));
}

BridgeEra KernelView::bridge() const {
  if (era == Era::unknown) return BridgeEra::unknown;
  if (era == Era::el5) return BridgeEra::deferring;
  // Deferred hooks ended with 2.6.20.
  return era == Era::other && compare_rpm_part(release.substr(0, release.find('-')), "2.6.20") < 0
             ? BridgeEra::deferring
             : BridgeEra::later;
}

// EL5: x86_64 from 2.6.18-274, where the bridge began to write a pointer into the packet's control block, to 308.4.1
// (RHSA-2012:0480). EL6: until 2.6.32-279 (RHSA-2012:0862).
Tri KernelView::crashes() const {
  const auto build = build_of(release);
  if (era == Era::el5) {
    const bool other_machine = (!arch.empty() && arch != "x86_64") || release.find("PAE") != std::string::npos;
    if (other_machine) return Tri::no;
    if (build.empty()) return Tri::unknown;
    if (before(build, "274") || !before(build, "308.4.1")) return Tri::no;
    return arch.empty() ? Tri::unknown : Tri::yes;
  }
  if (era == Era::el6) return build.empty() ? Tri::unknown : before(build, "279") ? Tri::yes : Tri::no;
  return era == Era::unknown ? Tri::unknown : Tri::no;
}

bool KernelView::fixed() const {
  const auto build = build_of(release);
  if (build.empty() || crashes() != Tri::no) return false;
  return (era == Era::el5 && !before(build, "308.4.1")) || (era == Era::el6 && !before(build, "279"));
}

KernelView kernel_of(std::string_view text) {
  KernelView view;
  if (const auto uname = parse_uname(text)) {
    view.release = uname->release;
    view.arch = uname->arch;
  }
  for (auto rest = trim(text); view.arch.empty() && !rest.empty(); rest = trim_left(rest)) {
    const auto word = take_while(rest, [](char c) { return !is_space(c); });
    if (is_machine(word))
      view.arch = word;
    else if (view.release.empty())
      view.release = word;
  }
  // EL6 and later name the machine in the release.
  if (const auto dot = view.release.rfind('.');
      dot != std::string::npos && is_machine(std::string_view(view.release).substr(dot + 1))) {
    view.arch = view.release.substr(dot + 1);
    view.release.resize(dot);
  }
  if (view.arch == "i486" || view.arch == "i586" || view.arch == "i686" || view.arch == "athlon") view.arch = "i386";
  view.era = era_of_release(view.release);
  view.basis = "the kernel is " + view.release;
  return view;
}

KernelView view_kernel(const FirewallHost& host, Era asked, std::string_view kernel) {
  KernelView view;
  if (!trim(kernel).empty()) {
    view = kernel_of(kernel);
  } else if (host.kernel()) {
    view = kernel_of(host.kernel()->release + " " + host.kernel()->arch);
    view.at = host.kernel()->at;
  }
  if (asked != Era::unknown && view.era != asked)
    view = {asked, false, "asked for with --era", {}, view.arch, std::nullopt};
  for (const auto& rules : host.rules()) guess_from_rules(rules.set, view);
  return view;
}

KernelState state_of(const KernelView& kernel) {
  KernelState state;
  state.release = kernel.release.empty() || kernel.arch.empty() ? kernel.release : kernel.release + "." + kernel.arch;
  const Tri crashes = kernel.crashes();
  state.state = crashes == Tri::yes  ? KernelState::State::inside
                : crashes == Tri::no ? KernelState::State::outside
                                     : KernelState::State::unknown;
  if (kernel.era == Era::el5 || kernel.era == Era::unknown)
    state.fixed.emplace_back("2.6.18-308.4.1.el5 (RHSA-2012:0480)");
  if (kernel.era == Era::el6 || kernel.era == Era::unknown) state.fixed.emplace_back("2.6.32-279.el6 (RHSA-2012:0862)");
  if (state.state == KernelState::State::outside) {
    if (kernel.fixed())
      state.note = "your kernel has the fix";
    else if (!kernel.release.empty() && kernel.era == Era::el5 && kernel.arch != "i386")
      state.note = "is older than the bug";
    else
      state.note = "no crash of this kernel by such a rule is known";
  }
  return state;
}

}  // namespace diag
