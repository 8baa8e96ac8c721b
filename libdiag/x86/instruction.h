// x86 machine code, one instruction at a time: what it is called, what it touches, where it goes. The only user of
// Zydis; a build without it answers Undecoded::not_built_in to everything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace diag::x86 {

enum class Mode { bits32, bits64 };

enum class Undecoded {
  not_built_in,    // the library was built without a decoder
  cut_off,         // the bytes end before the instruction does
  no_instruction,  // no CPU would accept these bytes
};

// Memory that an instruction reads or writes. All register names are lower case, as the kernel prints them.
struct MemoryOperand {
  std::string segment;  // "fs" or "gs"; empty: one whose base is 0 in the kernel
  std::string base;     // "rdi", "eax", "rip"; empty: none
  std::string index;    // empty: none
  unsigned scale = 1;
  std::int64_t displacement = 0;
  unsigned size = 0;       // bytes
  std::string bit_offset;  // bt, bts, btr, btc: the register whose bit number moves the address on; empty: none
  bool read = false;
  bool written = false;
  bool stack = false;  // not spelled out in the text: what push, pop, call, ret and leave do
};

struct RegisterOperand {
  std::string name;   // "cl"
  std::string whole;  // "rcx", in 32-bit mode "ecx": the name the kernel prints
  unsigned bits = 0;
  bool read = false;
  bool written = false;
};

struct Instruction {
  std::string text;      // Intel syntax, lower case: "mov rax, [rdi+0x10]"
  std::string mnemonic;  // "mov"; without prefixes
  std::size_t length = 0;
  bool call = false;
  bool ret = false;        // near or far return, not from an interrupt
  bool jump = false;       // unconditional
  bool branch = false;     // conditional
  bool undefined = false;  // ud0, ud1, ud2: made to raise "invalid opcode"
  bool string = false;     // movs, stos, lods, cmps, scas, ins, outs
  bool division = false;   // div, idiv
  bool privileged = false;
  std::optional<std::uint64_t> target;     // of a direct call, jump or branch, if the address was given
  std::vector<MemoryOperand> memory;       // those it reads or writes; lea, nop and prefetches touch none
  std::vector<RegisterOperand> registers;  // spelled out in the text, in that order
};

// Decodes the instruction at the front of `bytes`. `address` is where it stands; without it branch targets are printed
// relative ("call +0x12") and `target` stays empty.
std::expected<Instruction, Undecoded> decode(std::span<const std::uint8_t> bytes, Mode mode,
                                             std::optional<std::uint64_t> address = std::nullopt);

// The value of a register by its full-width name ("rax", in 32-bit mode "eax"); nothing if not known. In 64-bit mode
// "fs" and "gs" ask for the base of the segment, which is what the kernel prints under these names.
using RegisterValues = std::function<std::optional<std::uint64_t>(std::string_view name)>;

// The address the operand stands for; nothing if a register is not known. `next` is the address of the following
// instruction (for "rip").
std::optional<std::uint64_t> effective_address(const MemoryOperand& operand, Mode mode, const RegisterValues& values,
                                               std::optional<std::uint64_t> next = std::nullopt);

// The full-width name of a register: "rax" for "eax" and "al" in 64-bit mode; `name` itself if it is none.
std::string whole_register(std::string_view name, Mode mode);

// One reading of the bytes before a return address as a call.
struct CallBefore {
  std::size_t length = 0;               // of the call
  std::string text;                     // "call 0xffffffff80268427"
  std::optional<std::uint64_t> target;  // absent: called through a register or memory
};

// Is the instruction before `return_address` a call? `before` are the bytes that end there (16 suffice). Bytes can be
// read backwards in several ways, so all readings are given, shortest first; none: a call cannot have left this
// return address. The kernel patches some calls while it boots, so bytes from a file may differ from those that ran.
std::expected<std::vector<CallBefore>, Undecoded> calls_before(std::span<const std::uint8_t> before, Mode mode,
                                                               std::uint64_t return_address);

}  // namespace diag::x86
