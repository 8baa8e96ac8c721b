// The order of the text report: incidents with an answer first, worst and surest on top; then those no signature knows;
// then what could not be read. Follow-up events and repetitions are folded.
#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "diag/kernel_report.h"
#include "diag/report.h"
#include "report/event_text.h"
#include "report/finding_text.h"
#include "report/names.h"
#include "report/text_page.h"

namespace diag {

namespace {

constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
constexpr std::size_t most_places = 8;   // of one list, unless all is asked for
constexpr std::size_t most_skipped = 5;  // remarks on one input

// What is told together: the kernel events with one cause, or one other event; and the findings about it.
struct Story {
  std::size_t number = 0;  // in order of the facts
  std::vector<std::size_t> events;
  std::vector<std::size_t> findings;
  std::vector<const Story*> again;  // the same story, elsewhere in the logs
};

std::string counted(std::size_t n, std::string_view what) { return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s"); }

class Stories {
 public:
  explicit Stories(const Report& report) : report_(report) {
    collect();
    order();
  }

  // Those to tell, in order. With `fold`, repetitions hang on the first of their kind.
  std::vector<Story*> told(bool fold);

 private:
  std::size_t add();
  void collect();
  void order();
  std::string identity(const Story& s) const;

  const Report& report_;
  std::vector<Story> stories_;
};

std::size_t Stories::add() {
  const std::size_t number = stories_.size();
  stories_.emplace_back().number = number;
  return number;
}

void Stories::collect() {
  const auto& events = report_.facts.events;
  std::map<std::uint32_t, std::size_t> by_incident;
  std::map<std::size_t, std::size_t> by_event;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (!is_kernel(events[i])) continue;
    const auto [at, fresh] = by_incident.try_emplace(events[i].incident);
    if (fresh) at->second = add();
    stories_[at->second].events.push_back(i);
    by_event.emplace(i, at->second);
  }
  for (std::size_t f = 0; f < report_.findings.size(); ++f) {
    const auto& about = report_.findings[f].events;
    const std::size_t subject = about.empty() || about[0] >= events.size() ? nowhere : about[0];
    const auto [at, fresh] = by_event.try_emplace(subject);
    if (fresh) {
      at->second = add();
      if (subject != nowhere) stories_.back().events.push_back(subject);
    }
    stories_[at->second].findings.push_back(f);
  }
}

void Stories::order() {
  // Every key is another one, so that no stable sort is needed.
  const auto key = [](const Story& s) { return std::pair(s.findings.empty() ? nowhere : s.findings[0], s.number); };
  std::ranges::sort(stories_, {}, key);
}

// Two stories with the same identity would be told in the same words. Empty: never the same as another.
std::string Stories::identity(const Story& s) const {
  std::string text;
  for (const std::size_t f : s.findings) {
    const Finding& finding = report_.findings[f];
    text += fmt::format("{}\n{}\n{}\n", finding.signature, finding.title, static_cast<int>(finding.confidence));
  }
  if (!s.findings.empty()) return text;
  const Event& first = report_.facts.events[s.events[0]];
  if (!first.kernel || first.kernel->fingerprint.empty()) return "";
  return first.kind + '\n' + first.title + '\n' + first.kernel->fingerprint;
}

std::vector<Story*> Stories::told(bool fold) {
  std::vector<Story*> result;
  std::map<std::string, Story*> seen;
  for (auto& story : stories_) {
    const std::string id = fold ? identity(story) : "";
    if (!id.empty()) {
      const auto [at, fresh] = seen.emplace(id, &story);
      if (!fresh) {
        at->second->again.push_back(&story);
        continue;
      }
    }
    result.push_back(&story);
  }
  return result;
}

class TextReport {
 public:
  TextReport(const Report& report, const TextStyle& style) : report_(report), page_(style) {}

  std::string write();

 private:
  void story(const Story& s);
  void what_happened(const Story& s);
  void unknown_event(const Story& s);
  void follow_ups(const Story& s);
  void repetitions(const Story& s);
  void trouble();
  void skipped(const InputFacts& input);
  void last_line();

  const Event& event(std::size_t index) const { return report_.facts.events[index]; }
  bool all() const { return page_.style().all; }
  std::string named(const Event& e) const { return fmt::format("{} ({})", e.title, place(report_.facts, e)); }
  std::string list(const std::vector<std::string>& items) const;

