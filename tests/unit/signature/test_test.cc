#include "signature/test.h"

#include <gtest/gtest.h>

#include "signature/facts_index.h"
#include "signature/toml_text.h"
#include "unit/signature/facts_builder.h"

namespace diag::sig {
namespace {

// `written` is TOML: "'icmp_.*'", "\"> 60\"", "[1, 2]".
std::optional<Test> read(FieldType type, const std::string& written, std::string* mistake = nullptr) {
  Mistakes mistakes("f");
  const auto root = read_toml("x = " + written, mistakes);
  auto test = root ? read_test("x", type, root->entries.front().value, mistakes) : std::nullopt;
  const std::string said = mistakes.none() ? "" : mistakes.list().front().message;
  if (mistake) {
    *mistake = said;
  } else {
    EXPECT_EQ(said, "") << written;
  }
  return test;
}

Answer ask_value(FieldType type, const std::string& written, std::optional<Value> value,
                 const Subject& subject = Subject(), const std::string& arch = "x86_64") {
  FactsBuilder b;
  Event& e = b.event(b.log("log", 100), 1, "gpf");
  e.set("kernel.arch", arch);
  if (value) e.set("x", *value, 1);
  const FactsIndex index(b.facts);
  const auto test = read(type, written);
  return test ? ask(*test, EventView(index, 0), subject).answer : Answer::unknown;
}

constexpr Answer yes = Answer::yes, no = Answer::no, unknown = Answer::unknown;

struct Row {
  FieldType type;
  std::string written;
  std::optional<Value> value;
  Answer expected;
};

void expect(const std::vector<Row>& rows) {
  for (const Row& r : rows) {
    EXPECT_EQ(ask_value(r.type, r.written, r.value), r.expected)
        << to_string(r.type) << ' ' << r.written << " on " << (r.value ? show(*r.value) : "nothing");
  }
}

TEST(Test, NamesFitAsAWholeAndTextsAnywhere) {
  const auto name = FieldType::name, text = FieldType::text;
  expect({
      {name, "'REJECT'", std::string("REJECT"), yes},
      {name, "'REJECT'", std::string("REJECTED"), no},
      {name, "'postfix/.*'", std::string("postfix/smtpd"), yes},
      {name, "['a', 'b']", std::string("b"), yes},
      {name, "['a', 'b']", std::string("c"), no},
      {name, "'a'", std::nullopt, unknown},
      {name, "'7'", 7.0, yes},  // a number is matched as it is shown
      {text, "'table full, dropping packet'", std::string("ip_conntrack: table full, dropping packet."), yes},
      {text, "['EXT3-fs error', 'EXT4-fs error']", std::string("EXT4-fs error (device sda1)"), yes},
      {text, "'Table'", std::string("table"), no},
      {FieldType::list, "['bridge', 'ip_?tables?_.*']", List{"tun", "bridge", "ip_tables_x"}, yes},
      {FieldType::list, "['bridge', 'tun']", List{"bridge"}, no},
      {FieldType::list, "'bridge'", List{}, no},
      {FieldType::list, "['FORWARD|OUTPUT']", List{"INPUT", "FORWARD"}, yes},
  });
}

TEST(Test, SymbolsHaveModulesAndCompilerSuffixes) {
  const auto symbol = FieldType::symbol;
  expect({
      {symbol, "'icmp_send'", Symbol{"icmp_send", ""}, yes},
      {symbol, "'icmp_send'", Symbol{"icmp_send.isra.5", ""}, yes},
      {symbol, "'icmp_send'", Symbol{"icmp_send.constprop.0", "ip"}, yes},
      {symbol, "'icmp'", Symbol{"icmp_send", ""}, no},
      {symbol, "'bridge:br_nf_.*'", Symbol{"br_nf_local_out", "bridge"}, yes},
      {symbol, "'bridge:br_nf_.*'", Symbol{"br_nf_local_out", "other"}, no},
      {symbol, "'bridge:br_nf_.*'", Symbol{"ip_rcv", "bridge"}, no},
      {symbol, "'bridge:br_nf_.*'", Symbol{"br_nf_local_out", ""}, unknown},  // its module is not printed
      {symbol, "':ip_rcv'", Symbol{"ip_rcv", ""}, yes},
      {symbol, "':ip_rcv'", Symbol{"ip_rcv", "m"}, no},
      {symbol, "'(?:nf|ip)_conntrack:.*find.*'", Symbol{"__nf_conntrack_find", "nf_conntrack"}, yes},
      {symbol, R"('\.text\.lock\.spinlock')", Symbol{".text.lock.spinlock", ""}, yes},
      {symbol, "'do_page_fault'", Symbol{".do_page_fault", ""}, yes},  // ppc64
  });
  EXPECT_EQ(plain_symbol("a.isra.1.part.2"), "a");
  EXPECT_EQ(plain_symbol("a.cold"), "a");
  EXPECT_EQ(plain_symbol("a.b"), "a.b");
}

TEST(Test, NumbersAreComparedWithTheirUnits) {
  const auto number = FieldType::number;
  expect({
      {number, "3", 3.0, yes},
      {number, "3", 4.0, no},
      {number, "[3, 5]", 5.0, yes},
      {number, "\"> 60\"", 60.0, no},
      {number, "\"> 60\"", 60.5, yes},
      {number, "\">= 60\"", 60.0, yes},
      {number, "\"< 4 GiB\"", 4294967295.0, yes},
      {number, "\"<= 4 GiB\"", 4294967297.0, no},
      {number, "\"208 days .. 231 days\"", 208.0 * 86400, yes},
      {number, "\"1 .. 5 min\"", 30.0, no},
      {number, "\"1 .. 5 min\"", 300.0, yes},
      {number, "\"= 0x10\"", 16.0, yes},
      {number, "\"> 1\"", std::string("17"), yes},  // a captured number
      {number, "\"> 1\"", std::string("many"), unknown},
      {number, "\"> 1\"", std::nullopt, unknown},
  });
}

TEST(Test, VersionsAreInRpmsOrder) {
  const auto version = FieldType::version;
  expect({
      {version, "\"< 4.1.2-15.el6_5.1\"", std::string("4.1.2-15.el6_4"), yes},
      {version, "\"< 4.1.2-15.el6_5.1\"", std::string("4.1.2-15.el6_5.1"), no},
      {version, "\"< 5.6\"", std::string("5.5.68"), yes},
      {version, "\"< 5.6\"", std::string("5.6.24"), no},
      {version, "\">= 10.4\"", std::string("10.11.19"), yes},
      {version, "\"= 5.6\"", std::string("5.6-3.el6"), yes},
      {version, "\"5.5 .. 5.7\"", std::string("5.6.1"), yes},
      {version, "\"5.5 .. 5.7\"", std::string("8.0"), no},
  });
}

TEST(Test, TimesNeedAYearAndNearABoundAZone) {
  const auto time = FieldType::time;
  const std::int64_t day = 1435708799;  // 2015-06-30T23:59:59Z
  Timestamp no_zone = wall(day), no_year = wall(day), later = wall(day + 2 * 86400);
  no_zone.zone_known = false;
  no_year.year_known = no_year.zone_known = false;
  later.zone_known = false;
  expect({
      {time, "\">= 2015-06-30\"", wall(day), yes},
      {time, "\">= 2015-07-01\"", wall(day), no},
      {time, "\"2015-06-30 .. 2015-07-01T12:00:00Z\"", wall(day), yes},
      {time, "\">= 2015-07-01\"", no_zone, unknown},
      {time, "\">= 2015-07-01\"", later, yes},
      {time, "\">= 2015-06-30\"", no_year, unknown},
      {time, "'06-30T23:59:59Z$'", wall(day), yes},
      {time, "'06-30T23:59:59'", no_zone, unknown},
  });
}

TEST(Test, AddressesAreClassified) {
  const auto a = [](std::uint64_t v) { return Addr{v}; };
  const auto address = FieldType::address;
  expect({
      {address, "\"null\"", a(0x10), yes},
      {address, "\"null\"", a(0x1000), no},
      {address, "\"poison\"", a(0x00100108), yes},
      {address, "\"poison\"", a(0xdead000000200200), yes},
      {address, "\"poison\"", a(0x6b6b6b6b6b6b6b83), yes},
      {address, "\"poison\"", a(0xffff810012345678), no},
      {address, "\"non-canonical\"", a(0x0001d7000001d600), yes},
      {address, "\"non-canonical\"", a(0xffff810012345678), no},
      {address, "\"kernel\"", a(0xffff810012345678), yes},
      {address, "\"user\"", a(0x00007fff00000000), yes},
      {address, "\"module\"", a(0xffffffffa0001000), yes},
      {address, "\"module\"", a(0xffffffff80268427), no},
      {address, "[\"null\", \"poison\"]", a(0x00100100), yes},
      {address, "\"< 0x1000\"", a(0x28), yes},
      {address, "0", a(0), yes},
  });
  EXPECT_EQ(ask_value(address, "\"kernel\"", a(0xc0123456), Subject(), "i386"), yes);
  EXPECT_EQ(ask_value(address, "\"user\"", a(0xc0123456), Subject(), "i386"), no);
  EXPECT_EQ(ask_value(address, "\"user\"", a(0xc0123456), Subject(), ""), unknown);
  EXPECT_EQ(ask_value(address, "\"non-canonical\"", a(0xc0123456), Subject(), "i386"), no);
}

TEST(Test, BytesAndFlags) {
  expect({
      {FieldType::bytes, "\"0f 0b\"", Bytes{0x0f, 0x0b, 0x90}, yes},
      {FieldType::bytes, "\"0f ?? 90\"", Bytes{0x0f, 0x0b, 0x90}, yes},
      {FieldType::bytes, "\"0f 0c\"", Bytes{0x0f, 0x0b}, no},
      {FieldType::bytes, "\"0f 0b 90\"", Bytes{0x0f, 0x0b}, unknown},
      {FieldType::flag, "true", true, yes},
      {FieldType::flag, "false", true, no},
      {FieldType::flag, "true", std::nullopt, unknown},
  });
}

TEST(Test, JoinsTakeTheSubjectsFieldLiterally) {
  const auto field = [](std::string_view name) -> std::optional<std::string> {
    if (name == "port") return "ata1.00";
    if (name == "pid") return "17";
    return std::nullopt;
  };
  EXPECT_EQ(ask_value(FieldType::text, "'^{port}: EH'", std::string("ata1.00: EH complete"), Subject(field)), yes);
  EXPECT_EQ(ask_value(FieldType::text, "'^{port}: EH'", std::string("ata1x00: EH complete"), Subject(field)), no);
  EXPECT_EQ(ask_value(FieldType::text, "'^{disk}: EH'", std::string("ata1.00: EH complete"), Subject(field)), unknown);
  EXPECT_EQ(ask_value(FieldType::number, "'{pid}'", 17.0, Subject(field)), yes);
  EXPECT_EQ(ask_value(FieldType::number, "'{pid}'", 18.0, Subject(field)), no);
  EXPECT_EQ(ask_value(FieldType::text, "'a{2}b\\{port\\}'", std::string("aab{port}"), Subject(field)), yes);
}

TEST(Test, NamedGroupsBecomeFields) {
  FactsBuilder b;
  b.event(b.log("log", 9), 4, "log.message", {{"text", std::string("dev sda, sector 17"), 4}});
  const FactsIndex index(b.facts);
  Mistakes mistakes("f");
  const auto root = read_toml(R"(text = 'dev (?P<device>\w+), sector (?P<sector>\d+)')", mistakes);
  const auto test = read_test("text", FieldType::text, root->entries.front().value, mistakes);
  const TestResult result = ask(*test, EventView(index, 0), Subject());
  ASSERT_EQ(result.captures.size(), 2U);
  EXPECT_EQ(result.captures[0].name, "device");
  EXPECT_EQ(std::get<std::string>(result.captures[1].value), "17");
  EXPECT_EQ(result.line, 4U);
}

TEST(Test, WrongTestsAreRefusedWithTheRightWord) {
  const struct {
    FieldType type;
    std::string written, message;
  } table[] = {
      {FieldType::name, "3", "'x' is a name: write a pattern in single quotes, not a whole number"},
      {FieldType::name, "\"> 3\"",
       "'x' is a name, which \"> 3\" cannot be compared with; write a pattern in single quotes"},
      {FieldType::name, "'happy (cracking'", "bad pattern: missing ): happy (cracking"},
      {FieldType::name, "''", "an empty pattern matches everything"},
      {FieldType::name, "[]", "'x' is compared with an empty array"},
      {FieldType::text, "'(?P<Dev>x)'", "the group 'Dev' becomes a field: name it in small letters, digits and '_'"},
      {FieldType::number, "\"> sixty\"",
       "'sixty' is no number; a number test looks like 3, \"> 60\", \"<= 4 GiB\" or \"208 days .. 230 days\""},
      {FieldType::number, "\"5 .. 1\"", "the range '5 .. 1' is empty: its first number is the larger one"},
      {FieldType::number, "true", "'x' is a number: write 3, \"> 60\" or \"1 .. 5\", not true or false"},
      {FieldType::version, "\"5.6\"", "'x' is a version: compare it, as in \"= 5.6\" or \"< 5.6\""},
      {FieldType::time, "\">= yesterday\"",
       "'x' is a time: \">= yesterday\" does not say 2021-09-30 or 2021-09-30T12:00:00Z"},
      {FieldType::time, "2021-09-30",
       "'x' is a time: write \">= 2021-09-30\", or a pattern on 2015-06-30T23:59:59Z, in quotes, not a date"},
      {FieldType::address, "\"poisoned\"",
       "'x' is an address, and 'poisoned' is no word for one; did you mean 'poison'?"},
      {FieldType::bytes, "\"0f b\"", "'x' is bytes: 'b' is neither two hex digits nor ??"},
      {FieldType::flag, "\"true\"", "'x' is a flag: true or false without quotes, not a string"},
      {FieldType::symbol, "'a:b:c'", "'a:b:c' has more than one ':'; write 'module:function'"},
  };
  for (const auto& row : table) {
    std::string message;
    EXPECT_FALSE(read(row.type, row.written, &message)) << row.written;
    EXPECT_EQ(message, row.message);
  }
}

TEST(Test, IsSaidInWords) {
  const struct {
    FieldType type;
    std::string written, words;
  } table[] = {
      {FieldType::name, R"('net\.bridge')", "x is net.bridge"},
      {FieldType::name, "['a', 'b']", "x is a or b"},
      {FieldType::text, "'a b'", "x contains a b"},
      {FieldType::name, "'a.*'", "x matches 'a.*'"},
      {FieldType::number, "\"> 60\"", "x > 60"},
      {FieldType::number, "3", "x is 3"},
      {FieldType::flag, "true", "x is true"},
      {FieldType::address, "\"poison\"", "x is poison"},
      {FieldType::version, "\"< 5.6\"", "x < 5.6"},
      {FieldType::list, "['a', 'b']", "x is a and b"},
  };
  for (const auto& row : table) EXPECT_EQ(in_words(*read(row.type, row.written)), row.words);
}

}  // namespace
}  // namespace diag::sig
