#include "config/config_file.h"

#include <algorithm>

#include "base/text.h"
#include "config/firewall_events.h"
#include "config/firewalld.h"
#include "config/network_config.h"
#include "config/package_list.h"
#include "config/reject_paths.h"
#include "config/sysctl.h"

namespace diag {

namespace {

using Kind = ConfigFormat::Kind;

constexpr std::size_t most_events = 200'000;  // of one text

class Reader {
 public:
  Reader(const ConfigFormat& format, std::shared_ptr<const ConfigText> text, std::vector<Event>& events,
         InputFacts& facts)
      : format_(format), text_(std::move(text)), events_(events), facts_(facts) {}

  void read() {
    switch (format_.kind) {
      case Kind::iptables_rules:
      case Kind::iptables_listing:
      case Kind::firewalld_direct:
        return read_firewall();
      case Kind::firewalld_zone:
        return read_zone();
      case Kind::sysctl:
        return read_sysctl(parse_sysctl(*text_, text_->name()));
      case Kind::sysctl_file:
        return read_sysctl(parse_sysctl_file(*text_, text_->name()));
      case Kind::packages:
        return read_packages();
      case Kind::changelog:
        return read_changelog();
      case Kind::uname:
        return read_uname();
      case Kind::boot_options:
        return read_boot_options();
      case Kind::ifcfg:
        return read_interface(parse_ifcfg(*text_, text_->name()));
      case Kind::brctl:
        for (const auto& bridge : parse_brctl(*text_)) read_interface(bridge);
        return;
      case Kind::nft:
        facts_.skipped.push_back(
            {0, 0, "an nft rule set: it does not show the conditions of physdev rules, so it was not examined"});
        return;
    }
  }

 private:
  Event make(std::string kind, std::string title, std::uint64_t first, std::uint64_t last) const {
    Event event;
    event.kind = std::move(kind);
    event.title = std::move(title);
    event.first = text_->origin(first);
    event.last = text_->origin(last);
    for (auto line = first; line <= last && line < first + 100; ++line)
      if (const auto* l = text_->line(line)) event.lines.push_back({line, std::string(l->text)});
    return event;
  }

  void add(Event event) {
    if (events_.size() < most_events + at_start_)
      events_.push_back(std::move(event));
    else
      ++left_out_;
  }

  void covers(std::string_view kind) {
    if (text_->complete() && left_out_ == 0) facts_.covers.emplace_back(kind);
  }

  void left_out(std::size_t count, std::string_view what) {
    if (count) facts_.skipped.push_back({0, 0, std::to_string(count) + " " + std::string(what)});
  }

  void read_firewall() {
    for (const auto family : {Family::ipv4, Family::ipv6}) {
      if (format_.kind != Kind::firewalld_direct && family != format_.family) continue;
      const auto rules = format_.kind == Kind::firewalld_direct ? parse_firewalld_direct(text_, family)
                                                                : read_rule_set(format_, text_);
      auto made = firewall_events(rules, reject_paths(rules, {}));
      for (auto& event : made.events) add(std::move(event));
      left_out(made.rules_left_out, "rules beyond the first are read, but not stated as events");
      // An ip6tables file says nothing of the rules for IPv4, which most questions are about.
      if (!rules.complete() || family != Family::ipv4) continue;
      if (made.rules_left_out == 0) covers("iptables.rule");
      for (const auto* kind : {"iptables.chain", "iptables.reject_path", "iptables.mistake"}) covers(kind);
    }
  }

  void read_zone() {
    const auto zone = parse_firewalld_zone(*text_);
    const auto base = text_->name().substr(text_->name().find_last_of("/:") + 1);
    const auto name = base.substr(0, base.rfind(".xml"));
    Event event = make("firewalld.zone", "firewalld zone " + name, zone.line, zone.line);
    event.set("zone", name);
    event.set("target", zone.target.empty() ? "default" : zone.target, zone.line);
    if (!zone.interfaces.empty()) event.set("interfaces", zone.interfaces);
    event.set("rejects", !zone.rejects.empty() || zone.target == "%%REJECT%%");
    add(std::move(event));
  }

  void read_sysctl(const Sysctl& sysctl) {
    for (const auto& value : sysctl.values) {
      Event event = make("sysctl.value", value.name + " = " + value.value, value.line, value.line);
      event.set("name", value.name, value.line);
      event.set("value", value.value, value.line);
      if (sysctl.state != Sysctl::State::unknown)
        event.set("state", std::string(sysctl.state == Sysctl::State::running ? "running" : "configured"));
      List lines;
      for (const auto line : value.overridden) lines.push_back(std::to_string(line));
      if (!lines.empty()) event.set("overrides", std::move(lines));
      add(std::move(event));
    }
    if (sysctl.whole) covers("sysctl.value");
  }

