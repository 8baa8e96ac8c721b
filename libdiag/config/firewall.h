// A packet filter as its files state it: tables, chains, rules. What iptables-save, `iptables -S`, `iptables -nvL` and
// firewalld's direct.xml say of one rule set ends in the same values here, so that all later questions are asked once.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config_text.h"

namespace diag {

enum class Family { ipv4, ipv6 };
std::string_view to_string(Family family);  // "ipv4"

// What is known of a condition for the packet that is looked at.
enum class Tri : std::uint8_t { no, unknown, yes };
constexpr Tri operator!(Tri t) { return t == Tri::yes ? Tri::no : t == Tri::no ? Tri::yes : Tri::unknown; }
constexpr Tri operator&(Tri a, Tri b) { return a < b ? a : b; }

// "-i eth0", "! -i virbr+".
struct InterfaceTest {
  std::string name;     // without the '+'
  bool prefix = false;  // a '+' stood behind it: any name that begins so
  bool negated = false;
  std::uint32_t column = 0;

  // "!virbr+"
  std::string text() const;
  bool matches(std::string_view interface) const;  // the name alone, without the negation
};

enum class Asked : std::uint8_t { no, yes, negated };

// "-m physdev": conditions on the bridge ports of a packet.
struct PhysdevTest {
  Asked bridged = Asked::no, in_port = Asked::no, out_port = Asked::no;  // --physdev-is-bridged, -is-in, -is-out
  std::optional<InterfaceTest> in, out;                                  // --physdev-in, --physdev-out
  std::uint32_t bridged_column = 0, out_port_column = 0;
};

struct Counters {
  std::uint64_t packets = 0, bytes = 0;
};

struct Rule {
  std::uint32_t chain = 0;  // index into Table::chains
  std::uint64_t line = 0;
  std::string_view text;  // "-A FORWARD -j REJECT", counters before it taken off; of a listing: the row
  std::string target;     // "REJECT", a chain; empty: the rule only counts
  std::uint32_t target_column = 0;
  bool jumps_without_return = false;  // -g
  std::string reject_with;            // in the long spelling, the default filled in; empty: the target is not REJECT
  std::uint32_t reject_column = 0;    // of --reject-with; 0: not written
  std::optional<InterfaceTest> in, out;
  std::unique_ptr<PhysdevTest> physdev;
  std::string protocol;  // in lower case, "tcp"; empty: any
  bool protocol_negated = false;
  bool conditional = false;       // has conditions that depend on the packet's content, or are not understood
  bool interfaces_stated = true;  // false: a listing without -v, which prints none
  std::optional<Counters> counters;
};

struct Chain {
  std::string name;
  std::string policy;     // "ACCEPT"; empty: not stated; "-" is not kept
  bool declared = false;  // by ":NAME", "-N NAME" or "Chain NAME"; built-in chains need none
  std::uint64_t line = 0;
  std::uint32_t column = 0;
  std::vector<std::uint32_t> rules;  // indices into Table::rules, in the order they are tried
};

struct Table {
  std::string name;
  std::uint64_t line = 0;  // of "*filter"; 0: assumed
  bool committed = false;
  std::vector<Chain> chains;
  std::vector<Rule> rules;
  std::map<std::string, std::uint32_t, std::less<>> index;  // chain by name

  const Chain* chain(std::string_view name) const;
  std::uint32_t chain_index(std::string_view name);  // makes the chain if there is none
};

// Something that keeps the text from loading, or from meaning what it seems to.
struct FirewallMistake {
  enum class Kind {
    syntax,    // iptables-restore refuses the text
    physdev,   // an option of the physdev match that cannot load or never matches where it stands
    harmless,  // loads, but not as the writer meant
    negation,  // "-i ! eth0": refused by new iptables, fine for old
  } kind = Kind::syntax;
  std::uint64_t line = 0;
  std::uint32_t column = 0;
  std::string message;
  std::string remedy;  // empty: the message says it
};

struct RuleSet {
  enum class Form { save, commands, listing, direct } form = Form::save;  // direct: firewalld's direct.xml
  Family family = Family::ipv4;
  std::shared_ptr<const ConfigText> text;
  std::deque<std::string> decoded;  // texts that rules refer to and that do not stand so in `text`
  std::string version;              // of the iptables that wrote it, "1.3.5"; empty: not stated
  bool nft_backend = false;         // written by the nf_tables variant
  bool fragment = false;            // rules without a "*table" line; table filter is assumed
  std::vector<Table> tables;        // in order of appearance
  std::vector<FirewallMistake> mistakes;
  std::size_t mistakes_left_out = 0;

  const Table* table(std::string_view name) const;
  bool complete() const;  // states every rule of its table filter
  void mistake(FirewallMistake::Kind kind, std::uint64_t line, std::size_t column, std::string message,
               std::string remedy = {});
};

// The hooks of the kernel that lead to a chain, in the order of their names below.
constexpr std::array<std::string_view, 5> built_in_chains = {"PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"};
bool is_built_in(std::string_view chain);
bool is_built_in(std::string_view table, std::string_view chain);
// Every target that a module of iptables or xtables-addons has ever provided; other names must be chains.
bool is_known_target(std::string_view target);

// For each chain, a bit for every built-in chain (by its place above) from which rules lead to it.
std::vector<std::uint8_t> hooks_of_chains(const Table& table);
std::vector<std::string> hook_names(std::uint8_t hooks);

// The text of iptables-save, /etc/sysconfig/iptables, `iptables -S`, or a fragment of one. Never fails: what cannot be
// read is among the mistakes.
RuleSet parse_rules(std::shared_ptr<const ConfigText> text, Family family);
// The text of `iptables -L`, with or without -n, -v, -x, --line-numbers. `table`: what the lines do not say.
RuleSet parse_listing(std::shared_ptr<const ConfigText> text, Family family, std::string_view table = "filter");

// Adds the mistakes that show only in the whole: loops, unknown chains, targets in the wrong table or hook.
void check_rules(RuleSet& rules);

}  // namespace diag
