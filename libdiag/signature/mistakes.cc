#include "signature/mistakes.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/edit_distance.h"

namespace diag {

std::string to_string(const Mistake& m) {
  if (m.line == 0) return fmt::format("{}: {}", m.file, m.message);
  if (m.column == 0) return fmt::format("{}:{}: {}", m.file, m.line, m.message);
  return fmt::format("{}:{}:{}: {}", m.file, m.line, m.column, m.message);
}

namespace sig {

std::vector<Mistake> Mistakes::take() {
  std::ranges::stable_sort(list_, {}, [](const Mistake& m) { return std::pair(m.line, m.column); });
  return std::move(list_);
}

std::string suggestion(std::string_view word, std::span<const std::string_view> candidates) {
  if (const auto near = nearest_word(word, candidates)) return fmt::format("; did you mean '{}'?", *near);
  if (candidates.empty() || candidates.size() > 8) return {};
  std::string out = "; it may be";
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    out += i == 0 ? " " : i + 1 == candidates.size() ? " or " : ", ";
    out += fmt::format("'{}'", candidates[i]);
  }
  return out;
}

}  // namespace sig
}  // namespace diag
