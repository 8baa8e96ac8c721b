#include "signature/table_reader.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"

namespace diag::sig {

const Entry* TableReader::required(std::string_view key) {
  const Entry* found = entry(key);
  if (found == nullptr) mistakes_.add(table_.at, fmt::format("{} has no '{}'", where_, key));
  return found;
}

std::string TableReader::text(std::string_view key) {
  const Entry* found = entry(key);
  if (found == nullptr) return {};
  if (found->value.type != Node::Type::string) {
    mistakes_.add(found->value.at, fmt::format("'{}' is a string, not {}", key, to_string(found->value.type)));
    return {};
  }
  std::string value(trim(found->value.text));
  if (value.empty()) mistakes_.add(found->value.at, fmt::format("'{}' is empty", key));
  return value;
}

std::string TableReader::required_text(std::string_view key) { return required(key) ? text(key) : std::string(); }

bool TableReader::flag(std::string_view key) {
  const Entry* found = entry(key);
  if (found == nullptr) return false;
  if (found->value.type != Node::Type::flag) {
    mistakes_.add(found->value.at,
                  fmt::format("'{}' is true or false without quotes, not {}", key, to_string(found->value.type)));
  }
  return found->value.flag;
}

std::vector<std::string> texts_of(const Entry& entry, Mistakes& mistakes, std::vector<Place>* places) {
  std::vector<std::string> out;
  const auto take = [&](const Node& n) {
    if (n.type != Node::Type::string || trim(n.text).empty()) {
      const auto what = n.type == Node::Type::string ? "an empty one" : to_string(n.type);
      mistakes.add(n.at, fmt::format("'{}' holds strings, not {}", entry.key, what));
      return;
    }
    out.push_back(n.text);
    if (places) places->push_back(n.at);
  };
  if (entry.value.type == Node::Type::array) {
    std::ranges::for_each(entry.value.items, take);
  } else {
    take(entry.value);
  }
  return out;
}

std::vector<std::string> TableReader::texts(std::string_view key, std::vector<Place>* places) {
  const Entry* found = entry(key);
  return found ? texts_of(*found, mistakes_, places) : std::vector<std::string>();
}

std::optional<std::size_t> TableReader::word(std::string_view key, std::span<const std::string_view> words) {
  const Entry* found = entry(key);
  if (found == nullptr) return std::nullopt;
  if (found->value.type != Node::Type::string) {
    mistakes_.add(found->value.at, fmt::format("'{}' is a word in quotes, not {}", key, to_string(found->value.type)));
    return std::nullopt;
  }
  const auto at = std::ranges::find(words, found->value.text);
  if (at != words.end()) return static_cast<std::size_t>(at - words.begin());
  mistakes_.add(found->value.at,
                fmt::format("'{}' cannot be '{}'{}", key, found->value.text, suggestion(found->value.text, words)));
  return std::nullopt;
}

void TableReader::refuse_others(std::span<const std::string_view> allowed) {
  for (const Entry& e : table_.entries) {
    if (std::ranges::find(allowed, e.key) != allowed.end()) continue;
    mistakes_.add(e.at, fmt::format("unknown key '{}' in {}{}", e.key, where_, suggestion(e.key, allowed)));
  }
}

}  // namespace diag::sig
