#include "report/finding_text.h"

#include <fmt/format.h>
#include <algorithm>

#include "report/event_text.h"

namespace diag {

namespace {

constexpr std::size_t indent = 4;
constexpr std::size_t widest_place = 28;  // longer ones stand on a line of their own

void heading(TextPage& page, std::string_view text) {
  page.gap();
  page.line(2, text);
}

void write_reason(TextPage& page, const Label& label, const Evidence& e, bool quoted) {
  const bool told = quoted || e.because.find(e.quote) != std::string::npos;  // an empty quote always is
  if (!e.because.empty()) {
    page.paragraph(label, e.because);
    if (!told) page.quote(label.hang, "> " + e.quote);
  } else {
    page.paragraph(label, e.quote);
  }
}

void write_evidence(TextPage& page, const Facts& facts, const std::vector<Evidence>& evidence) {
  if (evidence.empty()) return;
  heading(page, "because");
  std::size_t hang = 0;
  std::vector<std::string> places;
  for (const auto& e : evidence) {
    places.push_back(place(facts, e.source, e.first_line, e.last_line));
    const std::size_t wide = columns(page.clean(places.back()));
    if (wide <= widest_place) hang = std::max(hang, indent + wide + 2);
  }
  if (hang == 0) hang = indent + 4;
  for (std::size_t i = 0; i < evidence.size(); ++i) {
    const auto same_line = [&](const Evidence& e) {
      return e.source == evidence[i].source && e.first_line == evidence[i].first_line && e.quote == evidence[i].quote;
    };
    const bool quoted = std::any_of(evidence.begin(), evidence.begin() + static_cast<std::ptrdiff_t>(i), same_line);
    write_reason(page, {indent, places[i], hang, Paint::none}, evidence[i], quoted);
  }
}

// "your 2.6.18-274.7.1.el5 has this", or whatever else is known of the host's kernel.
std::string standing(const KernelState& k) {
  std::string yours = k.release.empty() ? "your kernel" : "your " + k.release;
  switch (k.state) {
    case KernelState::State::inside:
      return yours + " has this" + (k.note.empty() ? "" : ": " + k.note);
    case KernelState::State::unknown:
      if (!k.note.empty()) return k.release.empty() ? k.note : k.release + ": " + k.note;
      return k.release.empty() ? "the kernel's release was not seen" : "it is not known whether " + yours + " has this";
    case KernelState::State::outside:
      if (k.note.empty()) return yours + " does not have this";
      return k.release.empty() ? k.note : k.release + ": " + k.note;
  }
  return yours;
}

void write_kernel(TextPage& page, const KernelState& k) {
  std::string text = standing(k);
  for (std::size_t i = 0; i < k.fixed.size(); ++i) text += (i ? ", " : "; fixed in ") + k.fixed[i];
  heading(page, "kernel");
  page.paragraph({indent, "", indent, Paint::none}, text);
}

void write_step(TextPage& page, const Step& s, std::string_view number) {
  const std::size_t text = indent + (number.empty() ? 0 : number.size() + 1);
  const auto row = [&](std::string_view label) { return Label{text + 2, label, text + 9, Paint::none}; };
  page.paragraph({indent, number, text, Paint::none},
                 s.when.empty() ? s.instruction : "If " + s.when + ": " + s.instruction);
  if (!s.unverified.empty()) page.paragraph({text, "", text, Paint::none}, "(not verified: " + s.unverified + ")");
  if (!s.check.empty()) page.command(row("check"), s.check);
  if (!s.undo.empty()) page.command(row("undo"), s.undo);
  page.paragraph(row("risk"), to_string(s.risk));
}

Paint paint(Confidence c) { return c == Confidence::possible ? Paint::none : Paint::bold; }

}  // namespace

Label headline(Severity severity) {
  constexpr Paint paints[] = {Paint::cyan, Paint::yellow, Paint::red};
  return {0, to_string(severity), 10, paints[static_cast<std::size_t>(severity)]};
}

void write_steps(TextPage& page, const std::vector<Step>& steps) {
  if (steps.empty()) return;
  heading(page, "do");
  for (std::size_t i = 0; i < steps.size(); ++i) {
    write_step(page, steps[i], steps.size() > 1 ? fmt::format("{}.", i + 1) : "");
  }
}

void write_list(TextPage& page, std::string_view title, const std::vector<std::string>& items) {
  if (items.empty()) return;
  heading(page, title);
  const std::string_view bullet = items.size() > 1 ? "-" : "";
  const std::size_t hang = indent + 2 * bullet.size();
  for (const auto& item : items) page.paragraph({indent, bullet, hang, Paint::none}, item);
}

void write_finding(TextPage& page, const Facts& facts, const Finding& f) {
  page.paragraph(headline(f.severity), f.title);
  page.paragraph({10, to_string(f.confidence), 20, paint(f.confidence)},
                 f.code.empty() ? f.signature : f.signature + "  " + f.code);
  if (!f.unverified.empty()) page.paragraph({10, "", 10, Paint::none}, "(not verified: " + f.unverified + ")");
  if (!f.summary.empty()) {
    page.gap();
    page.paragraph({2, "", 2, Paint::none}, f.summary);
  }
  write_evidence(page, facts, f.evidence);
  if (f.kernel) write_kernel(page, *f.kernel);
  write_steps(page, f.steps);
  write_list(page, "not checked", f.not_checked);
  write_list(page, "see also", f.references);
  if (page.style().all) write_list(page, "explains these too", f.context);
}

}  // namespace diag
