#include "signature/test.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/rpm_version.h"
#include "base/text.h"
#include "diag/kernel_report.h"
#include "signature/facts_index.h"
#include "signature/path.h"

namespace diag::sig {

namespace {

constexpr std::int64_t hour = 3'600'000'000;
constexpr std::int64_t zone_doubt = 14 * hour;

// ---- addresses

// 32, 64, or 0 where the text does not tell.
int address_bits(const EventView& event) {
  if (event.event().kernel && event.event().kernel->word_bits != 0) return event.event().kernel->word_bits;
  const std::string& arch = event.facts().kernel(event.index()).arch;
  if (arch.empty()) return 0;
  constexpr std::array<std::string_view, 5> narrow = {"i386", "ppc", "s390", "arm", "armv7hl"};
  return std::ranges::find(narrow, arch) != narrow.end() ? 32 : 64;
}

bool is_poison(std::uint64_t a) {
  const auto within = [&](std::uint64_t base, std::uint64_t size) { return a - base < size; };
  // LIST_POISON1 and 2, with members before and behind them, bare or on x86_64's POISON_POINTER_DELTA.
  if (within(0x00100000, 0x1100) || within(0x00200000, 0x1200) || within(0xdead000000000000, 0x300000)) return true;
  for (const std::uint64_t byte : {0x5aU, 0x5bU, 0x6bU, 0xaaU, 0xccU}) {  // include/linux/poison.h
    const std::uint64_t word = byte * 0x0101010101010101U;
    if (a >> 16 == word >> 16 || (a <= UINT32_MAX && a >> 16 == (word & 0xffffffffU) >> 16)) return true;
  }
  return false;
}

Answer is_module_address(std::uint64_t a, int bits, std::string_view stream) {
  if (bits == 32) return Answer::unknown;  // anywhere in the vmalloc area
  const std::uint64_t begin = stream == "el5" || stream == "el4" ? 0xffffffff88000000 : 0xffffffffa0000000;
  return answer(a >= begin && a < 0xffffffffff000000);
}

Answer is_address(AddressWord word, Addr address, const EventView& event) {
  const std::uint64_t a = value(address);
  int bits = address_bits(event);
  if (bits == 0 && a > UINT32_MAX) bits = 64;
  switch (word) {
    case AddressWord::null:
      return answer(a < 0x1000);
    case AddressWord::poison:
      return answer(is_poison(a));
    case AddressWord::non_canonical:
      return answer(bits != 32 && !is_canonical(address));
    case AddressWord::module:
      return is_module_address(a, bits, event.facts().kernel(event.index()).stream);
    case AddressWord::kernel:
      if (bits == 0 && a >= 0xc0000000) return Answer::unknown;
      return answer(bits == 32 ? a >= 0xc0000000 : a >= 0xffff800000000000);
    case AddressWord::user:
      if (bits == 0 && a >= 0xc0000000) return Answer::unknown;
      return answer(a >= 0x1000 && a < (bits == 32 ? 0xc0000000 : 0x0000800000000000));
  }
  return Answer::unknown;
}

// ---- bytes

// The bytes from the faulting instruction on.
Bytes code_at_fault(const EventView& event, const Bytes& stated) {
  const auto& report = event.event().kernel;
  if (!report || !report->code || report->code->at > report->code->bytes.size()) return stated;
  return {report->code->bytes.begin() + static_cast<std::ptrdiff_t>(report->code->at), report->code->bytes.end()};
}

Answer are_bytes(const BytePattern& wanted, const Bytes& bytes) {
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (i >= bytes.size()) return Answer::unknown;
    if (wanted[i] && *wanted[i] != bytes[i]) return Answer::no;
  }
  return Answer::yes;
}

// ---- text

std::optional<double> as_number(const Value& value) {
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* address = std::get_if<Addr>(&value)) return static_cast<double>(diag::value(*address));
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return std::nullopt;
  if (text->starts_with("0x")) {
    const auto hex = parse_hex(*text);
    return hex ? std::optional(static_cast<double>(*hex)) : std::nullopt;
  }
  const auto quantity = read_quantity(*text);
  return quantity ? std::optional(quantity->number) : std::nullopt;
}

