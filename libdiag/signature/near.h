// near = "60 s after, or 3 lines after": where the event of a clue lies, seen from the subject.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "diag/facts.h"
#include "signature/answer.h"
#include "signature/mistakes.h"

namespace diag::sig {

class FactsIndex;

enum class Side { before, after, around };

struct Near {
  struct Window {
    enum class Unit { lines, seconds, incident };
    Unit unit = Unit::lines;
    double amount = 0;
    Side side = Side::around;
  };
  Window first;
  std::optional<Window> otherwise;  // where the text has no stamps
  std::string written;              // "60 s after, or 3 lines after"

  bool looks_after() const;  // it reaches beyond the subject
};

std::optional<Near> read_near(const std::string& text, Place at, Mistakes& mistakes);

// Whether `other` lies within the window around `subject`.
Answer is_near(const Near& near, const FactsIndex& facts, std::size_t subject, std::size_t other);

// Whether the run's inputs would have shown every event of that kind in the window. `any_host`: on whatever host.
bool covers(const Near& near, const FactsIndex& facts, std::size_t subject, std::string_view kind, bool any_host);
// The same without a window: anywhere in the run.
bool covers(const FactsIndex& facts, std::size_t subject, std::string_view kind, bool any_host);

// Seconds from one event to another: by uptime of one boot, else by wall time that both state alike; nothing: not
// comparable.
std::optional<double> seconds_between(const FactsIndex& facts, std::size_t from, std::size_t to);

}  // namespace diag::sig
