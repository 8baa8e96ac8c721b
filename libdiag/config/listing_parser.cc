// `iptables -L` in its variants: the only form of the running rules that a sosreport of the time carries.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "config/firewall.h"
#include "config/reject_types.h"

namespace diag {

namespace {

struct Token {
  std::string_view text;
  std::uint32_t column = 0;
};

std::vector<Token> tokens_of(std::string_view line) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < line.size();) {
    const auto begin = line.find_first_not_of(" \t", at);
    if (begin == std::string_view::npos) break;
    at = std::min(line.find_first_of(" \t", begin), line.size());
    tokens.push_back({line.substr(begin, at - begin), static_cast<std::uint32_t>(begin + 1)});
  }
  return tokens;
}

// "1234", "12K", "3M", "4G", as -v without -x rounds them.
std::optional<std::uint64_t> counter(std::string_view s) {
  constexpr std::string_view units = "KMGT";
  std::uint64_t factor = 1;
  const auto unit = s.empty() ? std::string_view::npos : units.find(s.back());
  if (unit != std::string_view::npos) {
    for (std::size_t i = 0; i <= unit; ++i) factor *= 1'000;
    s.remove_suffix(1);
  }
  const auto number = parse_dec<std::uint32_t>(s);
  if (factor == 1) return parse_dec(s);
  return number ? std::optional(*number * factor) : std::nullopt;
}

bool is_fragment_column(std::string_view s) { return s == "--" || s == "-f" || s == "!f" || s == "!-"; }
bool is_everywhere(std::string_view s) { return s == "0.0.0.0/0" || s == "::/0" || s == "anywhere" || s == "0/0"; }
bool is_address(std::string_view s) {
  return s.find_first_of("./:") != std::string_view::npos || s == "anywhere" || s == "localhost" || s.starts_with("!");
}

std::optional<InterfaceTest> interface_of(const Token& token) {
  auto name = token.text;
  InterfaceTest test;
  test.column = token.column;
  test.negated = consume(name, "!");
  if (name == "*" || name == "any") return std::nullopt;
  test.prefix = name.ends_with('+');
  if (test.prefix) name.remove_suffix(1);
  test.name = name;
  return test;
}

class ListingReader {
 public:
  ListingReader(std::shared_ptr<const ConfigText> text, Family family, std::string_view table) : table_name_(table) {
    set_.text = std::move(text);
    set_.family = family;
    set_.form = RuleSet::Form::listing;
  }

  RuleSet read() {
    for (const auto& line : set_.text->lines()) read_line(line);
    name_tables();
    check_rules(set_);
    return std::move(set_);
  }

 private:
  Table& table() { return set_.tables.back(); }

  void read_line(const ConfigLine& line) {
    auto text = trim(line.text);
    if (text.empty() || text.starts_with('#')) return;
    if (consume(text, "Table: ")) return open_table(trim(text));
    if (text.starts_with("Chain ") && text.find(" (") != std::string_view::npos) return begin_chain(text, line);
    const auto tokens = tokens_of(line.text);
    if (is_header(tokens)) return read_header(tokens);
    if (chain_) read_row(line, tokens);
  }

  void open_table(std::string_view name) {
    set_.tables.emplace_back().name = name;
    chain_.reset();
    named_ = true;
  }

  // "Chain FORWARD (policy DROP 12 packets, 840 bytes)", "Chain RH-Firewall-1-INPUT (2 references)"
  void begin_chain(std::string_view text, const ConfigLine& line) {
    text.remove_prefix(6);
    const auto name = text.substr(0, text.find(' '));
    if (set_.tables.empty() || (set_.tables.size() < 16 && already_listed(name)))
      set_.tables.emplace_back().name = named_ ? "" : table_name_;
    chain_ = table().chain_index(name);
    Chain& chain = table().chains[*chain_];
    chain.declared = true;
    chain.line = line.number;
    chain.column = 7;
    auto rest = text.substr(name.size());
    if (consume(rest, " (policy ")) chain.policy = rest.substr(0, rest.find_first_of(" )"));
  }

  // Several tables one after the other, without a word between them.
  bool already_listed(std::string_view name) {
    const auto* chain = table().chain(name);
    return chain && chain->declared;
  }

  static bool is_header(const std::vector<Token>& tokens) {
    const auto has = [&](std::string_view word) {
      return std::ranges::find(tokens, word, &Token::text) != tokens.end();
    };
    return has("target") && has("prot") && has("source") && has("destination");
  }

  void read_header(const std::vector<Token>& tokens) {
    const auto has = [&](std::string_view word) {
      return std::ranges::find(tokens, word, &Token::text) != tokens.end();
    };
    numbered_ = has("num");
    counted_ = has("pkts");
    interfaces_ = has("in");
  }

  void read_row(const ConfigLine& line, const std::vector<Token>& tokens) {
    Rule rule;
    rule.chain = *chain_;
    rule.line = line.number;
    rule.text = trim(line.text);
    std::size_t at = numbered_ ? 1 : 0;
    if (counted_ && at + 1 < tokens.size()) {
      const auto packets = counter(tokens[at].text), bytes = counter(tokens[at + 1].text);
      if (!packets || !bytes) return unreadable(line);
      rule.counters = Counters{*packets, *bytes};
      at += 2;
    }
    if (!read_columns(rule, tokens, at)) return unreadable(line);
    read_extra(rule, tokens, at);
    auto& t = table();
    t.chains[*chain_].rules.push_back(static_cast<std::uint32_t>(t.rules.size()));
    t.rules.push_back(std::move(rule));
  }

