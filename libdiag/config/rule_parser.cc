// iptables-save text, `iptables -S`, and fragments of either.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "config/firewall.h"
#include "config/reject_types.h"
#include "config/rule_words.h"

namespace diag {

namespace {

using Kind = FirewallMistake::Kind;

constexpr std::size_t most_moves = 1'000'000'000;  // rules moved by -I and -D in the middle of long chains, over all

// The interpreted options. Everything else is a condition that is not understood.
enum class Option {
  in,
  out,
  jump,
  go,
  protocol,
  source,
  destination,
  match,
  fragment,
  counters,
  comment,
  reject_with,
  table,
  family,
  is_bridged,
  is_in,
  is_out,
  physdev_in,
  physdev_out,
  other
};

struct OptionName {
  std::string_view name;
  Option option;
  std::size_t shortest;  // as many characters identify it, for getopt's abbreviations
};

constexpr OptionName option_names[] = {
    {"-i", Option::in, 2},
    {"--in-interface", Option::in, 5},
    {"-o", Option::out, 2},
    {"--out-interface", Option::out, 6},
    {"-j", Option::jump, 2},
    {"--jump", Option::jump, 3},
    {"-g", Option::go, 2},
    {"--goto", Option::go, 3},
    {"-p", Option::protocol, 2},
    {"--protocol", Option::protocol, 5},
    {"-s", Option::source, 2},
    {"--source", Option::source, 8},
    {"--src", Option::source, 5},
    {"-d", Option::destination, 2},
    {"--destination", Option::destination, 13},
    {"--dst", Option::destination, 5},
    {"-m", Option::match, 2},
    {"--match", Option::match, 5},
    {"-f", Option::fragment, 2},
    {"--fragments", Option::fragment, 6},
    {"-c", Option::counters, 2},
    {"--set-counters", Option::counters, 7},
    {"--comment", Option::comment, 9},
    {"--reject-with", Option::reject_with, 8},
    {"-t", Option::table, 2},
    {"--table", Option::table, 5},
    {"-4", Option::family, 2},
    {"-6", Option::family, 2},
    {"--ipv4", Option::family, 6},
    {"--ipv6", Option::family, 6},
    {"--physdev-is-bridged", Option::is_bridged, 14},
    {"--physdev-is-in", Option::is_in, 14},
    {"--physdev-is-out", Option::is_out, 14},
    {"--physdev-in", Option::physdev_in, 12},
    {"--physdev-out", Option::physdev_out, 11},
};

Option option_of(std::string_view word) {
  for (const auto& o : option_names)
    if (word.size() >= o.shortest && o.name.starts_with(word)) return o.option;
  return Option::other;
}

bool is_option(const Word& word) {
  return !word.quoted && word.text.size() > 1 && word.text[0] == '-' && !is_digit(word.text[1]);
}
bool is_negation(const Word& word) { return !word.quoted && word.text == "!"; }

// "-jREJECT" and "--jump=REJECT" as getopt reads them: option and argument in two words.
void part_attached(std::vector<Word>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    Word& word = words[i];
    if (!is_option(word) || word.text.size() < 3) continue;
    const bool is_long = word.text[1] == '-';
    const auto at = is_long ? word.text.find('=') : 2;
    if (at == std::string::npos ||
        (!is_long && std::string_view("iojgpsdmt").find(word.text[1]) == std::string_view::npos))
      continue;
    const auto from = is_long ? at + 1 : at;
    Word argument{word.text.substr(from), word.column + static_cast<std::uint32_t>(from), word.end, word.quoted};
    word.text.resize(at);
    word.end = word.column + static_cast<std::uint32_t>(at);
    words.insert(words.begin() + static_cast<std::ptrdiff_t>(i) + 1, std::move(argument));
  }
}

bool covers_all(std::string_view address) { return address == "0/0" || address.ends_with("/0") || address == "any"; }

InterfaceTest interface_test(const Word& word, bool negated) {
  InterfaceTest test{.name = word.text, .negated = negated, .column = word.column};
  if (test.name.ends_with('+')) {
    test.name.pop_back();
    test.prefix = true;
  }
  return test;
}

// Reads the options of one rule. What comes before them (-A CHAIN) is the caller's.
class RuleReader {
 public:
  RuleReader(RuleSet& set, Rule& rule, const std::vector<Word>& words, std::size_t from)
      : set_(set), rule_(rule), words_(words), at_(from) {}

