#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "diag/report.h"
#include "unit/report/sample_report.h"

namespace diag {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// The sample with `n` kernel events, event i on lines 100*i+1 to 100*i+9 of the trace, and no finding.
Report with_events(std::size_t n) {
  auto r = sample::report();
  r.findings.clear();
  r.facts.events.clear();
  for (std::size_t i = 0; i < n; ++i) {
    auto k = sample::kernel_report();
    k.fingerprint = std::to_string(i);
    Event e = sample::kernel_event(k);
    e.title = "event " + std::to_string(i);
    e.first.line = 100 * i + 1;
    e.last.line = 100 * i + 9;
    e.incident = static_cast<std::uint32_t>(i);
    r.facts.events.push_back(e);
  }
  return r;
}

Finding about(std::size_t event, std::string signature, Severity severity = Severity::warning) {
  Finding f;
  f.signature = std::move(signature);
  f.title = "title of " + f.signature;
  f.severity = severity;
  f.events = {event};
  return f;
}

std::size_t count(std::string_view text, std::string_view word) {
  std::size_t n = 0;
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) ++n;
  return n;
}

TEST(TextReport, TheWholeAnswer) {
  EXPECT_EQ(to_text(sample::report()),
            R"(critical  Panic in icmp_send: a REJECT rule answered a packet that was still
          inside the bridge
          certain   kernel.net.bridge-reject-icmp-send

  The bridge had left its own pointer in the packet's control block. icmp_send
  read it as IP options, copied packet bytes over its own stack and returned to
  an address made of packet data.

  because
    vmcore-dmesg.txt:58   icmp_send faulted under ipt_do_table, under the
                          bridge's netfilter hooks
                          > RIP  [<ffffffff80268427>] icmp_send+0x5bf/0x5c0
    vmcore-dmesg.txt:7-9  its return address was overwritten
    iptables-save.txt:14  -A FORWARD -j REJECT --reject-with
                          icmp-host-prohibited

  kernel
    your 2.6.18-274.7.1.el5 has this; fixed in 2.6.18-308.4.1.el5
    (RHSA-2012:0480)

  do
    1. In FORWARD and OUTPUT, and in every chain they reach, replace REJECT
       (with its --reject-with) by DROP.
         check  iptables-save | grep -n 'j REJECT'   # none left in those chains
         undo   iptables-restore < the copy made with iptables-save before
         risk   traffic change
    2. If the host is on 5.7: Update to 2.6.18-308.4.1.el5 or later and reboot.
       (not verified: not tried)
         check  rpm -q --changelog kernel |
                grep 'Reset IPCB when entering IP stack'
         undo   boot the kernel before it from the boot menu
         risk   reboot

  not checked
    whether bridged packets reach iptables: sysctl
    net.bridge.bridge-nf-call-iptables

  see also
    RHSA-2012:0480

  what happened
    oops in icmp_send
    where    vmcore-dmesg.txt:1-59
    kernel   2.6.18-274.7.1.el5 x86_64
    task     qemu-kvm, pid 3911, cpu 1
    at       icmp_send+0x5bf/0x5c0
    fault    The ret at the end of icmp_send took 0001d7000001d600 from the
             stack, which is no address: the return address was overwritten with
             data.
    trace    [irq] dev_hard_start_xmit <- ip_tables:ipt_do_table
             <- bridge:br_nf_post_routing <- nf_iterate <- nf_hook_slow
             [task] <- do_softirq <- netif_rx_ni
             ... 1 pointer left on the stack, not a caller (--all shows them)
    missing  header, registers

oopsdiag 0.1.0: 1 event and 1 finding in vmcore-dmesg.txt (59 lines),
  iptables-save.txt (20 lines).
)");
}

TEST(TextReport, AllShowsStaleFramesAndFoldedFindings) {
  const auto text = to_text(sample::report(), {.all = true});
  EXPECT_THAT(text, HasSubstr("             bridge:br_nf_local_out_finish+0x0/0x9b (not a caller: offset 0: no"));
  EXPECT_THAT(text, HasSubstr("    more     function.last_byte=true, stack.top=0x0001d7000001d600, code=c3 41\n"
                              "             56\n"));
  EXPECT_THAT(text, HasSubstr("  explains these too\n    kernel.net.any-icmp\n"));
  EXPECT_THAT(text, Not(HasSubstr("--all")));
}

