// Which of thousands of messages could interest a signature, decided in one pass over each: literals first, then the
// patterns that have one of them.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "scan/literal_set.h"
#include "signature/pattern.h"
#include "signature/signature_file.h"

namespace diag::sig {

// The text patterns of a clause that reads log.message events; with nothing that joins them to a subject.
std::vector<const JoinedPattern*> message_patterns(const Clause& clause);

class Prefilter {
 public:
  // Whose clauses must outlive it.
  explicit Prefilter(const std::vector<const Signature*>& signatures);

  bool any(std::string_view text) const;
  // Replaces `found` by the clauses one of whose patterns matches the text, each once.
  void find(std::string_view text, std::vector<const Clause*>& found) const;

 private:
  struct Entry {
    Pattern pattern;
    const Clause* clause;
  };
  void add(const JoinedPattern& pattern, const Clause& clause);
  template <class Visit>
  void each(std::string_view text, Visit visit) const;

  std::vector<Entry> entries_;
  LiteralSet literals_;
  std::vector<std::uint32_t> entry_of_;  // by literal id
  PatternSet rest_;                      // patterns without a literal
  std::vector<std::uint32_t> rest_of_;   // their entries
};

}  // namespace diag::sig
