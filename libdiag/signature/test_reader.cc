// Tests as the author writes them: "> 60", '208 days .. 230 days', 'bridge:br_nf_.*', "0f 0b".
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "base/text.h"
#include "signature/pattern_syntax.h"
#include "signature/test.h"
#include "signature/toml_text.h"

namespace diag::sig {

namespace {

constexpr std::size_t longest_pattern = 1'000;

struct Unit {
  std::string_view name;
  double factor;
};
constexpr std::array<Unit, 27> units = {
    {{"us", 1e-6},   {"ms", 1e-3},           {"s", 1},         {"sec", 1},        {"second", 1},  {"seconds", 1},
     {"min", 60},    {"minute", 60},         {"minutes", 60},  {"h", 3600},       {"hour", 3600}, {"hours", 3600},
     {"day", 86400}, {"days", 86400},        {"week", 604800}, {"weeks", 604800}, {"B", 1},       {"kB", 1e3},
     {"KB", 1024},   {"KiB", 1024},          {"MB", 1e6},      {"MiB", 1048576},  {"GB", 1e9},    {"GiB", 1073741824},
     {"TB", 1e12},   {"TiB", 1099511627776}, {"%", 1}}};

constexpr std::string_view numbers_are =
    "a number test looks like 3, \"> 60\", \"<= 4 GiB\" or \"208 days .. 230 days\"";

// The part before the unit: digits, a sign, a fraction; or hex.
std::optional<double> read_number(std::string_view digits) {
  if (digits.starts_with("0x")) {
    const auto hex = parse_hex(digits);
    return hex ? std::optional(static_cast<double>(*hex)) : std::nullopt;
  }
  const bool negative = consume(digits, "-");
  std::string_view rest = digits;
  const auto whole = parse_dec(take_while(rest, is_digit));
  if (!whole) return std::nullopt;
  double number = static_cast<double>(*whole);
  if (consume(rest, ".")) {
    const auto fraction = take_while(rest, is_digit);
    const auto value = parse_dec(fraction);
    if (!value) return std::nullopt;
    number += static_cast<double>(*value) / std::pow(10.0, static_cast<double>(fraction.size()));
  }
  if (!rest.empty()) return std::nullopt;
  return negative ? -number : number;
}

struct Operator {
  std::string_view sign, operand;
};

std::optional<Operator> split_operator(std::string_view text) {
  for (const std::string_view sign : {"<=", ">=", "<", ">", "="}) {
    if (consume(text, sign)) return Operator{sign, trim(text)};
  }
  return std::nullopt;
}

// "A .. B" in its two halves.
std::optional<std::pair<std::string_view, std::string_view>> split_range(std::string_view text) {
  const auto dots = text.find(" .. ");
  if (dots == text.npos) return std::nullopt;
  return std::pair(trim(text.substr(0, dots)), trim(text.substr(dots + 4)));
}

std::optional<std::int64_t> read_instant(std::string_view text) {
  using namespace std::chrono;
  std::string_view s = text;
  const auto number = [&](std::size_t digits, int low, int high) -> std::optional<int> {
    if (s.size() < digits) return std::nullopt;
    const auto value = parse_dec<int>(s.substr(0, digits));
    s.remove_prefix(digits);
    return value && *value >= low && *value <= high ? value : std::nullopt;
  };
  const auto year = number(4, 1970, 2200);
  if (!year || !consume(s, "-")) return std::nullopt;
  const auto month = number(2, 1, 12);
  if (!month || !consume(s, "-")) return std::nullopt;
  const auto day = number(2, 1, 31);
  if (!day) return std::nullopt;
  const year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                            std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  std::int64_t micros = duration_cast<microseconds>(sys_days(date).time_since_epoch()).count();
  if (s.empty()) return micros;
  if (!consume(s, "T")) return std::nullopt;
  std::int64_t seconds = 0;
  for (const int high : {23, 59, 60}) {
    const auto part = number(2, 0, high);
    if (!part) return std::nullopt;
    seconds = seconds * 60 + *part;
    consume(s, ":");
  }
  if (s != "Z") return std::nullopt;
  return micros + seconds * 1'000'000;
}

class TestReader {
 public:
  TestReader(std::string field, FieldType type, Mistakes& mistakes, std::vector<std::string>* groups)
      : mistakes_(mistakes), groups_(groups) {
    test_.field = std::move(field);
    test_.type = type;
  }

