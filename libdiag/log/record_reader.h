// Lines in, records out: takes the transport off each line, whatever it is, decided line by line.
//
//   RecordReader records(source);
//   while (const Record* r = records.next()) ...
//
// Known transports and their shapes: docs/formats/log-lines.md. A line may give several records (rsyslog's "#012", a
// journal message of several lines, a carriage return, a printk glued to another one) and several lines one record (a
// journal entry, a line that a mail program wrapped).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "diag/record.h"
#include "diag/source.h"
#include "diag/time.h"

namespace diag {

struct RecordOptions {
  bool join_wrapped = true;      // put together what a mail program wrapped
  std::size_t pstore = 8 << 20;  // bytes of pstore parts that may be held back to be put in order
};

// Reads one source to its end, which it does not own. Any bytes are taken; no line is left out but heads of pstore
// parts and the further fields of journal entries. Memory: a few lines, RecordOptions::pstore, and the names of the
// hosts.
class RecordReader {
 public:
  explicit RecordReader(Source& source, const RecordOptions& options = {});
  ~RecordReader();
  RecordReader(const RecordReader&) = delete;
  RecordReader& operator=(const RecordReader&) = delete;

  // The next record, or null at the end. It and all it points to are valid until the next call.
  //   text     the message, blanks at its two ends removed; may be empty
  //   raw      the line as it stands in the source; lines that were joined stand in it with "\n" between them
  //   program  "kernel" where the transport says so; empty where it names none, as dmesg and a console do. "xen" for
  //   lines of
  //            the hypervisor. Every line of another program carries a name.
  const Record* next();

  // Of what was read so far.
  const std::vector<std::string>& hosts() const;  // in order of appearance, at most 10,000
  const EventTime& first_time() const;            // the first stamp of each clock
  const EventTime& last_time() const;             // the last one
  std::uint64_t stamped() const;                  // records whose line had a stamp, level or host: 0 for what is no log
  std::uint64_t records() const;                  // records given
  std::vector<Skipped> skipped() const;  // what was passed over or left as it was; not what source.skipped() says

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace diag
