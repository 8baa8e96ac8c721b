#include "kernel/kind_table.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "event/vocabulary.h"

namespace diag::kernel {
namespace {

std::string read(std::string_view text, std::string_view open = {}) {
  std::vector<Capture> captures;
  const auto* row = KindTable::instance().find(text, open, captures);
  if (!row) return "none";
  std::string out(row->kind);
  for (const auto& c : captures) out += ' ' + std::string(c.name) + '=' + std::string(c.text);
  return out;
}

TEST(KindTable, FirstLinesByEra) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"Unable to handle kernel NULL pointer dereference at 0000000000000671 RIP: ", "null_deref fault.address=0000000000000671"},
      {"BUG: unable to handle kernel NULL pointer dereference at virtual address 000008b6", "null_deref fault.address=000008b6"},
      {"BUG: kernel NULL pointer dereference, address: 0000000000000018", "null_deref fault.address=0000000000000018"},
      {"BUG: unable to handle kernel paging request at ffff8801deadbeef", "paging_request fault.address=ffff8801deadbeef"},
      {"BUG: unable to handle page fault for address: ef0160c8277b54e5", "paging_request fault.address=ef0160c8277b54e5"},
      {"Oops: 0002 [#1] SMP ", "oops fault.error=0002 oops.number=1"},
      {"Oops: 0002 [1] SMP ", "oops fault.error=0002 oops.number=1"},
      {"general protection fault: 0000 [#2] SMP PTI", "gpf fault.error=0000 oops.number=2"},
      {"Kernel BUG at spinlock:3129", "bug file=spinlock line=3129"},
      {"kernel BUG at net/core/skbuff.c:127!", "bug file=net/core/skbuff.c line=127"},
      {"invalid operand: 0000 [1] SMP ", "invalid_opcode fault.error=0000 oops.number=1"},
      {"WARNING: at net/sched/sch_generic.c:771 icmp_send+0xda/0x1a0() (Tainted: P  ---)",
       "warning file=net/sched/sch_generic.c line=771 function=icmp_send+0xda/0x1a0"},
      {"WARNING: CPU: 3 PID: 17 at lib/list_debug.c:59 __list_del_entry+0xa1/0xd0()",
       "warning cpu=3 task.pid=17 file=lib/list_debug.c line=59 function=__list_del_entry+0xa1/0xd0"},
      {"BUG: warning at kernel/softirq.c:138/local_bh_enable() (Not tainted)", "warning file=kernel/softirq.c line=138 warning.function=local_bh_enable"},
      {"BUG: soft lockup - CPU#10 stuck for 22s! [events/1:4014]", "soft_lockup cpu=10 seconds=22 task.comm=events/1 task.pid=4014"},
      {"NMI watchdog: BUG: soft lockup - CPU#1 stuck for 23s! [kworker/1:2:4567]",
       "soft_lockup cpu=1 seconds=23 task.comm=kworker/1:2 task.pid=4567"},
      {"BUG: soft lockup detected on CPU#0!", "soft_lockup cpu=0"},
      {"NMI Watchdog detected LOCKUP on CPU 63", "hard_lockup cpu=63"},
      {"Watchdog detected hard LOCKUP on cpu 3", "hard_lockup cpu=3"},
      {"INFO: task jbd2/sda2-8:24379 blocked for more than 120 seconds.", "hung_task task.comm=jbd2/sda2-8 task.pid=24379 seconds=120"},
      {"INFO: rcu_sched self-detected stall on CPU { 3}  (t=60000 jiffies)", "rcu_stall rcu.flavor=rcu_sched"},
      {"rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:", "rcu_stall rcu.flavor=rcu_preempt"},
      {"java invoked oom-killer: gfp_mask=0x280da, order=0, oom_adj=0, oom_score_adj=0", "oom task.comm=java gfp_mask=0x280da order=0"},
      {"Out of memory: Kill process 2917 (java) score 894 or sacrifice child", "oom oom.pid=2917 oom.victim=java oom.score=894"},
      {"swapper: page allocation failure. order:1, mode:0x20", "page_alloc_failure task.comm=swapper order=1 mode=0x20"},
      {"EXT3-fs error (device dm-0): ext3_lookup: unlinked inode 12 in dir #2",
       "fs_error fs.type=EXT3 device=dm-0 fs.function=ext3_lookup fs.message=unlinked inode 12 in dir #2"},
      {"EXT4-fs error (device sda1): ext4_lookup:1047: inode #2: comm ls: deleted inode referenced: 12",
       "fs_error fs.type=EXT4 device=sda1 fs.function=ext4_lookup line=1047 fs.message=inode #2: comm ls: deleted inode referenced: 12"},
      {"NETDEV WATCHDOG: eth0 (bnx2): transmit queue 3 timed out", "netdev_watchdog device=eth0 driver=bnx2 netdev.queue=3"},
      {"NETDEV WATCHDOG: eth0: transmit timed out", "netdev_watchdog device=eth0"},
      {"irq 19: nobody cared (try booting with the \"irqpoll\" option)", "irq_nobody_cared irq=19"},
      {"unregister_netdevice: waiting for veth0 to become free. Usage count = 2", "netdev_leak device=veth0 netdev.count=2"},
      {"CPU 1: Machine Check Exception: 0000000000000004 Bank 2: b200000000000151",
       "mce cpu=1 mce.mcg_status=0000000000000004 mce.bank=2 mce.status=b200000000000151"},
      {"Kernel panic - not syncing: stack-protector: Kernel stack is corrupted in: ffffffff8147a1b5",
       "stack_protector stack_protector.address=ffffffff8147a1b5"},
      {"Kernel panic - not syncing: Fatal exception in interrupt", "panic panic.reason=Fatal exception in interrupt"},
      {"list_add corruption. prev->next should be next (ffff8801), but was ffff8802. (prev=ffff8803).",
       "list_corruption list.what=prev->next list.expected=next (ffff8801) list.found=ffff8802."},
      {"LustreError: 5432:0:(niobuf.c:550:ptlrpc_send_reply()) LBUG", "lbug"},
      {"VERIFY3(a == b) failed (1 == 2)", "zfs_panic assertion=3(a == b)"},
      {"BUG: KASAN: use-after-free in tcp_ack+0x12/0x34", "kasan kasan.what=use-after-free function=tcp_ack+0x12/0x34"},
      {"WARNING: possible circular locking dependency detected", "lockdep lockdep.what=circular locking dependency"},
      {"[ INFO: possible recursive locking detected ]", "lockdep lockdep.what=recursive locking"},
      {"BUG: sleeping function called from invalid context at mm/slub.c:4", "atomic_sleep file=mm/slub.c line=4"},
      {"usb 1-1: device descriptor read/64, error -71", "none"},
      {"eth0: link is up", "none"},
      {"WARNING: can't convert coreboot GPIOs", "none"},
      {"EXT3-fs: mounted filesystem with ordered data mode.", "none"},
  };
  for (const auto& [text, want] : cases) EXPECT_EQ(read(text), want) << text;
}

