#!/usr/bin/env bash
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/checks.sh"

event_signatures=(--signatures none)  # what is tested here does not depend on the signatures
escape=$'\033'

test_an_event_alone_is_no_finding() {
  run oopsdiag "${event_signatures[@]}" "$sample"
  expect_status 0
  expect_in out icmp_send
  expect_empty err
}

test_the_sample_is_diagnosed() {
  run oopsdiag "$sample"
  expect_status 1
  expect_in out kernel.net.bridge-reject-icmp-send
  expect_empty err
}

test_fail_on_decides_the_status() {
  run oopsdiag --fail-on critical "$sample"
  expect_status 1
  run oopsdiag --fail-on never "$sample"
  expect_status 0
  expect_in out kernel.net.bridge-reject-icmp-send
}

test_skip_and_only_choose_signatures() {
  run oopsdiag --skip 'kernel.*' "$sample"
  expect_status 0
  expect_in out 'no signature knows this'
  run oopsdiag --only 'kernel.net.bridge-reject-*' "$sample"
  expect_status 1
  run oopsdiag --only kernel.net.bridge-reject-icmp-sent "$sample"
  expect_status 2
  expect_in err "did you mean 'kernel.net.bridge-reject-icmp-send'?"
}

test_standard_input_is_read_with_and_without_a_dash() {
  for arguments in "" -; do
    status=0
    # shellcheck disable=SC2086
    oopsdiag "${event_signatures[@]}" $arguments <"$sample" >out 2>err || status=$?
    expect_status 0
    expect_in out icmp_send
    expect_empty err
  done
}

test_a_closed_pipe_is_quiet() {
  status=0
  { oopsdiag --fail-on never "$sample" 2>err || status=$?; echo "$status" >status; } | true
  status=$(<status)
  : >out
  expect_status 0
  expect_empty err
}

test_a_full_disk_is_reported() {
  [[ -w /dev/full ]] || skip "no /dev/full"
  for arguments in "$sample" --help --version --list-signatures; do
    status=0
    oopsdiag "$arguments" >/dev/full 2>err || status=$?
    : >out
    expect_status 3
    expect_in err 'oopsdiag: cannot write standard output: No space left on device'
  done
}

test_a_closed_output_is_reported() {
  status=0
  oopsdiag "$sample" >&- 2>err || status=$?
  : >out
  expect_status 3
  expect_in err 'cannot write standard output'
}

test_the_others_are_diagnosed_when_one_cannot_be_read() {
  cp "$sample" good
  run oopsdiag absent good
  expect_status 3
  expect_in out icmp_send
  expect_in out 'not read'
  expect_in out absent
  run oopsdiag --format json good . absent
  expect_status 3
  expect_in err 'oopsdiag: absent: '
  expect_in err 'oopsdiag: .: '
  expect_in out '"kind": "oops"'
  run oopsdiag --format jsonl absent
  expect_status 3
  expect_empty out
  expect_in err 'oopsdiag: absent: '
}

test_a_file_without_permission_is_not_read() {
  cp "$sample" good
  cp "$sample" secret
  chmod 000 secret
  [[ ! -r secret ]] || skip "root reads everything"
  run oopsdiag secret good
  expect_status 3
  expect_in out 'Permission denied'
}

test_a_truncated_archive_is_read_as_far_as_it_goes() {
  { cat "$sample"; head -c 200000 /dev/urandom | od; } | gzip >whole.gz
  head -c 100000 whole.gz >cut.gz
  run oopsdiag "${event_signatures[@]}" cut.gz
  expect_status 3
  expect_in out icmp_send
  expect_in out 'not read as a whole'
}

test_jsonl_is_one_line_an_event() {
  sed 's/^/Oct 14 03:12:01 web1 kernel: /' "$sample" >one
  sed 's/^/Oct 15 03:12:01 web2 kernel: /' "$sample" >two
  run oopsdiag --format jsonl --fail-on never one two
  expect_status 0
  [[ $(grep -c '^{"kind": "oops".*}$' out) == 2 && $(wc -l <out) == 2 ]] || wrong "two lines, one for each event"
  expect_in out '"findings": [{"signature": "kernel.net.bridge-reject-icmp-send"'
}

test_an_empty_file_is_no_error() {
  : >empty
  run oopsdiag empty
  expect_status 0
  expect_in out 'no event and no finding in empty (0 lines)'
}

