#include "config/package_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace diag {
namespace {

TEST(PackageList, TakesPackagesApart) {
  const std::tuple<std::string_view, std::string_view, std::string_view, std::string_view> cases[] = {
      {"kernel-2.6.18-274.7.1.el5", "kernel", "2.6.18-274.7.1.el5", ""},
      {"kernel-xen-2.6.18-274.el5.x86_64", "kernel-xen", "2.6.18-274.el5", "x86_64"},
      {"bash-4.1.2-15.el6_5.1.i686", "bash", "4.1.2-15.el6_5.1", "i686"},
      {"gpg-pubkey-e8562897-459f07a4", "gpg-pubkey", "e8562897-459f07a4", ""},
      {"java-1.6.0-openjdk-1.6.0.0-1.22.1.9.8.el5_6", "java-1.6.0-openjdk", "1.6.0.0-1.22.1.9.8.el5_6", ""},
      {"libstdc++-4.1.2-51.el5.x86_64", "libstdc++", "4.1.2-51.el5", "x86_64"},
  };
  for (const auto& [word, name, version, arch] : cases) {
    const auto package = package_of(word);
    ASSERT_TRUE(package) << word;
    EXPECT_EQ(package->name, name);
    EXPECT_EQ(package->version, version);
    EXPECT_EQ(package->arch, arch);
  }
  for (const auto* word :
       {"", "kernel", "kernel-2.6.18", "-1-2", "Oct", "2014-10-14T03:12:01", "a b-1-2", "some-thing-else", "1-2-3"})
    EXPECT_FALSE(package_of(word)) << word;
}

TEST(PackageList, ReadsTheListOfASosreport) {
  const auto packages =
      parse_packages(*ConfigText::of("bash-3.2-32.el5.x86_64                     Tue 01 Nov 2011 10:00:00 AM "
                                     "EDT\nnonsense\nkernel-2.6.18-274.el5.x86_64\n"));
  ASSERT_EQ(packages.size(), 2u);
  EXPECT_EQ(packages[1].name, "kernel");
  EXPECT_EQ(packages[1].line, 3u);
}

TEST(PackageList, ReadsChangelogs) {
  const auto entries =
      parse_changelog(*ConfigText::of(R"(* Fri Mar 30 2012 Alexander Gordeev <agordeev@redhat.com> [2.6.18-308.3.1.el5]
- [net] bridge: Reset IPCB when entering IP stack (Herbert Xu) [804721 749813]
- [fs] a long entry that
  goes on here [1]

* Tue Feb 21 2012 Some One <mail> 4.1.2-15
- Fixed
)"));
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[0].version, "2.6.18-308.3.1.el5");
  EXPECT_EQ(entries[0].text, "[net] bridge: Reset IPCB when entering IP stack (Herbert Xu) [804721 749813]");
  EXPECT_EQ(entries[1].text, "[fs] a long entry that goes on here [1]");
  EXPECT_EQ(entries[1].last_line, 4u);
  EXPECT_EQ(entries[2].version, "4.1.2-15");
}

TEST(PackageList, ReadsUname) {
  const std::tuple<std::string_view, std::string_view, std::string_view, std::string_view> cases[] = {
      {"Linux web1.example.com 2.6.18-274.7.1.el5 #1 SMP Thu Oct 20 16:21:01 EDT 2011 x86_64 x86_64 x86_64 GNU/Linux",
       "2.6.18-274.7.1.el5", "web1.example.com", "x86_64"},
      {"2.6.18-274.el5PAE", "2.6.18-274.el5PAE", "", ""},
      {"3.10.0-1160.el7.x86_64", "3.10.0-1160.el7.x86_64", "", ""},
  };
  for (const auto& [line, release, host, arch] : cases) {
    const auto uname = parse_uname(line);
    ASSERT_TRUE(uname) << line;
    EXPECT_EQ(uname->release, release);
    EXPECT_EQ(uname->host, host);
    EXPECT_EQ(uname->arch, arch);
  }
  for (const auto* line : {"", "Linux version 2.6.18-274.el5 (mockbuild@x) #1 SMP", "2.6.18", "2.6.18-274.el5 and more",
                           "Linux", "4.1.2-x", "2014-10-14"})
    EXPECT_FALSE(parse_uname(line)) << line;
}

TEST(PackageList, ReadsBootOptions) {
  const auto options = parse_boot_options("ro root=/dev/VolGroup00/LogVol00 quiet elevator=deadline");
  ASSERT_EQ(options.size(), 4u);
  EXPECT_EQ(options[1].name, "root");
  EXPECT_EQ(options[1].value, "/dev/VolGroup00/LogVol00");
  EXPECT_EQ(options[2].value, "");
}

}  // namespace
}  // namespace diag
