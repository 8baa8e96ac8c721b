# Read by every *_test.sh: SCRIPT FUNCTION BIN_DIR SOURCE_DIR runs one function in an empty folder.
# shellcheck shell=bash
set -uo pipefail
function=$1
bin=$2
source=$3
# shellcheck disable=SC2034  # for those who read this
sample=$source/docs/samples/el5-kvm-icmp-send.txt
export PATH=$bin:$PATH LC_ALL=C TERM=xterm
unset COLUMNS NO_COLOR DIAG_SIGNATURES
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0

# Runs a command; leaves $status, and what it printed in ./out and ./err.
run() {
  status=0
  "$@" >out 2>err </dev/null || status=$?
}

wrong() {
  echo "$*"
  echo "--- status $status, stdout:"
  head -c 2000 out
  echo "--- stderr:"
  head -c 2000 err
  failed=1
}

skip() {
  echo "skipped: $*"
  exit 77
}

expect_status() { [[ $status == "$1" ]] || wrong "the status should be $1"; }
expect_in() { grep -qF -- "$2" "$1" || wrong "'$2' should be in $1"; }
expect_not_in() { ! grep -qF -- "$2" "$1" || wrong "'$2' should not be in $1"; }
expect_empty() { [[ ! -s $1 ]] || wrong "$1 should be empty"; }

finish() {
  "$function"
  exit "$failed"
}
