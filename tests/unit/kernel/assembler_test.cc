#include "kernel/assembler.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "diag/kernel_report.h"
#include "kernel/incident.h"

namespace diag::kernel {
namespace {

struct Input {
  std::string_view text, program = "kernel", host = "", context = "";
  std::optional<double> uptime = {};
};

std::vector<Event> assemble(const std::vector<Input>& lines, std::vector<Skipped>* skipped = nullptr) {
  std::vector<Event> events;
  Assembler assembler([&](Event&& e) { events.push_back(std::move(e)); });
  std::uint64_t number = 0;
  for (const auto& line : lines) {
    Record record;
    record.text = record.raw = line.text;
    record.program = line.program;
    record.host = line.host;
    record.context = line.context;
    record.when.uptime = line.uptime;
    record.at.line = ++number;
    assembler.feed(record);
  }
  assembler.finish();
  if (skipped) *skipped = assembler.take_skipped();
  std::ranges::stable_sort(events, {}, [](const Event& e) { return e.first.line; });
  chain_incidents(events);
  return events;
}

std::vector<Event> assemble(std::string_view text) {
  std::vector<Input> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back({text.substr(0, end)});
    text = end == text.npos ? std::string_view{} : text.substr(end + 1);
  }
  return assemble(lines);
}

std::string kinds(const std::vector<Event>& events) {
  std::string out;
  for (const auto& e : events) out += (out.empty() ? "" : " ") + e.kind + '@' + std::to_string(e.first.line) + '-' + std::to_string(e.last.line);
  return out;
}

constexpr std::string_view el5_oops = R"(Unable to handle kernel NULL pointer dereference at 0000000000000018 RIP: 
 [<ffffffff88665bab>] :ip_tables:ipt_do_table+0x295/0x2fa
PGD 1f5f6067 PUD 1f5f7067 PMD 0 
Oops: 0000 [1] SMP 
last sysfs file: /devices/pci0000:00/0000:00:1e.0/irq
CPU 1 
Modules linked in: tun ip_tables(U) bridge
Pid: 3911, comm: qemu-kvm Tainted: G      2.6.18-274.el5 #1
RIP: 0010:[<ffffffff88665bab>]  [<ffffffff88665bab>] :ip_tables:ipt_do_table+0x295/0x2fa
RSP: 0018:ffff810107bb7830  EFLAGS: 00010246
RAX: 0000000000000000 RBX: ffff810107bb7938 RCX: 0000000000000001
Process qemu-kvm (pid: 3911, threadinfo ffff8101fc74c000, task ffff8101fe4ba100)
Stack:  ffff810107bb7938 0000000000000001 0000000000000000 0000000000000000
 0000000000000000 ffff81020001ea00
Call Trace:
 <IRQ>  [<ffffffff80034077>] nf_iterate+0x41/0x7d
 [<ffffffff886c7816>] :bridge:br_nf_local_out_finish+0x0/0x9b
 <EOI>  [<ffffffff8005d28d>] tracesys+0xd5/0xe0


Code: 48 8b 47 18 48 89 c2 48 c1 e8 03 83 e2 07 48 8d 04 40 48 c1
RIP  [<ffffffff88665bab>] :ip_tables:ipt_do_table+0x295/0x2fa
 RSP <ffff810107bb7830>
CR2: 0000000000000018
 <0>Kernel panic - not syncing: Fatal exception in interrupt)";

TEST(Assembler, AWholeOopsOfEl5) {
  const auto events = assemble(el5_oops);
  ASSERT_EQ(events.size(), 1U) << kinds(events);
  const auto& e = events[0];
  const auto& k = *e.kernel;
  EXPECT_EQ(e.kind, "null_deref");
  EXPECT_EQ(e.first.line, 1U);
  EXPECT_EQ(k.release, "2.6.18-274.el5");
  EXPECT_EQ(k.distribution, "el5");
  EXPECT_EQ(k.arch, "x86_64");
  ASSERT_TRUE(k.function);
  EXPECT_EQ(k.function->symbol, (Symbol{"ipt_do_table", "ip_tables"}));
  EXPECT_EQ(k.function->offset, 0x295U);
  EXPECT_TRUE(k.function_is_ip);
  EXPECT_EQ(k.comm, "qemu-kvm");
  EXPECT_EQ(k.pid, 3911U);
  EXPECT_EQ(k.cpu, 1U);
  EXPECT_EQ(k.frames.size(), 3U);
  EXPECT_EQ(k.frames[0].stack, Stack::irq);
  EXPECT_EQ(k.frames[1].trust, Trust::stale);
  EXPECT_EQ(k.frames[2].stack, Stack::task);
  EXPECT_EQ(k.stack.size(), 6U);
  EXPECT_EQ(k.modules.size(), 3U);
  ASSERT_TRUE(k.code);
  EXPECT_EQ(k.code->bytes.size(), 20U);
  EXPECT_TRUE(k.missing.empty()) << k.missing.front();
  ASSERT_TRUE(e.get<std::string>("panic.reason"));
  EXPECT_EQ(*e.get<std::string>("panic.reason"), "Fatal exception in interrupt");
}

