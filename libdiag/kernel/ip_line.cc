#include "kernel/ip_line.h"

#include "base/text.h"
#include "kernel/frame_line.h"

namespace diag::kernel {

namespace {

struct Form {
  std::string_view prefix;
  std::string_view arch;
  bool link_register = false;  // names the caller, not the place: recognised, not used
};

// Longer prefixes first.
constexpr Form forms[] = {
    {"RIP: ", "x86_64"},      {"RIP:", "x86_64"},        {"RIP ", "x86_64"},        {"EIP is at ", "i386"},
    {"EIP:", "i386"},         {"IP: ", ""},              {"NIP [", "ppc64"},        {"NIP: ", "ppc64"},
    {"PC is at ", "arm"},     {"pc : ", ""},             {"epc : ", "riscv64"},     {"epc   : ", "mips"},
    {"Krnl PSW : ", "s390x"}, {"Krnl PSW: ", "s390x"},   {"TPC: ", "sparc64"},      {"IAOQ[0]: ", "parisc"},
};

// "0010:", "e030:", "0060:"; the low two bits are the privilege: 0 kernel, 3 user (1 in a paravirtual guest).
bool take_selector(std::string_view& s, bool& user) {
  auto rest = s;
  const auto digits = take_while(rest, is_hex);
  if ((digits.size() != 4 && digits.size() != 2) || !consume(rest, ":")) return false;
  user = (*parse_hex(digits) & 3) == 3;
  s = trim_left(rest);
  return true;
}

void take_place(std::string_view s, Frame& frame) {
  PrintedSymbol printed, klogd;
  std::optional<Addr> address;
  for (int i = 0; i < 2; ++i) {  // EL4 to EL7 print the address twice
    if (take_bracket_address(s, address, klogd)) frame.address = address;
    s = trim_left(s);
  }
  if (s.starts_with('<')) {
    s.remove_prefix(1);
    const auto digits = take_while(s, is_hex);
    if (!digits.empty()) frame.address = Addr{*parse_hex(digits)};
    consume(s, ">");
    s = trim_left(s);
  }
  consume(s, "{");
  consume(s, "(");
  auto rest = s;
  if (take_symbol(rest, printed)) {
    frame.symbol = std::move(printed.symbol);
    frame.offset = printed.offset;
    frame.size = printed.size;
  } else if (!klogd.symbol.name.empty()) {
    frame.symbol = std::move(klogd.symbol);
    frame.offset = klogd.offset;
    frame.size = klogd.size;
  } else if (consume(s, "0x")) {
    const auto digits = take_while(s, is_hex);
    if (const auto value = parse_hex(digits); value && !frame.address) frame.address = Addr{*value};
  }
}

// "Krnl PSW : 0704c00180000000 00000000001234ab (f+0x1/0x2 [mod])": mask, address, symbol.
void take_psw(std::string_view s, Frame& frame) {
  take_while(s, is_hex);
  s = trim_left(s);
  if (const auto address = parse_hex(take_while(s, is_hex))) frame.address = Addr{*address};
  take_place(trim_left(s), frame);
}

}  // namespace

std::optional<IpLine> parse_ip_line(std::string_view text, std::uint64_t line) {
  auto s = trim_left(text);
  for (const auto& form : forms) {
    if (!consume(s, form.prefix)) continue;
    IpLine out;
    out.arch = form.arch;
    out.frame.line = line;
    if (form.prefix == "NIP [") s = trim(text).substr(4);
    if (form.prefix == "RIP ") {
      s = trim_left(s);
      const bool machine_check = consume(s, "!INEXACT! ") || s.starts_with("10:");
      if (!s.starts_with("[<") && !s.starts_with("<") && !machine_check) return std::nullopt;
      out.closing = true;
    }
    if (form.prefix == "pc : " && s.starts_with("[<")) out.arch = "arm";
    s = trim_left(s);
    if (form.arch == "s390x") {
      take_psw(s, out.frame);
      return out;
    }
    if (form.arch == "x86_64" || form.arch == "i386") {
      const bool selector = take_selector(s, out.user);
      out.closing = out.closing || (!selector && form.prefix != "EIP is at ");
    }
    take_place(s, out.frame);
    if (form.prefix == "IP: " && out.frame.symbol.name.empty() && !out.frame.address) return std::nullopt;
    if (const auto at = s.find("RSP"); at != std::string_view::npos) {
      auto rest = trim_left(s.substr(at + 3));
      consume(rest, ":");
      rest = trim_left(rest);
      consume(rest, "<");
      if (const auto value = parse_hex(take_while(rest, is_hex))) out.stack_pointer = Addr{*value};
    }
    return out;
  }
  return std::nullopt;
}

}  // namespace diag::kernel
