// The records of one line, one after the other.
#pragma once

#include <string>
#include <string_view>

#include "diag/source.h"
#include "log/envelope.h"
#include "log/journal_entry.h"
#include "log/recent_messages.h"
#include "log/text_cleaner.h"

namespace diag::transport {

class LineWalk {
 public:
  // Begins with another line. Its text and what next() gives are valid until the next start.
  void start(const Line& line);
  // Begins with the message of a journal entry, which must outlive the walk.
  void start(const JournalEntry& entry);
  // A further piece of a cut line: it belongs to the message that its first piece began.
  void start_rest(const Line& line, const Message& message);

  // The next record's envelope, its rest the message; null: the line has no more. Valid until the next call.
  Envelope* next(const RecentMessages& recent);
  bool done() const { return !in_message_ && !in_line_; }
  // Only the first record of a line can go on from the line before.
  bool first() const { return given_ == 1; }

 private:
  void open_line(const RecentMessages& recent);
  void open_message();
  bool needs_markup_undone(std::string_view line) const;
  bool continue_indented(Envelope& e, const RecentMessages& recent) const;
  bool open_json(std::string_view line);
  void undo_escapes(Envelope& e);
  Envelope* next_part();

  Habits habits_;
  std::string controls_, markup_, escapes_, hex_, json_;  // memory of cleaned text
  JournalEntry entry_;
  std::string_view line_;     // lines of a console not yet opened, "\n" between them
  std::string_view message_;  // of the current envelope, what was not yet given of it
  Envelope base_;             // of the current message
  Envelope part_;             // of one of its lines, where it has several
  Dirt dirt_;
  bool cleaned_ = false;  // what follows may hold "\n"
  bool in_line_ = false, in_message_ = false;
  bool plain_ = false;      // markup was undone
  bool json_open_ = false;  // an object was taken off; what was in it is no JSON
  bool first_of_message_ = false;
  std::size_t given_ = 0;
};

}  // namespace diag::transport
