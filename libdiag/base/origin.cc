#include "diag/origin.h"

#include <utility>

namespace diag {

SourceId SourceTable::add(std::string name) {
  names_.push_back(std::move(name));
  return static_cast<SourceId>(names_.size() - 1);
}

const std::string& SourceTable::name(SourceId id) const {
  static const std::string unknown = "?";
  const auto index = static_cast<std::size_t>(id);
  return index < names_.size() ? names_[index] : unknown;
}

std::string SourceTable::describe(const Origin& origin) const {
  return origin.line ? name(origin.source) + ':' + std::to_string(origin.line) : name(origin.source);
}

}  // namespace diag
