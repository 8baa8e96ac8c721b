#include "config/firewall_events.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "config/rule_words.h"

namespace diag {

namespace {

bool begins_condition(const Word& word) {
  return !word.quoted && word.text.size() > 1 && word.text[0] == '-' && !is_digit(word.text[1]);
}

bool is_target_option(std::string_view word) {
  return word == "-j" || word == "-g" || word == "--jump" || word == "--goto";
}

Event blank_event(const RuleSet& set, std::string kind, std::uint64_t line) {
  Event event;
  event.kind = std::move(kind);
  event.first = event.last = set.text->origin(line);
  if (const auto* l = set.text->line(line)) event.lines.push_back({line, std::string(l->text)});
  return event;
}

Value list_of(std::vector<std::string> items) { return Value(std::move(items)); }

void set_interface(Event& event, std::string name, const std::optional<InterfaceTest>& test, std::uint64_t line) {
  if (test) event.set(std::move(name), test->text(), line);
}

void set_name(Event& event, std::string name, std::string_view value, std::uint64_t line) {
  if (!value.empty()) event.set(std::move(name), std::string(value), line);
}

Event chain_event(const RuleSet& set, const Table& table, const Chain& chain, std::uint8_t hooks) {
  Event event = blank_event(set, "iptables.chain", chain.line);
  event.title =
      "chain " + chain.name + " of table " + table.name + (chain.policy.empty() ? "" : ", policy " + chain.policy);
  event.set("family", std::string(to_string(set.family)));
  event.set("table", table.name, table.line);
  event.set("chain", chain.name, chain.line);
  set_name(event, "policy", chain.policy, chain.line);
  event.set("rules", static_cast<double>(chain.rules.size()));
  event.set("hooks", list_of(hook_names(hooks)));
  return event;
}

Event mistake_event(const RuleSet& set, const FirewallMistake& mistake) {
  Event event = blank_event(set, "iptables.mistake", mistake.line);
  event.title = mistake.message;
  event.set("family", std::string(to_string(set.family)));
  event.set("message", mistake.message, mistake.line);
  if (mistake.column) event.set("column", static_cast<double>(mistake.column), mistake.line);
  set_name(event, "remedy", mistake.remedy, mistake.line);
  return event;
}

// A chain that firewalld's iptables backend makes: FORWARD_direct, IN_public, FWDI_public_log, FORWARD_IN_ZONES ...
bool firewalld_chain(std::string_view name) {
  constexpr std::string_view fronts[] = {"IN_", "FWDI_", "FWDO_", "PRE_", "POST_"};
  constexpr std::string_view ends[] = {"_direct", "_ZONES", "_ZONES_SOURCE"};
  return std::ranges::any_of(ends, [&](auto end) { return name.ends_with(end); }) ||
         std::ranges::any_of(fronts, [&](auto front) {
           return name.starts_with(front) && to_lower(name.substr(front.size())) == name.substr(front.size());
         });
}

// "virbr0" or "virbr12": the network bridges of libvirt.
bool libvirt_bridge(const std::optional<InterfaceTest>& test) {
  if (!test || test->negated) return false;
  std::string_view name = test->name;
  return consume(name, "virbr") && std::ranges::all_of(name, is_digit);
}

std::string_view chain_owner(std::string_view name) {
  if (name.starts_with("LIBVIRT_")) return "libvirt";
  if (firewalld_chain(name)) return "firewalld";
  if (name.starts_with("f2b-") || name.starts_with("fail2ban-")) return "fail2ban";
  return {};
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string out;
  for (auto rest = trim(text); !rest.empty(); rest = trim_left(rest)) {
    if (!out.empty()) out += ' ';
    out += take_while(rest, [](char c) { return c != ' ' && c != '\t'; });
  }
  return out;
}

std::vector<std::string> conditions_of(const Rule& rule) {
  std::vector<std::string> conditions;
  if (!rule.text.starts_with('-')) return conditions;
  const auto words = split_words(rule.text).list;
  bool skipping = true, negated = false;  // the chain first
  for (const auto& word : words) {
    const auto raw = rule.text.substr(word.column - 1, word.end - word.column);
    if (!word.quoted && word.text == "!") {
      negated = true;
      continue;
    }
    if (begins_condition(word)) {
      const bool target = is_target_option(word.text) || word.text == "--reject-with";
      skipping = target || word.column == 1 || word.text == "-t" || word.text == "-c" || word.text == "-A" ||
                 word.text == "-I";
      if (skipping) continue;
      const bool of_match = word.text.starts_with("--") && !conditions.empty() && conditions.back().starts_with("-m ");
      if (!of_match) conditions.emplace_back();
    }
    if (skipping || conditions.empty()) continue;
    auto& condition = conditions.back();
    if (!condition.empty()) condition += ' ';
    condition += (std::exchange(negated, false) ? "! " : "") + std::string(raw);
  }
  return conditions;
}

// firewalld owns the built-in chains that lead to its own: it flushes and fills them.
RuleOwners::RuleOwners(const RuleSet& set, const Table& table) : table_(table), chains_(table.chains.size()) {
  for (std::size_t i = 0; i < chains_.size(); ++i) {
    const auto& chain = table.chains[i];
    chains_[i] = set.form == RuleSet::Form::direct ? "firewalld" : chain_owner(chain.name);
    if (!is_built_in(chain.name)) continue;
    if (std::ranges::any_of(chain.rules, [&](auto rule) { return firewalld_chain(table.rules[rule].target); }))
      chains_[i] = "firewalld";
  }
}

std::string_view RuleOwners::of(const Rule& rule) const {
  const auto owner = chains_[rule.chain];
  if (!owner.empty()) return owner;
  const bool libvirt = rule.target == "REJECT" && table_.chains[rule.chain].name == "FORWARD" && !rule.conditional &&
                       rule.reject_with.ends_with("port-unreachable") &&
                       (libvirt_bridge(rule.in) || libvirt_bridge(rule.out));
  return libvirt ? "libvirt" : "";
}

Event rule_event(const RuleSet& set, const Table& table, const Rule& rule, std::uint32_t number, std::uint8_t hooks,
                 std::string_view owner) {
  const auto& chain = table.chains[rule.chain];
  Event event = blank_event(set, "iptables.rule", rule.line);
  event.title =
      "rule " + std::to_string(number) + " of chain " + chain.name + (rule.target.empty() ? "" : ": " + rule.target);
  event.set("family", std::string(to_string(set.family)));
  event.set("table", table.name, table.line);
  event.set("chain", chain.name, rule.line);
  event.set("number", static_cast<double>(number), rule.line);
  event.set("rule", one_line(rule.text), rule.line);
  set_name(event, "target", rule.target, rule.line);
  set_name(event, "reject_with", rule.reject_with, rule.line);
  set_interface(event, "in_interface", rule.in, rule.line);
  set_interface(event, "out_interface", rule.out, rule.line);
  set_name(event, "protocol", rule.protocol.empty() ? "" : (rule.protocol_negated ? "!" : "") + rule.protocol,
           rule.line);
  if (!rule.target.empty()) event.set("goto", rule.jumps_without_return, rule.line);
  if (auto conditions = conditions_of(rule); !conditions.empty())
    event.set("matches", list_of(std::move(conditions)), rule.line);
  event.set("hooks", list_of(hook_names(hooks)));
  if (rule.counters) {
    event.set("packets", static_cast<double>(rule.counters->packets), rule.line);
    event.set("bytes", static_cast<double>(rule.counters->bytes), rule.line);
  }
  set_name(event, "owner", owner, 0);
  return event;
}

Event path_event(const RuleSet& set, const RejectPath& path) {
  const auto& table = *set.table("filter");
  const auto& rule = table.rules[path.rule];
  const auto witness = to_string(table, path.steps);
  Event event = blank_event(set, "iptables.reject_path", rule.line);
  event.title =
      "REJECT at " + to_string(table, {path.steps.back()}) + ", reached by " + std::string(description(path.situation));
  event.set("family", std::string(to_string(set.family)));
  event.set("context", std::string(to_string(path.situation)));
  event.set("hook", std::string(path.hook));
  event.set("witness", witness);
  event.set("chain", table.chains[rule.chain].name, rule.line);
  event.set("number", static_cast<double>(path.steps.back().number), rule.line);
  event.set("rule", one_line(rule.text), rule.line);
  event.set("reject_with", rule.reject_with, rule.line);
  set_name(event, "in_interface", path.in, 0);
  set_name(event, "out_interface", path.out, 0);
  event.set("assumed", path.assumed);
  return event;
}

FirewallEvents firewall_events(const RuleSet& set, const RejectPaths& paths) {
  FirewallEvents made;
  for (const auto& mistake : set.mistakes) made.events.push_back(mistake_event(set, mistake));
  std::size_t rules = 0;
  for (const auto& table : set.tables) {
    const auto hooks = hooks_of_chains(table);
    const RuleOwners owners(set, table);
    for (std::size_t c = 0; c < table.chains.size(); ++c) {
      const auto& chain = table.chains[c];
      if (chain.line && c < most_rule_events) made.events.push_back(chain_event(set, table, chain, hooks[c]));
      std::uint32_t number = 0;
      for (const auto index : chain.rules) {
        const auto& rule = table.rules[index];
        ++number;
        if (rules < most_rule_events || (rule.target == "REJECT" && rules < 10 * most_rule_events)) {
          ++rules;
          made.events.push_back(rule_event(set, table, rule, number, hooks[c], owners.of(rule)));
        } else {
          ++made.rules_left_out;
        }
      }
    }
  }
  std::size_t left = most_rule_events;
  for (const auto& path : paths.paths)
    if (left > 0 && in_bridge(path, paths.deferred_hooks, BridgeEra::unknown) && left--)
      made.events.push_back(path_event(set, path));
  std::ranges::stable_sort(made.events, {}, [](const Event& e) { return e.first.line; });
  return made;
}

}  // namespace diag
