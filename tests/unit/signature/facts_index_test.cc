#include "signature/facts_index.h"

#include <gtest/gtest.h>

#include "unit/signature/facts_builder.h"

namespace diag::sig {
namespace {

TEST(FactsIndex, HostsOfInputsAndEvents) {
  FactsBuilder b;
  const SourceId web = b.log("web.log", 9, {"web1"}), both = b.log("central.log", 9, {"web1", "db1"});
  const SourceId conf = b.list("my.cnf", {});
  b.event(web, 1, "gpf").host = "web1.example.com";
  b.event(web, 2, "gpf");  // the input's only host
  b.event(both, 1, "gpf").host = "db1";
  b.event(both, 2, "gpf");            // one of two: unknown
  b.event(conf, 1, "mycnf.setting");  // no host, and the run has several
  const FactsIndex index(b.facts);
  EXPECT_EQ(index.same_host(0, 1), Answer::yes);
  EXPECT_EQ(index.same_host(0, 2), Answer::no);
  EXPECT_EQ(index.same_host(0, 3), Answer::unknown);
  EXPECT_EQ(index.same_host(0, 4), Answer::unknown);
  EXPECT_EQ(index.host(0), "web1.example.com");
  EXPECT_EQ(index.host(3), "");
  EXPECT_EQ(index.input_of_host(b.facts.inputs[2], 0), Answer::unknown);
  EXPECT_EQ(index.input_of_host(b.facts.inputs[1], 0), Answer::yes);
  EXPECT_EQ(index.input_of_host(b.facts.inputs[0], 2), Answer::no);
}

TEST(FactsIndex, TwoFullNamesOfOneShortNameAreTwoHosts) {
  FactsBuilder b;
  const SourceId log = b.log("log", 9, {"web1.a.example", "web1.b.example"});
  b.event(log, 1, "gpf").host = "web1.a.example";
  b.event(log, 2, "gpf").host = "web1.b.example";
  const FactsIndex index(b.facts);
  EXPECT_EQ(index.same_host(0, 1), Answer::no);
}

TEST(FactsIndex, ArchitectureComesFromReleaseFieldsOrRegisters) {
  const auto arch = [](const std::string& release, const std::string& field, const std::string& reg) {
    FactsBuilder b;
    Event& e = b.event(b.log("log", 9), 1, "gpf");
    add_trace(e, "f", {"g"});
    auto report = std::make_shared<KernelReport>(*e.kernel);
    if (!reg.empty()) report->registers.push_back({reg, Addr{1}});
    e.kernel = report;
    if (!release.empty()) e.set("kernel.release", release);
    if (!field.empty()) e.set("kernel.arch", field);
    return FactsIndex(b.facts).kernel(0).arch;
  };
  EXPECT_EQ(arch("2.6.32-431.el6.x86_64", "", ""), "x86_64");
  EXPECT_EQ(arch("2.6.32-431.el6.i686", "", ""), "i386");
  EXPECT_EQ(arch("2.6.18-274.el5", "i686", ""), "i386");
  EXPECT_EQ(arch("2.6.18-274.el5", "", "rip"), "x86_64");
  EXPECT_EQ(arch("2.6.18-274.el5", "", "eip"), "i386");
  EXPECT_EQ(arch("2.6.18-274.el5", "", ""), "");
}

TEST(FactsIndex, OtherInputsTellTheKernelIfTheyAgree) {
  FactsBuilder b;
  const SourceId log = b.log("crash", 9), first = b.log("dmesg", 9), second = b.log("dmesg.old", 9);
  b.event(log, 1, "gpf");
  b.event(first, 1, "host.boot").set("kernel.release", std::string("2.6.32-431.el6.x86_64"));
  EXPECT_EQ(FactsIndex(b.facts).kernel(0).release, "2.6.32-431.el6.x86_64");
  EXPECT_EQ(FactsIndex(b.facts).kernel(0).stream, "el6");
  b.event(second, 1, "host.boot").set("kernel.release", std::string("2.6.32-358.el6.x86_64"));
  EXPECT_EQ(FactsIndex(b.facts).kernel(0).release, "");
}

TEST(FactsIndex, AStartOfTheHostEndsABoot) {
  FactsBuilder b;
  const SourceId log = b.log("log", 99);
  b.message(log, 10, "a");
  b.event(log, 20, "host.boot");
  b.message(log, 30, "b");
  b.message(log, 40, "c");
  const FactsIndex index(b.facts);
  EXPECT_FALSE(index.same_boot(0, 2));
  EXPECT_TRUE(index.same_boot(2, 3));
  EXPECT_EQ(index.boot_after(log, 10), 20U);
  EXPECT_EQ(index.boot_after(log, 21), 0U);
}

TEST(FactsIndex, SurvivesFactsWithoutInputs) {
  Facts facts;
  Event e;
  e.kind = "gpf";
  e.first.source = static_cast<SourceId>(7);
  facts.events.push_back(e);
  const FactsIndex index(facts);
  EXPECT_EQ(index.input(e.first.source), nullptr);
  EXPECT_EQ(index.kernel(0), HostKernel{});
}

}  // namespace
}  // namespace diag::sig
