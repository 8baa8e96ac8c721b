// Calls, jumps and returns that went wrong.
#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "kernel/fault_verdict.h"

namespace diag::kernel {
namespace {

std::string tell_run(const NumberRun& run) {
  const auto down = 0U - run.step;
  const bool falls = run.step > down;
  const auto step = falls ? down : run.step;
  return fmt::format("a run of 32-bit counters {:#x}, {:#x}, ... each {} {} than the one before", run.first,
                     run.first + run.step, step < 10 ? fmt::format("{}", step) : fmt::format("{:#x}", step),
                     falls ? "less" : "more");
}

// "(the words above it are a run of ...)", if data lies over the place the return address was taken from. `from` is the
// byte offset of that place in what was read.
std::string tell_data(const Scene& s, const StackFacts& facts, const std::string& words_are) {
  std::string out;
  const auto width = static_cast<std::size_t>(s.bits / 8);
  if (facts.run && facts.run->begin < width) {
    out = fmt::format(" ({} {}", words_are, tell_run(*facts.run));
  } else if (facts.text && facts.text->begin == 0) {
    out = fmt::format(" ({} the text \"{}\"", words_are, facts.text->text.substr(0, 40));
  }
  if (out.empty()) return out;
  if (facts.torn) out += fmt::format("; it ends in the middle of a kernel pointer, {}", s.show(*facts.torn));
  return out + ")";
}

std::string place_of_ret(const Scene& s) {
  const auto function = s.function();
  if (function.empty()) return "RET";
  if (s.at_last_byte()) return "RET at the last byte of " + function;
  return "RET in " + function;
}

bool is_near_return(const Scene& s) {
  return s.instruction && s.instruction->ret && s.instruction->text.starts_with("ret") &&
         !s.instruction->text.starts_with("ret far");
}

// A call or jump to where a register points; `who` made it.
Verdict judge_target(const Scene& s, const std::string& reg, const std::string& who) {
  const auto target = s.value(reg);
  if (!target || s.is_canonical(*target)) return {};
  Verdict v;
  v.fault_class = "non_canonical";
  v.reg = reg;
  v.access = "execute";
  v.address = target;
  const auto lead = fmt::format("{} is {}, ", reg, s.show(*target));
  auto words = lead + "which is no canonical address";
  if (auto told = tell_pointer(s, *target, lead, reg)) {
    v.fault_class = told->fault_class;
    words = told->words;
  }
  v.explanation = fmt::format("{} had nowhere to go: {}.", who, words);
  return v;
}

// The register of __x86_indirect_thunk_rax, which calls through it by a RET; empty: another function.
std::string thunk_register(const Scene& s) {
  const auto name = s.function();
  if (!name.starts_with("__x86_indirect_")) return {};
  return x86::whole_register(std::string_view(name).substr(name.rfind('_') + 1), *s.mode);
}

Verdict judge_return(const Scene& s) {
  if (const auto reg = thunk_register(s); !reg.empty()) return judge_target(s, reg, "The call through " + reg);
  Verdict v;
  const auto& words = s.report->stack;
  const bool shown = !words.empty();
  if (shown ? s.is_canonical(words.front()) : s.trap != Trap::protection) return v;
  v.fault_class = "smashed_return";
  v.access = "execute";
  if (!shown) {
    v.explanation = fmt::format(
        "{} raised a general protection fault. It does so only if the return address is no "
        "canonical address: the one on the stack had been overwritten.",
        place_of_ret(s));
    return v;
  }
  v.explanation = fmt::format(
      "{} popped {}, which is no canonical address: the return address had been overwritten by data{}.",
      place_of_ret(s), s.show(words.front()), tell_data(s, s.stack.value_or(StackFacts{}), "the words above it are"));
  return v;
}

// call [rax+0x18]: the place can be read, so it is the pointer found there that the CPU refused.
Verdict judge_memory_target(const Scene& s) {
  const auto& op = s.instruction->memory.front();
  const auto place = s.effective(op);
  if (s.trap != Trap::protection || op.stack || !place || !s.is_canonical(*place)) return {};
  Verdict v;
  v.fault_class = "non_canonical";
  v.access = "execute";
  v.explanation = fmt::format("{} could read {}, but the pointer it found there is no canonical address.",
                              s.instruction->text, s.show(*place));
  return v;
}

std::string caller_of(const Scene& s) {
  const auto& r = *s.report;
  if (r.stack.empty() || r.frames.empty() || !r.frames.front().address) return {};
  const auto& first = r.frames.front();
  if (diag::value(*first.address) != r.stack.front() || first.symbol.name.empty()) return {};
  const auto& module = first.symbol.module;
  return (module.empty() ? "" : module + ":") + first.symbol.name;
}

// The stack as it was before a return took its top word: that word is the instruction pointer now.
StackFacts stack_before_return(const Scene& s, std::uint64_t ip) {
  std::vector<std::uint64_t> words{ip};
  const auto& rest = s.report->stack;
  words.insert(words.end(), rest.begin(),
               rest.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(rest.size(), 1024)));
  return read_stack(words, s.bits);
}

// Data that reaches without a gap from the instruction pointer into the stack came from there.
bool continues_into_stack(const StackFacts& facts, std::size_t width) {
  if (facts.run && facts.run->begin < width) return true;  // 16 bytes at least
  return facts.text && facts.text->begin == 0 && facts.text->end > 2 * width;
}

Telling tell_fetch(const Scene& s, std::uint64_t address) {
  if (address == 0) {
    const auto caller = caller_of(s);
    if (caller.empty()) return {"rip_zero", "a function pointer was null"};
    return {"rip_zero", fmt::format("{} called through a null pointer", caller)};
  }
  if (address < 0x1000) return {"rip_in_data", "a function pointer held a small number"};
  if (const auto number = error_number(address, s.bits)) {
    const auto name = error_name(*number);
    if (!name.empty())
      return {"err_ptr", fmt::format("a function pointer held the error number -{} (-{})", *number, name)};
    return {"rip_in_data", "a function pointer held a small negative number"};
  }
  if (auto told = tell_pointer(s, address, "that is ", s.bits == 64 ? "rip" : "eip")) return std::move(*told);
  const bool forbidden = s.code && s.code->present() && s.code->fetch();
  if (s.is_user(address)) {
    if (forbidden) return {"user_address", "that is a page of user space, which the kernel must not execute"};
    return {"rip_in_data", "that is an address of user space and no kernel code"};
  }
  if (forbidden) return {"nx", "that page holds data and may not be executed"};
  const bool named = s.report->function && s.report->function_is_ip && !s.report->function->symbol.name.empty();
  if (named) return {};
  if (s.is_module(address)) {
    return {"freed_module",
            "that is where modules are loaded, and no code is there: the code of an unloaded module was still in use"};
  }
  return {"rip_in_data", "no code is there"};
}

}  // namespace

