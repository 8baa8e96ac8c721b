#include "sigcheck/trial.h"

#include <fmt/core.h>

#include <algorithm>

#include "diag/diag.h"
#include "pipeline/lint_run.h"
#include "report/text_page.h"
#include "sigcheck/pattern_reach.h"
#include "signature/signature_store.h"

namespace diag::tools {

namespace {

constexpr std::size_t most_shown = 20;  // subjects; and characters of a value
constexpr std::size_t longest_value = 60;

std::string shortened(std::string text) {
  if (text.size() > longest_value) text = text.substr(0, longest_value - 3) + "...";
  return text;
}

class Writer {
 public:
  Writer(const Signature& s, const Report& report) : s_(s), facts_(report.facts) {}

  std::string subject(const sig::Explanation& e) {
    const Event& event = facts_.events[e.subject];
    out_ = fmt::format("{} on {}:{}-{} ({})\n", s_.id, facts_.inputs[static_cast<std::size_t>(event.first.source)].name,
                       event.first.line, event.last.line, event.title);
    if (e.members.size() > 1) out_ += fmt::format("  and {} more events of its series\n", e.members.size() - 1);
    out_ += "  event\n";
    parts(e.event);
    if (e.reached != sig::Answer::yes) line(e.reached, "count", "of the series");
    if (s_.until) {
      out_ += "  until\n";
      line(e.lasted, "lasts", "");
    }
    if (e.affects) {
      out_ += fmt::format("  affects: {}{}\n", to_string(e.affects->standing),
                          e.affects->note.empty() ? "" : ", " + e.affects->note);
    }
    for (const sig::ClueAnswer& c : e.clues) clue(c);
    rules(e);
    return std::move(out_);
  }

 private:
  void line(sig::Answer a, std::string_view name, const std::string& more) {
    out_ += more.empty() ? fmt::format("    {:<8} {}", to_string(a), name)
                         : fmt::format("    {:<8} {:<20} {}", to_string(a), name, more);
    out_ += '\n';
  }

  void parts(const sig::Meeting& m) {
    for (const sig::Part& p : m.parts) {
      std::string more = shortened(p.seen);
      if (p.answer == sig::Answer::unknown && more.empty()) more = "not stated";
      if (p.line) more += fmt::format(" (line {})", p.line);
      line(p.answer, p.name, more);
    }
  }

  void clue(const sig::ClueAnswer& c) {
    const sig::Clause& clause = *c.clause;
    std::string weight;
    if (clause.makes) weight = fmt::format(", makes {}", to_string(*clause.makes));
    if (clause.role == sig::Clause::Role::exclude) {
      constexpr std::string_view left[] = {"nothing", "possible", "likely"};
      weight = fmt::format(", leaves {}", left[static_cast<std::size_t>(clause.leaves)]);
    }
    out_ += fmt::format("  {}{}: {}{}\n", clause.name, weight, to_string(c.answer), c.why.empty() ? "" : ", " + c.why);
    out_ += fmt::format("    looks for {}{}\n", in_words(clause), clause.near ? ", " + clause.near->written : "");
    if (!c.met) return;
    if (!clause.asks_subject()) {
      const Event& e = facts_.events[c.met->event];
      const std::string& name = facts_.inputs[static_cast<std::size_t>(e.first.source)].name;
      out_ += fmt::format("    {} {}:{} ({})\n", c.answer == sig::Answer::no ? "nearest:" : "met", name, e.first.line,
                          shortened(e.title));
    }
    parts(*c.met);
  }

  void rules(const sig::Explanation& e) {
    const sig::Judgement j = sig::judge(e);
    out_ += "  rules\n";
    for (const std::string& rule : j.rules) out_ += "    " + rule + '\n';
    out_ += j.level ? fmt::format("  finding: {}\n", to_string(*j.level)) : "  no finding\n";
    if (!j.level) return;
    for (const std::string& text : sig::not_checked(e, *j.level)) out_ += "    not checked: " + text + '\n';
  }

  const Signature& s_;
  const Facts& facts_;
  std::string out_;
};

}  // namespace

Result<Page> trial(const std::vector<std::string>& paths) {
  const auto toml = read_whole_file(paths.front());
  if (!toml) return std::unexpected(toml.error());
  SignatureSet set;
  set.add(*toml, paths.front(), "");
  Page page;
  for (const Mistake& m : set.mistakes()) page.text += to_string(m) + '\n';
  page.good = set.mistakes().empty();
  if (!page.good) return page;

  Diagnosis diagnosis(set);
  for (std::size_t i = 1; i < paths.size(); ++i) {
    if (const auto read = diagnosis.read(paths[i]); !read) return std::unexpected(read.error());
  }
  const Report report = diagnosis.finish("sigcheck");
  const Signature& s = *set.data().signatures.front();
  const sig::FactsIndex index(report.facts);
  const sig::MessagesOf messages = set.data().messages(index);
  const auto explained = sig::Matcher(index, messages).explain(s, true);
  Writer writer(s, report);
  for (std::size_t i = 0; i < explained.size() && i < most_shown; ++i) page.text += writer.subject(explained[i]) + '\n';
  if (explained.size() > most_shown) page.text += fmt::format("and {} more\n", explained.size() - most_shown);
  page.good = std::ranges::any_of(explained, [](const sig::Explanation& e) { return sig::judge(e).level.has_value(); });
  if (explained.empty())
    page.text += fmt::format("{}: there is no event that it could be about ({})\n", s.id, in_words(s.event));
  if (!page.good) page.text += pattern_reach(s.event, {paths.begin() + 1, paths.end()});
  return page;
}

}  // namespace diag::tools
