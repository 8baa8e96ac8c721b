#include "config/sysctl.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/text.h"

namespace diag {

namespace {

constexpr std::string_view roots[] = {"abi", "crypto", "debug", "dev", "fs", "kernel",
                                      "net", "sunrpc", "user",  "vm",  "xen"};

bool name_character(char c) { return is_word(c) || std::string_view("-./*:@+").find(c) != std::string_view::npos; }

// With slashes as the first separator, slashes and dots change places.
std::string dotted(std::string_view name) {
  std::string out(name);
  const auto first = out.find_first_of("./");
  if (first == std::string::npos || out[first] == '.') return out;
  for (char& c : out) c = c == '/' ? '.' : c == '.' ? '/' : c;
  return out;
}

struct Setting {
  std::string name;
  std::string_view value;
  std::size_t column;
};

std::optional<Setting> setting_of(std::string_view line) {
  auto rest = trim_left(line);
  consume(rest, "-");  // "ignore errors"
  const auto name = take_while(rest, name_character);
  const auto root = name.substr(0, std::min(name.find_first_of("./"), name.size()));
  if (root.size() == name.size() || !std::ranges::binary_search(roots, root)) return std::nullopt;
  rest = trim_left(rest);
  if (!consume(rest, "=")) return std::nullopt;
  const auto value = trim(rest);
  return Setting{dotted(name), value, static_cast<std::size_t>(line.size() - trim_left(rest).size()) + 1};
}

Sysctl::State state_of(std::string_view name, const ConfigText& text) {
  const auto base = name.substr(name.find_last_of("/:") + 1);
  if (base.ends_with(".conf") || name.find("sysctl.d/") != std::string_view::npos) return Sysctl::State::configured;
  if (base.starts_with("sysctl_-") || base.starts_with("sysctl-a")) return Sysctl::State::running;
  const bool comments = std::ranges::any_of(text.lines(), [](const ConfigLine& l) { return l.text.starts_with('#'); });
  if (comments) return Sysctl::State::configured;
  return text.lines().size() >= 100 ? Sysctl::State::running : Sysctl::State::unknown;
}

}  // namespace

bool is_sysctl_line(std::string_view line) { return setting_of(line).has_value(); }

Sysctl parse_sysctl(const ConfigText& text, std::string_view name) {
  Sysctl sysctl;
  sysctl.state = state_of(name, text);
  std::map<std::string, std::size_t, std::less<>> places;
  std::vector<SysctlValue> all;
  for (const auto& line : text.lines()) {
    if (line.text.empty() || line.text[0] == '#' || line.text[0] == ';') continue;
    auto found = setting_of(line.text);
    if (!found) continue;
    const auto [at, added] = places.try_emplace(found->name, all.size());
    SysctlValue value{
        std::move(found->name), std::string(found->value), line.number, static_cast<std::uint32_t>(found->column), {}};
    if (!added) {
      auto& before = all[at->second];
      value.overridden = std::move(before.overridden);
      if (value.overridden.size() < 100) value.overridden.push_back(before.line);
      before.line = 0;  // no longer in force
      at->second = all.size();
    }
    all.push_back(std::move(value));
  }
  for (auto& value : all)
    if (value.line) sysctl.values.push_back(std::move(value));
  const auto has = [&](std::string_view key) { return places.contains(key); };
  sysctl.whole =
      sysctl.state == Sysctl::State::running && text.complete() && has("kernel.ostype") && has("vm.swappiness");
  return sysctl;
}

std::string sysctl_name_of_path(std::string_view path) {
  constexpr std::string_view below = "proc/sys/";
  const auto at = path.rfind(below);
  if (at == std::string_view::npos || (at > 0 && path[at - 1] != '/' && path[at - 1] != ':')) return {};
  const auto rest = path.substr(at + below.size());
  return rest.find('/') == std::string_view::npos ? std::string{} : dotted(rest);
}

Sysctl parse_sysctl_file(const ConfigText& text, std::string_view name) {
  Sysctl sysctl;
  sysctl.state = Sysctl::State::running;
  const auto setting = sysctl_name_of_path(name);
  if (setting.empty() || text.lines().empty()) return sysctl;
  const auto& line = text.lines().front();
  sysctl.values.push_back({setting, std::string(trim(line.text)), line.number, 1, {}});
  return sysctl;
}

}  // namespace diag
