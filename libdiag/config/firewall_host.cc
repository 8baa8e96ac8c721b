#include "config/firewall_host.h"

#include <algorithm>

#include "base/text.h"
#include "config/sysctl.h"

namespace diag {

namespace {

using Kind = ConfigFormat::Kind;

// The path without the archive's name and without the folder that a sosreport stands in.
std::string_view inner_path(std::string_view path) {
  const auto colon = path.rfind(':');
  return colon == std::string_view::npos ? path : path.substr(colon + 1);
}

bool below(std::string_view path, std::string_view folder) {
  const auto at = path.rfind(folder);
  return at == 0 || (at != std::string_view::npos && path[at - 1] == '/');
}

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

Stated stated(const ConfigText& text, std::uint64_t line, std::uint32_t column = 0) {
  const auto* found = text.line(line);
  return {text.source(), line, column, found ? std::string(found->text) : std::string()};
}

// Saved rules of EL are in /etc/sysconfig; a listing, or an iptables-save inside a sosreport, shows what runs.
HostRules::From origin_of(const ConfigFormat& format, std::string_view name) {
  const auto path = inner_path(name);
  if (format.kind == Kind::firewalld_direct) return HostRules::From::direct;
  const bool dump = base_name(path).starts_with("iptables-save") || base_name(path).starts_with("ip6tables-save");
  if (format.kind == Kind::iptables_listing || dump || below(path, "sos_commands/")) return HostRules::From::running;
  return below(path, "etc/sysconfig/") ? HostRules::From::saved : HostRules::From::given;
}

}  // namespace

bool FirewallHost::concerned_with(std::string_view path) {
  path = inner_path(path);
  const auto base = base_name(path);
  const auto is_one = [&](std::string_view folder, std::string_view name) {
    return below(path, folder) && base == name;
  };
  if (is_one("etc/sysconfig/", "iptables") || is_one("etc/sysconfig/", "ip6tables") || is_one("etc/", "sysctl.conf"))
    return true;
  if (below(path, "sysctl.d/") && base.ends_with(".conf")) return true;
  if (below(path, "etc/sysconfig/network-scripts/") && base.starts_with("ifcfg-")) return true;
  if (below(path, "proc/sys/net/bridge/")) return true;
  if (is_one("etc/firewalld/", "direct.xml") || (below(path, "etc/firewalld/zones/") && base.ends_with(".xml")))
    return true;
  if (!below(path, "sos_commands/")) return false;
  return base.find("iptables_-") != std::string_view::npos || base.find("ip6tables_-") != std::string_view::npos ||
         base.starts_with("iptables-save") || base.starts_with("ip6tables-save") || base.starts_with("brctl_show") ||
         base.starts_with("sysctl_-a") || base.starts_with("uname_-a") || base.starts_with("nft_list_ruleset");
}

void FirewallHost::read(const ConfigFormat& format, Source& source) { read(format, ConfigText::read(source)); }

void FirewallHost::read(const ConfigFormat& format, std::shared_ptr<const ConfigText> text) {
  switch (format.kind) {
    case Kind::iptables_rules:
    case Kind::iptables_listing:
    case Kind::firewalld_direct:
      return read_rules(format, text);
    case Kind::firewalld_zone: {
      const auto base = base_name(inner_path(text->name()));
      auto zone = parse_firewalld_zone(*text);
      const auto at = stated(*text, zone.line);
      zones_.push_back({std::string(base.substr(0, base.rfind(".xml"))), std::move(zone), at});
      return;
    }
    case Kind::sysctl:
    case Kind::sysctl_file:
      return read_sysctl(format, *text);
    case Kind::uname:
      return read_kernel(*text);
    case Kind::ifcfg:
    case Kind::brctl:
      return read_interfaces(format, *text);
    case Kind::nft:
      nft_ = stated(*text, 1);
      return;
    case Kind::packages:
    case Kind::changelog:
    case Kind::boot_options:
      return;
  }
}

void FirewallHost::read_rules(const ConfigFormat& format, const std::shared_ptr<const ConfigText>& text) {
  for (const auto family : {Family::ipv4, Family::ipv6}) {
    if (format.kind != Kind::firewalld_direct && family != format.family) continue;
    HostRules rules{origin_of(format, text->name()), read_rule_set({format.kind, family}, text)};
    if (rules.from != HostRules::From::direct || !rules.set.tables.empty()) rules_.push_back(std::move(rules));
  }
}

void FirewallHost::read_sysctl(const ConfigFormat& format, const ConfigText& text) {
  const auto sysctl =
      format.kind == Kind::sysctl ? parse_sysctl(text, text.name()) : parse_sysctl_file(text, text.name());
  for (const auto& value : sysctl.values) {
    std::string_view name = value.name;
    if (!consume(name, "net.bridge.")) continue;
    switches_.push_back({std::string(name), value.value, sysctl.state == Sysctl::State::running,
                         stated(text, value.line, value.column)});
  }
}

void FirewallHost::read_kernel(const ConfigText& text) {
  for (const auto& line : text.lines())
    if (auto uname = parse_uname(line.text))
      kernel_ = HostKernel{uname->release, uname->arch, stated(text, line.number)};
}

void FirewallHost::read_interfaces(const ConfigFormat& format, const ConfigText& text) {
  if (format.kind == Kind::brctl) {
    for (auto& bridge : parse_brctl(text))
      add_bridge({bridge.device, std::move(bridge.ports), true, stated(text, bridge.first_line)});
    all_bridges_known();
    return;
  }
  const auto fact = parse_ifcfg(text, text.name());
  if (fact && fact->type == "bridge") add_bridge({fact->device, {}, false, stated(text, fact->first_line)});
  if (fact && !fact->bridge.empty()) add_bridge({fact->bridge, {}, false, stated(text, fact->first_line)});
}

void FirewallHost::add_bridge(HostBridge bridge) {
  const auto at = std::ranges::find(bridges_, bridge.name, &HostBridge::name);
  if (at == bridges_.end()) {
    bridges_.push_back(std::move(bridge));
  } else if (bridge.ports_known) {
    *at = std::move(bridge);
  }
}

const HostSwitch* FirewallHost::bridge_switch(std::string_view name, bool running) const {
  const auto at = std::ranges::find_if(switches_.rbegin(), switches_.rend(),
                                       [&](const HostSwitch& s) { return s.name == name && s.running == running; });
  return at == switches_.rend() ? nullptr : &*at;
}

}  // namespace diag
