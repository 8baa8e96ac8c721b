#include "kernel/module_list.h"

#include <algorithm>

#include "base/text.h"

namespace diag::kernel {

namespace {

// "ext3(U)", "nvidia(PF)(U)", "kvm(OE+)": a name, then marks in brackets.
bool parse_module(std::string_view word, KernelModule& out) {
  const auto name = take_while(word, [](char c) { return is_word(c) || c == '-'; });
  if (name.empty() || name.size() > 63) return false;
  out.name = name;
  out.flags.clear();
  while (consume(word, "(")) {
    const auto flags = take_while(word, [](char c) { return is_alpha(c) || c == '+' || c == '-'; });
    if (!consume(word, ")")) return false;
    out.flags += flags;
  }
  return word.empty() || word == ",";
}

}  // namespace

bool parse_module_list(std::string_view text, std::vector<KernelModule>& out, bool& done) {
  const auto before = out.size();
  auto s = trim(text);
  while (!s.empty()) {
    if (s.starts_with("[last unloaded:") || s.starts_with("[last unloaded ")) {
      done = true;
      return true;
    }
    const auto word = take_while(s, [](char c) { return !is_space(c); });
    KernelModule module;
    if (!parse_module(word, module)) {
      out.resize(before);
      return false;
    }
    out.push_back(std::move(module));
    s = trim_left(s);
  }
  return true;
}

}  // namespace diag::kernel
