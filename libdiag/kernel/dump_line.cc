#include "kernel/dump_line.h"

#include <algorithm>

#include "base/text.h"

namespace diag::kernel {

namespace {

// A name of 2 to 6 letters and digits: "rax", "r15", "cr2", "x29", "ds", "gpr00". Segment and flag words come along.
std::string_view take_register_name(std::string_view& s) {
  auto rest = s;
  const auto name = take_while(rest, [](char c) { return is_alpha(c) || is_digit(c); });
  if (name.empty() || name.size() > 6 || !is_alpha(name.front())) return {};
  rest = trim_left(rest);
  if (!consume(rest, ":")) return {};
  s = trim_left(rest);
  return name;
}

bool is_register(std::string_view lower) {
  constexpr std::string_view words[] = {"cs", "ds", "es", "fs", "gs", "ss", "ip", "fp", "sp", "lr", "pc", "psr", "efer", "knlgs",
                                        "eflags", "pstate", "esr", "far", "ra", "gp", "tp", "epc", "pkru"};
  if (std::ranges::find(words, lower) != std::end(words)) return true;
  constexpr std::string_view x86[] = {"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "eax", "ebx", "ecx", "edx", "esi", "edi", "ebp", "esp"};
  if (std::ranges::find(x86, lower) != std::end(x86)) return true;
  for (const std::string_view prefix : {"gpr", "cr", "dr", "r", "x", "w", "a", "s", "t"}) {
    if (!lower.starts_with(prefix)) continue;
    const auto digits = lower.substr(prefix.size());
    if (!digits.empty() && digits.size() <= 2 && std::ranges::all_of(digits, is_digit)) return true;
  }
  return false;
}

void add(std::vector<Register>& out, std::string name, std::uint64_t value) {
  if (std::ranges::find(out, name, &Register::name) == out.end()) out.push_back({std::move(name), Addr{value}});
}

}  // namespace

bool parse_register_line(std::string_view text, std::vector<Register>& out) {
  auto s = trim(text);
  const auto before = out.size();
  int taken = 0;
  while (!s.empty()) {
    const auto name = to_lower(take_register_name(s));
    if (name.empty() || !is_register(name)) break;
    if (consume(s, "[<")) {  // ARM: "pc : [<c0123456>]"
      const auto value = parse_hex(take_while(s, is_hex));
      consume(s, ">]");
      s = trim_left(s);
      if (!value) break;
      add(out, name, *value);
      ++taken;
      continue;
    }
    auto digits = take_while(s, is_hex);
    if (consume(s, ":")) digits = take_while(s, is_hex);  // "RSP: 0018:ffff..."
    const auto value = parse_hex(digits);
    if (!value) break;
    if (consume(s, "(")) {  // "FS:  0000000000000000(0000)"
      take_while(s, is_hex);
      consume(s, ")");
    }
    if (name.starts_with("gpr")) {  // ppc64: the number of the first of up to four
      auto number = parse_dec<unsigned>(std::string_view(name).substr(3)).value_or(0);
      add(out, "gpr" + std::to_string(number), *value);
      s = trim_left(s);
      for (auto next = parse_hex(take_while(s, is_hex)); next; next = parse_hex(take_while(s, is_hex))) {
        add(out, "gpr" + std::to_string(++number), *next);
        s = trim_left(s);
      }
      return true;
    }
    add(out, name, *value);
    ++taken;
    s = trim_left(s);
  }
  const bool sure = taken >= 2 || (taken == 1 && (s.empty() || s.starts_with("EFLAGS") || s.find(": ") != std::string_view::npos));
  if (!sure) out.resize(std::min(before, out.size()));
  return sure;
}

bool parse_words(std::string_view text, int& digits, std::vector<std::uint64_t>& out) {
  auto s = trim(text);
  const auto before = out.size();
  int width = digits;
  while (!s.empty()) {
    const auto word = take_while(s, is_hex);
    const auto size = static_cast<int>(word.size());
    if ((size != 8 && size != 16) || (width && size != width) || (!s.empty() && !is_space(s.front()))) {
      out.resize(before);
      return false;
    }
    width = size;
    out.push_back(*parse_hex(word));
    s = trim_left(s);
  }
  digits = width;
  return out.size() > before;
}

std::optional<CodeBytes> parse_code(std::string_view text) {
  CodeBytes out;
  auto s = trim(text);
  while (!s.empty()) {
    const bool angle = consume(s, "<"), round = !angle && consume(s, "(");
    const auto digits = take_while(s, is_hex);
    if (digits.size() != 2 && digits.size() != 4 && digits.size() != 8) break;
    if (angle || round) {
      out.at = out.bytes.size();
      out.marked = true;
      if (!consume(s, angle ? ">" : ")")) break;
    }
    for (std::size_t i = 0; i < digits.size(); i += 2) out.bytes.push_back(static_cast<std::uint8_t>(*parse_hex(digits.substr(i, 2))));
    s = trim_left(s);
  }
  if (out.bytes.empty()) return std::nullopt;
  return out;
}

}  // namespace diag::kernel
