// path = ['icmp_send', 'ip_tables:ipt_do_table', 'bridge:br_nf_.*']: functions in this order, innermost first.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "signature/answer.h"
#include "signature/event_view.h"
#include "signature/mistakes.h"
#include "signature/test.h"

namespace diag::sig {

struct PathTest {
  Place at;
  std::vector<std::vector<SymbolPattern>> steps;  // each: one of these spellings
  std::uint32_t top = 0;                          // the first step is among the first so many; 0: anywhere
  std::uint32_t repeats = 1;                      // the whole path so often in a row
};

struct PathResult {
  Answer answer = Answer::unknown;
  bool weak = false;                 // holds only with frames that the trace marks with '?'
  std::vector<std::uint64_t> lines;  // of the frames that were met, in order
  std::vector<std::string> frames;   // their names: "ip_tables:ipt_do_table"
  std::size_t steps_met = 0;         // how far it got, for `sigcheck try`
};

// Whether a report of a fault prints no instruction pointer, so that its function is only a guess.
bool lacks_instruction_pointer(const Event& event);

// The list searched is the function at the instruction pointer, then the frames that may be callers. A trace that is
// cut off or absent gives unknown where it does not hold.
PathResult find_path(const PathTest& path, const EventView& event, const Subject& subject);

}  // namespace diag::sig