  void read() {
    while (at_ < words_.size() && !comment_begins()) read_option();
    if (negation_) mistake(*negation_, "'!' with nothing after it");
    finish_reject();
    check_physdev();
  }
  std::string_view table() const { return table_; }
  std::uint32_t old_negation() const { return old_negation_; }

 private:
  // "-j DROP # this one", as people write into a fragment they show; in a file that is loaded '#' is a bad argument.
  bool comment_begins() const { return set_.fragment && !words_[at_].quoted && words_[at_].text.starts_with('#'); }

  void mistake(const Word& word, std::string message, std::string remedy = {}, Kind kind = Kind::syntax) {
    set_.mistake(kind, rule_.line, word.column, std::move(message), std::move(remedy));
  }

  void read_option() {
    const Word& word = words_[at_++];
    if (is_negation(word)) {
      if (negation_) mistake(word, "'!' twice");
      negation_ = &word;
      return;
    }
    if (!is_option(word)) {
      stray(word);
      return;
    }
    const bool negated = std::exchange(negation_, nullptr) != nullptr;
    apply(option_of(word.text), word, negated);
  }

  void stray(const Word& word) {
    const bool single = word.text.starts_with('\'') || word.text.ends_with('\'');
    mistake(word, "bad argument '" + word.text + "'",
            single ? "use double quotes: single quotes do not quote here" : "");
    negation_ = nullptr;
  }

  // The argument of the option `word`; null, with a mistake, if there is none. "! eth0" sets `negated`.
  const Word* argument(const Word& word, bool& negated) {
    if (at_ < words_.size() && is_negation(words_[at_])) {
      if (!old_negation_) old_negation_ = words_[at_].column;
      negated = true;
      ++at_;
    }
    if (at_ >= words_.size() || (is_option(words_[at_]) && option_of(words_[at_].text) != Option::other)) {
      mistake(word, "option '" + word.text + "' needs an argument");
      return nullptr;
    }
    const Word& found = words_[at_++];
    if (!found.quoted && found.text.starts_with('\'')) single_quote(found);
    return &found;
  }

  void single_quote(const Word& word) {
    const bool closed = word.text.size() > 1 && word.text.ends_with('\'');
    if (closed)
      mistake(word, "the single quotes are taken as part of the value", "use double quotes, or none", Kind::harmless);
  }

  void apply(Option option, const Word& word, bool negated) {
    switch (option) {
      case Option::in:
        return apply_interface(rule_.in, word, negated);
      case Option::out:
        return apply_interface(rule_.out, word, negated);
      case Option::physdev_in:
        return apply_interface(physdev().in, word, negated);
      case Option::physdev_out:
        return apply_interface(physdev().out, word, negated);
      case Option::is_bridged:
        physdev().bridged_column = word.column;
        physdev().bridged = negated ? Asked::negated : Asked::yes;
        return;
      case Option::is_in:
        physdev().in_port = negated ? Asked::negated : Asked::yes;
        return;
      case Option::is_out:
        physdev().out_port_column = word.column;
        physdev().out_port = negated ? Asked::negated : Asked::yes;
        return;
      case Option::jump:
      case Option::go:
        return apply_target(option, word, negated);
      case Option::protocol:
        return apply_protocol(word, negated);
      case Option::source:
      case Option::destination:
        return apply_address(word, negated);
      case Option::match:
        return apply_match(word, negated);
      case Option::comment:
        argument(word, negated);
        return;
      case Option::reject_with:
        return apply_reject_with(word, negated);
      case Option::counters:
        return apply_counters(word);
      case Option::table:
        return apply_table(word, negated);
      case Option::family:
        return;
      case Option::fragment:
        rule_.conditional = true;
        return;
      case Option::other:
        return apply_other();
    }
  }

  PhysdevTest& physdev() {
    if (!rule_.physdev) rule_.physdev = std::make_unique<PhysdevTest>();
    return *rule_.physdev;
  }

  void apply_interface(std::optional<InterfaceTest>& test, const Word& word, bool negated) {
    const Word* name = argument(word, negated);
    if (!name) return;
    if (test) mistake(word, "option '" + word.text + "' twice");
    if (name->text.size() > 15) mistake(*name, "interface name '" + name->text + "' is longer than 15 characters");
    test = interface_test(*name, negated);
  }

