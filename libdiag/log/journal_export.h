// The journal's export format: "KEY=value" lines up to a blank one; a value with odd bytes as "KEY", its length in
// eight bytes, and the bytes. Also `journalctl -o verbose`, whose entries have a head line and indented fields.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "diag/source.h"
#include "log/journal_entry.h"

namespace diag::transport {

class JournalExport {
 public:
  enum class Answer {
    not_mine,      // the line is none of an entry
    more,          // taken; the entry goes on
    entry,         // taken; the entry is complete
    entry_before,  // not taken: it begins the next one, or is none, and the entry before it is complete
  };
  Answer feed(const Line& line) { return is_plain(line) ? Answer::not_mine : read(line); }
  // Closes the entry at the end of the text. True: there was one with a message.
  bool finish();

  const JournalEntry& entry() const { return entry_; }
  const Origin& at() const { return at_; }       // of the message
  std::string_view raw() const { return raw_; }  // the line that holds it
  // Of values that are wanted but too large, and of lengths that cannot be.
  std::uint64_t bytes_passed_over() const { return passed_over_; }

 private:
  enum class State { outside, fields, verbose, length, bytes };
  // The fast answer for nearly all lines: no entry is open, and this line cannot begin one.
  bool is_plain(const Line& line) const {
    const auto text = line.text;
    return state_ == State::outside && !continued_ && !line.cut && !text.starts_with('_') &&
           (text.size() < 30 || text[4] != '2');
  }
  Answer read(const Line& line);
  Answer begin(const Line& line);
  Answer field(const Line& line);
  Answer verbose_field(const Line& line);
  void binary(std::string_view text, bool newline);
  void end_binary();
  bool close();

  State state_ = State::outside;
  JournalEntry entry_;
  Origin at_;
  std::string raw_;
  std::string name_, value_;  // of a binary field; value_ holds its length first
  std::uint64_t left_ = 0;    // bytes of it still to come, its closing newline among them
  bool keep_ = false;
  bool continued_ = false;  // the line before was cut
  std::uint64_t passed_over_ = 0;
};

}  // namespace diag::transport
