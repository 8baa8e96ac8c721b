// Loads and stores that faulted.
#include <fmt/core.h>

#include <algorithm>

#include "kernel/fault_verdict.h"

namespace diag::kernel {
namespace {

// The register of an operand that is to blame for where the operand points.
struct Culprit {
  std::string reg;  // empty: cannot be told
  std::optional<std::uint64_t> value;
  bool pointer = false;  // it is the base address; else an index or a bit number
};

// [rax*8-0x7fd05f80]: the displacement is the table, the register an index.
bool is_table(const x86::MemoryOperand& op) { return op.displacement < -0x100000 || op.displacement > 0x7f000000; }

bool is_good_base(const Scene& s, std::uint64_t v) {
  return s.is_kernel(v) && !error_number(v, s.bits) && !find_poison(v, s.bits, s.era);
}

Culprit find_culprit(const Scene& s, const x86::MemoryOperand& op) {
  const auto named = [&](const std::string& name, bool pointer) {
    const auto whole = x86::whole_register(name, *s.mode);
    return Culprit{whole, s.value(whole), pointer};
  };
  const auto& other = op.index.empty() ? op.bit_offset : op.index;
  if (op.base.empty() || is_table(op)) {
    const auto& only = op.base.empty() ? other : op.base;
    return only.empty() || (!op.base.empty() && !other.empty()) ? Culprit{} : named(only, false);
  }
  auto base = named(op.base, true);
  if (other.empty() || !base.value) return base;
  auto second = named(other, op.scale == 1 && op.bit_offset.empty());
  if (is_good_base(s, *base.value)) {
    second.pointer = false;
    return second;
  }
  // [rax+rcx*1] has no order: the small one is the index.
  const bool swapped = *base.value < 0x1000 && second.pointer && second.value && *second.value >= 0x1000;
  return swapped ? second : base;
}

std::string access_of(const Scene& s, const x86::MemoryOperand* op) {
  if (s.code) return s.code->write() ? "write" : "read";
  if (op) return op->written ? "write" : "read";
  return {};
}

std::string opening(const Scene& s, const x86::MemoryOperand* op, const Verdict& v) {
  const auto who = op ? s.instruction->text : "the kernel";
  const auto verb = v.access == "write" ? "write to" : v.access == "read" ? "read" : "use";
  auto out = fmt::format("{} tried to {} {}", who, verb, s.show(*v.address));
  if (!op) out[0] = 'T';
  return out;
}

Telling tell_null(const Scene& s, std::uint64_t address, const Culprit& c) {
  if (c.reg.empty()) {
    auto words = std::string("a null pointer");
    if (address) words += fmt::format(" with {:#x} added", address);
    return {"null_offset", words};
  }
  if (*c.value != 0) {
    return {"null_offset", fmt::format("{0} is {1:#x}, a null pointer with {1:#x} added", c.reg, *c.value)};
  }
  auto words = fmt::format("{} is 0, a null pointer", c.reg);
  const auto below = error_number(address, s.bits);
  if (below) words += fmt::format(", and {:#x} was taken off", *below);
  if (address && !below) words += fmt::format(", and the offset from it is {:#x}", address);
  return {"null_offset", words};
}

// -16 may be -EBUSY, or what container_of made of a null pointer: the object 16 bytes before the member.
Telling tell_negative(const Scene& s, std::uint64_t address, const Culprit& c, unsigned number) {
  const auto name = error_name(number);
  const bool could_be_offset = number % static_cast<unsigned>(s.bits / 8) == 0;
  const auto value = fmt::format("{} is {}", c.reg, s.show(*c.value));
  if (could_be_offset && (address == 0 || name.empty())) {
    return {"null_offset", fmt::format("{}, a null pointer with {:#x} taken off", value, number)};
  }
  auto words = name.empty() ? fmt::format("{}, a small negative number (-{}) and no pointer", value, number)
                            : fmt::format("{}, the error number -{} (-{}) used as a pointer", value, number, name);
  if (could_be_offset) words += fmt::format(", or a null pointer with {:#x} taken off", number);
  if (number == 1) words += ", or just a -1";
  return {"err_ptr", words};
}

Telling tell_address_only(const Scene& s, std::uint64_t address) {
  if (address < 0x1000) return tell_null(s, address, {});
  if (const auto number = error_number(address, s.bits)) {
    return {"", fmt::format("it lies {:#x} below the end of the address space: an error number used as a pointer, or a "
                            "null pointer with something taken off",
                            *number)};
  }
  return {};
}

// By what the page tables said.
Telling tell_region(const Scene& s, std::uint64_t address) {
  if (s.code && s.code->reserved()) {
    return {"reserved_bit", "the page table entry for it holds garbage (reserved bits are set)"};
  }
  if (s.is_user(address)) return {"user_address", "the address belongs to user space"};
  if (!s.code || !s.is_kernel(address)) return {};
  if (s.code->present()) {
    if (s.code->write()) return {"read_only", "a page is there, but it is write-protected"};
    return {};
  }
  if (s.is_module(address)) {
    return {"freed_module",
            "modules are loaded there, and nothing is mapped at the address: memory of an unloaded module "
            "looks like that"};
  }
  return {"", "no page is mapped there"};
}

Telling tell(const Scene& s, std::uint64_t address, const Culprit& c) {
  if (s.code && s.code->reserved()) return tell_region(s, address);
  const bool known = c.pointer && c.value;
  if (known && *c.value < 0x1000) return tell_null(s, address, c);
  if (known) {
    const auto number = error_number(*c.value, s.bits);
    if (number) return tell_negative(s, address, c, *number);
  }
  const auto who = c.value ? fmt::format("{} is {}", c.reg, s.show(*c.value)) : std::string();
  if (c.value && !c.pointer) {  // an index: only a pattern tells something
    const auto poison = find_poison(*c.value, 32, s.era);
    if (poison && poison->value == *c.value) {
      return {std::string(poison->fault_class),
              fmt::format("the index {}, {}, {}", who, poison->name, poison->meaning)};
    }
  } else {
    auto told = tell_pointer(s, c.value.value_or(address), known ? who + ", " : "that is ", c.reg);
    if (told) return std::move(*told);
  }
  if (address < 0x1000 && !known) return tell_null(s, address, {});
  if (auto alone = c.value ? Telling{} : tell_address_only(s, address); !alone.words.empty()) return alone;
  auto region = tell_region(s, address);
  if (c.value && !region.words.empty()) {
    region.words = fmt::format("{}{}; {}", c.pointer ? "" : "the index ", who, region.words);
  }
  return region;
}

Telling tell_not_canonical(const Scene& s, const Culprit& c) {
  if (!c.value) return {"non_canonical", "that is no canonical address"};
  const auto why = s.is_canonical(*c.value) ? "and no canonical address comes of it" : "which is no canonical address";
  return {"non_canonical", fmt::format("{} is {}, {}", c.reg, s.show(*c.value), why)};
}

Verdict assemble(const Scene& s, const x86::MemoryOperand* op, const Culprit& c, std::uint64_t address, Telling told) {
  Verdict v;
  v.address = address;
  v.access = access_of(s, op);
  v.reg = c.value ? c.reg : "";
  v.fault_class = std::move(told.fault_class);
  if (!told.words.empty()) v.explanation = fmt::format("{}: {}.", opening(s, op, v), told.words);
  return v;
}

// Where KASAN keeps the state of memory: one byte for 8, so the byte at this address plus n is that of address 8 n.
constexpr std::uint64_t kShadow = 0xdffffc0000000000;

bool is_shadow_check(const Scene& s, const x86::MemoryOperand& op) {
  const auto holds = [&](const std::string& name) { return !name.empty() && s.value(name) == kShadow; };
  return holds(op.base) || holds(op.index);
}

// The fault is KASAN's, on looking up a pointer that is bad.
Verdict judge_shadow_check(const Scene& s, std::uint64_t address) {
  const auto pointer = (address - kShadow) << 3;
  auto told = tell_address_only(s, pointer);
  if (told.words.empty()) {
    auto known = tell_pointer(s, pointer, "that is ", "");
    told = known ? std::move(*known) : tell_region(s, pointer);
  }
  Verdict v;
  v.address = address;
  v.fault_class = told.fault_class.empty() ? "non_canonical" : told.fault_class;
  v.explanation = fmt::format("KASAN was about to check an access at {} or up to 7 bytes on{}{}.", s.show(pointer),
                              told.words.empty() ? "" : ": ", told.words);
  return v;
}

}  // namespace

const x86::MemoryOperand* find_operand(const Scene& s, std::uint64_t address) {
  if (!s.instruction) return nullptr;
  const auto& all = s.instruction->memory;
  const auto at = std::ranges::find_if(all, [&](const auto& op) {
    const auto start = s.effective(op);
    return start && address - *start < std::max(op.size, 1U);
  });
  return at == all.end() ? nullptr : &*at;
}

Verdict judge_data_access(const Scene& scene, std::uint64_t address) {
  const auto* op = find_operand(scene, address);
  auto culprit = op ? find_culprit(scene, *op) : Culprit{};
  if (!culprit.value) culprit = {};
  return assemble(scene, op, culprit, address, tell(scene, address, culprit));
}

Verdict judge_operands(const Scene& scene) {
  if (!scene.instruction || scene.bits != 64) return {};
  for (const auto& op : scene.instruction->memory) {
    const auto address = scene.effective(op);
    if (!address || scene.is_canonical(*address)) continue;
    if (is_shadow_check(scene, op)) return judge_shadow_check(scene, *address);
    auto culprit = find_culprit(scene, op);
    if (!culprit.value) culprit = {};
    auto told = tell(scene, *address, culprit);
    if (told.fault_class.empty()) told = tell_not_canonical(scene, culprit);
    return assemble(scene, &op, culprit, *address, std::move(told));
  }
  return {};
}

}  // namespace diag::kernel
