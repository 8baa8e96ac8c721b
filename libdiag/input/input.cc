// Tells formats apart and puts readers on top of each other: file, decoder, archive, member, decoder, text.
#include <fmt/core.h>

#include <utility>

#include "base/text.h"
#include "diag/source.h"
#include "input/archive.h"
#include "input/block_reader.h"
#include "input/budget.h"
#include "input/format.h"
#include "input/gzip.h"
#include "input/line_splitter.h"
#include "input/lookahead.h"
#include "input/skip_list.h"
#include "input/utf16.h"

namespace diag {
namespace input {
namespace {

constexpr int most_layers = 3;              // of compression; "x.gz.xz" happens, more is a trap
constexpr std::size_t longest_name = 1024;  // bytes of a member's name that are kept

class OpenInput final : public Input {
 public:
  OpenInput(std::unique_ptr<BlockReader> bytes, std::string name, SourceTable& sources, const Limits& limits)
      : bytes_(std::make_unique<Lookahead>(std::move(bytes))),
        name_(std::move(name)),
        sources_(sources),
        limits_(limits),
        budget_(limits, *bytes_) {}

  Source* next() override {
    source_.reset();
    if (bytes_) return first();
    return archive_ ? next_member() : nullptr;
  }
  const std::optional<Error>& error() const override { return error_; }
  const std::vector<Skipped>& skipped() const override { return skipped_.all(); }

 private:
  struct Unpacked {
    std::unique_ptr<Lookahead> bytes;
    Format format;
  };

  Source* first();
  Source* next_member();
  Unpacked unpack_layers(std::unique_ptr<Lookahead> bytes);
  std::string reason_to_skip(Unpacked& member);
  Source* open_text(Unpacked text, std::string name);
  Source* refuse(Error why);
  void fail(Error why);

  std::unique_ptr<Lookahead> bytes_;  // until first() has looked at them
  std::string name_;
  SourceTable& sources_;
  Limits limits_;
  Budget budget_;
  std::unique_ptr<Archive> archive_;
  std::unique_ptr<LineSplitter> source_;  // after archive_: it may read from it
  std::size_t members_ = 0;
  SkipList skipped_;
  std::optional<Error> error_;
};

Source* OpenInput::first() {
  auto whole = unpack_layers(std::move(bytes_));
  if (is_archive(whole.format)) {
    archive_ = open_archive(std::move(whole.bytes), whole.format, budget_);
    return next_member();
  }
  if (is_compressed(whole.format)) {
    return refuse({Error::Code::unsupported, fmt::format("compressed more than {} times over", most_layers), {}});
  }
  if (whole.format == Format::unread) {
    const auto kind = unread_name(whole.bytes->peek(format_bytes));
    return refuse({Error::Code::unsupported, fmt::format("{} input is not read", kind), {}});
  }
  return open_text(std::move(whole), name_);
}

OpenInput::Unpacked OpenInput::unpack_layers(std::unique_ptr<Lookahead> bytes) {
  for (int layer = 0;; ++layer) {
    const auto format = tell_format(bytes->peek(format_bytes));
    if (!is_compressed(format) || layer == most_layers) return {std::move(bytes), format};
    auto reader =
        format == Format::gzip ? gunzip(std::move(bytes), budget_) : unpack(std::move(bytes), format, budget_);
    bytes = std::make_unique<Lookahead>(std::move(reader));
  }
}

Source* OpenInput::next_member() {
  while (const auto* member = archive_->next()) {
    if (++members_ > limits_.members) {
      fail({Error::Code::limit, fmt::format("more than {} members", limits_.members), {}});
      archive_.reset();
      return nullptr;
    }
    if (!member->has_text) continue;
    const auto name = printable(std::string_view(member->name).substr(0, longest_name), false);
    if (member->encrypted) {
      skipped_.add({0, 0, "encrypted member " + name});
      fail({Error::Code::unsupported, "encrypted members are not read", {}});
      continue;
    }
    auto text = unpack_layers(std::make_unique<Lookahead>(archive_->data()));
    const auto reason = reason_to_skip(text);
    if (reason.empty()) return open_text(std::move(text), name_ + ':' + name);
    skipped_.add({0, 0, fmt::format("{} member {}", reason, name)});
  }
  if (archive_->error()) fail(*archive_->error());
  return nullptr;
}

// Empty: read it.
std::string OpenInput::reason_to_skip(Unpacked& member) {
  if (is_archive(member.format)) return fmt::format("nested {}", name(member.format));
  if (is_compressed(member.format)) return "too often compressed";
  const auto first = member.bytes->peek(format_bytes);
  if (member.format == Format::unread) return std::string(unread_name(first));
  if (member.format == Format::text && is_binary(first)) return "binary";
  return {};
}

Source* OpenInput::open_text(Unpacked text, std::string name) {
  std::uint64_t mark = 0;  // bytes of the byte order mark
  if (text.format == Format::utf16_le || text.format == Format::utf16_be) {
    text.bytes->consume(2);
    text.bytes = std::make_unique<Lookahead>(utf16_to_utf8(std::move(text.bytes), text.format == Format::utf16_be));
  } else if (text.bytes->peek(3) == "\xef\xbb\xbf") {
    text.bytes->consume(3);
    mark = 3;
  }
  const auto id = sources_.add(name);
  source_ = std::make_unique<LineSplitter>(std::move(text.bytes), id, std::move(name), limits_, mark);
  return source_.get();
}

Source* OpenInput::refuse(Error why) {
  return open_text({std::make_unique<Lookahead>(no_bytes(std::move(why))), Format::text}, name_);
}

// The first error counts.
void OpenInput::fail(Error why) {
  if (error_) return;
  error_ = std::move(why);
  error_->where = name_;
}

}  // namespace
}  // namespace input

Result<std::unique_ptr<Input>> open_input(const std::string& path, SourceTable& sources, const Limits& limits) {
  auto file = input::open_file(path);
  if (!file) return std::unexpected(std::move(file.error()));
  return std::make_unique<input::OpenInput>(std::move(*file), path, sources, limits);
}

std::unique_ptr<Input> open_memory(std::string name, std::string_view bytes, SourceTable& sources,
                                   const Limits& limits) {
  return std::make_unique<input::OpenInput>(input::open_bytes(bytes), std::move(name), sources, limits);
}

}  // namespace diag
