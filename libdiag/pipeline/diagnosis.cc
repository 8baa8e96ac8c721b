#include "diag/diag.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "config/config_file.h"
#include "diag/version.h"
#include "kernel/assembler.h"
#include "kernel/incident.h"
#include "log/record_reader.h"

namespace diag {

namespace {

constexpr std::size_t most_messages = 200'000;  // log.message events kept in one run
constexpr std::uint64_t progress_lines = 20'000;

Event message_event(const Record& record, std::string_view release) {
  Event event;
  event.kind = "log.message";
  event.first = event.last = record.at;
  event.when = record.when;
  event.host = record.host;
  const auto text = to_utf8(record.text);
  event.title = text;
  event.lines.push_back({record.at.line, text});
  event.set("text", text, record.at.line);
  if (!record.program.empty()) event.set("program", to_utf8(record.program), record.at.line);
  if (record.pid) event.set("pid", static_cast<double>(*record.pid), record.at.line);
  if (record.level) event.set("level", static_cast<double>(*record.level), record.at.line);
  if (record.repeats > 1) event.set("repeats", static_cast<double>(record.repeats), record.at.line);
  if (!release.empty()) event.set("kernel.release", std::string(release));
  return event;
}

}  // namespace

struct Diagnosis::Data {
  Data(const SignatureSet& s, const Limits& l) : signatures(s), limits(l) {}

  const SignatureSet& signatures;
  Limits limits;
  SourceTable sources;
  Facts facts;
  std::size_t messages = 0, messages_lost = 0;
  void (*progress)(void*, std::uint64_t) = nullptr;
  void* progress_user = nullptr;
  std::uint64_t bytes_before = 0;  // of the sources that are done

  void read_input(Input& input);
  void read_source(Source& source);
  void read_log(Source& source, InputFacts& input);
  InputFacts& input_for(SourceId id, const std::string& name);
};

InputFacts& Diagnosis::Data::input_for(SourceId id, const std::string& name) {
  while (facts.inputs.size() <= static_cast<std::size_t>(id)) {
    auto& input = facts.inputs.emplace_back();
    input.id = static_cast<SourceId>(facts.inputs.size() - 1);
    input.name = sources.name(input.id);
  }
  auto& input = facts.inputs[static_cast<std::size_t>(id)];
  input.name = name;
  return input;
}

void Diagnosis::Data::read_log(Source& source, InputFacts& input) {
  kernel::Assembler assembler([&](Event&& event) { facts.events.push_back(std::move(event)); });
  RecordReader reader(source);
  std::uint64_t since_progress = 0;
  while (const Record* record = reader.next()) {
    assembler.feed(*record);
    if (signatures.wants_message(record->text)) {
      if (messages++ < most_messages) facts.events.push_back(message_event(*record, assembler.release_of(record->host)));
      else ++messages_lost;
    }
    if (progress && ++since_progress == progress_lines) {
      since_progress = 0;
      progress(progress_user, bytes_before + source.bytes());
    }
  }
  assembler.finish();
  input.log = true;
  input.hosts = reader.hosts();
  input.first = reader.first_time();
  input.last = reader.last_time();
  std::ranges::copy(reader.skipped(), std::back_inserter(input.skipped));
  std::ranges::copy(assembler.take_skipped(), std::back_inserter(input.skipped));
  if (messages_lost) input.skipped.push_back({0, 0, std::to_string(messages_lost) + " more messages of known kinds were not kept"});
  messages_lost = 0;
}

void Diagnosis::Data::read_source(Source& source) {
  const auto first_event = facts.events.size();
  InputFacts& input = input_for(source.id(), source.name());
  if (const auto format = recognise(source.name(), source.peek())) read_config(*format, source, facts.events, input);
  else read_log(source, input);
  std::stable_sort(facts.events.begin() + static_cast<std::ptrdiff_t>(first_event), facts.events.end(),
                   [](const Event& a, const Event& b) { return a.first.line < b.first.line; });
  input.bytes = source.bytes();
  input.lines = source.lines();
  input.error = source.error();
  std::ranges::copy(source.skipped(), std::back_inserter(input.skipped));
  bytes_before += source.bytes();
}

void Diagnosis::Data::read_input(Input& input) {
  const auto first = facts.inputs.size();
  while (Source* source = input.next()) read_source(*source);
  if (facts.inputs.size() == first) return;
  auto& last = facts.inputs.back();
  std::ranges::copy(input.skipped(), std::back_inserter(last.skipped));
  if (input.error() && !last.error) last.error = input.error();
}

Diagnosis::Diagnosis(const SignatureSet& signatures, const Limits& limits) : data_(std::make_unique<Data>(signatures, limits)) {}
Diagnosis::~Diagnosis() = default;

Result<void> Diagnosis::read(const std::string& path) {
  const auto before = data_->facts.inputs.size();
  auto input = open_input(path, data_->sources, data_->limits);
  std::optional<Error> error;
  if (!input) error = input.error();
  else data_->read_input(**input);
  if (input && (*input)->error()) error = (*input)->error();
  if (data_->facts.inputs.size() == before) {  // nothing could be opened: the report says so under the name that was given
    const auto id = data_->sources.size() > before ? static_cast<SourceId>(before) : data_->sources.add(path);
    data_->input_for(id, path).error = error;
  }
  for (std::size_t i = before; i < data_->facts.inputs.size() && !error; ++i) error = data_->facts.inputs[i].error;
  if (error) return std::unexpected(*error);
  return {};
}

void Diagnosis::read_memory(const std::string& name, std::string_view bytes) {
  const auto input = open_memory(name, bytes, data_->sources, data_->limits);
  data_->read_input(*input);
}

void Diagnosis::on_progress(void (*callback)(void*, std::uint64_t), void* user) {
  data_->progress = callback;
  data_->progress_user = user;
}

Report Diagnosis::finish(std::string tool) {
  auto& facts = data_->facts;
  kernel::chain_incidents(facts.events);
  Report report;
  report.tool = std::move(tool);
  report.version = version();
  report.findings = data_->signatures.match(facts);
  report.facts = std::move(facts);
  return report;
}

}  // namespace diag
