// Registers a test for each case file: kernel.net/bridge-reject-icmp-send.el5-kvm
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "pipeline/lint_run.h"

namespace diag {
namespace {

const std::string folder = DIAG_SIGNATURES;

const SignatureSet& signatures() {
  static const SignatureSet set = SignatureSet::load(folder).value();
  return set;
}

void expect_none(const std::vector<Mistake>& mistakes) {
  for (const Mistake& m : mistakes) ADD_FAILURE() << to_string(m);
}

class Case : public testing::Test {
 public:
  explicit Case(std::string path) : path_(std::move(path)) {}
  void TestBody() override { expect_none(run_case_file(signatures(), path_).mistakes); }

 private:
  std::string path_;
};

class Lint : public testing::Test {
 public:
  void TestBody() override {
    const auto run = lint_folder(folder);
    ASSERT_TRUE(run) << run.error().message;
    expect_none(run->mistakes);
    EXPECT_GT(run->signatures, 0U);
    for (const auto& [a, b] : run->undecided)
      ADD_FAILURE() << a << " and " << b << " explain one event, and no rank decides";
  }
};

bool register_all() {
  const auto cases = find_cases(folder);
  if (!cases) return false;
  for (const std::string& path : *cases) {
    std::string name = path.substr(folder.size() + 1);
    const auto slash = name.find('/');
    const std::string area = name.substr(0, slash);
    name = name.substr(slash + 1, name.rfind('.') - slash - 1);
    testing::RegisterTest(area.c_str(), name.c_str(), nullptr, nullptr, path.c_str(), 1,
                          [path]() -> testing::Test* { return new Case(path); });
  }
  testing::RegisterTest("lint", "signatures", nullptr, nullptr, __FILE__, __LINE__,
                        []() -> testing::Test* { return new Lint; });
  return true;
}

}  // namespace
}  // namespace diag

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (!diag::register_all()) {
    std::fprintf(stderr, "no cases below %s\n", diag::folder.c_str());
    return 1;
  }
  return RUN_ALL_TESTS();
}
