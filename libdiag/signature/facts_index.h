// What one run has read, ordered for questions: events by kind, which host and kernel an event belongs to, and which
// stretches of which inputs were covered.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "diag/facts.h"
#include "signature/answer.h"

namespace diag::sig {

// What a host last stated of its kernel; empty: unknown.
struct HostKernel {
  std::string release, stream, arch;

  friend bool operator==(const HostKernel&, const HostKernel&) = default;
};

// Lines of one input, both ends included.
struct LineSpan {
  SourceId source{};
  std::uint64_t first = 0, last = 0;
};

// An index of Facts::events. The facts must outlive it.
class FactsIndex {
 public:
  explicit FactsIndex(const Facts& facts);

  const Facts& facts() const { return facts_; }
  const Event& event(std::size_t index) const { return facts_.events[index]; }
  std::size_t size() const { return facts_.events.size(); }
  // Of that kind, ascending.
  std::span<const std::size_t> of_kind(std::string_view kind) const;

  // The host of an event, as its input spells it; empty: unknown, or the run's only host, which has no name.
  const std::string& host(std::size_t event) const;
  // Whether two events are of one host; unknown where an input does not say.
  Answer same_host(std::size_t a, std::size_t b) const;
  // Whether an input holds lines of the host of that event.
  Answer input_of_host(const InputFacts& input, std::size_t event) const;

  const HostKernel& kernel(std::size_t event) const { return kernels_[kernel_of_[event]]; }

  // Whether both events state uptime of one boot: one input, no start of the host between them.
  bool same_boot(std::size_t a, std::size_t b) const;
  // The first line at or after `line` of that source where the host started; 0: none.
  std::uint64_t boot_after(SourceId source, std::uint64_t line) const;

  // All lines of the kernel events that share the event's cause; the event's own for others.
  LineSpan incident(std::size_t event) const;

  const InputFacts* input(SourceId id) const;
  // Whether that input would have shown every event of that kind (within its lines, if it is a log).
  static bool lists(const InputFacts& input, std::string_view kind);

 private:
  using HostId = std::uint32_t;
  static constexpr HostId unknown_host = UINT32_MAX;

  void find_kinds();
  void find_hosts();
  void find_kernels();
  void find_incidents();
  HostId host_id(std::string_view name) const;
  HostId host_of_input(const InputFacts* input) const;
  std::uint32_t keep(HostKernel kernel);
  std::uint32_t kernel_from_elsewhere(std::size_t event) const;

  const Facts& facts_;
  std::unordered_map<std::string_view, std::vector<std::size_t>> kinds_;
  std::map<std::string, HostId, std::less<>> hosts_;
  std::vector<std::string> host_names_;
  std::vector<HostId> host_of_;
  std::vector<HostKernel> kernels_;
  std::vector<std::uint32_t> kernel_of_;
  struct Statement {
    HostId host;
    std::size_t event;
    std::uint32_t kernel;
  };
  std::vector<Statement> statements_;  // of a kernel release
  std::map<SourceId, std::vector<std::uint64_t>> boots_;
  std::map<std::pair<SourceId, std::uint32_t>, LineSpan> incidents_;
};

}  // namespace diag::sig
