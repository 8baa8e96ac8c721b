#include "kernel/frame_line.h"

#include <algorithm>

#include "base/text.h"

namespace diag::kernel {

namespace {

constexpr bool is_name(char c) { return is_word(c) || c == '.' || c == '$'; }

std::optional<std::uint64_t> take_number(std::string_view& s) {
  auto rest = s;
  if (consume(rest, "0x")) {
    const auto value = parse_hex(take_while(rest, is_hex));
    if (value) s = rest;
    return value;
  }
  const auto value = parse_dec(take_while(rest, is_digit));
  if (value) s = rest;
  return value;
}

// "[bridge]", "[bridge 0123abcd]"; "[#1]" and "[inline]" are no modules.
bool take_module(std::string_view& s, std::string& module) {
  auto rest = s;
  if (!consume(rest, " [") && !consume(rest, "[")) return false;
  const auto name = take_while(rest, [](char c) { return is_word(c) || c == '-'; });
  if (name.empty() || name == "inline" || is_digit(name.front())) return false;
  if (consume(rest, " ")) take_while(rest, is_hex);
  if (!consume(rest, "]")) return false;
  module = name;
  s = rest;
  return true;
}

// Marks and the stack they lead to. "<EOI>" ends an interrupt, "<<EOE>>" an exception; the closing forms come with EL8.
struct Mark {
  std::string_view text;
  Stack stack;
};
constexpr Mark marks[] = {
    {"<IRQ>", Stack::irq},        {"</IRQ>", Stack::task},      {"<EOI>", Stack::task},       {"<SOFTIRQ>", Stack::softirq},
    {"</SOFTIRQ>", Stack::task},  {"<NMI>", Stack::nmi},        {"</NMI>", Stack::task},      {"<<EOE>>", Stack::task},
    {"<EOE>", Stack::task},       {"<TASK>", Stack::task},      {"</TASK>", Stack::task},     {"<#DF>", Stack::exception},
    {"</#DF>", Stack::task},      {"<#DB>", Stack::exception},  {"</#DB>", Stack::task},      {"<#MC>", Stack::exception},
    {"</#MC>", Stack::task},      {"<#VC>", Stack::exception},  {"</#VC>", Stack::task},      {"<#SS>", Stack::exception},
    {"<ENTRY_TRAMPOLINE>", Stack::task}, {"</ENTRY_TRAMPOLINE>", Stack::task}, {"<SYSENTER>", Stack::task}, {"</SYSENTER>", Stack::task},
};

bool take_mark(std::string_view& s, TraceState& state) {
  if (s.empty() || s.front() != '<') return false;
  for (const auto& mark : marks) {
    if (consume(s, mark.text)) {
      state.stack = mark.stack;
      return true;
    }
  }
  return false;
}

bool take_question(std::string_view& s) {
  if (s.size() < 2 || s.front() != '?' || s[1] != ' ') return false;
  s = trim_left(s.substr(1));
  return true;
}

// "<ffffffff80123456>": EL4 x86_64, 2.6.16 i386.
bool take_angle_address(std::string_view& s, std::optional<Addr>& address) {
  auto rest = s;
  if (!consume(rest, "<")) return false;
  const auto digits = take_while(rest, is_hex);
  if ((digits.size() != 8 && digits.size() != 16) || !consume(rest, ">")) return false;
  address = Addr{*parse_hex(digits)};
  s = rest;
  return true;
}

// "{:mod:f+12}" behind an EL4 address.
bool take_braces(std::string_view& s, PrintedSymbol& out) {
  auto rest = s;
  if (!consume(rest, "{") || !take_symbol(rest, out) || !consume(rest, "}")) return false;
  s = rest;
  return true;
}

// Source positions that a symbolizer put behind a frame: "net/ipv4/icmp.c:123".
bool take_position(std::string_view& s, SourcePosition& out) {
  auto rest = trim_left(s);
  const auto word = take_while(rest, [](char c) { return !is_space(c); });
  const auto colon = word.find(':');
  if (colon == std::string_view::npos || word.find('.') == std::string_view::npos) return false;
  auto digits = word.substr(colon + 1);
  const auto number = parse_dec<std::uint32_t>(take_while(digits, is_digit));
  if (!number) return false;
  out.file = word.substr(0, colon);
  out.line = *number;
  s = rest;
  return true;
}

void judge(Frame& frame) {
  if (frame.offset && *frame.offset == 0) {
    frame.trust = Trust::stale;
    frame.note = "offset 0: the start of a function, a pointer left on the stack";
  } else if (frame.offset && frame.size && *frame.size && *frame.offset >= *frame.size) {
    frame.trust = Trust::stale;
    frame.note = "offset at the end of the function: a pointer to the next one, left on the stack";
  } else if (!frame.reliable) {
    frame.trust = Trust::question;
  }
}

Frame& add(std::vector<Frame>& out, std::uint64_t line, const TraceState& state, bool question) {
  Frame& frame = out.emplace_back();
  frame.line = line;
  frame.stack = state.stack;
  frame.reliable = !question && !state.guesses;
  return frame;
}

void name(Frame& frame, PrintedSymbol&& printed) {
  frame.symbol = std::move(printed.symbol);
  frame.offset = printed.offset;
  frame.size = printed.size;
}

// "(f)" or "(f+0x1/0x2 [mod])".
bool take_parenthesized(std::string_view& s, PrintedSymbol& out) {
  auto rest = s;
  if (!consume(rest, "(")) return false;
  if (!take_symbol(rest, out)) {
    out.symbol.name = take_while(rest, is_name);
    if (out.symbol.name.empty()) return false;
  }
  take_module(rest, out.symbol.module);
  if (!consume(rest, ")")) return false;
  s = rest;
  return true;
}

// ARM prints callee and caller on a line: "[<A>] (f) from [<A>] (g+0x1/0x2)", since 5.x "f from g+0x1/0x2". The caller is
// the callee of the next line, so it is entered once. A callee without an offset is the function that prints.
bool take_arm_line(std::string_view text, std::uint64_t line, TraceState& state, std::vector<Frame>& out) {
  auto s = trim_left(text);
  std::optional<Addr> callee_address, caller_address;
  PrintedSymbol callee, caller, klogd;
  if (take_bracket_address(s, callee_address, klogd)) s = trim_left(s);
  if (!take_parenthesized(s, callee)) {
    callee.symbol.name = take_while(s, is_name);
    take_module(s, callee.symbol.module);
  }
  if (callee.symbol.name.empty() || !consume(s, " from ")) return false;
  if (take_bracket_address(s, caller_address, klogd)) s = trim_left(s);
  if (!take_parenthesized(s, caller) && !take_symbol(s, caller)) return false;
  if (state.from != callee.symbol.name && callee.offset) {
    Frame& frame = add(out, line, state, false);
    frame.address = callee_address;
    name(frame, std::move(callee));
    judge(frame);
  }
  state.from = caller.symbol.name;
  Frame& frame = add(out, line, state, false);
  frame.address = caller_address;
  name(frame, std::move(caller));
  judge(frame);
  return true;
}

// "copy_from_user include/linux/uaccess.h:12 [inline]": a symbolizer's inlined frame.
bool take_inline(std::string_view& s, std::uint64_t line, const TraceState& state, bool question, std::vector<Frame>& out) {
  auto rest = s;
  const auto function = take_while(rest, is_name);
  SourcePosition position;
  if (function.empty() || rest.empty() || rest.front() != ' ' || !take_position(rest, position)) return false;
  rest = trim_left(rest);
  if (!consume(rest, "[inline]")) return false;
  position.function = function;
  Frame& frame = add(out, line, state, question);
  frame.symbol.name = function;
  frame.note = "inlined";
  frame.chain.push_back(std::move(position));
  s = rest;
  return true;
}

// What may stand behind a frame without making the line something else.
void take_frame_tail(std::string_view& s, Frame& frame) {
  if (frame.symbol.module.empty()) take_module(s, frame.symbol.module);
  SourcePosition position;
  if (take_position(s, position)) {
    position.function = frame.symbol.name;
    frame.chain.push_back(std::move(position));
    if (frame.symbol.module.empty()) take_module(s, frame.symbol.module);
  }
  if (auto rest = trim_left(s); consume(rest, "(unreliable)")) {
    frame.reliable = false;
    s = rest;
  } else if (consume(rest, "(P)") || consume(rest, "(U)") || consume(rest, "(F)") || consume(rest, "(UP)")) {
    s = rest;
  }
}

// "12)     9424     392   f+0x1/0x2": a line of the stack tracer, depth and size before the frame.
void skip_stack_tracer(std::string_view& s) {
  auto rest = s;
  if (take_while(rest, is_digit).empty() || !consume(rest, ")")) return;
  for (int i = 0; i < 2; ++i) {
    rest = trim_left(rest);
    if (take_while(rest, is_digit).empty()) return;
  }
  s = trim_left(rest);
}

// One frame at the front of `s`.
bool take_frame(std::string_view& s, std::uint64_t line, bool in_trace, TraceState& state, std::vector<Frame>& out) {
  auto rest = s;
  bool question = take_question(rest);
  std::optional<Addr> address, second;
  PrintedSymbol printed, klogd;
  const bool wrapped = rest.starts_with("([<");  // s390x marks the first frame by parentheses
  if (wrapped) rest.remove_prefix(1);
  const bool bracketed = take_bracket_address(rest, address, klogd);
  const bool addressed = bracketed || take_angle_address(rest, address);
  if (addressed) {
    rest = trim_left(rest);
    if (take_bracket_address(rest, second, klogd)) {  // ppc64: "[SP] [A] .f"
      address = second;
      rest = trim_left(rest);
    }
    question = take_question(rest) || question;
  }
  bool named = take_braces(rest, printed) || take_symbol(rest, printed);
  if (!named && !klogd.symbol.name.empty()) {
    printed = std::move(klogd);
    named = true;
  }
  if (!named && !addressed) {
    if (in_trace && take_inline(rest, line, state, question, out)) {
      s = rest;
      return true;
    }
    if (!in_trace || !consume(rest, "0x")) return false;
    const auto digits = take_while(rest, is_hex);
    if (digits.size() < 8 || digits.size() > 16) return false;
    address = Addr{*parse_hex(digits)};
  }
  if (!named && addressed) {  // "[<A>] 0xA"
    if (consume(rest, "0x")) take_while(rest, is_hex);
  }
  if (!named && address && value(*address) + 1 == 0) {  // the end mark of a saved stack, not a frame
    s = rest;
    return true;
  }
  Frame& frame = add(out, line, state, question);
  frame.address = address;
  if (named) name(frame, std::move(printed));
  if (wrapped) consume(rest, ")");
  take_frame_tail(rest, frame);
  judge(frame);
  s = rest;
  return true;
}

}  // namespace

bool take_symbol(std::string_view& s, PrintedSymbol& out) {
  auto rest = s;
  std::string_view module;
  if (consume(rest, ":")) {
    module = take_while(rest, [](char c) { return is_word(c) || c == '-'; });
    if (module.empty() || !consume(rest, ":")) return false;
  }
  const auto name = take_while(rest, is_name);
  if (name.empty() || is_digit(name.front()) || !consume(rest, "+")) return false;
  const bool hex = rest.starts_with("0x");
  const auto offset = take_number(rest);
  if (!offset) return false;
  out = {};
  out.symbol = {std::string(name), std::string(module)};
  out.offset = offset;
  if (consume(rest, "/")) out.size = take_number(rest);
  if (hex && !out.size && !rest.empty() && is_word(rest.front())) return false;
  if (module.empty()) take_module(rest, out.symbol.module);
  s = rest;
  return true;
}

bool take_bracket_address(std::string_view& s, std::optional<Addr>& address, PrintedSymbol& named) {
  auto rest = s;
  if (!consume(rest, "[")) return false;
  if (rest.starts_with("] ")) {  // an address that was cut out
    s = rest.substr(1);
    return true;
  }
  const bool angle = consume(rest, "<");
  auto digits = rest;
  const auto hex = take_while(digits, is_hex);
  if ((hex.size() == 8 || hex.size() == 16 || (angle && hex.size() >= 6 && hex.size() <= 16)) &&
      consume(digits, angle ? ">]" : "]")) {
    address = Addr{*parse_hex(hex)};
    s = digits;
    return true;
  }
  digits = rest;
  if (angle && (consume(digits, "0>]") || consume(digits, "...>]"))) {  // hidden, or cut out by who pasted it
    s = digits;
    return true;
  }
  if (consume(digits, "...]")) {
    s = digits;
    return true;
  }
  if (angle || !take_symbol(rest, named) || !consume(rest, "]")) return false;
  s = rest;
  return true;
}

bool take_frame_line(std::string_view text, std::uint64_t line, bool in_trace, TraceState& state, std::vector<Frame>& out) {
  auto s = trim(text);
  if (s.empty()) return false;
  const auto before = out.size();
  skip_stack_tracer(s);
  if (s.find(" from ") != std::string_view::npos && take_arm_line(s, line, state, out)) return true;
  bool any = false;
  while (!s.empty()) {
    s = trim_left(s);
    if (take_mark(s, state)) {
      any = true;
    } else if (take_frame(s, line, in_trace, state, out)) {
      any = true;
    } else {
      break;
    }
  }
  if (!any || s.empty()) return any;
  // Other text behind the frames: interleaved output, or not a frame line at all.
  const bool sure = out.size() > before && (out[before].address || in_trace);
  if (!sure) out.resize(before);
  return sure;
}

bool looks_like_frame(std::string_view text) {
  auto s = trim_left(text);
  skip_stack_tracer(s);
  take_question(s);
  std::optional<Addr> address;
  PrintedSymbol symbol;
  if (take_bracket_address(s, address, symbol) || take_angle_address(s, address)) {
    s = trim_left(s);
    take_bracket_address(s, address, symbol);
    s = trim_left(s);
    take_question(s);
    if (s.empty()) return address.has_value() && value(*address) != 0;
    if (s.front() == '(') s.remove_prefix(1);
    return take_symbol(s, symbol) || s.front() == '{' || s.find(" from [<") != std::string_view::npos;
  }
  return take_symbol(s, symbol) && symbol.size && trim(s).size() <= 12;
}

std::string_view clean_name(std::string_view name) {
  if (name.size() > 1 && name.front() == '.' && !name.starts_with(".text")) name.remove_prefix(1);
  constexpr std::string_view suffixes[] = {".isra.", ".part.", ".constprop.", ".cold", ".clone.", ".llvm.", ".isra", ".part", ".constprop"};
  for (const auto suffix : suffixes) {
    if (const auto at = name.find(suffix); at != std::string_view::npos && at > 0) name = name.substr(0, at);
  }
  return name;
}

}  // namespace diag::kernel
