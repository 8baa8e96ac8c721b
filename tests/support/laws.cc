#include "support/laws.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "diag/kernel_report.h"

namespace diag::test {

Report diagnose(const SignatureSet& signatures, const Inputs& inputs) {
  Diagnosis run(signatures);
  for (const auto& [name, bytes] : inputs) run.read_memory(name, bytes);
  return run.finish("test");
}

namespace {

std::string place(const Event& event) { return event.kind + " at line " + std::to_string(event.first.line); }

std::string check_event(const Event& event, const InputFacts& input) {
  if (event.first.line == 0 || event.first.line > event.last.line) return place(event) + ": lines out of order";
  if (event.last.line > input.lines) return place(event) + ": ends behind its source";
  for (const auto& quote : event.lines) {
    if (quote.line && (quote.line < event.first.line || quote.line > event.last.line)) return place(event) + ": a quote from elsewhere";
  }
  if (!event.kernel) return {};
  for (const auto& frame : event.kernel->frames) {
    if (frame.line < event.first.line || frame.line > event.last.line) return place(event) + ": a frame from elsewhere";
  }
  return event.kernel->fingerprint.size() == 16 ? "" : place(event) + ": no fingerprint";
}

std::string check_finding(const Finding& finding, const Report& report) {
  if (finding.events.empty()) return finding.signature + ": a finding about nothing";
  for (const auto event : finding.events) {
    if (event >= report.facts.events.size()) return finding.signature + ": an event that does not exist";
  }
  if (finding.evidence.empty()) return finding.signature + ": no evidence";
  for (const auto& evidence : finding.evidence) {
    if (static_cast<std::size_t>(evidence.source) >= report.facts.inputs.size()) return finding.signature + ": evidence from nowhere";
    if (evidence.last_line > report.facts.inputs[static_cast<std::size_t>(evidence.source)].lines) return finding.signature + ": evidence behind its source";
  }
  return {};
}

bool clean(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f; });
}

}  // namespace

std::string check_structure(const Report& report) {
  for (const auto& event : report.facts.events) {
    const auto source = static_cast<std::size_t>(event.first.source);
    if (source >= report.facts.inputs.size()) return place(event) + ": a source that does not exist";
    if (auto wrong = check_event(event, report.facts.inputs[source]); !wrong.empty()) return wrong;
  }
  for (const auto& finding : report.findings) {
    if (auto wrong = check_finding(finding, report); !wrong.empty()) return wrong;
  }
  return {};
}

std::string check_renderings(const Report& report) {
  const auto json = to_json(report);
  const auto tree = nlohmann::json::parse(json, nullptr, false);
  if (tree.is_discarded()) return "the JSON does not parse";
  for (const auto* key : {"schema", "tool", "inputs", "events", "findings", "summary"}) {
    if (!tree.contains(key)) return std::string("the JSON lacks ") + key;
  }
  const auto lines = to_jsonl(report);
  for (std::size_t at = 0; at < lines.size();) {
    const auto end = std::min(lines.find('\n', at), lines.size());
    if (end > at && !nlohmann::json::accept(lines.substr(at, end - at))) return "a JSONL line does not parse";
    at = end + 1;
  }
  if (!clean(to_text(report))) return "the text has raw control characters";
  TextStyle all;
  all.all = true;
  all.utf8 = true;
  if (!clean(to_text(report, all))) return "the full text has raw control characters";
  return clean(json) && clean(lines) ? "" : "the JSON has raw control characters";
}

std::string essence(const Report& report) {
  std::string out;
  for (const auto& event : report.facts.events) {
    if (!event.kernel) continue;
    const auto& k = *event.kernel;
    out += event.kind + ' ' + (k.function ? k.function->symbol.name : "-") + ' ' + k.release + ' ' + k.fingerprint;
    for (const auto& frame : k.frames) out += ' ' + frame.symbol.name;
    out += '\n';
  }
  return out;
}

std::string check_reparse(const SignatureSet& signatures, std::string_view text) {
  const auto whole = diagnose(signatures, {{"text", std::string(text)}});
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    lines.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  for (const auto& event : whole.facts.events) {
    if (!event.kernel || event.kernel->header.empty()) continue;
    std::string part;
    for (auto n = event.first.line; n <= event.last.line && n <= lines.size(); ++n) part += lines[n - 1] + '\n';
    const auto again = diagnose(signatures, {{"text", part}});
    const auto same = [&](const Event& e) { return e.kind == event.kind && e.kernel && e.kernel->fingerprint == event.kernel->fingerprint; };
    if (std::ranges::none_of(again.facts.events, same)) return place(event) + ": its lines alone give another event";
  }
  return {};
}

std::string check_order(const SignatureSet& signatures, Inputs inputs) {
  const auto keys = [](const Report& report) {
    std::multiset<std::string> out;
    for (const auto& f : report.findings) out.insert(f.signature + ' ' + std::string(to_string(f.confidence)));
    return out;
  };
  const auto forward = keys(diagnose(signatures, inputs));
  std::ranges::reverse(inputs);
  return forward == keys(diagnose(signatures, inputs)) ? "" : "the findings depend on the order of the inputs";
}

std::string check_truncation(const SignatureSet& signatures, std::string_view text, std::size_t bytes) {
  const auto best = [](const Report& report) {
    std::map<std::pair<std::string, std::uint64_t>, Confidence> out;
    for (const auto& f : report.findings) {
      auto& level = out[{f.signature, report.facts.events[f.events.front()].first.line}];
      level = std::max(level, f.confidence);
    }
    return out;
  };
  const auto whole = best(diagnose(signatures, {{"text", std::string(text)}}));
  for (const auto& [key, level] : best(diagnose(signatures, {{"text", std::string(text.substr(0, bytes))}}))) {
    const auto at = whole.find(key);
    if (at != whole.end() && level > at->second) return key.first + ": surer when cut at byte " + std::to_string(bytes);
  }
  return {};
}

}  // namespace diag::test
