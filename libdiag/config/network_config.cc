#include "config/network_config.h"

#include "base/text.h"

namespace diag {

namespace {

std::string_view unquoted(std::string_view value) {
  value = trim(value);
  if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
    value = value.substr(1, value.size() - 2);
  return value;
}

}  // namespace

std::optional<InterfaceFact> parse_ifcfg(const ConfigText& text, std::string_view name) {
  InterfaceFact fact;
  for (const auto& line : text.lines()) {
    auto rest = trim(line.text);
    const auto key = take_while(rest, is_word);
    if (key.empty() || !consume(rest, "=")) continue;
    const auto value = unquoted(rest);
    if (key == "DEVICE")
      fact.device = value;
    else if (key == "TYPE")
      fact.type = to_lower(value);
    else if (key == "BRIDGE")
      fact.bridge = value;
    else
      continue;
    if (!fact.first_line) fact.first_line = line.number;
    fact.last_line = line.number;
  }
  const auto base = name.substr(name.find_last_of("/:") + 1);
  if (fact.device.empty() && base.starts_with("ifcfg-")) fact.device = base.substr(6);
  if (fact.device.empty()) return std::nullopt;
  return fact;
}

// A line with a bridge begins at the margin; the ports beyond the first follow on lines of their own, far indented.
std::vector<InterfaceFact> parse_brctl(const ConfigText& text) {
  std::vector<InterfaceFact> bridges;
  for (const auto& line : text.lines()) {
    auto rest = line.text;
    if (trim(rest).empty() || rest.starts_with("bridge name")) continue;
    const bool indented = is_space(rest[0]);
    std::vector<std::string_view> words;
    while (!(rest = trim_left(rest)).empty()) words.push_back(take_while(rest, [](char c) { return !is_space(c); }));
    if (indented && words.size() == 1 && !bridges.empty()) {
      bridges.back().ports.emplace_back(words[0]);
      bridges.back().last_line = line.number;
    } else if (!indented && (words.size() == 3 || words.size() == 4)) {
      auto& bridge = bridges.emplace_back();
      bridge.device = words[0];
      bridge.type = "bridge";
      bridge.ports_listed = true;
      if (words.size() == 4) bridge.ports.emplace_back(words[3]);
      bridge.first_line = bridge.last_line = line.number;
    }
  }
  return bridges;
}

}  // namespace diag