  void apply_target(Option option, const Word& word, bool negated) {
    const Word* name = argument(word, negated);
    if (!name) return;
    if (negated) mistake(word, "'!' before '" + word.text + "'");
    if (rule_.target_column) mistake(word, "a second target");
    rule_.target = name->text;
    rule_.target_column = name->column;
    rule_.jumps_without_return = option == Option::go;
  }

  void apply_protocol(const Word& word, bool negated) {
    const Word* name = argument(word, negated);
    if (!name) return;
    const auto protocol = to_lower(name->text);
    if (protocol == "all" || protocol == "0") {
      if (negated) mistake(*name, "no packet has another protocol than any");
      return;
    }
    rule_.protocol = protocol == "6" ? "tcp" : protocol == "17" ? "udp" : protocol == "1" ? "icmp" : protocol;
    rule_.protocol_negated = negated;
    rule_.conditional = true;
  }

  void apply_address(const Word& word, bool negated) {
    const Word* address = argument(word, negated);
    if (address && (negated || !covers_all(address->text))) rule_.conditional = true;
  }

  void apply_match(const Word& word, bool negated) {
    constexpr std::string_view plain[] = {"comment", "icmp",     "icmp6", "icmpv6", "ipv6-icmp",
                                          "physdev", "standard", "tcp",   "udp"};
    const Word* name = argument(word, negated);
    if (!name) return;
    if (name->text == "physdev") {
      physdev();
      physdev_word_ = name;
    } else if (!std::ranges::binary_search(plain, std::string_view(name->text))) {
      rule_.conditional = true;
    }
  }

  void apply_reject_with(const Word& word, bool negated) {
    const Word* type = argument(word, negated);
    rule_.reject_column = word.column;
    reject_type_ = type;
    reject_word_ = &word;
  }

  void apply_counters(const Word& word) {
    bool negated = false;
    const Word* packets = argument(word, negated);
    if (!packets) return;
    const auto p = parse_dec(packets->text);
    const auto b = at_ < words_.size() ? parse_dec(words_[at_].text) : std::nullopt;
    if (!p || !b) return mistake(word, "'-c' needs two numbers: packets and bytes");
    ++at_;
    rule_.counters = Counters{*p, *b};
  }

  void apply_table(const Word& word, bool negated) {
    if (const Word* name = argument(word, negated)) table_ = name->text;
    if (!set_.fragment) mistake(word, "'-t' inside a table");
  }

  // The arguments of an option that is not understood: whatever follows, up to the next option.
  void apply_other() {
    rule_.conditional = true;
    std::size_t taken = 0;
    for (; at_ < words_.size() && !comment_begins(); ++at_, ++taken) {
      const Word& word = words_[at_];
      if (is_option(word)) return;
      if (is_negation(word)) {
        const bool before_option = at_ + 1 < words_.size() && is_option(words_[at_ + 1]);
        if (before_option) return;
        if (taken == 0 && !old_negation_) old_negation_ = word.column;
      }
      if (!word.quoted && word.text.starts_with('\'')) return single_quoted_argument(word);
    }
  }

  // "--log-prefix 'two words'": the first word is the argument, iptables-restore stumbles over the second.
  void single_quoted_argument(const Word& word) {
    ++at_;
    if (word.text.size() > 1 && word.text.ends_with('\'')) single_quote(word);
  }

  void finish_reject() {
    if (rule_.target != "REJECT") {
      if (reject_word_) {
        const auto target = rule_.target.empty() ? "a rule without target" : "target " + rule_.target;
        mistake(*reject_word_, "unknown option '--reject-with' of " + target,
                "remove '--reject-with' and the word after it");
      }
      return;
    }
    rule_.reject_with = default_reject_type(set_.family);
    if (!reject_type_) return;
    const auto type = reject_type(set_.family, reject_type_->text);
    if (type.empty()) return mistake(*reject_type_, "unknown reject type '" + reject_type_->text + "'");
    rule_.reject_with = type;
    if (type == "tcp-reset" && (rule_.protocol != "tcp" || rule_.protocol_negated))
      mistake(*reject_type_, "tcp-reset needs '-p tcp' in the same rule", "add '-p tcp', or use an icmp type");
  }

