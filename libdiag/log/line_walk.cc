#include "log/line_walk.h"

#include <algorithm>

#include "base/text.h"
#include "log/kmsg_prefix.h"
#include "log/transports.h"

namespace diag::transport {
namespace {

constexpr std::size_t npos = std::string_view::npos;
constexpr Envelope blank;  // copied, because that is faster than making one

void trim_ends(std::string_view& s) {
  if (!s.empty() && (is_space(s.front()) || is_space(s.back()))) s = trim(s);
}

// The front of `s` up to a newline, which goes too. `more`: whether one stood there.
std::string_view take_line(std::string_view& s, bool& more) {
  const auto end = s.find('\n');
  more = end != npos;
  const auto line = s.substr(0, end);
  s.remove_prefix(more ? end + 1 : s.size());
  return line;
}

// "message repeated 3 times: [ text]", as rsyslog folds equal messages.
void unfold_repeats(Envelope& e) {
  std::string_view s = e.text;
  if (!consume(s, "message repeated ")) return;
  const auto count = parse_dec<std::uint32_t>(take_while(s, is_digit));
  if (!count || !consume(s, " times: [") || !s.ends_with(']')) return;
  s.remove_suffix(1);
  e.repeats = std::max(1U, *count);
  e.text = trim_left(s);
  if (!e.user()) open_continuation(e);
}

// Where a JSON object begins that may carry a message: at the front, or behind "- " of a list. npos: no such line.
std::size_t json_start(std::string_view line) {
  const std::size_t at = line.starts_with("- {") ? 2 : 0;
  if (line.size() < at + 2 || line[at] != '{') return npos;
  const auto next = line[at + 1] == ' ' ? at + 2 : at + 1;
  return next < line.size() && line[next] == '"' ? at : npos;
}

// `"}` at the end: what is left of a test bench's JSON line.
std::string_view without_json_tail(std::string_view text) {
  if (text.ends_with("\"}") && text.find('{') == npos) text.remove_suffix(2);
  return text;
}

}  // namespace

void LineWalk::start(const Line& line) {
  line_ = line.text;
  dirt_ = find_dirt(line_);
  cleaned_ = dirt_.control;
  if (dirt_.control) line_ = drop_controls(line_, controls_);
  in_line_ = true;
  in_message_ = json_open_ = plain_ = false;
  given_ = 0;
}

// Only where no program is named: its messages stay as they are.
bool LineWalk::needs_markup_undone(std::string_view line) const {
  if (plain_ || base_.user() || line.empty()) return false;
  return dirt_.high || line.find('&') != npos || ((line.front() == '<' || line.back() == '>') && has_html_tag(line));
}

void LineWalk::start(const JournalEntry& entry) {
  dirt_ = find_dirt(entry.message);
  in_line_ = false;
  given_ = 0;
  base_ = blank;
  entry.state(base_);
  cleaned_ = dirt_.control;
  if (dirt_.control) {
    escapes_.clear();
    for (std::string_view left = entry.message; !left.empty();) {
      bool more;
      escapes_ += drop_controls(take_line(left, more), controls_);
      if (more && !left.empty()) escapes_ += '\n';
    }
    base_.text = escapes_;
  }
  if (!base_.user()) open_continuation(base_);
  open_message();
}

void LineWalk::start_rest(const Line& line, const Message& message) {
  dirt_ = {};
  in_line_ = false;
  given_ = 0;
  base_ = blank;
  base_.host = message.host;
  base_.program = message.program;
  base_.pid = message.pid;
  base_.level = message.level;
  base_.when = message.when;
  base_.stamped = true;
  cleaned_ = find_dirt(line.text).control;
  base_.text = cleaned_ ? drop_controls(line.text, controls_) : line.text;
  open_message();
}

// A line without a header, indented to the column where the text of the one before began: journalctl's further lines.
bool LineWalk::continue_indented(Envelope& e, const RecentMessages& recent) const {
  const Message& before = recent.last();
  const auto indent = e.text.find_first_not_of(' ');
  if (indent == npos || indent < 16 || indent != before.column || before.host.empty()) return false;
  e.host = before.host;
  e.program = before.program;
  e.pid = before.pid;
  e.level = before.level;
  e.when = before.when;
  e.stamped = true;
  e.text.remove_prefix(indent);
  return true;
}

bool LineWalk::open_json(std::string_view line) {
  json_open_ = true;
  if (read_journal_json(line, entry_)) {
    start(entry_);
    return true;
  }
  if (!read_json_message(line, json_)) return false;
  cleaned_ = true;
  line_ = find_dirt(json_).control ? drop_controls(json_, controls_) : std::string_view(json_);
  in_line_ = true;
  return true;
}

// What syslog daemons and the kernel's own devices escape.
void LineWalk::undo_escapes(Envelope& e) {
  const auto before = e.text.data();
  if (e.syslog) e.text = undo_octal_escapes(e.text, escapes_);
  if (!e.user()) e.text = without_json_tail(undo_hex_escapes(e.text, hex_));
  if (e.text.data() != before) cleaned_ = true;
}

void LineWalk::open_line(const RecentMessages& recent) {
  const auto all = line_;
  auto line = line_;
  in_line_ = false;
  if (cleaned_) line = take_line(line_, in_line_);
  if (!in_line_ && !json_open_) {
    const auto object = json_start(line);
    if (object != npos && open_json(line.substr(object))) return;
  }
  base_ = blank;
  base_.text = line;
  if (!line.starts_with("                ") || !continue_indented(base_, recent)) open(base_, habits_);
  if (needs_markup_undone(line)) {  // once more, with the rest of the line
    line_ = undo_markup(all, markup_);
    in_line_ = plain_ = cleaned_ = true;
    return;
  }
  undo_escapes(base_);
  if (base_.text.starts_with("message repeated ")) unfold_repeats(base_);
  open_message();
}

void LineWalk::open_message() {
  message_ = base_.text;
  in_message_ = first_of_message_ = true;
}

Envelope* LineWalk::next(const RecentMessages& recent) {
  while (!in_message_) {
    if (!in_line_) return nullptr;
    open_line(recent);
  }
  ++given_;
  if (first_of_message_ && !cleaned_ && (base_.user() || glued_message(message_) == npos)) {
    base_.text = message_;
    trim_ends(base_.text);
    in_message_ = false;
    return &base_;
  }
  return next_part();
}

Envelope* LineWalk::next_part() {
  bool more;
  std::string_view left = message_;
  std::string_view text = take_line(left, more);
  part_ = base_;
  const auto glued = part_.user() ? npos : glued_message(text);
  if (glued != npos) {
    left = message_.substr(glued);
    text = text.substr(0, glued);
    more = true;
  }
  part_.text = text;
  if (!first_of_message_) {
    if (!part_.user()) open_continuation(part_);
    part_.body = part_.text;
  }
  trim_ends(part_.text);
  message_ = left;
  in_message_ = more;
  first_of_message_ = false;
  return &part_;
}

}  // namespace diag::transport
