#include "sigcheck/pattern_reach.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "diag/source.h"
#include "signature/pattern_syntax.h"
#include "signature/prefilter.h"

namespace diag::tools {

namespace {

constexpr std::size_t most_lines = 20'000, shortest = 4, longest_shown = 100;

struct LogLine {
  std::string text, place;
};

std::vector<LogLine> lines_of(const std::vector<std::string>& logs) {
  std::vector<LogLine> out;
  SourceTable sources;
  for (const std::string& log : logs) {
    const auto input = open_input(log, sources);
    if (!input) continue;
    while (Source* source = (*input)->next()) {
      while (const Line* line = source->next()) {
        if (out.size() == most_lines) return out;
        out.push_back({std::string(line->text), sources.describe(line->at)});
      }
    }
  }
  return out;
}

// The longest beginning of the pattern that is one by itself and fits a line.
std::string reach(const std::string& pattern, const std::vector<LogLine>& lines) {
  for (std::size_t length = pattern.size(); length >= shortest; --length) {
    const std::string begin = pattern.substr(0, length);
    if (!sig::read_pattern(begin, false)) continue;
    const sig::Pattern compiled(begin, sig::Pattern::Fits::anywhere);
    const auto at = std::ranges::find_if(lines, [&](const LogLine& l) { return compiled.matches(l.text); });
    if (at == lines.end()) continue;
    if (length == pattern.size()) return fmt::format("'{}' fits {}", pattern, at->place);
    return fmt::format("'{}' fits {} up to '{}', not '{}':\n  {}", pattern, at->place, begin, pattern.substr(length),
                       printable(at->text.substr(0, longest_shown), true));
  }
  return fmt::format("'{}': no line has even its beginning", pattern);
}

}  // namespace

std::string pattern_reach(const sig::Clause& clause, const std::vector<std::string>& logs) {
  const auto patterns = sig::message_patterns(clause);
  if (patterns.empty()) return {};
  const auto lines = lines_of(logs);
  std::string out;
  for (const sig::JoinedPattern* p : patterns) out += reach(p->pattern().text(), lines) + '\n';
  return out;
}

}  // namespace diag::tools
