#include "input/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace diag::input {
namespace {

// A libarchive reader over a Lookahead, and its errors in our words.
class Reader {
 public:
  Reader(std::unique_ptr<Lookahead> in, Format format) : in_(std::move(in)), format_(format), a_(archive_read_new()) {
    if (a_) choose_format();
  }
  ~Reader() { archive_read_free(a_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // Gives an ARCHIVE_ code, as do all below.
  int open() {
    if (!a_) return ARCHIVE_FATAL;
    archive_read_set_read_callback(a_, read_block);
    if (in_->size()) archive_read_set_seek_callback(a_, seek_to);
    archive_read_set_callback_data(a_, this);
    return archive_read_open1(a_);
  }
  int next(archive_entry*& entry) { return archive_read_next_header(a_, &entry); }
  // `block` may be filled even where the code is ARCHIVE_WARN.
  int read(std::string_view& block, std::int64_t& offset) {
    const void* data = nullptr;
    std::size_t size = 0;
    const int code = archive_read_data_block(a_, &data, &size, &offset);
    block = {static_cast<const char*>(data), data ? size : 0};
    return code;
  }

  bool unpacks(int filter) const { return archive_filter_code(a_, 0) == filter; }
  // What ended the bytes below, if they ended early; that is the cause then, whatever libarchive makes of it.
  const std::optional<Error>& cause() const { return in_->error(); }
  Error why() const;
  Error truncated() const { return {Error::Code::malformed, fmt::format("truncated {} input", name(format_)), {}}; }

 private:
  void choose_format();
  static la_ssize_t read_block(archive*, void* self, const void** data);
  static la_int64_t seek_to(archive*, void* self, la_int64_t offset, int whence);

  std::unique_ptr<Lookahead> in_;
  Format format_;
  archive* a_;
  std::uint64_t at_ = 0;  // where libarchive reads next in in_
};

// Never support_format_all(): it takes a text that begins with "#mtree" for an archive.
void Reader::choose_format() {
  const auto compressions = [this](bool wanted_all) {
    if (wanted_all) archive_read_support_filter_gzip(a_);
    if (wanted_all || format_ == Format::bzip2) archive_read_support_filter_bzip2(a_);
    if (wanted_all || format_ == Format::xz) archive_read_support_filter_xz(a_);
    if (wanted_all || format_ == Format::zstd) archive_read_support_filter_zstd(a_);
  };
  switch (format_) {
    case Format::tar:
      archive_read_support_format_tar(a_);
      break;
    case Format::zip:
      archive_read_support_format_zip(a_);
      break;
    case Format::rpm:
      archive_read_support_filter_rpm(a_);
      compressions(true);
      [[fallthrough]];
    case Format::cpio:
      archive_read_support_format_cpio(a_);
      break;
    default:
      compressions(false);
      archive_read_support_format_raw(a_);
      archive_read_support_format_empty(a_);
  }
}

// libarchive is done with the block before when it asks for another.
la_ssize_t Reader::read_block(archive*, void* self, const void** data) {
  auto& reader = *static_cast<Reader*>(self);
  auto& in = *reader.in_;
  if (in.view().empty()) in.more();
  const auto block = in.view();
  in.consume(block.size());
  reader.at_ += block.size();
  *data = block.data();
  return static_cast<la_ssize_t>(block.size());
}

la_int64_t Reader::seek_to(archive*, void* self, la_int64_t offset, int whence) {
  auto& reader = *static_cast<Reader*>(self);
  const auto from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? reader.at_ : *reader.in_->size();
  const auto to = static_cast<std::int64_t>(from) + offset;
  if (to < 0 || !reader.in_->seek(static_cast<std::uint64_t>(to))) return ARCHIVE_FATAL;
  reader.at_ = static_cast<std::uint64_t>(to);
  return to;
}

Error Reader::why() const {
  if (cause()) return *cause();
  const char* text = a_ ? archive_error_string(a_) : nullptr;
  const std::string_view said = text ? text : "";
  if (!a_ || archive_errno(a_) == ENOMEM) return {Error::Code::limit, "not enough memory to unpack it", {}};
  // Some filters say nothing when the input breaks off; liblzma and zlib say that no progress is possible.
  if (said.empty() || contains_ignoring_case(said, "truncated") || said.ends_with("No progress is possible") ||
      said.ends_with("ZIP decompression failed (-5)")) {
    return truncated();
  }
  const bool unsupported = contains_ignoring_case(said, "unsupported");
  const auto code = unsupported ? Error::Code::unsupported : Error::Code::malformed;
  return {code, fmt::format("{} {} input: {}", unsupported ? "unsupported" : "damaged", name(format_), said), {}};
}

int filter_of(Format format) {
  return format == Format::bzip2 ? ARCHIVE_FILTER_BZIP2
         : format == Format::xz  ? ARCHIVE_FILTER_XZ
                                 : ARCHIVE_FILTER_ZSTD;
}

class Unpacker final : public BlockReader {
 public:
  Unpacker(std::unique_ptr<Lookahead> packed, Format format, Budget& budget)
      : reader_(std::move(packed), format), budget_(budget) {
    archive_entry* entry = nullptr;
    if (reader_.open() != ARCHIVE_OK) {
      error_ = reader_.why();
    } else if (!reader_.unpacks(filter_of(format))) {
      error_ = reader_.cause() ? reader_.cause() : reader_.truncated();  // it broke off inside its header
    } else {
      const int code = reader_.next(entry);
      ended_ = code == ARCHIVE_EOF;  // packed, it is nothing
      if (code < ARCHIVE_WARN) error_ = reader_.why();
    }
  }

  std::size_t read(std::span<char> into) override {
    if (pending_.empty()) fetch();
    const auto n = std::min(into.size(), pending_.size());
    if (n) std::memcpy(into.data(), pending_.data(), n);
    pending_.remove_prefix(n);
    return n;
  }
  const std::optional<Error>& error() const override { return error_; }

 private:
  void fetch() {
    std::int64_t offset = 0;
    while (pending_.empty() && !error_ && !ended_) {
      const int code = reader_.read(pending_, offset);
      ended_ = code == ARCHIVE_EOF;
      if (code < ARCHIVE_OK) error_ = reader_.why();
      if (ended_) error_ = reader_.cause();
      if (ended_ || error_) pending_ = {};
    }
    if (auto too_much = budget_.charge(pending_.size())) {
      pending_ = {};
      error_ = std::move(too_much);
    }
  }

  Reader reader_;
  Budget& budget_;
  std::string_view pending_;
  bool ended_ = false;
  std::optional<Error> error_;
};

class Members final : public Archive {
 public:
  Members(std::unique_ptr<Lookahead> packed, Format format, Budget& budget)
      : reader_(std::move(packed), format), budget_(budget), unpacks_(format == Format::zip || format == Format::rpm) {
    if (reader_.open() != ARCHIVE_OK) error_ = reader_.why();
  }

  const Member* next() override;
  std::unique_ptr<BlockReader> data() override;
  const std::optional<Error>& error() const override { return error_; }

 private:
  class Data;
  void describe(archive_entry* entry);

  Reader reader_;
  Budget& budget_;
  bool unpacks_;  // so that the bytes of its members count against the budget
  bool ended_ = false;
  Member member_;
  std::optional<Error> error_;
};

const Member* Members::next() {
  if (ended_ || error_) return nullptr;
  archive_entry* entry = nullptr;
  const int code = reader_.next(entry);
  ended_ = code == ARCHIVE_EOF;
  if (ended_) error_ = reader_.cause();
  if (code < ARCHIVE_WARN && code != ARCHIVE_RETRY) error_ = reader_.why();
  if (ended_ || error_) return nullptr;
  member_ = {};
  if (code != ARCHIVE_RETRY) describe(entry);
  return &member_;
}

void Members::describe(archive_entry* entry) {
  // The plain name is null where it is UTF-8 and the locale is not.
  const char* path = archive_entry_pathname(entry);
  if (!path) path = archive_entry_pathname_utf8(entry);
  member_.name = path ? path : "?";
  const bool other_name = archive_entry_hardlink(entry) && archive_entry_size(entry) == 0;
  member_.has_text = archive_entry_filetype(entry) == AE_IFREG && !other_name;
  member_.encrypted = archive_entry_is_encrypted(entry) != 0;
}

class Members::Data final : public BlockReader {
 public:
  explicit Data(Members& members) : members_(members) {}

  std::size_t read(std::span<char> into) override {
    if (pending_.empty() && !error_ && !ended_) fetch();
    if (at_ < offset_ && !pending_.empty()) return fill_hole(into);
    const auto n = std::min(into.size(), pending_.size());
    if (n) std::memcpy(into.data(), pending_.data(), n);
    pending_.remove_prefix(n);
    at_ += static_cast<std::int64_t>(n);
    offset_ = at_;
    return n;
  }
  const std::optional<Error>& error() const override { return pending_.empty() ? error_ : none_; }

 private:
  void fetch() {
    while (pending_.empty() && !error_ && !ended_) {
      const int code = members_.reader_.read(pending_, offset_);
      ended_ = code == ARCHIVE_EOF;
      if (ended_) pending_ = {};
      if (code < ARCHIVE_OK) error_ = members_.reader_.why();
      if (code < ARCHIVE_WARN) pending_ = {};
      if (code == ARCHIVE_FATAL) members_.error_ = error_;
    }
    if (members_.unpacks_) charge(pending_.size());
  }

  // A sparse file: its hole is read as zeros, which cost nothing in the archive and so count against the budget.
  std::size_t fill_hole(std::span<char> into) {
    const auto n = std::min<std::uint64_t>(into.size(), static_cast<std::uint64_t>(offset_ - at_));
    if (!charge(n)) return 0;
    std::ranges::fill(into.first(n), '\0');
    at_ += static_cast<std::int64_t>(n);
    return n;
  }

  bool charge(std::uint64_t bytes) {
    auto too_much = members_.budget_.charge(bytes);
    if (!too_much) return true;
    pending_ = {};
    error_ = members_.error_ = std::move(too_much);
    return false;
  }

  Members& members_;
  std::string_view pending_;
  std::int64_t offset_ = 0;  // of pending_ in the member
  std::int64_t at_ = 0;      // given so far
  bool ended_ = false;
  std::optional<Error> error_;
  const std::optional<Error> none_;
};

std::unique_ptr<BlockReader> Members::data() { return std::make_unique<Data>(*this); }

}  // namespace

std::unique_ptr<BlockReader> unpack(std::unique_ptr<Lookahead> packed, Format format, Budget& budget) {
  return std::make_unique<Unpacker>(std::move(packed), format, budget);
}

std::unique_ptr<Archive> open_archive(std::unique_ptr<Lookahead> packed, Format format, Budget& budget) {
  return std::make_unique<Members>(std::move(packed), format, budget);
}

}  // namespace diag::input
