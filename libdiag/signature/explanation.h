// What a signature made of one subject, clause by clause: what `sigcheck try` prints, and what a finding is built from.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "signature/clause.h"
#include "signature/signature_file.h"

namespace diag::sig {

// A clue and what the run says of it.
struct ClueAnswer {
  const Clause* clause = nullptr;
  Answer answer = Answer::unknown;
  bool weak = false;
  std::optional<Meeting> met;        // the event that said yes; else the one that came nearest
  Captures fields;                   // for texts and `when`: captures and counts
  std::vector<std::string> unknown;  // fields of that event that would have to be stated
  std::string why;                   // why it is unknown or no: "no iptables.rule was read"
};

struct Explanation {
  const Signature* signature = nullptr;
  std::size_t subject = 0;
  std::vector<std::size_t> members;  // of a series; at least the subject
  Meeting event;
  Captures fields;  // of the subject: captures, count ..., duration, open
  std::optional<StandingOf> affects;
  Answer reached = Answer::yes;  // the series' count
  Answer lasted = Answer::yes;   // the episode's length
  std::vector<ClueAnswer> clues;
  bool more = false;  // further subjects were left out
};

// How sure a signature is, and by which rules; nothing: no finding.
struct Judgement {
  std::optional<Confidence> level;
  std::vector<std::string> rules;  // for a person: "[event] alone: likely"
};
Judgement judge(const Explanation& e);

// All that is unknown and could have changed the judgement, for not_checked.
std::vector<std::string> not_checked(const Explanation& e, Confidence level);

// Whether the named clause ("event.function", "affects", "support 2", "until" or an `as`) refuses or lowers the
// finding: it says no (an exclude: yes), and the judgement would be better if it did not.
bool refuses(const Explanation& e, std::string_view clause);

// Whether there is a clause of that name.
bool has_clause(const Signature& s, std::string_view name);
std::vector<std::string> clause_names(const Signature& s);

}  // namespace diag::sig
