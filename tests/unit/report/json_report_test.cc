#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "diag/report.h"
#include "unit/report/sample_report.h"

namespace diag {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

json parsed(const Report& r) { return json::parse(to_json(r)); }

std::vector<json> lines(const Report& r) {
  std::vector<json> result;
  const std::string text = to_jsonl(r);
  for (std::size_t from = 0; from < text.size();) {
    const auto end = text.find('\n', from);
    EXPECT_NE(end, std::string::npos);
    result.push_back(json::parse(text.substr(from, end - from)));
    from = end + 1;
  }
  return result;
}

std::vector<std::string> keys(const json& object) {
  std::vector<std::string> names;
  for (const auto& [key, value] : object.items()) names.push_back(key);
  return names;
}

TEST(JsonReport, HasTheContractsKeys) {
  const json j = parsed(sample::report());
  EXPECT_THAT(keys(j), UnorderedElementsAre("schema", "tool", "inputs", "events", "findings", "summary"));
  EXPECT_EQ(j["schema"], "diag.report/1");
  EXPECT_EQ(j["tool"], json({{"name", "oopsdiag"}, {"version", "0.1.0"}}));
  EXPECT_EQ(j["inputs"][0], json({{"name", "vmcore-dmesg.txt"},
                                  {"bytes", 2950},
                                  {"lines", 59},
                                  {"skipped", json::array()},
                                  {"error", nullptr}}));
  EXPECT_THAT(keys(j["events"][0]),
              UnorderedElementsAre("kind", "title", "header", "partial", "missing", "source", "time", "host",
                                   "incident", "kernel", "cpu", "task", "function", "culprit", "fault", "registers",
                                   "frames", "modules", "fingerprint", "similar", "fields", "findings"));
  EXPECT_THAT(keys(j["findings"][0]),
              UnorderedElementsAre("signature", "title", "severity", "confidence", "events", "evidence", "summary",
                                   "steps", "references", "not_checked", "kernel", "context"));
}

TEST(JsonReport, KernelEvent) {
  const json e = parsed(sample::report())["events"][0];
  EXPECT_EQ(e["kind"], "oops");
  EXPECT_EQ(e["header"], nullptr);
  EXPECT_EQ(e["partial"], true);
  EXPECT_EQ(e["missing"], json({"header", "registers"}));
  EXPECT_EQ(e["source"], json({{"input", "vmcore-dmesg.txt"}, {"first_line", 1}, {"last_line", 59}}));
  EXPECT_EQ(e["time"], json({{"uptime", nullptr}, {"wall", nullptr}}));
  EXPECT_EQ(e["host"], nullptr);
  EXPECT_EQ(e["kernel"],
            json({{"release", "2.6.18-274.7.1.el5"}, {"distribution", "el5"}, {"arch", "x86_64"}, {"taint", nullptr}}));
  EXPECT_EQ(e["cpu"], 1);
  EXPECT_EQ(e["task"], json({{"comm", "qemu-kvm"}, {"pid", 3911}}));
  EXPECT_EQ(e["function"], json({{"name", "icmp_send"},
                                 {"offset", 1471},
                                 {"size", 1472},
                                 {"module", nullptr},
                                 {"address", "0xffffffff80268427"}}));
  EXPECT_EQ(e["culprit"]["name"], "icmp_send");
  EXPECT_EQ(e["fault"]["address"], nullptr);
  EXPECT_EQ(e["fault"]["instruction"], "ret");
  EXPECT_EQ(e["registers"], json({{"rip", "0xffffffff80268427"}, {"rsp", "0xffff810107bb7830"}}));
  EXPECT_EQ(e["modules"][1], json({{"name", "tun"}, {"flags", "U"}}));
  EXPECT_EQ(e["fingerprint"], "0123456789abcdef");
  EXPECT_EQ(e["similar"], "fedcba9876543210");
  EXPECT_EQ(e["findings"], json({0}));
}

TEST(JsonReport, Frames) {
  const json frames = parsed(sample::report())["events"][0]["frames"];
  ASSERT_EQ(frames.size(), 8);
  EXPECT_EQ(frames[1], json({{"address", "0xffffffff88665bab"},
                             {"function", "ipt_do_table"},
                             {"offset", 661},
                             {"size", 762},
                             {"module", "ip_tables"},
                             {"at", 8},
                             {"reliable", true},
                             {"stack", "irq"},
                             {"trust", "plain"},
                             {"note", nullptr},
                             {"chain", json::array()},
                             {"unresolved", "no_symbol_file"}}));
  EXPECT_EQ(frames[4]["trust"], "stale");
  EXPECT_NE(frames[4]["note"], nullptr);
  EXPECT_EQ(frames[6]["stack"], "task");
}

TEST(JsonReport, SymbolizedFrameAndBareAddress) {
  auto k = sample::kernel_report();
  k.frames[0].chain = {{"inlined_callee", "net/a.h", 24}, {"dev_hard_start_xmit", "", 0}};
  k.frames[1].symbol = {};
  k.frames[1].offset = k.frames[1].size = std::nullopt;
  k.frames[2].address = std::nullopt;
  k.frames[2].stack = Stack::unknown;
  k.frames[2].reliable = false;
  k.frames[2].trust = Trust::question;
  k.frames[2].unresolved = Unresolved::wrong_build;
  auto r = sample::report();
  r.facts.events[1] = sample::kernel_event(k);
  const json frames = parsed(r)["events"][0]["frames"];
  EXPECT_EQ(frames[0]["unresolved"], nullptr);
  EXPECT_EQ(frames[0]["chain"], json({{{"function", "inlined_callee"}, {"file", "net/a.h"}, {"line", 24}},
                                      {{"function", "dev_hard_start_xmit"}, {"file", nullptr}, {"line", nullptr}}}));
  EXPECT_EQ(frames[1]["function"], nullptr);
  EXPECT_EQ(frames[1]["offset"], nullptr);
  EXPECT_EQ(frames[2]["address"], nullptr);
  EXPECT_EQ(frames[2]["stack"], nullptr);
  EXPECT_EQ(frames[2]["reliable"], false);
  EXPECT_EQ(frames[2]["trust"], "question");
  EXPECT_EQ(frames[2]["unresolved"], "wrong_build");
}

TEST(JsonReport, AddressesOf32BitMachinesHaveEightDigits) {
  auto k = sample::kernel_report();
  k.word_bits = 32;
  k.registers = {{"eip", Addr{0xc0123456}}};
  k.fault.address = Addr{0};
  auto r = sample::report();
  r.facts.events[1] = sample::kernel_event(k);
  const json e = parsed(r)["events"][0];
  EXPECT_EQ(e["registers"]["eip"], "0xc0123456");
  EXPECT_EQ(e["fault"]["address"], "0x00000000");
}

TEST(JsonReport, NothingKnownIsNullOrEmpty) {
  Report r;
  Event e;
  e.kind = "panic";
  e.kernel = std::make_shared<const KernelReport>();
  r.facts.events = {e};
  const json j = parsed(r)["events"][0];
  for (const char* key : {"header", "host", "cpu", "function", "culprit", "fingerprint", "similar"})
    EXPECT_EQ(j[key], nullptr) << key;
  for (const char* key : {"missing", "frames", "modules", "findings"}) EXPECT_EQ(j[key], json::array()) << key;
  for (const char* key : {"registers", "fields"}) EXPECT_EQ(j[key], json::object()) << key;
  EXPECT_EQ(j["partial"], false);
  EXPECT_EQ(j["kernel"],
            json({{"release", nullptr}, {"distribution", nullptr}, {"arch", nullptr}, {"taint", nullptr}}));
  EXPECT_EQ(j["task"], json({{"comm", nullptr}, {"pid", nullptr}}));
  EXPECT_EQ(j["source"], json({{"input", "?"}, {"first_line", nullptr}, {"last_line", nullptr}}));
}

TEST(JsonReport, TimeAndTaint) {
  auto k = sample::kernel_report();
  k.taint = Taint{"PF", {"a proprietary module was loaded", "a module was forced in"}, true};
  auto r = sample::report();
  r.facts.events[1] = sample::kernel_event(k);
  r.facts.events[1].when = {12345.678, Timestamp{1'000'000, true, true}};
  r.facts.events[1].host = "web1";
  r.facts.events[1].incident = 7;
  const json e = parsed(r)["events"][0];
  EXPECT_EQ(e["time"], json({{"uptime", 12345.678}, {"wall", "1970-01-01T00:00:01Z"}}));
  EXPECT_EQ(e["kernel"]["taint"],
            json({{"flags", "PF"}, {"meanings", {"a proprietary module was loaded", "a module was forced in"}}}));
  EXPECT_EQ(e["host"], "web1");
  EXPECT_EQ(e["incident"], 7);
}

TEST(JsonReport, FieldsOfEveryType) {
  const json events = parsed(sample::report())["events"];
  EXPECT_EQ(events[0]["fields"],
            json({{"function.last_byte", true}, {"stack.top", "0x0001d7000001d600"}, {"code", "c3 41 56"}}));
  EXPECT_EQ(events[1]["kind"], "iptables.rule");
  EXPECT_FALSE(events[1].contains("frames"));
  EXPECT_EQ(events[1]["fields"], json({{"chain", "FORWARD"},
                                       {"number", 3},
                                       {"options", {"a", "b"}},
                                       {"at", {{"name", "br_forward"}, {"module", "bridge"}}},
                                       {"since", "1970-01-01T00:00:00Z"},
                                       {"share", 0.25}}));
}

TEST(JsonReport, ShowsKernelEventsAndThoseAFindingRefersTo) {
  auto r = sample::report();  // events: a message, the oops, a rule
  json j = parsed(r);
  EXPECT_EQ(j["events"].size(), 2);
  EXPECT_EQ(j["findings"][0]["events"], json({0, 1}));  // renumbered
  EXPECT_EQ(j["summary"], json({{"events", 2}, {"findings", 1}, {"worst", "critical"}}));

  r.findings[0].events = {0, 99};  // 99 is nowhere
  j = parsed(r);
  EXPECT_EQ(j["events"].size(), 2);
  EXPECT_EQ(j["events"][0]["kind"], "log.message");
  EXPECT_EQ(j["findings"][0]["events"], json({0}));

  r.findings.clear();
  j = parsed(r);
  EXPECT_EQ(j["events"].size(), 1);
  EXPECT_EQ(j["summary"], json({{"events", 1}, {"findings", 0}, {"worst", nullptr}}));
}

TEST(JsonReport, Finding) {
  const json f = parsed(sample::report())["findings"][0];
  EXPECT_EQ(f["severity"], "critical");
  EXPECT_EQ(f["confidence"], "certain");
  EXPECT_EQ(f["evidence"][1], json({{"input", "vmcore-dmesg.txt"},
                                    {"first_line", 7},
                                    {"last_line", 9},
                                    {"column", nullptr},
                                    {"quote", nullptr},
                                    {"because", "its return address was overwritten"}}));
  EXPECT_EQ(f["evidence"][2]["column"], 4);
  EXPECT_EQ(f["evidence"][2]["because"], nullptr);
  EXPECT_THAT(keys(f["steps"][0]), UnorderedElementsAre("do", "check", "undo", "risk"));
  EXPECT_EQ(f["steps"][0]["risk"], "traffic change");
  EXPECT_EQ(f["steps"][1]["when"], "the host is on 5.7");
  EXPECT_EQ(f["steps"][1]["unverified"], "not tried");
  EXPECT_EQ(f["kernel"], json({{"state", "inside"},
                               {"release", "2.6.18-274.7.1.el5"},
                               {"fixed", {"2.6.18-308.4.1.el5 (RHSA-2012:0480)"}},
                               {"note", nullptr}}));
}

TEST(JsonReport, InputsSayWhatWasNotRead) {
  auto r = sample::report();
  r.facts.inputs[1].error = Error{Error::Code::malformed, "truncated gzip input", "x.gz"};
  r.facts.inputs[1].skipped = {{3, 4, "a line was read in pieces"}, {0, 0, "binary member"}};
  const json i = parsed(r)["inputs"][1];
  EXPECT_EQ(i["error"], "truncated gzip input");
  EXPECT_EQ(i["skipped"], json({{{"first_line", 3}, {"last_line", 4}, {"reason", "a line was read in pieces"}},
                                {{"first_line", nullptr}, {"last_line", nullptr}, {"reason", "binary member"}}}));
}

TEST(JsonLines, OneEventALineWithItsFindingsInside) {
  const auto events = lines(sample::report());
  ASSERT_EQ(events.size(), 2);
  EXPECT_EQ(events[0]["kind"], "oops");
  EXPECT_EQ(events[0]["findings"][0]["signature"], "kernel.net.bridge-reject-icmp-send");
  EXPECT_EQ(events[0]["findings"][0]["evidence"][2]["input"], "iptables-save.txt");
  EXPECT_FALSE(events[0]["findings"][0].contains("events"));
  EXPECT_EQ(events[1]["kind"], "iptables.rule");
  EXPECT_EQ(events[1]["findings"], json::array());  // not its subject
}

TEST(JsonLines, EmptyWithoutEventsAndAFindingWithoutASubjectIsNotLost) {
  auto r = sample::report();
  r.facts.events.clear();
  r.findings[0].events.clear();
  ASSERT_EQ(lines(r).size(), 1);
  EXPECT_EQ(lines(r)[0]["kind"], nullptr);
  EXPECT_EQ(lines(r)[0]["findings"].size(), 1);
  r.findings.clear();
  EXPECT_EQ(to_jsonl(r), "");
}

TEST(JsonReport, HostileTextStaysInsideItsStrings) {
  auto r = sample::report();
  const std::string hostile("\x1b]0;title\x07\"},\n\xff\xc2\x9b\0", 17);
  r.facts.inputs[0].name = r.facts.events[1].title = r.facts.events[1].host = hostile;
  r.facts.events[1].fields.push_back({hostile, hostile, 1});
  r.findings[0].title = r.findings[0].evidence[0].quote = hostile;
  for (const std::string& text : {to_json(r), to_jsonl(r)}) {
    for (const char c : text) ASSERT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7f)) << static_cast<int>(c);
  }
  EXPECT_NO_THROW(parsed(r).dump());
  EXPECT_EQ(lines(r).size(), 2);
}

}  // namespace
}  // namespace diag
