// Shell patterns for ids: '*' any text, dots too; '?' one character.
#pragma once

#include <string_view>

namespace diag::sig {

bool matches_glob(std::string_view glob, std::string_view text);

}  // namespace diag::sig
