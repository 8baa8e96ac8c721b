// Which of several findings leads, and which are only its context.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "signature/draft.h"

namespace diag::sig {

// Folds findings into those that outrank them, then sorts: worst and surest first.
std::vector<Finding> ranked(std::vector<Draft> drafts, const FactsIndex& facts);

// Whether `a` folds `b`: same event (or lines inside it), and a higher rank or `over`; a possible one folds nothing.
bool folds(const Draft& a, const Draft& b, const FactsIndex& facts);

// Ids of two findings on one event that nothing decides between.
using Undecided = std::vector<std::pair<std::string, std::string>>;
Undecided undecided(const std::vector<Draft>& drafts, const FactsIndex& facts);

}  // namespace diag::sig
