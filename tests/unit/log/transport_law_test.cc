// The law of this module: the same kernel text gives the same messages, whatever transport it came through.
#include <gtest/gtest.h>

#include "base/text.h"
#include "support/record_list.h"
#include "support/transport.h"

namespace diag::test {
namespace {

constexpr std::string_view el5_oops = R"(Unable to handle kernel NULL pointer dereference at 0000000000000018 RIP: 
 [<ffffffff8864d5a1>] :sample:sample_send_one_packet+0x51/0x1f0
PGD 1f5f6067 PUD 1f5f7067 PMD 0 
Oops: 0002 [1] SMP 
last sysfs file: /devices/pci0000:00/0000:00:00.0/irq
CPU 3 
Modules linked in: sample(U) ipt_REJECT xt_tcpudp iptable_filter ip_tables x_tables bridge autofs4 hidp l2cap bluetooth lockd sunrpc ipv6 xfrm_nalgo crypto_api dm_multipath scsi_dh video backlight sbs
Pid: 4711, comm: qemu-kvm Tainted: G     ---- 2.6.18-348.el5 #1
RIP: 0010:[<ffffffff8864d5a1>]  [<ffffffff8864d5a1>] :sample:sample_send_one_packet+0x51/0x1f0
RSP: 0018:ffff81011fc03d28  EFLAGS: 00010246
RAX: 0000000000000000 RBX: ffff81011a4b2c80 RCX: 0000000000000001
RDX: ffff81011fc03d68 RSI: 0000000000000286 RDI: ffff81011a4b2c80
RBP: ffff81011a4b2c80 R08: 0000000000000000 R09: ffff810107bb7830
R10: 0000000000000000 R11: 00000000000000c8 R12: ffff810118e5a000
R13: 0000000000000003 R14: ffff81011f3b8cc0 R15: 0000000000000000
FS:  0000000000000000(0000) GS:ffff81011fc99640(0000) knlGS:0000000000000000
CS:  0010 DS: 0018 ES: 0018 CR0: 000000008005003b
CR2: 0000000000000018 CR3: 0000000000201000 CR4: 00000000000006e0
Process qemu-kvm (pid: 4711, threadinfo ffff8101fc74c000, task ffff8101fe4ba100)
Stack:  ffff81011a4b2c80 ffffffff80236459 0000000000000000 ffff810118e5a000
 ffff81011fc03d68 ffff81011a4b2c80 0000000000000003 ffff81011f3b8cc0
 0000000000000000 ffffffff8864d900 ffff81011fc03e18 ffffffff80034077
Call Trace:
 <IRQ>  [<ffffffff80236459>] dev_hard_start_xmit+0x1b7/0x28a
 [<ffffffff80034077>] nf_iterate+0x41/0x7d
 [<ffffffff800565d5>] nf_hook_slow+0x58/0xbc
 <#DF>  [<ffffffff8005e2fc>] call_softirq+0x1c/0x28
 <EOI>  [<ffffffff8006d636>] do_softirq+0x2c/0x7d
 [<ffffffff887b951d>] :tun:tun_chr_writev+0x3b4/0x402
 [<ffffffff8005d28d>] tracesys+0xd5/0xe0


Code: 48 89 50 18 48 8b 43 10 48 85 c0 74 0a 48 8b 40 08 ff d0 eb
RIP  [<ffffffff8864d5a1>] :sample:sample_send_one_packet+0x51/0x1f0
 RSP <ffff81011fc03d28>
CR2: 0000000000000018
 <0>Kernel panic - not syncing: Fatal exception)";

constexpr std::string_view el7_oops = R"(BUG: unable to handle kernel paging request at ffffc90001a6e000
IP: [<ffffffffa04e2bdc>] sample_ring_poll_and_refill_buffers+0x2c/0x40 [sample]
PGD 17f44f067 PUD 17f450067 PMD 0 
Oops: 0000 [#1] SMP 
Modules linked in: sample(OE) xt_CHECKSUM iptable_mangle ipt_MASQUERADE nf_nat_masquerade_ipv4 iptable_nat nf_nat_ipv4 nf_nat nf_conntrack_ipv4 nf_defrag_ipv4 xt_conntrack tun bridge stp llc [last unloaded: scsi_wait_scan]
CPU: 2 PID: 25358 Comm: httpd Kdump: loaded Tainted: G           OE  ------------   3.10.0-957.el7.x86_64 #1
Hardware name: Example Incorporated Server Model 1000/Mainboard 17, BIOS 1.0 01/01/2015
task: ffff88007c24c500 ti: ffff88007c3d4000 task.ti: ffff88007c3d4000
RIP: 0010:[<ffffffffa04e2bdc>]  [<ffffffffa04e2bdc>] sample_ring_poll_and_refill_buffers+0x2c/0x40 [sample]
RSP: 0018:ffff88007c3d7d98  EFLAGS: 00010246
RAX: ffffc90001a6e000 RBX: ffff88007b0c2000 RCX: 0000000000000000
FS:  00007f2aa4bfe740(0000) GS:ffff88013fd00000(0000) knlGS:0000000000000000
CS:  0010 DS: 0000 ES: 0000 CR0: 0000000080050033
Call Trace:
 <IRQ> 
 [<ffffffffa04e1c02>] ? sample_interrupt+0x142/0x1a0 [sample]
 [<ffffffff8114a3f4>] handle_irq_event_percpu+0x44/0x1c0
 <EOI> 
 [<ffffffff81247cd8>] do_vfs_ioctl+0x2d8/0x4a0
 [<ffffffff8176ac6b>] system_call_fastpath+0x22/0x27
Code: 00 48 8b 87 c8 00 00 00 48 63 d6 48 8d 04 d0 8b 00 c3 0f 1f 80 00 00 00 00 55 48 89 e5 53 48 89 fb <8b> 00 80 7c 24 0f 00 5b 5d c3 0f 1f 44 00 00 55 48 89 e5 41 54
RIP  [<ffffffffa04e2bdc>] sample_ring_poll_and_refill_buffers+0x2c/0x40 [sample]
 RSP <ffff88007c3d7d98>
CR2: ffffc90001a6e000
---[ end trace 5a1e2c3d4b5f6071 ]---
Kernel panic - not syncing: Fatal exception in interrupt)";

constexpr std::string_view small_events = R"(INFO: task jbd2/dm-0-8:24379 blocked for more than 120 seconds.
      Not tainted 2.6.32-642.el6.x86_64 #1
"echo 0 > /proc/sys/kernel/hung_task_timeout_secs" disables this message.
jbd2/dm-0-8   D ffff88013fd13680     0 24379      2 0x00000080
 ffff88007c3d7d98 0000000000000046 ffff88007c3d7fd8 0000000000013680
INFO: rcu_sched self-detected stall on CPU
	(t=60000 jiffies g=118924 c=118923 q=65)
BUG: soft lockup - CPU#1 stuck for 67s! [events/1:25358]
EXT3-fs error (device dm-3): ext3_lookup: unlinked inode 1183745 in dir #1183744
httpd invoked oom-killer: gfp_mask=0x280da, order=0, oom_adj=0, oom_score_adj=0
Out of memory: Kill process 1234 (httpd) score 911 or sacrifice child
---- a & b --- 100% of C:\temp > /dev/null; "quoted" and 'quoted'
<<EOE>>  [<ffffffff8005d28d>] tracesys+0xd5/0xe0)";

