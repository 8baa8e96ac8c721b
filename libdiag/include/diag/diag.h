// The whole library in one call:
//
//   auto signatures = diag::SignatureSet::load("/usr/share/libdiag/signatures");
//   diag::Diagnosis run(*signatures);
//   run.read("vmcore-dmesg.txt");
//   run.read("iptables-save.txt");
//   std::puts(diag::to_text(run.finish("mytool")).c_str());
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "diag/report.h"
#include "diag/result.h"
#include "diag/signature.h"
#include "diag/source.h"

namespace diag {

// Reads inputs one after the other and concludes once all are read. The signatures must outlive it.
class Diagnosis {
 public:
  explicit Diagnosis(const SignatureSet& signatures, const Limits& limits = {});
  ~Diagnosis();
  Diagnosis(const Diagnosis&) = delete;
  Diagnosis& operator=(const Diagnosis&) = delete;

  // A path, or "-" for standard input. The error is also kept in the facts of that input, so that the report states it.
  Result<void> read(const std::string& path);
  void read_memory(const std::string& name, std::string_view bytes);

  // Called after each chunk of input with the bytes read so far, for progress; null: none.
  void on_progress(void (*callback)(void* user, std::uint64_t bytes), void* user);

  // Concludes. The object is spent.
  Report finish(std::string tool);

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace diag
