#include "config/network_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace diag {
namespace {

TEST(NetworkConfig, ReadsIfcfg) {
  const auto bridge = parse_ifcfg(*ConfigText::of("# comment\nDEVICE=\"br0\"\nTYPE=Bridge\nONBOOT=yes\n"), "ifcfg-br0");
  ASSERT_TRUE(bridge);
  EXPECT_EQ(bridge->device, "br0");
  EXPECT_EQ(bridge->type, "bridge");
  EXPECT_EQ(bridge->first_line, 2u);
  const auto port = parse_ifcfg(*ConfigText::of("BRIDGE='br0'\n"), "sos/etc/sysconfig/network-scripts/ifcfg-eth0");
  ASSERT_TRUE(port);
  EXPECT_EQ(port->device, "eth0");
  EXPECT_EQ(port->bridge, "br0");
  EXPECT_FALSE(parse_ifcfg(*ConfigText::of("TYPE=Bridge\n"), "something"));
}

TEST(NetworkConfig, ReadsBrctl) {
  const auto bridges =
      parse_brctl(*ConfigText::of("bridge name\tbridge id\t\tSTP "
                                  "enabled\tinterfaces\nbr0\t\t8000."
                                  "0015c5f0b1a2\tno\t\teth0\n\t\t\t\t\t\t\tvnet0\nvirbr0\t\t8000.000000000000\tyes\n"));
  ASSERT_EQ(bridges.size(), 2u);
  EXPECT_EQ(bridges[0].device, "br0");
  EXPECT_THAT(bridges[0].ports, testing::ElementsAre("eth0", "vnet0"));
  EXPECT_EQ(bridges[0].last_line, 3u);
  EXPECT_TRUE(bridges[1].ports.empty());
  EXPECT_TRUE(
      parse_brctl(*ConfigText::of("bridge name\tbridge id\nbridge nonsense can't get info Operation not supported\n"))
          .empty());
}

}  // namespace
}  // namespace diag
