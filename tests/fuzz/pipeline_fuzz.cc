// The whole pipeline on any bytes: input, log, kernel, signatures, reports, and the laws of tests/support/laws.h.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "support/laws.h"

namespace {

void demand(const std::string& violation) {
  if (violation.empty()) return;
  std::fprintf(stderr, "law broken: %s\n", violation.c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto signatures = diag::SignatureSet::load(DIAG_SIGNATURES);
  if (!signatures) std::abort();
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto report = diag::test::diagnose(*signatures, {{"fuzz", text}});
  demand(diag::test::check_structure(report));
  demand(diag::test::check_renderings(report));
  if (size == 0) return 0;
  demand(diag::test::check_truncation(*signatures, text, data[0] * size / 256));
  demand(diag::test::check_order(*signatures, {{"one", text.substr(0, size / 2)}, {"two", text.substr(size / 2)}}));
  return 0;
}
