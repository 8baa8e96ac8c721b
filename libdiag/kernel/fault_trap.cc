// Traps that an instruction raises by itself, and the choice between all causes.
#include <fmt/core.h>

#include <algorithm>

#include "kernel/fault_verdict.h"

namespace diag::kernel {
namespace {

// EL5 x86_64 (and EL4, with a longer middle) write file name and line as instructions behind ud2, EL4 and EL5 i386 as
// data.
std::optional<unsigned> bug_line(const Scene& s) {
  if (s.era != Era::el4 && s.era != Era::el5 && s.era != Era::unknown) return std::nullopt;
  const auto bytes = code_from_fault(*s.report, s.era);
  const auto word = [&](std::size_t at) { return static_cast<unsigned>(bytes[at] | bytes[at + 1] << 8); };
  if (s.bits == 64) {
    if (bytes.size() >= 10 && bytes[2] == 0x68 && bytes[7] == 0xc2) return word(8);
    if (bytes.size() >= 14 && bytes[2] == 0xa3 && bytes[11] == 0xc2) return word(12);
    return std::nullopt;
  }
  const bool file = bytes.size() >= 8 && bytes[7] >= 0xc0;  // the file name is a kernel address
  return file && s.era != Era::unknown ? std::optional(word(2)) : std::nullopt;
}

std::uint64_t low_bits(std::uint64_t value, unsigned bits) {
  return bits >= 64 ? value : value & ((std::uint64_t{1} << bits) - 1);
}

// For div of 32 or 64 bits: the quotient fits only if the upper half of the dividend is below the divisor.
std::string tell_quotient(const Scene& s, const x86::RegisterOperand& divisor, std::uint64_t value) {
  const auto plain = fmt::format("{} is {:#x}, so the quotient did not fit its register", divisor.name, value);
  if (s.instruction->mnemonic != "div" || divisor.bits < 32) return plain;
  const auto upper = s.value(s.bits == 64 ? "rdx" : "edx");
  if (!upper || low_bits(*upper, divisor.bits) < value) return plain;
  return fmt::format("{}: the upper half of the dividend, {:#x}, is not below the divisor", plain,
                     low_bits(*upper, divisor.bits));
}

// What the report does not name is taken for what it proves.
Verdict judge_unknown(const Scene& s) {
  // A stack is dumped of kernel code only, so an address of user space beside one is not where a program stood.
  if (s.ip && s.mode && (*s.ip < 0x1000 || (s.is_user(*s.ip) && !s.report->stack.empty())))
    return judge_fetch(s, *s.ip);
  for (const auto judge_one : {judge_branch, judge_operands}) {
    if (auto v = judge_one(s); !v.fault_class.empty()) return v;
  }
  if (s.cr2 && find_operand(s, *s.cr2)) return judge_data_access(s, *s.cr2);
  for (const auto judge_one : {judge_check, judge_division}) {
    if (auto v = judge_one(s); !v.fault_class.empty()) return v;
  }
  return {};
}

Verdict judge_page_fault(const Scene& s) {
  if (!s.address) return s.ip && s.mode && *s.ip < 0x1000 ? judge_fetch(s, *s.ip) : Verdict{};
  const bool fetch = (s.code && s.code->fetch()) || (s.ip && *s.ip == *s.address);
  return fetch ? judge_fetch(s, *s.address) : judge_data_access(s, *s.address);
}

Verdict judge_protection(const Scene& s) {
  for (const auto judge_one : {judge_branch, judge_operands, judge_msr}) {
    if (auto v = judge_one(s); !v.fault_class.empty()) return v;
  }
  if (!s.address || s.is_canonical(*s.address)) return {};
  auto v = judge_data_access(s, *s.address);
  if (v.fault_class.empty()) {
    v.fault_class = "non_canonical";
    v.explanation = fmt::format("The kernel tried to use {}, which is no canonical address.", s.show(*s.address));
  }
  return v;
}

}  // namespace

Verdict judge_check(const Scene& scene) {
  if (!scene.instruction || !scene.instruction->undefined) return {};
  // Since EL8 a WARNING is a ud2 as well; only a header can tell them apart.
  const bool old = scene.era >= Era::el4 && scene.era <= Era::el7;
  if (scene.trap != Trap::invalid && !old) return {};
  Verdict v;
  v.fault_class = "bug_ud2";
  const auto line = bug_line(scene);
  v.explanation = fmt::format(
      "The kernel stopped itself: a check in its code failed and ran into {}, the instruction BUG is made of{}.",
      scene.instruction->mnemonic, line ? fmt::format(" (source line {}, by the bytes behind it)", *line) : "");
  return v;
}

Verdict judge_division(const Scene& scene) {
  if (!scene.instruction || !scene.instruction->division) return {};
  const auto& i = *scene.instruction;
  Verdict v;
  if (i.registers.size() != 1) {  // the divisor is in memory
    if (scene.trap == Trap::divide) {
      v.fault_class = "divide";
      v.explanation = fmt::format("{} divided by zero, or its quotient did not fit the register.", i.text);
    }
    return v;
  }
  const auto& divisor = i.registers.front();
  const auto whole = scene.value(divisor.whole);
  const bool high_byte = divisor.bits == 8 && divisor.name.ends_with('h');
  if (!whole || high_byte) return v;
  const auto value = low_bits(*whole, divisor.bits);
  if (value != 0 && scene.trap != Trap::divide) return v;
  v.fault_class = "divide";
  v.reg = divisor.whole;
  v.explanation = value == 0 ? fmt::format("{} divided by zero: {} is 0.", i.text, divisor.name)
                             : fmt::format("{} failed: {}.", i.text, tell_quotient(scene, divisor, value));
  return v;
}

Verdict judge_msr(const Scene& scene) {
  if (!scene.instruction || scene.trap != Trap::protection) return {};
  const auto& name = scene.instruction->mnemonic;
  if (name != "rdmsr" && name != "wrmsr") return {};
  const auto number = scene.value(scene.bits == 64 ? "rcx" : "ecx");
  if (!number) return {};
  Verdict v;
  v.fault_class = "msr";
  v.explanation = fmt::format(
      "{} of the model-specific register {:#x} was refused: this CPU (or the hypervisor) does not have it{}.", name,
      low_bits(*number, 32), name == "wrmsr" ? ", or not that value" : "");
  return v;
}

Verdict judge_stack_end(const Scene& scene) {
  const auto at = scene.address ? scene.address : scene.cr2;
  if (!at || !scene.sp || !scene.is_kernel(*at) || !scene.is_kernel(*scene.sp)) return {};
  const auto apart = *at > *scene.sp ? *at - *scene.sp : *scene.sp - *at;
  if (apart > 0x1000) return {};
  Verdict v;
  v.fault_class = "stack_overflow";
  v.address = at;
  v.reg = scene.bits == 64 ? "rsp" : "esp";
  v.explanation = fmt::format(
      "The stack was used up: {} is {}, and the page fault beside it, at {}, could not even be reported on that stack.",
      v.reg, scene.show(*scene.sp), scene.show(*at));
  return v;
}

Verdict judge(const Scene& scene) {
  switch (scene.trap) {
    case Trap::none:
      return {};
    case Trap::unknown:
      return judge_unknown(scene);
    case Trap::page:
      return judge_page_fault(scene);
    case Trap::protection:
      return judge_protection(scene);
    case Trap::divide:
      return judge_division(scene);
    case Trap::invalid:
      return judge_check(scene);
    case Trap::double_fault:
      return judge_stack_end(scene);
  }
  return {};
}

}  // namespace diag::kernel
