#include "diag/event.h"

#include <algorithm>
#include <utility>

#include "diag/kernel_report.h"

namespace diag {

const Field* Event::field(std::string_view name) const {
  const auto at = std::ranges::find(fields, name, &Field::name);
  return at == fields.end() ? nullptr : &*at;
}

const Value* Event::find(std::string_view name) const {
  const Field* f = field(name);
  return f ? &f->value : nullptr;
}

void Event::set(std::string name, Value value, std::uint64_t line) {
  const auto at = std::ranges::find(fields, name, &Field::name);
  if (at == fields.end()) {
    fields.push_back({std::move(name), std::move(value), line});
  } else {
    at->value = std::move(value);
    at->line = line;
  }
}

const Quote* Event::quote(std::uint64_t line) const {
  const auto at = std::ranges::find(lines, line, &Quote::line);
  return at == lines.end() ? nullptr : &*at;
}

const Register* KernelReport::reg(std::string_view name) const {
  const auto at = std::ranges::find(registers, name, &Register::name);
  return at == registers.end() ? nullptr : &*at;
}

}  // namespace diag
