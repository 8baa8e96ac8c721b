#include "report/trace_text.h"

#include <fmt/format.h>
#include <algorithm>

#include "report/names.h"

namespace diag {

namespace {

constexpr std::size_t most_frames = 64;  // of a trace that is not shown whole

bool believed(const Frame& f) { return f.trust == Trust::verified || (f.trust == Trust::plain && f.reliable); }
bool left_over(const Frame& f) { return f.trust == Trust::stale || f.trust == Trust::refuted; }

std::string name(const Frame& f) {
  if (!f.symbol.name.empty()) return full_name(f.symbol);
  return f.address ? to_string(*f.address) : "?";
}

// What a frame is worth, in the words of the report; empty for an ordinary one.
std::string remark(const Frame& f) {
  std::string text;
  if (left_over(f)) {
    text = "not a caller";
  } else if (!believed(f)) {
    text = "doubtful";
  }
  if (!f.note.empty()) text += (text.empty() ? "" : ": ") + f.note;
  return text;
}

struct Folded {
  std::vector<const Frame*> shown;
  std::size_t left_over = 0, doubtful = 0, cut = 0;
};

// Without a single frame the kernel was sure of, the doubtful ones are all there is.
Folded fold(const KernelReport& k, bool all) {
  Folded result;
  const bool sure = std::ranges::any_of(k.frames, believed);
  for (const auto& f : k.frames) {
    if (!all && left_over(f)) {
      ++result.left_over;
    } else if (!all && sure && !believed(f)) {
      ++result.doubtful;
    } else if (!all && result.shown.size() == most_frames) {
      ++result.cut;
    } else {
      result.shown.push_back(&f);
    }
  }
  return result;
}

bool is_on_other_stacks(const std::vector<const Frame*>& frames) {
  return std::ranges::any_of(frames,
                             [](const Frame* f) { return f->stack != Stack::unknown && f->stack != Stack::task; });
}

std::string_view mark(const Frame& f) { return f.stack == Stack::unknown ? "task" : word(f.stack); }

void write_flow(TextPage& page, Label label, const std::vector<const Frame*>& frames) {
  const bool marks = is_on_other_stacks(frames);
  for (std::size_t i = 0; i < frames.size();) {
    std::vector<std::string> items;
    if (marks) items.push_back(fmt::format("[{}]", mark(*frames[i])));
    std::size_t next = i;
    while (next < frames.size() && mark(*frames[next]) == mark(*frames[i])) {
      items.push_back((next == 0 ? "" : "<- ") + name(*frames[next]));
      ++next;
    }
    page.items(label, items);
    label = {label.hang, "", label.hang, Paint::none};
    i = next;
  }
}

void write_position(TextPage& page, std::size_t column, const Frame& f, std::size_t at) {
  const SourcePosition& p = f.chain[at];
  std::string text = p.function;
  if (!p.file.empty()) text += fmt::format("  {}:{}", p.file, p.line);
  if (at + 1 < f.chain.size()) text += "  (inlined)";
  page.line(column, text);
}

void write_lines(TextPage& page, Label label, const std::vector<const Frame*>& frames) {
  const bool marks = is_on_other_stacks(frames);
  const Frame* before = nullptr;
  for (const Frame* f : frames) {
    std::string text = name(*f) + extent(*f);
    if (marks && (!before || mark(*before) != mark(*f))) text = fmt::format("[{}] {}", mark(*f), text);
    if (const auto why = remark(*f); !why.empty()) text += "  (" + why + ")";
    page.paragraph(label, text);
    label = {label.hang, "", label.hang, Paint::none};
    for (std::size_t i = 0; i < f->chain.size(); ++i) write_position(page, label.hang + 2, *f, i);
    before = f;
  }
}

std::string counted(std::size_t n, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", n, n == 1 ? one : many);
}

}  // namespace

std::string extent(const Frame& frame) {
  if (!frame.offset) return "";
  return frame.size ? fmt::format("+{:#x}/{:#x}", *frame.offset, *frame.size) : fmt::format("+{:#x}", *frame.offset);
}

void write_trace(TextPage& page, const Label& label, const KernelReport& report) {
  if (report.frames.empty()) return;
  const bool all = page.style().all;
  const Folded trace = fold(report, all);
  const bool located = std::ranges::any_of(trace.shown, [](const Frame* f) { return !f->chain.empty(); });
  all || located ? write_lines(page, label, trace.shown) : write_flow(page, label, trace.shown);
  const Label below = trace.shown.empty() ? label : Label{label.hang, "", label.hang, Paint::none};
  std::string folded;
  const auto add = [&](std::size_t n, std::string_view one, std::string_view many) {
    if (n) folded += (folded.empty() ? "" : ", ") + counted(n, one, many);
  };
  add(trace.cut, "more caller", "more callers");
  add(trace.doubtful, "doubtful frame", "doubtful frames");
  add(trace.left_over, "pointer left on the stack, not a caller", "pointers left on the stack, not callers");
  if (!folded.empty()) page.paragraph(below, "... " + folded + " (--all shows them)");
}

}  // namespace diag
