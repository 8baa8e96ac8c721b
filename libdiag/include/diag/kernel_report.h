// A kernel's own report of trouble (oops, BUG, lockup, WARNING, OOM ...), taken apart. One per kernel event.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "diag/address.h"
#include "diag/event.h"

namespace diag {

// On which stack a frame lay, by the <IRQ>, <EOI>, <NMI> ... marks around it.
enum class Stack { unknown, task, irq, softirq, nmi, exception };

// How far a frame is believed to be a caller.
enum class Trust {
  plain,     // printed without a mark
  question,  // printed with '?' or (unreliable)
  stale,     // cannot be a return address: offset 0, or offset at or past the size
  verified,  // the bytes before the return address are a call (read from a symbol file)
  refuted,   // they are not
};

enum class Unresolved { no_symbol_file, wrong_build, no_symbol_here, module_not_given, ambiguous };

struct SourcePosition {
  std::string function;
  std::string file;  // empty: not known
  std::uint32_t line = 0;
};

struct Frame {
  std::optional<Addr> address;          // absent where the era prints none
  Symbol symbol;                        // name empty: a bare address
  std::optional<std::uint64_t> offset;  // within the function
  std::optional<std::uint64_t> size;    // of the function: the distance to the next symbol
  std::uint64_t line = 0;               // of the input
  bool reliable = true;                 // false: '?' or (unreliable)
  Stack stack = Stack::unknown;
  Trust trust = Trust::plain;
  std::string note;                     // why it is stale, refuted ...; empty: nothing to say
  std::vector<SourcePosition> chain;    // innermost inlined function first, the function itself last
  Unresolved unresolved = Unresolved::no_symbol_file;  // why `chain` is empty
};

struct Register {
  std::string name;  // lower case: "rip", "r15", "cr2", "nip"
  Addr value{};
};

// The `Code:` line.
struct CodeBytes {
  Bytes bytes;
  std::size_t at = 0;    // index of the first byte of the faulting instruction
  bool marked = false;   // the line marks it with <xx> or (xx); EL4 and EL5 x86_64 start at it instead
};

struct KernelModule {
  std::string name;
  std::string flags;  // "PO", "U"; without brackets
};

struct Taint {
  std::string flags;                  // the letters that are set, "PF"; "G" and "-" kept as printed: "G"
  std::vector<std::string> meanings;  // one sentence a letter, by distribution
  bool tainted = false;               // false: "Not tainted" was printed, or only G
};

struct Culprit {
  Symbol symbol;
  std::string why;  // in words: "first frame below the lock helpers"
};

struct Fault {
  std::optional<Addr> address;          // CR2, or the address of the header
  std::optional<std::uint64_t> error;   // the number after "Oops:"
  std::string instruction;              // "mov rax, [rdi+0x10]"; empty: not known
  std::string explanation;              // one or two sentences; empty: nothing certain to say
};

struct KernelReport {
  std::string header;        // the line that says what happened; empty: cut off
  std::string release;       // "2.6.18-274.7.1.el5"; empty: not stated
  std::string distribution;  // "el5"; empty: unknown
  std::string arch;          // "x86_64"; empty: unknown
  std::optional<Taint> taint;
  std::optional<std::uint32_t> cpu;
  std::optional<std::string> comm;
  std::optional<std::uint32_t> pid;
  std::optional<Frame> function;  // at the instruction pointer; else the first reliable frame
  bool function_is_ip = false;    // the text prints an instruction pointer for it
  std::optional<Culprit> culprit;
  Fault fault;
  std::vector<Register> registers;
  std::vector<std::uint64_t> stack;  // raw words, top first
  int word_bits = 0;                 // 64 or 32; 0: unknown
  std::uint64_t stack_line = 0, code_line = 0;
  std::optional<CodeBytes> code;
  std::vector<Frame> frames;         // as printed, all of them
  std::vector<KernelModule> modules;
  std::vector<std::string> missing;  // "header", "registers", "end" ...; what a whole report of this era would have
  std::uint32_t oops_number = 0;     // of "[#2]"; 0: not printed
  std::string fingerprint;           // 16 hex digits: kind, module, clean names of the reliable frames
  std::string similar;               // the fuzzy second key

  bool partial() const { return !missing.empty(); }
  const Register* reg(std::string_view name) const;
};

}  // namespace diag