TEST(Assembler, ATraceWithoutFirstLinesSaysWhatItLacks) {
  const auto at = el5_oops.find("Process qemu-kvm");
  const auto events = assemble(el5_oops.substr(at, el5_oops.find("CR2:") - at));
  ASSERT_EQ(events.size(), 1U) << kinds(events);
  EXPECT_EQ(events[0].kind, "oops");
  EXPECT_EQ(events[0].kernel->missing, (List{"header", "kind", "release", "registers"}));
  EXPECT_EQ(events[0].kernel->function->symbol.name, "ipt_do_table");
}

TEST(Assembler, SentencesAndFirstLinesJoin) {
  struct Case {
    std::string_view text, want;
  };
  const Case cases[] = {
      // a sentence before the BUG it explains, and behind the WARNING
      {"list_del corruption. prev->next should be ffff8801, but was ffff8802\n------------[ cut here ]------------\nkernel BUG at lib/list_debug.c:67!\ninvalid opcode: 0000 [#1] SMP",
       "list_corruption@1-4"},
      {"WARNING: at lib/list_debug.c:48 list_del+0x6e/0xa0()\nHardware name: x\nlist_del corruption. prev->next should be ffff8801, but was ffff8802\nPid: 1, comm: a Not tainted 2.6.32-71.el6.x86_64 #1",
       "list_corruption@1-4"},
      {"------------[ cut here ]------------\nkernel BUG at fs/buffer.c:3!\ninvalid opcode: 0000 [#1] SMP ", "bug@2-3"},
      {"BUG: unable to handle kernel paging request at 0000000201a14dc0\nIP: [<ffffffff8117f30c>] ip_rcv+0x26/0x582\nOops: 0000 [#1] SMP ", "paging_request@1-3"},
      // the panic's own dump is an event of its own, in the same incident
      {"BUG: soft lockup - CPU#1 stuck for 22s! [a:1]\nCall Trace:\n [<ffffffff8117f30c>] f+0x26/0x582\nKernel panic - not syncing: softlockup: hung tasks\nPid: 1, comm: a Not tainted 2.6.32-71.el6.x86_64 #1\nCall Trace:\n [<ffffffff8117f30c>] panic+0x26/0x582",
       "soft_lockup@1-4 panic@4-7"},
      {"WARNING: CPU: 0 PID: 1 at a.c:1 f+0x1/0x2\nKernel panic - not syncing: panic_on_warn set ...\nCPU: 0 PID: 1 Comm: a Not tainted 4.18.0-80.el8.x86_64 #1\nCall Trace:\n dump_stack+0x1/0x20\n panic+0x1/0x20",
       "warning@1-6"},
      {"Kernel panic - not syncing: Attempted to kill init!", "panic@1-1"},
      {"unregister_netdevice: waiting for lo to become free. Usage count = 1\nunregister_netdevice: waiting for lo to become free. Usage count = 1",
       "netdev_leak@1-1 netdev_leak@2-2"},
      // driver calls dump_stack()
      {"kmemleak: Cannot insert 0xf6800000 into the object search tree\nCPU: 2 PID: 1 Comm: swapper/0 Not tainted 5.10.234 #1\nCall Trace:\n dump_stack+0x35/0x3b\n create_object+0x1/0x20",
       "warning@2-5"},
      {"SysRq : Show State\nbash          S ffff8801     0  3221      1 0x00000080\nCall Trace:\n [<ffffffff8117f30c>] schedule+0x26/0x582\n [<ffffffff8117f30c>] n_tty_read+0x26/0x582", ""},
  };
  for (const auto& c : cases) EXPECT_EQ(kinds(assemble(c.text)), c.want) << c.text;
}

TEST(Assembler, IncidentsAreChained) {
  const auto events = assemble(
      "BUG: soft lockup - CPU#1 stuck for 22s! [a:1]\nCall Trace:\n [<ffffffff8117f30c>] f+0x26/0x582\n"
      "Kernel panic - not syncing: softlockup: hung tasks\nPid: 1, comm: a Not tainted 2.6.32-71.el6.x86_64 #1\nCall Trace:\n [<ffffffff8117f30c>] panic+0x26/0x582");
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].incident, events[1].incident);
}

TEST(Assembler, UserSpaceStaysSilent) {
  const std::vector<Input> lines = {{"BUG: GdmSignalHandler: Found 1 callbacks", "gdm"},
                                    {"WARNING: at least one daemon died", "monitd"},
                                    {"Call Trace:", "java"},
                                    {" [<ffffffff8117f30c>] f+0x26/0x582", "java"},
                                    {" [<ffffffff8117f30c>] g+0x26/0x582", "java"}};
  EXPECT_EQ(kinds(assemble(lines)), "");
  EXPECT_EQ(kinds(assemble("traps: chrome[123] trap invalid opcode ip:7f91cdf47c1a sp:7fffa44c07f0 error:0 in chrome[7f91cdec2000+178000]")),
            "user.segfault@1-1");
  EXPECT_EQ(kinds(assemble("httpd[4711]: segfault at 0000000000000010 rip 00002b5c rsp 00007fff error 4")), "user.segfault@1-1");
}