TEST(TextReport, NothingFoundIsOneLine) {
  auto r = with_events(0);
  EXPECT_EQ(
      to_text(r),
      "oopsdiag 0.1.0: no event and no finding in vmcore-dmesg.txt (59 lines),\n  iptables-save.txt (20 lines).\n");
  r.facts.inputs = {sample::input(SourceId{0}, "messages", 1)};
  EXPECT_EQ(to_text(r), "oopsdiag 0.1.0: no event and no finding in messages (1 line).\n");
  r.facts.inputs[0].name = "-";
  EXPECT_EQ(to_text(r), "oopsdiag 0.1.0: no event and no finding in stdin (1 line).\n");
  for (std::uint32_t i = 1; i < 5; ++i)
    r.facts.inputs.push_back(sample::input(SourceId{i}, "messages." + std::to_string(i), 10));
  EXPECT_EQ(to_text(r), "oopsdiag 0.1.0: no event and no finding in 5 inputs (41 lines).\n");
  EXPECT_EQ(to_text(Report{}), "no event and no finding: nothing was read.\n");
}

TEST(TextReport, SaysWhatWasNotRead) {
  auto r = with_events(0);
  r.facts.inputs[0].lines = 0;
  r.facts.inputs[0].error = Error{Error::Code::unreadable, "Permission denied", "vmcore-dmesg.txt"};
  r.facts.inputs[1].error = Error{Error::Code::malformed, "truncated gzip input", ""};
  r.facts.inputs[1].skipped.assign(7, {5, 6, "read in pieces"});
  EXPECT_EQ(to_text(r),
            "not read\n"
            "  vmcore-dmesg.txt: Permission denied\n"
            "\n"
            "not read as a whole\n"
            "  iptables-save.txt: truncated gzip input\n"
            "  iptables-save.txt:5-6: read in pieces\n"
            "  iptables-save.txt:5-6: read in pieces\n"
            "  iptables-save.txt:5-6: read in pieces\n"
            "  iptables-save.txt:5-6: read in pieces\n"
            "  iptables-save.txt:5-6: read in pieces\n"
            "  iptables-save.txt: 2 more (--all shows them)\n"
            "\n"
            "oopsdiag 0.1.0: no event and no finding in iptables-save.txt (20 lines).\n");
  EXPECT_EQ(count(to_text(r, {.all = true}), "read in pieces"), 7);
}

TEST(TextReport, AnEventNoSignatureKnowsIsToldAsSuch) {
  EXPECT_THAT(to_text(with_events(1)), StartsWith("event     event 0\n"
                                                  "          no signature knows this\n"
                                                  "\n"
                                                  "    where    vmcore-dmesg.txt:1-9\n"));
}

TEST(TextReport, TheCauseLeadsAndWhatFollowedIsFolded) {
  auto r = with_events(4);
  for (auto& e : r.facts.events) e.incident = 3;
  r.findings = {about(0, "kernel.first")};
  auto text = to_text(r);
  EXPECT_THAT(text, HasSubstr("    event 0\n    where"));
  EXPECT_EQ(count(text, "where"), 1);
  EXPECT_THAT(text, HasSubstr("  followed by 3 more events: event 1 (vmcore-dmesg.txt:101-109), event 2\n"
                              "    (vmcore-dmesg.txt:201-209), event 3 (vmcore-dmesg.txt:301-309) (--all shows\n"
                              "    them)\n"));
  text = to_text(r, {.all = true});
  EXPECT_EQ(count(text, "where"), 4);
  EXPECT_EQ(count(text, "followed by\n"), 3);
}

