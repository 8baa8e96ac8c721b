#include "config/host_kernel.h"

#include <gtest/gtest.h>

#include "rule_sets.h"

namespace diag {
namespace {

TEST(HostKernel, TellsTheEraFromTheRelease) {
  const std::tuple<std::string_view, Era, BridgeEra> cases[] = {
      {"2.6.18-274.7.1.el5", Era::el5, BridgeEra::deferring},
      {"2.6.18-164.15.1.el5.centos.plus", Era::el5, BridgeEra::deferring},
      {"2.6.18.8-linode22", Era::other, BridgeEra::deferring},
      {"2.6.32-220.el6.x86_64", Era::el6, BridgeEra::later},
      {"2.6.32-300.3.1.el5uek", Era::other, BridgeEra::later},
      {"3.10.0-1160.el7.x86_64", Era::el7, BridgeEra::later},
      {"4.18.0-477.el8.x86_64", Era::el8, BridgeEra::later},
      {"6.1.0-18-amd64", Era::other, BridgeEra::later},
      {"", Era::unknown, BridgeEra::unknown},
  };
  for (const auto& [release, era, bridge] : cases) {
    EXPECT_EQ(to_string(kernel_of(release).era), to_string(era)) << release;
    EXPECT_EQ(kernel_of(release).bridge(), bridge) << release;
  }
}

TEST(HostKernel, KnowsTheEraWords) {
  EXPECT_EQ(era_of_word("el5"), Era::el5);
  EXPECT_FALSE(era_of_word("el9"));
  EXPECT_FALSE(era_of_word("other"));
}

TEST(HostKernel, GuessesFromTheRulesLast) {
  FirewallHost host;
  host.read({ConfigFormat::Kind::iptables_rules}, ConfigText::of(el5_rules));
  EXPECT_EQ(view_kernel(host, Era::unknown, "").era, Era::el5);
  EXPECT_TRUE(view_kernel(host, Era::unknown, "").guessed);
  EXPECT_EQ(view_kernel(host, Era::el7, "").era, Era::el7);
  EXPECT_EQ(view_kernel(host, Era::unknown, "2.6.32-220.el6.x86_64").era, Era::el6);
  host.read({ConfigFormat::Kind::uname},
            ConfigText::of("Linux h 3.10.0-1160.el7.x86_64 #1 SMP x86_64 x86_64 x86_64 GNU/Linux\n"));
  EXPECT_EQ(view_kernel(host, Era::unknown, "").era, Era::el7);
  EXPECT_EQ(view_kernel(host, Era::unknown, "").arch, "x86_64");
}

}  // namespace
}  // namespace diag
