#include "signature/case_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace diag::sig {

namespace {

constexpr std::array<std::string_view, 6> keys = {"EXPECT", "NEAR", "NOTHING", "FIELD", "MISSING", "NOT-CHECKED"};
constexpr std::string_view section = "=== ";

// The next line without its end, which is taken off too.
std::string_view take_line(std::string_view& rest) {
  const auto end = std::min(rest.find('\n'), rest.size());
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string base_name(std::string_view path) { return std::string(path.substr(path.rfind('/') + 1)); }

class CaseReader {
 public:
  CaseReader(std::string_view text, Mistakes& mistakes) : rest_(text), mistakes_(mistakes) {
    out_.file = mistakes.file();
  }

  std::optional<CaseFile> read() {
    read_head();
    read_inputs();
    const bool says = out_.nothing || !out_.expects.empty() || !out_.nears.empty();
    if (!says) mistakes_.add({1, 1}, "the head expects nothing: write EXPECT: id level, NEAR: id clause, or NOTHING");
    if (out_.nothing && !out_.expects.empty()) {
      mistakes_.add(out_.expects.front().at, "the head says NOTHING and expects a finding");
    }
    if (out_.inputs.empty()) mistakes_.add({}, "there is no text below the head");
    return mistakes_.none() ? std::optional(std::move(out_)) : std::nullopt;
  }

 private:
  // Ends with the first empty line, or at a section.
  void read_head() {
    while (!rest_.empty() && !rest_.starts_with(section)) {
      const std::string_view line = take_line(rest_);
      ++number_;
      if (trim(line).empty()) break;
      if (!line.starts_with('#')) head_line(line);
    }
    out_.head_lines = number_;
  }

  void head_line(std::string_view line) {
    const Place at{number_, 1};
    std::string_view rest = line;
    const std::string_view key = take_while(rest, [](char c) { return (c >= 'A' && c <= 'Z') || c == '-'; });
    const bool known = std::ranges::find(keys, key) != keys.end();
    if (!known || (!consume(rest, ":") && key != "NOTHING")) {
      const std::string_view word = line.substr(0, std::min(line.find(':'), line.size()));
      return mistakes_.add(at,
                           fmt::format("the head holds comments and KEY: lines until the first empty line, not '{}'{}",
                                       printable(word.substr(0, 40), true), suggestion(word, keys)));
    }
    rest = trim(rest);
    const Place value{number_, static_cast<std::uint32_t>(rest.data() - line.data() + 1)};
    if (key == "NOTHING") {
      out_.nothing = true;
      if (!rest.empty()) mistakes_.add(value, "nothing follows NOTHING");
    } else if (rest.empty()) {
      mistakes_.add(at, fmt::format("{} says nothing", key));
    } else {
      keyed(key, rest, value);
    }
  }

  void keyed(std::string_view key, std::string_view rest, Place at) {
    if (key == "MISSING") {
      out_.missing_at = at;
      for (bool more = true; more;) {
        const auto word = take_until(rest, ",");
        more = word.has_value();
        out_.missing.emplace_back(trim(word.value_or(rest)));
      }
      return;
    }
    const char sign = key == "FIELD" ? '=' : ' ';
    const auto cut = rest.find(sign);
    CaseFile::Line line{at, std::string(trim(rest.substr(0, cut))),
                        cut == rest.npos ? "" : std::string(trim(rest.substr(cut + 1)))};
    if (line.rest.empty()) {
      const std::string_view form = key == "FIELD"    ? "name = value"
                                    : key == "EXPECT" ? "id level"
                                    : key == "NEAR"   ? "id clause"
                                                      : "id word";
      return mistakes_.add(at, fmt::format("write {}: {}", key, form));
    }
    if (key == "EXPECT" && !read_confidence(line.rest)) {
      constexpr std::array<std::string_view, 3> levels = {"possible", "likely", "certain"};
      mistakes_.add(at, fmt::format("'{}' is no level{}", line.rest, suggestion(line.rest, levels)));
    }
    list(key).push_back(std::move(line));
  }

  std::vector<CaseFile::Line>& list(std::string_view key) {
    if (key == "EXPECT") return out_.expects;
    if (key == "NEAR") return out_.nears;
    return key == "FIELD" ? out_.fields : out_.not_checked;
  }

  void read_inputs() {
    std::string_view body = rest_;
    CaseFile::Input input{base_name(mistakes_.file()), "", {number_ + 1, 1}};
    const auto close = [&] {
      const bool main = out_.inputs.empty() && input.name == base_name(mistakes_.file());
      if (!main || !trim(input.text).empty()) out_.inputs.push_back(std::move(input));
    };
    while (!body.empty()) {
      const std::string_view from = body;
      const std::string_view line = take_line(body);
      ++number_;
      if (!line.starts_with(section)) {
        input.text += from.substr(0, from.size() - body.size());
        continue;
      }
      close();
      input = {std::string(trim(line.substr(section.size()))), "", {number_, 1}};
      if (input.name.empty()) mistakes_.add(input.at, "a section has no name: === /etc/my.cnf");
    }
    close();
  }

  std::string_view rest_;
  Mistakes& mistakes_;
  CaseFile out_;
  std::uint32_t number_ = 0;
};

}  // namespace

std::optional<Confidence> read_confidence(std::string_view word) {
  for (const Confidence c : {Confidence::possible, Confidence::likely, Confidence::certain}) {
    if (word == to_string(c)) return c;
  }
  return std::nullopt;
}

std::optional<CaseFile> read_case(std::string_view text, Mistakes& mistakes) {
  return CaseReader(text, mistakes).read();
}

}  // namespace diag::sig
