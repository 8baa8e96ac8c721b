#!/usr/bin/env bash
# ./dev and the packages it needs, with stand-ins for dpkg-query, apt-get and sudo.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/checks.sh"

stand_in() {  # NAME, its script
  mkdir -p fake
  printf '#!/bin/bash\n%s\n' "$2" >"fake/$1"
  chmod +x "fake/$1"
}

# dpkg-query that knows all packages but ninja-build.
most_packages() {
  # shellcheck disable=SC2016
  stand_in dpkg-query 'for p in "${@:4}"; do case $p in ninja-build) ;; *) echo "$p installed";; esac; done; exit 1'
}
# shellcheck disable=SC2154  # of checks.sh
dev() { PATH=$work/fake:$PATH run "$source/dev" "$@"; }

test_help_names_every_command() {
  run "$source/dev" help
  expect_status 0
  for command in demo build test sanitize fuzz bench format tidy install-deps; do expect_in out "./dev $command"; done
  run "$source/dev" tset
  expect_status 1
  expect_in err "unknown command 'tset'"
}

test_a_second_run_installs_nothing() {
  # shellcheck disable=SC2016
  stand_in dpkg-query 'for p in "${@:4}"; do echo "$p installed"; done'
  stand_in apt-get 'echo called >&2; exit 1'
  dev install-deps
  expect_status 0
  expect_empty err
}

test_missing_packages_are_installed() {
  most_packages
  # shellcheck disable=SC2016
  stand_in apt-get 'echo "apt-get $*" >>'"$work"'/calls'
  # shellcheck disable=SC2016
  stand_in sudo '[[ $1 == -n ]] && shift; "$@"'
  dev install-deps
  expect_status 0
  grep -q 'apt-get .*update' calls || wrong "the lists should be updated"
  grep -q 'apt-get .*install .*ninja-build$' calls || wrong "ninja-build should be installed, and nothing else with it"
}

test_a_failure_of_apt_is_explained() {
  most_packages
  stand_in apt-get 'exit 100'
  # shellcheck disable=SC2016
  stand_in sudo '[[ $1 == -n ]] && shift; "$@"'
  dev install-deps
  expect_status 1
  expect_in err 'apt-get failed'
  expect_in err 'apt-get install -y --no-install-recommends ninja-build'
}

test_without_root_the_packages_are_named() {
  most_packages
  stand_in sudo 'exit 1'
  stand_in apt-get "touch $work/called"
  chmod 755 . fake
  if ((EUID == 0)); then
    command -v setpriv >/dev/null || skip "no setpriv"
    [[ -x $source/dev ]] && setpriv --reuid=65534 --clear-groups test -r "$source/dev" || skip "others cannot read the sources"
    PATH=$work/fake:$PATH run setpriv --reuid=65534 --clear-groups "$source/dev" install-deps
  else
    dev install-deps
  fi
  expect_status 1
  expect_in err 'as root: apt-get install -y --no-install-recommends ninja-build'
  [[ ! -e called ]] || wrong "apt-get should not be called"
}

finish
