// One kernel report while its lines arrive.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diag/event.h"
#include "diag/kernel_report.h"
#include "diag/record.h"
#include "kernel/frame_line.h"
#include "kernel/kind_table.h"
#include "kernel/kind_traits.h"

namespace diag::kernel {

class OpenReport {
 public:
  static constexpr std::size_t line_limit = 4096;   // lines kept; a longer report is closed with "end" missing
  static constexpr std::size_t frame_limit = 262'144;

  // A report that begins with a line of the kind table.
  OpenReport(const Record& record, const KindRow& row, const std::vector<Capture>& captures);
  // A report whose first lines are cut off; the line that made it known is offered to take() next.
  explicit OpenReport(const Record& record);

  // Whether a line of dump, which no row of the kind table names, belongs here; if so it is read.
  bool take(const Record& record);
  // A further line of the kind table that belongs here. `kind`: what the event becomes; empty: stays.
  void join(const Record& record, const std::vector<Capture>& captures, std::string_view kind);
  // The panic line that ends the report.
  void panic(const Record& record, const std::vector<Capture>& captures);

  const std::string& kind() const { return event_.kind; }
  const KindTraits& traits() const { return *traits_; }
  bool dumped() const { return dumped_; }       // registers, frames or code were read
  bool ended() const { return ended_; }         // "---[ end trace": only repeats belong
  bool panicked() const { return panicked_; }   // a dump that follows is the panic's own
  bool headerless() const { return report_.header.empty(); }
  bool in_trace() const { return in_trace_; }
  // The end of a WARNING whose first lines are missing: known to be no fault, and not known what.
  bool is_warning_tail() const;
  SourceId source() const { return event_.first.source; }
  std::uint64_t first_line() const { return event_.first.line; }
  std::uint64_t last_line() const { return event_.last.line; }
  bool full() const { return event_.lines.size() >= line_limit || report_.frames.size() >= frame_limit; }
  // Whether enough was read to be worth an event: a header, an instruction pointer, or two frames.
  bool substantial() const;
  // A failure that was injected for a test: read, so that its trace is not taken for trouble, and dropped.
  bool injected() const { return event_.kind.empty(); }
  const std::string& release() const { return report_.release; }

  // The panic line, for the report it begins if a dump follows.
  struct PanicLine {
    std::string text;
    Origin at;
    EventTime when;
  };
  const PanicLine& panic_line() const { return panic_line_; }

  std::string host, context;            // whose report it is
  std::string preceding;                // the kernel's line before, of a report without a first line of its own
  int foreign = 0;                      // lines in a row that did not belong
  int unstamped = 0;                    // lines in it that have no stamp, where the report's own have
  std::optional<double> last_uptime;

  // Closes. `cut`: the text ended within it. `host_release`: what the host stated before, if the report does not say.
  Event finish(bool cut, std::string_view host_release);

 private:
  bool take_trace_start(std::string_view text, std::uint64_t line);
  bool take_frames(std::string_view text, std::uint64_t line);
  bool take_ip(std::string_view text, std::uint64_t line);
  bool take_task(std::string_view text, std::uint64_t line);
  bool take_modules(std::string_view text);
  bool take_stack(std::string_view text, std::uint64_t line);
  bool take_code(std::string_view text, std::uint64_t line);
  bool take_registers(std::string_view text);
  bool take_note(std::string_view text, std::uint64_t line);
  void take_stalled_cpu(std::string_view text, std::uint64_t line);
  void take_lock(std::string_view text, std::uint64_t line);
  void keep(const Record& record);
  void capture(const Capture& c, std::uint64_t line);
  void set_kind(std::string_view kind);
  void interrupt_trace();
  void adopt_preceding();
  void choose_function();
  void state_missing(bool cut);

  Event event_;
  KernelReport report_;
  const KindTraits* traits_ = nullptr;
  TraceState trace_;
  PanicLine panic_line_;
  std::string taint_;
  std::optional<Frame> header_function_, lock_function_;
  std::string file_;  // of a BUG or WARNING
  enum class Expect { nothing, stack, modules, code } expect_ = Expect::nothing;
  bool in_trace_ = false, other_trace_ = false, dumped_ = false, swallow_frame_ = false, lock_follows_ = false, ended_ = false, panicked_ = false, modules_done_ = false;
};

// Whether such a line, with no report open, shows that one began unseen.
bool starts_report(std::string_view text);

}  // namespace diag::kernel
