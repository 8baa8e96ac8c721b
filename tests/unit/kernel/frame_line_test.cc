#include "kernel/frame_line.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace diag::kernel {
namespace {

std::string shown(const Frame& f) {
  std::string out = f.reliable ? "" : "? ";
  if (f.address) out += fmt::format("{:x} ", value(*f.address));
  if (!f.symbol.module.empty()) out += f.symbol.module + ':';
  out += f.symbol.name;
  if (f.offset) out += fmt::format("+{}", *f.offset);
  if (f.size) out += fmt::format("/{}", *f.size);
  if (f.trust == Trust::stale) out += " stale";
  return out;
}

std::string read(std::string_view text, bool in_trace = true) {
  TraceState state;
  std::vector<Frame> frames;
  if (!take_frame_line(text, 1, in_trace, state, frames)) return "no frame line";
  std::string out;
  for (const auto& f : frames) out += (out.empty() ? "" : ", ") + shown(f);
  return out;
}

TEST(FrameLine, EveryEraAndArchitecture) {
  struct Case {
    std::string_view text, frames;
  };
  const Case cases[] = {
      // EL5 x86_64
      {" [<ffffffff80236459>] dev_hard_start_xmit+0x1b7/0x28a", "ffffffff80236459 dev_hard_start_xmit+439/650"},
      {" [<ffffffff88665bab>] :ip_tables:ipt_do_table+0x295/0x2fa", "ffffffff88665bab ip_tables:ipt_do_table+661/762"},
      {" [<ffffffff886c7816>] :bridge:br_nf_local_out_finish+0x0/0x9b", "ffffffff886c7816 bridge:br_nf_local_out_finish+0/155 stale"},
      {" [<ffffffff8005d28d>]", "ffffffff8005d28d "},
      {"<IRQ>  [<ffffffff80236459>] f+0x1/0x2", "ffffffff80236459 f+1/2"},
      // EL4 x86_64: decimal, no size, several a line
      {"       <ffffffff8831501d>{:jbd:journal_commit_transaction+1162} <ffffffff807bda1e>{tcp_v4_rcv+271}",
       "ffffffff8831501d jbd:journal_commit_transaction+1162, ffffffff807bda1e tcp_v4_rcv+271"},
      {"<IRQ> <ffffffff88c25f4b>{:xfs:xfs_trans_commit.part.3+172}  <EOI> <ffffffff80febbb6>{net_rx_action+177}",
       "ffffffff88c25f4b xfs:xfs_trans_commit.part.3+172, ffffffff80febbb6 net_rx_action+177"},
      // i386
      {" [<c0528202>] syscall_call+0x7/0xb", "c0528202 syscall_call+7/11"},
      {" [<f83aef3d>] nfs_readpage+0x195/0x6b4 [nfs]", "f83aef3d nfs:nfs_readpage+405/1716"},
      {" <c0105f1a> show_trace+0x1/0x2  <c0105f1b> dump_stack+0x3/0x4", "c0105f1a show_trace+1/2, c0105f1b dump_stack+3/4"},
      {" [<c02b6ea3>] .text.lock.spinlock+0x5/0x15", "c02b6ea3 .text.lock.spinlock+5/21"},
      // klogd rewrote the address
      {" [ext3_lookup+43/512] ext3_lookup+0x2b/0x200 [ext3]", "ext3:ext3_lookup+43/512"},
      {" [do_IRQ+18/64]", "do_IRQ+18/64"},
      // EL6, EL7
      {" [<ffffffff815ec320>] ? run_workqueue+0x84/0x95", "? ffffffff815ec320 run_workqueue+132/149"},
      // EL8, EL9
      {" pvscsi_intr+0x17e/0x194 [vmw_pvscsi]", "vmw_pvscsi:pvscsi_intr+382/404"},
      {" ? do_sync_read+0x596/0x5e6", "? do_sync_read+1430/1510"},
      {" nft_do_chain+0x10/0x20 [nf_tables 0123456789abcdef0123456789abcdef01234567]", "nf_tables:nft_do_chain+16/32"},
      {" br_nf_hook+0x7e/0x7e [br_netfilter]", "br_netfilter:br_nf_hook+126/126 stale"},
      // ppc64
      {"[c00000003ffb3a50] [c000000000412345] .br_handle_frame+0x1c0/0x2d0 [bridge] (unreliable)",
       "? c000000000412345 bridge:.br_handle_frame+448/720"},
      // s390x
      {"([<000000000012a4b0>] 0x12a4b0)", "12a4b0 "},
      {" [<000000000012a4b0>] schedule+0x4a0/0x9f8", "12a4b0 schedule+1184/2552"},
      // arm
      {"[<c0013a60>] (unwind_backtrace) from [<c0011a1c>] (show_stack+0x10/0x14)", "c0011a1c show_stack+16/20"},
      {" dump_stack_lvl from panic+0x104/0x338", "panic+260/824"},
      // symbolized by others
      {" __dump_stack lib/dump_stack.c:16 [inline]", "__dump_stack"},
      {" dump_stack+0x8b/0xb4 lib/dump_stack.c:52", "dump_stack+139/180"},
  };
  for (const auto& c : cases) EXPECT_EQ(read(c.text), c.frames) << c.text;
}

TEST(FrameLine, OtherText) {
  for (const std::string_view text : {"usb 1-1: new device", "eth0: link up, 100Mbps", "[drm] initialized", "RIP  [<ffffffff80268427>] f+0x1/0x2",
                                      "foo+0x1 bar", "x = y+0x12", "Code: 00 11 22", "<4>", ""})
    EXPECT_EQ(read(text, false), "no frame line") << text;
}

TEST(FrameLine, MarksLeadToStacks) {
  TraceState state;
  std::vector<Frame> frames;
  EXPECT_TRUE(take_frame_line(" <IRQ>  [<ffffffff80236459>] f+0x1/0x2", 1, true, state, frames));
  EXPECT_TRUE(take_frame_line(" [<ffffffff80236459>] g+0x1/0x2", 2, true, state, frames));
  EXPECT_TRUE(take_frame_line(" <EOI> ", 3, true, state, frames));
  EXPECT_TRUE(take_frame_line(" [<ffffffff80236459>] h+0x1/0x2", 4, true, state, frames));
  ASSERT_EQ(frames.size(), 3U);
  EXPECT_EQ(frames[0].stack, Stack::irq);
  EXPECT_EQ(frames[1].stack, Stack::irq);
  EXPECT_EQ(frames[2].stack, Stack::task);
  EXPECT_EQ(frames[2].line, 4U);
}

TEST(FrameLine, ArmNamesEachCallerOnce) {
  TraceState state;
  std::vector<Frame> frames;
  EXPECT_TRUE(take_frame_line("(a) from [<c0011a1c>] (b+0x10/0x14)", 1, true, state, frames));
  EXPECT_TRUE(take_frame_line("(b) from [<c0011a2c>] (c+0x1/0x4)", 2, true, state, frames));
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0].symbol.name, "b");
  EXPECT_EQ(frames[0].offset, 16U);
  EXPECT_EQ(frames[1].symbol.name, "c");
  EXPECT_TRUE(take_frame_line("[<c0011a1c>] (d+0x1/0x4) from [<c0011a2c>] (e+0x1/0x4)", 3, true, state, frames));
  ASSERT_EQ(frames.size(), 4U) << "older kernels print the callee's offset";
}

TEST(CleanName, CutsCompilerSuffixesOnly) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"dm_request.isra.5", "dm_request"},   {"f.part.3", "f"},  {"f.constprop.0", "f"},          {"f.cold", "f"}, {"f.cold.12", "f"},
      {"f.isra.1.part.2", "f"},              {"f", "f"},         {".text.lock.spinlock", ".text.lock.spinlock"}, {".sys_read", "sys_read"},
      {"f.clone.0", "f"},                    {"a.b", "a.b"},
  };
  for (const auto& [name, clean] : cases) EXPECT_EQ(clean_name(name), clean);
}

}  // namespace
}  // namespace diag::kernel
