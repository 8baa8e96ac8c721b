#include "signature/event_view.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "signature/facts_index.h"

namespace diag::sig {

namespace {

std::string show_number(double number) {
  if (std::floor(number) == number && std::abs(number) < 1e15) return fmt::format("{:.0f}", number);
  return fmt::format("{:.6g}", number);
}

struct Shower {
  std::string operator()(bool flag) const { return flag ? "yes" : "no"; }
  std::string operator()(double number) const { return show_number(number); }
  std::string operator()(const std::string& text) const { return text; }
  std::string operator()(const Symbol& s) const { return s.module.empty() ? s.name : s.module + ':' + s.name; }
  std::string operator()(Addr a) const { return to_string(a, value(a) > UINT32_MAX ? 16 : 8); }
  std::string operator()(const Timestamp& t) const { return to_string(t); }
  std::string operator()(const Bytes& bytes) const { return fmt::format("{:02x}", fmt::join(bytes, " ")); }
  std::string operator()(const List& list) const { return fmt::format("{}", fmt::join(list, ", ")); }
};

}  // namespace

std::string show(const Value& value) { return std::visit(Shower{}, value); }

const Event& EventView::event() const { return facts_->event(index_); }

Stated EventView::find(std::string_view field) const {
  if (captures_ != nullptr) {
    const auto at = std::ranges::find(*captures_, field, &Field::name);
    if (at != captures_->end()) return {&at->value, at->line};
  }
  const auto own = [&](std::string_view name) -> Stated {
    const Field* f = event().field(name);
    return f ? Stated(&f->value, f->line) : Stated();
  };
  if (const Stated stated = own(field)) return stated;
  constexpr std::string_view tail = ".name";
  if (const Stated stated = field.ends_with(tail) ? own(field.substr(0, field.size() - tail.size()))
                                                  : own(std::string(field) + std::string(tail))) {
    return stated;
  }
  return given_by_host(field);
}

Stated EventView::given_by_host(std::string_view field) const {
  const auto text = [](const std::string& s) { return s.empty() ? Stated() : Stated(Value(s)); };
  const HostKernel& kernel = facts_->kernel(index_);
  if (field == "host") return text(facts_->host(index_));
  if (field == "kernel.release") return text(kernel.release);
  if (field == "kernel.stream") return text(kernel.stream);
  if (field == "kernel.arch") return text(kernel.arch);
  const EventTime& when = event().when;
  if (field == "time.uptime" && when.uptime) return Stated(Value(*when.uptime));
  if (field == "time.wall" && when.wall) return Stated(Value(*when.wall));
  return {};
}

}  // namespace diag::sig
