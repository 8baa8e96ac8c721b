// Collects what is wrong with a file, in the words and form of a good compiler.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diag/signature.h"

namespace diag::sig {

struct Place {
  std::uint32_t line = 0, column = 0;  // 1-based; 0: the whole file
};

class Mistakes {
 public:
  explicit Mistakes(std::string file) : file_(std::move(file)) {}

  void add(Place at, std::string message) { list_.push_back({file_, at.line, at.column, std::move(message)}); }
  const std::string& file() const { return file_; }
  const std::vector<Mistake>& list() const { return list_; }
  bool none() const { return list_.empty(); }
  // By place, so that a person can go through the file from top to bottom.
  std::vector<Mistake> take();

 private:
  std::string file_;
  std::vector<Mistake> list_;
};

// "; did you mean 'title'?", "; it may be: a, b, c" when there are few, else nothing.
std::string suggestion(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace diag::sig
