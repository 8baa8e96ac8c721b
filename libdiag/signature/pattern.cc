#include "signature/pattern.h"

#include <re2/re2.h>
#include <re2/set.h>

#include <atomic>
#include <map>
#include <mutex>

#include "signature/pattern_syntax.h"

namespace diag::sig {

namespace {

re2::StringPiece piece(std::string_view s) { return {s.data(), s.size()}; }

const RE2::Options& options() {
  static const RE2::Options made = [] {
    RE2::Options o;
    o.set_encoding(RE2::Options::EncodingLatin1);
    o.set_log_errors(false);
    return o;
  }();
  return made;
}

constexpr int most_groups = 16;

}  // namespace

struct Pattern::Data {
  std::string text;
  Fits fits;
  std::optional<std::string> plain;
  std::once_flag once;
  std::unique_ptr<const RE2> compiled;
  std::vector<std::pair<int, std::string>> names;  // of groups, by number
  std::atomic<bool> matched = false;

  const RE2& re() {
    std::call_once(once, [this] {
      compiled = std::make_unique<RE2>(text, options());
      if (!compiled->ok()) return;
      for (const auto& [number, name] : compiled->CapturingGroupNames()) {
        if (number < most_groups) names.emplace_back(number, name);
      }
    });
    return *compiled;
  }

  RE2::Anchor anchor() const { return fits == Fits::whole ? RE2::ANCHOR_BOTH : RE2::UNANCHORED; }
};

Pattern::Pattern(std::string text, Fits fits) : data_(std::make_shared<Data>()) {
  data_->plain = plain_text(text);
  data_->text = std::move(text);
  data_->fits = fits;
}

const std::string& Pattern::text() const { return data_->text; }
Pattern::Fits Pattern::fits() const { return data_->fits; }
const std::optional<std::string>& Pattern::plain() const { return data_->plain; }
bool Pattern::matched() const { return data_->matched; }

bool Pattern::matches(std::string_view text) const {
  bool yes = false;
  if (const auto& plain = data_->plain) {
    yes = data_->fits == Fits::whole ? text == *plain : text.find(*plain) != text.npos;
  } else {
    const RE2& re = data_->re();
    yes = re.ok() && re.Match(piece(text), 0, text.size(), data_->anchor(), nullptr, 0);
  }
  if (yes) data_->matched.store(true, std::memory_order_relaxed);
  return yes;
}

std::optional<Pattern::Groups> Pattern::match(std::string_view text) const {
  if (!matches(text)) return std::nullopt;
  Groups out;
  if (data_->plain || data_->names.empty()) return out;
  re2::StringPiece groups[most_groups];
  const RE2& re = data_->re();
  const int wanted = std::min(most_groups, re.NumberOfCapturingGroups() + 1);
  if (!re.Match(piece(text), 0, text.size(), data_->anchor(), groups, wanted)) return std::nullopt;
  for (const auto& [number, name] : data_->names) {
    const auto& group = groups[number];
    if (group.data() != nullptr) out.emplace_back(name, std::string_view(group.data(), group.size()));
  }
  return out;
}

std::vector<std::string> Pattern::groups() const {
  std::vector<std::string> out;
  if (data_->plain || !data_->re().ok()) return out;
  for (const auto& [number, name] : data_->names) out.push_back(name);
  return out;
}

std::optional<std::string> Pattern::error() const {
  if (data_->plain) return std::nullopt;
  const RE2& re = data_->re();
  return re.ok() ? std::nullopt : std::optional(re.error());
}

struct PatternSet::Data {
  std::vector<Pattern> patterns;
  RE2::Set set{options(), RE2::UNANCHORED};
  std::vector<std::uint32_t> number_of;  // by RE2's index: patterns it refuses have none
  bool usable = false;
};

PatternSet::PatternSet() : data_(std::make_unique<Data>()) {}
PatternSet::~PatternSet() = default;
PatternSet::PatternSet(PatternSet&&) noexcept = default;
PatternSet& PatternSet::operator=(PatternSet&&) noexcept = default;

bool PatternSet::empty() const { return data_->patterns.empty(); }

void PatternSet::add(const Pattern& pattern) {
  const auto number = static_cast<std::uint32_t>(data_->patterns.size());
  data_->patterns.push_back(pattern);
  const std::string text = pattern.fits() == Pattern::Fits::whole ? "\\A(?:" + pattern.text() + ")\\z" : pattern.text();
  if (data_->set.Add(text, nullptr) >= 0) data_->number_of.push_back(number);
}

void PatternSet::compile() { data_->usable = !data_->number_of.empty() && data_->set.Compile(); }

void PatternSet::find(std::string_view text, std::vector<std::uint32_t>& numbers) const {
  if (data_->usable) {
    std::vector<int> found;
    RE2::Set::ErrorInfo error{};
    const bool any = data_->set.Match(piece(text), &found, &error);
    if (any || error.kind == RE2::Set::kNoError) {
      for (const int index : found) numbers.push_back(data_->number_of[static_cast<std::size_t>(index)]);
      return;
    }
  }
  // The set ran out of memory: one by one, so that nothing is lost in silence.
  for (std::uint32_t i = 0; i < data_->patterns.size(); ++i) {
    if (data_->patterns[i].matches(text)) numbers.push_back(i);
  }
}

std::string quote_pattern(std::string_view text) {
  constexpr std::string_view special = R"(\.^$|()[]{}*+?)";
  std::string out;
  for (const char c : text) {
    if (special.find(c) != special.npos) out += '\\';
    if (c == '\0') {
      out += "\\x00";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace diag::sig
