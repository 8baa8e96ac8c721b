// The checks of iptcheck: which REJECT rules can a packet in a bridge's hands reach, will the rules load, who owns
// them, and what is the safe change. Findings have the codes IPT001 to IPT013; docs/formats/iptables.md describes them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/firewall_host.h"
#include "config/host_kernel.h"
#include "diag/event.h"
#include "diag/finding.h"

namespace diag {

struct AuditOptions {
  Era era = Era::unknown;                           // unknown: from the inputs
  std::string kernel;                               // "2.6.18-274.7.1.el5 x86_64"; empty: from the inputs
  std::optional<std::vector<std::string>> bridges;  // all bridges of the host; absent: from the inputs
  std::optional<bool> calls_iptables;  // net.bridge.bridge-nf-call-iptables (and -ip6tables); absent: from the inputs
};

struct AuditResult {
  std::vector<Event> events;      // what findings refer to: Finding::events are indices here
  std::vector<Finding> findings;  // the worst first
};

AuditResult audit(const FirewallHost& host, const AuditOptions& options = {});

struct AuditCheck {
  std::string_view code, id, title;  // "IPT001", "iptables.reject-bridged", "..."
};
std::span<const AuditCheck> audit_checks();

}  // namespace diag
