#!/bin/bash
# Speed of oopsdiag beside wc and grep, in one run: run.sh BIN_DIR (which holds oopsdiag, crash_log, diag_bench).
set -euo pipefail
bin=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

seconds() {  # median of 5 runs, seconds
  for _ in 1 2 3 4 5; do
    local start end
    start=$(date +%s.%N)
    "$@" >/dev/null 2>&1 || true
    end=$(date +%s.%N)
    echo "$end - $start" | bc
  done | sort -n | sed -n 3p
}

peak_mb() { /usr/bin/time -f %M "$@" 2>&1 >/dev/null | tail -n 1 | awk '{printf "%.0f", $1 / 1024}'; }

row() {  # name, file, command ...
  local name=$1 file=$2 time size
  shift 2
  size=$(stat -c %s "$file")
  time=$(seconds "$@")
  printf '%-28s %8.3f s %9.1f MB/s %6s MB peak\n' "$name" "$time" "$(echo "$size / 1000000 / $time" | bc -l)" "$(peak_mb "$@")"
}

for kind in "ordinary 100" "crashes 1" "frames 100" "line 20"; do
  set -- $kind
  file=$work/$1
  "$bin/crash_log" "$1" "$2" >"$file"
  echo "== $1 ($(stat -c %s "$file") bytes, $(grep -c 'Oops:' "$file" || true) oopses)"
  row "wc -l" "$file" wc -l "$file"
  row "grep -c" "$file" grep -cE 'BUG|Oops|WARNING|panic' "$file"
  row "oopsdiag, no signatures" "$file" "$bin/oopsdiag" --format jsonl --signatures none "$file"
  row "oopsdiag" "$file" "$bin/oopsdiag" --format jsonl "$file"
done
echo "== start to finish on the published trace"
sample=$(dirname "$0")/../../docs/samples/el5-kvm-icmp-send.txt
row "oopsdiag" "$sample" "$bin/oopsdiag" --format json "$sample"
"$bin/diag_bench" --benchmark_min_time=0.5
