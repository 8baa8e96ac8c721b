#include "config/firewalld.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/text.h"
#include "config/rule_words.h"

namespace diag {

namespace {

constexpr std::size_t most_tags = 200'000;

std::string decoded(std::string_view s) {
  constexpr std::pair<std::string_view, char> entities[] = {
      {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}};
  std::string out;
  out.reserve(s.size());
  while (!s.empty()) {
    const auto* found = s[0] == '&'
                            ? std::ranges::find_if(entities, [&](const auto& e) { return s.starts_with(e.first); })
                            : std::end(entities);
    out += found == std::end(entities) ? s[0] : found->second;
    s.remove_prefix(found == std::end(entities) ? 1 : found->first.size());
  }
  return out;
}

bool name_character(char c) { return is_word(c) || c == '-' || c == ':' || c == '.'; }

// name="value" pairs of a tag's inside.
void take_attributes(std::string_view inside, XmlTag& tag) {
  while (tag.attributes.size() < 64) {
    inside = trim_left(inside);
    const auto name = take_while(inside, name_character);
    inside = trim_left(inside);
    if (name.empty() || !consume(inside, "=")) return;
    inside = trim_left(inside);
    if (inside.empty() || (inside[0] != '"' && inside[0] != '\'')) return;
    const auto quote = inside.substr(0, 1);
    inside.remove_prefix(1);
    const auto value = take_until(inside, quote);
    if (!value) return;
    tag.attributes.emplace_back(name, decoded(*value));
  }
}

// The text joined, and the line each byte belongs to.
class XmlReader {
 public:
  explicit XmlReader(const ConfigText& text) : text_(text) {
    for (const auto& line : text.lines()) {
      starts_.push_back(all_.size());
      all_ += line.text;
      all_ += '\n';
    }
  }

  std::vector<XmlTag> read() {
    std::vector<XmlTag> tags;
    std::size_t at = 0;
    while (tags.size() < most_tags && (at = all_.find('<', at)) != std::string::npos) {
      const std::string_view rest = std::string_view(all_).substr(at);
      const std::string_view end = rest.starts_with("<!--") ? "-->" : rest.starts_with("<?") ? "?>" : ">";
      const auto close = all_.find(end, at + 1);
      if (close == std::string::npos) break;
      const auto behind = close + end.size();
      if (rest.size() > 1 && rest[1] != '!' && rest[1] != '?') tags.push_back(tag(at, close, behind));
      at = behind;
    }
    return tags;
  }

 private:
  XmlTag tag(std::size_t at, std::size_t close, std::size_t behind) const {
    XmlTag made;
    std::string_view inside = std::string_view(all_).substr(at + 1, close - at - 1);
    made.closing = consume(inside, "/");
    made.empty = inside.ends_with('/');
    made.name = take_while(inside, name_character);
    take_attributes(inside, made);
    const auto next = std::min(all_.find('<', behind), all_.size());
    made.text = decoded(trim(std::string_view(all_).substr(behind, next - behind)));
    const auto line = static_cast<std::size_t>(std::ranges::upper_bound(starts_, at) - starts_.begin()) - 1;
    made.line = text_.lines()[line].number;
    made.column = static_cast<std::uint32_t>(at - starts_[line] + 1);
    return made;
  }

  const ConfigText& text_;
  std::string all_;
  std::vector<std::size_t> starts_;
};

struct DirectRule {
  std::string table, chain, arguments;
  int priority = 0;
  std::uint64_t line = 0;
};

// "-t filter -I FORWARD -j REJECT" of a passthrough, taken apart; nothing unless it adds a rule.
bool passthrough(std::string_view arguments, DirectRule& rule) {
  const auto words = split_words(arguments).list;
  rule.table = "filter";
  std::size_t behind = 0;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const auto& word = words[i].text;
    if (word == "-t" || word == "--table") rule.table = words[i + 1].text;
    if (word != "-A" && word != "-I" && word != "--append" && word != "--insert") continue;
    rule.chain = words[i + 1].text;
    behind = words[i + 1].end;
    if (word == "-I" || word == "--insert") rule.priority = -1'000'000;
  }
  if (rule.chain.empty()) return false;
  rule.arguments = arguments.substr(std::min<std::size_t>(behind, arguments.size()));
  return true;
}

}  // namespace

std::string_view XmlTag::attribute(std::string_view wanted) const {
  const auto at = std::ranges::find_if(attributes, [&](const auto& a) { return a.first == wanted; });
  return at == attributes.end() ? std::string_view{} : std::string_view(at->second);
}

std::vector<XmlTag> parse_xml_tags(const ConfigText& text) { return XmlReader(text).read(); }

RuleSet parse_firewalld_direct(std::shared_ptr<const ConfigText> text, Family family) {
  std::vector<DirectRule> rules;
  for (const auto& tag : parse_xml_tags(*text)) {
    if (tag.closing || tag.empty || tag.attribute("ipv") != to_string(family)) continue;
    DirectRule rule;
    rule.line = tag.line;
    if (tag.name == "rule") {
      rule.table = tag.attribute("table");
      rule.chain = tag.attribute("chain");
      rule.arguments = tag.text;
      rule.priority = parse_dec<int>(tag.attribute("priority")).value_or(0);
    } else if (tag.name != "passthrough" || !passthrough(tag.text, rule)) {
      continue;
    }
    rules.push_back(std::move(rule));
  }
  std::ranges::stable_sort(rules, {}, [](const DirectRule& r) { return std::tuple(r.table, r.chain, r.priority); });

  // The rules as a text of iptables commands, read by the parser of those; then each is given its line in the file.
  std::string commands;
  for (const auto& rule : rules) {
    auto one_line = "-t " + rule.table + " -A " + rule.chain + " " + rule.arguments;
    std::ranges::replace(one_line, '\n', ' ');
    commands += one_line + "\n";
  }
  RuleSet set = parse_rules(ConfigText::of(commands, text->source(), text->name()), family);
  set.form = RuleSet::Form::direct;
  set.fragment = true;
  for (auto& table : set.tables)
    for (auto& rule : table.rules) {
      rule.text = set.decoded.emplace_back(rule.text);
      rule.line = rules[rule.line - 1].line;
    }
  for (auto& mistake : set.mistakes) {
    mistake.line = mistake.line ? rules[mistake.line - 1].line : 0;
    mistake.column = 0;
  }
  set.text = std::move(text);
  return set;
}

FirewalldZone parse_firewalld_zone(const ConfigText& text) {
  FirewalldZone zone;
  std::uint64_t rule_line = 0;
  for (const auto& tag : parse_xml_tags(text)) {
    if (tag.name == "zone" && !tag.closing) {
      zone.target = tag.attribute("target");
      zone.line = tag.line;
    } else if (tag.name == "interface" && !tag.closing && zone.interfaces.size() < 1'000) {
      zone.interfaces.emplace_back(tag.attribute("name"));
    } else if (tag.name == "rule") {
      rule_line = tag.closing ? 0 : tag.line;
    } else if (tag.name == "reject" && !tag.closing && rule_line && zone.rejects.size() < 1'000) {
      zone.rejects.emplace_back(tag.line, tag.attribute("type"));
    }
  }
  return zone;
}

}  // namespace diag
