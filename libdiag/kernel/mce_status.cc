#include "kernel/mce_status.h"

#include <string_view>

#include <fmt/core.h>

namespace diag::kernel {

namespace {

constexpr bool bit(std::uint64_t status, int n) { return status >> n & 1; }

constexpr std::string_view transactions[] = {"instruction", "data", "generic", "unknown"};
constexpr std::string_view levels[] = {"level 0", "level 1", "level 2", "any level"};
constexpr std::string_view requests[] = {"generic error", "generic read", "generic write", "data read", "data write",
                                         "instruction fetch", "prefetch", "eviction", "snoop"};
constexpr std::string_view memory_errors[] = {"generic error", "read error", "write error", "address or command error", "scrubbing error"};
constexpr std::string_view simple[] = {"no error", "unclassified", "microcode ROM parity error", "external error (BINIT# of another processor)",
                                       "functional redundancy check error", "internal parity error", "SMM handler code access violation"};
constexpr std::string_view sides[] = {"this processor asked", "this processor answered", "this processor watched", "generic"};

std::string_view request_of(unsigned code) {
  const auto request = code >> 4 & 0xf;
  return request < std::size(requests) ? requests[request] : "reserved request";
}

std::string describe_code(unsigned code) {
  code &= ~0x1000U;  // bit 12: corrected errors are filtered
  if (code < std::size(simple)) return std::string(simple[code]);
  if (code == 0x400) return "internal timer error";
  if (code >> 10 == 1) return "internal error, unclassified";
  if (code >> 11 == 1)
    return fmt::format("bus or interconnect, {}, {}{}", sides[code >> 9 & 3], request_of(code), bit(code, 8) ? ", timed out" : "");
  if (code >> 8 == 1) return fmt::format("{} cache, {}, {}", transactions[code >> 2 & 3], levels[code & 3], request_of(code));
  if (code >> 7 == 1) {
    const auto what = code >> 4 & 7;
    const auto error = what < std::size(memory_errors) ? memory_errors[what] : "reserved error";
    const auto channel = code & 0xf;
    return fmt::format("memory controller, {}{}", error, channel == 0xf ? std::string() : fmt::format(" on channel {}", channel));
  }
  if (code >> 4 == 1) return fmt::format("{} TLB, {}", transactions[code >> 2 & 3], levels[code & 3]);
  if (code >> 2 == 3) return fmt::format("cache hierarchy, {}", levels[code & 3]);
  return fmt::format("error code 0x{:x}", code);
}

}  // namespace

std::string describe_mce_status(std::uint64_t status) {
  if (!bit(status, 63)) return {};
  std::string out = bit(status, 61) ? "uncorrected" : "corrected";
  if (bit(status, 57)) out += ", processor context corrupt";
  if (bit(status, 62)) out += ", earlier errors were overwritten";
  return out + ": " + describe_code(static_cast<unsigned>(status & 0xffff));
}

}  // namespace diag::kernel
