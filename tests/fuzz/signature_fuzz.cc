// The signature loader on any bytes, and the matcher on what it accepts.
#include <cstdint>
#include <string>

#include "support/laws.h"

namespace {

constexpr std::string_view log = R"(Oct 14 03:12:01 host kernel: ipt_hook: happy cracking.
Oct 14 03:12:02 host kernel: BUG: soft lockup - CPU#1 stuck for 22s! [a:1]
Oct 14 03:12:02 host kernel: Pid: 1, comm: a Not tainted 2.6.32-71.el6.x86_64 #1
Oct 14 03:12:02 host kernel: Call Trace:
Oct 14 03:12:02 host kernel:  [<ffffffff8117f30c>] icmp_send+0x26/0x582
)";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  diag::SignatureSet signatures;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (!signatures.add(text, "fuzz.toml", "fuzz.signature")) return signatures.mistakes().empty() ? __builtin_trap(), 0 : 0;
  diag::test::diagnose(signatures, {{"log", std::string(log)}});
  return 0;
}
