// Tests that one event must pass together, and where that event lies: [event], [until], [[support]], [[exclude]].
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diag/finding.h"
#include "signature/near.h"
#include "signature/path.h"
#include "signature/series.h"
#include "signature/test.h"
#include "signature/text_template.h"

namespace diag::sig {

// kind = "gpf", ["gpf", "oops"], or a class.
struct Kinds {
  std::vector<std::string> names;    // kinds; classes are expanded
  std::vector<std::string> written;  // as the author wrote them
  Place at;

  bool any() const { return names.empty(); }
  // An event whose header is cut off passes the class `fault`; whether it is one kind of it is unknown.
  Answer has(const Event& e) const;
};

// Sets of tests, of which one (any) or none (none) must hold.
struct TestSet {
  Kinds kinds;
  std::vector<Test> tests;
  std::optional<PathTest> path;
  Place at;
};

// leaves: at most this level once the exclude says yes.
enum class Leaves { nothing, possible, likely };

struct Clause {
  enum class Role { event, until, support, exclude };
  Role role = Role::event;
  std::string name;  // "event", "support 2", "exclude 1": as cases and `sigcheck try` call it
  Place at;

  Kinds kinds;  // empty: asks the subject itself
  std::vector<Test> tests;
  std::vector<TestSet> any, none;
  std::optional<PathTest> path;

  std::optional<Near> near;
  bool any_host = false;
  Series series;
  std::string as;  // empty: no name
  Template because;
  std::string ask, unverified;

  std::optional<Confidence> makes;  // support
  std::string either;               // empty: stands alone
  Leaves leaves = Leaves::nothing;  // exclude
  std::optional<Confidence> if_unknown;
  std::optional<NumberRange> lasts;  // until

  std::vector<std::string> groups;  // named groups of its patterns: fields of the event it meets

  bool asks_subject() const { return kinds.any(); }
};

// What one condition of a clause says of one event.
struct Part {
  std::string name;  // "kind", "function", "any", "none", "path"
  Answer answer = Answer::unknown;
  bool anchor = false;
  std::uint64_t line = 0;            // where the event states it; 0: not in one place
  std::string seen;                  // the value, for a person; empty: not stated
  std::vector<std::string> unknown;  // fields that would have to be stated
};

// A clause and one event.
struct Meeting {
  std::size_t event = 0;
  Answer answer = Answer::unknown;
  bool weak = false;      // by a path with '?' frames only
  bool anchored = false;  // something of the event's own says yes
  Captures captures;
  std::vector<Part> parts;
  std::optional<PathResult> path;
};

// Asks every condition of the clause, `near` and `series` excepted. Not thorough: stops at the first no.
Meeting examine(const Clause& clause, const FactsIndex& facts, std::size_t event, const Subject& subject,
                bool thorough);

// "sysctl.value (name is net.bridge.bridge-nf-call-iptables)": what a clause looks for; and what is in the brackets.
std::string in_words(const Clause& clause);
std::string tests_in_words(const Clause& clause);

}  // namespace diag::sig
