#include "kernel/task_line.h"

#include <gtest/gtest.h>

#include "kernel/module_list.h"
#include "kernel/release.h"
#include "kernel/taint.h"

namespace diag::kernel {
namespace {

std::string read(std::string_view text) {
  const auto t = parse_task_line(text);
  if (!t) return "no";
  std::string out;
  if (t->cpu) out += "cpu=" + std::to_string(*t->cpu) + ' ';
  if (t->pid) out += "pid=" + std::to_string(*t->pid) + ' ';
  if (t->comm) out += "comm=" + std::string(*t->comm) + ' ';
  if (t->taint) out += "taint=" + parse_taint(*t->taint, "").flags + ' ';
  if (!t->release.empty()) out += "release=" + std::string(t->release) + ' ';
  return out.empty() ? out : out.substr(0, out.size() - 1);
}

TEST(TaskLine, Shapes) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"Pid: 7152, comm: qemu-kvm Tainted: GF 2.6.9-89.ELsmp", "pid=7152 comm=qemu-kvm taint=GF release=2.6.9-89.ELsmp"},
      {"Pid: 12929, comm: perl [worker] Tainted: P     ---- 2.6.18-164.el5 #1", "pid=12929 comm=perl [worker] taint=P release=2.6.18-164.el5"},
      {"Pid: 4014, comm: events/1 Tainted: G        W  ---------------    2.6.32-92.el6.x86_64 #1 KVM",
       "pid=4014 comm=events/1 taint=GW release=2.6.32-92.el6.x86_64"},
      {"Pid: 3911, comm: qemu-kvm Not tainted 2.6.18-274.el5 #1", "pid=3911 comm=qemu-kvm taint= release=2.6.18-274.el5"},
      {"CPU: 18 PID: 1144 Comm: java Kdump: loaded Not tainted 4.18.0-431.el8.x86_64 #1",
       "cpu=18 pid=1144 comm=java taint= release=4.18.0-431.el8.x86_64"},
      {"CPU: 45 PID: 21150 Comm: httpd Kdump: loaded Tainted: G      D       --------- -  - 5.14.0-431.el9.x86_64 #1",
       "cpu=45 pid=21150 comm=httpd taint=GD release=5.14.0-431.el9.x86_64"},
      {"CPU: 0 UID: 0 PID: 1 Comm: init Not tainted 6.12.0 #1", "cpu=0 pid=1 comm=init taint= release=6.12.0"},
      {"Process qemu-kvm (pid: 3911, threadinfo ffff8101fc74c000, task ffff8101fe4ba100)", "pid=3911 comm=qemu-kvm"},
      {"Process perl [worker] (pid: 28993, ti=f185ec99 task=f1b71c82 task.ti=f147b8fb)", "pid=28993 comm=perl [worker]"},
      {"CPU 48 ", "cpu=48"},
      {"CPU:    18", "cpu=18"},
      {"      Not tainted 3.10.0-957.el7.x86_64 #1", "taint= release=3.10.0-957.el7.x86_64"},
      {"EFLAGS: 00010246   (2.6.18-274.el5 #1) ", "release=2.6.18-274.el5"},
      {"EIP:    0060:[<f80763ab>]    Tainted: G     ---- VLI", "taint=G"},
      {"TASK = c00000003e8b0000[2113] 'modprobe' THREAD: c00000003f5c0000 CPU: 1", "cpu=1 pid=2113 comm=modprobe"},
      {"CPU 3: Machine Check Exception: 4", "no"},
      {"Process accounting resumed", "no"},
  };
  for (const auto& [text, want] : cases) EXPECT_EQ(read(text), want) << text;
}

TEST(Release, DistributionAndArch) {
  struct Case {
    std::string_view release, distribution, arch;
  };
  const Case cases[] = {{"2.6.18-274.7.1.el5", "el5", ""},          {"2.6.18-348.el5xen", "el5", ""},
                        {"2.6.9-89.ELsmp", "el4", ""},              {"2.6.32-642.6.2.el6.x86_64", "el6", "x86_64"},
                        {"3.10.0-1160.el7.i686", "el7", "i386"},    {"4.18.0-477.el8_8.aarch64", "el8", "aarch64"},
                        {"3.8.13-16.2.1.el6uek.x86_64", "uek", "x86_64"}, {"3.10.11-100.fc18.x86_64", "fc18", "x86_64"},
                        {"6.1.0-50-amd64", "", ""}};
  for (const auto& c : cases) {
    EXPECT_EQ(distribution_of(c.release), c.distribution) << c.release;
    EXPECT_EQ(arch_of(c.release), c.arch) << c.release;
  }
}

TEST(Banner, Release) {
  EXPECT_EQ(banner_release("Linux version 2.6.18-274.el5 (mockbuild@builder10.centos.org) (gcc version 4.1.2) #1 SMP"), "2.6.18-274.el5");
  EXPECT_EQ(banner_release("Linux version unknown"), "");
  EXPECT_EQ(banner_release("Arch Linux version 5"), "");
}

TEST(Taint, LettersMeanWhatTheDistributionSays) {
  EXPECT_EQ(parse_taint("G      T", "el5").meanings.at(1), "T: a technology preview is in use");
  EXPECT_EQ(parse_taint("G      T", "").meanings.at(1), "T: the kernel was built with struct randomization");
  EXPECT_EQ(parse_taint("U", "el5").meanings.at(0), "U: an unsigned module was loaded");
  EXPECT_FALSE(parse_taint("G     ----", "el5").tainted);
  EXPECT_FALSE(parse_taint("Not tainted", "el5").tainted);
  auto taint = parse_taint("PF", "el6");
  name_tainting_modules(taint, {{"bridge", ""}, {"nvidia", "PF"}, {"vmw", "U"}});
  EXPECT_EQ(taint.meanings[0], "P: a proprietary module was loaded (nvidia)");
}

TEST(ModuleList, NamesAndMarks) {
  std::vector<KernelModule> modules;
  bool done = false;
  EXPECT_TRUE(parse_module_list(" bridge xfs(U) nvidia(PF)(U) [last unloaded: scsi_wait_scan]", modules, done));
  ASSERT_EQ(modules.size(), 3U);
  EXPECT_EQ(modules[2].name, "nvidia");
  EXPECT_EQ(modules[2].flags, "PFU");
  EXPECT_TRUE(done);
  EXPECT_FALSE(parse_module_list("Pid: 1, comm: x", modules, done));
  EXPECT_EQ(modules.size(), 3U);
}

}  // namespace
}  // namespace diag::kernel
