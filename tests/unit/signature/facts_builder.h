// Builds the facts of a run by hand.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "diag/facts.h"
#include "diag/kernel_report.h"

namespace diag::sig {

class FactsBuilder {
 public:
  // A log of so many lines.
  SourceId log(const std::string& name, std::uint64_t lines, List hosts = {}) {
    InputFacts& in = input(name);
    in.lines = lines;
    in.log = true;
    in.hosts = std::move(hosts);
    return in.id;
  }
  // A file that lists all events of those kinds.
  SourceId list(const std::string& name, List kinds, List hosts = {}) {
    InputFacts& in = input(name);
    in.covers = std::move(kinds);
    in.hosts = std::move(hosts);
    return in.id;
  }
  InputFacts& input(SourceId id) { return facts.inputs[static_cast<std::size_t>(id)]; }

  // The reference is good until the next event.
  Event& event(SourceId source, std::uint64_t line, const std::string& kind, std::vector<Field> fields = {},
               std::uint64_t last = 0) {
    Event e;
    e.kind = kind;
    e.title = kind;
    e.first = {source, line, 0};
    e.last = {source, last ? last : line, 0};
    e.fields = std::move(fields);
    e.lines.push_back({line, "line " + std::to_string(line)});
    return facts.events.emplace_back(std::move(e));
  }
  Event& message(SourceId source, std::uint64_t line, const std::string& text, const std::string& program = "kernel") {
    return event(source, line, "log.message", {{"text", text, line}, {"program", program, line}});
  }

  Facts facts;

 private:
  InputFacts& input(const std::string& name) {
    InputFacts& in = facts.inputs.emplace_back();
    in.id = static_cast<SourceId>(facts.inputs.size() - 1);
    in.name = name;
    return in;
  }
};

inline Timestamp wall(std::int64_t seconds) { return {seconds * 1'000'000, true, true}; }

// "bridge:br_nf_local_out", "?ip_rcv" (questionable), "-nf_iterate" (stale), one line each from `line` on.
inline std::vector<Frame> frames(const std::vector<std::string>& names, std::uint64_t line = 10) {
  std::vector<Frame> out;
  for (std::string name : names) {
    Frame f;
    f.line = line++;
    if (name.front() == '?') f.trust = Trust::question, f.reliable = false;
    if (name.front() == '-') f.trust = Trust::stale;
    if (name.front() == '?' || name.front() == '-') name.erase(0, 1);
    const auto colon = name.find(':');
    f.symbol = colon == name.npos ? Symbol{name, ""} : Symbol{name.substr(colon + 1), name.substr(0, colon)};
    out.push_back(std::move(f));
  }
  return out;
}

// A kernel event with that function at the instruction pointer (stated on line 1) and those frames.
inline void add_trace(Event& e, const std::string& function, const std::vector<std::string>& names,
                      std::vector<std::string> missing = {}) {
  auto report = std::make_shared<KernelReport>();
  if (!function.empty()) {
    report->function = frames({function}, 1).front();
    report->function_is_ip = true;
    e.set("function", report->function->symbol, 1);
  }
  report->frames = frames(names);
  report->missing = std::move(missing);
  report->word_bits = 64;
  if (!report->missing.empty()) e.set("missing", List(report->missing));
  e.kernel = std::move(report);
}

}  // namespace diag::sig
