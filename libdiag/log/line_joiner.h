// Joins what a mail program or a narrow window wrapped: the second half of a frame, more bytes of a Code: line, the
// rest of a module list or of a long header.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "diag/origin.h"
#include "log/envelope.h"

namespace diag::transport {

// Whether a line with this text may go on in the next one; only such lines are held back.
bool may_continue(const Envelope& line, std::size_t width);

// Whether `next` (a line's text without mail marks and indentation) is the second half of the message `text`, whose
// last line was `width` bytes wide.
bool continues(std::string_view text, std::size_t width, std::string_view next);

// A message whose end may still be to come. It owns its text, because the line it stood in is gone by then.
class HeldMessage {
 public:
  bool holding() const { return holding_; }
  void hold(const Envelope& e, std::string_view raw, const Origin& at);
  // Whether the line `e` goes on with the held message.
  bool takes(const Envelope& e) const;
  void append(const Envelope& e, std::string_view raw);
  // Whether more may come.
  bool open() const;
  // Ends the holding. Valid until the next hold().
  Envelope& release();
  std::string_view raw() const { return raw_; }
  const Origin& at() const { return at_; }

 private:
  bool holding_ = false;
  Envelope envelope_;
  std::string text_, raw_, names_;
  std::size_t width_ = 0;  // of the last line
  Origin at_;
};

}  // namespace diag::transport
