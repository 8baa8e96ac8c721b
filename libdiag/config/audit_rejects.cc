// IPT001 to IPT005, IPT007, IPT010, IPT012: what can be reached, and what that means for the kernel at hand.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "config/audit_scene.h"
#include "config/reject_remedy.h"

namespace diag {

namespace {

constexpr std::size_t most_evidence = 50;
constexpr std::size_t most_findings = 100;     // of one code about one rule set; the rest are told together
constexpr std::size_t most_gathered = 10'000;  // in one such finding

std::string_view code_of(Situation situation, Family family) {
  if (situation == Situation::ordinary) return "IPT004";
  if (family == Family::ipv6) return "IPT012";
  return situation == Situation::bridged ? "IPT001" : situation == Situation::host_to_bridge ? "IPT003" : "IPT002";
}

class RejectAudit {
 public:
  RejectAudit(const AuditScene& scene, const HostRules& rules, AuditResult& result)
      : scene_(scene),
        set_(rules.set),
        table_(*rules.set.table("filter")),
        result_(result),
        paths_(reject_paths(set_, scene.filter_host(set_.family))),
        owners_(set_, table_) {}

  void check() {
    std::vector<const RejectPath*> ordinary;
    for (std::size_t i = 0; i < paths_.paths.size(); ++i) {
      const auto& path = paths_.paths[i];
      if (path.situation != Situation::ordinary)
        report(path);
      else if (i == 0 || paths_.paths[i - 1].rule != path.rule)
        ordinary.push_back(&path);
    }
    report_gathered();
    report_exemption();
    report_owners();
    report_counters();
    report_ordinary(ordinary);
  }

 private:
  const Rule& rule_of(const RejectPath& path) const { return table_.rules[path.rule]; }

  bool in_bridges_hands(const RejectPath& path) const {
    return scene_.calls(set_.family) != Tri::no && in_bridge(path, paths_.deferred_hooks, scene_.kernel.bridge());
  }

  Severity severity_of(const RejectPath& path) const {
    if (!in_bridges_hands(path) || rule_of(path).reject_with == "tcp-reset") return Severity::info;
    if (scene_.kernel.crashes() != Tri::no) return Severity::critical;
    return path.situation == Situation::bridged ? Severity::warning : Severity::info;
  }

  Confidence confidence_of(const RejectPath& path) const {
    if (!in_bridges_hands(path)) return path.assumed ? Confidence::possible : Confidence::likely;
    if (path.assumed || scene_.kernel.era == Era::unknown) return Confidence::possible;
    const bool all_known = scene_.bridges_complete && scene_.calls(set_.family) == Tri::yes && !scene_.kernel.guessed &&
                           scene_.kernel.crashes() != Tri::unknown;
    return all_known ? Confidence::certain : Confidence::likely;
  }

  void report(const RejectPath& path) {
    const bool dangerous = in_bridges_hands(path);
    if (dangerous && rule_of(path).reject_with != "tcp-reset") flagged_.push_back(&path);
    auto& told = told_[code_of(path.situation, set_.family)];
    if (told.count++ < most_findings)
      result_.findings.push_back(finding_of(path, dangerous));
    else
      gather(path, told);
  }

  Finding finding_of(const RejectPath& path, bool dangerous) {
    const Rule& rule = rule_of(path);
    Finding finding = begin_finding(code_of(path.situation, set_.family));
    finding.severity = severity_of(path);
    finding.confidence = confidence_of(path);
    finding.title = fmt::format("{} can reach the REJECT rule {}", upper_first(description(path.situation)),
                                to_string(table_, {path.steps.back()}));
    if (set_.family == Family::ipv6) finding.title = "IPv6: " + finding.title;
    finding.summary = summary(path, dangerous);
    finding.events.push_back(add_event(result_, path_event(set_, path)));
    add_evidence(finding, path);
    if (finding.severity != Severity::info)
      finding.steps = reject_steps({set_, table_, rule, path.steps.back().number, owners_.of(rule)}, scene_.kernel,
                                   std::exchange(steps_told_, true));
    if (set_.family == Family::ipv4) finding.kernel = state_of(scene_.kernel);
    finding.references = {"docs/formats/iptables.md"};
    if (dangerous && scene_.kernel.crashes() != Tri::no)
      finding.references.insert(finding.references.begin(),
                                {"RHSA-2012:0480", "bridge: Reset IPCB when entering IP stack"});
    add_not_checked(finding, path);
    return finding;
  }

  // One of very many: a line of evidence in a finding that stands for all of them.
  struct Told {
    std::size_t count = 0;
    Finding rest;
  };

