#include "report/text_page.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace diag {

namespace {

constexpr std::size_t least_width = 40;

std::vector<std::string> words_of(std::string_view text, bool ascii) {
  std::vector<std::string> words;
  while (true) {
    text = trim_left(text);
    if (text.empty()) return words;
    std::string word = printable(take_while(text, [](char c) { return !is_space(c); }), ascii);
    if (!word.empty()) words.push_back(std::move(word));
  }
}

// The text before the next empty line, taken off `text`.
std::string_view take_paragraph(std::string_view& text) {
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    const std::size_t next = text.find_first_not_of(" \t\r", at + 1);
    if (next == std::string_view::npos || text[next] != '\n') continue;
    const auto taken = text.substr(0, at);
    text.remove_prefix(next);
    return taken;
  }
  return std::exchange(text, {});
}

// A sentence ("boot the kernel before it") rather than something a shell would read.
bool is_prose(std::string_view text) {
  return text.find_first_of("|<>;&$`'\"\\=/*") == std::string_view::npos && text.find(" -") == std::string_view::npos;
}

// Ends of the pieces a shell line may be broken into: after an operator that makes the shell read on, before a comment.
struct ShellLine {
  std::vector<std::size_t> breaks;
  std::size_t comment = std::string_view::npos;
};

ShellLine shell_line(std::string_view text) {
  ShellLine found;
  char quote = 0;
  std::size_t operator_end = std::string_view::npos;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote) {
      if (c == quote) quote = 0;
      if (c == '\\' && quote == '"') ++i;
    } else if (c == '\\') {
      ++i;
    } else if (c == '\'' || c == '"' || c == '`') {
      quote = c;
    } else if (c == '#' && (i == 0 || text[i - 1] == ' ')) {
      found.comment = i;
      return found;
    } else if (c == '|' || (c == '&' && i > 0 && text[i - 1] == '&')) {
      operator_end = i + 1;
    } else if (c == ' ' && i == operator_end) {
      found.breaks.push_back(i);
    }
  }
  return found;
}

std::string_view colour(Paint paint) {
  switch (paint) {
    case Paint::none:
      return "";
    case Paint::bold:
      return "\033[1m";
    case Paint::red:
      return "\033[1;31m";
    case Paint::yellow:
      return "\033[1;33m";
    case Paint::cyan:
      return "\033[1;36m";
  }
  return "";
}

}  // namespace

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

TextPage::TextPage(const TextStyle& style)
    : style_(style), width_(std::max(least_width, static_cast<std::size_t>(std::max(style.width, 0)))) {}

std::string TextPage::clean(std::string_view text) const { return printable(text, !style_.utf8); }

bool TextPage::begin(const Label& label) {
  const std::string text = clean(label.text);
  const auto code = style_.color && !text.empty() ? colour(label.paint) : std::string_view();
  const std::size_t used = label.indent + columns(text);
  out_.append(label.indent, ' ');
  out_.append(code).append(text).append(code.empty() ? "" : "\033[0m");
  if (text.empty()) return true;
  if (used + 1 > label.hang) return false;
  out_.append(label.hang - used, ' ');
  return true;
}

void TextPage::pieces(const Label& label, const std::vector<std::string>& pieces) {
  bool in_line = begin(label);
  if (pieces.empty()) {
    out_.resize(out_.find_last_not_of(' ') + 1);
    in_line = false;
  }
  for (const auto& piece : pieces) {
    if (!in_line) out_.append(1, '\n').append(label.hang, ' ');
    out_ += piece;
    in_line = false;
  }
  out_ += '\n';
}

std::vector<std::string> TextPage::wrapped(const std::vector<std::string>& words, std::size_t room) const {
  std::vector<std::string> lines;
  std::size_t used = 0;
  for (const auto& word : words) {
    const std::size_t size = columns(word);
    if (lines.empty() || used + 1 + size > room) {
      lines.push_back(word);
      used = size;
    } else {
      lines.back().append(1, ' ').append(word);
      used += 1 + size;
    }
  }
  return lines;
}

void TextPage::items(const Label& label, const std::vector<std::string>& items) {
  std::vector<std::string> safe;
  safe.reserve(items.size());
  for (const auto& item : items) safe.push_back(clean(item));
  pieces(label, wrapped(safe, width_ - std::min(label.hang, width_ / 2)));
}

void TextPage::paragraph(const Label& label, std::string_view text) {
  Label current = label;
  text = trim(text);
  do {
    pieces(current, wrapped(words_of(take_paragraph(text), !style_.utf8), width_ - std::min(label.hang, width_ / 2)));
    current = {label.hang, "", label.hang, Paint::none};
    text = trim(text);
    if (!text.empty()) out_ += '\n';
  } while (!text.empty());
}

std::vector<std::string> TextPage::broken(std::string_view command, std::size_t room) const {
  if (columns(command) <= room) return {std::string(command)};
  const auto [breaks, comment] = shell_line(command);
  std::vector<std::string> lines;
  const auto runs = trim_right(command.substr(0, comment));
  if (columns(runs) > room && is_prose(runs)) {
    lines = wrapped(words_of(runs, false), room);
  } else {
    std::vector<std::string> parts;
    std::size_t from = 0;
    for (const std::size_t at : breaks) {
      parts.emplace_back(command.substr(from, at - from));
      from = at + 1;
    }
    parts.emplace_back(runs.substr(std::min(from, runs.size())));
    lines = wrapped(parts, room);
  }
  if (comment != std::string_view::npos) {
    for (auto& line : wrapped(words_of(command.substr(comment + 1), false), room - 2)) lines.push_back("# " + line);
  }
  return lines;
}

void TextPage::command(const Label& label, std::string_view text) {
  std::vector<std::string> lines;
  text = trim(text);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string safe = clean(trim_right(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
    for (auto& piece : broken(safe, width_ - std::min(label.hang, width_ / 2))) lines.push_back(std::move(piece));
  }
  pieces(label, lines);
}

void TextPage::quote(std::size_t indent, std::string_view text) {
  // Sanitizing shortens at most; a giant line is not worth going through.
  std::string safe = clean(text.substr(0, 8 * width_));
  const std::size_t room = width_ - std::min(indent, width_ / 2);
  if (columns(safe) > room || text.size() > 8 * width_) {
    std::size_t end = 0;
    for (std::size_t seen = 0; end < safe.size() && seen < room - 3; ++seen) {
      ++end;
      while (end < safe.size() && (safe[end] & 0xc0) == 0x80) ++end;
    }
    safe.resize(end);
    safe += "...";
  }
  line(indent, safe);
}

void TextPage::line(std::size_t indent, std::string_view text) {
  const std::string safe = clean(text);
  if (!safe.empty()) out_.append(indent, ' ').append(safe);
  out_ += '\n';
}

void TextPage::gap() {
  if (!out_.empty() && !out_.ends_with("\n\n")) out_ += '\n';
}

}  // namespace diag
