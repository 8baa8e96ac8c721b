// What keeps a rule set from loading and shows only in the whole of it.
#include <algorithm>

#include "config/firewall.h"

namespace diag {

namespace {

using Kind = FirewallMistake::Kind;

constexpr std::uint8_t prerouting = 1, input = 2, forward = 4, output = 8, postrouting = 16;

class Checker {
 public:
  Checker(RuleSet& set, Table& table) : set_(set), table_(table), hooks_(hooks_of_chains(table)) {}

  void check() {
    for (const auto& chain : table_.chains) check_chain(chain);
    for (const auto& chain : table_.chains)
      for (const auto index : chain.rules) check_rule(chain, table_.rules[index]);
    find_loops();
  }

 private:
  bool is_text() const { return set_.form == RuleSet::Form::save || set_.form == RuleSet::Form::commands; }

  void mistake(std::uint64_t line, std::uint32_t column, std::string message, std::string remedy = {},
               Kind kind = Kind::syntax) {
    set_.mistake(kind, line, column, std::move(message), std::move(remedy));
  }

  void check_chain(const Chain& chain) {
    if (!is_text() || is_built_in(table_.name, chain.name) || chain.declared) return;
    if (is_built_in(chain.name))
      return mistake(chain.line, chain.column, "table " + table_.name + " has no chain " + chain.name);
    if (!set_.fragment)
      mistake(chain.line, chain.column, "chain " + chain.name + " is not declared",
              "add a line ':" + chain.name + " - [0:0]' before the rules");
  }

  void check_rule(const Chain& chain, const Rule& rule) {
    if (is_text()) check_target(rule);
    check_interfaces(chain, rule);
    if (rule.physdev) check_physdev(rule, *rule.physdev);
  }

  void check_target(const Rule& rule) {
    if (rule.target.empty()) return;
    const auto* chain = table_.chain(rule.target);
    if (is_built_in(table_.name, rule.target))
      return mistake(rule.line, rule.target_column, "no rule can jump to the built-in chain " + rule.target);
    if (chain && chain->declared) {
      if (chain->line > rule.line)
        mistake(rule.line, rule.target_column, "chain " + rule.target + " is declared only after this line",
                "move its ':' line before the rules");
      return;
    }
    if (!is_known_target(rule.target)) {
      if (!set_.fragment)
        mistake(rule.line, rule.target_column, "there is no chain or target named '" + rule.target + "'");
      return;
    }
    check_table(rule);
  }

  void check_table(const Rule& rule) {
    constexpr std::string_view for_nat[] = {"DNAT", "MASQUERADE", "NETMAP", "REDIRECT", "SAME", "SNAT"};
    const bool nat = table_.name == "nat";
    if (rule.target == "REJECT" && table_.name != "filter") {
      mistake(rule.line, rule.target_column, "REJECT is valid in table filter only, not in " + table_.name);
    } else if (rule.target == "DROP" && nat) {
      mistake(rule.line, rule.target_column, "DROP in table nat is refused: that table is not for filtering");
    } else if (std::ranges::binary_search(for_nat, rule.target) && !nat) {
      mistake(rule.line, rule.target_column, rule.target + " is valid in table nat only, not in " + table_.name);
    }
  }

  void check_interfaces(const Chain& chain, const Rule& rule) {
    if (!is_text()) return;
    if (rule.in && (chain.name == "OUTPUT" || chain.name == "POSTROUTING"))
      mistake(rule.line, rule.in->column,
              "'-i' cannot be used in " + chain.name + ": its packets have no incoming interface");
    if (rule.out && (chain.name == "INPUT" || chain.name == "PREROUTING"))
      mistake(rule.line, rule.out->column,
              "'-o' cannot be used in " + chain.name + ": its packets have no outgoing interface yet");
  }

  void check_physdev(const Rule& rule, const PhysdevTest& p) {
    const auto hooks = hooks_[rule.chain];
    const bool asks_out = p.out || p.out_port != Asked::no;
    const bool wants_out = (p.out && !p.out->negated) || p.out_port == Asked::yes;
    const auto out_column = p.out ? p.out->column : p.out_port_column;
    const auto names = [&] {
      std::string text;
      for (const auto& name : hook_names(hooks)) text += (text.empty() ? "" : " and ") + name;
      return text;
    };
    if (hooks == 0) return;
    if (asks_out && p.bridged != Asked::yes && hooks & output) {
      mistake(rule.line, out_column,
              "--physdev-out and --physdev-is-out are refused in OUTPUT: such packets have no outgoing bridge port",
              "add --physdev-is-bridged in FORWARD, or match the bridge with -o", Kind::physdev);
    } else if (p.bridged == Asked::yes && !(hooks & (forward | postrouting))) {
      mistake(rule.line, p.bridged_column,
              "--physdev-is-bridged never matches in " + names() + ": only FORWARD and POSTROUTING see bridged packets",
              "move the rule to FORWARD", Kind::physdev);
    } else if (wants_out && !(hooks & (forward | output | postrouting))) {
      mistake(rule.line, out_column, "the outgoing bridge port is not known in " + names() + ": the rule never matches",
              "move the rule to FORWARD", Kind::physdev);
    } else if (hooks == output && ((p.in && !p.in->negated) || p.in_port == Asked::yes)) {
      mistake(rule.line, p.in ? p.in->column : rule.target_column,
              "packets of OUTPUT came in by no bridge port: the rule never matches", {}, Kind::physdev);
    }
  }

  // A chain that leads back to itself; the kernel refuses the whole table. Depth-first, with our own stack.
  void find_loops() {
    enum class State : std::uint8_t { unseen, open, done };
    std::vector<State> state(table_.chains.size(), State::unseen);
    struct Step {
      std::uint32_t chain;
      std::size_t next;
    };
    std::vector<Step> path;
    for (std::uint32_t start = 0; start < table_.chains.size(); ++start) {
      if (state[start] != State::unseen) continue;
      path.push_back({start, 0});
      state[start] = State::open;
      while (!path.empty()) {
        auto& [chain, next] = path.back();
        const auto& rules = table_.chains[chain].rules;
        if (next == rules.size()) {
          state[chain] = State::done;
          path.pop_back();
          continue;
        }
        const Rule& rule = table_.rules[rules[next++]];
        const auto to = table_.index.find(rule.target);
        if (to == table_.index.end()) continue;
        if (state[to->second] == State::open) {
          mistake(rule.line, rule.target_column,
                  "loop: chain " + table_.chains[chain].name + " leads back to " + rule.target);
        } else if (state[to->second] == State::unseen) {
          state[to->second] = State::open;
          path.push_back({to->second, 0});
        }
      }
    }
  }

  RuleSet& set_;
  Table& table_;
  std::vector<std::uint8_t> hooks_;
};

}  // namespace

void check_rules(RuleSet& rules) {
  for (auto& table : rules.tables) Checker(rules, table).check();
}

}  // namespace diag
