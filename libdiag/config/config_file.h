// Tells configuration files and command outputs from logs, and states them as events.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/firewall.h"
#include "diag/event.h"
#include "diag/facts.h"
#include "diag/source.h"

namespace diag {

struct ConfigFormat {
  enum class Kind {
    iptables_rules,    // iptables-save, /etc/sysconfig/iptables, `iptables -S`, a fragment
    iptables_listing,  // `iptables -nvL`
    firewalld_direct,  // direct.xml
    firewalld_zone,    // zones/*.xml
    sysctl,            // sysctl.conf, sysctl.d, `sysctl -a`
    sysctl_file,       // one file below /proc/sys
    packages,          // `rpm -qa`, sosreport's installed-rpms
    changelog,         // `rpm -q --changelog`
    uname,             // `uname -a`, `uname -r`
    boot_options,      // /proc/cmdline
    ifcfg,             // /etc/sysconfig/network-scripts/ifcfg-*
    brctl,             // `brctl show`
    nft,               // `nft list ruleset`: recognised, so that it is not read as a log, and not read further
  } kind = Kind::iptables_rules;
  Family family = Family::ipv4;  // of a packet filter

  friend bool operator==(const ConfigFormat&, const ConfigFormat&) = default;
};
std::string_view to_string(ConfigFormat::Kind kind);  // "iptables rules"

// What a text is, by its first bytes (Source::peek) and its name, which may be a path inside an archive. Nothing for
// logs and for everything else that is not known for certain: what is not recognised is read as a log.
std::optional<ConfigFormat> recognise(std::string_view name, std::string_view head);

// Reads the source to its end and appends what it states. Adds to facts.covers the kinds that the text lists
// completely, to facts.skipped what was left out, to facts.hosts the host it names.
void read_config(const ConfigFormat& format, Source& source, std::vector<Event>& events, InputFacts& facts);

// The rule set of a text that is one of the packet filter formats.
RuleSet read_rule_set(const ConfigFormat& format, std::shared_ptr<const ConfigText> text);

}  // namespace diag
