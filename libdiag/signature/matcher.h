// Asks signatures of what a run has read.
#pragma once

#include <map>
#include <unordered_map>
#include <vector>

#include "diag/finding.h"
#include "signature/explanation.h"
#include "signature/facts_index.h"

namespace diag::sig {

// The log.message events whose text fits a clause, by clause, ascending: found for all signatures in one pass.
using MessagesOf = std::unordered_map<const Clause*, std::vector<std::size_t>>;

// For one thread.
class Matcher {
 public:
  // Both must outlive it.
  Matcher(const FactsIndex& facts, const MessagesOf& messages) : facts_(facts), messages_(messages) {}

  // Every subject that [event] does not refuse; with `thorough` also those it does, with all answers (at most 100).
  std::vector<Explanation> explain(const Signature& signature, bool thorough = false) const;

 private:
  const std::vector<std::size_t>& candidates(const Clause& clause) const;
  std::vector<Explanation> subjects(const Signature& signature, bool thorough) const;
  void follow(const Signature& signature, Explanation& e) const;
  ClueAnswer clue(const Clause& clause, const Explanation& e) const;
  ClueAnswer ask_subject(const Clause& clause, const Explanation& e, std::size_t member) const;
  ClueAnswer search(const Clause& clause, const Explanation& e, std::size_t member) const;

  const FactsIndex& facts_;
  const MessagesOf& messages_;
  mutable std::unordered_map<const Clause*, std::vector<std::size_t>> candidates_;
};

}  // namespace diag::sig