TEST(KindTable, DetailsNeedTheirKindOpen) {
  EXPECT_EQ(read("(t=60002 jiffies g=123)"), "none");
  EXPECT_EQ(read("(t=60002 jiffies g=123)", "rcu_stall"), "rcu_stall jiffies=60002");
}

// Every kind and every capture of the table stands in the vocabulary, with a type that fits.
TEST(KindTable, SpeaksTheVocabulary) {
  for (const auto& row : kind_rows()) {
    if (row.kind.empty()) continue;
    ASSERT_TRUE(find_kind(row.kind)) << row.kind;
    for (std::string_view rest = row.shape; rest.find('{') != rest.npos;) {
      rest.remove_prefix(rest.find('{') + 1);
      const auto inside = rest.substr(0, rest.find('}'));
      if (inside.find(':') == inside.npos) continue;
      const auto name = inside.substr(0, inside.find(':'));
      const char type = inside.back();
      const auto* field = find_field(row.kind, name);
      ASSERT_TRUE(field) << row.kind << " has no field " << name;
      const bool number = type == 'd' || type == 'x';
      EXPECT_EQ(field->type == FieldType::number, number) << row.kind << '.' << name;
      EXPECT_EQ(field->type == FieldType::address, type == 'a') << row.kind << '.' << name;
      EXPECT_EQ(field->type == FieldType::symbol, type == 's') << row.kind << '.' << name;
    }
  }
}

}  // namespace
}  // namespace diag::kernel
