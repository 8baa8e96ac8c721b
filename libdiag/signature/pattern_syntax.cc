#include "signature/pattern_syntax.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cmath>
#include <set>

#include "base/text.h"

namespace diag::sig {

namespace {

constexpr std::size_t least_piece = 4, best_piece = 7, most_strings = 16, longest_string = 64;
constexpr int deepest = 50;
constexpr int most_repeats = 1000;       // RE2's own limit, for the product of nested counts too
constexpr std::size_t largest = 50'000;  // repeats times bytes of the pattern: RE2 may refuse more

using Bytes = std::bitset<256>;

// Bits of surprise of one byte. Letters by their frequency in syslog text; capitals and signs are rarer.
double surprise(unsigned char c) {
  constexpr std::string_view common = " etaoinsrdl0c1:mup2fhg[]./-b";
  if (const auto rank = common.find(static_cast<char>(c)); rank != common.npos)
    return 3.0 + static_cast<double>(rank) / 9;
  if (is_digit(static_cast<char>(c))) return 5.5;
  return c >= 'a' && c <= 'z' ? 6.5 : 8.0;
}

// A set of strings, one of which stands at this place of every match.
struct Choice {
  std::vector<Literal> strings;
  double worth = -1;  // < 0: not usable
};

std::vector<Literal> unique(std::vector<Literal> all) {
  std::ranges::sort(all, {}, [](const Literal& l) { return std::pair(std::string_view(l.text), l.any_case); });
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

Choice judged(std::vector<Literal> strings) {
  double worst = 1e9;
  for (Literal& s : strings) {
    const Rarity piece = rarest_piece(s.text);
    if (piece.length < least_piece) return {};
    s.text = s.text.substr(piece.at, piece.length);
    worst = std::min(worst, piece.bits);
  }
  if (strings.empty()) return {};
  strings = unique(std::move(strings));
  const double several = 3 * std::log2(static_cast<double>(strings.size()));
  return {std::move(strings), std::max(0.0, worst - several)};
}

// What is known of a part of the pattern.
struct Part {
  std::vector<Literal> exact;  // all it can match, if `is_exact`
  bool is_exact = false;
  Choice required;  // the best that must occur; of an exact part, other than all of `exact`
  int repeats = 1;  // the largest product of nested counts

  static Part nothing() { return {{Literal{}}, true, {}}; }  // matches the empty text
  static Part anything() { return {}; }
};

Choice best_of(Part part) {
  Choice exact = part.is_exact ? judged(std::move(part.exact)) : Choice{};
  return exact.worth >= part.required.worth ? std::move(exact) : std::move(part.required);
}

class Reader {
 public:
  Reader(std::string_view pattern, bool literals) : rest_(pattern), size_(pattern.size()), literals_(literals) {}

  std::optional<PatternSyntax> read() {
    Part whole = alternatives(0);
    if (failed_ || !rest_.empty() || size_ * static_cast<std::size_t>(whole.repeats) > largest) return std::nullopt;
    PatternSyntax out{std::move(groups_), {}};
    if (!literals_) return out;
    Choice best = best_of(std::move(whole));
    if (best.worth >= 0) out.literals = unique(std::move(best.strings));
    return out;
  }

 private:
  Part fail() {
    failed_ = true;
    return {};
  }

  Part alternatives(int depth) {
    if (depth > deepest) return fail();
    const bool fold = fold_;
    Part all = sequence(depth);
    while (!failed_ && consume(rest_, "|")) all = either(std::move(all), sequence(depth));
    fold_ = fold;
    return all;
  }

  Part either(Part a, Part b) const {
    a.repeats = std::max(a.repeats, b.repeats);
    if (!literals_) return a;
    if (a.is_exact && b.is_exact && a.exact.size() + b.exact.size() <= most_strings) {
      std::ranges::move(b.exact, std::back_inserter(a.exact));
      a.required = {};
      return a;
    }
    const int repeats = a.repeats;
    Choice first = best_of(std::move(a));
    Choice second = best_of(std::move(b));
    if (first.worth < 0 || second.worth < 0) return {{}, false, {}, repeats};
    std::ranges::move(second.strings, std::back_inserter(first.strings));
    first.worth = std::max(0.0, std::min(first.worth, second.worth) - 1);
    return {{}, false, std::move(first), repeats};
  }

  // The best literals of a branch, as its pieces come by.
  struct Run {
    Part exact = Part::nothing();  // what stands together exactly
    Part tail = Part::nothing();   // the same since the last piece of several spellings
    Choice best;
    bool broken = false;

    void offer(Choice c) {
      if (c.worth > best.worth) best = std::move(c);
    }
    void flush() {
      offer(judged(std::move(exact.exact)));
      offer(judged(std::move(tail.exact)));
      exact = tail = Part::nothing();
      broken = true;
    }
    void add(Part piece, bool once) {
      if (!piece.is_exact) {
        flush();
        offer(std::move(piece.required));
        return;
      }
      const bool several = piece.exact.size() > 1;
      if (several) {
        offer(judged(exact.exact));
        offer(judged(std::move(tail.exact)));
        tail = Part::nothing();
      }
      if (!extend(exact, piece)) {
        flush();
        exact = piece;
      }
      if (!several && !extend(tail, piece)) tail = Part::nothing();
      if (!once) flush();
    }
  };

  // One branch: pieces that follow each other.
  Part sequence(int depth) {
    Run run;
    int repeats = 1;
    while (!failed_ && !rest_.empty() && rest_.front() != '|' && rest_.front() != ')') {
      Part piece = atom(depth);
      const auto times = failed_ ? Times{} : repetition();
      const int product = piece.repeats * times.most;
      if (product > most_repeats) fail();
      repeats = std::max(repeats, product);
      if (failed_ || !literals_) continue;
      run.add(times.least == 0 ? Part::anything() : std::move(piece), times.once);
    }
    if (run.broken) {
      run.flush();
      return {{}, false, std::move(run.best), repeats};
    }
    run.offer(judged(std::move(run.tail.exact)));
    run.exact.required = std::move(run.best);
    run.exact.repeats = repeats;
    return std::move(run.exact);
  }

  static void append(Literal& a, const Literal& b) {
    if (b.any_case && !a.any_case) a.text = to_lower(a.text);
    a.any_case = a.any_case || b.any_case;
    a.text += a.any_case ? to_lower(b.text) : b.text;
  }

  static bool extend(Part& run, const Part& piece) {
    if (run.exact.size() * piece.exact.size() > most_strings) return false;
    for (const Literal& a : run.exact) {
      for (const Literal& b : piece.exact) {
        if (a.text.size() + b.text.size() > longest_string) return false;
      }
    }
    if (piece.exact.size() == 1) {
      for (Literal& a : run.exact) append(a, piece.exact.front());
      return true;
    }
    std::vector<Literal> out;
    for (const Literal& a : run.exact) {
      for (const Literal& b : piece.exact) append(out.emplace_back(a), b);
    }
    run.exact = std::move(out);
    return true;
  }

  struct Times {
    int least = 1, most = 1;
    bool once = true;
  };

  Times repetition() {
    Times times;
    int found = 0;
    for (;; ++found) {
      if (consume(rest_, "*") || consume(rest_, "?")) {
        times = {0, 1, false};
      } else if (consume(rest_, "+")) {
        times = {1, 1, false};
      } else if (!counted(times)) {
        break;
      }
      consume(rest_, "?");  // lazy
    }
    if (found > 1) fail();  // an error in RE2
    return times;
  }

  // "{2}", "{2,}", "{2,5}"; anything else after '{' is a plain brace.
  bool counted(Times& times) {
    std::string_view s = rest_;
    if (!consume(s, "{")) return false;
    const auto low = parse_dec<int>(take_while(s, is_digit));
    if (!low) return false;
    int high = *low;
    bool open = false;
    if (consume(s, ",")) {
      const auto digits = take_while(s, is_digit);
      const auto value = parse_dec<int>(digits);
      if (!digits.empty() && !value) return false;
      open = digits.empty();
      high = value.value_or(*low);
    }
    if (!consume(s, "}")) return false;
    if (*low > high || high > most_repeats) fail();
    times = {*low, std::max(1, high), *low == 1 && high == 1 && !open};
    rest_ = s;
    return true;
  }

  Part atom(int depth) {
    const char c = rest_.front();
    if (Times nothing_to_repeat; counted(nothing_to_repeat)) return fail();
    if (c == '(') return group(depth);
    if (c == '[') return bracket();
    rest_.remove_prefix(1);
    if (c == '*' || c == '+' || c == '?') return fail();
    if (c == '.') return Part::anything();
    if (c == '^' || c == '$') return Part::nothing();
    return c == '\\' ? escape() : letter(c);
  }

  Part letter(char c) const {
    if (!literals_) return {};
    // Beyond ASCII the two cases of a letter are not known here.
    if (fold_ && static_cast<unsigned char>(c) >= 0x80) return Part::anything();
    return {{{fold_ ? to_lower({&c, 1}) : std::string(1, c), fold_ && is_alpha(c)}}, true, {}};
  }

  Part set(const Bytes& bytes) const {
    if (!literals_ || bytes.count() > most_strings || bytes.none()) return Part::anything();
    Part out{{}, true, {}};
    for (int b = 0; b < 256; ++b) {
      if (!bytes[static_cast<std::size_t>(b)]) continue;
      Part one = letter(static_cast<char>(b));
      if (!one.is_exact) return Part::anything();
      out.exact.push_back(std::move(one.exact.front()));
    }
    out.exact = unique(std::move(out.exact));
    return out;
  }

  Part group(int depth) {
    rest_.remove_prefix(1);
    const bool fold = fold_;
    if (consume(rest_, "?P<")) {
      const auto name = take_while(rest_, is_word);
      if (name.empty() || !consume(rest_, ">") || std::ranges::find(groups_, name) != groups_.end()) return fail();
      groups_.emplace_back(name);
    } else if (consume(rest_, "?")) {
      if (!flags()) return fail();
      if (consume(rest_, ")"))
        return rest_.find_first_of("*+?{") == 0 ? fail() : Part::nothing();  // (?i) for what follows
      if (!consume(rest_, ":")) return fail();
    }
    Part inner = alternatives(depth + 1);
    if (failed_ || !consume(rest_, ")")) return fail();
    fold_ = fold;
    return inner;
  }

  bool flags() {
    bool on = true, any = false;
    while (!rest_.empty() && rest_.front() != ':' && rest_.front() != ')') {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '-' && on) {
        on = false;
      } else if (c == 'i') {
        fold_ = on;
      } else if (c != 's' && c != 'm' && c != 'U') {
        return false;
      }
      any = any || c != '-';
    }
    return any || on;
  }

  static std::optional<Bytes> perl_class(char c) {
    Bytes bytes;
    for (int b = 0; b < 128; ++b) {
      const char x = static_cast<char>(b);
      const char lower = static_cast<char>(c | 0x20);
      // \s is blank, tab, newline, form feed, carriage return, without vertical tab.
      const bool in = lower == 'd' ? is_digit(x) : lower == 'w' ? is_word(x) : is_space(x) && x != '\v';
      if (in) bytes.set(static_cast<std::size_t>(b));
    }
    if (c == 'd' || c == 'w' || c == 's') return bytes;
    if (c == 'D' || c == 'W' || c == 'S') return ~bytes;
    return std::nullopt;
  }

  // The byte an escape stands for, its backslash already taken; nothing: not a character, or not known here.
  std::optional<char> escaped_byte() {
    if (rest_.empty()) return std::nullopt;
    const char c = rest_.front();
    constexpr std::string_view names = "tnrfva", values = "\t\n\r\f\v\a";
    if (const auto at = names.find(c); at != names.npos) {
      rest_.remove_prefix(1);
      return values[at];
    }
    if (c == 'x') {
      const auto code =
          rest_.size() > 2 && is_hex(rest_[1]) && is_hex(rest_[2]) ? parse_hex(rest_.substr(1, 2)) : std::nullopt;
      if (!code) return std::nullopt;
      rest_.remove_prefix(3);
      return static_cast<char>(*code);
    }
    if (is_word(c) || static_cast<unsigned char>(c) >= 0x80) return std::nullopt;
    rest_.remove_prefix(1);
    return c;
  }

  Part escape() {
    if (rest_.empty()) return fail();
    const char c = rest_.front();
    if (const auto bytes = perl_class(c)) {
      rest_.remove_prefix(1);
      return set(*bytes);
    }
    if (c == 'b' || c == 'B' || c == 'A' || c == 'z') {
      rest_.remove_prefix(1);
      return Part::nothing();
    }
    const auto byte = escaped_byte();
    return byte ? letter(*byte) : fail();
  }

  // "[abc]", "[^a-z\d[:upper:]]".
  Part bracket() {
    rest_.remove_prefix(1);
    const bool negated = consume(rest_, "^");
    Bytes bytes;
    for (bool first = true; first || !rest_.starts_with(']'); first = false) {
      if (rest_.empty() || !member(bytes)) return fail();
    }
    rest_.remove_prefix(1);
    return set(negated ? ~bytes : bytes);
  }

  bool member(Bytes& bytes) {
    if (rest_.starts_with("[:")) return posix_class(bytes);
    if (rest_.size() > 1 && rest_.front() == '\\') {
      if (const auto some = perl_class(rest_[1])) {
        bytes |= *some;
        rest_.remove_prefix(2);
        return true;
      }
    }
    const auto low = class_byte();
    if (!low) return false;
    auto high = low;
    if (rest_.size() > 1 && rest_.front() == '-' && rest_[1] != ']') {
      rest_.remove_prefix(1);
      high = class_byte();
    }
    if (!high || static_cast<unsigned char>(*low) > static_cast<unsigned char>(*high)) return false;
    for (int b = static_cast<unsigned char>(*low); b <= static_cast<unsigned char>(*high); ++b) {
      bytes.set(static_cast<std::size_t>(b));
    }
    return true;
  }

  std::optional<char> class_byte() {
    if (rest_.empty()) return std::nullopt;
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c == '\\' ? escaped_byte() : std::optional(c);
  }

  bool posix_class(Bytes& bytes) {
    static constexpr std::pair<std::string_view, bool (*)(char)> names[] = {
        {"[:digit:]", is_digit},
        {"[:alpha:]", is_alpha},
        {"[:word:]", is_word},
        {"[:xdigit:]", is_hex},
        {"[:space:]", is_space},
        {"[:alnum:]", [](char c) { return is_alpha(c) || is_digit(c); }},
        {"[:upper:]", [](char c) { return c >= 'A' && c <= 'Z'; }},
        {"[:lower:]", [](char c) { return c >= 'a' && c <= 'z'; }},
    };
    for (const auto& [name, accepts] : names) {
      if (!consume(rest_, name)) continue;
      for (int b = 0; b < 128; ++b) {
        if (accepts(static_cast<char>(b))) bytes.set(static_cast<std::size_t>(b));
      }
      return true;
    }
    return false;
  }

  std::string_view rest_;
  std::size_t size_;
  bool literals_;
  bool fold_ = false;
  bool failed_ = false;
  std::vector<std::string> groups_;
};

}  // namespace

Rarity rarest_piece(std::string_view text) {
  const std::size_t length = std::min(text.size(), best_piece);
  Rarity best{-1, 0, length};
  for (std::size_t at = 0; at + length <= text.size(); ++at) {
    double bits = 0;
    for (const char c : text.substr(at, length)) bits += surprise(static_cast<unsigned char>(c));
    if (bits > best.bits) best = {bits, at, length};
  }
  best.bits = std::max(0.0, best.bits);
  return best;
}

std::optional<PatternSyntax> read_pattern(std::string_view pattern, bool literals) {
  return Reader(pattern, literals).read();
}

std::optional<std::string> plain_text(std::string_view pattern) {
  constexpr std::string_view special = R"(.^$|()[]{}*+?)";
  std::string out;
  if (pattern.find('\\') == pattern.npos) {
    if (pattern.find_first_of(special) == pattern.npos) out = pattern;
    return out.size() == pattern.size() ? std::optional(std::move(out)) : std::nullopt;
  }
  while (!pattern.empty()) {
    char c = pattern.front();
    pattern.remove_prefix(1);
    if (c == '\\') {
      if (pattern.empty() || is_word(pattern.front()) || static_cast<unsigned char>(pattern.front()) >= 0x80)
        return std::nullopt;
      c = pattern.front();
      pattern.remove_prefix(1);
    } else if (special.find(c) != special.npos) {
      return std::nullopt;
    }
    out += c;
  }
  return out;
}

}  // namespace diag::sig
