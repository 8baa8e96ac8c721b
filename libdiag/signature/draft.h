// A finding, before it is weighed against the others of the run.
#pragma once

#include <vector>

#include "diag/finding.h"
#include "signature/explanation.h"
#include "signature/facts_index.h"

namespace diag::sig {

struct Draft {
  Finding finding;
  Explanation explanation;
};

// Texts filled in, evidence gathered, steps and variants chosen.
Draft draft(Explanation e, const FactsIndex& facts, Confidence level);

}  // namespace diag::sig