  void unreadable(const ConfigLine& line) {
    set_.mistake(FirewallMistake::Kind::harmless, line.number, 1,
                 "this row of the listing is not understood and was left out");
  }

  // [target] prot [opt] [in out] source destination. The target may be blank; ip6tables of the time leaves opt blank.
  bool read_columns(Rule& rule, const std::vector<Token>& tokens, std::size_t& at) {
    const auto left = tokens.size() - at;
    const auto opt_at = [&](std::size_t i) { return i < left && is_fragment_column(tokens[at + i].text); };
    const std::size_t names = interfaces_ ? 2 : 0;
    bool target = false, opt = false;
    if (opt_at(1) || opt_at(2)) {
      opt = true;
      target = !opt_at(1);
    } else {
      if (left < 3 + names) return false;
      target = !is_address(tokens[at + 1 + names].text);
    }
    if (left < (target ? 1u : 0u) + 1 + (opt ? 1u : 0u) + names + 2) return false;
    if (target) {
      rule.target = tokens[at].text;
      rule.target_column = tokens[at++].column;
    }
    read_protocol(rule, tokens[at++].text);
    if (opt && tokens[at++].text.ends_with('f')) rule.conditional = true;
    rule.interfaces_stated = interfaces_;
    if (interfaces_) {
      rule.in = interface_of(tokens[at++]);
      rule.out = interface_of(tokens[at++]);
    }
    for (int i = 0; i < 2; ++i)
      if (!is_everywhere(tokens[at++].text)) rule.conditional = true;
    if (rule.target == "REJECT") rule.reject_with = default_reject_type(set_.family);
    return true;
  }

  static void read_protocol(Rule& rule, std::string_view word) {
    rule.protocol_negated = consume(word, "!");
    if ((word == "all" || word == "0") && !rule.protocol_negated) return;
    rule.protocol = word == "6" ? "tcp" : word == "17" ? "udp" : word == "1" ? "icmp" : to_lower(word);
    rule.conditional = true;
  }

  // What the matches and then the target print. Their text may be a comment or a log prefix of the user.
  void read_extra(Rule& rule, const std::vector<Token>& tokens, std::size_t at) {
    const bool plain = !is_known_target(rule.target) || rule.target == "REJECT" || rule.target == "ACCEPT" ||
                       rule.target == "DROP" || rule.target == "RETURN";
    while (at < tokens.size()) {
      const auto word = tokens[at].text;
      if (word == "/*") {
        while (at < tokens.size() && tokens[at].text != "*/") ++at;
        ++at;
      } else if (word == "[goto]") {
        rule.jumps_without_return = true;
        ++at;
      } else if (word == "PHYSDEV" && at + 1 < tokens.size() && tokens[at + 1].text == "match") {
        at = read_physdev(rule, tokens, at + 2);
      } else if (rule.target == "REJECT" && word == "reject-with" && at + 1 < tokens.size()) {
        if (const auto type = reject_type(set_.family, tokens[at + 1].text); !type.empty()) rule.reject_with = type;
        return;
      } else if (!plain && word == rule.target) {
        return;
      } else {
        rule.conditional = true;
        ++at;
      }
    }
  }

  static std::size_t read_physdev(Rule& rule, const std::vector<Token>& tokens, std::size_t at) {
    auto physdev = std::make_unique<PhysdevTest>();
    bool negated = false;
    for (; at < tokens.size(); ++at) {
      const auto word = tokens[at].text;
      if (word == "!") {
        negated = true;
        continue;
      }
      const auto asked = std::exchange(negated, false) ? Asked::negated : Asked::yes;
      if (word == "--physdev-is-bridged") {
        physdev->bridged = asked;
        physdev->bridged_column = tokens[at].column;
      } else if (word == "--physdev-is-in") {
        physdev->in_port = asked;
      } else if (word == "--physdev-is-out") {
        physdev->out_port = asked;
        physdev->out_port_column = tokens[at].column;
      } else if ((word == "--physdev-in" || word == "--physdev-out") && at + 1 < tokens.size()) {
        auto& test = word == "--physdev-in" ? physdev->in : physdev->out;
        test = interface_of(tokens[++at]);
        if (test) test->negated = asked == Asked::negated;
      } else {
        break;
      }
    }
    rule.physdev = std::move(physdev);
    return at;
  }

  // The lines do not say which table they list; its built-in chains do.
  void name_tables() {
    for (auto& t : set_.tables) {
      if (!t.name.empty() && t.name != "filter") continue;
      const bool pre = t.chain("PREROUTING"), post = t.chain("POSTROUTING"), forward = t.chain("FORWARD");
      t.name = pre && forward ? "mangle" : post ? "nat" : pre ? "raw" : "filter";
    }
  }

  RuleSet set_;
  std::string table_name_;
  std::optional<std::uint32_t> chain_;
  bool named_ = false, numbered_ = false, counted_ = false, interfaces_ = false;
};

}  // namespace

RuleSet parse_listing(std::shared_ptr<const ConfigText> text, Family family, std::string_view table) {
  return ListingReader(std::move(text), family, table).read();
}

}  // namespace diag
