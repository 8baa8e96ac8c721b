#include "signature/path.h"

#include <gtest/gtest.h>

#include "signature/facts_index.h"
#include "unit/signature/facts_builder.h"

namespace diag::sig {
namespace {

PathTest path(const std::vector<std::string>& steps, std::uint32_t top = 0, std::uint32_t repeats = 1) {
  PathTest out{{}, {}, top, repeats};
  Mistakes mistakes("f");
  for (const std::string& step : steps) out.steps.push_back({*read_symbol(step, {}, mistakes)});
  return out;
}

PathResult find(const PathTest& p, const std::string& ip, const std::vector<std::string>& names,
                std::vector<std::string> missing = {}, const std::string& kind = "gpf") {
  FactsBuilder b;
  add_trace(b.event(b.log("log", 99), 1, kind, {}, 60), ip, names, std::move(missing));
  const FactsIndex index(b.facts);
  return find_path(p, EventView(index, 0), Subject());
}

TEST(Path, OrderCountsAndOthersMayLieBetween) {
  const auto names =
      std::vector<std::string>{"dev_hard_start_xmit", "ip_tables:ipt_do_table", "nf_iterate", "bridge:br_nf_local_out"};
  const auto flagship = path({"icmp_send", "ip_tables:ipt_do_table", "bridge:br_nf_(local_out|forward_ip)"});
  const PathResult met = find(flagship, "icmp_send", names);
  EXPECT_EQ(met.answer, Answer::yes);
  EXPECT_FALSE(met.weak);
  EXPECT_EQ(met.lines, (std::vector<std::uint64_t>{11, 13})) << "the instruction pointer is no frame";
  EXPECT_EQ(met.frames, (std::vector<std::string>{"ip_tables:ipt_do_table", "bridge:br_nf_local_out"}));
  EXPECT_EQ(find(path({"bridge:.*", "ip_tables:.*"}), "icmp_send", names).answer, Answer::no);
  EXPECT_EQ(find(path({"nf_iterate", "nf_iterate"}), "icmp_send", names).answer, Answer::no) << "one frame is one step";
}

TEST(Path, QuestionFramesMakeItWeakAndStaleOnesAreLeftOut) {
  EXPECT_EQ(find(path({"a", "b"}), "a", {"?b", "c"}).answer, Answer::yes);
  EXPECT_TRUE(find(path({"a", "b"}), "a", {"?b", "c"}).weak);
  EXPECT_FALSE(find(path({"a", "b"}), "a", {"?b", "?c"}).weak) << "this trace has no plain frames";
  EXPECT_FALSE(find(path({"a", "b"}), "a", {"?b", "b"}).weak) << "a plain one will do";
  EXPECT_EQ(find(path({"a", "b"}), "a", {"-b", "c"}).answer, Answer::no);
}

TEST(Path, TopAndRepeats) {
  EXPECT_EQ(find(path({"c"}, 3), "a", {"b", "c", "d"}).answer, Answer::yes);
  EXPECT_EQ(find(path({"d"}, 3), "a", {"b", "c", "d"}).answer, Answer::no);
  EXPECT_EQ(find(path({"b", "c"}, 0, 2), "a", {"b", "c", "x", "b", "c"}).answer, Answer::yes);
  EXPECT_EQ(find(path({"b", "c"}, 0, 3), "a", {"b", "c", "x", "b", "c"}).answer, Answer::no);
}

TEST(Path, WhatIsCutOffIsUnknown) {
  EXPECT_EQ(find(path({"a", "b"}), "a", {}, {"frames"}).answer, Answer::unknown);
  EXPECT_EQ(find(path({"a", "z"}), "a", {"b"}, {"end"}).answer, Answer::unknown);
  EXPECT_EQ(find(path({"a", "b"}), "", {"b", "c"}).answer, Answer::unknown) << "a may be at the instruction pointer";
  EXPECT_EQ(find(path({"b", "a"}), "", {"b", "c"}).answer, Answer::no);
  EXPECT_EQ(find(path({"a", "b"}), "", {"b", "c"}, {}, "hung_task").answer, Answer::no)
      << "these print no instruction pointer";
}

TEST(Path, TellsHowFarItGot) { EXPECT_EQ(find(path({"a", "b", "z"}), "a", {"b", "c"}).steps_met, 2U); }

TEST(Path, AFunctionThatIsOnlyTheFirstFrameIsAGuess) {
  FactsBuilder b;
  Event& e = b.event(b.log("log", 99), 1, "oops", {}, 60);
  add_trace(e, "", {"dev_hard_start_xmit", "ip_output"}, {"header", "kind"});
  auto report = std::make_shared<KernelReport>(*e.kernel);
  report->function = report->frames.front();
  e.kernel = report;
  e.set("function", report->function->symbol, 10);
  EXPECT_TRUE(lacks_instruction_pointer(e));
  const FactsIndex index(b.facts);
  Mistakes mistakes("f");
  sig::Test test;
  test.field = "function";
  test.type = FieldType::symbol;
  test.wanted.emplace_back(*read_symbol("icmp_send", {}, mistakes));
  EXPECT_EQ(ask(test, EventView(index, 0), Subject()).answer, Answer::unknown);
}

}  // namespace
}  // namespace diag::sig
