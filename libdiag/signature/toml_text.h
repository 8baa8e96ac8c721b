// TOML as a plain tree in which every key and value knows its place. The only place that knows toml++.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signature/mistakes.h"

namespace diag::sig {

struct Entry;

struct Node {
  enum class Type { string, integer, number, flag, date, array, table };
  Type type = Type::table;
  Place at;
  std::string text;   // string
  double number = 0;  // integer and number
  bool flag = false;
  std::vector<Node> items;     // array
  std::vector<Entry> entries;  // table, in the order of the file

  const Entry* find(std::string_view key) const;
};

struct Entry {
  std::string key;
  Place at;  // of the key
  Node value;
};

std::string_view to_string(Node::Type type);  // "a string", "an array"

// The root table; nothing, and a mistake, if it is no TOML.
std::optional<Node> read_toml(std::string_view text, Mistakes& mistakes);

}  // namespace diag::sig
