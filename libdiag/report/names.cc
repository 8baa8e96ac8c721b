#include "report/names.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace diag {

std::string_view word(Stack s) {
  switch (s) {
    case Stack::unknown:
      return "";
    case Stack::task:
      return "task";
    case Stack::irq:
      return "irq";
    case Stack::softirq:
      return "softirq";
    case Stack::nmi:
      return "nmi";
    case Stack::exception:
      return "exception";
  }
  return "";
}

std::string_view word(Trust t) {
  switch (t) {
    case Trust::plain:
      return "plain";
    case Trust::question:
      return "question";
    case Trust::stale:
      return "stale";
    case Trust::verified:
      return "verified";
    case Trust::refuted:
      return "refuted";
  }
  return "plain";
}

std::string_view word(Unresolved u) {
  switch (u) {
    case Unresolved::no_symbol_file:
      return "no_symbol_file";
    case Unresolved::wrong_build:
      return "wrong_build";
    case Unresolved::no_symbol_here:
      return "no_symbol_here";
    case Unresolved::module_not_given:
      return "module_not_given";
    case Unresolved::ambiguous:
      return "ambiguous";
  }
  return "no_symbol_here";
}

std::string_view word(KernelState::State s) {
  switch (s) {
    case KernelState::State::inside:
      return "inside";
    case KernelState::State::unknown:
      return "unknown";
    case KernelState::State::outside:
      return "outside";
  }
  return "unknown";
}

bool has_own_key(std::string_view field) {
  constexpr std::array<std::string_view, 30> own = {"kernel.stream",
                                                    "kind",
                                                    "title",
                                                    "header",
                                                    "host",
                                                    "missing",
                                                    "kernel.release",
                                                    "kernel.arch",
                                                    "kernel.taint",
                                                    "time.uptime",
                                                    "time.wall",
                                                    "cpu",
                                                    "task.comm",
                                                    "task.pid",
                                                    "function",
                                                    "function.name",
                                                    "function.module",
                                                    "function.offset",
                                                    "function.size",
                                                    "function.address",
                                                    "culprit",
                                                    "culprit.name",
                                                    "culprit.module",
                                                    "culprit.why",
                                                    "fault.address",
                                                    "fault.error",
                                                    "fault.instruction",
                                                    "fault.explanation",
                                                    "modules",
                                                    "fingerprint"};
  return std::ranges::find(own, field) != own.end();
}

namespace {

std::string joined(const List& items) {
  std::string text;
  for (const auto& item : items) text += (text.empty() ? "" : ", ") + item;
  return text;
}

}  // namespace

std::string spoken(const Value& value, int digits) {
  struct Visitor {
    int digits;
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(double number) const { return fmt::format("{}", number); }
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(const Symbol& s) const { return full_name(s); }
    std::string operator()(Addr a) const { return to_string(a, digits); }
    std::string operator()(const Timestamp& t) const { return to_string(t); }
    std::string operator()(const Bytes& bytes) const { return fmt::format("{:02x}", fmt::join(bytes, " ")); }
    std::string operator()(const List& items) const { return joined(items); }
  };
  return std::visit(Visitor{digits}, value);
}

std::string full_name(const Symbol& symbol) {
  return symbol.module.empty() ? symbol.name : symbol.module + ':' + symbol.name;
}

const std::string& input_name(const Facts& facts, SourceId id) {
  static const std::string unknown = "?";
  const auto index = static_cast<std::size_t>(id);
  return index < facts.inputs.size() ? facts.inputs[index].name : unknown;
}

const std::string& spoken_name(const Facts& facts, SourceId id) {
  static const std::string standard_input = "stdin";
  const std::string& name = input_name(facts, id);
  return name == "-" ? standard_input : name;
}

}  // namespace diag
