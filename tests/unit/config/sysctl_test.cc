#include "config/sysctl.h"

#include <gtest/gtest.h>

namespace diag {
namespace {

TEST(Sysctl, ReadsNamesInEverySpelling) {
  const std::tuple<std::string_view, std::string_view, std::string_view> cases[] = {
      {"net.ipv4.ip_forward = 1", "net.ipv4.ip_forward", "1"},
      {"net.ipv4.ip_forward=1", "net.ipv4.ip_forward", "1"},
      {"  kernel.sysrq =  0  ", "kernel.sysrq", "0"},
      {"net/bridge/bridge-nf-call-iptables = 0", "net.bridge.bridge-nf-call-iptables", "0"},
      {"net/ipv4/conf/eth0.10/rp_filter = 1", "net.ipv4.conf.eth0/10.rp_filter", "1"},
      {"-net.core.wmem_max = 1", "net.core.wmem_max", "1"},
      {"kernel.core_pattern = |/usr/bin/x %p = %s", "kernel.core_pattern", "|/usr/bin/x %p = %s"},
      {"vm.lowmem_reserve_ratio = 256\t256\t32", "vm.lowmem_reserve_ratio", "256\t256\t32"},
      {"kernel.domainname =", "kernel.domainname", ""},
  };
  for (const auto& [line, name, value] : cases) {
    const auto sysctl = parse_sysctl(*ConfigText::of(line), "x.conf");
    ASSERT_EQ(sysctl.values.size(), 1u) << line;
    EXPECT_EQ(sysctl.values[0].name, name);
    EXPECT_EQ(sysctl.values[0].value, value);
    EXPECT_TRUE(is_sysctl_line(line));
  }
  for (const auto* line : {"", "# net.ipv4.ip_forward = 1", "hello = 1", "net.ipv4.ip_forward", "nets.x = 1",
                           "Oct 14 net.x = 1", "kernel: BUG = 1"}) {
    EXPECT_TRUE(parse_sysctl(*ConfigText::of(line), "x").values.empty()) << line;
    EXPECT_FALSE(is_sysctl_line(line)) << line;
  }
}

TEST(Sysctl, TheLastValueWins) {
  const auto sysctl = parse_sysctl(
      *ConfigText::of("net.ipv4.ip_forward = 0\nkernel.sysrq = 0\nnet/ipv4/ip_forward = 1\n"), "sysctl.conf");
  ASSERT_EQ(sysctl.values.size(), 2u);
  EXPECT_EQ(sysctl.values[0].name, "kernel.sysrq");
  EXPECT_EQ(sysctl.values[1].value, "1");
  EXPECT_EQ(sysctl.values[1].line, 3u);
  EXPECT_EQ(sysctl.values[1].column, 23u);
  EXPECT_EQ(sysctl.values[1].overridden, std::vector<std::uint64_t>{1});
  EXPECT_EQ(sysctl.state, Sysctl::State::configured);
}

TEST(Sysctl, TellsFilesFromARunningKernel) {
  const std::pair<std::string_view, Sysctl::State> cases[] = {
      {"/etc/sysctl.conf", Sysctl::State::configured},
      {"sos.tar.xz:sos/etc/sysctl.d/90-x.conf", Sysctl::State::configured},
      {"sos/sos_commands/kernel/sysctl_-a", Sysctl::State::running},
      {"values.txt", Sysctl::State::unknown},
  };
  for (const auto& [name, state] : cases)
    EXPECT_EQ(parse_sysctl(*ConfigText::of("vm.swappiness = 60\n"), name).state, state) << name;
  EXPECT_TRUE(parse_sysctl(*ConfigText::of("kernel.ostype = Linux\nvm.swappiness = 60\n"), "sysctl_-a").whole);
}

TEST(Sysctl, NamesFilesBelowProc) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"/proc/sys/net/bridge/bridge-nf-call-iptables", "net.bridge.bridge-nf-call-iptables"},
      {"sos.tar:sos/proc/sys/net/ipv4/conf/eth0.10/rp_filter", "net.ipv4.conf.eth0/10.rp_filter"},
      {"proc/sys/kernel/panic", "kernel.panic"},
      {"/proc/sys/", ""},
      {"/proc/cpuinfo", ""},
      {"/myproc/sys/kernel/panic", ""},
  };
  for (const auto& [path, name] : cases) EXPECT_EQ(sysctl_name_of_path(path), name);
  const auto sysctl = parse_sysctl_file(*ConfigText::of("1\n"), "/proc/sys/net/bridge/bridge-nf-call-iptables");
  ASSERT_EQ(sysctl.values.size(), 1u);
  EXPECT_EQ(sysctl.values[0].value, "1");
  EXPECT_EQ(sysctl.state, Sysctl::State::running);
}

}  // namespace
}  // namespace diag
