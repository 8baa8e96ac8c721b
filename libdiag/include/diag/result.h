// How failure travels: no exception crosses a public header (std::bad_alloc aside).
#pragma once

#include <expected>
#include <string>

namespace diag {

struct Error {
  enum class Code {
    not_found,    // no such file, member, signature
    unreadable,   // permission, I/O error
    malformed,    // read, but not what it claims to be
    unsupported,  // understood, but not built in or not done here
    limit,        // a bound of ours was reached; what was read until then is valid
  };
  Code code = Code::malformed;
  std::string message;  // one sentence for a person, without the place
  std::string where;    // "file:line:column", "file", or empty

  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = std::expected<T, Error>;

}  // namespace diag
