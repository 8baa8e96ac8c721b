#include "log/line_joiner.h"

#include <gtest/gtest.h>

#include "support/record_list.h"

namespace diag::test {
namespace {

struct Row {
  std::string_view text, next;
  bool joined;
};

constexpr Row rows[] = {
    {" [<ffffffff8864d5a1>]", "sample_send+0x51/0x1f0 [sample]", true},
    {" [<ffffffff8864d5a1>] ?", "sample_send+0x51/0x1f0", true},
    {" [<ffffffff8864d5a1>]", ":sample:sample_send+0x51/0x1f0", true},
    {" [<ffffffff8864d5a1>]", " [<ffffffff8864d5a2>] f+0x1/0x2", false},
    {" [<ffffffff8864d5a1>] f+0x1/0x2", "g+0x1/0x2", false},
    {"RIP: 0010:[<ffffffff8864d5a1>]", "[<ffffffff8864d5a1>] f+0x1/0x2", true},
    {"RIP: 0010:[<ffffffff8864d5a1>]", "<ffffffff8864d5a1>{f+12}", true},
    {"RIP: 0010:[<ffffffff8864d5a1>]", "RSP: 0018:ffff81011fc03d28  EFLAGS: 00010246", false},
    {"Unable to handle kernel paging request at ffffffff8864d5a1 RIP: ", " [<ffffffff8864d5a1>] f+0x1/0x2", false},
    {" [<ffffffff8864d5a1>] sample_interrupt+0x142/0x1a0", "[sample]", true},
    {"WARNING: CPU: 3 PID: 528 at net/wireless/sme.c:795", "cfg80211_roamed+0x89/0x90 [cfg80211]()", true},
    {"Code: 48 89 50 18 48 8b 43 10 48 85 c0", "74 0a <48> 8b 40 08 ff d0 eb", true},
    {"Code: 48 89 50 18 48 8b 43 10 48 85 c0", "<80> 7c 24 0f 00", true},
    {"Code: e5933000 e3530000", "(e5830000) e12fff1e", true},
    {"Code: 48 89 50 18 48 8b 43 10 48 85 c0", "RSP: 0018:ffff81011fc03d28", false},
    {"Code: 48 89 50 18 48 8b 43 10 48 85 c0", "e5933000 e3530000", false},
    {"Code:  Bad RIP value.", "48 89 50 18", false},
    {"Modules linked in: sample(U) ipt_REJECT xt_tcpudp iptable_filter ip_tables", "x_tables bridge(PO) autofs4", true},
    {"Modules linked in: sample(U) ipt_REJECT xt_tcpudp iptable_filter ip_tables", "Pid: 4711, comm: qemu-kvm", false},
    {"Modules linked in: sample(U) ipt_REJECT [last unloaded: scsi_wait_scan]", "x_tables bridge autofs4", false},
    {"Modules linked in: sample", "this is prose", false},
    {"BUG: unable to handle kernel NULL pointer dereference at", "0000000000000018", true},
    {"BUG: unable to handle kernel NULL pointer dereference at 0000000000000018", "a line of its own, with more",
     false},
    {"Process qemu-kvm (pid: 4711, threadinfo ffff8101fc74c000, task", "ffff8101fe4ba100)", true},
    {"FS:  0000000000000000(0000) GS:ffff81011fc99640(0000)", "knlGS:0000000000000000", true},
    {"RDX: ffff81011fc03d68 RSI: 0000000000000286 RDI: ffff81011a4b2c80", "RBP: ffff81011a4b2c80 R08: 0", false},
    {"CPU: 2 PID: 25358 Comm: httpd Kdump: loaded Not tainted", "3.10.0-957.el7.x86_64 #1", true},
    {"CPU: 2 PID: 25358 Comm: httpd Not tainted 3.10.0-957.el7.x86_64", "#1", true},
    {"CPU: 2 PID: 25358 Comm: httpd Kdump: loaded Not tainted 3.10.0-957 #1", "Hardware name: x", false},
    {"Stack:  ffff81011a4b2c80 ffffffff80236459 0000000000000000", "ffff810118e5a000", true},
    {"Stack:  ffff81011a4b2c80 ffffffff80236459 0000000000000000 ffff810118e5a000", "ffff810118e5a000", false},
    {"Kernel panic - not syncing: Attempted to kill init! Fatal exception in", "interrupt", true},
    {"INFO: task jbd2/dm-0-8:24379 blocked for more than 120 seconds in here", "      Not tainted 2.6.32 #1", false},
    {"Hardware name: Example Incorporated Server Model 1000/Mainboard 17,", "BIOS 1.0 01/01/2015", true},
};

TEST(LineJoiner, KnowsTheSecondHalf) {
  for (const auto& row : rows) {
    EXPECT_EQ(transport::continues(row.text, row.text.size(), row.next), row.joined) << row.text << "\n" << row.next;
  }
}

TEST(LineJoiner, LeavesShortLinesAlone) {
  EXPECT_FALSE(transport::continues("BUG: bad at", 11, "address"));
  EXPECT_FALSE(transport::continues("", 70, "x"));
  EXPECT_FALSE(transport::continues("x", 70, ""));
}

TEST(LineJoiner, NeverJoinsALineWithAStampOfItsOwn) {
  EXPECT_EQ(read_texts("[    1.000000]  [<ffffffff8864d5a1>]\n[    1.000001] f+0x1/0x2\n"),
            (std::vector<std::string>{"[<ffffffff8864d5a1>]", "f+0x1/0x2"}));
}

TEST(LineJoiner, CanBeSwitchedOff) {
  EXPECT_EQ(read_texts("> [<ffffffff8864d5a1>]\n> f+0x1/0x2\n", {.join_wrapped = false}).size(), 2U);
}

TEST(LineJoiner, ReadsAReplyWhoseSecondHalvesLostTheirMark) {
  EXPECT_EQ(
      read_texts("> Oct 14 03:12:01 host1 kernel: RIP: 0010:[<ffffffff888cbc7c>]\n[<ffffffff888cbc7c>] f+0x1/0x2\n"),
      (std::vector<std::string>{"RIP: 0010:[<ffffffff888cbc7c>] [<ffffffff888cbc7c>] f+0x1/0x2"}));
}

TEST(LineJoiner, LeavesProseAlone) {
  const std::string_view mail = R"(> I have seen this on several hosts here, and each of them was running the
> same kernel at that time. The panic is always in the same function, and
> BUG: unable to handle kernel paging request at ffffc90001a6e000
> is what we see.
)";
  EXPECT_EQ(read_texts(mail).size(), 4U);
}

TEST(LineJoiner, BoundsAJoinedMessage) {
  std::string text = "Modules linked in: some_module_name another_module_name more_modules_here\n";
  for (int i = 0; i < 5000; ++i) text += "some_module_name another_module_name more_modules_here abcdef ghijkl\n";
  for (const auto& one : read_texts(text)) EXPECT_LE(one.size(), 9000U);
}

}  // namespace
}  // namespace diag::test
