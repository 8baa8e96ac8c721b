#include "diag/address.h"

#include <gtest/gtest.h>

namespace diag {
namespace {

TEST(Addr, ToString) {
  EXPECT_EQ(to_string(Addr{0xffffffff80268427}), "0xffffffff80268427");
  EXPECT_EQ(to_string(Addr{0}), "0x0000000000000000");
  EXPECT_EQ(to_string(Addr{0xc0123456}, 8), "0xc0123456");
  EXPECT_EQ(to_string(Addr{0x10}, 8), "0x00000010");
  EXPECT_EQ(to_string(Addr{0xffffffff80268427}, 8), "0xffffffff80268427");  // never cut
  EXPECT_EQ(to_string(Addr{0x10}, 1), "0x10");
}

TEST(Addr, Canonical) {
  const struct {
    Addr address;
    bool expected;
  } cases[] = {
      {Addr{0}, true},
      {Addr{0x00007fffffffffff}, true},
      {Addr{0x0000800000000000}, false},
      {Addr{0xffff7fffffffffff}, false},
      {Addr{0xffff800000000000}, true},
      {Addr{0xffffffffffffffff}, true},
      {Addr{0x6b6b6b6b6b6b6b6b}, false},  // freed slab
  };
  for (const auto& c : cases) EXPECT_EQ(is_canonical(c.address), c.expected) << to_string(c.address);
}

}  // namespace
}  // namespace diag
