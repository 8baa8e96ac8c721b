// "did you mean": how far two words are apart, and which of several is the likely one.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace diag {

// The least number of insertions, deletions, replacements and swaps of neighbouring bytes that turn `a` into `b`;
// limit + 1 if it is more than `limit`.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

// The candidate that `word` is most likely a slip of: at most a third of its letters differ, at least one may. Case
// counts for nothing. The first of several equally near ones; nothing if none is near.
std::optional<std::string_view> nearest_word(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace diag
