#include "kernel/fault_pointer.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace diag::kernel {
namespace {

std::string poison_name(std::uint64_t pointer, int bits, Era era) {
  const auto p = find_poison(pointer, bits, era);
  return p ? std::string(p->fault_class) + " " + std::string(p->name) : "";
}

TEST(Poison, ByEra) {
  struct {
    std::uint64_t pointer;
    int bits;
    Era era;
    std::string_view expected;
  } const cases[] = {
      // list_del: EL4 and EL5 leave it within user space, later kernels in the hole between the halves
      {0x00100100, 64, Era::el5, "poison_list LIST_POISON1"},
      {0x00200200, 64, Era::el5, "poison_list LIST_POISON2"},
      {0x00100100, 32, Era::el4, "poison_list LIST_POISON1"},
      {0x00100100, 32, Era::el6, "poison_list LIST_POISON1"},
      {0x00100100, 64, Era::el6, ""},
      {0x00100100, 64, Era::el8, ""},
      {0xdead000000100100, 64, Era::el5, ""},
      {0xdead000000100100, 64, Era::el6, "poison_list LIST_POISON1"},
      {0xdead000000200200, 64, Era::el6, "poison_list LIST_POISON2"},
      {0xdead000000200200, 64, Era::el7, "poison_list LIST_POISON2"},
      {0xdead000000100100, 64, Era::el8, ""},
      {0xdead000000000100, 64, Era::el6, ""},
      {0xdead000000000100, 64, Era::el7, "poison_list LIST_POISON1"},
      {0xdead000000000100, 64, Era::el8, "poison_list LIST_POISON1"},
      {0xdead000000000200, 64, Era::el8, "poison_list LIST_POISON2"},
      {0xdead000000000122, 64, Era::el9, "poison_list LIST_POISON2"},
      {0xdead000000000100, 64, Era::unknown, "poison_list LIST_POISON1"},
      {0x00100100, 64, Era::unknown, "poison_list LIST_POISON1"},
      // a member of the object, before or behind
      {0x00100108, 64, Era::el5, "poison_list LIST_POISON1"},
      {0x001000e0, 64, Era::el5, "poison_list LIST_POISON1"},
      {0xdead000000000108, 64, Era::el8, "poison_list LIST_POISON1"},
      {0x00101100, 64, Era::el5, ""},
      {0xdead000000001100, 64, Era::el8, ""},
      // patterns
      {0x6b6b6b6b6b6b6b6b, 64, Era::el5, "poison_free POISON_FREE"},
      {0x6b6b6b6b6b6b6b7b, 64, Era::el8, "poison_free POISON_FREE"},
      {0x6b6b6b6b, 32, Era::el5, "poison_free POISON_FREE"},
      {0x6b6b6b6b, 64, Era::el5, ""},
      {0x6b6b6b6b00000000, 64, Era::el5, ""},
      {0x5a5a5a5a5a5a5a5a, 64, Era::el6, "poison_slab POISON_INUSE"},
      {0x5b5b5b5b5b5b5b5b, 64, Era::el5, "poison_free JBD_POISON_FREE"},
      {0xa7a7a7a7a7a7a7a7, 64, Era::el7, "poison_free POOL_POISON_FREED"},
      {0xaaaaaaaaaaaaaaaa, 64, Era::el7, "poison_page PAGE_POISON"},
      {0xaaaaaaaaaaaaaaaa, 64, Era::el5, ""},
      // others
      {0x74737461, 64, Era::el6, "poison_timer TIMER_ENTRY_STATIC"},
      {0x74737461, 64, Era::el5, ""},
      {0x74737462, 64, Era::el6, ""},
      {0xdead000000000300, 64, Era::el8, "poison_timer TIMER_ENTRY_STATIC"},
      {0x57ac6e9d, 64, Era::el6, "poison_stack_end STACK_END_MAGIC"},
      {0x57ac6e9d, 64, Era::el5, ""},
      {0, 64, Era::unknown, ""},
      {0xffff810001001000, 64, Era::el5, ""},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(poison_name(c.pointer, c.bits, c.era), c.expected) << std::hex << c.pointer << " era " << int(c.era);
  }
}

TEST(Poison, NearestMark) {
  EXPECT_EQ(find_poison(0xdead000000000201, 64, Era::el8)->value, 0xdead000000000200);
  EXPECT_EQ(find_poison(0xdead000000000120, 64, Era::el9)->name, "LIST_POISON2");
}

TEST(Era, OfDistribution) {
  EXPECT_EQ(era_of("el5"), Era::el5);
  EXPECT_EQ(era_of("el9"), Era::el9);
  for (const auto name : {"", "el", "el3", "el10", "fc18", "uek"}) EXPECT_EQ(era_of(name), Era::unknown) << name;
}

TEST(ErrorNumber, Values) {
  EXPECT_EQ(error_number(static_cast<std::uint64_t>(-2), 64), 2U);
  EXPECT_EQ(error_number(static_cast<std::uint64_t>(-4095), 64), 4095U);
  EXPECT_EQ(error_number(static_cast<std::uint64_t>(-4096), 64), std::nullopt);
  EXPECT_EQ(error_number(0, 64), std::nullopt);
  EXPECT_EQ(error_number(0xfffffff4, 32), 12U);
  EXPECT_EQ(error_number(0xfffffff4, 64), std::nullopt);
  EXPECT_EQ(error_number(0x12345678fffffff4, 32), std::nullopt);
  EXPECT_EQ(error_number(static_cast<std::uint64_t>(-2), 0), std::nullopt);
}

TEST(ErrorNumber, Names) {
#define ROW(name) {name, #name}
  struct {
    int number;
    std::string_view name;
  } const rows[] = {ROW(EPERM),     ROW(ENOENT), ROW(EIO),       ROW(ENOMEM),    ROW(EFAULT),     ROW(EBUSY),
                    ROW(EINVAL),    ROW(ERANGE), ROW(EDEADLK),   ROW(ENOSYS),    ROW(ELOOP),      ROW(ENOMSG),
                    ROW(ETIME),     ROW(EPROTO), ROW(EOVERFLOW), ROW(EILSEQ),    ROW(EOPNOTSUPP), ROW(ENOBUFS),
                    ROW(ETIMEDOUT), ROW(ESTALE), ROW(EDQUOT),    ROW(ECANCELED), ROW(ENOKEY),     ROW(EHWPOISON)};
#undef ROW
  for (const auto& row : rows) EXPECT_EQ(error_name(static_cast<unsigned>(row.number)), row.name);
  EXPECT_EQ(error_name(512), "ERESTARTSYS");
  EXPECT_EQ(error_name(524), "ENOTSUPP");
  for (const auto number : {0U, 41U, 134U, 511U, 518U, 529U, 4095U}) EXPECT_EQ(error_name(number), "") << number;
}

TEST(PointerText, Values) {
  struct {
    std::uint64_t pointer;
    int bits;
    std::string_view expected;  // empty: none
  } const cases[] = {
      {0x6164732f7665642f, 64, "/dev/sda"},
      {0x0000656d616e7274, 64, "trname"},
      {0x0000555555557535, 64, ""},  // a program's address
      {0x000000656d616e74, 64, ""},  // too short to be sure
      {0x6164732f7665642f, 32, "/dev"},
      {0x65646f6e, 32, "node"},
      {0x08048000, 32, ""},
      {0xffff810100000000, 64, ""},
      {0x4141414141414141, 64, ""},  // a filling, no text
      {0x7f2041414141412f, 64, ""},
      {0, 64, ""},
  };
  for (const auto& c : cases)
    EXPECT_EQ(pointer_text(c.pointer, c.bits).value_or(""), c.expected) << std::hex << c.pointer;
}

TEST(Show, Digits) {
  EXPECT_EQ(show(0, 64), "0x0");
  EXPECT_EQ(show(0x10, 32), "0x10");
  EXPECT_EQ(show(0x1000, 64), "0x0000000000001000");
  EXPECT_EQ(show(0xc0123456, 32), "0xc0123456");
}

}  // namespace
}  // namespace diag::kernel
