// Which kernel the rules are for, and what that means for a REJECT in a bridge's hands.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/firewall_host.h"
#include "config/reject_paths.h"
#include "diag/finding.h"

namespace diag {

enum class Era { unknown, el5, el6, el7, el8, other };
std::string_view to_string(Era era);                    // "el5"
std::optional<Era> era_of_word(std::string_view word);  // "el5"; nothing: no era

struct KernelView {
  Era era = Era::unknown;
  bool guessed = false;      // the era was read off the rules
  std::string basis;         // how it is known, in words: "the rules were saved by iptables 1.3.5"
  std::string release;       // "2.6.18-274.7.1.el5"; empty: not known
  std::string arch;          // "x86_64"; empty: not known
  std::optional<Stated> at;  // where an input states it

  BridgeEra bridge() const;
  // Whether ICMP errors from REJECT crash this kernel: `yes` inside the affected builds, `no` outside.
  Tri crashes() const;
  bool fixed() const;  // crashes() is `no` because the fix is in
};

// "2.6.18-274.7.1.el5 x86_64", "3.10.0-1160.el7.x86_64", or the line of `uname -a`.
KernelView kernel_of(std::string_view words);

// In this order: what was asked for, what the inputs state, what the rules look like.
KernelView view_kernel(const FirewallHost& host, Era asked, std::string_view kernel);

KernelState state_of(const KernelView& kernel);

}  // namespace diag