  void gather(const RejectPath& path, Told& told) {
    Finding& rest = told.rest;
    if (rest.events.empty()) {
      rest = finding_of(path, in_bridges_hands(path));
      rest.evidence.clear();
    }
    rest.severity = std::max(rest.severity, severity_of(path));
    rest.confidence = std::min(rest.confidence, confidence_of(path));
    if (rest.evidence.size() < most_gathered)
      rest.evidence.push_back(evidence_at(set_, rule_of(path).line, rule_of(path).target_column,
                                          "reached as " + to_string(table_, path.steps)));
  }

  void report_gathered() {
    for (auto& [code, told] : told_) {
      if (told.rest.events.empty()) continue;
      auto& finding = told.rest;
      const auto many = told.count - most_findings;
      finding.title = fmt::format("{} more REJECT rules can be reached like the {} above", many, code);
      if (many > finding.evidence.size())
        finding.not_checked.push_back(fmt::format("{} of them are not listed", many - finding.evidence.size()));
      result_.findings.push_back(std::move(finding));
    }
  }

  std::string summary(const RejectPath& path, bool dangerous) const {
    const Rule& rule = rule_of(path);
    if (rule.reject_with == "tcp-reset")
      return "It answers with a TCP reset. That is built afresh and never reads what the bridge left in the packet: no "
             "crash is known from it.";
    if (!dangerous) {
      if (scene_.calls(set_.family) == Tri::no)
        return "The bridge does not call iptables (net.bridge), so the rule runs in ordinary context, where it is "
               "harmless.";
      if (path.situation == Situation::host_to_bridge && scene_.kernel.bridge() != BridgeEra::later)
        return "Without deferred hooks (no --physdev-out rule is loaded) OUTPUT runs before the bridge has the packet: "
               "it is harmless.";
      return "Kernels after 2.6.18 run the rule before the bridge has the packet, in ordinary context: it is harmless.";
    }
    return where_it_runs(path) + " " + what_happens();
  }

  std::string where_it_runs(const RejectPath& path) const {
    const bool old = scene_.kernel.bridge() != BridgeEra::later;
    switch (path.situation) {
      case Situation::bridged:
        return "The bridge hands each packet to FORWARD while it still holds it, and this rule answers it.";
      case Situation::routed_bridges:
        return "Kernel 2.6.18 runs FORWARD for such a packet late, inside the bridge it leaves by. It was routed, so "
               "--physdev-is-bridged does not match it.";
      case Situation::routed_deferred:
        return "A --physdev-out rule switches deferred hooks on: kernel 2.6.18 then runs FORWARD for all packets that "
               "leave by a bridge inside that bridge.";
      case Situation::host_to_bridge:
        return "A --physdev-out rule switches deferred hooks on: kernel 2.6.18 then runs OUTPUT for packets that leave "
               "by a bridge inside that bridge.";
      case Situation::ordinary:
        break;
    }
    return old ? "" : "The rule runs in ordinary context.";
  }

  std::string what_happens() const {
    if (set_.family == Family::ipv6)
      return "No crash through ICMPv6 is known; the packet is in the same state as in the crash through ICMP for IPv4.";
    constexpr std::string_view cause =
        "The ICMP error is built from a packet whose control block holds the bridge's data: icmp_send reads it as IP "
        "options and overruns its stack.";
    switch (scene_.kernel.era) {
      case Era::el5:
        return std::string(cause) + (scene_.kernel.crashes() == Tri::no
                                         ? " This kernel is not among those that crash."
                                         : " Kernels 2.6.18-274.el5 to 308.1.1 (x86_64) crash.");
      case Era::el6:
        return std::string(cause) + (scene_.kernel.crashes() == Tri::no
                                         ? " This kernel is not among those that crash."
                                         : " Kernels before 2.6.32-279.el6 panic (stack-protector).");
      case Era::unknown:
        return std::string(cause) +
               " Kernels 2.6.18-274.el5 to 308.1.1 (x86_64) crash, those of EL6 before 2.6.32-279 panic.";
      default:
        return "No crash of this kernel is known from it; in EL5 and EL6 it was one. Guests are refused by the host's "
               "own default rules.";
    }
  }

