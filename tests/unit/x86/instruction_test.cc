#include "x86/instruction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <sstream>

#include "base/text.h"

namespace diag::x86 {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr auto k64 = Mode::bits64;
constexpr auto k32 = Mode::bits32;
constexpr std::uint64_t kAt = 0xffffffff80001000;

std::vector<std::uint8_t> bytes_of(std::string_view hex) {
  std::vector<std::uint8_t> out;
  std::istringstream in{std::string(hex)};
  for (std::string word; in >> word;) out.push_back(static_cast<std::uint8_t>(*parse_hex(word)));
  return out;
}

Instruction decoded(std::string_view hex, Mode mode, std::optional<std::uint64_t> address = std::nullopt) {
  const auto bytes = bytes_of(hex);
  auto result = decode(bytes, mode, address);
  EXPECT_TRUE(result) << hex;
  return result ? *result : Instruction{};
}

// What the memory operands are, in a line: "r [rdi+0x10] 8".
std::string describe(const MemoryOperand& m) {
  std::ostringstream out;
  out << (m.read ? "r" : "") << (m.written ? "w" : "") << (m.stack ? "s" : "") << " ";
  if (!m.segment.empty()) out << m.segment << ":";
  out << "[" << m.base;
  if (!m.index.empty()) out << "+" << m.index << "*" << m.scale;
  if (m.displacement < 0) out << "-0x" << std::hex << -m.displacement;
  if (m.displacement > 0) out << "+0x" << std::hex << m.displacement;
  out << "]" << (m.bit_offset.empty() ? "" : "#" + m.bit_offset) << " " << std::dec << m.size;
  return out.str();
}

std::string describe(const Instruction& i) {
  std::string out;
  for (const auto& m : i.memory) out += (out.empty() ? "" : ", ") + describe(m);
  return out;
}

struct Encoding {
  Mode mode;
  std::string_view hex, text, memory;
};

// The encodings were checked against objdump -M intel.
constexpr Encoding kEncodings[] = {
    // moves
    {k64, "48 8b 47 10", "mov rax, [rdi+0x10]", "r [rdi+0x10] 8"},
    {k64, "4c 8b 67 30", "mov r12, [rdi+0x30]", "r [rdi+0x30] 8"},
    {k64, "8b 87 88 00 00 00", "mov eax, [rdi+0x88]", "r [rdi+0x88] 4"},
    {k64, "48 89 51 08", "mov [rcx+0x8], rdx", "w [rcx+0x8] 8"},
    {k64, "c7 00 01 00 00 00", "mov dword ptr [rax], 0x1", "w [rax] 4"},
    {k64, "48 8b 44 c2 f8", "mov rax, [rdx+rax*8-0x8]", "r [rdx+rax*8-0x8] 8"},
    {k64, "48 8b 05 01 02 03 00", "mov rax, [rip+0x30201]", "r [rip+0x30201] 8"},
    {k64, "65 48 8b 04 25 28 00 00 00", "mov rax, gs:[0x28]", "r gs:[+0x28] 8"},
    {k64, "8b 04 85 00 00 00 80", "mov eax, [rax*4-0x80000000]", "r [+rax*4-0x80000000] 4"},
    {k64, "67 8b 03", "mov eax, [ebx]", "r [ebx] 4"},
    {k64, "0f b6 47 ff", "movzx eax, byte ptr [rdi-0x1]", "r [rdi-0x1] 1"},
    {k64, "48 89 fd", "mov rbp, rdi", ""},
    {k64, "48 8d 44 24 10", "lea rax, [rsp+0x10]", ""},
    {k64, "0f 1f 44 00 00", "nop [rax+rax*1], eax", ""},
    {k64, "0f 18 08", "prefetcht0 byte ptr [rax]", ""},
    {k32, "8b 43 f0", "mov eax, [ebx-0x10]", "r [ebx-0x10] 4"},
    {k32, "89 11", "mov [ecx], edx", "w [ecx] 4"},
    {k32, "8b 15 44 33 22 c1", "mov edx, [0xc1223344]", "r [-0x3eddccbc] 4"},
    {k32, "40", "inc eax", ""},
    // read, changed and written back
    {k64, "f0 ff 0f", "lock dec dword ptr [rdi]", "rw [rdi] 4"},
    {k64, "48 01 50 08", "add [rax+0x8], rdx", "rw [rax+0x8] 8"},
    {k64, "f6 80 84 00 00 00 01", "test byte ptr [rax+0x84], 0x1", "r [rax+0x84] 1"},
    {k64, "f0 49 0f ab 01", "lock bts [r9], rax", "rw [r9]#rax 8"},
    {k64, "0f ba 20 05", "bt dword ptr [rax], 0x5", "r [rax] 4"},
    {k64, "f0 48 0f b1 0a", "lock cmpxchg [rdx], rcx", "rw [rdx] 8"},
    // the stack
    {k64, "55", "push rbp", "ws [rsp-0x8] 8"},
    {k64, "5d", "pop rbp", "rs [rsp] 8"},
    {k64, "ff 30", "push [rax]", "r [rax] 8, ws [rsp-0x8] 8"},
    {k64, "c9", "leave", "rs [rbp] 8"},
    {k64, "c3", "ret", "rs [rsp] 8"},
    {k64, "c2 08 00", "ret 0x8", "rs [rsp] 8"},
    {k32, "c3", "ret", "rs [esp] 4"},
    {k32, "55", "push ebp", "ws [esp-0x4] 4"},
    // calls and jumps
    {k64, "e8 fb ff ff ff", "call 0xffffffff80001000", "ws [rsp-0x8] 8"},
    {k64, "ff d0", "call rax", "ws [rsp-0x8] 8"},
    {k64, "41 ff d4", "call r12", "ws [rsp-0x8] 8"},
    {k64, "ff 50 18", "call [rax+0x18]", "r [rax+0x18] 8, ws [rsp-0x8] 8"},
    {k64, "ff 14 c5 80 a0 2f 80", "call [rax*8-0x7fd05f80]", "r [+rax*8-0x7fd05f80] 8, ws [rsp-0x8] 8"},
    {k64, "ff e0", "jmp rax", ""},
    {k64, "eb fe", "jmp 0xffffffff80001000", ""},
    {k64, "74 09", "jz 0xffffffff8000100b", ""},
    // strings
    {k64, "f3 48 a5", "rep movsq", "w [rdi] 8, r [rsi] 8"},
    {k64, "f3 a4", "rep movsb", "w [rdi] 1, r [rsi] 1"},
    {k64, "f3 48 ab", "rep stosq", "w [rdi] 8"},
    {k64, "f2 ae", "repne scasb", "r [rdi] 1"},
    {k32, "f3 a5", "rep movsd", "w [edi] 4, r [esi] 4"},
    {k32, "ac", "lodsb", "r [esi] 1"},
    // traps and the rest
    {k64, "0f 0b", "ud2", ""},
    {k64, "f7 f1", "div ecx", ""},
    {k64, "48 f7 7b 10", "idiv qword ptr [rbx+0x10]", "r [rbx+0x10] 8"},
    {k64, "0f 30", "wrmsr", ""},
    {k64, "0f 22 d8", "mov cr3, rax", ""},
    {k64, "f3 90", "pause", ""},
    {k64, "fa", "cli", ""},
};

TEST(Decode, KnownEncodings) {
  for (const auto& e : kEncodings) {
    const bool relative = e.text.find("0xffffffff8000") != std::string_view::npos;
    const auto i = decoded(e.hex, e.mode, relative ? std::optional(kAt) : std::nullopt);
    EXPECT_EQ(i.text, e.text) << e.hex;
    EXPECT_EQ(describe(i), e.memory) << e.hex;
    EXPECT_EQ(i.length, bytes_of(e.hex).size()) << e.hex;
    const auto first = e.text.substr(0, e.text.find(' '));
    if (!first.starts_with("rep") && first != "lock") {
      EXPECT_EQ(i.mnemonic, first);
    }
  }
}

TEST(Decode, LengthStopsAtTheInstruction) {
  EXPECT_EQ(decoded("c3 41 56 41 55 41 54 55 48 89 fd", k64).length, 1U);
  EXPECT_EQ(decoded("f0 ff 0f c3 c3", k64).mnemonic, "dec");
}

TEST(Decode, Flags) {
  struct {
    std::string_view hex;
    bool Instruction::* flag;
  } const hits[] = {
      {"e8 00 00 00 00", &Instruction::call},
      {"ff d0", &Instruction::call},
      {"c3", &Instruction::ret},
      {"c2 08 00", &Instruction::ret},
      {"ff e0", &Instruction::jump},
      {"e9 00 00 00 00", &Instruction::jump},
      {"74 09", &Instruction::branch},
      {"0f 0b", &Instruction::undefined},
      {"f3 48 a5", &Instruction::string},
      {"f2 ae", &Instruction::string},
      {"f7 f1", &Instruction::division},
      {"48 f7 f9", &Instruction::division},
      {"0f 30", &Instruction::privileged},
      {"0f 22 d8", &Instruction::privileged},
  };
  constexpr bool Instruction::* kAll[] = {&Instruction::call,    &Instruction::ret,       &Instruction::jump,
                                          &Instruction::branch,  &Instruction::undefined, &Instruction::string,
                                          &Instruction::division};
  for (const auto& hit : hits) {
    const auto i = decoded(hit.hex, k64);
    for (const auto flag : kAll) EXPECT_EQ(i.*flag, flag == hit.flag) << hit.hex << " " << i.text;
    EXPECT_EQ(i.privileged, hit.flag == &Instruction::privileged) << hit.hex;
  }
}

TEST(Decode, ReturnFromInterruptIsNoReturn) { EXPECT_FALSE(decoded("48 cf", k64).ret); }

TEST(Decode, Target) {
  EXPECT_EQ(decoded("e8 fb ff ff ff", k64, kAt).target, kAt);
  EXPECT_EQ(decoded("74 09", k64, kAt).target, kAt + 11);
  EXPECT_EQ(decoded("e8 00 00 00 40", k32, 0xc0400000).target, 0x400005U);  // wraps in 32 bits
  EXPECT_EQ(decoded("e8 fb ff ff ff", k64).target, std::nullopt);
  EXPECT_EQ(decoded("ff d0", k64, kAt).target, std::nullopt);
  EXPECT_EQ(decoded("48 c7 c0 01 00 00 00", k64, kAt).target, std::nullopt);
}

TEST(Decode, Registers) {
  const auto div = decoded("f6 f1", k64);  // div cl
  ASSERT_THAT(div.registers, SizeIs(1));
  EXPECT_EQ(div.registers[0].name, "cl");
  EXPECT_EQ(div.registers[0].whole, "rcx");
  EXPECT_EQ(div.registers[0].bits, 8U);
  EXPECT_TRUE(div.registers[0].read);
  EXPECT_FALSE(div.registers[0].written);
  const auto narrow = decoded("f7 f1", k32);
  ASSERT_THAT(narrow.registers, SizeIs(1));
  EXPECT_EQ(narrow.registers[0].whole, "ecx");
}

TEST(Decode, NoInstructionAndCutOff) {
  struct {
    Mode mode;
    std::string_view hex;
    Undecoded why;
  } const cases[] = {
      {k64, "", Undecoded::cut_off},
      {k64, "48 8b", Undecoded::cut_off},
      {k64, "e8 00 00", Undecoded::cut_off},
      {k64, "06", Undecoded::no_instruction},  // push es: gone in 64-bit mode
      {k64, "66 66 66 66 66 66 66 66 66 66 66 66 66 66 66 66 66", Undecoded::no_instruction},
  };
  for (const auto& c : cases) {
    const auto bytes = bytes_of(c.hex);
    const auto result = decode(bytes, c.mode);
    ASSERT_FALSE(result) << c.hex;
    EXPECT_EQ(result.error(), c.why) << c.hex;
  }
  EXPECT_EQ(decoded("06", k32).text, "push es");
}

TEST(Decode, RandomBytes) {
  std::mt19937 random(20111030);
  std::size_t known = 0;
  for (int round = 0; round < 40'000; ++round) {
    std::vector<std::uint8_t> bytes(random() % 20);
    for (auto& b : bytes) b = static_cast<std::uint8_t>(random());
    const auto mode = round % 2 ? k64 : k32;
    const auto i = decode(bytes, mode, round % 3 ? std::optional<std::uint64_t>(random()) : std::nullopt);
    if (!i) continue;
    ++known;
    EXPECT_GE(i->length, 1U);
    EXPECT_LE(i->length, bytes.size());
    EXPECT_FALSE(i->text.empty());
    for (const auto& m : i->memory) {
      (void)effective_address(m, mode, [&](std::string_view) { return std::optional<std::uint64_t>(random()); }, 7);
    }
  }
  EXPECT_GT(known, 10'000U);
}

TEST(EffectiveAddress, FromRegisters) {
  const std::map<std::string, std::uint64_t, std::less<>> values = {
      {"rax", 0x10},
      {"rbx", 0xffff810000000000},
      {"rcx", 0xffffffffffffffff},
      {"rdi", 0xdead000000100100},
      {"rdx", 100},
      {"r8", 0x1000},
      {"eax", 0xfffffff8},
      {"ebx", 0x10},
      {"rsp", 0xffff8100},
      {"r9", 0xffffffffffffffc0},
  };
  const auto lookup = [&](std::string_view name) -> std::optional<std::uint64_t> {
    const auto at = values.find(name);
    return at == values.end() ? std::nullopt : std::optional(at->second);
  };
  struct {
    Mode mode;
    std::string_view hex;
    std::optional<std::uint64_t> address;
  } const cases[] = {
      {k64, "48 8b 47 08", 0xdead000000100108},           // [rdi+8]
      {k64, "48 8b 44 c3 f8", 0xffff810000000078},        // [rbx+rax*8-8]
      {k64, "48 8b 01", 0xffffffffffffffff},              // [rcx]
      {k64, "67 8b 01", 0xffffffff},                      // [ecx]
      {k64, "49 8b 00", 0x1000},                          // [r8]
      {k64, "48 8b 05 10 00 00 00", kAt + 7 + 0x10},      // [rip+0x10]
      {k64, "48 8b 06", std::nullopt},                    // [rsi], not printed
      {k64, "65 48 8b 04 25 28 00 00 00", std::nullopt},  // gs: has a base of its own
      {k64, "0f ab 13", 0xffff81000000000c},              // bts [rbx], edx: bit 100 lies in the fourth word
      {k64, "48 0f ab 13", 0xffff810000000008},           // bts [rbx], rdx
      {k64, "4c 0f ab 0b", 0xffff80fffffffff8},           // bts [rbx], r9: bit -64
      {k64, "55", 0xffff80f8},                            // push
      {k32, "8b 04 03", 0x00000008},                      // [ebx+eax] wraps
      {k32, "8b 15 44 33 22 c1", 0xc1223344},
  };
  for (const auto& c : cases) {
    const auto i = decoded(c.hex, c.mode);
    ASSERT_FALSE(i.memory.empty()) << c.hex;
    EXPECT_EQ(effective_address(i.memory[0], c.mode, lookup, kAt + i.length), c.address) << i.text;
  }
}

TEST(WholeRegister, Names) {
  struct {
    Mode mode;
    std::string_view name, whole;
  } const cases[] = {
      {k64, "al", "rax"},  {k64, "ah", "rax"},  {k64, "ax", "rax"}, {k64, "eax", "rax"},   {k64, "rax", "rax"},
      {k64, "sil", "rsi"}, {k64, "r8", "r8"},   {k64, "r8d", "r8"}, {k64, "r15b", "r15"},  {k64, "r10w", "r10"},
      {k64, "eip", "rip"}, {k64, "cr2", "cr2"}, {k64, "gs", "gs"},  {k64, "xmm3", "xmm3"}, {k64, "", ""},
      {k32, "cl", "ecx"},  {k32, "esp", "esp"}, {k32, "bp", "ebp"}, {k32, "es", "es"},
  };
  for (const auto& c : cases) EXPECT_EQ(whole_register(c.name, c.mode), c.whole) << c.name;
}

TEST(CallsBefore, Calls) {
  struct {
    Mode mode;
    std::string_view before;
    std::vector<std::string> texts;
  } const cases[] = {
      {k64, "90 90 e8 f6 ff ff ff", {"call 0xffffffff80000ff6"}},
      {k64, "48 89 df ff d0", {"call rax"}},
      {k64, "48 89 df 41 ff d4", {"call rsp", "call r12"}},  // with and without its prefix
      {k64, "ff 50 18", {"call [rax+0x18]"}},
      {k64, "ff 14 c5 80 a0 2f 80", {"call [rax*8-0x7fd05f80]"}},
      {k64, "ff 15 00 00 00 00", {"call [0xffffffff80001000]"}},
      {k32, "e8 f6 ff ff ff", {"call 0x80000ff6"}},
      {k64, "e9 f6 ff ff ff", {}},     // a jump
      {k64, "48 8b 47 10 85 c0", {}},  // no call at all
      {k64, "e8 f6 ff ff ff 90", {}},  // the call lies before a nop
      {k64, "f6 ff ff ff", {}},        // its first byte is cut off
      {k64, "", {}},
  };
  for (const auto& c : cases) {
    const auto bytes = bytes_of(c.before);
    const auto calls = calls_before(bytes, c.mode, kAt);
    ASSERT_TRUE(calls);
    std::vector<std::string> texts;
    for (const auto& call : *calls) texts.push_back(call.text);
    EXPECT_EQ(texts, c.texts) << c.before;
  }
}

TEST(CallsBefore, TargetAndLength) {
  const auto bytes = bytes_of("00 00 e8 fb ff ff ff");
  const auto calls = calls_before(bytes, k64, kAt);
  ASSERT_TRUE(calls);
  ASSERT_THAT(*calls, SizeIs(1));
  EXPECT_EQ((*calls)[0].target, kAt - 5);
  EXPECT_EQ((*calls)[0].length, 5U);
  const auto indirect = bytes_of("ff d0");
  EXPECT_EQ(calls_before(indirect, k64, kAt)->at(0).target, std::nullopt);
}

}  // namespace
}  // namespace diag::x86
