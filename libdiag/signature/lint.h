// What a good signature has beyond what the loader demands.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "diag/signature.h"
#include "signature/signature_file.h"

namespace diag::sig {

// What the cases showed, over all of them.
struct Exercise {
  std::set<std::string> hits;                          // ids
  std::map<std::string, std::set<std::string>> nears;  // by id: the clauses that were a near miss
};

// The rules that need no case: anchors, literals, steps, excludes, `over`.
void lint(const Signature& s, const SignatureSet& all, std::vector<Mistake>& out);

// The rules of cases: a hit, a near miss for each clause that decides a level, no spelling unused.
void lint_cases(const Signature& s, const Exercise& exercise, std::vector<Mistake>& out);

// The patterns of the signature that no text matched so far, with their places.
struct Unused {
  Place at;
  std::string clause, pattern;
};
std::vector<Unused> unused_patterns(const Signature& s);

}  // namespace diag::sig