  std::optional<Test> read(const Node& value) {
    test_.at = value.at;
    if (value.type != Node::Type::array) {
      if (!one(value)) return std::nullopt;
      return std::move(test_);
    }
    if (value.items.empty()) return wrong(value.at, "is compared with an empty array");
    if (test_.type == FieldType::flag) return wrong(value.at, "is a flag: true or false, not an array");
    bool good = true;
    for (const Node& item : value.items) good = one(item) && good;
    if (!good) return std::nullopt;
    return std::move(test_);
  }

 private:
  std::nullopt_t wrong(Place at, std::string_view what) {
    mistakes_.add(at, fmt::format("'{}' {}", test_.field, what));
    return std::nullopt;
  }

  bool refuse(Place at, std::string_view what) {
    wrong(at, what);
    return false;
  }

  bool one(const Node& value) {
    if (!test_.written.empty()) test_.written += " or ";
    test_.written += shown(value);
    switch (test_.type) {
      case FieldType::name:
      case FieldType::text:
      case FieldType::list:
        return pattern(value);
      case FieldType::symbol:
        return symbol(value);
      case FieldType::number:
        return number(value);
      case FieldType::version:
        return version(value);
      case FieldType::time:
        return time(value);
      case FieldType::address:
        return address(value);
      case FieldType::bytes:
        return bytes(value);
      case FieldType::flag:
        return flag(value);
    }
    return false;
  }

  std::string shown(const Node& value) const {
    if (value.type == Node::Type::flag) return value.flag ? "true" : "false";
    if (value.type == Node::Type::integer || value.type == Node::Type::number) return show(Value(value.number));
    const bool quoted = test_.type == FieldType::name || test_.type == FieldType::text ||
                        test_.type == FieldType::list || test_.type == FieldType::symbol;
    return quoted ? fmt::format("'{}'", value.text) : value.text;
  }

  bool is_string(const Node& value, std::string_view wants) {
    if (value.type == Node::Type::string) return true;
    return refuse(value.at, fmt::format("is a {}: {}, not {}", to_string(test_.type), wants, to_string(value.type)));
  }

  bool pattern(const Node& value) {
    if (!is_string(value, "write a pattern in single quotes")) return false;
    if (const auto op = split_operator(value.text); op && read_quantity(op->operand)) {
      return refuse(value.at,
                    fmt::format("is a {}, which \"{}\" cannot be compared with; write a pattern in single quotes",
                                to_string(test_.type), value.text));
    }
    const auto fits = test_.type == FieldType::text ? Pattern::Fits::anywhere : Pattern::Fits::whole;
    JoinedPattern made(value.text, fits);
    if (!check_pattern(made, value.at, mistakes_, groups_)) return false;
    test_.wanted.emplace_back(std::move(made));
    return true;
  }

  bool symbol(const Node& value) {
    if (!is_string(value, "write 'function' or 'module:function'")) return false;
    auto made = read_symbol(value.text, value.at, mistakes_);
    if (made) test_.wanted.emplace_back(std::move(*made));
    return made.has_value();
  }

  // A whole test of "{field}": the same as that field of the subject.
  bool join(const Node& value) {
    const auto field = value.type == Node::Type::string ? find_braces(value.text, 0) : std::nullopt;
    if (!field || field->begin != 0 || field->end != value.text.size()) return false;
    test_.wanted.emplace_back(SameAs{std::string(field->inside)});
    return true;
  }

  bool number(const Node& value) {
    if (join(value)) return true;
    if (value.type == Node::Type::integer || value.type == Node::Type::number) {
      test_.wanted.emplace_back(NumberRange{value.number, value.number, true, true});
      return true;
    }
    if (!is_string(value, "write 3, \"> 60\" or \"1 .. 5\"")) return false;
    const auto range = read_number_range(value.text, value.at, mistakes_);
    if (range) test_.wanted.emplace_back(*range);
    return range.has_value();
  }

  bool version(const Node& value) {
    if (join(value)) return true;
    if (!is_string(value, "write a comparison such as \"< 4.1.2-15.el6_5.1\"")) return false;
    VersionRange range;
    if (const auto two = split_range(value.text)) {
      range.low = two->first;
      range.high = two->second;
    } else if (const auto op = split_operator(value.text)) {
      if (op->sign.front() != '<') range.low = op->operand;
      if (op->sign.front() != '>') range.high = op->operand;
      range.low_inside = range.high_inside = op->sign.ends_with('=');
    } else {
      return refuse(value.at, fmt::format("is a version: compare it, as in \"= {0}\" or \"< {0}\"", value.text));
    }
    if (range.low.empty() && range.high.empty()) return refuse(value.at, "is compared with nothing");
    test_.wanted.emplace_back(std::move(range));
    return true;
  }

