#include "support/record_list.h"

#include <fmt/core.h>

#include "support/memory_source.h"

namespace diag::test {

std::vector<OwnedRecord> read_records(std::string_view text, const RecordOptions& options) {
  MemorySource source(text);
  RecordReader reader(source, options);
  std::vector<OwnedRecord> records;
  while (const Record* r = reader.next()) {
    records.push_back({std::string(r->text), std::string(r->raw), std::string(r->host), std::string(r->program),
                       std::string(r->context), r->at, r->when, r->pid, r->level, r->repeats, r->quoted});
  }
  return records;
}

std::string shown(const OwnedRecord& r) {
  std::string out;
  const auto add = [&](const std::string& word) { out += (out.empty() ? "" : " ") + word; };
  if (!r.host.empty()) add("h=" + r.host);
  if (!r.program.empty()) add("p=" + r.program + (r.pid ? fmt::format("[{}]", *r.pid) : ""));
  if (r.level) add(fmt::format("l={}", *r.level));
  if (!r.context.empty()) add("c=" + r.context);
  if (r.when.uptime) add(fmt::format("u={:.6f}", *r.when.uptime));
  if (r.when.wall) add("w=" + to_string(*r.when.wall));
  if (r.repeats != 1) add(fmt::format("x{}", r.repeats));
  if (r.quoted) add(">");
  add("| " + r.text);
  return out;
}

std::vector<std::string> shown_records(std::string_view text, const RecordOptions& options) {
  std::vector<std::string> out;
  for (const auto& record : read_records(text, options)) out.push_back(shown(record));
  return out;
}

std::vector<std::string> read_texts(std::string_view text, const RecordOptions& options) {
  std::vector<std::string> texts;
  for (auto& record : read_records(text, options)) texts.push_back(std::move(record.text));
  return texts;
}

}  // namespace diag::test
