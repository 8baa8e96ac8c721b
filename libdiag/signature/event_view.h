// An event as a signature sees it: the fields it states, those its host gives it, and the captures of a clause's
// patterns.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diag/event.h"

namespace diag::sig {

class FactsIndex;

using Captures = std::vector<Field>;  // named groups: strings; counts of a series: numbers

// A value that is stated, or nothing.
class Stated {
 public:
  Stated() = default;
  Stated(const Value* value, std::uint64_t line) : outer_(value), line_(line) {}
  explicit Stated(Value value) : own_(std::move(value)) {}

  explicit operator bool() const { return outer_ != nullptr || own_; }
  const Value& value() const { return own_ ? *own_ : *outer_; }
  std::uint64_t line() const { return line_; }  // 0: derived, or about the whole event

 private:
  const Value* outer_ = nullptr;
  std::optional<Value> own_;
  std::uint64_t line_ = 0;
};

class EventView {
 public:
  EventView(const FactsIndex& facts, std::size_t event, const Captures* captures = nullptr)
      : facts_(&facts), index_(event), captures_(captures) {}

  // By the name that docs/events.md gives the field; "function" and "function.name" are the same.
  Stated find(std::string_view field) const;

  std::size_t index() const { return index_; }
  const Event& event() const;
  const FactsIndex& facts() const { return *facts_; }

 private:
  Stated given_by_host(std::string_view field) const;

  const FactsIndex* facts_;
  std::size_t index_;
  const Captures* captures_;
};

// For a person: "bridge:br_nf_forward", "0xffffffff80268427", "1472", "2.5", "bridge, ip_tables", "0f 0b".
std::string show(const Value& value);

}  // namespace diag::sig
