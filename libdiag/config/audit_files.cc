// IPT006, IPT008, IPT009, IPT011, IPT013: the files themselves, and whether they are what runs.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "config/audit_scene.h"
#include "config/reject_remedy.h"

namespace diag {

namespace {

using Kind = FirewallMistake::Kind;
using From = HostRules::From;

constexpr std::size_t most_evidence = 20;

Event mistake_event(const RuleSet& set, const FirewallMistake& mistake) {
  Event event;
  event.kind = "iptables.mistake";
  event.title = mistake.message;
  event.first = event.last = set.text->origin(mistake.line);
  if (const auto* line = set.text->line(mistake.line)) event.lines.push_back({mistake.line, std::string(line->text)});
  event.set("family", std::string(to_string(set.family)));
  event.set("message", mistake.message, mistake.line);
  if (mistake.column) event.set("column", static_cast<double>(mistake.column), mistake.line);
  if (!mistake.remedy.empty()) event.set("remedy", mistake.remedy, mistake.line);
  return event;
}

Step correct_step(const RuleSet& set, const FirewallMistake& mistake) {
  const std::string program(program_of(set.family));
  Step step;
  step.instruction = mistake.remedy.empty() ? "Correct the line." : upper_first(mistake.remedy);
  step.check = program + "-restore --test < FILE   # as root; it does not find everything that the kernel refuses";
  step.undo = "put the old line back";
  return step;
}

std::string_view consequence(Kind kind) {
  switch (kind) {
    case Kind::syntax:
      return "iptables-restore or the kernel refuses the whole file. A service that empties the rules before it loads "
             "them leaves the host open.";
    case Kind::physdev:
      return "The condition asks for a bridge port that is not known where the rule stands: it does not load, or never "
             "matches.";
    case Kind::harmless:
      return "The rules load, but this is not what it seems.";
    case Kind::negation:
      return "Old iptables write '-i ! eth0'. New ones (1.8.9) take only '! -i eth0' and refuse the file.";
  }
  return {};
}

Severity severity_of(Kind kind, const RuleSet& set, Era era) {
  if (set.form == RuleSet::Form::listing) return kind == Kind::physdev ? Severity::warning : Severity::info;
  if (kind == Kind::syntax) return Severity::critical;
  if (kind == Kind::negation) return era == Era::el8 ? Severity::critical : Severity::info;
  return Severity::warning;
}

std::map<std::string, int> counted(const Table& table) {
  std::map<std::string, int> rules;
  for (const auto& chain : table.chains) {
    if (!chain.policy.empty()) ++rules["policy of " + chain.name + ": " + chain.policy];
    for (const auto index : chain.rules) ++rules[comparable(table, table.rules[index])];
  }
  return rules;
}

// The rules of `a` beyond those of `b`, as evidence.
void add_differences(Finding& finding, const RuleSet& a, std::map<std::string, int> left, const std::string& because) {
  const auto& table = *a.table("filter");
  for (const auto& chain : table.chains)
    for (const auto index : chain.rules) {
      auto& count = left[comparable(table, table.rules[index])];
      if (--count >= 0) continue;
      if (finding.evidence.size() < most_evidence)
        finding.evidence.push_back(evidence_at(a, table.rules[index].line, 0, because));
    }
}

bool same_order(const Table& a, const Table& b) {
  for (const auto& chain : a.chains) {
    const auto* other = b.chain(chain.name);
    if (!other || other->rules.size() != chain.rules.size()) return false;
    for (std::size_t i = 0; i < chain.rules.size(); ++i)
      if (comparable(a, a.rules[chain.rules[i]]) != comparable(b, b.rules[other->rules[i]])) return false;
  }
  return true;
}

void report_difference(const HostRules& running, const HostRules& saved, AuditResult& result) {
  const auto& now = *running.set.table("filter");
  const auto& file = *saved.set.table("filter");
  Finding finding = begin_finding("IPT011");
  finding.severity = Severity::warning;
  finding.summary =
      "What the findings say of the file holds after the next load of it, what they say of the running rules holds "
      "now.";
  add_differences(finding, running.set, counted(file), "runs, but is not in the saved file");
  add_differences(finding, saved.set, counted(now), "is in the saved file, but does not run");
  if (finding.evidence.empty())
    finding.evidence.push_back(
        evidence_at(saved.set, file.line, 0, "the same rules run in another order, or with other policies"));
  Event event;
  event.kind = "iptables.mistake";
  event.title = "the running rules differ from the saved file";
  event.first = event.last = saved.set.text->origin(file.line);
  event.set("family", std::string(to_string(saved.set.family)));
  event.set("message", event.title);
  finding.events.push_back(add_event(result, std::move(event)));
  const std::string program(program_of(saved.set.family));
  Step step;
  step.instruction = "Decide which of the two is right. To keep what runs: service " + program + " save";
  step.check = program + "-save | diff - /etc/sysconfig/" + program;
  step.undo = "put the copy of /etc/sysconfig/" + program + " back that was made before";
  finding.steps.push_back(std::move(step));
  finding.not_checked.push_back(
      "addresses, ports and states: compared are chains, interfaces, bridge ports, protocols and targets");
  result.findings.push_back(std::move(finding));
}

bool same_rules(const RuleSet& a, const RuleSet& b) {
  return counted(*a.table("filter")) == counted(*b.table("filter")) &&
         same_order(*a.table("filter"), *b.table("filter"));
}

}  // namespace

void check_mistakes(const AuditScene& scene, const HostRules& rules, AuditResult& result) {
  for (const auto& mistake : rules.set.mistakes) {
    Finding finding = begin_finding(mistake.kind == Kind::physdev ? "IPT008" : "IPT009");
    finding.severity = severity_of(mistake.kind, rules.set, scene.kernel.era);
    if (rules.set.form == RuleSet::Form::listing && mistake.kind != Kind::physdev)
      finding.title = "A row of the listing is not understood";
    else if (mistake.kind == Kind::harmless)
      finding.title = "A rule does not mean what it seems";
    else if (mistake.kind == Kind::negation)
      finding.title = "New iptables will not load the rules";
    finding.title += ": " + mistake.message;
    finding.summary = consequence(mistake.kind);
    finding.events.push_back(add_event(result, mistake_event(rules.set, mistake)));
    finding.evidence.push_back(evidence_at(rules.set, mistake.line, mistake.column, mistake.message));
    if (rules.set.form != RuleSet::Form::listing) finding.steps.push_back(correct_step(rules.set, mistake));
    finding.references = {"docs/formats/iptables.md"};
    if (rules.set.mistakes_left_out && &mistake == &rules.set.mistakes.back())
      finding.not_checked.push_back(
          fmt::format("{} more mistakes of this file are not listed", rules.set.mistakes_left_out));
    result.findings.push_back(std::move(finding));
  }
}

std::string comparable(const Table& table, const Rule& rule) {
  const auto test = [](const std::optional<InterfaceTest>& t) { return t ? t->text() : std::string("*"); };
  const auto& chain = table.chains[rule.chain].name;
  std::string text = fmt::format("{} {} {} {}", chain, test(rule.in), test(rule.out),
                                 (rule.protocol_negated ? "!" : "") + rule.protocol);
  if (const auto* p = rule.physdev.get())
    text += fmt::format(" physdev {}{}{} {} {}", static_cast<int>(p->bridged), static_cast<int>(p->in_port),
                        static_cast<int>(p->out_port), test(p->in), test(p->out));
  return text + fmt::format(" {} {} {} {}", rule.conditional, rule.jumps_without_return, rule.target, rule.reject_with);
}

// Of several inputs that state the same rules, one is looked at: a file rather than a listing, for its lines can be
// changed.
std::vector<const HostRules*> check_running(const AuditScene& scene, AuditResult& result) {
  std::vector<const HostRules*> repeated;
  const auto is_repeated = [&](const HostRules& r) { return std::ranges::find(repeated, &r) != repeated.end(); };
  const auto& all = scene.host.rules();
  for (const auto& rules : all) {
    if (!rules.set.table("filter") || is_repeated(rules)) continue;
    for (const auto& other : all) {
      if (&other == &rules || other.set.family != rules.set.family || !other.set.table("filter") || is_repeated(other))
        continue;
      const bool both_run = rules.from == From::running && other.from == From::running && &rules < &other;
      const bool from_file = rules.from == From::saved && other.from == From::running;
      const bool in_running = rules.from == From::running && other.from == From::direct;
      if (in_running || ((both_run || from_file) && same_rules(rules.set, other.set))) repeated.push_back(&other);
    }
  }
  for (const auto& saved : all) {
    if (saved.from != From::saved || !saved.set.table("filter")) continue;
    const auto running = std::ranges::find_if(all, [&](const HostRules& r) {
      return r.from == From::running && r.set.family == saved.set.family && r.set.table("filter");
    });
    if (running != all.end() && !same_rules(saved.set, running->set)) report_difference(*running, saved, result);
  }
  return repeated;
}

void check_migration(const AuditScene& scene, const HostRules& rules, AuditResult& result) {
  if (scene.kernel.era != Era::el8 && !scene.host.nft()) return;
  Finding finding = begin_finding("IPT013");
  finding.severity = Severity::warning;
  finding.confidence = Confidence::likely;
  finding.summary =
      "iptables-restore-translate turns a rule with -m physdev into a comment, and nft list ruleset prints such rules "
      "without their conditions. "
      "An exemption for bridged packets vanishes in silence.";
  for (const auto& table : rules.set.tables) {
    const auto hooks = hooks_of_chains(table);
    for (const auto& chain : table.chains) {
      std::uint32_t number = 0;
      for (const auto index : chain.rules) {
        const auto& rule = table.rules[index];
        ++number;
        if (!rule.physdev || finding.evidence.size() >= most_evidence) continue;
        if (finding.events.empty())
          finding.events.push_back(
              add_event(result, rule_event(rules.set, table, rule, number, hooks[rule.chain], {})));
        finding.evidence.push_back(evidence_at(rules.set, rule.line, rule.target_column, "a physdev rule"));
      }
    }
  }
  if (finding.events.empty()) return;
  Step step;
  step.instruction =
      "Keep the rules in iptables form (iptables-nft loads them as they are), and do not translate them.";
  step.check = "iptables-restore-translate -f FILE | grep '^#'   # what would be lost";
  step.undo = "nothing to undo";
  finding.steps.push_back(std::move(step));
  finding.references = {"docs/formats/iptables.md"};
  result.findings.push_back(std::move(finding));
}

}  // namespace diag