  void add_evidence(Finding& finding, const RejectPath& path) const {
    const Rule& rule = rule_of(path);
    std::string because =
        fmt::format("it sends {} and is reached as {}", rule.reject_with, to_string(table_, path.steps));
    if (!path.in.empty()) because += ", in by " + path.in;
    if (!path.out.empty()) because += ", out by " + path.out;
    finding.evidence.push_back(evidence_at(set_, rule.line, rule.target_column, because));
    for (std::size_t i = 0; i + 1 < path.steps.size() && i < 8; ++i) {
      const auto& step = path.steps[i];
      const auto& call = table_.rules[table_.chains[step.chain].rules[step.number - 1]];
      finding.evidence.push_back(
          evidence_at(set_, call.line, call.target_column,
                      fmt::format("{}:{} leads to {}", table_.chains[step.chain].name, step.number, call.target)));
    }
    if (scene_.kernel.at) finding.evidence.push_back(evidence_at(*scene_.kernel.at, scene_.kernel.basis));
    if (scene_.calls_stated && set_.family == Family::ipv4)
      finding.evidence.push_back(evidence_at(
          scene_.calls_stated->at,
          "the bridge " + std::string(scene_.calls_stated->value == "0" ? "does not call" : "calls") + " iptables"));
  }

  void add_not_checked(Finding& finding, const RejectPath& path) const {
    const std::string name =
        set_.family == Family::ipv4 ? "net.bridge.bridge-nf-call-iptables" : "net.bridge.bridge-nf-call-ip6tables";
    auto& list = finding.not_checked;
    if (scene_.kernel.era == Era::unknown)
      list.push_back("which kernel runs: give --kernel \"$(uname -r) $(uname -m)\"");
    else if (scene_.kernel.guessed)
      list.push_back(fmt::format("which kernel runs: taken for {}, because {}", to_string(scene_.kernel.era),
                                 scene_.kernel.basis));
    else if (scene_.kernel.crashes() == Tri::unknown)
      list.push_back("the exact release and machine of the kernel: give --kernel \"$(uname -r) $(uname -m)\"");
    if (scene_.calls(set_.family) == Tri::unknown) list.push_back("whether the bridge calls iptables: sysctl " + name);
    if (!scene_.bridges_complete)
      list.push_back("which bridges the host has: brctl show (taken from the names in the rules)");
    if (paths_.bridges_left_out)
      list.push_back(fmt::format("{} more bridges that the rules treat in other ways", paths_.bridges_left_out));
    if (path.assumed)
      list.push_back("whether such a packet occurs: the way depends on interfaces or ports that no input states");
    if (set_.fragment && set_.form != RuleSet::Form::direct)
      list.push_back("the rest of the rules: this is a fragment, table filter is assumed");
  }

  void report_exemption() {
    const auto routed =
        std::ranges::find_if(flagged_, [](const auto* p) { return p->situation != Situation::bridged; });
    if (routed == flagged_.end()) return;
    for (const auto& rule : table_.rules) {
      if (rule.target != "ACCEPT" || !rule.physdev || rule.physdev->bridged != Asked::yes || rule.conditional) continue;
      Finding finding = begin_finding("IPT005");
      finding.severity = Severity::warning;
      finding.confidence = confidence_of(**routed);
      finding.summary =
          "The rule lets packets pass that are bridged from port to port. A packet that the host routes from one "
          "bridge to another is not "
          "'bridged' for it, and still reaches " +
          to_string(table_, {(*routed)->steps.back()}) + ".";
      finding.events.push_back(add_event(result_, path_event(set_, **routed)));
      finding.evidence.push_back(
          evidence_at(set_, rule.line, rule.physdev->bridged_column, "only purely bridged packets are exempted"));
      finding.evidence.push_back(evidence_at(set_, rule_of(**routed).line, rule_of(**routed).target_column,
                                             "reached as " + to_string(table_, (*routed)->steps)));
      Step step;
      step.instruction =
          "Do not rely on the exemption: replace the REJECT rules themselves (see the findings about them).";
      step.check = "iptcheck on the changed rules names no REJECT";
      step.undo = "nothing to undo";
      finding.steps.push_back(std::move(step));
      finding.references = {"docs/formats/iptables.md"};
      add_not_checked(finding, **routed);
      result_.findings.push_back(std::move(finding));
      return;
    }
  }

  void report_owners() {
    std::map<std::string_view, std::vector<const RejectPath*>> owned;
    for (const auto* path : flagged_)
      if (const auto owner = owners_.of(rule_of(*path)); !owner.empty()) owned[owner].push_back(path);
    for (const auto& [owner, paths] : owned) {
      Finding finding = begin_finding("IPT007");
      finding.severity = Severity::warning;
      finding.confidence = Confidence::likely;
      finding.title = fmt::format("REJECT rules are put back by {}", owner);
      finding.summary = fmt::format(
          "The rules have the form that {} gives them. It makes them again on its own, so a change of the saved file "
          "does not hold.",
          owner);
      std::uint32_t last = ~0U;
      for (const auto* path : paths) {
        if (path->rule == last || finding.evidence.size() >= most_evidence) continue;
        last = path->rule;
        const auto& rule = rule_of(*path);
        finding.evidence.push_back(
            evidence_at(set_, rule.line, rule.target_column,
                        fmt::format("{} of {}", to_string(table_, {path->steps.back()}), owner)));
      }
      finding.events.push_back(add_event(result_, path_event(set_, *paths.front())));
      finding.steps.push_back(owner_step(owner, set_.family));
      finding.references = {"docs/formats/iptables.md"};
      result_.findings.push_back(std::move(finding));
    }
  }

