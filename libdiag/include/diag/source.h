// Texts and their lines: a file, standard input, a compressed file, or the members of an archive.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diag/origin.h"
#include "diag/result.h"

namespace diag {

struct Line {
  std::string_view text;  // without "\n"; valid until the next call of next()
  Origin at;
  bool cut = false;  // a piece of a line longer than Limits::line: more pieces with the same line number follow
};

// Bounds that keep hostile input from filling memory or the day. Reaching one is stated in Source::skipped() or error().
struct Limits {
  std::size_t line = 1 << 20;                     // bytes of one line that are given in one piece
  std::uint64_t unpacked = 64ULL << 30;           // bytes out of one compressed input
  std::uint64_t ratio = 2'000;                    // unpacked bytes for each packed byte, once 64 MiB are out
  std::size_t members = 100'000;                  // of one archive
};

// Something an input holds that was not read, for inputs[].skipped of the report.
struct Skipped {
  std::uint64_t first_line = 0, last_line = 0;  // 0: not a matter of lines
  std::string reason;                           // "a line of 20971520 bytes was read in pieces", "binary member"
};

// One text. Pulled line by line; memory is bounded by Limits::line and the read block, never by the size of the text.
class Source {
 public:
  virtual ~Source() = default;
  virtual SourceId id() const = 0;
  virtual const std::string& name() const = 0;
  // The next line, or null at the end. A missing last newline still gives a line; "\r" before "\n" is kept in the text.
  virtual const Line* next() = 0;
  // The bytes the next lines will come from, without consuming them: at most 64 KiB, fewer at the end. For telling formats apart.
  virtual std::string_view peek() = 0;
  // Why the text ended early (damaged or truncated archive, read error, limit), else nothing. The lines before it were given.
  virtual const std::optional<Error>& error() const = 0;
  virtual std::uint64_t bytes() const = 0;  // unpacked bytes given so far
  virtual std::uint64_t lines() const = 0;  // lines given so far
  virtual const std::vector<Skipped>& skipped() const = 0;
};

// What one name on a command line stands for: one text, or each member of an archive in turn.
class Input {
 public:
  virtual ~Input() = default;
  // The next text, or null after the last. Owned by the Input, valid until the next call.
  virtual Source* next() = 0;
  // Why the archive ended early, else nothing. (Errors within one text are that Source's.)
  virtual const std::optional<Error>& error() const = 0;
  virtual const std::vector<Skipped>& skipped() const = 0;
};

// Opens `path` ("-": standard input). .gz .xz .bz2 .zst and tar, cpio, zip, rpm are told by their first bytes, not by name.
// Sources are entered in `sources`, which must outlive the Input. Fails if the file is absent, unreadable or a directory.
Result<std::unique_ptr<Input>> open_input(const std::string& path, SourceTable& sources, const Limits& limits = {});

// The same over bytes in memory, which must outlive the Input: for tests, fuzzers and embedders.
std::unique_ptr<Input> open_memory(std::string name, std::string_view bytes, SourceTable& sources, const Limits& limits = {});

}  // namespace diag