TEST(TextReport, AFollowUpThatIsTheSubjectIsShown) {
  auto r = with_events(3);
  for (auto& e : r.facts.events) e.incident = 3;
  r.findings = {about(2, "kernel.later")};
  const auto text = to_text(r);
  EXPECT_THAT(text, HasSubstr("  what happened\n    event 0\n"));
  EXPECT_THAT(text, HasSubstr("  then\n    event 2\n"));
  EXPECT_EQ(count(text, "where"), 2);
}

TEST(TextReport, AnswersComeBeforeEventsWithoutOne) {
  auto r = with_events(3);
  r.findings = {about(2, "kernel.worst", Severity::critical), about(1, "kernel.mild")};
  const auto text = to_text(r);
  EXPECT_THAT(text, StartsWith("critical  title of kernel.worst"));
  EXPECT_LT(text.find("event 2"), text.find("kernel.mild"));
  EXPECT_LT(text.find("warning   title of kernel.mild"), text.find("event     event 0"));
}

TEST(TextReport, RepetitionsAreFolded) {
  auto r = with_events(12);
  for (auto& e : r.facts.events) {
    e.title = "oops in f";
    e.kernel = r.facts.events[0].kernel;
  }
  auto text = to_text(r);
  EXPECT_EQ(count(text, "no signature knows this"), 1);
  EXPECT_THAT(text, HasSubstr("  the same again 11 times: vmcore-dmesg.txt:101-109, 201-209, 301-309,\n"
                              "    401-409, 501-509, 601-609, 701-709, 801-809 and 3 more (--all shows them)\n"));
  EXPECT_EQ(count(to_text(r, {.all = true}), "no signature knows this"), 12);

  for (std::size_t i = 0; i < 12; ++i) r.findings.push_back(about(i, i < 6 ? "kernel.a" : "kernel.b"));
  text = to_text(r);
  EXPECT_EQ(count(text, "title of kernel.a"), 1);
  EXPECT_EQ(count(text, "title of kernel.b"), 1);
  EXPECT_EQ(count(text, "the same again 5 times"), 2);
}

TEST(TextReport, EventsWithoutAFingerprintAreNeverCalledTheSame) {
  auto r = with_events(2);
  for (auto& e : r.facts.events) {
    e.title = "oops";
    auto k = sample::kernel_report();
    k.fingerprint.clear();
    e.kernel = std::make_shared<const KernelReport>(k);
  }
  EXPECT_EQ(count(to_text(r), "no signature knows this"), 2);
}

TEST(TextReport, FindingsAboutOtherEventsNeedNoTrace) {
  auto r = sample::report();
  r.facts.events.erase(r.facts.events.begin() + 1);
  r.findings = {about(1, "iptables.reject"), about(99, "lost")};
  const auto text = to_text(r);
  EXPECT_THAT(text, HasSubstr("title of iptables.reject"));
  EXPECT_THAT(text, HasSubstr("title of lost"));
  EXPECT_THAT(text, Not(HasSubstr("what happened")));
  EXPECT_THAT(text, HasSubstr("no event and 2 findings"));
}

TEST(TextReport, WhatIsKnownOfTheMachine) {
  auto k = sample::kernel_report();
  k.header = "BUG: soft lockup - CPU#1 stuck for 67s!";
  k.release = "2.6.32-754.el6.x86_64";
  k.taint = Taint{"PF", {"a proprietary module", "a forced module"}, true};
  k.culprit = Culprit{{"br_forward", "bridge"}, "first frame below the lock helpers"};
  k.fault = {Addr{0x10}, std::nullopt, "mov rax, [rdi+0x10]", "a null pointer plus 0x10"};
  auto r = with_events(1);
  Event& e = r.facts.events[0];
  e.kernel = std::make_shared<const KernelReport>(k);
  e.host = "web1";
  e.when = {18014398.5, Timestamp{974'000'000'000'000, false, false}};  // year unknown
  const auto text = to_text(r);
  EXPECT_THAT(text, HasSubstr("    when     Nov 12 03:33:20, 18014398.5 s after boot (208 days 11 h)\n"));
  EXPECT_THAT(text, HasSubstr("    host     web1\n"));
  EXPECT_THAT(text, HasSubstr("    kernel   2.6.32-754.el6.x86_64, tainted PF: a proprietary module; a forced\n"));
  EXPECT_THAT(text, HasSubstr("    header   BUG: soft lockup - CPU#1 stuck for 67s!\n"));
  EXPECT_THAT(text, HasSubstr("    blame    bridge:br_forward (first frame below the lock helpers)\n"));
  EXPECT_THAT(text, HasSubstr("    fault    instruction: mov rax, [rdi+0x10]; a null pointer plus 0x10\n"));
}

