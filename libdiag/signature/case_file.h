// A case: a text that a signature is tried on, with what is expected of it in its head.
//
//   # Reported by a hosting provider, CentOS 5 KVM host, 2.6.18, under a flood.
//   EXPECT: kernel.net.bridge-reject-icmp-send likely
//   NEAR: kernel.net.bridge-reject-icmp-send support 1
//   FIELD: task.comm = qemu-kvm
//   MISSING: header, registers
//   NOT-CHECKED: kernel.net.bridge-reject-icmp-send iptables-save
//
//   Process qemu-kvm (pid: 3911, threadinfo ffff8101fc74c000, task ffff8101fe4ba100)
//   ...
//   === /etc/sysctl.conf
//   net.bridge.bridge-nf-call-iptables = 1
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diag/finding.h"
#include "signature/mistakes.h"

namespace diag::sig {

struct CaseFile {
  struct Line {
    Place at;
    std::string id;    // of a signature; FIELD: the field
    std::string rest;  // EXPECT: the level; NEAR: the clause; FIELD: the value; NOT-CHECKED: the word
  };
  struct Input {
    std::string name;  // "/etc/my.cnf"; of the text below the head: the file's own name
    std::string text;
    Place at;
  };

  std::string file;
  std::vector<Line> expects, nears, fields, not_checked;
  std::vector<std::string> missing;
  Place missing_at;
  bool nothing = false;  // no finding at all
  std::size_t head_lines = 0;
  std::vector<Input> inputs;
};

// Nothing, and mistakes, if the head is wrong.
std::optional<CaseFile> read_case(std::string_view text, Mistakes& mistakes);

std::optional<Confidence> read_confidence(std::string_view word);

}  // namespace diag::sig
