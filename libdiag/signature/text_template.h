// Texts with inserts: "Disk on {port} is failing", "{stack.top|an address made of packet data}", "{error:ata}".
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signature/mistakes.h"

namespace diag::sig {

using Words = std::map<std::string, std::map<std::string, std::string>>;  // [words.NAME]

struct Insert {
  std::string field;                   // "port", "server.version"
  std::string words;                   // looked up in [words.<words>]; empty: as it is
  std::optional<std::string> unknown;  // what to say if it is unknown
};

// The value of an insert, for a person; nothing: unknown.
using InsertValue = std::function<std::optional<std::string>(std::string_view field)>;

class Template {
 public:
  Template() = default;
  // "{{" stands for one brace; a brace that begins no insert, as in awk '{print $1}', stands for itself.
  explicit Template(std::string text);

  bool empty() const { return text_.empty(); }
  const std::string& text() const { return text_; }
  std::vector<const Insert*> inserts() const;

  enum class Use {
    prose,    // control characters are taken out of values
    command,  // do, check, undo: a value that is not plain becomes "<field>"
  };
  // An unknown value without words of its own is "<field>".
  std::string render(const InsertValue& value, const Words& words, Use use) const;

 private:
  struct Piece {
    std::string text;
    std::optional<Insert> insert;
  };
  std::string text_;
  std::vector<Piece> pieces_;
};

}  // namespace diag::sig