Verdict judge_branch(const Scene& scene) {
  if (!scene.instruction || scene.bits != 64) return {};
  if (is_near_return(scene)) return judge_return(scene);
  if (!scene.instruction->call && !scene.instruction->jump) return {};
  const auto& registers = scene.instruction->registers;
  if (registers.size() == 1) return judge_target(scene, registers.front().whole, scene.instruction->text);
  return scene.instruction->memory.empty() ? Verdict{} : judge_memory_target(scene);
}

Verdict judge_fetch(const Scene& scene, std::uint64_t address) {
  if (!scene.mode) return {};
  Verdict v;
  v.access = "execute";
  v.address = address;
  const auto before = stack_before_return(scene, address);
  if (!scene.is_kernel(address) && continues_into_stack(before, static_cast<std::size_t>(scene.bits / 8))) {
    v.fault_class = "smashed_return";
    v.explanation = fmt::format("The CPU went on at {}: the return address had been overwritten by data{}.",
                                scene.show(address), tell_data(scene, before, "with the stack behind it that is"));
    return v;
  }
  const auto told = tell_fetch(scene, address);
  v.fault_class = told.fault_class;
  v.explanation =
      fmt::format("The CPU was sent to {}{}.", scene.show(address), told.words.empty() ? "" : ": " + told.words);
  return v;
}

}  // namespace diag::kernel
