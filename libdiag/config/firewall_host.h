// What the inputs state of one host, as far as its packet filter and its bridges are concerned. Filled text by text, in
// any order; libdiag/config/audit.h draws the conclusions.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config_file.h"
#include "config/firewall.h"
#include "config/firewalld.h"
#include "config/network_config.h"
#include "config/package_list.h"

namespace diag {

// Where a thing was stated.
struct Stated {
  SourceId source{};
  std::uint64_t line = 0;
  std::uint32_t column = 0;
  std::string quote;
};

struct HostRules {
  // given: a file that was named, of which nothing is known; saved: what is loaded at boot; running: what the kernel
  // has now; direct: what firewalld adds.
  enum class From { given, saved, running, direct } from = From::given;
  RuleSet set;
};

struct HostSwitch {
  std::string name, value;  // "bridge-nf-call-iptables", "0"
  bool running = false;     // in force now; false: applied at boot
  Stated at;
};

struct HostBridge {
  std::string name;
  std::vector<std::string> ports;
  bool ports_known = false;
  Stated at;
};

struct HostKernel {
  std::string release, arch;  // arch empty: not stated
  Stated at;
};

struct HostZone {
  std::string name;
  FirewalldZone zone;
  Stated at;
};

class FirewallHost {
 public:
  // Reads the source to its end. What does not concern the packet filter is passed over.
  void read(const ConfigFormat& format, Source& source);
  // The same for a text that is read already.
  void read(const ConfigFormat& format, std::shared_ptr<const ConfigText> text);

  // Whether the text of that path (inside a sosreport, or below the root of a host) says something that read() can use.
  static bool concerned_with(std::string_view path);

  void add_bridge(HostBridge bridge);
  // States that the bridges added are all there are.
  void all_bridges_known() { bridges_complete_ = true; }

  const std::deque<HostRules>& rules() const { return rules_; }
  const std::vector<HostSwitch>& switches() const { return switches_; }
  const std::vector<HostBridge>& bridges() const { return bridges_; }
  bool bridges_complete() const { return bridges_complete_; }
  const std::optional<HostKernel>& kernel() const { return kernel_; }
  const std::vector<HostZone>& zones() const { return zones_; }
  const std::optional<Stated>& nft() const { return nft_; }  // an nft rule set was among the inputs

  // The value of net.bridge.NAME in force, or applied at boot: of several the one that was stated last. Null: not
  // stated.
  const HostSwitch* bridge_switch(std::string_view name, bool running) const;

 private:
  void read_rules(const ConfigFormat& format, const std::shared_ptr<const ConfigText>& text);
  void read_sysctl(const ConfigFormat& format, const ConfigText& text);
  void read_kernel(const ConfigText& text);
  void read_interfaces(const ConfigFormat& format, const ConfigText& text);

  std::deque<HostRules> rules_;  // rule sets move, but are never copied
  std::vector<HostSwitch> switches_;
  std::vector<HostBridge> bridges_;
  std::vector<HostZone> zones_;
  std::optional<HostKernel> kernel_;
  std::optional<Stated> nft_;
  bool bridges_complete_ = false;
};

}  // namespace diag