// Where a mail program wraps, the blanks there become one.
std::string folded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' || !out.ends_with(' ')) out += c;
  }
  return out;
}

bool wraps(Transport transport) {
  return transport == Transport::quoted_wrapped || transport == Transport::wrapped_syslog;
}

std::vector<std::string> messages_of(std::string_view wrapped, bool fold) {
  std::vector<std::string> messages;
  for (auto& record : read_records(wrapped)) {
    if (!record.program.empty() && record.program != "kernel") continue;
    messages.push_back(fold ? folded(record.text) : record.text);
  }
  return messages;
}

// What the kernel wrote: each line without the blanks at its ends and without the level that a lost newline left in it.
std::vector<std::string> expected_of(std::string_view text, bool fold) {
  std::vector<std::string> messages;
  for (;;) {
    const auto end = text.find('\n');
    auto line = trim(text.substr(0, end));
    consume(line, "<0>");
    messages.push_back(fold ? folded(line) : std::string(line));
    if (end == std::string_view::npos) return messages;
    text.remove_prefix(end + 1);
  }
}

// The first message of `wrapped` that is not as in `text`; empty if all are.
std::string difference(std::string_view text, std::string_view wrapped, bool fold) {
  const auto expected = expected_of(text, fold), actual = messages_of(wrapped, fold);
  for (std::size_t i = 0; i < std::max(expected.size(), actual.size()); ++i) {
    const std::string want = i < expected.size() ? expected[i] : "(no more)";
    const std::string got = i < actual.size() ? actual[i] : "(no more)";
    if (want != got) return "message " + std::to_string(i) + ":\n  expected " + want + "\n  got      " + got;
  }
  return {};
}