  bool time(const Node& value) {
    if (join(value)) return true;
    if (!is_string(value, "write \">= 2021-09-30\", or a pattern on 2015-06-30T23:59:59Z, in quotes")) return false;
    if (!is_comparison(value.text)) return time_pattern(value);
    TimeRange range;
    bool good = true;
    const auto instant = [&](std::string_view text) {
      const auto read = read_instant(text);
      good = good && read;
      return read;
    };
    if (const auto two = split_range(value.text)) {
      range.low = instant(two->first);
      range.high = instant(two->second);
    } else {
      const auto op = split_operator(value.text);
      if (op->sign.front() != '<') range.low = instant(op->operand);
      if (op->sign.front() != '>') range.high = instant(op->operand);
      range.low_inside = range.high_inside = op->sign.ends_with('=');
    }
    if (!good)
      return refuse(value.at,
                    fmt::format("is a time: \"{}\" does not say 2021-09-30 or 2021-09-30T12:00:00Z", value.text));
    test_.wanted.emplace_back(range);
    return true;
  }

  bool time_pattern(const Node& value) {
    JoinedPattern made(value.text, Pattern::Fits::anywhere);
    if (!check_pattern(made, value.at, mistakes_, groups_)) return false;
    test_.wanted.emplace_back(std::move(made));
    return true;
  }

  bool address(const Node& value) {
    if (join(value)) return true;
    if (value.type == Node::Type::integer) {
      test_.wanted.emplace_back(NumberRange{value.number, value.number, true, true});
      return true;
    }
    constexpr std::array<std::string_view, 6> words = {"null", "user", "kernel", "module", "poison", "non-canonical"};
    if (!is_string(value, "write a word such as \"poison\" or a comparison such as \"< 0x1000\"")) return false;
    if (const auto at = std::ranges::find(words, value.text); at != words.end()) {
      test_.wanted.emplace_back(static_cast<AddressWord>(at - words.begin()));
      return true;
    }
    if (!is_comparison(value.text) && !read_quantity(value.text)) {
      return refuse(value.at, fmt::format("is an address, and '{}' is no word for one{}", value.text,
                                          suggestion(value.text, words)));
    }
    const auto range = read_number_range(value.text, value.at, mistakes_);
    if (range) test_.wanted.emplace_back(*range);
    return range.has_value();
  }

  bool bytes(const Node& value) {
    if (!is_string(value, "write hex, as in \"0f 0b\" or \"48 ?? c3\"")) return false;
    BytePattern made;
    std::string_view rest = value.text;
    for (rest = trim_left(rest); !rest.empty(); rest = trim_left(rest)) {
      const auto word = take_while(rest, [](char c) { return !is_space(c); });
      const auto byte = word.size() == 2 ? parse_hex(word) : std::nullopt;
      if (!byte && word != "??") {
        return refuse(value.at, fmt::format("is bytes: '{}' is neither two hex digits nor ??", word));
      }
      made.push_back(byte ? std::optional(static_cast<std::uint8_t>(*byte)) : std::nullopt);
    }
    if (made.empty()) return refuse(value.at, "is compared with nothing");
    test_.wanted.emplace_back(std::move(made));
    return true;
  }

  bool flag(const Node& value) {
    if (value.type != Node::Type::flag) {
      return refuse(value.at, fmt::format("is a flag: true or false without quotes, not {}", to_string(value.type)));
    }
    test_.wanted.emplace_back(value.flag);
    return true;
  }

