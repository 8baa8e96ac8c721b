// Why the kernel faulted, as far as its report proves it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "kernel/fault_scene.h"

namespace diag::kernel {

struct Verdict {
  std::string fault_class;               // a word of `fault.class`; empty: none is certain
  std::string explanation;               // one or two sentences; empty: nothing certain to say
  std::string reg;                       // the register that held the bad value; empty: not known
  std::string access;                    // "read", "write", "execute"; empty: not known
  std::optional<std::uint64_t> address;  // that could not be accessed
};

Verdict judge(const Scene& scene);

// The parts of it, by what the CPU was doing. Each gives an empty Verdict where the report proves nothing of the sort.
Verdict judge_data_access(const Scene& scene, std::uint64_t address);  // page fault on a load or store
Verdict judge_operands(const Scene& scene);  // a load or store through an address that is not canonical
Verdict judge_fetch(const Scene& scene, std::uint64_t address);  // page fault on fetching an instruction
Verdict judge_branch(const Scene& scene);  // call, jump or return to an address that is not canonical
Verdict judge_check(const Scene& scene);   // BUG: ud2
Verdict judge_division(const Scene& scene);
Verdict judge_msr(const Scene& scene);        // a model-specific register that the CPU refused
Verdict judge_stack_end(const Scene& scene);  // the stack pointer ran off its stack

// The operand of the faulting instruction whose bytes hold the address; null: none does, as far as the registers tell.
const x86::MemoryOperand* find_operand(const Scene& scene, std::uint64_t address);

// What the value of a pointer says of itself, be it for a load or for a call: a class and half a sentence. The sentence
// goes on from `lead` ("rdi is 0x0000000000100100, "); `reg` is the register that holds the pointer, or empty.
struct Telling {
  std::string fault_class, words;
};
std::optional<Telling> tell_pointer(const Scene& scene, std::uint64_t pointer, const std::string& lead,
                                    std::string_view reg);

// Another register or stack word that is `pointer` but for one bit, or, for an address that is not canonical, the bit
// that would make it one beside the printed registers. `reg` is the register that holds `pointer`.
struct BitFlip {
  int bit = 0;
  std::uint64_t sane = 0;  // the value with that bit turned over
  std::string witness;     // "rbx", "a word on the stack"
  bool equal = false;      // the witness holds exactly that value; else one close to it
};
std::optional<BitFlip> find_bit_flip(const Scene& scene, std::uint64_t pointer, std::string_view reg);

}  // namespace diag::kernel
