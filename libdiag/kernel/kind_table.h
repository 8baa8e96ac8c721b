// The first lines of kernel reports, by era: which kind of event a line begins, and what it already says. A new spelling
// is a row of kind_table.cc.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "kernel/shape.h"

namespace diag::kernel {

// What a row does to an event that is already open and has printed no dump yet ("BUG: unable to handle ...", then "Oops: 0002").
enum class Role {
  opens,    // begins an event of its own, always
  joins,    // belongs to the open event, whose kind stays; begins one of its own if none is open
  refines,  // belongs to the open event if that is one of a general kind (warning, bug, oops, panic), whose kind it replaces
  detail,   // adds fields to an open event of that kind; begins nothing
  closes,   // the panic that ends an event; begins one if none is open
};

struct KindRow {
  std::string_view kind;
  std::string_view shape;
  Role role = Role::opens;
};

std::span<const KindRow> kind_rows();

// Finds the row of a line in one pass over it. Immutable after construction; one for the process is enough.
class KindTable {
 public:
  KindTable();
  ~KindTable();
  // The first row, in table order, that fits; its captures in `captures`. Null: none. `open`: the kind of the event that is
  // open, for the detail rows; empty: none is.
  const KindRow* find(std::string_view text, std::string_view open, std::vector<Capture>& captures) const;

  static const KindTable& instance();

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace diag::kernel