  void check_physdev() {
    const auto* p = rule_.physdev.get();
    if (!p) return;
    const bool empty =
        p->bridged == Asked::no && p->in_port == Asked::no && p->out_port == Asked::no && !p->in && !p->out;
    if (empty && physdev_word_) mistake(*physdev_word_, "'-m physdev' without any --physdev option");
  }

  RuleSet& set_;
  Rule& rule_;
  const std::vector<Word>& words_;
  std::size_t at_;
  const Word* negation_ = nullptr;
  const Word* reject_type_ = nullptr;
  const Word* reject_word_ = nullptr;
  const Word* physdev_word_ = nullptr;
  std::uint32_t old_negation_ = 0;
  std::string table_;
};

// Reads a whole text, line by line.
class TextReader {
 public:
  TextReader(std::shared_ptr<const ConfigText> text, Family family) {
    set_.text = std::move(text);
    set_.family = family;
  }

  RuleSet read() {
    const auto& lines = set_.text->lines();
    set_.fragment = std::ranges::none_of(lines, [](const ConfigLine& l) { return trim_left(l.text).starts_with('*'); });
    for (const auto& line : lines) read_line(line);
    finish();
    check_rules(set_);
    return std::move(set_);
  }

 private:
  void read_line(const ConfigLine& line) {
    const auto text = trim_right(line.text);
    const auto blanks = text.size() - trim_left(text).size();
    const auto rest = text.substr(blanks);
    line_ = &line;
    if (rest.empty()) return;
    if (line.returned) note_return(line);
    if (line.cut) return mistake(1, "the line is too long to be a rule");
    if (rest[0] == '#') return read_comment(rest, blanks);
    if (rest[0] == '*') return begin_table(rest.substr(1));
    if (rest[0] == ':') return read_chain(rest, blanks);
    if (rest == "COMMIT") return commit();
    read_command(rest, blanks + 1);
  }

  void mistake(std::size_t column, std::string message, std::string remedy = {}) {
    set_.mistake(Kind::syntax, line_->number, column, std::move(message), std::move(remedy));
  }

  void note_return(const ConfigLine& line) {
    if (!std::exchange(returns_, true))
      mistake(line.text.size() + 1, "the lines end in CR LF; the CR becomes part of the last word",
              "convert the file: dos2unix FILE");
  }

  // "# Generated by iptables-save v1.4.7 on ..." names the version that wrote the file.
  void read_comment(std::string_view rest, std::size_t blanks) {
    if (blanks > 0 && !set_.fragment) mistake(blanks + 1, "'#' begins a comment only at the start of a line");
    const auto at = rest.find("tables-");
    if (!rest.starts_with("# Generated by ") || at == std::string_view::npos) return;
    auto word = rest.substr(rest.find(" v", at) == std::string_view::npos ? rest.size() : rest.find(" v", at) + 2);
    if (set_.version.empty()) set_.version = take_while(word, [](char c) { return is_digit(c) || c == '.'; });
    if (rest.find("nf_tables") != std::string_view::npos) set_.nft_backend = true;
  }

  void begin_table(std::string_view name) {
    if (table_ && !table().committed && table().line)
      mistake(1, "table " + table().name + " has no COMMIT before this line");
    open_table(trim(name));
    table().line = line_->number;
    table().committed = false;
  }

  void open_table(std::string_view name) {
    const auto at = std::ranges::find(set_.tables, name, &Table::name);
    table_ = static_cast<std::size_t>(at - set_.tables.begin());
    if (at != set_.tables.end()) return;
    if (set_.tables.size() >= 64) {  // there are five
      table_ = 0;
      return;
    }
    set_.tables.emplace_back().name = name;
  }

  Table& table() { return set_.tables[*table_]; }

  // The table that a line without one belongs to. False, with a mistake, if the text has tables and this line is in
  // none.
  bool in_table() {
    if (table_) return true;
    if (!set_.fragment) {
      if (!std::exchange(outside_, true))
        mistake(1, "this line is in no table: '*filter' or another is missing before it");
      return false;
    }
    open_table("filter");
    return true;
  }

  void commit() {
    if (!table_ || !table().line) {
      mistake(1, "COMMIT without a table: '*filter' or another is missing before the rules");
      return;
    }
    table().committed = true;
    table_.reset();
  }

