// Reads [event], [until], [[support]] and [[exclude]] into clauses.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signature/clause.h"
#include "signature/mistakes.h"
#include "signature/toml_text.h"

namespace diag::sig {

// The fields that an event of a clause has: those of its kinds, and its captured groups.
struct FieldScope {
  std::vector<std::string> kinds;
  std::vector<std::string> groups;

  // The field as docs/events.md names it, with its type; a group has none. Nothing: no such field.
  struct Found {
    std::string name;
    std::optional<FieldType> type;
  };
  std::optional<Found> find(std::string_view field) const;
  bool has_prefix(std::string_view word) const;  // "function": there is "function.offset"
  std::vector<std::string_view> names() const;   // for suggestions
};

// `subject`: the scope of [event], for clues that ask it or join with it; null while [event] itself is read.
Clause read_clause(Clause::Role role, const Node& table, std::string name, const FieldScope* subject,
                   Mistakes& mistakes);

FieldScope scope_of(const Clause& clause);

// "function.last_byte" for { function = { last_byte = ... } }: the values of a table under dotted names.
struct DottedEntry {
  std::string name;
  const Entry* entry;
};
std::vector<DottedEntry> dotted_entries(const Node& table, const std::vector<std::string_view>& whole);

// Says that a clause or condition knows no such field, with the nearest one.
void refuse_field(const FieldScope& scope, std::string_view field, Place at, Mistakes& mistakes);

}  // namespace diag::sig
