#!/usr/bin/env bash
# What is said about the tools: manual pages and completions know every option.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/checks.sh"

tools=()
for main in "$source"/tools/*/main.cc; do
  tools+=("$(basename "$(dirname "$main")")")
done

# The --help of a tool and of each of its commands.
helps() {
  "$1" --help
  "$1" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z]\+\) .*/\1/p' | while read -r command; do "$1" "$command" --help; done
}

long_options() { helps "$1" | grep -oE '(^| |,)--[a-z][a-z0-9-]+' | tr -d ' ,' | sort -u; }

test_manual_pages_are_clean() {
  command -v mandoc >/dev/null || skip "no mandoc"
  for tool in "${tools[@]}"; do
    run mandoc -T lint -W warning "$source/tools/$tool/$tool.1"
    expect_status 0
  done
}

test_every_option_stands_in_the_manual_page() {
  for tool in "${tools[@]}"; do
    [[ $(long_options "$tool" | wc -l) -ge 2 ]] || { status=0; : >out; : >err; wrong "$tool --help names no options"; }
    # "Fl -fail-on" is how mdoc writes --fail-on.
    tr '\n' ' ' <"$source/tools/$tool/$tool.1" >page
    for option in $(long_options "$tool"); do
      grep -qE -- "Fl ${option#-}( |$)" page || { status=0; : >out; : >err; wrong "$tool.1 does not know $option"; }
    done
  done
}

test_every_option_can_be_completed() {
  for tool in "${tools[@]}"; do
    for option in $(long_options "$tool"); do
      grep -qE -- "(^|[ '\"])$option([ '\")]|$)" "$source/tools/$tool/$tool.bash" ||
        { status=0; : >out; : >err; wrong "$tool.bash does not know $option"; }
    done
  done
}

test_scripts_are_clean() {
  command -v shellcheck >/dev/null || skip "no shellcheck"
  run shellcheck -S warning "$source/dev" "$source/.ci/run" "$source"/tests/golden/run.sh "$source"/tests/system/*.sh
  expect_status 0
  for tool in "${tools[@]}"; do
    run shellcheck -S warning -s bash "$source/tools/$tool/$tool.bash"
    expect_status 0
  done
}

test_completion_offers_options_and_words() {
  # shellcheck disable=SC1091
  . "$source/tools/oopsdiag/oopsdiag.bash"
  status=0; : >out; : >err
  complete_line() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _oopsdiag; }
  complete_line oopsdiag --fo
  [[ ${COMPREPLY[*]} == --format ]] || wrong "--fo gave '${COMPREPLY[*]}'"
  complete_line oopsdiag --format js
  [[ ${COMPREPLY[*]} == "json jsonl" ]] || wrong "--format js gave '${COMPREPLY[*]}'"
  complete_line oopsdiag --color = al
  [[ ${COMPREPLY[*]} == always ]] || wrong "--color=al gave '${COMPREPLY[*]}'"
  complete_line oopsdiag --explain kernel.net.bridge-reject-icmp-send
  [[ ${COMPREPLY[0]} == kernel.net.bridge-reject-icmp-send ]] || wrong "--explain gave '${COMPREPLY[*]}'"
}

# The lines between two "..." are what the tool prints, in that order.
test_the_readme_shows_what_oopsdiag_prints() {
  (cd "$source/docs/samples" && oopsdiag el5-kvm-icmp-send.txt) >out 2>err
  status=0
  sed -n '/^\$ oopsdiag docs/,/^```$/p' "$source/README.md" | sed '1d;$d' >shown
  [[ $(wc -l <shown) -gt 30 ]] || wrong "README.md shows no answer"
  awk '
    NR == FNR { printed[NR] = $0; n = NR; next }
    /^ *\.\.\.$/ { next }
    { for (++at; at <= n && printed[at] != $0; ++at); if (at > n) { print "not printed: " $0; exit 1 } }
  ' out shown >reason || wrong "README.md: $(<reason); copy it from tests/golden/oopsdiag/published-crash/stdout"
}

finish
