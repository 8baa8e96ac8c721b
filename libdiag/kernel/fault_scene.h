// The moment of a fault as its report shows it, in the terms of the machine: trap, instruction, registers, addresses.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "diag/kernel_report.h"
#include "kernel/fault_pointer.h"
#include "kernel/fault_stack.h"
#include "x86/instruction.h"

namespace diag::kernel {

enum class Trap {
  none,        // the kind is no fault: a lockup, a WARNING, out of memory
  unknown,     // a fault, but the header that names the trap is cut off
  page,        // page fault
  protection,  // #GP, #SS
  divide,
  invalid,  // invalid opcode: BUG and its kin
  double_fault,
};

Trap trap_of(std::string_view kind);

// The bits of an x86 page fault's error code.
struct PageFaultCode {
  std::uint64_t bits = 0;
  bool present() const { return bits & 1; }  // a page is there, the access was forbidden
  bool write() const { return bits & 2; }
  bool reserved() const { return bits & 8; }  // a page table entry has bits set that must be zero
  bool fetch() const { return bits & 16; }    // of an instruction; only machines with NX set it
};

struct Scene {
  const KernelReport* report = nullptr;
  Trap trap = Trap::none;
  Era era = Era::unknown;
  std::optional<x86::Mode> mode;  // absent: another machine, or not known which
  int bits = 0;                   // of a pointer; 0: not known
  int canonical_bits = 48;        // 57 where the registers show five-level page tables
  std::optional<std::uint64_t> ip, sp;
  std::optional<std::uint64_t> address;  // that faulted, as the report states it
  std::optional<std::uint64_t> cr2;      // the register: of this fault only if it was a page fault
  std::optional<PageFaultCode> code;
  std::optional<x86::Instruction> instruction;  // at the instruction pointer
  std::optional<StackFacts> stack;              // absent: no stack printed, or words in big-endian order

  std::optional<std::uint64_t> value(std::string_view reg) const;  // of a printed register
  std::optional<std::uint64_t> effective(const x86::MemoryOperand& operand) const;
  bool is_canonical(std::uint64_t v) const;  // true on 32-bit machines
  bool is_user(std::uint64_t v) const;       // the lower half, the first page included
  bool is_kernel(std::uint64_t v) const;     // the upper half
  bool is_module(std::uint64_t v) const;     // where modules are loaded, as far as that is certain
  std::string show(std::uint64_t v) const { return kernel::show(v, bits); }
  // "icmp_send", "bridge:br_dev_xmit"; empty: the report does not say where the instruction pointer stood.
  std::string function() const;
  bool at_last_byte() const;  // of that function
};

// "r8" for "r08", which kernels print to keep columns.
std::string plain_register(std::string_view name);

Scene read_scene(std::string_view kind, const KernelReport& report);

// The code bytes from the faulting instruction on; empty if the report does not show where that is.
Bytes code_from_fault(const KernelReport& report, Era era);

}  // namespace diag::kernel
