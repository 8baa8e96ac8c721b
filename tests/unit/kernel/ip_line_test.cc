#include "kernel/ip_line.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace diag::kernel {
namespace {

std::string read(std::string_view text) {
  const auto ip = parse_ip_line(text, 7);
  if (!ip) return "no";
  if (ip->user) return "user";
  std::string out(ip->arch);
  if (ip->frame.address) out += fmt::format(" {:x}", value(*ip->frame.address));
  if (!ip->frame.symbol.module.empty()) out += " [" + ip->frame.symbol.module + ']';
  if (!ip->frame.symbol.name.empty()) out += ' ' + ip->frame.symbol.name;
  if (ip->frame.offset) out += fmt::format("+{}", *ip->frame.offset);
  if (ip->stack_pointer) out += fmt::format(" sp={:x}", value(*ip->stack_pointer));
  if (ip->closing) out += " closing";
  return out;
}

TEST(IpLine, Shapes) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"RIP: 0010:[<ffffffff8806f689>] <ffffffff8806f689>{:tun:tun_get_user+78}", "x86_64 ffffffff8806f689 [tun] tun_get_user+78"},
      {"RIP: 0010:[<ffffffff80908de8>]  [<ffffffff80908de8>] tcp_v4_rcv+0x147/0x3fb", "x86_64 ffffffff80908de8 tcp_v4_rcv+327"},
      {"RIP: e030:[<ffffffff880f5c84>]  [<ffffffff880f5c84>] :jbd:f+0x250/0x602", "x86_64 ffffffff880f5c84 [jbd] f+592"},
      {"RIP: 0010:ip_output+0xa0/0xf8 [x]", "x86_64 [x] ip_output+160"},
      {"RIP: 0010:0x0", "x86_64 0"},
      {"RIP: 0010:[<0000000000000000>]  [<0000000000000000>] 0x0", "x86_64 0"},
      {"RIP: 0033:0x7f5a12345678", "user"},
      {"RIP  [<ffffffff80268427>] icmp_send+0x5bf/0x5c0", "x86_64 ffffffff80268427 icmp_send+1471 closing"},
      {"RIP <ffffffff8806f689>{:tun:tun_get_user+78} RSP <62ae937360640e07>",
       "x86_64 ffffffff8806f689 [tun] tun_get_user+78 sp=62ae937360640e07 closing"},
      {"RIP: f+0x1/0x2 RSP: ffff8801", "x86_64 f+1 sp=ffff8801 closing"},
      {"EIP is at __map_bio+0x38/0x8d1 [dm_mod]", "i386 [dm_mod] __map_bio+56"},
      {"EIP: [<f80763ab>] __map_bio+0x38/0x8d1 [dm_mod] SS:ESP 0068:1f872ca3", "i386 f80763ab [dm_mod] __map_bio+56 closing"},
      {"EIP:    0060:[<f80763ab>]    Not tainted VLI", "i386 f80763ab"},
      {"EIP:    0060:[ext3_lookup+43/512]    Not tainted VLI", "i386 ext3_lookup+43"},
      {"IP: [<ffffffff8117f30c>] ip_rcv+0x26/0x582", " ffffffff8117f30c ip_rcv+38"},
      {"NIP [c000000000412345] .br_handle_frame+0x1c0/0x2d0", "ppc64 c000000000412345 .br_handle_frame+448"},
      {"Krnl PSW : 0704c00180000000 000000000012a4b0 (schedule+0x4a0/0x9f8)", "s390x 12a4b0 schedule+1184"},
      {"PC is at jffs2_parse_param+0x10/0x20", "arm jffs2_parse_param+16"},
      {"pc : el1_svc+0x1/0x2", " el1_svc+1"},
      {"RIPE network", "no"},
      {"IP: Routing cache hash table", "no"},
  };
  for (const auto& [text, want] : cases) EXPECT_EQ(read(text), want) << text;
}

}  // namespace
}  // namespace diag::kernel
