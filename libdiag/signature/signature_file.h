// One signature, read and checked: what docs/writing-signatures.md describes, as plain data.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diag/finding.h"
#include "signature/affects.h"
#include "signature/clause.h"
#include "signature/mistakes.h"
#include "signature/text_template.h"

namespace diag {

namespace sig {

enum class Rank { fallback, general, specific };

// One test of `when`: on the subject, or on the event that a named clause met.
struct Condition {
  std::string clause;  // empty: the subject
  Test test;
};

struct Variant {
  Place at;
  std::vector<Condition> when;
  Template title, summary;  // empty: unchanged
  std::optional<Severity> severity;
  std::string unverified;
};

struct StepText {
  Place at;
  std::vector<Condition> when;
  Template instruction, check, undo;
  Risk risk = Risk::none;
  std::string unverified;
};

}  // namespace sig

struct Signature {
  std::string file, id, code, unverified;
  sig::Template title, summary;
  Severity severity = Severity::info;
  Confidence confidence = Confidence::possible;
  std::vector<std::string> references;
  sig::Rank rank = sig::Rank::specific;
  std::vector<std::string> over;
  std::vector<sig::Place> over_at;  // of the ids in `over`
  bool slow = false, gap = false;

  std::optional<sig::Affects> affects;
  sig::Clause event;
  std::optional<sig::Clause> until;
  std::vector<sig::Clause> clues;  // supports and excludes, in the order of the file
  std::vector<sig::Variant> variants;
  std::vector<sig::StepText> steps;
  sig::Words words;

  const sig::Clause* named(std::string_view as) const;  // the clue with that `as`; null: none
};

namespace sig {

constexpr std::size_t largest_file = 256 * 1024;  // bytes of a signature file

// Nothing, and mistakes, if anything is wrong with it. `id`: what the place of the file demands; empty: anything.
std::unique_ptr<Signature> read_signature(std::string_view toml, std::string_view id, Mistakes& mistakes);

}  // namespace sig
}  // namespace diag
