#!/usr/bin/env bash
# Runs one golden case: run.sh CASE BIN_DIR SAMPLES. `cmd` is run by bash in a folder with copies of the case's other files
# and of the samples; what it prints and its status must be those in `stdout`, `stderr` and `status` (absent: nothing, 0).
set -euo pipefail
case=$(realpath "$1") bin=$(realpath "$2") samples=$(realpath "$3")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/in"
cp "$samples"/* "$work/in"
find "$case" -maxdepth 1 -type f ! -name cmd ! -name stdout ! -name stderr ! -name status -exec cp -t "$work/in" {} +

status=0
(cd "$work/in" && env -u COLUMNS -u NO_COLOR -u DIAG_SIGNATURES LC_ALL=C TERM=dumb PATH="$bin:$PATH" \
  bash "$case/cmd" >"$work/stdout" 2>"$work/stderr" </dev/null) || status=$?
if ((status)); then echo "$status" >"$work/status"; else : >"$work/status"; fi

failed=0
for part in stdout stderr status; do
  expected=$case/$part
  [[ -e $expected ]] || expected=/dev/null
  cmp -s "$expected" "$work/$part" && continue
  if [[ -n ${DIAG_UPDATE:-} ]]; then
    if [[ -s $work/$part ]]; then cp "$work/$part" "$case/$part"; else rm -f "$case/$part"; fi
    echo "updated $case/$part"
  else
    echo "$case: $part differs (DIAG_UPDATE=1 accepts it)"
    diff -u --label expected --label printed "$expected" "$work/$part" || true
    failed=1
  fi
done
exit $failed