TEST(Assembler, HostsAndContextsAreKeptApart) {
  const std::vector<Input> lines = {
      {"BUG: soft lockup - CPU#1 stuck for 22s! [a:1]", "kernel", "one"}, {"BUG: soft lockup - CPU#2 stuck for 22s! [b:2]", "kernel", "two"},
      {"Call Trace:", "kernel", "one"},                                  {"Call Trace:", "kernel", "two"},
      {" [<ffffffff8117f30c>] f+0x26/0x582", "kernel", "one"},           {" [<ffffffff8117f30c>] g+0x26/0x582", "kernel", "two"}};
  const auto events = assemble(lines);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].kernel->function->symbol.name, "f");
  EXPECT_EQ(events[1].kernel->function->symbol.name, "g");
  EXPECT_EQ(events[1].host, "two");
}

TEST(Assembler, ReleaseOfTheHost) {
  const auto events = assemble("Linux version 2.6.18-274.el5 (mockbuild@x) (gcc version 4.1.2) #1 SMP\nINFO: task a:1 blocked for more than 120 seconds.\nCall Trace:\n [<ffffffff8117f30c>] f+0x26/0x582");
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].kind, "host.boot");
  EXPECT_EQ(events[1].kernel->release, "2.6.18-274.el5");
}

TEST(Assembler, FieldsOfTheKinds) {
  struct Case {
    std::string_view text, field, want;
  };
  const Case cases[] = {
      {"INFO: rcu_sched self-detected stall on CPU { 3 5}  (t=60000 jiffies)", "rcu.cpus", "3 5"},
      {"rcu: INFO: rcu_sched detected stalls on CPUs/tasks:\nrcu: \t2-...!: (1 GPs behind) idle=9f9/1/0x4\nrcu: \t(detected by 0, t=60002 jiffies, g=989)", "rcu.cpus", "2"},
      {"CPU 1: Machine Check Exception: 0000000000000004 Bank 2: b200000000000151", "mce.meaning",
       "uncorrected, processor context corrupt: instruction cache, level 1, instruction fetch"},
      {"java invoked oom-killer: gfp_mask=0x280da, order=0, oom_adj=0\nCall Trace:\n [<ffffffff8117f30c>] f+0x26/0x582\nOut of memory: Kill process 2917 (java) score 894 or sacrifice child\n"
       "Killed process 2917, UID 500, (java) total-vm:1234kB, anon-rss:99kB, file-rss:1kB",
       "oom.victim", "java"},
  };
  for (const auto& c : cases) {
    const auto events = assemble(c.text);
    ASSERT_EQ(events.size(), 1U) << kinds(events);
    std::string got;
    if (const auto* text = events[0].get<std::string>(c.field)) got = *text;
    if (const auto* list = events[0].get<List>(c.field)) {
      for (const auto& item : *list) got += (got.empty() ? "" : " ") + item;
    }
    EXPECT_EQ(got, c.want) << c.text;
  }
}

TEST(Assembler, AWarningTailIsSaidNotGuessed) {
  std::vector<Skipped> skipped;
  const auto events = assemble({{"Call Trace:"},
                                {" [<ffffffff81662d11>] dump_stack+0x45/0x56"},
                                {" [<ffffffff810691dd>] warn_slowpath_common+0x7d/0xa0"},
                                {" [<ffffffffa01c435a>] radeon_gart_unbind+0xca/0xe0 [radeon]"},
                                {"---[ end trace 056472c3176dbd80 ]---"}},
                               &skipped);
  EXPECT_TRUE(events.empty()) << kinds(events);
  ASSERT_EQ(skipped.size(), 1U);
  EXPECT_EQ(skipped[0].first_line, 1U);
  EXPECT_EQ(skipped[0].last_line, 5U);
}

TEST(Assembler, ProgramsOnAConsoleDoNotEndAReport) {
  std::vector<Input> lines = {{"BUG: soft lockup - CPU#1 stuck for 22s! [a:1]", "", "", "", 1.0}};
  for (int i = 0; i < 200; ++i) lines.push_back({"executing program", "", "", "", {}});
  lines.push_back({"Call Trace:", "", "", "", 1.1});
  lines.push_back({" [<ffffffff8117f30c>] f+0x26/0x582", "", "", "", 1.1});
  const auto events = assemble(lines);
  ASSERT_EQ(events.size(), 1U) << kinds(events);
  EXPECT_EQ(events[0].kernel->frames.size(), 1U);
}

// Truncation at any byte: never a crash, never another kind than the whole text's or a partial one.
TEST(Assembler, CutAnywhere) {
  for (std::size_t n = 0; n <= el5_oops.size(); ++n) {
    for (const auto& e : assemble(el5_oops.substr(0, n))) EXPECT_TRUE(e.kind == "null_deref" || e.kind == "paging_request") << n << ' ' << e.kind;
    assemble(el5_oops.substr(n));
  }
}

}  // namespace
}  // namespace diag::kernel