TEST(TextReport, TheFirstFrameIsNotToldTwice) {
  auto k = sample::kernel_report();
  k.function = k.frames[0];
  k.function_is_ip = false;
  auto r = with_events(1);
  r.facts.events[0] = sample::kernel_event(k);
  EXPECT_THAT(to_text(r), Not(HasSubstr("    at       ")));
  k.function->line = 1;  // a header named it
  r.facts.events[0] = sample::kernel_event(k);
  EXPECT_THAT(to_text(r), HasSubstr("    at       dev_hard_start_xmit+0x1b7/0x28a\n"));
}

TEST(TextReport, Times) {
  struct {
    Timestamp when;
    std::string_view expected;
  } const table[] = {
      {{1435708799'000000, true, true}, "2015-06-30 23:59:59 UTC"},
      {{1435708799'500000, true, false}, "2015-06-30 23:59:59.500000"},
      {{0, false, false}, "Jan 01 00:00:00"},
  };
  for (const auto& row : table) {
    auto r = with_events(1);
    r.facts.events[0].when.wall = row.when;
    EXPECT_THAT(to_text(r), HasSubstr("    when     " + std::string(row.expected) + "\n"));
  }
}

TEST(TextReport, KernelStates) {
  using State = KernelState::State;
  struct {
    KernelState state;
    std::string_view expected;
  } const table[] = {
      {{State::inside, "2.6.18-274.el5", {}, ""}, "    your 2.6.18-274.el5 has this\n"},
      {{State::unknown, "", {"A", "B"}, ""}, "    the kernel's release was not seen; fixed in A, B\n"},
      {{State::unknown, "4.1-uek", {}, ""}, "    it is not known whether your 4.1-uek has this\n"},
      {{State::outside, "2.6.18-308.4.1.el5", {}, "your kernel has the fix"},
       "    2.6.18-308.4.1.el5: your kernel has the fix\n"},
      {{State::outside, "", {}, ""}, "    your kernel does not have this\n"},
  };
  for (const auto& row : table) {
    auto r = sample::report();
    r.findings[0].kernel = row.state;
    EXPECT_THAT(to_text(r), HasSubstr("  kernel\n" + std::string(row.expected)));
  }
}

TEST(TextReport, DoubtfulFramesAreFoldedUnlessTheyAreAllThereIs) {
  auto k = sample::kernel_report();
  for (std::size_t i = 1; i < k.frames.size(); ++i) {
    if (k.frames[i].trust != Trust::plain) continue;
    k.frames[i].trust = Trust::question;
    k.frames[i].reliable = false;
  }
  auto r = with_events(1);
  r.facts.events[0] = sample::kernel_event(k);
  EXPECT_THAT(to_text(r), HasSubstr("    trace    [irq] dev_hard_start_xmit\n"
                                    "             ... 6 doubtful frames, 1 pointer left on the stack, not a caller\n"
                                    "             (--all shows them)\n"));
  k.frames.erase(k.frames.begin());
  r.facts.events[0] = sample::kernel_event(k);
  EXPECT_THAT(to_text(r), HasSubstr("    trace    [irq] ip_tables:ipt_do_table <- bridge:br_nf_post_routing"));
}

TEST(TextReport, SymbolizedFramesStandOneALine) {
  auto k = sample::kernel_report();
  k.frames.resize(1);
  k.frames[0].stack = Stack::task;
  k.frames[0].chain = {{"inlined_callee", "net/a.h", 24}, {"dev_hard_start_xmit", "net/core/dev.c", 1500}};
  auto r = with_events(1);
  r.facts.events[0] = sample::kernel_event(k);
  EXPECT_THAT(to_text(r), HasSubstr("    trace    dev_hard_start_xmit+0x1b7/0x28a\n"
                                    "               inlined_callee  net/a.h:24  (inlined)\n"
                                    "               dev_hard_start_xmit  net/core/dev.c:1500\n"));
}

TEST(TextReport, AGiantTraceIsCut) {
  auto k = sample::kernel_report();
  k.frames.assign(1000, k.frames[0]);
  auto r = with_events(1);
  r.facts.events[0] = sample::kernel_event(k);
  EXPECT_THAT(to_text(r), HasSubstr("... 936 more callers (--all shows them)"));
}

TEST(TextReport, LongPlacesStandOnALineOfTheirOwn) {
  auto r = sample::report();
  r.facts.inputs[0].name = "/var/crash/127.0.0.1-2011-10-14-03:12:01/vmcore-dmesg.txt";
  EXPECT_THAT(to_text(r), HasSubstr("  because\n"
                                    "    /var/crash/127.0.0.1-2011-10-14-03:12:01/vmcore-dmesg.txt:58\n"
                                    "                          icmp_send faulted under ipt_do_table, under the\n"));
}

TEST(TextReport, ALineIsQuotedOnce) {
  auto r = sample::report();
  Evidence again = r.findings[0].evidence[0];
  again.because = "it is the last byte of the function";
  r.findings[0].evidence.push_back(again);
  const auto text = to_text(r);
  EXPECT_EQ(count(text, "> RIP"), 1);
  EXPECT_THAT(text, HasSubstr("it is the last byte of the function\n\n"));
}

TEST(TextReport, ColoursOnlySeverityAndConfidence) {
  const auto text = to_text(sample::report(), {.color = true});
  EXPECT_THAT(text, StartsWith("\033[1;31mcritical\033[0m  Panic"));
  EXPECT_THAT(text, HasSubstr("          \033[1mcertain\033[0m   kernel."));
  EXPECT_EQ(count(text, "\033"), 4);
}

TEST(TextReport, EscapeCodesOfALogNeverReachTheTerminal) {
  auto r = sample::report();
  const std::string hostile(
      "a\x1b]0;t\x07"
      "b\x9b"
      "31m\xc2\x9b"
      "31m\rc\0d",
      20);
  auto k = sample::kernel_report();
  k.header = k.release = k.culprit->why = k.fault.explanation = k.frames[0].symbol.name = hostile;
  k.comm = hostile;
  k.missing = {hostile};
  r.facts.events[1] = sample::kernel_event(k);
  r.facts.events[1].title = r.facts.events[1].host = r.facts.inputs[0].name = hostile;
  r.facts.inputs[0].skipped = {{1, 1, hostile}};
  Finding& f = r.findings[0];
  f.title = f.summary = f.evidence[0].quote = f.evidence[1].because = f.steps[0].check = f.not_checked[0] = hostile;
  for (const bool all : {false, true}) {
    for (const bool utf8 : {false, true}) {
      for (const char c : to_text(r, {.utf8 = utf8, .all = all})) {
        ASSERT_TRUE(c == '\n' || (c >= 0x20 && c != 0x7f) || (utf8 && c < 0)) << static_cast<int>(c);
      }
    }
  }
}

TEST(TextReport, FitsTheWidth) {
  for (const int width : {60, 80, 120}) {
    const std::string text = to_text(sample::report(), {.width = width});
    std::size_t from = 0;
    while (from < text.size()) {
      const auto end = text.find('\n', from);
      const auto line = text.substr(from, end - from);
      const bool is_command =
          line.find("iptables-restore") != std::string::npos || line.find("iptables-save |") != std::string::npos;
      EXPECT_TRUE(is_command || line.size() <= static_cast<std::size_t>(width)) << line;
      EXPECT_FALSE(line.ends_with(' ')) << line;
      from = end + 1;
    }
  }
}

}  // namespace
}  // namespace diag
