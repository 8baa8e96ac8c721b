// Yes, no, unknown: what every test and clause says.
#pragma once

#include <algorithm>
#include <string_view>

namespace diag::sig {

enum class Answer { no, unknown, yes };

constexpr Answer both(Answer a, Answer b) { return std::min(a, b); }
constexpr Answer either(Answer a, Answer b) { return std::max(a, b); }
constexpr Answer opposite(Answer a) { return a == Answer::yes ? Answer::no : a == Answer::no ? Answer::yes : a; }
constexpr Answer answer(bool holds) { return holds ? Answer::yes : Answer::no; }

constexpr std::string_view to_string(Answer a) { return a == Answer::yes ? "yes" : a == Answer::no ? "no" : "unknown"; }

}  // namespace diag::sig
