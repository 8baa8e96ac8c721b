#include "signature/kernel_release.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace diag::sig {

namespace {

struct Stream {
  std::string_view version, name;
};
constexpr std::array<Stream, 6> streams = {
    {{"2.6.9", "el4"}, {"2.6.18", "el5"}, {"2.6.32", "el6"}, {"3.10.0", "el7"}, {"4.18.0", "el8"}, {"5.14.0", "el9"}}};

constexpr std::array<std::string_view, 14> arches = {"x86_64", "i386",  "i486", "i586",    "i686",
                                                     "athlon", "ia32e", "ia64", "ppc64le", "ppc64",
                                                     "ppc",    "s390x", "s390", "aarch64"};

// Takes the ".x86_64", "xen", "PAE", "debug", ".centos.plus" after the ".elN" one by one; true if nothing else is left.
bool take_flavours(std::string_view tail, std::string& arch) {
  constexpr std::array<std::string_view, 13> flavours = {".centos.plus", ".centosplus", "xen",      "PAE",   "debug",
                                                         "smp",          "hugemem",     "largesmp", "kdump", "+debug",
                                                         ".debug",       ".centos",     "PAEdebug"};
  while (!tail.empty()) {
    if (std::ranges::any_of(flavours, [&](std::string_view f) { return consume(tail, f); })) continue;
    std::string_view rest = tail;
    consume(rest, ".");
    const auto named = std::ranges::find_if(arches, [&](std::string_view a) { return consume(rest, a); });
    if (named == arches.end()) return false;
    arch = plain_arch(*named);
    tail = rest;
  }
  return true;
}

// ".el5...", ".EL...": the digits after ".el", and what follows them and an update mark such as "_6".
bool take_dist(std::string_view& tail, std::string_view stream) {
  if (consume(tail, ".EL")) return stream == "el4";
  if (!consume(tail, ".el")) return false;
  const auto digits = take_while(tail, is_digit);
  if (stream.substr(2) != digits) return false;
  if (consume(tail, "_")) take_while(tail, is_digit);
  return true;
}

}  // namespace

std::string_view plain_arch(std::string_view arch) {
  return arch == "i486" || arch == "i586" || arch == "i686" || arch == "athlon" ? "i386" : arch;
}

KernelRelease read_kernel_release(std::string_view text) {
  KernelRelease out;
  text = trim(text);
  const auto dash = text.find('-');
  const auto stream = std::ranges::find(streams, text.substr(0, dash), &Stream::version);
  out.foreign = true;
  if (dash == text.npos || stream == streams.end()) return out;
  std::string_view rest = text.substr(dash + 1);
  std::string_view number = take_while(rest, [](char c) { return is_digit(c) || c == '.'; });
  if (number.ends_with('.')) {  // the dot of ".el5"
    number.remove_suffix(1);
    rest = text.substr(dash + 1 + number.size());
  }
  if (number.empty() || !take_dist(rest, stream->name)) return out;
  out.stream = stream->name;
  out.release = number;
  out.foreign = !take_flavours(rest, out.arch);
  if (out.arch.empty() && text.find("PAE") != text.npos) out.arch = "i386";
  return out;
}

}  // namespace diag::sig
