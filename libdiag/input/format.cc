#include "input/format.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "base/text.h"

namespace diag::input {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::string_view bytes;
  Format format;
};

constexpr Magic magics[] = {
    {"\x1f\x8b\x08"sv, Format::gzip},
    {"\xfd"
     "7zXZ\0"sv,
     Format::xz},
    {"\x28\xb5\x2f\xfd"sv, Format::zstd},
    {"PK\3\4"sv, Format::zip},
    {"PK\5\6"sv, Format::zip},  // without members
    {"\xed\xab\xee\xdb"sv, Format::rpm},
    {"\xff\xfe"sv, Format::utf16_le},
    {"\xfe\xff"sv, Format::utf16_be},
};

struct Name {
  std::string_view magic, name;
};

constexpr Name unread[] = {
    {"7z\xbc\xaf\x27\x1c"sv, "7z"}, {"Rar!\x1a\x07"sv, "rar"},         {"\x04\x22\x4d\x18"sv, "lz4"},
    {"\x1f\x9d"sv, "compress"},     {"\x89LZO\0\r\n\x1a\n"sv, "lzop"}, {"LZIP\x01"sv, "lzip"},
};

constexpr std::string_view pictures_and_programs[] = {
    "\x7f"
    "ELF"sv,
    "\x89PNG\r\n\x1a\n"sv,
    "\xff\xd8\xff"sv,
    "GIF87a"sv,
    "GIF89a"sv,
};

// "BZh9" alone is a fine text; a block or the end of the stream must follow.
bool is_bzip2(std::string_view s) {
  if (s.size() < 10 || !s.starts_with("BZh") || s[3] < '1' || s[3] > '9') return false;
  const auto block = s.substr(4, 6);
  return block == "1AY&SY"sv || block == "\x17\x72\x45\x38\x50\x90"sv;
}

// A file that broke off inside its magic. Only where the bytes that are left are none of a text.
std::optional<Format> broken_off(std::string_view whole) {
  for (const auto& magic : magics) {
    if (!is_compressed(magic.format) || whole.size() >= magic.bytes.size() || !magic.bytes.starts_with(whole)) continue;
    if (std::ranges::any_of(whole, [](char c) { return c == '\x1f' || (c & '\x80'); })) return magic.format;
  }
  return std::nullopt;
}

constexpr bool is_octal(char c) { return c >= '0' && c <= '7'; }

// A number field of tar: octal digits, with blanks before and blanks or NULs behind, or the base-256 form.
bool is_tar_number(std::string_view field) {
  if (field.front() & '\x80') return true;
  take_while(field, [](char c) { return c == ' '; });
  take_while(field, is_octal);
  return std::ranges::all_of(field, [](char c) { return c == ' ' || c == '\0'; });
}

std::optional<std::uint64_t> octal(std::string_view field) {
  take_while(field, [](char c) { return c == ' '; });
  const auto digits = take_while(field, is_octal);
  std::uint64_t value = 0;
  for (const char c : digits) value = value * 8 + static_cast<unsigned>(c - '0');
  return digits.empty() ? std::nullopt : std::optional(value);
}

// Some old tars summed signed bytes.
bool tar_sum_is_right(std::string_view header) {
  const auto stated = octal(header.substr(148, 8));
  if (!stated) return false;
  std::int64_t as_unsigned = 0, as_signed = 0;
  for (std::size_t i = 0; i < 512; ++i) {
    const char c = i >= 148 && i < 156 ? ' ' : header[i];
    as_unsigned += static_cast<unsigned char>(c);
    as_signed += static_cast<signed char>(c);
  }
  const auto sum = static_cast<std::int64_t>(*stated);
  return sum == as_unsigned || sum == as_signed;
}

bool is_tar(std::string_view s) {
  if (s.size() < 512 || s[0] == '\0') return false;
  struct Field {
    std::size_t at, size;
  };
  constexpr Field numbers[] = {{100, 8}, {108, 8}, {116, 8}, {124, 12}, {136, 12}, {148, 8}};  // mode to checksum
  const bool plausible = std::ranges::all_of(numbers, [&](Field f) { return is_tar_number(s.substr(f.at, f.size)); });
  return plausible && (s.substr(257, 5) == "ustar" || tar_sum_is_right(s));
}

// A member's name stands behind the header, `size` bytes with its NUL.
bool is_cpio_name(std::string_view s, std::size_t at, std::size_t size) {
  if (size < 2 || size > 4097 || s.size() < at + size) return false;
  return s.substr(at, size).find('\0') == size - 1;
}

// The "new" ASCII form: 13 numbers of 8 hex digits, the 12th of them the size of the name.
bool is_new_cpio(std::string_view s) {
  if (s.size() < 110 || !(s.starts_with("070701") || s.starts_with("070702"))) return false;
  if (!std::ranges::all_of(s.substr(6, 104), is_hex)) return false;
  const auto size = parse_hex(s.substr(94, 8));
  return size && is_cpio_name(s, 110, *size);
}

// The old ASCII form: 76 octal digits.
bool is_old_cpio(std::string_view s) {
  if (s.size() < 76 || !s.starts_with("070707") || !std::ranges::all_of(s.substr(0, 76), is_octal)) return false;
  const auto size = octal(s.substr(59, 6));
  return size && is_cpio_name(s, 76, *size);
}

// The binary form: 13 numbers of 16 bits in either byte order.
bool is_binary_cpio(std::string_view s) {
  const bool little = s.starts_with("\xc7\x71");
  if (s.size() < 26 || !(little || s.starts_with("\x71\xc7"))) return false;
  const auto low = static_cast<unsigned char>(s[little ? 20 : 21]);
  const auto high = static_cast<unsigned char>(s[little ? 21 : 20]);
  return is_cpio_name(s, 26, std::size_t{high} << 8 | low);
}

}  // namespace

Format tell_format(std::string_view first) {
  for (const auto& magic : magics) {
    if (first.starts_with(magic.bytes)) return magic.format;
  }
  if (const auto format = broken_off(first)) return *format;
  if (is_bzip2(first)) return Format::bzip2;
  if (is_tar(first)) return Format::tar;
  if (is_new_cpio(first) || is_old_cpio(first) || is_binary_cpio(first)) return Format::cpio;
  return unread_name(first).empty() ? Format::text : Format::unread;
}

std::string_view name(Format f) {
  constexpr std::string_view names[] = {"text", "UTF-16", "UTF-16", "gzip", "bzip2", "xz",
                                        "zstd", "tar",    "cpio",   "zip",  "rpm",   "unread"};
  return names[static_cast<std::size_t>(f)];
}

std::string_view unread_name(std::string_view first) {
  for (const auto& known : unread) {
    if (first.starts_with(known.magic)) return known.name;
  }
  return {};
}

bool is_binary(std::string_view first) {
  if (std::ranges::any_of(pictures_and_programs, [&](auto magic) { return first.starts_with(magic); })) return true;
  const auto sample = first.substr(0, 4096);
  return std::ranges::count(sample, '\0') * 10 > static_cast<std::ptrdiff_t>(sample.size());
}

}  // namespace diag::input
