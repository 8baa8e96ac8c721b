// Interfaces and bridges, as ifcfg files and `brctl show` state them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config_text.h"

namespace diag {

struct InterfaceFact {
  std::string device;
  std::string type;                // "bridge", "ethernet" ... in lower case; empty: not stated
  std::string bridge;              // the bridge it is a port of; empty: none stated
  std::vector<std::string> ports;  // of a bridge, where the text lists them
  bool ports_listed = false;
  std::uint64_t first_line = 0, last_line = 0;
};

// One ifcfg file. `name` gives the device if the text does not. Nothing if neither does.
std::optional<InterfaceFact> parse_ifcfg(const ConfigText& text, std::string_view name);
// `brctl show`.
std::vector<InterfaceFact> parse_brctl(const ConfigText& text);

}  // namespace diag
