#include "kernel/dump_line.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace diag::kernel {
namespace {

std::string registers(std::string_view text) {
  std::vector<Register> found;
  if (!parse_register_line(text, found)) return "no";
  std::string out;
  for (const auto& r : found) out += fmt::format("{}{}={:x}", out.empty() ? "" : " ", r.name, value(r.value));
  return out;
}

TEST(RegisterLine, Shapes) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"RAX: 0000000000000001 RBX: ffff810107bb7830 RCX: 0000000000000000", "rax=1 rbx=ffff810107bb7830 rcx=0"},
      {"RSP: 0018:ffff810107bb7830  EFLAGS: 00010246", "rsp=ffff810107bb7830 eflags=10246"},
      {"eax: 574ee0ac   ebx: d2edd164   ecx: c1d14df8   edx: d1e1c22d", "eax=574ee0ac ebx=d2edd164 ecx=c1d14df8 edx=d1e1c22d"},
      {"FS:  0000000000000000(0000) GS:ffff8801(0000) knlGS:0000000000000000", "fs=0 gs=ffff8801 knlgs=0"},
      {"CR2: 0000000000000018 CR3: 0000000000201000 CR4: 00000000000006e0", "cr2=18 cr3=201000 cr4=6e0"},
      {"GPR00: 0000000000000001 c00000003ffb3a50 c0000000009a1234 0000000000000003",
       "gpr0=1 gpr1=c00000003ffb3a50 gpr2=c0000000009a1234 gpr3=3"},
      {"x29: ffff00000a1b3c40 x28: 0000000000000000", "x29=ffff00000a1b3c40 x28=0"},
      {"eth0: link up", "no"},
      {"CPU: 1 PID: 2", "no"},
      {"r8169 0000:02:00.0", "no"},
  };
  for (const auto& [text, want] : cases) EXPECT_EQ(registers(text), want) << text;
}

TEST(Words, OneWidthAndNothingElse) {
  std::vector<std::uint64_t> words;
  int digits = 0;
  EXPECT_TRUE(parse_words(" 0001d7000001d600 0001d9000001d800", digits, words));
  EXPECT_EQ(digits, 16);
  EXPECT_EQ(words.size(), 2U);
  EXPECT_EQ(words[0], 0x0001d7000001d600U);
  EXPECT_FALSE(parse_words("3b106bc0 4f1938cb", digits, words)) << "another width";
  EXPECT_FALSE(parse_words("0001d7000001d600 hello", digits, words));
  EXPECT_EQ(words.size(), 2U) << "nothing is kept of a line that is refused";
}

TEST(Code, MarksByEra) {
  const auto el5 = parse_code(" c3 41 56 41 55");
  ASSERT_TRUE(el5);
  EXPECT_EQ(el5->at, 0U);
  EXPECT_FALSE(el5->marked);
  const auto el6 = parse_code("41 56 <0f> 0b c3");
  ASSERT_TRUE(el6);
  EXPECT_EQ(el6->at, 2U);
  EXPECT_TRUE(el6->marked);
  EXPECT_EQ(el6->bytes.size(), 5U);
  const auto arm = parse_code("e1a00000 (e5933000) e3530000");
  ASSERT_TRUE(arm);
  EXPECT_EQ(arm->at, 4U);
  EXPECT_FALSE(parse_code(" Bad RIP value."));
}

}  // namespace
}  // namespace diag::kernel
