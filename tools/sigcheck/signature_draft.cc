#include "sigcheck/signature_draft.h"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "diag/kernel_report.h"
#include "signature/pattern.h"
#include "signature/test.h"

namespace diag::tools {

namespace {

constexpr std::size_t most_steps = 4, longest_pattern = 200;

// A TOML string with escapes.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : printable(text, false)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

// A TOML string without: patterns stand in these.
std::string literal(const std::string& pattern) {
  return pattern.find('\'') == pattern.npos ? "'" + pattern + "'" : "'''" + pattern + "'''";
}

std::string symbol_pattern(const Symbol& s) {
  const std::string name = sig::quote_pattern(sig::plain_symbol(s.name));
  return s.module.empty() ? name : sig::quote_pattern(s.module) + ':' + name;
}

bool is_caller(const Frame& f) {
  return f.reliable && (f.trust == Trust::plain || f.trust == Trust::verified) && !f.symbol.name.empty();
}

std::vector<std::string> path_of(const KernelReport& report) {
  std::vector<std::string> out;
  const std::string function = report.function ? symbol_pattern(report.function->symbol) : "";
  for (const Frame& f : report.frames) {
    if (out.size() == most_steps) break;
    if (!is_caller(f)) continue;
    std::string step = symbol_pattern(f.symbol);
    if (step != function && std::ranges::find(out, step) == out.end()) out.push_back(std::move(step));
  }
  return out;
}

bool lacks_kind(const KernelReport& report) {
  return std::ranges::find(report.missing, "kind") != report.missing.end();
}

std::string head(std::string_view id, std::string_view title) {
  return fmt::format(
      "id         = \"{}\"\n"
      "title      = {}\n"
      "severity   = \"warning\"   # info, warning, critical\n"
      "confidence = \"likely\"    # what [event] alone is worth: possible, likely, certain\n"
      "summary    = \"What happened and why, in one to three sentences.\"\n"
      "references = [\"where this is known from\"]\n\n",
      id, quoted(title));
}

std::string affects_comment(const KernelReport& report) {
  if (report.release.empty()) return {};
  return fmt::format(
      "# If only some builds have it; this log is from {}:\n"
      "# [affects]\n"
      "# kernel = [\"{} < 999\"]\n\n",
      printable(report.release, true), report.distribution.empty() ? "el6" : report.distribution);
}

constexpr std::string_view step =
    "\n[[step]]\n"
    "do    = \"What to do.\"\n"
    "check = \"how to see that it worked\"\n"
    "undo  = \"how to take it back\"\n"
    "risk  = \"none\"   # none, service restart, traffic change, reboot\n";

SignatureDraft of_kernel_event(std::string_view id, const Event& event, const KernelReport& report) {
  SignatureDraft out;
  out.toml = head(id, event.title) + affects_comment(report);
  out.toml += fmt::format("[event]\nkind     = \"{}\"\n", lacks_kind(report) ? "fault" : event.kind);
  std::string because = "the header says so";
  if (report.function && !report.function->symbol.name.empty()) {
    out.test = "function";
    out.telling = sig::plain_symbol(report.function->symbol.name);
    out.other = "another_function";
    out.toml += fmt::format("function = {}\n", literal(symbol_pattern(report.function->symbol)));
    because = "{function} is where it happened";
  } else {
    out.test = "header";
    out.telling = report.header;
    out.other = "another header";
    out.toml += fmt::format("header   = {}\n", literal(pattern_of(report.header)));
  }
  std::string steps;
  for (const std::string& s : path_of(report)) steps += (steps.empty() ? "" : ", ") + literal(s);
  if (!steps.empty()) out.toml += fmt::format("path     = [{}]   # keep what matters\n", steps);
  out.toml += fmt::format("because  = {}\n", quoted(because));
  out.toml += step;
  return out;
}

SignatureDraft of_message(std::string_view id, const Event& event) {
  const auto* text = event.get<std::string>("text");
  const auto* program = event.get<std::string>("program");
  SignatureDraft out;
  out.toml = head(id, text ? *text : event.title) + "[event]\nkind    = \"log.message\"\n";
  if (program) out.toml += fmt::format("program = {}\n", literal(sig::quote_pattern(*program)));
  out.test = "text";
  out.telling = text ? *text : "";
  out.other = "another message";
  out.toml += fmt::format("text    = {}\n", literal(pattern_of(out.telling)));
  out.toml += "because = \"{quote}\"\n";
  out.toml += step;
  return out;
}

}  // namespace

std::string pattern_of(std::string_view message) {
  std::string out;
  std::string_view rest = message;
  while (!rest.empty() && out.size() < longest_pattern) {
    std::string_view ahead = rest;
    const bool prefixed = consume(ahead, "0x");
    const auto hex = take_while(ahead, is_hex);
    const bool begins_word = rest.data() == message.data() || !is_word(rest.data()[-1]);
    if (begins_word &&
        ((prefixed && !hex.empty()) || (hex.size() >= 8 && (ahead.empty() || !is_word(ahead.front()))))) {
      out += prefixed ? "0x[0-9a-f]+" : "[0-9a-f]+";
      rest = ahead;
    } else if (is_digit(rest.front())) {
      take_while(rest, is_digit);
      out += "\\d+";
    } else {
      out += sig::quote_pattern(rest.substr(0, 1));
      rest.remove_prefix(1);
    }
  }
  return out;
}

SignatureDraft draft_signature(std::string_view id, const Event& event) {
  return event.kernel ? of_kernel_event(id, event, *event.kernel) : of_message(id, event);
}

}  // namespace diag::tools
