#include "kernel/mce_status.h"

#include <gtest/gtest.h>

namespace diag::kernel {
namespace {

TEST(MceStatus, ArchitecturalMeaning) {
  struct Case {
    std::uint64_t status;
    std::string_view want;
  };
  const Case cases[] = {
      {0xb200000000000151, "uncorrected, processor context corrupt: instruction cache, level 1, instruction fetch"},
      {0x8c00004000010091, "corrected: memory controller, read error on channel 1"},
      {0xcc0000400001009f, "corrected, earlier errors were overwritten: memory controller, read error"},
      {0xbe00000000800400, "uncorrected, processor context corrupt: internal timer error"},
      {0xb200000010000e0f, "uncorrected, processor context corrupt: bus or interconnect, generic, generic error"},
      {0x9000000000000005, "corrected: internal parity error"},
      {0x9000000000000016, "corrected: data TLB, level 2"},
      {0x900000000000000f, "corrected: cache hierarchy, any level"},
      {0x0000000000000151, ""},  // not valid
  };
  for (const auto& c : cases) EXPECT_EQ(describe_mce_status(c.status), c.want) << std::hex << c.status;
}

}  // namespace
}  // namespace diag::kernel
