// TOML 1.0 as a plain tree in which every key and value knows its place.
//
// Read by hand, because signatures are read at each start of a tool: 300 of them in a few milliseconds. The unit test
// holds it against toml++.
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
  enum class Type : std::uint8_t { string, integer, number, flag, date, array, table };
  // How a table or array came about decides what may still be added to it.
  enum class Made : std::uint8_t {
    value,    // written as a value: closed
    implied,  // by a header of something below it: "a" of [a.b]
    dotted,   // by a dotted key: "a" of a.b = 1
    header,   // by a header of its own: [a]; or [[a]] of an array
  };
  Type type = Type::table;
  Made made = Made::value;
  bool flag = false;
  Place at;
  double number = 0;           // integer and number
  std::string text;            // string
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

// The root table; nothing, and a mistake, if it is no TOML. Dates are known as such, not looked into.
std::optional<Node> read_toml(std::string_view text, Mistakes& mistakes);

}  // namespace diag::sig