test_wrong_options_are_explained() {
  run oopsdiag --formt json "$sample"
  expect_status 2
  expect_in err "unknown option '--formt'; did you mean '--format'?"
  expect_empty out
  run oopsdiag --format jsno "$sample"
  expect_status 2
  expect_in err "did you mean 'json'?"
  run oopsdiag --fail-on
  expect_status 2
  run oopsdiag --explain kernel.net.bridge-reject-icmp-sent
  expect_status 2
  expect_in err "did you mean 'kernel.net.bridge-reject-icmp-send'?"
  run oopsdiag --signatures absent "$sample"
  expect_status 2
  expect_in err 'no folder of signatures at absent'
  DIAG_SIGNATURES=absent run oopsdiag "$sample"
  expect_status 2
  expect_in err DIAG_SIGNATURES
}

test_a_terminal_is_not_waited_for() {
  command -v script >/dev/null || skip "no script(1)"
  status=0
  timeout 10 script -qec oopsdiag /dev/null </dev/null >out 2>err || status=$?
  expect_status 2
  expect_in out 'which file is to be read?'
}

test_colours_only_where_they_are_wanted() {
  run oopsdiag "$sample"
  expect_not_in out "$escape"
  run oopsdiag --color=always "$sample"
  expect_in out "${escape}[1;31mcritical"
  NO_COLOR=1 run oopsdiag --color=always "$sample"
  expect_in out "$escape"
  command -v script >/dev/null || skip "no script(1)"
  script -qec "oopsdiag $sample" /dev/null >out </dev/null
  expect_in out "${escape}[1;31mcritical"
  NO_COLOR=1 script -qec "oopsdiag $sample" /dev/null >out </dev/null
  expect_not_in out "$escape"
}

test_escape_codes_of_a_log_are_not_echoed() {
  sed "s/qemu-kvm/${escape}]0;owned\x07${escape}[31mqemu\x9b31m/" "$sample" >"log"
  for format in text json jsonl; do
    for locale in C C.UTF-8; do
      LC_ALL=$locale run oopsdiag --all --format "$format" log
      LC_ALL=C grep -q $'[\001-\010\013-\037\177\200-\237]' out err && wrong "a control character came through"
    done
  done
}

test_output_is_ascii_unless_the_locale_is_utf8() {
  sed $'s/qemu-kvm/qemu-\303\274/' "$sample" >log
  LC_ALL=C run oopsdiag log
  LC_ALL=C grep -q $'[\200-\377]' out && wrong "not ASCII"
  LC_ALL=C.UTF-8 run oopsdiag log
  expect_in out $'qemu-\303\274'
}

test_hostile_bytes_end_in_an_answer() {
  head -c 300000 /dev/urandom >noise
  head -c 3000000 /dev/zero >zeros
  head -c 3000000 /dev/zero | tr '\0' x >long
  run timeout 30 oopsdiag --fail-on never noise zeros long "$sample"
  expect_status 0
  expect_in out icmp_send
}

test_a_signature_with_a_mistake_is_named_and_left_out() {
  mkdir -p mine/kernel
  printf 'id = "kernel.x"\ntitel = "t"\n' >mine/kernel/x.toml
  run oopsdiag --signatures mine "$sample"
  expect_status 0
  expect_in err 'kernel/x.toml:2:1: '
  expect_in err "did you mean 'title'?"
  expect_in out icmp_send
}

test_a_signature_is_explained() {
  run oopsdiag --explain kernel.net.bridge-reject-icmp-send
  expect_status 0
  expect_in out 'recognised by'
  expect_in out 'RHSA-2012:0480'
  expect_empty err
}

test_signatures_are_listed() {
  run oopsdiag --list-signatures
  expect_status 0
  expect_in out 'critical  kernel.net.bridge-reject-icmp-send'
}

test_version_and_help() {
  run oopsdiag --version
  expect_status 0
  expect_in out 'oopsdiag '
  run oopsdiag --help
  expect_status 0
  expect_in out Examples:
  awk 'length > 80' out | grep -q . && wrong "--help is wider than 80 columns"
}

test_the_text_fits_80_columns() {
  run oopsdiag "$sample"
  # Commands to copy may run over.
  grep -vE '^ +(check|undo) ' out | awk 'length > 80' | grep . && wrong "wider than 80 columns"
}

finish
