#include "signature/affects.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/rpm_version.h"
#include "base/text.h"
#include "signature/facts_index.h"
#include "signature/kernel_release.h"
#include "signature/near.h"
#include "signature/table_reader.h"
#include "signature/toml_text.h"

namespace diag::sig {

namespace {

constexpr std::string_view has_fix = "your kernel has the fix";
constexpr std::string_view too_old = "your kernel is older than the bug";
constexpr std::string_view not_seen = "the kernel's release is not stated";
constexpr std::string_view foreign = "a kernel built by others: which fixes it has is not known";
constexpr std::string_view may_have_backport = "a z-stream build may carry the fix: its changelog tells";

bool is_stream(std::string_view s) {
  return consume(s, "el") && !s.empty() && s.size() <= 2 && std::ranges::all_of(s, is_digit);
}

bool inside(const BuildRange& range, std::string_view release) {
  const RpmVersion build(release);
  if (!range.low.empty()) {
    const auto order = compare(build, RpmVersion(range.low));
    if (order < 0 || (order == 0 && !range.low_inside)) return false;
  }
  if (range.high.empty()) return true;
  const auto order = compare(build, RpmVersion(range.high));
  return order < 0 || (order == 0 && range.high_inside);
}

// Whether some affected range lies wholly below the build: then the build came later, with the fix.
bool above_a_range(const std::vector<BuildRange>& ranges, std::string_view stream, std::string_view release) {
  return std::ranges::any_of(ranges, [&](const BuildRange& r) {
    return r.stream == stream && !r.high.empty() && compare(RpmVersion(release), RpmVersion(r.high)) >= 0;
  });
}

// ---- reading

// Reads "[274, 308.4.1)", "< 279", ">= 71" or nothing at all into `range`.
bool read_bounds(std::string_view text, BuildRange& range) {
  if (text.empty()) return true;
  if (text.front() == '[' || text.front() == '(') {
    if (text.back() != ')' && text.back() != ']') return false;
    range.low_inside = text.front() == '[';
    range.high_inside = text.back() == ']';
    text = text.substr(1, text.size() - 2);
    const auto comma = text.find(',');
    if (comma == text.npos) return false;
    range.low = trim(text.substr(0, comma));
    range.high = trim(text.substr(comma + 1));
    return !range.low.empty() || !range.high.empty();
  }
  const bool below = text.front() == '<';
  if (!below && text.front() != '>') return false;
  text.remove_prefix(1);
  const bool equal = consume(text, "=");
  (below ? range.high : range.low) = trim(text);
  (below ? range.high_inside : range.low_inside) = equal;
  return !trim(text).empty();
}

bool is_build(std::string_view s) {
  return std::ranges::all_of(
      s, [](char c) { return is_word(c) || c == '.' || c == '-' || c == ':' || c == '~' || c == '^' || c == '+'; });
}

Affected read_package(const Entry& entry, Mistakes& mistakes) {
  Affected out{entry.key, {}, entry.at};
  std::vector<const Node*> nodes;
  if (entry.value.type == Node::Type::array) {
    for (const Node& n : entry.value.items) nodes.push_back(&n);
  } else {
    nodes.push_back(&entry.value);
  }
  for (const Node* n : nodes) {
    if (n->type != Node::Type::string) {
      mistakes.add(n->at,
                   fmt::format("'{}' holds ranges such as \"el6 < 279\", not {}", entry.key, to_string(n->type)));
    } else if (auto range = read_build_range(n->text, n->at, mistakes)) {
      out.ranges.push_back(std::move(*range));
    }
  }
  if (nodes.empty()) mistakes.add(entry.value.at, fmt::format("'{}' lists no range", entry.key));
  return out;
}

// ---- standing

const std::string* name_in_changelog(const Affects& affects, const FactsIndex& facts, std::size_t event) {
  for (const std::size_t i : facts.of_kind("rpm.changelog")) {
    const auto* text = facts.event(i).get<std::string>("text");
    if (text == nullptr || facts.same_host(event, i) == Answer::no) continue;
    for (const std::string& wanted : affects.changelog) {
      if (text->find(wanted) != text->npos) return &wanted;
    }
  }
  return nullptr;
}

// Whether the run read such a list of the event's host completely.
bool was_read(const FactsIndex& facts, std::size_t event, std::string_view kind) {
  return covers(facts, event, kind, false);
}

StandingOf stand_kernel(const Affects& affects, const std::vector<BuildRange>& ranges, const FactsIndex& facts,
                        std::size_t event) {
  const HostKernel& kernel = facts.kernel(event);
  StandingOf out{Standing::unknown, kernel.release, ""};
  const KernelRelease build = read_kernel_release(kernel.release);
  const bool other_distribution = kernel.stream.starts_with("fc");
  const std::string& stream = is_stream(kernel.stream) || other_distribution ? kernel.stream : build.stream;
  const bool is_foreign = !kernel.release.empty() && build.foreign;
  out.standing = standing_of_build(ranges, stream, kernel.arch, is_foreign ? std::string_view() : build.release);
  if (out.standing == Standing::elsewhere) return out;
  if (const std::string* fix = name_in_changelog(affects, facts, event)) {
    return {Standing::outside, kernel.release, fmt::format("{}: its changelog has '{}'", has_fix, *fix)};
  }
  if (out.standing == Standing::outside) out.note = above_a_range(ranges, stream, build.release) ? has_fix : too_old;
  if (out.standing == Standing::unknown) out.note = is_foreign ? foreign : not_seen;
  const bool z_stream = build.release.find('.') != std::string::npos;
  if (out.standing == Standing::inside && affects.backports && z_stream && !was_read(facts, event, "rpm.changelog")) {
    out.standing = Standing::unknown;
    out.note = may_have_backport;
  }
  return out;
}

// The stream a package was built for, by the ".el6" in its release.
std::string stream_of_package(std::string_view version) {
  const auto at = version.rfind(".el");
  if (at == version.npos) return {};
  std::string_view digits = version.substr(at + 3);
  return "el" + std::string(take_while(digits, is_digit));
}

StandingOf stand_package(const Affected& package, const FactsIndex& facts, std::size_t event) {
  StandingOf out{Standing::unknown, "", fmt::format("the version of {} is not stated", package.package)};
  bool seen = false;
  for (const std::size_t i : facts.of_kind("rpm.package")) {
    const auto* name = facts.event(i).get<std::string>("name");
    const auto* version = facts.event(i).get<std::string>("version");
    if (!name || !version || *name != package.package || facts.same_host(event, i) != Answer::yes) continue;
    const std::string& stream = facts.kernel(event).stream;
    const auto* arch = facts.event(i).get<std::string>("arch");
    const Standing one = standing_of_build(package.ranges, is_stream(stream) ? stream : stream_of_package(*version),
                                           arch ? plain_arch(*arch) : std::string_view(), *version);
    if (!seen || one < out.standing) out.standing = one;
    seen = true;
    out.note = fmt::format("{} {} is {}", *name, *version, one == Standing::inside ? "affected" : "not affected");
  }
  if (seen || !was_read(facts, event, "rpm.package")) return out;
  return {Standing::outside, "", package.package + " is not installed"};
}

}  // namespace

std::string_view to_string(Standing s) {
  constexpr std::array<std::string_view, 4> words = {"inside", "unknown", "outside", "elsewhere"};
  return words[static_cast<std::size_t>(s)];
}

bool Affects::about_kernel() const {
  return std::ranges::find(packages, "kernel", &Affected::package) != packages.end();
}

std::optional<BuildRange> read_build_range(std::string_view text, Place at, Mistakes& mistakes) {
  std::string_view rest = trim(text);
  const auto word = [&] {
    const auto taken = take_while(rest, [](char c) { return is_word(c); });
    rest = trim_left(rest);
    return taken;
  };
  BuildRange range;
  range.stream = word();
  if (!is_stream(range.stream)) {
    mistakes.add(at, fmt::format("'{}' does not begin with a stream such as el5, el6, el7", text));
    return std::nullopt;
  }
  if (!rest.empty() && is_alpha(rest.front())) {
    const auto arch = word();
    constexpr std::array<std::string_view, 8> known = {"x86_64", "i386", "ppc64",   "ppc64le",
                                                       "s390x",  "ia64", "aarch64", "ppc"};
    range.arch = plain_arch(arch);
    if (std::ranges::find(known, range.arch) == known.end()) {
      mistakes.add(at, fmt::format("unknown architecture '{}'{}", arch, suggestion(arch, known)));
      return std::nullopt;
    }
  }
  if (!read_bounds(rest, range) || !is_build(range.low) || !is_build(range.high)) {
    mistakes.add(at,
                 fmt::format("'{}' is no range of builds; write \"el5 x86_64 [274, 308.4.1)\" or \"el6 < 279\"", text));
    return std::nullopt;
  }
  const bool both_ends = !range.low.empty() && !range.high.empty();
  const auto order = both_ends ? compare(RpmVersion(range.low), RpmVersion(range.high)) : std::strong_ordering::less;
  if (order > 0 || (order == 0 && !(range.low_inside && range.high_inside))) {
    mistakes.add(at, fmt::format("the range '{}' is empty: in rpm's order {} does not come before {}", text, range.low,
                                 range.high));
    return std::nullopt;
  }
  return range;
}

std::optional<Affects> read_affects(const Node& table, Mistakes& mistakes) {
  Affects out;
  out.at = table.at;
  for (const Entry& entry : table.entries) {
    const Node& value = entry.value;
    if (entry.key == "fixed") {
      out.fixed = texts_of(entry, mistakes);
    } else if (entry.key == "changelog") {
      out.changelog = texts_of(entry, mistakes);
    } else if (entry.key == "backports") {
      if (value.type != Node::Type::flag) mistakes.add(value.at, "'backports' is true or false");
      out.backports = value.flag;
    } else if (entry.key == "ask" || entry.key == "unverified") {
      if (value.type != Node::Type::string)
        mistakes.add(value.at, fmt::format("'{}' is a string, not {}", entry.key, to_string(value.type)));
      (entry.key == "ask" ? out.ask : out.unverified) = value.text;
    } else {
      out.packages.push_back(read_package(entry, mistakes));
    }
  }
  if (out.packages.empty()) {
    mistakes.add(table.at, "[affects] names no build; write kernel = [\"el6 < 279\"] or a package with its range");
    return std::nullopt;
  }
  return out;
}

StandingOf stand(const Affects& affects, const FactsIndex& facts, std::size_t event) {
  std::optional<StandingOf> kernel, package;
  for (const Affected& a : affects.packages) {
    if (a.package == "kernel") {
      kernel = stand_kernel(affects, a.ranges, facts, event);
    } else {
      StandingOf one = stand_package(a, facts, event);
      if (!package || one.standing < package->standing) package = std::move(one);
    }
  }
  if (!kernel) return package.value_or(StandingOf{});
  if (package && package->standing > kernel->standing) {
    kernel->standing = package->standing;
    kernel->note = package->note;
  }
  return *kernel;
}

Standing standing_of_build(const std::vector<BuildRange>& ranges, std::string_view stream, std::string_view arch,
                           std::string_view release) {
  bool listed = false, inside_any = false, inside_all_arches = false;
  for (const BuildRange& r : ranges) {
    if (!stream.empty() && r.stream != stream) continue;
    if (!arch.empty() && !r.arch.empty() && r.arch != arch) continue;
    listed = true;
    if (release.empty() || stream.empty() || !inside(r, release)) continue;
    inside_any = true;
    inside_all_arches = inside_all_arches || r.arch.empty() || !arch.empty();
  }
  if (!listed) return Standing::elsewhere;
  if (release.empty() || stream.empty()) return Standing::unknown;
  if (!inside_any) return Standing::outside;
  return inside_all_arches ? Standing::inside : Standing::unknown;
}

}  // namespace diag::sig
