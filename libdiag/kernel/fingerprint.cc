#include "kernel/fingerprint.h"

#include <cstdint>
#include <string>

#include <fmt/core.h>

#include "kernel/frame_line.h"

namespace diag::kernel {

namespace {

// FNV-1a: stable across machines and versions, which is all a key needs.
std::string key_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return fmt::format("{:016x}", hash);
}

void append(std::string& text, const Symbol& symbol) {
  if (symbol.name.empty()) return;
  text += '\n';
  if (!symbol.module.empty()) text += symbol.module + ':';
  text += clean_name(symbol.name);
}

// The fault's kinds come and go with the address: NULL plus a larger offset is a "paging request" of the same bug.
std::string_view class_of(std::string_view kind) {
  if (kind == "null_deref" || kind == "paging_request" || kind == "gpf" || kind == "oops") return "fault";
  if (kind == "invalid_opcode") return "bug";
  return kind;
}

}  // namespace

void set_fingerprints(std::string_view kind, KernelReport& report) {
  constexpr std::size_t depth = 12;
  std::string text(kind);
  if (report.function) append(text, report.function->symbol);
  std::size_t used = 0;
  for (const bool reliable : {true, false}) {
    for (const auto& frame : report.frames) {
      if (used == depth) break;
      if (frame.trust == Trust::stale || frame.trust == Trust::refuted || (frame.reliable != reliable)) continue;
      append(text, frame.symbol);
      ++used;
    }
    if (used) break;  // guesses only where nothing better was printed
  }
  if (!report.function && !used) text += '\n' + report.header;
  report.fingerprint = key_of(text);
  std::string fuzzy(class_of(kind));
  if (report.culprit) append(fuzzy, report.culprit->symbol);
  else if (report.function) append(fuzzy, report.function->symbol);
  report.similar = key_of(fuzzy);
}

}  // namespace diag::kernel
