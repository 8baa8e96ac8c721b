#include "support/archive_writer.h"

#include <archive.h>
#include <archive_entry.h>

#include <stdexcept>

namespace diag::test {
namespace {

class Writer {
 public:
  Writer() : a_(archive_write_new()) {}
  ~Writer() { archive_write_free(a_); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  archive* operator*() { return a_; }
  void check(int code) {
    if (code != ARCHIVE_OK) throw std::runtime_error(archive_error_string(a_) ? archive_error_string(a_) : "?");
  }
  void open() {
    check(archive_write_set_bytes_in_last_block(a_, 1));
    check(archive_write_open(a_, &out_, nullptr, append, nullptr));
  }
  void add(const Member& member) {
    archive_entry* entry = archive_entry_new();
    fill(entry, member);
    check(archive_write_header(a_, entry));
    archive_entry_free(entry);
    if (member.kind == Member::file && archive_write_data(a_, member.data.data(), member.data.size()) < 0) {
      check(ARCHIVE_FATAL);
    }
  }
  std::string finish() {
    check(archive_write_close(a_));
    return std::move(out_);
  }

 private:
  static la_ssize_t append(archive*, void* out, const void* data, std::size_t size) {
    static_cast<std::string*>(out)->append(static_cast<const char*>(data), size);
    return static_cast<la_ssize_t>(size);
  }

  static void fill(archive_entry* entry, const Member& member) {
    constexpr unsigned types[] = {AE_IFREG, AE_IFDIR, AE_IFLNK, AE_IFREG, AE_IFBLK};
    archive_entry_copy_pathname(entry, member.name.c_str());  // these bytes, whatever the locale
    archive_entry_set_filetype(entry, types[member.kind]);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, 1416441600, 0);
    archive_entry_set_size(entry, member.kind == Member::file ? static_cast<la_int64_t>(member.data.size()) : 0);
    if (member.kind == Member::symlink) archive_entry_copy_symlink(entry, member.data.c_str());
    if (member.kind == Member::hardlink) archive_entry_copy_hardlink(entry, member.data.c_str());
  }

  archive* a_;
  std::string out_;
};

void add_filter(Writer& writer, std::string_view filter) {
  if (filter == "gzip") writer.check(archive_write_add_filter_gzip(*writer));
  if (filter == "bzip2") writer.check(archive_write_add_filter_bzip2(*writer));
  if (filter == "xz") writer.check(archive_write_add_filter_xz(*writer));
  if (filter == "zstd") writer.check(archive_write_add_filter_zstd(*writer));
}

}  // namespace

std::string compressed(std::string_view filter, std::string_view data, int level) {
  Writer writer;
  writer.check(archive_write_set_format_raw(*writer));
  add_filter(writer, filter);
  if (level < 0 && filter == "xz") level = 0;  // its own choice takes seconds for a megabyte
  if (level >= 0) {
    writer.check(archive_write_set_filter_option(*writer, nullptr, "compression-level", std::to_string(level).c_str()));
  }
  writer.open();
  writer.add({"data", std::string(data)});
  return writer.finish();
}

std::string packed(std::string_view format, const std::vector<Member>& members, std::string_view filter,
                   std::string_view options) {
  Writer writer;
  if (format == "newc") {
    writer.check(archive_write_set_format_cpio_newc(*writer));
  } else if (format == "odc") {
    writer.check(archive_write_set_format_cpio_odc(*writer));
  } else if (format == "bin") {
    writer.check(archive_write_set_format_cpio_bin(*writer));
  } else {
    writer.check(archive_write_set_format_by_name(*writer, std::string(format).c_str()));
  }
  if (format == "pax") writer.check(archive_write_set_options(*writer, "hdrcharset=BINARY"));
  add_filter(writer, filter);
  if (!options.empty()) writer.check(archive_write_set_options(*writer, std::string(options).c_str()));
  writer.open();
  for (const auto& member : members) writer.add(member);
  return writer.finish();
}

std::string sparse_tar(const std::string& name, const std::string& before, std::size_t hole, const std::string& after) {
  Writer writer;
  writer.check(archive_write_set_format_pax(*writer));
  writer.open();
  const auto data = before + std::string(hole, '\0') + after;
  archive_entry* entry = archive_entry_new();
  archive_entry_copy_pathname(entry, name.c_str());
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_size(entry, static_cast<la_int64_t>(data.size()));
  archive_entry_sparse_add_entry(entry, 0, static_cast<la_int64_t>(before.size()));
  archive_entry_sparse_add_entry(entry, static_cast<la_int64_t>(before.size() + hole),
                                 static_cast<la_int64_t>(after.size()));
  writer.check(archive_write_header(*writer, entry));
  archive_entry_free(entry);
  if (archive_write_data(*writer, data.data(), data.size()) < 0) writer.check(ARCHIVE_FATAL);
  return writer.finish();
}

std::string encrypted_zip(const std::vector<Member>& members) {
  Writer writer;
  writer.check(archive_write_set_format_zip(*writer));
  writer.check(archive_write_set_options(*writer, "zip:encryption=aes256"));
  writer.check(archive_write_set_passphrase(*writer, "secret"));
  writer.open();
  for (const auto& member : members) writer.add(member);
  return writer.finish();
}

std::string rpm(std::string_view payload) {
  std::string out("\xed\xab\xee\xdb\x03\x00\x00\x00", 8);
  out.resize(96);  // the rest of the lead is not looked at
  const std::string empty_header("\x8e\xad\xe8\x01\0\0\0\0\0\0\0\0\0\0\0\0", 16);
  return out + empty_header + empty_header + std::string(payload);
}

}  // namespace diag::test
