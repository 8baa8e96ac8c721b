// What a file is, told by its first bytes and never by its name.
#pragma once

#include <cstddef>
#include <string_view>

namespace diag::input {

enum class Format {
  text,  // anything else, NULs or not
  utf16_le,
  utf16_be,
  gzip,
  bzip2,
  xz,
  zstd,
  tar,
  cpio,
  zip,
  rpm,
  unread,  // an archive or compression that is not read here: see unread_name()
};

// How many bytes tell_format() and is_binary() want to see.
constexpr std::size_t format_bytes = 8192;

// `first`: the first bytes of the file; all of them, if they are fewer than format_bytes. A text is never taken for
// an archive because it happens to begin like one: a tar or cpio header counts only if all of it makes sense.
Format tell_format(std::string_view first);

constexpr bool is_compressed(Format f) {
  return f == Format::gzip || f == Format::bzip2 || f == Format::xz || f == Format::zstd;
}
constexpr bool is_archive(Format f) {
  return f == Format::tar || f == Format::cpio || f == Format::zip || f == Format::rpm;
}

// "gzip", "tar", ...
std::string_view name(Format f);
// "7z", "rar", ...: what an unread file is; empty if it is none of those known.
std::string_view unread_name(std::string_view first);

// Not a text in any encoding: an executable, an image, or full of NULs.
bool is_binary(std::string_view first);

}  // namespace diag::input