  void report_counters() {
    Finding finding = begin_finding("IPT010");
    std::uint32_t last = ~0U;
    for (const auto* path : flagged_) {
      const auto& rule = rule_of(*path);
      if (path->rule == last || !rule.counters || rule.counters->packets == 0) continue;
      last = path->rule;
      if (finding.events.empty()) finding.events.push_back(add_event(result_, path_event(set_, *path)));
      if (finding.evidence.size() < most_evidence)
        finding.evidence.push_back(evidence_at(
            set_, rule.line, rule.target_column,
            fmt::format("{} rejected {} packets", to_string(table_, {path->steps.back()}), rule.counters->packets)));
    }
    if (finding.events.empty()) return;
    finding.summary =
        "Packets meet these rules in practice. The counters do not tell which of them were in a bridge's hands.";
    finding.references = {"docs/formats/iptables.md"};
    result_.findings.push_back(std::move(finding));
  }

  void report_ordinary(const std::vector<const RejectPath*>& paths) {
    if (paths.empty()) return;
    Finding finding = begin_finding("IPT004");
    finding.confidence = Confidence::likely;
    finding.summary =
        "They answer packets for the host, or packets it routes between other interfaces. No crash is known from that.";
    for (const auto* path : paths) {
      const auto& rule = rule_of(*path);
      finding.events.push_back(add_event(result_, path_event(set_, *path)));
      finding.evidence.push_back(
          evidence_at(set_, rule.line, rule.target_column, "reached as " + to_string(table_, path->steps)));
      if (finding.evidence.size() == most_evidence && paths.size() > most_evidence) {
        finding.not_checked.push_back(fmt::format("{} more such rules are not listed", paths.size() - most_evidence));
        break;
      }
    }
    finding.references = {"docs/formats/iptables.md"};
    result_.findings.push_back(std::move(finding));
  }

  const AuditScene& scene_;
  const RuleSet& set_;
  const Table& table_;
  AuditResult& result_;
  RejectPaths paths_;
  RuleOwners owners_;
  std::map<std::string_view, Told> told_;   // of each code
  bool steps_told_ = false;                 // the steps for the whole rule set stand in the first finding
  std::vector<const RejectPath*> flagged_;  // in the bridge's hands, with an ICMP error
};

}  // namespace

void check_rejects(const AuditScene& scene, const HostRules& rules, AuditResult& result) {
  if (rules.set.table("filter")) RejectAudit(scene, rules, result).check();
}

void check_zones(const AuditScene& scene, AuditResult& result) {
  for (const auto& zone : scene.host.zones()) {
    if (zone.zone.target != "%%REJECT%%" && zone.zone.rejects.empty()) continue;
    Finding finding = begin_finding("IPT004");
    finding.title = "firewalld zone " + zone.name + " rejects what comes in";
    finding.confidence = Confidence::likely;
    finding.summary =
        "firewalld turns this into REJECT rules at run time. Zones apply to packets for the host; its own last rule of "
        "FORWARD is a REJECT too.";
    Event event;
    event.kind = "firewalld.zone";
    event.title = "firewalld zone " + zone.name;
    event.first = event.last = {zone.at.source, zone.at.line, 0};
    event.set("zone", zone.name);
    event.set("target", zone.zone.target.empty() ? "default" : zone.zone.target);
    event.set("rejects", true);
    finding.events.push_back(add_event(result, std::move(event)));
    if (zone.zone.target == "%%REJECT%%") finding.evidence.push_back(evidence_at(zone.at, "the target of the zone"));
    for (const auto& [line, type] : zone.zone.rejects)
      if (finding.evidence.size() < most_evidence)
        finding.evidence.push_back(
            {zone.at.source, line, line, 0, {}, "a rich rule rejects" + (type.empty() ? type : " with " + type)});
    finding.not_checked.push_back("the rules that firewalld makes of it: give the output of iptables-save too");
    finding.references = {"docs/formats/iptables.md"};
    result.findings.push_back(std::move(finding));
  }
}

}  // namespace diag
