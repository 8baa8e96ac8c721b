#include "x86/instruction.h"

#include <Zydis/Zydis.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace diag::x86 {
namespace {

constexpr std::size_t kLongest = ZYDIS_MAX_INSTRUCTION_LENGTH;

ZydisMachineMode machine(Mode mode) {
  return mode == Mode::bits64 ? ZYDIS_MACHINE_MODE_LONG_64 : ZYDIS_MACHINE_MODE_LEGACY_32;
}

struct Decoded {
  ZydisDecodedInstruction head;
  std::array<ZydisDecodedOperand, ZYDIS_MAX_OPERAND_COUNT> operands;

  std::span<const ZydisDecodedOperand> all() const { return {operands.data(), head.operand_count}; }
  std::span<const ZydisDecodedOperand> visible() const { return {operands.data(), head.operand_count_visible}; }
};

std::expected<Decoded, Undecoded> decode_raw(std::span<const std::uint8_t> bytes, Mode mode) {
  ZydisDecoder decoder;
  ZydisDecoderInit(&decoder, machine(mode), mode == Mode::bits64 ? ZYDIS_STACK_WIDTH_64 : ZYDIS_STACK_WIDTH_32);
  Decoded out{};
  const auto status =
      ZydisDecoderDecodeFull(&decoder, bytes.data(), std::min(bytes.size(), kLongest), &out.head, out.operands.data());
  if (ZYAN_SUCCESS(status)) return out;
  const bool more = bytes.empty() || (status == ZYDIS_STATUS_NO_MORE_DATA && bytes.size() < kLongest);
  return std::unexpected(more ? Undecoded::cut_off : Undecoded::no_instruction);
}

std::string name_of(ZydisRegister reg) {
  const char* name = reg == ZYDIS_REGISTER_NONE ? nullptr : ZydisRegisterGetString(reg);
  return name ? name : "";
}

std::string whole_name(ZydisRegister reg, Mode mode) {
  const auto whole = ZydisRegisterGetLargestEnclosing(machine(mode), reg);
  return name_of(whole == ZYDIS_REGISTER_NONE ? reg : whole);
}

bool is_ud(ZydisMnemonic m) { return m == ZYDIS_MNEMONIC_UD0 || m == ZYDIS_MNEMONIC_UD1 || m == ZYDIS_MNEMONIC_UD2; }

bool is_bit_test(ZydisMnemonic m) {
  return m == ZYDIS_MNEMONIC_BT || m == ZYDIS_MNEMONIC_BTS || m == ZYDIS_MNEMONIC_BTR || m == ZYDIS_MNEMONIC_BTC;
}

// These name memory without touching it.
bool only_names_memory(const ZydisDecodedInstruction& head) {
  const auto c = head.meta.category;
  return c == ZYDIS_CATEGORY_NOP || c == ZYDIS_CATEGORY_WIDENOP || c == ZYDIS_CATEGORY_PREFETCH || is_ud(head.mnemonic);
}

ZydisFormatter make_formatter(bool with_size) {
  ZydisFormatter f;
  ZydisFormatterInit(&f, ZYDIS_FORMATTER_STYLE_INTEL);
  ZydisFormatterSetProperty(&f, ZYDIS_FORMATTER_PROP_FORCE_SIZE, with_size ? ZYAN_TRUE : ZYAN_FALSE);
  ZydisFormatterSetProperty(&f, ZYDIS_FORMATTER_PROP_HEX_UPPERCASE, ZYAN_FALSE);
  for (const auto property : {ZYDIS_FORMATTER_PROP_ADDR_PADDING_ABSOLUTE, ZYDIS_FORMATTER_PROP_ADDR_PADDING_RELATIVE,
                              ZYDIS_FORMATTER_PROP_DISP_PADDING, ZYDIS_FORMATTER_PROP_IMM_PADDING}) {
    ZydisFormatterSetProperty(&f, property, ZYDIS_PADDING_DISABLED);
  }
  return f;
}

// "dec dword ptr [rdi]": nothing else in the text tells the size. Calls, jumps and pushes have but one.
bool needs_size(const Decoded& d) {
  const auto c = d.head.meta.category;
  if (c == ZYDIS_CATEGORY_CALL || c == ZYDIS_CATEGORY_UNCOND_BR || c == ZYDIS_CATEGORY_PUSH) return false;
  return std::ranges::none_of(d.visible(), [](const auto& op) { return op.type == ZYDIS_OPERAND_TYPE_REGISTER; });
}

std::string format(const Decoded& d, std::optional<std::uint64_t> address) {
  static const ZydisFormatter plain = make_formatter(false);
  static const ZydisFormatter sized = make_formatter(true);
  std::array<char, 256> buffer{};
  const auto status = ZydisFormatterFormatInstruction(needs_size(d) ? &sized : &plain, &d.head, d.operands.data(),
                                                      d.head.operand_count_visible, buffer.data(), buffer.size(),
                                                      address.value_or(ZYDIS_RUNTIME_ADDRESS_NONE), nullptr);
  return ZYAN_SUCCESS(status) ? std::string(buffer.data()) : std::string();
}

std::uint64_t cut(std::uint64_t value, Mode mode) { return mode == Mode::bits64 ? value : value & 0xffffffffU; }

std::optional<std::uint64_t> direct_target(const Decoded& d, Mode mode, std::optional<std::uint64_t> address) {
  if (!address || d.head.operand_count == 0) return std::nullopt;
  const auto& first = d.operands[0];
  if (first.type != ZYDIS_OPERAND_TYPE_IMMEDIATE || !first.imm.is_relative) return std::nullopt;
  return cut(*address + d.head.length + first.imm.value.u, mode);
}

MemoryOperand memory_operand(const Decoded& d, const ZydisDecodedOperand& op) {
  MemoryOperand m;
  const auto segment = op.mem.segment;
  if (segment == ZYDIS_REGISTER_FS || segment == ZYDIS_REGISTER_GS) m.segment = name_of(segment);
  m.base = name_of(op.mem.base);
  m.index = name_of(op.mem.index);
  m.scale = op.mem.index == ZYDIS_REGISTER_NONE ? 1 : op.mem.scale;
  m.displacement = op.mem.disp.has_displacement ? op.mem.disp.value : 0;
  m.size = op.size / 8U;
  m.read = (op.actions & ZYDIS_OPERAND_ACTION_MASK_READ) != 0;
  m.written = (op.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0;
  m.stack = op.visibility == ZYDIS_OPERAND_VISIBILITY_HIDDEN && segment == ZYDIS_REGISTER_SS;
  if (m.stack && m.written) m.displacement -= m.size;  // pushing moves the stack pointer down first
  if (is_bit_test(d.head.mnemonic) && d.operands[1].type == ZYDIS_OPERAND_TYPE_REGISTER) {
    m.bit_offset = name_of(d.operands[1].reg.value);
  }
  return m;
}

void add_memory(const Decoded& d, Instruction& out) {
  if (only_names_memory(d.head)) return;
  for (const auto& op : d.all()) {
    if (op.type != ZYDIS_OPERAND_TYPE_MEMORY || op.mem.type != ZYDIS_MEMOP_TYPE_MEM) continue;
    auto m = memory_operand(d, op);
    if (m.read || m.written) out.memory.push_back(std::move(m));
  }
}

void add_registers(const Decoded& d, Mode mode, Instruction& out) {
  for (const auto& op : d.visible()) {
    if (op.type != ZYDIS_OPERAND_TYPE_REGISTER) continue;
    out.registers.push_back({name_of(op.reg.value), whole_name(op.reg.value, mode), op.size,
                             (op.actions & ZYDIS_OPERAND_ACTION_MASK_READ) != 0,
                             (op.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0});
  }
}

void classify(const Decoded& d, Instruction& out) {
  const auto category = d.head.meta.category;
  const auto mnemonic = d.head.mnemonic;
  out.call = category == ZYDIS_CATEGORY_CALL;
  out.ret = mnemonic == ZYDIS_MNEMONIC_RET;
  out.jump = category == ZYDIS_CATEGORY_UNCOND_BR;
  out.branch = category == ZYDIS_CATEGORY_COND_BR;
  out.undefined = is_ud(mnemonic);
  out.string = category == ZYDIS_CATEGORY_STRINGOP || category == ZYDIS_CATEGORY_IOSTRINGOP;
  out.division = mnemonic == ZYDIS_MNEMONIC_DIV || mnemonic == ZYDIS_MNEMONIC_IDIV;
  out.privileged = (d.head.attributes & ZYDIS_ATTRIB_IS_PRIVILEGED) != 0;
}

// A 32-bit address in 64-bit code: [eax].
bool is_narrow(std::string_view name, Mode mode) { return mode == Mode::bits64 && whole_register(name, mode) != name; }

// The value of a register that takes part in an address, at the width the address uses.
std::optional<std::uint64_t> read_register(std::string_view name, Mode mode, const RegisterValues& values) {
  const auto whole = whole_register(name, mode);
  if (name.size() == 2 && whole != name) return std::nullopt;  // 16-bit addressing: no kernel code has it
  auto value = values(whole);
  if (value && is_narrow(name, mode)) *value &= 0xffffffffU;
  return value;
}

// bt and its kin reach beyond the operand: bit 100 of a 32-bit operand lies in the fourth word.
std::optional<std::uint64_t> bit_distance(const MemoryOperand& m, Mode mode, const RegisterValues& values) {
  const auto value = values(whole_register(m.bit_offset, mode));
  if (!value || m.size == 0) return std::nullopt;
  const int unused = 64 - static_cast<int>(m.size) * 8;
  if (unused < 0) return std::nullopt;
  const auto bit = static_cast<std::int64_t>(*value << unused) >> unused;
  const auto width = static_cast<std::int64_t>(m.size) * 8;
  const auto words = bit >= 0 ? bit / width : -((-(bit + 1)) / width) - 1;
  return static_cast<std::uint64_t>(words) * m.size;
}

}  // namespace

std::expected<Instruction, Undecoded> decode(std::span<const std::uint8_t> bytes, Mode mode,
                                             std::optional<std::uint64_t> address) {
  const auto raw = decode_raw(bytes, mode);
  if (!raw) return std::unexpected(raw.error());
  Instruction out;
  out.text = format(*raw, address);
  const char* mnemonic = ZydisMnemonicGetString(raw->head.mnemonic);
  out.mnemonic = mnemonic ? mnemonic : "";
  out.length = raw->head.length;
  classify(*raw, out);
  out.target = direct_target(*raw, mode, address);
  add_memory(*raw, out);
  add_registers(*raw, mode, out);
  return out;
}

std::string whole_register(std::string_view name, Mode mode) {
  struct Family {
    std::string_view letters;  // of the 16-bit name
    std::string_view low, high;
  };
  static constexpr std::array<Family, 8> kFamilies{{{"ax", "al", "ah"},
                                                    {"bx", "bl", "bh"},
                                                    {"cx", "cl", "ch"},
                                                    {"dx", "dl", "dh"},
                                                    {"si", "sil", ""},
                                                    {"di", "dil", ""},
                                                    {"bp", "bpl", ""},
                                                    {"sp", "spl", ""}}};
  const char wide = mode == Mode::bits64 ? 'r' : 'e';
  const auto core = name.size() == 3 && (name[0] == 'r' || name[0] == 'e') ? name.substr(1) : name;
  for (const auto& f : kFamilies) {
    if (core == f.letters || (!name.empty() && (name == f.low || name == f.high))) {
      return std::string(1, wide) + std::string(f.letters);
    }
  }
  if (core == "ip") return std::string(1, wide) + "ip";
  if (name.size() > 1 && name[0] == 'r' && is_digit(name[1])) {
    while (!is_digit(name.back())) name.remove_suffix(1);  // r8d, r8w, r8b
  }
  return std::string(name);
}

std::optional<std::uint64_t> effective_address(const MemoryOperand& operand, Mode mode, const RegisterValues& values,
                                               std::optional<std::uint64_t> next) {
  auto address = static_cast<std::uint64_t>(operand.displacement);
  if (!operand.segment.empty()) {
    const auto start = mode == Mode::bits64 ? values(operand.segment) : std::nullopt;  // 32-bit: only a selector
    if (!start) return std::nullopt;
    address += *start;
  }
  if (!operand.base.empty()) {
    const auto base = whole_register(operand.base, mode) == (mode == Mode::bits64 ? "rip" : "eip")
                          ? next
                          : read_register(operand.base, mode, values);
    if (!base) return std::nullopt;
    address += *base;
  }
  if (!operand.index.empty()) {
    const auto index = read_register(operand.index, mode, values);
    if (!index) return std::nullopt;
    address += *index * operand.scale;
  }
  if (!operand.bit_offset.empty()) {
    const auto distance = bit_distance(operand, mode, values);
    if (!distance) return std::nullopt;
    address += *distance;
  }
  return is_narrow(operand.base, mode) || is_narrow(operand.index, mode) ? address & 0xffffffffU : cut(address, mode);
}

std::expected<std::vector<CallBefore>, Undecoded> calls_before(std::span<const std::uint8_t> before, Mode mode,
                                                               std::uint64_t return_address) {
  std::vector<CallBefore> found;
  for (std::size_t length = 2; length <= std::min(before.size(), kLongest); ++length) {
    const auto start = cut(return_address - length, mode);
    const auto one = decode(before.last(length), mode, start);
    if (!one && one.error() == Undecoded::not_built_in) return std::unexpected(one.error());
    if (one && one->call && one->length == length) found.push_back({length, one->text, one->target});
  }
  return found;
}

}  // namespace diag::x86
