#include "signature/facts_index.h"

#include <algorithm>

#include "diag/kernel_report.h"
#include "event/vocabulary.h"
#include "signature/kernel_release.h"

namespace diag::sig {

namespace {

const std::string no_name;
constexpr std::size_t most_statements = 1'000;  // a run whose hosts changed kernels more often is no run of ours

std::string text_of(const Event& e, std::string_view field) {
  const auto* text = e.get<std::string>(field);
  return text ? *text : std::string();
}

std::string arch_from_registers(const KernelReport& report) {
  if (report.reg("rip") || report.reg("r15")) return "x86_64";
  if (report.reg("eip") || report.reg("eax")) return "i386";
  if (report.reg("nip")) return "ppc64";
  return {};
}

// What the event itself says of its kernel.
HostKernel own_kernel(const Event& e) {
  HostKernel out{text_of(e, "kernel.release"), text_of(e, "kernel.stream"), text_of(e, "kernel.arch")};
  const auto or_else = [](std::string& known, std::string other) {
    if (known.empty()) known = std::move(other);
  };
  if (e.kind == "host.fact" && text_of(e, "name") == "kernel.release") or_else(out.release, text_of(e, "value"));
  if (e.kernel) {
    or_else(out.release, e.kernel->release);
    or_else(out.stream, e.kernel->distribution);
    or_else(out.arch, e.kernel->arch);
  }
  if (!out.release.empty()) {
    KernelRelease told = read_kernel_release(out.release);
    or_else(out.stream, std::move(told.stream));
    or_else(out.arch, std::move(told.arch));
  }
  if (e.kernel) or_else(out.arch, arch_from_registers(*e.kernel));
  out.arch = plain_arch(out.arch);
  return out;
}

// What the host said before, as far as the event does not say otherwise.
void complete(HostKernel& own, const HostKernel& before) {
  if (!own.release.empty()) {
    if (own.release == before.release && own.arch.empty()) own.arch = before.arch;
    return;
  }
  const bool fits = (own.stream.empty() || before.stream.empty() || own.stream == before.stream) &&
                    (own.arch.empty() || before.arch.empty() || own.arch == before.arch);
  if (!fits) return;
  own.release = before.release;
  if (own.stream.empty()) own.stream = before.stream;
  if (own.arch.empty()) own.arch = before.arch;
}

bool comes_before(const Event& a, const Event& b) {
  const auto &first = a.when.wall, &second = b.when.wall;
  return !first || !second || first->year_known != second->year_known || first->micros <= second->micros;
}

}  // namespace

FactsIndex::FactsIndex(const Facts& facts) : facts_(facts), kernels_(1) {
  find_kinds();
  find_hosts();
  find_kernels();
  find_incidents();
}

void FactsIndex::find_kinds() {
  for (std::size_t i = 0; i < size(); ++i) {
    const Event& e = event(i);
    kinds_[e.kind].push_back(i);
    if (e.kind == "host.boot") boots_[e.first.source].push_back(e.first.line);
  }
  for (auto& [source, lines] : boots_) std::ranges::sort(lines);
}

std::span<const std::size_t> FactsIndex::of_kind(std::string_view kind) const {
  const auto at = kinds_.find(kind);
  return at == kinds_.end() ? std::span<const std::size_t>() : at->second;
}

const InputFacts* FactsIndex::input(SourceId id) const {
  const auto index = static_cast<std::size_t>(id);
  return index < facts_.inputs.size() ? &facts_.inputs[index] : nullptr;
}

// A short name and the full name that begins with it are one host, unless two full names do.
void FactsIndex::find_hosts() {
  const auto note = [&](const std::string& name) {
    if (!name.empty()) hosts_.emplace(name, unknown_host);
  };
  for (const InputFacts& in : facts_.inputs) std::ranges::for_each(in.hosts, note);
  for (const Event& e : facts_.events) note(e.host);
  std::map<std::string, int, std::less<>> full_names;
  const auto short_name = [](const std::string& name) { return name.substr(0, name.find('.')); };
  for (const auto& [name, id] : hosts_) full_names[short_name(name)] += name.find('.') != name.npos;
  std::map<std::string, HostId, std::less<>> ids;
  for (auto& [name, id] : hosts_) {
    const std::string brief = short_name(name);
    const auto [at, fresh] = ids.emplace(full_names[brief] > 1 ? name : brief, static_cast<HostId>(host_names_.size()));
    if (fresh) host_names_.push_back(name);
    id = at->second;
  }
  host_of_.reserve(size());
  for (const Event& e : facts_.events)
    host_of_.push_back(e.host.empty() ? host_of_input(input(e.first.source)) : host_id(e.host));
}

FactsIndex::HostId FactsIndex::host_id(std::string_view name) const {
  const auto at = hosts_.find(name);
  return at == hosts_.end() ? unknown_host : at->second;
}

// An input that states no host belongs to the run's only one.
FactsIndex::HostId FactsIndex::host_of_input(const InputFacts* in) const {
  HostId found = unknown_host;
  bool stated = false;
  if (in != nullptr) {
    for (const std::string& name : in->hosts) {
      const HostId id = host_id(name);
      if (stated && id != found) return unknown_host;
      found = id;
      stated = true;
    }
  }
  if (stated) return found;
  return host_names_.size() <= 1 ? 0 : unknown_host;
}

const std::string& FactsIndex::host(std::size_t e) const {
  if (!event(e).host.empty()) return event(e).host;
  const HostId id = host_of_[e];
  return id < host_names_.size() ? host_names_[id] : no_name;
}

Answer FactsIndex::same_host(std::size_t a, std::size_t b) const {
  if (host_of_[a] == unknown_host || host_of_[b] == unknown_host) {
    return event(a).first.source == event(b).first.source && event(a).host == event(b).host ? Answer::yes
                                                                                            : Answer::unknown;
  }
  return answer(host_of_[a] == host_of_[b]);
}

Answer FactsIndex::input_of_host(const InputFacts& in, std::size_t e) const {
  if (in.id == event(e).first.source) return Answer::yes;
  const HostId wanted = host_of_[e];
  if (wanted == unknown_host) return Answer::unknown;
  for (const std::string& name : in.hosts) {
    if (host_id(name) == wanted) return Answer::yes;
  }
  if (!in.hosts.empty()) return Answer::no;
  return host_names_.size() <= 1 ? Answer::yes : Answer::unknown;
}

std::uint32_t FactsIndex::keep(HostKernel kernel) {
  // Hosts change their kernel rarely: the newest are the likeliest to come again.
  for (std::size_t i = kernels_.size(), tries = 0; i-- > 0 && tries < 16; ++tries) {
    if (kernels_[i] == kernel) return static_cast<std::uint32_t>(i);
  }
  kernels_.push_back(std::move(kernel));
  return static_cast<std::uint32_t>(kernels_.size() - 1);
}

void FactsIndex::find_kernels() {
  std::map<std::pair<SourceId, HostId>, std::uint32_t> last;
  kernel_of_.assign(size(), 0);
  for (std::size_t i = 0; i < size(); ++i) {
    HostKernel kernel = own_kernel(event(i));
    const auto key = std::pair(event(i).first.source, host_of_[i]);
    const bool states = !kernel.release.empty();
    if (const auto before = last.find(key); before != last.end()) complete(kernel, kernels_[before->second]);
    if (kernel == HostKernel{}) continue;
    kernel_of_[i] = keep(std::move(kernel));
    if (!states || (last.contains(key) && last[key] == kernel_of_[i])) continue;
    last[key] = kernel_of_[i];
    if (statements_.size() < most_statements) statements_.push_back({host_of_[i], i, kernel_of_[i]});
  }
  for (std::size_t i = 0; i < size() && !statements_.empty(); ++i) {
    if (!kernels_[kernel_of_[i]].release.empty()) continue;
    HostKernel kernel = kernels_[kernel_of_[i]];
    complete(kernel, kernels_[kernel_from_elsewhere(i)]);
    kernel_of_[i] = keep(std::move(kernel));
  }
}

// What the host's other inputs say, if they agree: a file without time holds for the whole run, a log for what comes
// later.
std::uint32_t FactsIndex::kernel_from_elsewhere(std::size_t e) const {
  if (host_of_[e] == unknown_host) return 0;
  std::uint32_t found = 0;
  for (const Statement& s : statements_) {
    if (s.host != host_of_[e] || event(s.event).first.source == event(e).first.source) continue;
    if (!comes_before(event(s.event), event(e))) continue;
    if (found != 0 && kernels_[found].release != kernels_[s.kernel].release) return 0;
    found = s.kernel;
  }
  return found;
}

bool FactsIndex::same_boot(std::size_t a, std::size_t b) const {
  if (event(a).first.source != event(b).first.source || same_host(a, b) != Answer::yes) return false;
  const auto [low, high] = std::minmax(event(a).first.line, event(b).first.line);
  const std::uint64_t boot = boot_after(event(a).first.source, low + 1);
  return boot == 0 || boot > high;
}

std::uint64_t FactsIndex::boot_after(SourceId source, std::uint64_t line) const {
  const auto lines = boots_.find(source);
  if (lines == boots_.end()) return 0;
  const auto at = std::ranges::lower_bound(lines->second, line);
  return at == lines->second.end() ? 0 : *at;
}

void FactsIndex::find_incidents() {
  for (const Event& e : facts_.events) {
    if (!e.kernel) continue;
    const auto [at, fresh] =
        incidents_.emplace(std::pair(e.first.source, e.incident), LineSpan{e.first.source, e.first.line, e.last.line});
    if (fresh) continue;
    at->second.first = std::min(at->second.first, e.first.line);
    at->second.last = std::max(at->second.last, e.last.line);
  }
}

LineSpan FactsIndex::incident(std::size_t index) const {
  const Event& e = event(index);
  const auto at = incidents_.find({e.first.source, e.incident});
  if (e.kernel && at != incidents_.end()) return at->second;
  return {e.first.source, e.first.line, e.last.line};
}

bool FactsIndex::lists(const InputFacts& in, std::string_view kind) {
  if (std::ranges::find(in.covers, kind) != in.covers.end()) return true;
  constexpr std::string_view told_by_logs[] = {"log.message", "log.gap", "user.segfault", "host.boot"};
  return in.log && (is_kernel_kind(kind) || std::ranges::find(told_by_logs, kind) != std::end(told_by_logs));
}

}  // namespace diag::sig
