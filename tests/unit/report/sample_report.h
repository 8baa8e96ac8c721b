// Reports for the tests of the renderers: what the pipeline makes of the published EL5 trace and an iptables file.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "diag/kernel_report.h"
#include "diag/report.h"

namespace diag::sample {

inline constexpr SourceId trace{0};
inline constexpr SourceId rules{1};

inline Frame frame(std::uint64_t address, std::string module, std::string name, std::uint64_t offset,
                   std::uint64_t size, std::uint64_t line, Stack stack = Stack::irq) {
  Frame f;
  f.address = Addr{address};
  f.symbol = {std::move(name), std::move(module)};
  f.offset = offset;
  f.size = size;
  f.line = line;
  f.stack = stack;
  if (offset == 0) {
    f.trust = Trust::stale;
    f.note = "offset 0: no call returns to a function's first byte";
  }
  return f;
}

inline KernelReport kernel_report() {
  KernelReport k;
  k.release = "2.6.18-274.7.1.el5";
  k.distribution = "el5";
  k.arch = "x86_64";
  k.cpu = 1;
  k.comm = "qemu-kvm";
  k.pid = 3911;
  k.function = frame(0xffffffff80268427, "", "icmp_send", 0x5bf, 0x5c0, 58, Stack::unknown);
  k.function_is_ip = true;
  k.culprit = {{"icmp_send", ""}, "the function at the instruction pointer"};
  k.fault = {.address = std::nullopt,
             .error = std::nullopt,
             .instruction = "ret",
             .explanation =
                 "The ret at the end of icmp_send took 0001d7000001d600 from the stack, which is no address: the "
                 "return address was overwritten with data."};
  k.registers = {{"rip", Addr{0xffffffff80268427}}, {"rsp", Addr{0xffff810107bb7830}}};
  k.word_bits = 64;
  k.frames = {frame(0xffffffff80236459, "", "dev_hard_start_xmit", 0x1b7, 0x28a, 7),
              frame(0xffffffff88665bab, "ip_tables", "ipt_do_table", 0x295, 0x2fa, 8),
              frame(0xffffffff886c7b2c, "bridge", "br_nf_post_routing", 0x17c, 0x197, 9),
              frame(0xffffffff80034077, "", "nf_iterate", 0x41, 0x7d, 10),
              frame(0xffffffff886c7816, "bridge", "br_nf_local_out_finish", 0, 0x9b, 11),
              frame(0xffffffff800565d5, "", "nf_hook_slow", 0x58, 0xbc, 12),
              frame(0xffffffff8006d636, "", "do_softirq", 0x2c, 0x7d, 45, Stack::task),
              frame(0xffffffff8004de57, "", "netif_rx_ni", 0x19, 0x1d, 46, Stack::task)};
  k.modules = {{"bridge", ""}, {"tun", "U"}};
  k.missing = {"header", "registers"};
  k.fingerprint = "0123456789abcdef";
  k.similar = "fedcba9876543210";
  return k;
}

inline Event kernel_event(KernelReport k = kernel_report()) {
  Event e;
  e.kind = "oops";
  e.title = "oops in icmp_send";
  e.first = {trace, 1, 0};
  e.last = {trace, 59, 2900};
  e.fields = {{"task.comm", "qemu-kvm", 1},
              {"function.last_byte", true, 58},
              {"stack.top", Addr{0x0001d7000001d600}, 2},
              {"code", Bytes{0xc3, 0x41, 0x56}, 57}};
  e.kernel = std::make_shared<const KernelReport>(std::move(k));
  return e;
}

inline Event rule_event() {
  Event e;
  e.kind = "iptables.rule";
  e.title = "-A FORWARD -j REJECT --reject-with icmp-host-prohibited";
  e.first = e.last = {rules, 14, 300};
  e.fields = {{"chain", "FORWARD", 14},
              {"number", 3.0, 14},
              {"options", List{"a", "b"}, 14},
              {"at", Symbol{"br_forward", "bridge"}, 14},
              {"since", Timestamp{0, true, true}, 14},
              {"share", 0.25, 14}};
  return e;
}

inline Finding finding() {
  Finding f;
  f.signature = "kernel.net.bridge-reject-icmp-send";
  f.title = "Panic in icmp_send: a REJECT rule answered a packet that was still inside the bridge";
  f.severity = Severity::critical;
  f.confidence = Confidence::certain;
  f.summary =
      "\nThe bridge had left its own pointer in the packet's control block. icmp_send read it as\nIP options, copied "
      "packet bytes over its own stack and returned to an address made of packet data.";
  f.events = {1, 0};
  f.evidence = {{trace, 58, 58, 0, "RIP  [<ffffffff80268427>] icmp_send+0x5bf/0x5c0",
                 "icmp_send faulted under ipt_do_table, under the bridge's netfilter hooks"},
                {trace, 7, 9, 0, "", "its return address was overwritten"},
                {rules, 14, 14, 4, "-A FORWARD -j REJECT --reject-with icmp-host-prohibited", ""}};
  f.steps = {{"In FORWARD and OUTPUT, and in every chain they reach, replace REJECT (with its --reject-with) by DROP.",
              "iptables-save | grep -n 'j REJECT'   # none left in those chains",
              "iptables-restore < the copy made with iptables-save before", Risk::traffic_change, "", ""},
             {"Update to 2.6.18-308.4.1.el5 or later and reboot.",
              "rpm -q --changelog kernel | grep 'Reset IPCB when entering IP stack'",
              "boot the kernel before it from the boot menu", Risk::reboot, "the host is on 5.7", "not tried"}};
  f.references = {"RHSA-2012:0480"};
  f.not_checked = {"whether bridged packets reach iptables: sysctl net.bridge.bridge-nf-call-iptables"};
  f.kernel = KernelState{KernelState::State::inside, "2.6.18-274.7.1.el5", {"2.6.18-308.4.1.el5 (RHSA-2012:0480)"}, ""};
  f.context = {"kernel.net.any-icmp"};
  return f;
}

inline InputFacts input(SourceId id, std::string name, std::uint64_t lines) {
  InputFacts i;
  i.id = id;
  i.name = std::move(name);
  i.bytes = lines * 50;
  i.lines = lines;
  return i;
}

// Facts: a log message nobody refers to, the oops and a rule. One finding, about the oops and the rule.
inline Report report() {
  Report r;
  r.tool = "oopsdiag";
  r.version = "0.1.0";
  r.facts.inputs = {input(trace, "vmcore-dmesg.txt", 59), input(rules, "iptables-save.txt", 20)};
  Event message;
  message.kind = "log.message";
  message.title = "Initializing cgroup subsys cpu";
  r.facts.events = {message, kernel_event(), rule_event()};
  r.findings = {finding()};
  r.findings[0].events = {1, 2};
  return r;
}

}  // namespace diag::sample
