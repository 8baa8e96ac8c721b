#include "signature/toml_text.h"

#include <fmt/core.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>

namespace diag::sig {

namespace {

Place place(const toml::source_region& region) {
  return {static_cast<std::uint32_t>(region.begin.line), static_cast<std::uint32_t>(region.begin.column)};
}

void convert(const toml::node& from, Node& to);

void convert_table(const toml::table& from, Node& to) {
  to.entries.reserve(from.size());
  for (const auto& [key, value] : from) {
    Entry& entry = to.entries.emplace_back();
    entry.key = std::string(key.str());
    entry.at = place(key.source());
    convert(value, entry.value);
  }
  std::ranges::stable_sort(to.entries, {}, [](const Entry& e) { return std::pair(e.at.line, e.at.column); });
}

void convert(const toml::node& from, Node& to) {
  using Type = Node::Type;
  to.at = place(from.source());
  switch (from.type()) {
    case toml::node_type::string:
      to.type = Type::string;
      to.text = from.as_string()->get();
      break;
    case toml::node_type::integer:
      to.type = Type::integer;
      to.number = static_cast<double>(from.as_integer()->get());
      break;
    case toml::node_type::floating_point:
      to.type = Type::number;
      to.number = from.as_floating_point()->get();
      break;
    case toml::node_type::boolean:
      to.type = Type::flag;
      to.flag = from.as_boolean()->get();
      break;
    case toml::node_type::array:
      to.type = Type::array;
      to.items.resize(from.as_array()->size());
      for (std::size_t i = 0; i < to.items.size(); ++i) convert((*from.as_array())[i], to.items[i]);
      break;
    case toml::node_type::table:
      to.type = Type::table;
      convert_table(*from.as_table(), to);
      break;
    default:
      to.type = Type::date;
  }
}

}  // namespace

const Entry* Node::find(std::string_view key) const {
  const auto found = std::ranges::find(entries, key, &Entry::key);
  return found == entries.end() ? nullptr : &*found;
}

std::string_view to_string(Node::Type type) {
  constexpr std::array<std::string_view, 7> words = {"a string", "a whole number", "a number", "true or false",
                                                     "a date",   "an array",       "a table"};
  return words[static_cast<std::size_t>(type)];
}

std::optional<Node> read_toml(std::string_view text, Mistakes& mistakes) {
  try {
    const toml::table table = toml::parse(text);
    Node root;
    convert_table(table, root);
    root.at = {1, 1};
    return root;
  } catch (const toml::parse_error& error) {
    mistakes.add(place(error.source()), fmt::format("not TOML: {}", error.description()));
    return std::nullopt;
  }
}

}  // namespace diag::sig
