// Assembles kernel reports from the records of logs: every event once, complete, in one pass. Several reports may be open at a
// time: one for each host, and for each printk context ("T12", "C3") where the log states it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diag/event.h"
#include "diag/record.h"
#include "diag/source.h"

namespace diag::kernel {

class OpenReport;

class Assembler {
 public:
  using Sink = std::function<void(Event&&)>;

  // Events go to `sink` as they close: not always in the order of their first lines.
  explicit Assembler(Sink sink);
  ~Assembler();
  Assembler(const Assembler&) = delete;
  Assembler& operator=(const Assembler&) = delete;

  // Records of user-space programs are passed over, but for the ones by which the kernel speaks of them ("x[1]: segfault at").
  void feed(const Record& record);

  // The text ended: closes what is open.
  void finish();

  // What was seen and is no event: for InputFacts::skipped. Emptied by the call.
  std::vector<Skipped> take_skipped() { return std::exchange(skipped_, {}); }

  // What the host stated last: "2.6.18-274.el5"; empty: nothing yet.
  std::string_view release_of(std::string_view host) const;

 private:
  struct Host {
    std::string name, release;
  };
  Host& host_of(std::string_view name);
  OpenReport* open_for(const Record& record);
  void on_row(const Record& record, OpenReport* open, const struct KindRow& row);
  void begin(const Record& record, const struct KindRow& row);
  void on_banner(const Record& record, std::string_view release);
  void close(OpenReport* report, bool cut);
  bool take_by_open(const Record& record, OpenReport* open);

  Sink sink_;
  std::vector<Host> hosts_;
  std::vector<std::unique_ptr<OpenReport>> open_;
  std::vector<struct Capture> captures_;
  std::vector<Skipped> skipped_;
  std::string preceding_;  // the kernel's last line
  std::uint64_t preceding_line_ = 0;
  int task_list_ = 0;  // lines since a task list began (SysRq-T prints traces that are no trouble)
};

}  // namespace diag::kernel
