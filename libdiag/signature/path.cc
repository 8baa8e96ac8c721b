#include "signature/path.h"

#include <algorithm>

#include "diag/kernel_report.h"

namespace diag::sig {

namespace {

struct Stop {
  const Symbol* symbol;
  std::uint64_t line;
  bool question;
  bool frame;  // false: the function at the instruction pointer
};

std::vector<Stop> stops(const KernelReport& report) {
  std::vector<Stop> out;
  if (report.function && report.function_is_ip)
    out.push_back({&report.function->symbol, report.function->line, false, false});
  for (const Frame& f : report.frames) {
    if (f.trust == Trust::stale || f.trust == Trust::refuted) continue;
    out.push_back({&f.symbol, f.line, f.trust == Trust::question || (!f.reliable && f.trust != Trust::verified), true});
  }
  return out;
}

bool is_step(const std::vector<SymbolPattern>& step, const Symbol& symbol, const Subject& subject) {
  return std::ranges::any_of(step,
                             [&](const SymbolPattern& s) { return is_symbol(s, symbol, subject) == Answer::yes; });
}

struct Search {
  const PathTest& path;
  const std::vector<Stop>& list;
  const Subject& subject;
  bool with_question;
  std::size_t best = 0;  // most steps met so far

  // The first step is tried at each place it may have; the others are taken as early as they come, which never misses.
  std::optional<std::vector<std::size_t>> run() {
    const std::size_t begin_end = path.top ? std::min<std::size_t>(path.top, list.size()) : list.size();
    for (std::size_t start = 0; start < begin_end; ++start) {
      if (!usable(start) || !is_step(path.steps.front(), *list[start].symbol, subject)) continue;
      return follow(start);
    }
    return std::nullopt;
  }

  std::optional<std::vector<std::size_t>> follow(std::size_t at) {
    std::vector<std::size_t> met;
    const std::size_t wanted = path.steps.size() * path.repeats;
    for (; at < list.size() && met.size() < wanted; ++at) {
      if (usable(at) && is_step(path.steps[met.size() % path.steps.size()], *list[at].symbol, subject))
        met.push_back(at);
    }
    best = std::max(best, met.size());
    if (met.size() == wanted) return met;
    return std::nullopt;
  }

  bool usable(std::size_t at) const { return with_question || !list[at].question; }
};

bool missing(const KernelReport& report, std::string_view part) {
  return std::ranges::find(report.missing, part) != report.missing.end();
}

// Whether the trace as printed would show the path if it were there. Where the instruction pointer is cut off, the path
// may begin with the function it was in.
bool would_show(const PathTest& path, const EventView& event, const std::vector<Stop>& list, const Subject& subject) {
  const KernelReport& report = *event.event().kernel;
  if (report.frames.empty() || missing(report, "frames") || missing(report, "end")) return false;
  if (!lacks_instruction_pointer(event.event())) return true;
  PathTest rest = path;
  rest.steps.erase(rest.steps.begin());
  rest.top = 0;
  rest.repeats = 1;
  return !rest.steps.empty() && !Search{rest, list, subject, true}.run();
}

}  // namespace

bool lacks_instruction_pointer(const Event& event) {
  if (!event.kernel || event.kernel->function_is_ip) return false;
  const auto faults = class_members("fault");
  if (std::ranges::find(faults, event.kind) == faults.end()) return false;
  // A header may have named the function; else it is the first frame, in want of something better.
  const auto& function = event.kernel->function;
  return !function || std::ranges::any_of(event.kernel->frames, [&](const Frame& f) {
    return f.line == function->line && f.symbol == function->symbol;
  });
}

PathResult find_path(const PathTest& path, const EventView& event, const Subject& subject) {
  PathResult result;
  const auto& report = event.event().kernel;
  if (!report || path.steps.empty()) return result;
  const std::vector<Stop> list = stops(*report);
  const bool has_plain = std::ranges::any_of(list, [](const Stop& s) { return s.frame && !s.question; });

  Search plain{path, list, subject, false};
  auto met = plain.run();
  result.steps_met = plain.best;
  if (!met) {
    Search all{path, list, subject, true};
    met = all.run();
    result.steps_met = std::max(result.steps_met, all.best);
    result.weak = met && has_plain;
  }
  if (!met) {
    result.answer = would_show(path, event, list, subject) ? Answer::no : Answer::unknown;
    return result;
  }
  result.answer = Answer::yes;
  for (const std::size_t at : *met) {
    if (list[at].frame) {
      result.lines.push_back(list[at].line);
      result.frames.push_back(show(Value(*list[at].symbol)));
    }
  }
  return result;
}

}  // namespace diag::sig
