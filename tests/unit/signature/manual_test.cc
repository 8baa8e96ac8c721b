// The examples of docs/writing-signatures.md are valid.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "signature/lint.h"
#include "signature/signature_store.h"

namespace diag::sig {
namespace {

TEST(Manual, ItsSignaturesAreValid) {
  std::ifstream in(DIAG_SOURCE_DIR "/docs/writing-signatures.md", std::ios::binary);
  const std::string page((std::istreambuf_iterator<char>(in)), {});
  const std::string begin = "```toml\n", end = "```";
  SignatureSet set;
  std::size_t found = 0;
  for (auto at = page.find(begin); at != page.npos; at = page.find(begin, at + 1)) {
    const auto from = at + begin.size();
    const auto line = 1 + std::count(page.begin(), page.begin() + static_cast<std::ptrdiff_t>(from), '\n');
    set.add(page.substr(from, page.find(end, from) - from), "example at line " + std::to_string(line), "");
    ++found;
  }
  EXPECT_GE(found, 3U);
  auto mistakes = set.mistakes();
  for (const auto& s : set.data().signatures) lint(*s, set, mistakes);
  for (const Mistake& m : mistakes) ADD_FAILURE() << to_string(m);
}

}  // namespace
}  // namespace diag::sig
