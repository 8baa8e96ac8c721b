#include "log/record_reader.h"

#include <fmt/core.h>

#include "log/journal_export.h"
#include "log/line_joiner.h"
#include "log/line_walk.h"
#include "log/pstore_order.h"
#include "log/recent_messages.h"

namespace diag {

using namespace transport;

struct RecordReader::Data {
  Data(Source& s, const RecordOptions& o) : source(s), options(o), lines(s, o.pstore) {}

  const Record* next();
  bool start_line();
  bool start_entry();
  bool end_of_source();
  const Record* give(Envelope& e, std::string_view raw, const Origin& at);
  const Record* give_held();
  void resolve_repeat(Envelope& e);
  void note_time(const EventTime& when);
  std::size_t column(const Envelope& e) const;

  Source& source;
  RecordOptions options;
  PstoreOrder lines;
  JournalExport journal;
  LineWalk walk;
  HeldMessage held;
  RecentMessages recent;

  std::string_view raw;  // of the line that is walked
  Origin at;
  std::uint64_t cut_line = 0;   // number of the line whose next piece is to come; 0: none
  const Line* again = nullptr;  // a line that was looked at and is still to be read
  Envelope* ahead = nullptr;    // a record that was read to see whether it goes on with the held one
  bool ended = false;

  EventTime first, last;
  std::uint64_t stamped = 0, records = 0;
};

// Sets out on the next line. False at the end.
bool RecordReader::Data::start_line() {
  while (!ended) {
    const Line* line = again ? again : lines.next();
    again = nullptr;
    if (!line) return end_of_source();
    switch (journal.feed(*line)) {
      case JournalExport::Answer::more:
        continue;
      case JournalExport::Answer::entry:
        return start_entry();
      case JournalExport::Answer::entry_before:
        again = line;
        return start_entry();
      case JournalExport::Answer::not_mine:
        break;
    }
    raw = line->text;
    at = line->at;
    const bool rest = cut_line != 0 && cut_line == line->at.line;
    cut_line = line->cut ? line->at.line : 0;
    if (rest) {
      walk.start_rest(*line, recent.last());
    } else {
      walk.start(*line);
    }
    return true;
  }
  return false;
}

bool RecordReader::Data::start_entry() {
  raw = journal.raw();
  at = journal.at();
  walk.start(journal.entry());
  return true;
}

bool RecordReader::Data::end_of_source() {
  ended = true;
  return journal.finish() && start_entry();
}

const Record* RecordReader::Data::next() {
  for (;;) {
    Envelope* e = ahead ? ahead : walk.next(recent);
    if (!e) {
      if (start_line()) continue;
      return held.holding() ? give_held() : nullptr;
    }
    if (!ahead && e->stamped && !e->last_repeated) recent.remember(*e, column(*e));
    ahead = nullptr;
    if (held.holding()) {
      if (walk.first() && walk.done() && held.takes(*e)) {
        held.append(*e, raw);
        if (!held.open()) return give_held();
        continue;
      }
      ahead = e;
      return give_held();
    }
    if (!options.join_wrapped || !walk.done() || !may_continue(*e, raw.size())) return give(*e, raw, at);
    held.hold(*e, raw, at);
  }
}

const Record* RecordReader::Data::give_held() { return give(held.release(), held.raw(), held.at()); }

// Where the text began in its line; 0 if it is no part of it as it stands.
std::size_t RecordReader::Data::column(const Envelope& e) const {
  const auto offset = static_cast<std::size_t>(e.text.data() - raw.data());
  return e.text.data() >= raw.data() && offset <= raw.size() ? offset : 0;
}

// Unless that message is unknown: then the line is a message of its own.
void RecordReader::Data::resolve_repeat(Envelope& e) {
  const Message& message = recent.of(e.host);
  if (!message.known) {
    e.repeats = 1;
    e.program = "syslogd";
    return;
  }
  e.program = message.program;
  e.text = message.text;
  e.pid = message.pid;
  e.level = message.level;
  if (e.repeats == 0) e.repeats = 1;
}

void RecordReader::Data::note_time(const EventTime& when) {
  if (when.wall) {
    if (!first.wall) first.wall = when.wall;
    last.wall = when.wall;
  }
  if (when.uptime) {
    if (!first.uptime) first.uptime = when.uptime;
    last.uptime = when.uptime;
  }
}

const Record* RecordReader::Data::give(Envelope& e, std::string_view from, const Origin& where) {
  if (e.last_repeated) resolve_repeat(e);
  note_time(e.when);
  stamped += e.stamped;
  ++records;
  e.raw = from;
  e.at = where;
  return &e;
}

RecordReader::RecordReader(Source& source, const RecordOptions& options)
    : data_(std::make_unique<Data>(source, options)) {}
RecordReader::~RecordReader() = default;

const Record* RecordReader::next() { return data_->next(); }
const std::vector<std::string>& RecordReader::hosts() const { return data_->recent.hosts(); }
const EventTime& RecordReader::first_time() const { return data_->first; }
const EventTime& RecordReader::last_time() const { return data_->last; }
std::uint64_t RecordReader::stamped() const { return data_->stamped; }
std::uint64_t RecordReader::records() const { return data_->records; }

std::vector<Skipped> RecordReader::skipped() const {
  auto notes = data_->lines.skipped();
  if (const auto bytes = data_->journal.bytes_passed_over()) {
    notes.push_back({0, 0, fmt::format("{} bytes of journal fields were passed over", bytes)});
  }
  return notes;
}

}  // namespace diag
