#include "signature/affects.h"

#include <gtest/gtest.h>

#include "signature/facts_index.h"
#include "signature/kernel_release.h"
#include "signature/toml_text.h"
#include "unit/signature/facts_builder.h"

namespace diag::sig {
namespace {

TEST(KernelRelease, IsTakenApart) {
  const struct {
    std::string_view text, stream, release, arch;
    bool foreign;
  } table[] = {
      {"2.6.18-274.7.1.el5", "el5", "274.7.1", "", false},
      {"2.6.18-274.el5xen", "el5", "274", "", false},
      {"2.6.18-274.el5PAE", "el5", "274", "i386", false},
      {"2.6.18-274.el5debug", "el5", "274", "", false},
      {"2.6.18-308.1.1.el5.centos.plus", "el5", "308.1.1", "", false},
      {"2.6.9-89.EL", "el4", "89", "", false},
      {"2.6.9-89.0.20.ELsmp", "el4", "89.0.20", "", false},
      {"2.6.32-431.el6.x86_64", "el6", "431", "x86_64", false},
      {"2.6.32-754.el6.i686", "el6", "754", "i386", false},
      {"3.10.0-1160.102.1.el7.x86_64", "el7", "1160.102.1", "x86_64", false},
      {"4.18.0-425.el8_7.x86_64+debug", "el8", "425", "x86_64", false},
      {"2.6.39-400.17.1.el6uek.x86_64", "", "", "", true},
      {"2.6.32-400.26.1.el5uek", "", "", "", true},
      {"3.10.0-1160.el7.elrepo.x86_64", "el7", "1160", "", true},
      {"2.6.18-274.7.1.el5.028stab095.1", "el5", "274.7.1", "", true},
      {"3.10.0-514.rt56.420.el7.x86_64", "", "", "", true},
      {"2.6.18-6-amd64", "", "", "", true},
      {"5.4.0-42-generic", "", "", "", true},
      {"4.14.0", "", "", "", true},
      {"", "", "", "", true},
  };
  for (const auto& row : table) {
    const KernelRelease r = read_kernel_release(row.text);
    EXPECT_EQ(r.stream, row.stream) << row.text;
    EXPECT_EQ(r.foreign, row.foreign) << row.text;
    if (row.foreign) continue;
    EXPECT_EQ(r.release, row.release) << row.text;
    EXPECT_EQ(r.arch, row.arch) << row.text;
  }
}

std::optional<Affects> read(const std::string& toml, Mistakes& mistakes) {
  const auto root = read_toml(toml, mistakes);
  return root ? read_affects(*root, mistakes) : std::nullopt;
}

Affects affects(const std::string& toml) {
  Mistakes mistakes("f");
  auto made = read(toml, mistakes);
  EXPECT_TRUE(mistakes.none()) << toml << ": " << (mistakes.none() ? "" : mistakes.list().front().message);
  return made.value_or(Affects{});
}

// The standing of an event whose host said so of its kernel.
StandingOf standing(const Affects& a, const std::string& release, const std::string& arch = "",
                    const std::string& stream = "") {
  FactsBuilder b;
  Event& e = b.event(b.log("log", 100), 1, "gpf");
  if (!release.empty()) e.set("kernel.release", release);
  if (!arch.empty()) e.set("kernel.arch", arch);
  if (!stream.empty()) e.set("kernel.stream", stream);
  const FactsIndex index(b.facts);
  return stand(a, index, 0);
}

constexpr std::string_view flagship = "kernel = ['el5 x86_64 [274, 308.4.1)']";

TEST(Affects, StandsByStreamArchitectureAndRelease) {
  const Affects a = affects(std::string(flagship));
  const struct {
    std::string release, arch, stream;
    Standing expected;
    std::string note;
  } table[] = {
      {"2.6.18-274.el5", "x86_64", "", Standing::inside, ""},
      {"2.6.18-274.7.1.el5xen", "x86_64", "", Standing::inside, ""},
      {"2.6.18-308.1.1.el5", "x86_64", "", Standing::inside, ""},
      {"2.6.18-308.4.1.el5", "x86_64", "", Standing::outside, "your kernel has the fix"},
      {"2.6.18-409.el5", "x86_64", "", Standing::outside, "your kernel has the fix"},
      {"2.6.18-238.19.1.el5", "x86_64", "", Standing::outside, "your kernel is older than the bug"},
      {"2.6.18-274.el5", "i386", "", Standing::elsewhere, ""},
      {"2.6.18-274.el5PAE", "", "", Standing::elsewhere, ""},
      {"2.6.18-274.el5", "", "", Standing::unknown, "the kernel's release is not stated"},
      {"2.6.32-279.el6", "x86_64", "", Standing::elsewhere, ""},
      {"", "x86_64", "el5", Standing::unknown, "the kernel's release is not stated"},
      {"", "x86_64", "el6", Standing::elsewhere, ""},
      {"", "x86_64", "", Standing::unknown, "the kernel's release is not stated"},
      {"3.8.13-16.2.1.el6uek", "x86_64", "uek", Standing::unknown,
       "a kernel built by others: which fixes it has is not known"},
      {"3.10.11-100.fc18", "x86_64", "fc18", Standing::elsewhere, ""},
      {"2.6.18-274.el5.028stab093.2", "x86_64", "", Standing::unknown,
       "a kernel built by others: which fixes it has is not known"},
  };
  for (const auto& row : table) {
    const StandingOf s = standing(a, row.release, row.arch, row.stream);
    EXPECT_EQ(to_string(s.standing), to_string(row.expected)) << row.release << ' ' << row.arch << ' ' << row.stream;
    EXPECT_EQ(s.note, row.note) << row.release;
  }
}

TEST(Affects, EarlyFixesOfAZStreamAreARangeOfTheirOwn) {
  const Affects a = affects("kernel = ['el6 [71, 131.26.1)', 'el6 [220, 220.4.2)']");
  EXPECT_EQ(standing(a, "2.6.32-131.0.15.el6").standing, Standing::inside);
  EXPECT_EQ(standing(a, "2.6.32-131.26.1.el6").standing, Standing::outside);
  EXPECT_EQ(standing(a, "2.6.32-131.26.1.el6").note, "your kernel has the fix");
  EXPECT_EQ(standing(a, "2.6.32-220.el6").standing, Standing::inside);
  EXPECT_EQ(standing(a, "2.6.32-220.4.2.el6").standing, Standing::outside);
}

TEST(Affects, BackportsMakeAZStreamUnknownUntilTheChangelogTells) {
  const Affects a = affects("kernel = \"el6 < 279\"\nbackports = true\nchangelog = 'Reset IPCB'");
  EXPECT_EQ(standing(a, "2.6.32-220.el6").standing, Standing::inside);
  EXPECT_EQ(standing(a, "2.6.32-220.4.2.el6").standing, Standing::unknown);
  EXPECT_EQ(standing(a, "2.6.32-220.4.2.el6").note, "a z-stream build may carry the fix: its changelog tells");

  FactsBuilder b;
  b.event(b.log("log", 9), 1, "gpf").set("kernel.release", std::string("2.6.32-220.4.2.el6"));
  const SourceId changelog = b.list("changelog", {"rpm.changelog"});
  b.event(changelog, 1, "rpm.changelog", {{"text", std::string("- [net] something else")}});
  EXPECT_EQ(stand(a, FactsIndex(b.facts), 0).standing, Standing::inside) << "the list was read, and has no such line";
  b.event(changelog, 2, "rpm.changelog", {{"text", std::string("- [net] bridge: Reset IPCB when entering IP stack")}});
  EXPECT_EQ(stand(a, FactsIndex(b.facts), 0).standing, Standing::outside);
  EXPECT_EQ(stand(a, FactsIndex(b.facts), 0).note, "your kernel has the fix: its changelog has 'Reset IPCB'");
}

TEST(Affects, PackagesAreComparedByVersionAndRelease) {
  const Affects a = affects(R"(bash = ["el5 < 3.2-33.el5_11.4", "el6 < 4.1.2-15.el6_5.2"])");
  const auto stands = [&](const std::string& version, bool covered) {
    FactsBuilder b;
    b.event(b.log("log", 9), 1, "log.message");
    const SourceId rpms = b.list("rpm-qa", covered ? List{"rpm.package"} : List{});
    if (!version.empty()) b.event(rpms, 1, "rpm.package", {{"name", std::string("bash")}, {"version", version}});
    return stand(a, FactsIndex(b.facts), 0).standing;
  };
  EXPECT_EQ(stands("4.1.2-15.el6_4", true), Standing::inside);
  EXPECT_EQ(stands("4.1.2-15.el6_5.2", true), Standing::outside);
  EXPECT_EQ(stands("4.2.46-12.el7", true), Standing::elsewhere);
  EXPECT_EQ(stands("", false), Standing::unknown);
  EXPECT_EQ(stands("", true), Standing::outside) << "not installed";
}

TEST(Affects, MistakesAreNamed) {
  const struct {
    std::string toml, message;
  } table[] = {
      {"kernel = ['x86_64 [274, 308)']", "'x86_64 [274, 308)' does not begin with a stream such as el5, el6, el7"},
      {R"(kernel = ["el5 x86_46 < 274"])", "unknown architecture 'x86_46'; did you mean 'x86_64'?"},
      {R"(kernel = ["el5 [274"])",
       "'el5 [274' is no range of builds; write \"el5 x86_64 [274, 308.4.1)\" or \"el6 < 279\""},
      {"kernel = ['el5 [308.4.1, 274)']",
       "the range 'el5 [308.4.1, 274)' is empty: in rpm's order 308.4.1 does not come before 274"},
      {R"(kernel = 3)", "'kernel' holds ranges such as \"el6 < 279\", not a whole number"},
      {R"(fixed = ["x"])", "[affects] names no build; write kernel = [\"el6 < 279\"] or a package with its range"},
      {"kernel = 'el6'\nbackports = 'yes'", "'backports' is true or false"},
  };
  for (const auto& row : table) {
    Mistakes mistakes("f");
    read(row.toml, mistakes);
    ASSERT_FALSE(mistakes.none()) << row.toml;
    EXPECT_EQ(mistakes.list().front().message, row.message);
  }
}

}  // namespace
}  // namespace diag::sig
