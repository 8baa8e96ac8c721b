#include "config/firewall.h"

#include <algorithm>
#include <utility>

namespace diag {

namespace {

constexpr std::size_t most_mistakes = 1'000;

struct BuiltIn {
  std::string_view table;
  std::uint8_t chains;  // a bit for each of built_in_chains
};
constexpr BuiltIn built_in[] = {
    {"filter", 0b01110}, {"nat", 0b11011}, {"mangle", 0b11111}, {"raw", 0b01001}, {"security", 0b01110}};

// Sorted. ACCEPT to RETURN are verdicts, the rest are modules.
constexpr std::string_view known_targets[] = {
    "ACCEPT",   "ACCOUNT",       "AUDIT",  "BALANCE",  "CHAOS",   "CHECKSUM", "CLASSIFY",   "CLUSTERIP",
    "CONNMARK", "CONNSECMARK",   "CT",     "DELUDE",   "DHCPMAC", "DNAT",     "DNETMAP",    "DNPT",
    "DROP",     "DSCP",          "ECHO",   "ECN",      "FTOS",    "HL",       "HMARK",      "IDLETIMER",
    "IPMARK",   "IPV4OPTSSTRIP", "LED",    "LOG",      "LOGMARK", "MARK",     "MASQUERADE", "MIRROR",
    "NETLINK",  "NETMAP",        "NFLOG",  "NFQUEUE",  "NOTRACK", "QUEUE",    "RATEEST",    "RAWDNAT",
    "RAWSNAT",  "REDIRECT",      "REJECT", "RETURN",   "ROUTE",   "SAME",     "SECMARK",    "SET",
    "SNAT",     "SNPT",          "STEAL",  "SYNPROXY", "SYSRQ",   "TARPIT",   "TCPMSS",     "TCPOPTSTRIP",
    "TEE",      "TOS",           "TPROXY", "TRACE",    "TTL",     "ULOG",     "XOR",
};
static_assert(std::ranges::is_sorted(known_targets));

std::uint8_t bit_of(std::string_view chain) {
  const auto at = std::ranges::find(built_in_chains, chain);
  return at == built_in_chains.end() ? 0 : static_cast<std::uint8_t>(1 << (at - built_in_chains.begin()));
}

}  // namespace

std::string_view to_string(Family family) { return family == Family::ipv4 ? "ipv4" : "ipv6"; }

std::string InterfaceTest::text() const { return (negated ? "!" : "") + name + (prefix ? "+" : ""); }

bool InterfaceTest::matches(std::string_view interface) const {
  return prefix ? interface.starts_with(name) : interface == name;
}

const Chain* Table::chain(std::string_view wanted) const {
  const auto at = index.find(wanted);
  return at == index.end() ? nullptr : &chains[at->second];
}

std::uint32_t Table::chain_index(std::string_view wanted) {
  const auto at = index.find(wanted);
  if (at != index.end()) return at->second;
  const auto made = static_cast<std::uint32_t>(chains.size());
  chains.emplace_back().name = wanted;
  index.emplace(wanted, made);
  return made;
}

const Table* RuleSet::table(std::string_view name) const {
  const auto at = std::ranges::find(tables, name, &Table::name);
  return at == tables.end() ? nullptr : &*at;
}

bool RuleSet::complete() const {
  if (fragment || form == Form::direct || !text || !text->complete()) return false;
  const auto* filter = table("filter");
  if (!filter) return form == Form::save && !tables.empty() && std::ranges::all_of(tables, &Table::committed);
  if (form == Form::save) return filter->committed;
  const auto declared = [&](std::string_view name) {
    const auto* chain = filter->chain(name);
    return chain && chain->declared;
  };
  return declared("INPUT") && declared("FORWARD") && declared("OUTPUT");
}

void RuleSet::mistake(FirewallMistake::Kind kind, std::uint64_t line, std::size_t column, std::string message,
                      std::string remedy) {
  if (mistakes.size() >= most_mistakes) {
    ++mistakes_left_out;
    return;
  }
  mistakes.push_back({kind, line, static_cast<std::uint32_t>(column), std::move(message), std::move(remedy)});
}

bool is_built_in(std::string_view chain) { return bit_of(chain) != 0; }

bool is_built_in(std::string_view table, std::string_view chain) {
  const auto at = std::ranges::find(built_in, table, &BuiltIn::table);
  return at == std::end(built_in) ? is_built_in(chain) : (at->chains & bit_of(chain)) != 0;
}

bool is_known_target(std::string_view target) { return std::ranges::binary_search(known_targets, target); }

std::vector<std::uint8_t> hooks_of_chains(const Table& table) {
  std::vector<std::uint8_t> hooks(table.chains.size(), 0);
  std::vector<std::uint32_t> open;
  for (std::uint32_t i = 0; i < table.chains.size(); ++i) {
    hooks[i] = bit_of(table.chains[i].name);
    if (hooks[i]) open.push_back(i);
  }
  // Each chain is entered again only when it gains a hook, so at most five times.
  while (!open.empty()) {
    const auto from = open.back();
    open.pop_back();
    for (const auto rule : table.chains[from].rules) {
      const auto to = table.index.find(table.rules[rule].target);
      if (to == table.index.end() || bit_of(to->first) || (hooks[from] & ~hooks[to->second]) == 0) continue;
      hooks[to->second] |= hooks[from];
      open.push_back(to->second);
    }
  }
  return hooks;
}

std::vector<std::string> hook_names(std::uint8_t hooks) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < built_in_chains.size(); ++i)
    if (hooks >> i & 1) names.emplace_back(built_in_chains[i]);
  return names;
}

}  // namespace diag