// The form in which a time is matched by a pattern: whole seconds.
std::string time_text(const Timestamp& t) {
  Timestamp whole = t;
  whole.micros -= ((whole.micros % 1'000'000) + 1'000'000) % 1'000'000;
  return to_string(whole);
}

// One value against one thing wanted.
class Comparison {
 public:
  Comparison(const Test& test, const EventView& event, const Subject& subject, TestResult& result)
      : test_(test), event_(event), subject_(subject), result_(result) {}

  Answer against(const Wanted& wanted, const Value& value) {
    return std::visit([&](const auto& w) { return compare(w, value); }, wanted);
  }

 private:
  Answer compare(const JoinedPattern& wanted, const Value& value) {
    const auto pattern = wanted.with(subject_);
    if (!pattern) return Answer::unknown;
    if (const auto* list = std::get_if<List>(&value)) {
      return answer(std::ranges::any_of(*list, [&](const std::string& item) { return pattern->matches(item); }));
    }
    if (const auto* time = std::get_if<Timestamp>(&value)) {
      return time->zone_known ? answer(pattern->matches(time_text(*time))) : Answer::unknown;
    }
    const auto* stored = std::get_if<std::string>(&value);
    const std::string shown = stored ? std::string() : show(value);
    const std::string& text = stored ? *stored : shown;
    const auto groups = pattern->match(text);
    if (!groups) return Answer::no;
    if (!wanted.fields().empty()) wanted.pattern().matches(text);  // so that it remembers
    for (const auto& [name, part] : *groups) result_.captures.push_back({name, Value(std::string(part)), result_.line});
    return Answer::yes;
  }

  Answer compare(const SymbolPattern& wanted, const Value& value) const {
    if (const auto* symbol = std::get_if<Symbol>(&value)) return is_symbol(wanted, *symbol, subject_);
    const auto* text = std::get_if<std::string>(&value);
    return text ? is_symbol(wanted, {*text, ""}, subject_) : Answer::unknown;
  }

  Answer compare(const NumberRange& wanted, const Value& value) const {
    const auto number = as_number(value);
    return number ? answer(wanted.holds(*number)) : Answer::unknown;
  }

  Answer compare(const VersionRange& wanted, const Value& value) const {
    const auto* text = std::get_if<std::string>(&value);
    return text ? answer(wanted.holds(*text)) : Answer::unknown;
  }

  Answer compare(const TimeRange& wanted, const Value& value) const {
    const auto* time = std::get_if<Timestamp>(&value);
    return time ? wanted.holds(*time) : Answer::unknown;
  }

  Answer compare(AddressWord wanted, const Value& value) const {
    const auto* address = std::get_if<Addr>(&value);
    return address ? is_address(wanted, *address, event_) : Answer::unknown;
  }

  Answer compare(const BytePattern& wanted, const Value& value) const {
    const auto* bytes = std::get_if<Bytes>(&value);
    if (bytes == nullptr) return Answer::unknown;
    return are_bytes(wanted, test_.field == "code" ? code_at_fault(event_, *bytes) : *bytes);
  }

  Answer compare(bool wanted, const Value& value) const {
    const auto* flag = std::get_if<bool>(&value);
    return flag ? answer(*flag == wanted) : Answer::unknown;
  }

  Answer compare(const SameAs& wanted, const Value& value) const {
    const auto other = subject_.field(wanted.field);
    return other ? answer(*other == show(value)) : Answer::unknown;
  }

  const Test& test_;
  const EventView& event_;
  const Subject& subject_;
  TestResult& result_;
};

}  // namespace

bool NumberRange::holds(double number) const {
  if (has_low && (low_inside ? number < low : number <= low)) return false;
  return !has_high || !(high_inside ? number > high : number >= high);
}

bool VersionRange::holds(std::string_view version) const {
  const RpmVersion v(version);
  if (!low.empty()) {
    const auto order = compare(v, RpmVersion(low));
    if (order < 0 || (order == 0 && !low_inside)) return false;
  }
  if (high.empty()) return true;
  const auto order = compare(v, RpmVersion(high));
  return order < 0 || (order == 0 && high_inside);
}