  const Report& report_;
  TextPage page_;
};

std::string TextReport::write() {
  Stories stories(report_);
  for (const Story* s : stories.told(!all())) story(*s);
  trouble();
  last_line();
  return page_.take();
}

void TextReport::story(const Story& s) {
  for (const std::size_t f : s.findings) {
    page_.gap();
    write_finding(page_, report_.facts, report_.findings[f]);
  }
  if (s.findings.empty()) {
    unknown_event(s);
  } else {
    what_happened(s);
  }
  follow_ups(s);
  repetitions(s);
}

// The first cause, and an event further on that a finding is about.
void TextReport::what_happened(const Story& s) {
  std::set<std::size_t> subjects;
  for (const std::size_t f : s.findings) {
    const auto& about = report_.findings[f].events;
    if (!about.empty()) subjects.insert(about[0]);
  }
  for (std::size_t i = 0; i < s.events.size(); ++i) {
    const Event& e = event(s.events[i]);
    if (!is_kernel(e) || (i > 0 && (all() || !subjects.contains(s.events[i])))) continue;
    page_.gap();
    page_.line(2, i == 0 ? "what happened" : "then");
    page_.paragraph({4, "", 4, Paint::none}, e.title);
    write_event(page_, report_.facts, e);
  }
}

void TextReport::unknown_event(const Story& s) {
  const Event& e = event(s.events[0]);
  page_.gap();
  page_.paragraph({0, "event", 10, Paint::bold}, e.title);
  page_.paragraph({10, "", 10, Paint::none}, "no signature knows this");
  page_.gap();
  write_event(page_, report_.facts, e);
}

void TextReport::follow_ups(const Story& s) {
  if (s.events.size() < 2) return;
  page_.gap();
  if (all()) {
    for (std::size_t i = 1; i < s.events.size(); ++i) {
      page_.line(2, "followed by");
      page_.paragraph({4, "", 4, Paint::none}, event(s.events[i]).title);
      write_event(page_, report_.facts, event(s.events[i]));
      page_.gap();
    }
    return;
  }
  std::vector<std::string> names;
  for (std::size_t i = 1; i < s.events.size(); ++i) names.push_back(named(event(s.events[i])));
  page_.paragraph({2, "", 4, Paint::none}, fmt::format("followed by {}: {} (--all shows them)",
                                                       counted(names.size(), "more event"), list(names)));
}

void TextReport::repetitions(const Story& s) {
  if (s.again.empty()) return;
  std::vector<std::string> places;
  std::optional<SourceId> before;
  for (const Story* other : s.again) {
    if (other->events.empty()) continue;
    const Event& e = event(other->events[0]);
    const std::string where = place(report_.facts, e);
    const std::size_t name = spoken_name(report_.facts, e.first.source).size() + 1;
    places.push_back(before == e.first.source && where.size() > name ? where.substr(name) : where);
    before = e.first.source;
  }
  page_.gap();
  const std::string times = s.again.size() == 1 ? "once more" : fmt::format("again {} times", s.again.size());
  page_.paragraph({2, "", 4, Paint::none},
                  fmt::format("the same {}{}{} (--all shows them)", times, places.empty() ? "" : ": ", list(places)));
}

std::string TextReport::list(const std::vector<std::string>& items) const {
  std::string text;
  for (std::size_t i = 0; i < items.size() && i < most_places; ++i) text += (i ? ", " : "") + items[i];
  if (items.size() > most_places) text += fmt::format(" and {} more", items.size() - most_places);
  return text;
}

void TextReport::trouble() {
  const auto& inputs = report_.facts.inputs;
  const auto write = [&](std::string_view title, auto belongs) {
    if (std::ranges::none_of(inputs, belongs)) return;
    page_.gap();
    page_.line(0, title);
    for (const auto& input : inputs) {
      if (!belongs(input)) continue;
      if (input.error)
        page_.paragraph({2, "", 4, Paint::none}, spoken_name(report_.facts, input.id) + ": " + input.error->message);
      skipped(input);
    }
  };
  write("not read", [](const InputFacts& i) { return i.error && i.lines == 0; });
  write("not read as a whole", [](const InputFacts& i) {
    return i.lines > 0 ? i.error || !i.skipped.empty() : !i.error && !i.skipped.empty();
  });
}

void TextReport::skipped(const InputFacts& input) {
  std::size_t written = 0;
  for (const auto& s : input.skipped) {
    if (written++ == most_skipped && !all()) break;
    page_.paragraph({2, "", 4, Paint::none},
                    place(report_.facts, input.id, s.first_line, s.last_line) + ": " + s.reason);
  }
  if (written > most_skipped && !all()) {
    page_.paragraph({2, "", 4, Paint::none},
                    fmt::format("{}: {} more (--all shows them)", spoken_name(report_.facts, input.id),
                                input.skipped.size() - most_skipped));
  }
}

// Who says this, of what: a report pasted into a ticket stands alone.
void TextReport::last_line() {
  const auto& inputs = report_.facts.inputs;
  const auto events = static_cast<std::size_t>(std::ranges::count_if(report_.facts.events, is_kernel));
  std::uint64_t lines = 0;
  std::vector<std::string> names;
  for (const auto& input : inputs) {
    lines += input.lines;
    if (input.lines > 0 || !input.error)
      names.push_back(fmt::format("{} ({})", spoken_name(report_.facts, input.id), counted(input.lines, "line")));
  }
  std::string text = report_.tool.empty() ? "" : fmt::format("{} {}: ", report_.tool, report_.version);
  text += events ? counted(events, "event") : "no event";
  text += report_.findings.empty() ? " and no finding" : " and " + counted(report_.findings.size(), "finding");
  if (names.size() > 3) {
    text += fmt::format(" in {} ({})", counted(names.size(), "input"), counted(lines, "line"));
  } else if (!names.empty()) {
    text += " in " + list(names);
  } else {
    text += ": nothing was read";
  }
  page_.gap();
  page_.paragraph({0, "", 2, Paint::none}, text + ".");
}

}  // namespace

std::string to_text(const Report& report, const TextStyle& style) { return TextReport(report, style).write(); }

}  // namespace diag
