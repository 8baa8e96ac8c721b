// Laws on every case of signatures/ and, where there is one, every text of the corpus.
#include "support/laws.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "signature/case_file.h"
#include "support/transport.h"

namespace diag::test {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

const SignatureSet& signatures() {
  static const auto set = SignatureSet::load(DIAG_SIGNATURES);
  return *set;
}

struct Text {
  std::string name, text;
};

std::vector<Text> case_texts() {
  std::vector<Text> out;
  for (const auto& entry : fs::recursive_directory_iterator(DIAG_SIGNATURES)) {
    if (entry.path().extension() != ".case") continue;
    sig::Mistakes mistakes(entry.path().filename().string());
    const auto parsed = sig::read_case(read(entry.path()), mistakes);
    if (!parsed) continue;
    for (const auto& input : parsed->inputs) out.push_back({entry.path().filename().string(), input.text});
  }
  std::ranges::sort(out, {}, &Text::name);
  return out;
}

std::vector<Text> corpus_texts(std::size_t most_bytes) {
  std::vector<Text> out;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(DIAG_CORPUS, error)) {
    const auto name = entry.path().filename().string();
    if (!entry.is_regular_file() || name == "README.md" || name == "expected.tsv" || name == "truth.json" || entry.path().string().find("/mysql/") != std::string::npos)
      continue;
    if (entry.file_size() <= most_bytes) out.push_back({entry.path().parent_path().filename().string() + '/' + name, read(entry.path())});
  }
  std::ranges::sort(out, {}, &Text::name);
  return out;
}

void check(const Text& t) {
  const auto report = diagnose(signatures(), {{"text", t.text}});
  EXPECT_EQ(check_structure(report), "") << t.name;
  EXPECT_EQ(check_renderings(report), "") << t.name;
  for (std::size_t part = 1; part < 8; ++part) EXPECT_EQ(check_truncation(signatures(), t.text, t.text.size() * part / 8), "") << t.name;
}

TEST(Cases, Hold) {
  const auto texts = case_texts();
  ASSERT_GT(texts.size(), 10U);
  for (const auto& t : texts) {
    check(t);
    EXPECT_EQ(check_reparse(signatures(), t.text), "") << t.name;
  }
}

TEST(Cases, InAnyOrderOfInputs) {
  const auto texts = case_texts();
  for (std::size_t i = 0; i + 1 < texts.size(); i += 2)
    EXPECT_EQ(check_order(signatures(), {{"a", texts[i].text}, {"b", texts[i + 1].text}}), "") << texts[i].name;
}

// One crash, any transport: the same events with the same fingerprints.
TEST(Cases, InEveryTransport) {
  constexpr std::string_view samples[] = {
      "BUG: unable to handle kernel NULL pointer dereference at 0000000000000018\nIP: [<ffffffff8117f30c>] ip_rcv+0x26/0x582\nPGD 2391ca067 PUD 238744067 PMD 0 \nOops: 0000 [#1] SMP \n"
      "CPU 26 \nModules linked in: dm_mod kvm(U) xfs bridge bnx2(U)\nPid: 10402, comm: java Not tainted 2.6.32-754.el6.x86_64 #1\n"
      "RIP: 0010:[<ffffffff8117f30c>]  [<ffffffff8117f30c>] ip_rcv+0x26/0x582\nRSP: 0018:ffff8801ef03b98b  EFLAGS: 00010246\nRAX: ffff8801ef03b98b RBX: 0000000000000000 RCX: 0000000000000001\n"
      "Call Trace:\n <IRQ>  [<ffffffff819a7667>] do_page_fault+0x5da/0x6eb\n [<ffffffffa0f1b9ec>] journal_commit_transaction+0x88/0x2f0 [jbd]\n [<ffffffff81d5d5c6>] ? do_sync_read+0x55e/0x703\n"
      " <EOI>  [<ffffffffa0f8e538>] nfs_readpage+0x65/0x65f [nfs]\nCode: 41 56 41 55 <48> 8b 47 18 48 89 c2\nRIP  [<ffffffff8117f30c>] ip_rcv+0x26/0x582\n RSP <ffff8801ef03b98b>\nCR2: 0000000000000018\n---[ end trace 7496c4bbb73c507c ]---\n",
      "INFO: task java:31489 blocked for more than 120 seconds.\n      Not tainted 3.10.0-957.el7.x86_64 #1\n\"echo 0 > /proc/sys/kernel/hung_task_timeout_secs\" disables this message.\n"
      "java            D ffff880123456780     0 31489      1 0x00000080\nCall Trace:\n [<ffffffff81699c19>] schedule+0x29/0x70\n [<ffffffffc05a2372>] jbd2_log_wait_commit+0xc5/0x140 [jbd2]\n [<ffffffff816a4909>] system_call_fastpath+0x16/0x1b\n"};
  for (const auto sample : samples) {
    const auto plain = essence(diagnose(signatures(), {{"text", std::string(sample)}}));
    ASSERT_FALSE(plain.empty());
    for (const auto transport : all_transports())
      EXPECT_EQ(essence(diagnose(signatures(), {{"text", wrap(transport, sample)}})), plain) << to_string(transport);
  }
}

TEST(Corpus, Holds) {
  const auto texts = corpus_texts(64 << 10);
  if (texts.empty()) GTEST_SKIP() << "no corpus at " << DIAG_CORPUS;
  for (const auto& t : texts) check(t);
}

}  // namespace
}  // namespace diag::test
