#include "config/rewrite.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "config/rule_words.h"

namespace diag {

namespace {

constexpr std::uint8_t only_input = 2;  // hooks_of_chains: INPUT and no other

// The words of the rule as they stand in its line.
Words words_of(const ConfigLine& line) { return split_words(line.text); }

const Word* word_at(const Words& words, std::uint32_t column) {
  const auto at = std::ranges::find_if(words.list, [&](const Word& w) { return w.column <= column && column < w.end; });
  return at == words.list.end() ? nullptr : &*at;
}

// The line with `target` in place of REJECT and without --reject-with and its argument.
std::string with_target(const ConfigLine& line, const Rule& rule, std::string_view target) {
  std::string text(line.text);
  const auto words = words_of(line);
  struct Cut {
    std::size_t from, to;
    std::string_view instead;
  };
  std::vector<Cut> cuts;
  if (const auto* word = word_at(words, rule.target_column))
    cuts.push_back({rule.target_column - 1, word->end - 1, target});
  if (rule.reject_column) {
    const auto* option = word_at(words, rule.reject_column);
    const auto* last = option;
    if (option && option->text.find('=') == std::string::npos && option != &words.list.back()) last = option + 1;
    std::size_t from = rule.reject_column - 1;
    while (from > 0 && is_space(text[from - 1])) --from;
    if (last) cuts.push_back({from, last->end - 1, {}});
  }
  std::ranges::sort(cuts, std::ranges::greater{}, &Cut::from);
  for (const auto& cut : cuts) text.replace(cut.from, cut.to - cut.from, cut.instead);
  return text;
}

// "--dport 113" among the conditions of a TCP rule.
bool is_for_ident(const ConfigLine& line, const Rule& rule) {
  if (rule.protocol != "tcp" || rule.protocol_negated) return false;
  const auto words = words_of(line).list;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const auto& option = words[i].text;
    const auto& port = words[i + 1].text;
    if ((option == "--dport" || option == "--destination-port") && (port == "113" || port == "auth" || port == "ident"))
      return true;
  }
  return false;
}

class Rewriter {
 public:
  Rewriter(const RuleSet& set, const RewriteOptions& options)
      : set_(set), options_(options), filter_(set.table("filter")) {}

  Rewrite rewrite() {
    if (filter_) choose();
    build();
    add_notes();
    return std::move(result_);
  }

 private:
  void choose() {
    const auto hooks = hooks_of_chains(*filter_);
    for (const auto& chain : filter_->chains)
      for (const auto index : chain.rules) consider(filter_->rules[index], hooks[filter_->rules[index].chain]);
  }

  void consider(const Rule& rule, std::uint8_t hooks) {
    if (rule.target != "REJECT") return;
    if (rule.reject_with == "tcp-reset") {
      ++resets_;
      return;
    }
    if (options_.only_forwarded && hooks == only_input) {
      ++in_input_;
      return;
    }
    const auto* line = set_.text->line(rule.line);
    if (!line) return;
    const bool ident = options_.keep_ident && hooks == only_input;
    if (options_.keep_ident && !ident && hooks & only_input) ++shared_;
    RewrittenLine changed{rule.line, std::string(line->text), {}};
    if (ident && is_for_ident(*line, rule)) {
      changed.after.push_back(with_target(*line, rule, "REJECT --reject-with tcp-reset"));
    } else {
      if (ident) changed.after.push_back(ident_rule(rule));
      changed.after.push_back(with_target(*line, rule, "DROP"));
    }
    by_line_[rule.line] = std::move(changed);
  }

  std::string ident_rule(const Rule& rule) const {
    return "-A " + filter_->chains[rule.chain].name + " -p tcp -m tcp --dport 113 -j REJECT --reject-with tcp-reset";
  }

  void build() {
    const auto& lines = set_.text->lines();
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const auto& line = lines[i];
      const std::string_view end = line.returned ? "\r\n" : "\n";
      const bool last = i + 1 == lines.size() && !set_.text->ends_with_newline();
      const auto found = by_line_.find(line.number);
      if (found == by_line_.end()) {
        result_.text += line.text;
      } else {
        for (const auto& text : found->second.after)
          result_.text += (&text == &found->second.after.front() ? "" : std::string(end)) + text;
        result_.changed.push_back(std::move(found->second));
      }
      result_.text += !last ? end : line.returned ? std::string_view("\r") : std::string_view();
    }
  }

