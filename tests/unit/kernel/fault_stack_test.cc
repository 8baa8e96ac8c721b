#include "kernel/fault_stack.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace diag::kernel {
namespace {

using Words = std::vector<std::uint64_t>;

const Words kPublished{0x0001d7000001d600, 0x0001d9000001d800, 0x0001db000001da00, 0x0001dd000001dc00,
                       0x0001df000001de00, 0x0001e1000001e000, 0x0001e3000001e200, 0x0001e5000001e400,
                       0x0001e7000001e600, 0x0001e9000001e800, 0xffff81020001ea00, 0xffff8101fe5d8bc0};

TEST(StackRun, PublishedTrace) {
  const auto facts = read_stack(kPublished, 64);
  ASSERT_TRUE(facts.run);
  EXPECT_EQ(facts.run->begin, 1U);
  EXPECT_EQ(facts.run->first, 0x1d6U);
  EXPECT_EQ(facts.run->step, 1U);
  EXPECT_EQ(facts.run->terms, 20U);  // up to 0x1e9
  EXPECT_EQ(facts.run->end, 84U);    // three bytes of 0x1ea came along
  EXPECT_EQ(facts.torn, 0xffff81020001ea00);
  EXPECT_FALSE(facts.text);
}

// The bytes of `numbers`, `phase` zero bytes before them, as words.
Words words_of(const std::vector<std::uint32_t>& numbers, std::size_t phase, std::size_t width) {
  std::vector<std::uint8_t> bytes(phase, 0xee);
  for (const auto n : numbers) {
    for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<std::uint8_t>(n >> 8 * i));
  }
  while (bytes.size() % width) bytes.push_back(0xee);
  Words out(bytes.size() / width);
  for (std::size_t i = 0; i < bytes.size(); ++i) out[i / width] |= std::uint64_t{bytes[i]} << 8 * (i % width);
  return out;
}

TEST(StackRun, EveryPhaseAndWidth) {
  const std::vector<std::uint32_t> numbers{70, 73, 76, 79, 82};
  for (const std::size_t phase : {0, 1, 2, 3, 5, 7}) {
    for (const std::size_t width : {4, 8}) {
      const auto facts = read_stack(words_of(numbers, phase, width), static_cast<int>(width * 8));
      ASSERT_TRUE(facts.run) << phase << " " << width;
      EXPECT_EQ(facts.run->begin, phase);
      EXPECT_EQ(facts.run->first, 70U);
      EXPECT_EQ(facts.run->step, 3U);
      EXPECT_EQ(facts.run->terms, 5U);
    }
  }
}

TEST(StackRun, StepsOfAllKinds) {
  struct {
    std::vector<std::uint32_t> numbers;
    std::size_t terms;  // 0: no run
  } const cases[] = {
      {{1, 2, 3, 4}, 4},
      {{1, 2, 3}, 0},
      {{1, 2, 3, 5}, 0},
      {{0, 0, 0, 0, 0, 0}, 0},
      {{0x6b6b6b6b, 0x6b6b6b6b, 0x6b6b6b6b, 0x6b6b6b6b}, 0},
      {{9, 7, 5, 3}, 4},
      {{0xfffffffe, 0xffffffff, 0, 1}, 4},                                // wraps
      {{0x0b0a0908, 0x0f0e0d0c, 0x13121110, 0x17161514, 0x1b1a1918}, 5},  // the payload of ping
      {{5, 5, 1, 2, 3, 4, 9}, 4},
  };
  for (const auto& c : cases) {
    const auto facts = read_stack(words_of(c.numbers, 0, 4), 32);
    EXPECT_EQ(facts.run ? facts.run->terms : 0, c.terms) << c.numbers[0];
  }
}

TEST(StackRun, OrdinaryStacks) {
  const Words ordinary64{0xffff810107bb7880, 0xffffffff80268427, 0, 1, 0xffff81007e4a4000, 0x0000000000000246, 2, 3};
  EXPECT_FALSE(read_stack(ordinary64, 64).run);
  const Words pointers32{0xc1001000, 0xc1002000, 0xc1003000, 0xc1004000, 0xc1005000};
  EXPECT_FALSE(read_stack(pointers32, 32).run);
  EXPECT_FALSE(read_stack({}, 64).run);
  EXPECT_FALSE(read_stack(kPublished, 0).run);
}

TEST(StackTorn, OnlyWhereDataMeetsAPointer) {
  auto words = kPublished;
  words[10] = 0xffff810200123456;  // the run ends with a whole word
  EXPECT_FALSE(read_stack(words, 64).torn);
  words[10] = 0x000081020001ea00;  // no pointer above
  EXPECT_FALSE(read_stack(words, 64).torn);
  words[10] = 0xffff81020001ea00;
  EXPECT_TRUE(read_stack(words, 64).torn);
  words.resize(10);
  EXPECT_FALSE(read_stack(words, 64).torn);
}

TEST(StackText, Found) {
  const Words words{0x6567616d692f7274, 0x6e2e7265646c6f66, 0xffff8101fe002e78, 7};
  const auto facts = read_stack(words, 64);
  ASSERT_TRUE(facts.text);
  EXPECT_EQ(facts.text->text, "tr/imagefolder.nx.");
  EXPECT_EQ(facts.text->begin, 0U);
  EXPECT_EQ(facts.torn, 0xffff8101fe002e78);
}

TEST(StackText, NearMisses) {
  EXPECT_FALSE(read_stack(Words{0x0067616d692f7274, 1}, 64).text);                   // seven characters
  EXPECT_FALSE(read_stack(Words{0x6b6b6b6b6b6b6b6b, 0x6b6b6b6b6b6b6b6b}, 64).text);  // a filling
  EXPECT_EQ(read_stack(Words{0x0041424344454647, 0x4142434445464748}, 64).text->text, "HGFEDCBA");
}

TEST(StackFacts, RandomWords) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 2'000; ++round) {
    Words words(random() % 40);
    const auto mask = round % 2 ? ~std::uint64_t{0} : 0x0303030303030303U;  // few values: runs by chance
    for (auto& w : words) w = random() & mask;
    const auto facts = read_stack(words, round % 3 ? 64 : 32);
    if (facts.run) {
      EXPECT_GE(facts.run->terms, 4U);
      EXPECT_LE(facts.run->end, words.size() * 8);
      EXPECT_LE(facts.run->begin + 4 * facts.run->terms, facts.run->end);
    }
  }
}

TEST(StackFacts, LongStackIsBounded) {
  Words words(3'000'000, 0x0000000200000001);
  EXPECT_FALSE(read_stack(words, 64).run);
}

}  // namespace
}  // namespace diag::kernel
