// Lines of at most `width` columns with hanging indents, and commands that survive copy and paste. Whatever is written
// is sanitized: a log's escape codes never reach a terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "diag/report.h"

namespace diag {

enum class Paint { none, bold, red, yellow, cyan };

// What stands before a text, "  check  ", and where its further lines begin. Without a label the text itself begins at
// `indent`.
struct Label {
  std::size_t indent = 0;  // columns before the label
  std::string_view text;   // one that reaches past `hang` stands on a line of its own
  std::size_t hang = 0;    // column of the text
  Paint paint = Paint::none;
};

class TextPage {
 public:
  explicit TextPage(const TextStyle& style);

  // White space, line ends included, becomes one blank; empty lines of `text` separate paragraphs.
  void paragraph(const Label& label, std::string_view text);
  // Like words of a paragraph, but never broken within an item.
  void items(const Label& label, const std::vector<std::string>& items);
  // A line to be typed. Broken only where a shell reads on by itself (after | and && outside quotes) and in its
  // comment; longer pieces run over the width.
  void command(const Label& label, std::string_view text);
  // One line as it is, cut with "..." at the width.
  void quote(std::size_t indent, std::string_view text);
  // One line as it is.
  void line(std::size_t indent, std::string_view text);
  // An empty line, unless there is one already or nothing stands before it.
  void gap();

  const TextStyle& style() const { return style_; }
  std::string clean(std::string_view text) const;
  std::string take() { return std::move(out_); }

 private:
  // Writes the label; true if the text goes on in the same line.
  bool begin(const Label& label);
  void pieces(const Label& label, const std::vector<std::string>& pieces);
  std::vector<std::string> wrapped(const std::vector<std::string>& words, std::size_t room) const;
  std::vector<std::string> broken(std::string_view command, std::size_t room) const;

  TextStyle style_;
  std::size_t width_;
  std::string out_;
};

// Columns of a sanitized text: one for each character.
std::size_t columns(std::string_view text);

}  // namespace diag