std::string difference(Transport transport, std::string_view text) {
  return difference(text, wrap(transport, text), wraps(transport));
}

class TransportLaw : public testing::TestWithParam<Transport> {};

TEST_P(TransportLaw, GivesTheSameMessagesOfAnEl5Oops) { EXPECT_EQ(difference(GetParam(), el5_oops), ""); }
TEST_P(TransportLaw, GivesTheSameMessagesOfAnEl7Oops) { EXPECT_EQ(difference(GetParam(), el7_oops), ""); }
TEST_P(TransportLaw, GivesTheSameMessagesOfOtherEvents) { EXPECT_EQ(difference(GetParam(), small_events), ""); }

TEST_P(TransportLaw, KeepsRawLinesAndOrder) {
  const auto text = wrap(GetParam(), el7_oops);
  std::uint64_t line = 0;
  const bool reversed = GetParam() == Transport::pstore_reversed;
  for (const auto& record : read_records(text)) {
    const std::string raw = record.raw.substr(0, record.raw.find('\n'));
    EXPECT_EQ(text.compare(record.at.offset, raw.size(), raw), 0) << raw;
    EXPECT_TRUE(reversed || record.at.line >= line) << raw;
    line = record.at.line;
  }
}

// Mail programs wrap at different columns.
class WrapLaw : public testing::TestWithParam<std::size_t> {};

TEST_P(WrapLaw, JoinsQuotedLines) {
  EXPECT_EQ(difference(el5_oops, wrap_columns(el5_oops, "> ", GetParam()), true), "");
  EXPECT_EQ(difference(el7_oops, wrap_columns(el7_oops, "> ", GetParam()), true), "");
}

TEST_P(WrapLaw, JoinsSyslogLines) {
  for (const auto text : {el5_oops, el7_oops, small_events}) {
    EXPECT_EQ(difference(text, wrap_columns(wrap(Transport::syslog, text), "", GetParam()), true), "");
    EXPECT_EQ(difference(text, wrap_columns(wrap(Transport::syslog, text), "> ", GetParam()), true), "");
  }
}

TEST_P(WrapLaw, JoinsStampedLines) {
  EXPECT_EQ(difference(el7_oops, wrap_columns(wrap(Transport::dmesg_ts, el7_oops), "> ", GetParam()), true), "");
}

INSTANTIATE_TEST_SUITE_P(Columns, WrapLaw, testing::Range<std::size_t>(70, 81));

INSTANTIATE_TEST_SUITE_P(All, TransportLaw, testing::ValuesIn(all_transports().begin(), all_transports().end()),
                         [](const auto& param) { return std::string(to_string(param.param)); });

}  // namespace
}  // namespace diag::test
