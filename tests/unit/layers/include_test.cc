// The layers of docs/how-it-works.md, kept true: who may include whom, and where third-party headers may be seen.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

// Module -> the modules it may include besides itself. "diag" (the public headers) is open to all.
const std::map<std::string, Names> layers = {
    {"base", {}},
    {"event", {"base"}},
    {"input", {"base"}},
    {"scan", {"base"}},
    {"x86", {"base"}},
    {"elf", {"base"}},
    {"log", {"base", "input"}},
    {"config", {"base", "event", "input"}},
    {"probe", {"base", "event"}},
    {"vmcore", {"base"}},
    {"kernel", {"base", "event", "log", "scan", "x86"}},
    {"symbolize", {"base", "event", "elf", "x86"}},
    {"signature", {"base", "event", "scan"}},
    {"report", {"base", "event", "signature"}},
    {"pipeline",
     {"base", "event", "input", "scan", "x86", "elf", "log", "config", "probe", "vmcore", "kernel", "symbolize",
      "signature", "report"}},
};

// Beginning of a header's name -> the one place that may include it; empty: none.
const std::map<std::string, std::string> homes = {
    {"archive", "input"},  {"re2/", "signature"}, {"toml++/", "signature"}, {"Zydis/", "x86"},
    {"Zycore/", "x86"},    {"libelf", "elf"},     {"gelf.h", "elf"},        {"dwarf.h", "elf"},
    {"elfutils/", "elf"},  {"libkmod", "elf"},    {"CLI/", "tools"},        {"libkdumpfile/", "vmcore"},
    {"nlohmann/", ""},     {"regex", ""},         {"iostream", ""},         {"sys/socket.h", "probe"},
    {"openssl/", "probe"},
};

// What is wrong with this include, in words; empty: nothing. `module` is a folder of libdiag, "include" or "tools".
std::string objection(const std::string& module, bool header, bool quoted, const std::string& name) {
  const std::string folder = name.substr(0, name.find('/'));
  if (quoted && module != "tools") {
    if (folder == "diag" || folder == module) return "";
    if (module == "include") return "a public header includes only public headers";
    return layers.at(module).contains(folder) ? "" : module + " may not include " + folder;
  }
  for (const auto& [begin, home] : homes) {
    if (name.starts_with(begin) && module != home) return begin + " belongs to " + (home.empty() ? "no module" : home);
  }
  if (module == "include" && name.find('/') != std::string::npos) return "third-party header in a public header";
  return header && name.starts_with("fmt/") ? "fmt in a header" : "";
}

std::string objections_in(const fs::path& folder, const std::string& module) {
  std::string all;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const auto kind = entry.path().extension();
    if (kind != ".h" && kind != ".cc") continue;
    std::ifstream file(entry.path());
    std::size_t number = 0;
    for (std::string line; std::getline(file, line);) {
      ++number;
      if (!line.starts_with("#include ") || line.size() < 12) continue;
      const bool quoted = line[9] == '"';
      const std::string name = line.substr(10, line.find_first_of("\">", 10) - 10);
      const std::string wrong = objection(module, kind == ".h", quoted, name);
      if (!wrong.empty()) all += entry.path().string() + ":" + std::to_string(number) + ": " + wrong + "\n";
    }
  }
  return all;
}

TEST(Layers, HoldInTheWholeLibrary) {
  const fs::path library = fs::path(DIAG_SOURCE_DIR) / "libdiag";
  std::size_t seen = 0;
  for (const auto& entry : fs::directory_iterator(library)) {
    if (!entry.is_directory()) continue;
    const std::string module = entry.path().filename();
    ASSERT_TRUE(module == "include" || layers.contains(module)) << module << " is not in the table of layers";
    EXPECT_EQ(objections_in(entry.path(), module), "");
    ++seen;
  }
  EXPECT_GT(seen, 8);
  EXPECT_EQ(objections_in(fs::path(DIAG_SOURCE_DIR) / "tools", "tools"), "");
}

TEST(Layers, WhatIsWrongIsSeen) {
  EXPECT_EQ(objection("kernel", true, true, "log/record_reader.h"), "");
  EXPECT_EQ(objection("kernel", false, false, "fmt/core.h"), "");
  EXPECT_EQ(objection("x86", false, false, "Zydis/Zydis.h"), "");
  EXPECT_EQ(objection("tools", false, true, "kernel/assembler.h"), "");
  EXPECT_EQ(objection("include", true, false, "string"), "");
  EXPECT_NE(objection("signature", false, true, "kernel/assembler.h"), "");
  EXPECT_NE(objection("base", true, true, "event/vocabulary.h"), "");
  EXPECT_NE(objection("report", false, false, "CLI/CLI.hpp"), "");
  EXPECT_NE(objection("report", false, false, "re2/re2.h"), "");
  EXPECT_NE(objection("log", true, false, "fmt/core.h"), "");
  EXPECT_NE(objection("include", true, true, "base/text.h"), "");
  EXPECT_NE(objection("include", true, false, "fmt/core.h"), "");
  EXPECT_NE(objection("base", false, false, "regex"), "");
}

}  // namespace
