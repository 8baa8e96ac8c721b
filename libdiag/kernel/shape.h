// Line shapes: "BUG: soft lockup - CPU#{cpu:d} stuck for {seconds:d}s! [{task.comm:l}:{task.pid:d}]". The tables of
// kind_table.cc are written in them, so that a new spelling is a row and not code.
#pragma once

#include <string_view>
#include <vector>

namespace diag::kernel {

// What a capture takes:
//   d  decimal digits                 t  text up to the next literal, or to the end
//   x  hex digits, "0x" optional      l  text up to the last occurrence of the next literal (names that may hold it)
//   a  the same, as an address        w  a run without blanks, up to the next literal
//   s  a symbol, "f+0x1/0x2 [mod]"    *  as t, but not kept (written {*})
struct Capture {
  std::string_view name;
  char type;
  std::string_view text;
};

class Shape {
 public:
  // `pattern` must outlive the Shape. A leading '^' ties the first literal to the start of the line.
  explicit Shape(std::string_view pattern);

  // The longest literal: a line without it cannot match.
  std::string_view anchor() const;

  // Matches anywhere in `text`; what follows the last piece is ignored. Captures view `text`. Linear in its length.
  bool match(std::string_view text, std::vector<Capture>& captures) const;

 private:
  struct Piece {
    std::string_view text;  // the literal, or the name of the capture
    char type;              // 0: literal
  };
  bool match_at(std::string_view text, std::vector<Capture>& captures) const;
  std::string_view next_literal(std::size_t piece) const;

  std::vector<Piece> pieces_;
  bool at_start_ = false;
};

}  // namespace diag::kernel
