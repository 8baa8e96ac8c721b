// Kernel settings: sysctl.conf, sysctl.d, `sysctl -a`, and files below /proc/sys.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/config_text.h"

namespace diag {

struct SysctlValue {
  std::string name;  // with dots: "net.bridge.bridge-nf-call-iptables"
  std::string value;
  std::uint64_t line = 0;
  std::uint32_t column = 0;               // of the value
  std::vector<std::uint64_t> overridden;  // lines that set the same name before
};

struct Sysctl {
  enum class State { unknown, configured, running } state = State::unknown;
  std::vector<SysctlValue> values;  // one for each name: the last one stated, in order of those lines
  bool whole = false;               // all values of a running kernel
};

// `name` helps to tell a file that is applied at boot from the values of a running kernel.
Sysctl parse_sysctl(const ConfigText& text, std::string_view name);
// One file below /proc/sys: its name is the setting.
Sysctl parse_sysctl_file(const ConfigText& text, std::string_view name);

// "net.ipv4.ip_forward" of "sos/proc/sys/net/ipv4/ip_forward"; empty: not below /proc/sys. A dot within a part
// ("conf/eth0.10/") becomes a slash, as sysctl writes it.
std::string sysctl_name_of_path(std::string_view path);
// Whether a line can be one of sysctl.conf or `sysctl -a`: "net.ipv4.ip_forward = 1", "-kernel/panic=5".
bool is_sysctl_line(std::string_view line);

}  // namespace diag