  void read_packages() {
    for (const auto& package : parse_packages(*text_)) {
      Event event = make("rpm.package", package.name + "-" + package.version, package.line, package.line);
      event.set("name", package.name, package.line);
      event.set("version", package.version, package.line);
      if (!package.arch.empty()) event.set("arch", package.arch, package.line);
      add(std::move(event));
    }
    // `rpm -q kernel` states one package; a whole list holds what every installation has.
    const bool whole = std::ranges::any_of(events_.begin() + static_cast<std::ptrdiff_t>(at_start_), events_.end(),
                                           [](const Event& e) {
                                             const auto* name = e.get<std::string>("name");
                                             return name && *name == "glibc";
                                           });
    if (whole && text_->lines().size() >= 50) covers("rpm.package");
  }

  void read_changelog() {
    for (auto& entry : parse_changelog(*text_)) {
      Event event = make("rpm.changelog", "changelog: " + entry.text.substr(0, 80), entry.first_line, entry.last_line);
      event.set("text", std::move(entry.text), entry.first_line);
      if (!entry.version.empty()) event.set("version", std::move(entry.version));
      add(std::move(event));
    }
    covers("rpm.changelog");
  }

  void read_uname() {
    for (const auto& line : text_->lines()) {
      auto uname = parse_uname(line.text);
      if (!uname) continue;
      Event event = make("host.fact", "kernel " + uname->release, line.number, line.number);
      event.host = uname->host;
      event.set("name", std::string("kernel.release"), line.number);
      event.set("value", uname->release, line.number);
      event.set("kernel.release", uname->release, line.number);
      if (!uname->arch.empty()) event.set("kernel.arch", uname->arch, line.number);
      if (!uname->host.empty()) facts_.hosts.push_back(uname->host);
      add(std::move(event));
    }
  }

  void read_boot_options() {
    for (const auto& line : text_->lines())
      for (auto& option : parse_boot_options(line.text)) {
        Event event = make("boot.option", "boot option " + option.name, line.number, line.number);
        event.set("name", std::move(option.name), line.number);
        if (!option.value.empty()) event.set("value", std::move(option.value), line.number);
        add(std::move(event));
      }
    covers("boot.option");
  }

  void read_interface(const std::optional<InterfaceFact>& fact) {
    if (!fact) return;
    const auto line = std::max<std::uint64_t>(fact->first_line, 1);
    Event event = make("net.interface", (fact->type == "bridge" ? "bridge " : "interface ") + fact->device, line,
                       std::max(line, fact->last_line));
    event.set("device", fact->device, fact->first_line);
    if (!fact->type.empty()) event.set("type", fact->type, fact->first_line);
    if (!fact->bridge.empty()) event.set("bridge", fact->bridge);
    if (fact->ports_listed) event.set("ports", fact->ports);
    add(std::move(event));
  }

 public:
  void finish() {
    left_out(left_out_, "entries are left out: too many");
    if (!text_->complete())
      facts_.skipped.push_back({0, 0, "the text is longer than settings can be; its end was not read"});
  }

 private:
  const ConfigFormat& format_;
  std::shared_ptr<const ConfigText> text_;
  std::vector<Event>& events_;
  InputFacts& facts_;
  const std::size_t at_start_ = events_.size();
  std::size_t left_out_ = 0;
};

// The table that a listing's file name states: "iptables_-t_nat_-nvL".
std::string_view listed_table(std::string_view name) {
  const auto at = name.rfind("-t_");
  if (at == std::string_view::npos) return "filter";
  auto rest = name.substr(at + 3);
  return take_while(rest, is_alpha);
}

}  // namespace

RuleSet read_rule_set(const ConfigFormat& format, std::shared_ptr<const ConfigText> text) {
  if (format.kind == Kind::firewalld_direct) return parse_firewalld_direct(std::move(text), format.family);
  if (format.kind == Kind::iptables_rules) return parse_rules(std::move(text), format.family);
  const std::string table(listed_table(text->name()));
  return parse_listing(std::move(text), format.family, table);
}

void read_config(const ConfigFormat& format, Source& source, std::vector<Event>& events, InputFacts& facts) {
  Reader reader(format, ConfigText::read(source), events, facts);
  reader.read();
  reader.finish();
}

}  // namespace diag