  void read_chain(std::string_view rest, std::size_t blanks) {
    if (!in_table()) return;
    const auto words = split_words(rest.substr(1), static_cast<std::uint32_t>(blanks + 2)).list;
    if (words.empty()) return mistake(blanks + 1, "':' without a chain");
    declare(words[0]);
    if (words.size() < 2) return mistake(words[0].column, "chain " + words[0].text + " without a policy");
    set_policy(words[0].text, words[1]);
  }

  void declare(const Word& name) {
    Chain& chain = table().chains[table().chain_index(name.text)];
    if (!chain.declared) {
      chain.line = line_->number;
      chain.column = name.column;
    }
    chain.declared = true;
  }

  void set_policy(std::string_view name, const Word& policy) {
    if (policy.text == "-") return;
    Chain& chain = table().chains[table().chain_index(name)];
    if (!is_built_in(table().name, name))
      return mistake(policy.column, "only built-in chains have a policy; write '-'");
    chain.policy = policy.text;
    if (policy.text != "ACCEPT" && policy.text != "DROP")
      mistake(policy.column, "policy " + policy.text + " does not exist: it is ACCEPT or DROP",
              "set the policy to DROP, and end the chain with a rule if an answer is wanted");
  }

  void read_command(std::string_view rest, std::size_t column) {
    std::optional<Counters> counters;
    if (rest[0] == '[') counters = take_counters(rest, column);
    auto words = split_words(rest, static_cast<std::uint32_t>(column));
    if (words.open_quote) mistake(words.open_quote, "this quote is never closed");
    part_attached(words.list);
    std::size_t at = 0;
    skip_program(words.list, at);
    if (at >= words.list.size()) return;
    command(rest, words.list, at, counters);
  }

  std::optional<Counters> take_counters(std::string_view& rest, std::size_t& column) {
    const auto end = rest.find(']');
    const auto inside = rest.substr(1, end == std::string_view::npos ? 0 : end - 1);
    const auto colon = std::min(inside.find(':'), inside.size());
    const auto packets = parse_dec(inside.substr(0, colon));
    const auto bytes = colon < inside.size() ? parse_dec(inside.substr(colon + 1)) : std::nullopt;
    if (!packets || !bytes) {
      mistake(column, "counters are written [packets:bytes]");
      if (end == std::string_view::npos) return std::nullopt;
    }
    const auto behind = rest.substr(end + 1);
    column += rest.size() - trim_left(behind).size();
    rest = trim_left(behind);
    return packets && bytes ? std::optional(Counters{*packets, *bytes}) : std::nullopt;
  }

  // "iptables -A ..." of a script, in a fragment.
  void skip_program(const std::vector<Word>& words, std::size_t& at) {
    if (!set_.fragment) return;
    if (at < words.size() && words[at].text == "sudo") ++at;
    if (at < words.size() && (words[at].text.ends_with("iptables") || words[at].text.ends_with("ip6tables"))) ++at;
    std::size_t t = at;
    while (t + 1 < words.size() && words[t].text != "-t" && words[t].text != "--table") ++t;
    if (t + 1 < words.size()) {
      open_table(words[t + 1].text);
      if (t == at) at += 2;
    } else if (!table_ || at > 0) {
      open_table("filter");
    }
  }

  void command(std::string_view rest, const std::vector<Word>& words, std::size_t at,
               std::optional<Counters> counters) {
    struct Command {
      std::string_view letter, name;
    };
    constexpr Command commands[] = {{"-A", "--append"},      {"-I", "--insert"},       {"-D", "--delete"},
                                    {"-R", "--replace"},     {"-P", "--policy"},       {"-N", "--new-chain"},
                                    {"-F", "--flush"},       {"-X", "--delete-chain"}, {"-Z", "--zero"},
                                    {"-E", "--rename-chain"}};
    if (!in_table()) return;
    const auto& word = words[at];
    const auto found =
        std::ranges::find_if(commands, [&](const Command& c) { return word.text == c.letter || word.text == c.name; });
    if (found == std::end(commands))
      return mistake(word.column, "neither a rule nor a command: '" + word.text.substr(0, 40) + "'");
    const char letter = found->letter[1];
    rest.remove_prefix(word.column - words[0].column);
    const auto* name = at + 1 < words.size() ? &words[at + 1] : nullptr;
    if (letter == 'Z' || letter == 'X' || letter == 'E') return;
    if (letter == 'F') return flush(name);
    if (!name) return mistake(word.column, "'" + word.text + "' without a chain");
    if (letter == 'N') return declare(*name);
    if (letter == 'P')
      return at + 2 < words.size() ? policy(*name, words[at + 2]) : mistake(word.column, "'-P' without a policy");
    rule(letter, rest, words, at + 2, counters);
  }

