// A line on the terminal that says how far the reading is, once it takes longer than two seconds.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "diag/diag.h"

namespace diag::tools {

class Progress {
 public:
  // Does nothing where standard error is no terminal. Must not outlive the diagnosis.
  explicit Progress(Diagnosis& run);
  ~Progress();  // wipes the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void reading(const std::string& name) { name_ = name; }

 private:
  void show(std::uint64_t bytes);

  using Clock = std::chrono::steady_clock;
  Diagnosis& run_;
  std::string name_;
  Clock::time_point next_;
  bool shown_ = false;
};

}  // namespace diag::tools
