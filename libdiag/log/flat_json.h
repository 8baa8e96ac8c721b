// The members of one flat JSON object, in order, without building a tree. Values within values are passed over.
#pragma once

#include <string>
#include <string_view>

namespace diag::transport {

struct JsonMember {
  std::string_view key;    // as written between its quotes, escapes not undone
  std::string_view value;  // as written: a string with its quotes, an array with its brackets
};

class FlatJson {
 public:
  // `text` begins with '{'.
  explicit FlatJson(std::string_view text) : left_(text.substr(text.empty() ? 0 : 1)) {}
  // The next member. False at the end, or where the text is no JSON.
  bool next(JsonMember& member);

 private:
  std::string_view left_;
};

// Undoes the escapes of a string. False: `value` is no string.
bool json_string(std::string_view value, std::string& out);
// "[72,101,108]": bytes. False: `value` is no array of small numbers.
bool json_bytes(std::string_view value, std::string& out);
// The first string of "["a","b"]", which stands for a field that occurs twice.
bool json_first_string(std::string_view value, std::string& out);

}  // namespace diag::transport