  void add_notes() {
    auto& notes = result_.notes;
    if (!result_.changed.empty()) {
      notes.push_back(
          "Clients that were refused at once now get no answer: a connection attempt ends with a timeout instead of an "
          "error, and so does a UDP request.");
      notes.push_back(
          "Programs of this host see no refusal either: what OUTPUT drops gives EPERM for UDP and hangs for TCP.");
      notes.push_back(
          "Test the file before it is loaded: iptables-restore --test < FILE (as root; it checks the syntax, the "
          "kernel has the last word).");
    }
    if (resets_)
      notes.push_back(
          fmt::format("{} rules answer with a TCP reset and were left: no crash is known from that.", resets_));
    if (in_input_)
      notes.push_back(
          fmt::format("{} rules that only INPUT leads to were left: they are met in ordinary context.", in_input_));
    if (shared_)
      notes.push_back(
          fmt::format("Ident (port 113) gets no reset from {} rules that FORWARD or OUTPUT lead to as well: that is "
                      "safe in INPUT only.",
                      shared_));
  }

  const RuleSet& set_;
  const RewriteOptions& options_;
  const Table* filter_;
  std::map<std::uint64_t, RewrittenLine> by_line_;
  std::size_t resets_ = 0, in_input_ = 0, shared_ = 0;
  Rewrite result_;
};

}  // namespace

Result<Rewrite> rewrite_rejects(const RuleSet& rules, const RewriteOptions& options) {
  const auto refuse = [&](Error::Code code, std::string message) {
    return std::unexpected(Error{code, std::move(message), rules.text->name()});
  };
  if (rules.form == RuleSet::Form::listing)
    return refuse(Error::Code::unsupported, "a listing cannot be loaded again; give the output of iptables-save");
  if (rules.form == RuleSet::Form::direct)
    return refuse(Error::Code::unsupported, "direct.xml is firewalld's own; change it with firewall-cmd");
  if (!rules.text->complete()) return refuse(Error::Code::limit, "the text was not read to its end");
  if (std::ranges::any_of(rules.text->lines(), &ConfigLine::cut))
    return refuse(Error::Code::limit, "a line is too long to be kept whole");
  return Rewriter(rules, options).rewrite();
}

std::string unified_diff(const RuleSet& rules, const Rewrite& rewrite) {
  constexpr std::uint64_t context = 3;
  if (rewrite.changed.empty()) return {};
  const auto& lines = rules.text->lines();
  std::string out =
      "--- " + printable(rules.text->name(), false) + "\n+++ " + printable(rules.text->name(), false) + "\n";
  std::uint64_t shift = 0;  // lines added so far
  for (std::size_t first = 0; first < rewrite.changed.size();) {
    std::size_t last = first;
    while (last + 1 < rewrite.changed.size() &&
           rewrite.changed[last + 1].line - rewrite.changed[last].line <= 2 * context)
      ++last;
    const auto from = std::max<std::uint64_t>(rewrite.changed[first].line, context + 1) - context;
    const auto to = std::min<std::uint64_t>(rewrite.changed[last].line + context, lines.size());
    std::string body;
    std::uint64_t added = 0;
    std::size_t at = first;
    for (auto number = from; number <= to; ++number) {
      if (at <= last && rewrite.changed[at].line == number) {
        body += "-" + rewrite.changed[at].before + "\n";
        for (const auto& text : rewrite.changed[at].after) body += "+" + text + "\n";
        added += rewrite.changed[at++].after.size() - 1;
      } else {
        body += " " + std::string(lines[number - 1].text) + "\n";
      }
    }
    out += fmt::format("@@ -{},{} +{},{} @@\n{}", from, to - from + 1, from + shift, to - from + 1 + added, body);
    shift += added;
    first = last + 1;
  }
  return out;
}

}  // namespace diag
