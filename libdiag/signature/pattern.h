// Regular expressions (RE2's syntax), compiled at first use. The only place that knows RE2.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace diag::sig {

// A pattern that an author wrote. Copies share the compiled form. Texts are bytes, not UTF-8: '.' matches any of them,
// so that a log with broken characters is read like any other. Safe to use from several threads.
class Pattern {
 public:
  enum class Fits { whole, anywhere };  // the whole text, or some of it

  Pattern(std::string text, Fits fits);

  const std::string& text() const;
  Fits fits() const;

  // A pattern that RE2 refuses matches nothing: see error().
  bool matches(std::string_view text) const;
  // The named groups that took part, in the order of the pattern; nothing: no match.
  using Groups = std::vector<std::pair<std::string, std::string_view>>;
  std::optional<Groups> match(std::string_view text) const;

  // All its named groups. Compiles it, unless it is plain text.
  std::vector<std::string> groups() const;
  // Why RE2 refuses it: "missing ): happy (cracking". Compiles it, unless it is plain text.
  std::optional<std::string> error() const;
  // The plain text it stands for, if that is all.
  const std::optional<std::string>& plain() const;
  // Whether it ever matched: a spelling that no case exercises has not.
  bool matched() const;

 private:
  struct Data;
  std::shared_ptr<Data> data_;
};

// Many patterns, all searched anywhere in a text at once.
class PatternSet {
 public:
  PatternSet();
  ~PatternSet();
  PatternSet(PatternSet&&) noexcept;
  PatternSet& operator=(PatternSet&&) noexcept;

  void add(const Pattern& pattern);  // gets the next number: 0, 1, 2 ...
  void compile();                    // once, after the last add()
  bool empty() const;
  // Appends the numbers of those that match.
  void find(std::string_view text, std::vector<std::uint32_t>& numbers) const;

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

// A pattern that matches exactly `text`.
std::string quote_pattern(std::string_view text);

}  // namespace diag::sig