Answer TimeRange::holds(const Timestamp& t) const {
  if (!t.year_known) return Answer::unknown;
  const std::int64_t doubt = t.zone_known ? 0 : zone_doubt;
  Answer out = Answer::yes;
  const auto side = [&](std::int64_t beyond, bool inside) {  // how far t is beyond the bound, on the wanted side
    if (beyond > doubt || (beyond == 0 && doubt == 0 && inside)) return Answer::yes;
    return beyond < -doubt || doubt == 0 ? Answer::no : Answer::unknown;
  };
  if (low) out = both(out, side(t.micros - *low, low_inside));
  if (high) out = both(out, side(*high - t.micros, high_inside));
  return out;
}

std::string_view plain_symbol(std::string_view name) {
  if (name.starts_with('.') && !name.starts_with(".text.")) name.remove_prefix(1);
  constexpr std::array<std::string_view, 6> suffixes = {".isra.", ".part.",  ".constprop.",
                                                        ".cold",  ".clone.", ".llvm."};
  std::size_t end = name.size();
  for (const auto suffix : suffixes) end = std::min(end, name.find(suffix));
  return end == 0 ? name : name.substr(0, end);
}

Answer is_symbol(const SymbolPattern& wanted, const Symbol& symbol, const Subject& subject) {
  const auto function = wanted.function.with(subject);
  if (!function) return Answer::unknown;
  if (!function->matches(plain_symbol(symbol.name)) && !function->matches(symbol.name)) return Answer::no;
  if (wanted.from == SymbolPattern::From::anywhere) return Answer::yes;
  if (wanted.from == SymbolPattern::From::kernel) return answer(symbol.module.empty());
  // Some eras name no module in some lines: that is no difference.
  if (symbol.module.empty()) return Answer::unknown;
  const auto module = wanted.module->with(subject);
  return module ? answer(module->matches(symbol.module)) : Answer::unknown;
}

TestResult ask(const Test& test, const EventView& event, const Subject& subject) {
  TestResult result;
  const Stated stated = event.find(test.field);
  if (!stated) {
    if (test.passes_unknown) result.answer = Answer::yes;
    return result;
  }
  result.stated = true;
  result.line = stated.line();
  Comparison comparison(test, event, subject, result);
  const bool all = test.type == FieldType::list;
  result.answer = all ? Answer::yes : Answer::no;
  for (const Wanted& wanted : test.wanted) {
    const Answer one = comparison.against(wanted, stated.value());
    result.answer = all ? both(result.answer, one) : either(result.answer, one);
    if (!all && one == Answer::yes) break;
  }
  const bool guessed =
      test.type == FieldType::symbol && test.field.starts_with("function") && lacks_instruction_pointer(event.event());
  if (guessed && result.answer == Answer::no) result.answer = Answer::unknown;
  if (result.answer == Answer::unknown && test.passes_unknown) result.answer = Answer::yes;
  return result;
}

std::string in_words(const Test& test) {
  bool patterns = true, plain = true;
  for (const Wanted& w : test.wanted) {
    const auto* pattern = std::get_if<JoinedPattern>(&w);
    const auto* symbol = std::get_if<SymbolPattern>(&w);
    if (pattern == nullptr && symbol == nullptr) patterns = false;
    const JoinedPattern* text = pattern ? pattern : symbol ? &symbol->function : nullptr;
    plain = plain && text && text->fields().empty() && text->pattern().plain() && (!symbol || !symbol->module);
  }
  if (!patterns) {
    const bool compares =
        !test.written.empty() && std::string_view("<>=").find(test.written.front()) != std::string_view::npos;
    return fmt::format("{}{}{}", test.field, compares ? " " : " is ", test.written);
  }
  if (!plain) return fmt::format("{} matches {}", test.field, test.written);
  std::string out = test.field + (test.type == FieldType::text ? " contains " : " is ");
  for (std::size_t i = 0; i < test.wanted.size(); ++i) {
    const auto* pattern = std::get_if<JoinedPattern>(&test.wanted[i]);
    const auto* symbol = std::get_if<SymbolPattern>(&test.wanted[i]);
    out += (i ? (test.type == FieldType::list ? " and " : " or ") : "") +
           *(pattern ? *pattern : symbol->function).pattern().plain();
  }
  return out;
}

}  // namespace diag::sig