  Test test_;
  Mistakes& mistakes_;
  std::vector<std::string>* groups_;
};

}  // namespace

bool is_comparison(std::string_view text) { return split_operator(text).has_value() || text.find(" .. ") != text.npos; }

std::optional<Quantity> read_quantity(std::string_view text) {
  text = trim(text);
  std::string_view rest = text;
  const auto digits = take_while(rest, [](char c) { return is_digit(c) || c == '.' || c == '-'; });
  if (digits == "0" && rest.starts_with('x')) {
    const auto hex = read_number(text);
    return hex ? std::optional(Quantity{*hex, ""}) : std::nullopt;
  }
  const auto number = read_number(digits);
  if (!number) return std::nullopt;
  rest = trim(rest);
  if (rest.empty()) return Quantity{*number, ""};
  const auto unit = std::ranges::find(units, rest, &Unit::name);
  return unit == units.end() ? std::nullopt : std::optional(Quantity{*number * unit->factor, std::string(rest)});
}

std::optional<NumberRange> read_number_range(const std::string& text, Place at, Mistakes& mistakes) {
  const auto refuse = [&](std::string_view operand) {
    mistakes.add(at, fmt::format("'{}' is no number; {}", operand, numbers_are));
    return std::nullopt;
  };
  if (const auto two = split_range(text)) {
    const auto high = read_quantity(two->second);
    if (!high) return refuse(two->second);
    // "1 .. 5 min": one unit for both
    auto low = read_quantity(two->first);
    if (low && low->unit.empty() && !high->unit.empty())
      low = read_quantity(std::string(two->first) + ' ' + high->unit);
    if (!low) return refuse(two->first);
    if (low->number > high->number) {
      mistakes.add(at, fmt::format("the range '{}' is empty: its first number is the larger one", text));
      return std::nullopt;
    }
    return NumberRange{low->number, high->number, true, true};
  }
  const auto op = split_operator(text);
  const auto quantity = read_quantity(op ? op->operand : std::string_view(text));
  if (!quantity) return refuse(op ? op->operand : std::string_view(text));
  NumberRange range{quantity->number, quantity->number, true, true};
  if (!op) return range;
  range.has_low = op->sign.front() != '<';
  range.has_high = op->sign.front() != '>';
  range.low_inside = range.high_inside = op->sign.ends_with('=');
  return range;
}

bool check_pattern(const JoinedPattern& pattern, Place at, Mistakes& mistakes, std::vector<std::string>* groups) {
  if (pattern.text().empty()) {
    mistakes.add(at, "an empty pattern matches everything");
    return false;
  }
  if (pattern.text().size() > longest_pattern) {
    mistakes.add(at, fmt::format("a pattern of {} bytes; {} are allowed", pattern.text().size(), longest_pattern));
    return false;
  }
  if (pattern.pattern().plain()) return true;
  const auto syntax = read_pattern(pattern.pattern().text(), false);
  if (!syntax) {
    if (const auto error = pattern.pattern().error()) {
      mistakes.add(at, "bad pattern: " + *error);
      return false;
    }
  }
  for (const std::string& name : syntax ? syntax->groups : pattern.pattern().groups()) {
    if (!is_field_name(name)) {
      mistakes.add(at, fmt::format("the group '{}' becomes a field: name it in small letters, digits and '_'", name));
      return false;
    }
    if (groups) groups->push_back(name);
  }
  return true;
}

// The colon between module and function is the first one that stands outside of brackets and is not escaped.
std::optional<SymbolPattern> read_symbol(const std::string& text, Place at, Mistakes& mistakes) {
  std::size_t colon = text.npos;
  int depth = 0;
  for (std::size_t i = 0; i < text.size() && colon == text.npos; ++i) {
    const char c = text[i];
    if (c == '\\') ++i;
    if (c == '(' || c == '[') ++depth;
    if (c == ')' || c == ']') --depth;
    if (c == ':' && depth == 0) colon = i;
  }
  const bool has_module = colon != text.npos;
  SymbolPattern out{SymbolPattern::From::anywhere, std::nullopt,
                    JoinedPattern(has_module ? text.substr(colon + 1) : text, Pattern::Fits::whole)};
  if (has_module && out.function.text().find(':') != std::string::npos &&
      out.function.text().find("(?") == std::string::npos) {
    mistakes.add(at, fmt::format("'{}' has more than one ':'; write 'module:function'", text));
    return std::nullopt;
  }
  if (!check_pattern(out.function, at, mistakes)) return std::nullopt;
  if (!has_module) return out;
  out.from = colon == 0 ? SymbolPattern::From::kernel : SymbolPattern::From::module;
  if (colon == 0) return out;
  out.module.emplace(text.substr(0, colon), Pattern::Fits::whole);
  if (!check_pattern(*out.module, at, mistakes)) return std::nullopt;
  return out;
}

FieldType type_of_capture(const Node& value) {
  const Node& first = value.type == Node::Type::array && !value.items.empty() ? value.items.front() : value;
  if (first.type == Node::Type::integer || first.type == Node::Type::number) return FieldType::number;
  return first.type == Node::Type::string && is_comparison(first.text) ? FieldType::number : FieldType::name;
}

std::optional<Test> read_test(std::string field, FieldType type, const Node& value, Mistakes& mistakes,
                              std::vector<std::string>* groups) {
  return TestReader(std::move(field), type, mistakes, groups).read(value);
}

}  // namespace diag::sig
