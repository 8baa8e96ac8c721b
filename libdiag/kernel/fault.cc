#include "kernel/fault.h"

#include <utility>

#include "kernel/fault_scene.h"
#include "kernel/fault_verdict.h"

namespace diag::kernel {
namespace {

void state(Event& event, std::string name, Value value, std::uint64_t line = 0) {
  if (!event.find(name)) event.set(std::move(name), std::move(value), line);
}

void state_text(Event& event, std::string name, const std::string& text, std::uint64_t line = 0) {
  if (!text.empty()) state(event, std::move(name), text, line);
}

void state_function(const KernelReport& report, const Scene& scene, Event& event) {
  const auto& f = report.function;
  if (!f || !report.function_is_ip || !f->offset || !f->size || *f->size == 0) return;
  state(event, "function.last_byte", scene.at_last_byte(), f->line);
}

void state_stack(const KernelReport& report, const Scene& scene, Event& event) {
  const auto line = report.stack_line;
  if (!report.stack.empty()) state(event, "stack.top", Addr{report.stack.front()}, line);
  if (!scene.stack) return;
  const auto& facts = *scene.stack;
  state(event, "stack.run", facts.run ? static_cast<double>(facts.run->terms) : 0.0, line);
  if (facts.text) state(event, "stack.ascii", facts.text->text, line);
  if (scene.mode == x86::Mode::bits64) state(event, "stack.torn_pointer", facts.torn.has_value(), line);
}

// Where the CPU could not fetch an instruction, the bytes in the report are none.
bool was_executed(const Scene& scene, const Verdict& verdict) {
  if (!scene.instruction) return false;
  const bool fetch_failed = scene.trap == Trap::page || (verdict.address && scene.ip == verdict.address);
  return verdict.access != "execute" || !fetch_failed;
}

void state_fault(KernelReport& report, const Scene& scene, Event& event) {
  auto verdict = judge(scene);
  auto& fault = report.fault;
  if (was_executed(scene, verdict)) fault.instruction = scene.instruction->text;
  fault.explanation = std::move(verdict.explanation);
  const auto address = verdict.address ? verdict.address : scene.address;
  if (address) fault.address = Addr{*address};
  if (!address && scene.mode) fault.address.reset();  // CR2 of an older page fault
  state_text(event, "fault.instruction", fault.instruction, report.code_line);
  state_text(event, "fault.explanation", fault.explanation);
  if (address) state(event, "fault.address", Addr{*address});
  state_text(event, "fault.class", verdict.fault_class);
  state_text(event, "fault.register", verdict.reg);
  state_text(event, "fault.access", verdict.access);
}

}  // namespace

void explain_fault(std::string_view kind, KernelReport& report, Event& event) {
  const auto scene = read_scene(kind, report);
  state_function(report, scene, event);
  state_stack(report, scene, event);
  if (auto code = code_from_fault(report, scene.era); !code.empty())
    state(event, "code", std::move(code), report.code_line);
  if (scene.trap != Trap::none) state_fault(report, scene, event);
}

}  // namespace diag::kernel
