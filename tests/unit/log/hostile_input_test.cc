// Any bytes in, records out: no crash, no endless loop, nothing quadratic, no line lost.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "support/memory_source.h"
#include "support/record_list.h"
#include "support/transport.h"

namespace diag::test {
namespace {

constexpr std::string_view seed_text = R"(BUG: unable to handle kernel paging request at ffffc90001a6e000
IP: [<ffffffffa04e2bdc>] sample_refill+0x2c/0x40 [sample]
Modules linked in: sample(OE) xt_CHECKSUM iptable_mangle ipt_MASQUERADE
 <IRQ> 
 [<ffffffffa04e1c02>] ? sample_interrupt+0x142/0x1a0 [sample]
Code: 00 48 8b 87 c8 00 00 00 48 63 d6 48 8d 04 d0 8b <8b> 00 80 7c
)";

void read_all(std::string_view text) {
  MemorySource source(text);
  RecordReader reader(source);
  std::uint64_t sum = 0;
  while (const Record* r = reader.next()) {
    for (const char c : r->text) sum += static_cast<unsigned char>(c);
    if (!r->raw.empty()) sum += static_cast<unsigned char>(r->raw.front()) + static_cast<unsigned char>(r->raw.back());
    sum += r->host.size() + r->program.size() + r->context.size();
  }
  EXPECT_LE(reader.records(), text.size() + 1) << sum;
}

TEST(Hostile, MutatedTextsOfEveryTransport) {
  std::mt19937 random(20140301);
  static constexpr char list[] = "\0\n\r\t\b\x1b <>[]#&:;|\"{}\\,=0123456789axTCZ\xc2\xa0\xe2\x80\xff";
  constexpr std::string_view bytes(list, sizeof list - 1);
  for (const auto transport : all_transports()) {
    const auto text = wrap(transport, seed_text);
    for (int round = 0; round < 150; ++round) {
      auto mutant = text;
      for (int change = 0; change < 8; ++change) {
        const auto at = random() % mutant.size();
        const char byte = bytes[random() % bytes.size()];
        switch (random() % 4) {
          case 0:
            mutant[at] = byte;
            break;
          case 1:
            mutant.insert(at, 1, byte);
            break;
          case 2:
            mutant.erase(at, 1 + random() % 5);
            break;
          default:
            mutant.insert(at, mutant.substr(random() % mutant.size(), random() % 20));
            break;
        }
        if (mutant.empty()) break;
      }
      read_all(mutant);
    }
  }
}

TEST(Hostile, EveryPrefixOfEveryTransport) {
  for (const auto transport : all_transports()) {
    const auto text = wrap(transport, seed_text);
    for (std::size_t n = 0; n <= text.size(); n += 3) read_all(std::string_view(text).substr(0, n));
  }
}

// A mebibyte of each: what is quadratic would take minutes.
TEST(Hostile, LongRepetitions) {
  for (const std::string_view unit : {"[",
                                      "<",
                                      "> ",
                                      ">",
                                      "|",
                                      "&",
                                      "&amp;",
                                      "&amp;lt;",
                                      "#012",
                                      "#0",
                                      "\x1b[",
                                      "\x1b]",
                                      "\b",
                                      "\r",
                                      "a\r",
                                      "<4>",
                                      "a<4>",
                                      "[    1.000000]",
                                      "a[    1.000000]",
                                      "kernel: ",
                                      "{\"",
                                      "{\"MESSAGE\":",
                                      "[[",
                                      "\\x0a",
                                      "\\x",
                                      "<br>",
                                      "<p ",
                                      "\xc2",
                                      "\xe2\x80",
                                      "Oct 14 03:12:01 ",
                                      "\t",
                                      " ",
                                      ": ",
                                      "[a",
                                      "(XEN) ",
                                      "1,",
                                      "kern  :warn  : "}) {
    std::string text;
    while (text.size() < (1 << 20)) text += unit;
    read_all(text);
    std::ranges::replace(text, ' ', '\n');
    read_all(text);
  }
}

TEST(Hostile, ManyLinesThatWantToBeJoined) {
  std::string quoted, code = "Code: 00\n", frames;
  for (int i = 0; i < 20'000; ++i) {
    quoted += "> Oct 14 03:12:01 host1 kernel: a long line of text that is as wide as can be,\n> and goes on\n";
    code += "48 8b 87 c8 00 00 00 48 63 d6 48 8d 04 d0 8b 00 80 7c\n";
    frames += " [<ffffffff8864d5a1>]\n";
  }
  read_all(quoted);
  read_all(code);
  read_all(frames);
}

TEST(Hostile, JournalFieldThatNeverEnds) {
  std::string text = "__CURSOR=1\nMESSAGE\n" + std::string("\0\0\0\x10\0\0\0\0", 8);
  for (int i = 0; i < 50'000; ++i) text += "Oct 14 03:12:01 host1 kernel: swallowed\n";
  read_all(text);
}

}  // namespace
}  // namespace diag::test
