#include <fmt/core.h>

#include "kernel/fault_verdict.h"

namespace diag::kernel {
namespace {

Telling tell_poison(const Scene& s, const Poison& p, std::uint64_t pointer, const std::string& lead) {
  const bool exact = pointer == p.value;
  auto words = exact ? fmt::format("{}{}, {}", lead, p.name, p.meaning)
                     : fmt::format("{}close to {} ({}), {}", lead, p.name, s.show(p.value), p.meaning);
  return {std::string(p.fault_class), std::move(words)};
}

Telling tell_flip(const Scene& s, const BitFlip& f, const std::string& lead) {
  auto words = f.equal ? fmt::format("{}the value of {} ({}) but for bit {}", lead, f.witness, s.show(f.sane), f.bit)
                       : fmt::format("{}a kernel address close to {} ({}) but for bit {}", lead, f.witness,
                                     s.show(f.sane), f.bit);
  return {"single_bit", words + ": this may be bad memory"};
}

}  // namespace

std::optional<Telling> tell_pointer(const Scene& scene, std::uint64_t pointer, const std::string& lead,
                                    std::string_view reg) {
  if (scene.bits == 0) return std::nullopt;
  const auto era = scene.era;
  if (!scene.mode && era != Era::el4 && era != Era::el5) return std::nullopt;  // other machines add their own offset
  if (const auto poison = find_poison(pointer, scene.bits, era)) return tell_poison(scene, *poison, pointer, lead);
  if (!scene.mode) return std::nullopt;
  if (const auto text = pointer_text(pointer, scene.bits)) {
    return Telling{"ascii_pointer",
                   fmt::format("{}the text \"{}\": data stands where a pointer should be", lead, *text)};
  }
  if (const auto flip = find_bit_flip(scene, pointer, reg)) return tell_flip(scene, *flip, lead);
  return std::nullopt;
}

}  // namespace diag::kernel