  void policy(const Word& name, const Word& policy) {
    declare(name);
    set_policy(name.text, policy);
  }

  void flush(const Word* name) {
    for (auto& chain : table().chains)
      if (!name || chain.name == name->text) chain.rules.clear();
  }

  void rule(char letter, std::string_view rest, const std::vector<Word>& words, std::size_t at,
            std::optional<Counters> counters) {
    const auto& chain_word = words[at - 1];
    std::optional<std::size_t> number;
    if (letter != 'A' && at < words.size() && (number = parse_dec<std::size_t>(words[at].text))) ++at;
    auto& t = table();
    const auto chain = t.chain_index(chain_word.text);
    if (!t.chains[chain].line) {
      t.chains[chain].line = line_->number;
      t.chains[chain].column = chain_word.column;
    }
    if (letter == 'D') return remove(t.chains[chain], rest, number);
    Rule made;
    made.chain = chain;
    made.line = line_->number;
    made.text = rest;
    made.counters = counters;
    RuleReader reader(set_, made, words, at);
    reader.read();
    if (reader.old_negation())
      set_.mistake(Kind::negation, line_->number, reader.old_negation(), "'!' stands after the option",
                   "write '! -i eth0' instead of '-i ! eth0' for new iptables");
    place(letter, std::move(made), number);
  }

  void place(char letter, Rule rule, std::optional<std::size_t> number) {
    auto& t = table();
    auto& order = t.chains[rule.chain].rules;
    const auto index = static_cast<std::uint32_t>(t.rules.size());
    const auto position = letter == 'A' ? order.size() : number.value_or(1) - 1;
    t.rules.push_back(std::move(rule));
    if (letter == 'R' && position < order.size()) {
      order[position] = index;
      return;
    }
    if (letter == 'R' || position > order.size()) return mistake(1, "the chain has no rule of that number");
    if (!affordable(std::min(position, order.size() - position))) return;
    order.insert(order.begin() + static_cast<std::ptrdiff_t>(position), index);
  }

  void remove(Chain& chain, std::string_view rest, std::optional<std::size_t> number) {
    auto at = chain.rules.end();
    if (number && *number >= 1 && *number <= chain.rules.size())
      at = chain.rules.begin() + static_cast<std::ptrdiff_t>(*number) - 1;
    if (!number) {
      const auto options = [](std::string_view text) { return text.substr(std::min(text.find(' '), text.size())); };
      if (!affordable(chain.rules.size())) return;
      at = std::ranges::find_if(chain.rules, [&](auto i) { return options(table().rules[i].text) == options(rest); });
    }
    if (at == chain.rules.end()) return mistake(1, "there is no such rule to delete");
    if (affordable(chain.rules.size() / 2)) chain.rules.erase(at);
  }

  bool affordable(std::size_t moves) {
    moves_ += moves;
    if (moves_ <= most_moves) return true;
    if (!std::exchange(moves_reported_, true))
      mistake(1, "too many rules are inserted or deleted in long chains; these are left out");
    return false;
  }

  void finish() {
    if (table_ && table().line && !table().committed) {
      line_ = set_.text->lines().empty() ? nullptr : &set_.text->lines().back();
      mistake(1, "table " + table().name + " has no COMMIT: nothing of it is loaded",
              "end the table with a line COMMIT");
    }
    const bool chains_declared =
        std::ranges::any_of(set_.text->lines(), [](const ConfigLine& l) { return l.text.starts_with(':'); });
    const auto* filter = set_.table("filter");
    const bool policies =
        filter && std::ranges::any_of(filter->chains, [](const Chain& c) { return !c.policy.empty(); });
    if (set_.fragment && policies && !chains_declared) {
      set_.form = RuleSet::Form::commands;
      set_.fragment = false;
    }
  }

  RuleSet set_;
  std::optional<std::size_t> table_;
  const ConfigLine* line_ = nullptr;
  bool returns_ = false, outside_ = false, moves_reported_ = false;
  std::size_t moves_ = 0;
};

}  // namespace

RuleSet parse_rules(std::shared_ptr<const ConfigText> text, Family family) {
  return TextReader(std::move(text), family).read();
}

}  // namespace diag
