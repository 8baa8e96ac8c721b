// One field compared with what the author wrote: seconds = "> 60".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "event/vocabulary.h"
#include "signature/answer.h"
#include "signature/event_view.h"
#include "signature/joined_pattern.h"
#include "signature/mistakes.h"

namespace diag::sig {

struct Node;

// Everything between two bounds: "> 60" is above 60, open to the top. Also for addresses.
struct NumberRange {
  double low = 0, high = 0;
  bool has_low = false, has_high = false;
  bool low_inside = true, high_inside = true;

  bool holds(double number) const;
};

struct VersionRange {
  std::string low, high;  // empty: open
  bool low_inside = true, high_inside = true;

  bool holds(std::string_view version) const;
};

struct TimeRange {
  std::optional<std::int64_t> low, high;  // microseconds since 1970, UTC
  bool low_inside = true, high_inside = true;

  // Unknown without a year, and within 14 hours of a bound without a zone.
  Answer holds(const Timestamp& t) const;
};

struct SymbolPattern {
  enum class From { anywhere, kernel, module };
  From from = From::anywhere;
  std::optional<JoinedPattern> module;  // if from == module
  JoinedPattern function;
};

enum class AddressWord { null, user, kernel, module, poison, non_canonical };

using BytePattern = std::vector<std::optional<std::uint8_t>>;

// "{pid}" on a field that is no text: the same value as that field of the subject.
struct SameAs {
  std::string field;
};

using Wanted = std::variant<JoinedPattern, SymbolPattern, NumberRange, VersionRange, TimeRange, AddressWord,
                            BytePattern, bool, SameAs>;

struct Test {
  std::string field;  // the name of docs/events.md, or a captured group
  FieldType type = FieldType::name;
  Place at;
  std::vector<Wanted> wanted;   // one of these; of a list: each must match some item
  std::string written;          // as the author wrote it, for a person
  bool captured = false;        // the field is a named group of the same clause
  bool passes_unknown = false;  // program, level, host: where it is not stated, the test is passed over
  bool anchor = false;          // it says something of its own, so that a finding may rest on it
};

struct TestResult {
  Answer answer = Answer::unknown;
  bool stated = false;     // the event states the field
  std::uint64_t line = 0;  // where; 0: not in one place
  Captures captures;       // named groups of the pattern that matched
};

TestResult ask(const Test& test, const EventView& event, const Subject& subject);

// Reads `value` as a test of `field`. Nothing, and mistakes, if it is written wrong. `groups`: the names of the groups
// in its patterns are appended.
std::optional<Test> read_test(std::string field, FieldType type, const Node& value, Mistakes& mistakes,
                              std::vector<std::string>* groups = nullptr);
// A captured group has no type of its own: a comparison makes it a number, anything else a name.
FieldType type_of_capture(const Node& value);

// "fault.address is poison", "seconds > 60", "name = net.bridge.bridge-nf-call-iptables".
std::string in_words(const Test& test);

// Symbol names without what compilers add: "f.isra.5", "f.part.3", "f.constprop.0", "f.cold", "f.clone.0", and ppc64's
// dot.
std::string_view plain_symbol(std::string_view name);

// Whether a printed symbol is the wanted one.
Answer is_symbol(const SymbolPattern& wanted, const Symbol& symbol, const Subject& subject);
std::optional<SymbolPattern> read_symbol(const std::string& text, Place at, Mistakes& mistakes);

// "60", "208 days", "4 GiB": in seconds or bytes, if it has a unit. `unit` tells whether it has.
struct Quantity {
  double number = 0;
  std::string unit;
};
std::optional<Quantity> read_quantity(std::string_view text);

bool is_comparison(std::string_view text);
std::optional<NumberRange> read_number_range(const std::string& text, Place at, Mistakes& mistakes);

// Says what is wrong with a pattern, if anything. `groups`: the names of its groups are appended.
bool check_pattern(const JoinedPattern& pattern, Place at, Mistakes& mistakes,
                   std::vector<std::string>* groups = nullptr);

}  // namespace diag::sig
