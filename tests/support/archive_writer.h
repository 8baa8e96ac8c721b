// Writes compressed texts and archives in memory, so that the tests carry no binary blobs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace diag::test {

struct Member {
  std::string name;
  std::string data;
  enum Kind { file, directory, symlink, hardlink, device } kind = file;  // links: `data` is what they point to
};

// `filter`: "none", "gzip", "bzip2", "xz", "zstd". `level`: 0 (gzip: stored blocks) to 9, or -1.
std::string compressed(std::string_view filter, std::string_view data, int level = -1);

// `format`: "ustar", "pax", "gnutar", "v7tar", "newc", "odc", "bin" (cpio), "zip". `options` as libarchive spells them.
std::string packed(std::string_view format, const std::vector<Member>& members, std::string_view filter = "none",
                   std::string_view options = {});

// A tar with one member: `before`, a hole of so many bytes, `after`. Both ends at multiples of 512 save the last.
std::string sparse_tar(const std::string& name, const std::string& before, std::size_t hole, const std::string& after);

// A zip whose members need a password.
std::string encrypted_zip(const std::vector<Member>& members);

// A package with empty headers and this payload.
std::string rpm(std::string_view payload);

}  // namespace diag::test
