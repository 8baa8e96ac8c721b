// MB/s of each stage over the same text: lines, records, kernel events, everything.
#include <benchmark/benchmark.h>

#include <string>

#include "diag/diag.h"
#include "kernel/assembler.h"
#include "log/record_reader.h"

namespace diag {
namespace {

const std::string& ordinary_log() {
  static const std::string text = [] {
    std::string out;
    for (int i = 0; out.size() < (16U << 20); ++i) {
      out += "Oct 14 03:12:" + std::to_string(10 + i % 50) + " web1 postfix/smtpd[" + std::to_string(1000 + i % 9000) +
             "]: connect from mail" + std::to_string(i % 997) + ".example.org[192.0.2." + std::to_string(i % 250) + "]\n";
      if (i % 7 == 0) out += "Oct 14 03:12:11 web1 kernel: eth0: link up, 1000Mbps, full-duplex, lpa 0x45E1\n";
    }
    return out;
  }();
  return text;
}

void lines(benchmark::State& state) {
  for (auto _ : state) {
    SourceTable sources;
    const auto input = open_memory("log", ordinary_log(), sources);
    std::size_t n = 0;
    while (Source* source = input->next()) {
      while (source->next()) ++n;
    }
    benchmark::DoNotOptimize(n);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * ordinary_log().size()));
}
BENCHMARK(lines);

template <class Each>
void each_record(benchmark::State& state, Each each) {
  for (auto _ : state) {
    SourceTable sources;
    const auto input = open_memory("log", ordinary_log(), sources);
    while (Source* source = input->next()) {
      RecordReader reader(*source);
      while (const Record* record = reader.next()) each(*record);
    }
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * ordinary_log().size()));
}

void records(benchmark::State& state) {
  each_record(state, [](const Record& r) { benchmark::DoNotOptimize(r.text.size()); });
}
BENCHMARK(records);

void kernel_events(benchmark::State& state) {
  std::size_t events = 0;
  kernel::Assembler assembler([&](Event&&) { ++events; });
  each_record(state, [&](const Record& r) { assembler.feed(r); });
  benchmark::DoNotOptimize(events);
}
BENCHMARK(kernel_events);

void load_signatures(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(SignatureSet::load(DIAG_SIGNATURES));
}
BENCHMARK(load_signatures)->Unit(benchmark::kMillisecond);

void diagnose_all(benchmark::State& state) {
  const auto signatures = SignatureSet::load(DIAG_SIGNATURES);
  for (auto _ : state) {
    Diagnosis run(*signatures);
    run.read_memory("log", ordinary_log());
    benchmark::DoNotOptimize(run.finish("bench"));
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * ordinary_log().size()));
}
BENCHMARK(diagnose_all);

}  // namespace
}  // namespace diag

BENCHMARK_MAIN();
