// How reports of each kind run on after their first line.
#pragma once

#include <string_view>

namespace diag::kernel {

struct KindTraits {
  std::string_view kind;
  int before = 40;        // lines of others that may stand between the first line and the dump
  int after = 30;         // lines of others that may interrupt the dump
  bool fault = false;     // a processor exception or BUG: prints registers, may end in a panic
  bool sentence = false;  // a sentence that explains a BUG or WARNING, printed before or behind its first line
  bool general = false;   // a kind that such a sentence replaces
  bool one_line = false;  // whole without a dump
};

const KindTraits& traits_of(std::string_view kind);

// The kind that the source file of a BUG or WARNING stands for ("lib/list_debug.c"); empty: none special.
std::string_view kind_of_file(std::string_view file, std::string_view function);

}  // namespace diag::kernel
