// Takes the values of a TOML table by key and type, and notes what is missing, unknown or of the wrong type.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "signature/mistakes.h"
#include "signature/toml_text.h"

namespace diag::sig {

// A string or an array of strings, with the place of each.
std::vector<std::string> texts_of(const Entry& entry, Mistakes& mistakes, std::vector<Place>* places = nullptr);

class TableReader {
 public:
  // `where`: what a person calls the table: "the head", "[[step]]".
  TableReader(const Node& table, std::string_view where, Mistakes& mistakes)
      : table_(table), where_(where), mistakes_(mistakes) {}

  const Entry* entry(std::string_view key) const { return table_.find(key); }
  // Notes a mistake if the key is absent.
  const Entry* required(std::string_view key);

  // Empty if absent or of another type, which is noted.
  std::string text(std::string_view key);
  std::string required_text(std::string_view key);
  bool flag(std::string_view key);
  // As texts_of(); empty if absent.
  std::vector<std::string> texts(std::string_view key, std::vector<Place>* places = nullptr);
  // One of `words`, as its index.
  std::optional<std::size_t> word(std::string_view key, std::span<const std::string_view> words);

  // Notes every key that is not among `allowed`.
  void refuse_others(std::span<const std::string_view> allowed);

 private:
  const Node& table_;
  std::string where_;
  Mistakes& mistakes_;
};

}  // namespace diag::sig
