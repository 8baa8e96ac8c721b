#include "oopsdiag/signature_page.h"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "report/finding_text.h"
#include "report/text_page.h"
#include "signature/signature_file.h"

namespace diag::tools {

namespace {

// Nothing is known here: an insert is shown as "<field>", or by what the author gave for the unknown.
std::string plain(const sig::Template& text, const sig::Words& words) {
  return text.render([](std::string_view) { return std::nullopt; }, words, sig::Template::Use::prose);
}

// "stack.top is non-canonical": under which a step is printed.
std::string in_words(const std::vector<sig::Condition>& conditions) {
  std::string text;
  for (const auto& c : conditions) {
    text += (text.empty() ? "" : ", ") + (c.clause.empty() ? "" : c.clause + ": ") + sig::in_words(c.test);
  }
  return text;
}

std::string in_words(const sig::BuildRange& r) {
  std::string text = r.stream;
  if (!r.arch.empty()) text += ' ' + r.arch;
  if (!r.low.empty()) text += fmt::format(" {} {}", r.low_inside ? "from" : "after", r.low);
  if (!r.high.empty()) text += fmt::format(" {} {}", r.high_inside ? "up to" : "before", r.high);
  return r.low.empty() && r.high.empty() ? text + " (all builds)" : text;
}

std::vector<std::string> affected(const sig::Affects& affects) {
  std::vector<std::string> lines;
  for (const auto& package : affects.packages) {
    for (const auto& range : package.ranges) lines.push_back(package.package + ": " + in_words(range));
  }
  for (const auto& fixed : affects.fixed) lines.push_back("fixed in " + fixed);
  for (const auto& text : affects.changelog) lines.push_back("fixed where the changelog has: " + text);
  if (affects.backports) lines.push_back("earlier builds may carry the fix too");
  return lines;
}

// What it means that the clause holds, what it looks for, and how to learn it.
void write_clue(TextPage& page, const sig::Clause& c, const sig::Words& words) {
  const auto row = [](std::string_view label) { return Label{6, label, 17, Paint::none}; };
  const std::string because = plain(c.because, words), sought = sig::in_words(c);
  page.paragraph({4, "-", 6, Paint::none}, because.empty() ? sought : because);
  if (!because.empty() && std::ranges::any_of(sought, is_alpha)) page.paragraph(row("looks for"), sought);
  if (c.makes) page.paragraph(row("needed to"), fmt::format("be '{}'", to_string(*c.makes)));
  if (!c.ask.empty()) page.paragraph(row("seen by"), c.ask);
  if (!c.unverified.empty()) page.paragraph(row("unverified"), c.unverified);
}

void write_clues(TextPage& page, std::string_view title, const Signature& s, sig::Clause::Role role) {
  bool first = true;
  for (const auto& c : s.clues) {
    if (c.role != role) continue;
    if (std::exchange(first, false)) {
      page.gap();
      page.line(2, title);
    }
    write_clue(page, c, s.words);
  }
}

std::vector<Step> steps(const Signature& s) {
  std::vector<Step> result;
  result.reserve(s.steps.size());
  for (const auto& step : s.steps) {
    result.push_back({plain(step.instruction, s.words), plain(step.check, s.words), plain(step.undo, s.words),
                      step.risk, in_words(step.when), step.unverified});
  }
  return result;
}

}  // namespace

std::string signature_page(const Signature& s, const TextStyle& style) {
  TextPage page(style);
  page.paragraph(headline(s.severity), plain(s.title, s.words));
  page.paragraph({10, "", 10, Paint::none}, s.code.empty() ? s.id : s.id + "  " + s.code);
  if (!s.unverified.empty()) page.paragraph({10, "", 10, Paint::none}, "(not verified: " + s.unverified + ")");
  page.gap();
  page.paragraph({2, "", 2, Paint::none}, plain(s.summary, s.words));
  page.gap();
  page.line(2, "recognised by");
  write_clue(page, s.event, s.words);
  page.paragraph({6, "", 6, Paint::none}, fmt::format("this alone is '{}'", to_string(s.confidence)));
  if (s.affects) write_list(page, "affects", affected(*s.affects));
  write_clues(page, "surer with", s, sig::Clause::Role::support);
  write_clues(page, "speaks against it", s, sig::Clause::Role::exclude);
  write_steps(page, steps(s));
  write_list(page, "see also", s.references);
  page.gap();
  page.line(2, "file: " + s.file);
  return page.take();
}

std::string signature_list(const SignatureSet& signatures, const TextStyle& style) {
  TextPage page(style);
  for (const auto& id : signatures.ids()) {
    const Signature* s = signatures.find(id);
    if (s) page.line(0, fmt::format("{:<8}  {}", to_string(s->severity), id));
  }
  return page.take();
}

}  // namespace diag::tools
