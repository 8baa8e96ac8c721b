// Reads inputs to the end, for tests that look at the outcome alone.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "diag/source.h"

namespace diag::test {

struct ReadSource {
  std::string name;
  std::vector<std::string> lines;
  std::string error;  // "" or the message
  std::vector<std::string> skipped;
  std::uint64_t bytes = 0;

  // The lines with their newlines: the text, but for a last newline more.
  std::string text() const {
    std::string out;
    for (const auto& line : lines) out += line + '\n';
    return out;
  }
};

struct ReadInput {
  std::vector<ReadSource> sources;
  std::string error;
  Error::Code code{};  // of error
  std::vector<std::string> skipped;

  std::map<std::string, std::string> texts() const {
    std::map<std::string, std::string> out;
    for (const auto& source : sources) out[source.name] = source.text();
    return out;
  }
};

inline ReadSource read_source(Source& source) {
  ReadSource out;
  out.name = source.name();
  bool cut = false;
  while (const Line* line = source.next()) {
    if (cut) {
      out.lines.back() += line->text;
    } else {
      out.lines.emplace_back(line->text);
    }
    cut = line->cut;
  }
  if (source.error()) out.error = source.error()->message;
  for (const auto& note : source.skipped()) out.skipped.push_back(note.reason);
  out.bytes = source.bytes();
  return out;
}

inline ReadInput read_input(Input& input) {
  ReadInput out;
  while (Source* source = input.next()) out.sources.push_back(read_source(*source));
  if (input.error()) {
    out.error = input.error()->message;
    out.code = input.error()->code;
  }
  for (const auto& note : input.skipped()) out.skipped.push_back(note.reason);
  return out;
}

inline ReadInput read_memory(std::string_view bytes, const Limits& limits = {}, const std::string& name = "in") {
  SourceTable sources;
  const auto input = open_memory(name, bytes, sources, limits);
  return read_input(*input);
}

}  // namespace diag::test
