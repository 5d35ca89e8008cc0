#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# shellcheck disable=SC2016 # commands are written into files as they are
# Tests run.sh itself: a runner that can't fail is no test. Uses `cat` as the program.

set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/fwvar-runner.XXXXXX")
trap 'rm -rf "$work"' EXIT
FWVAR=$(command -v cat)
FWVAR_CASES=$work/cases
export FWVAR FWVAR_CASES
unset FWVAR_IMAGES FWVAR_REGENERATE
bad=0

# add NAME CMD: a test of that name.
add() {
    mkdir -p "$FWVAR_CASES/$1"
    printf '%s\n' "$2" >"$FWVAR_CASES/$1/cmd"
}

# run WANTED-STATUS [FILTER...]: leaves the output in $work/out.
run() {
    want=$1
    shift
    status=0
    sh "$here/run.sh" "$@" >"$work/out" 2>&1 || status=$?
    [ "$status" -eq "$want" ] || {
        echo "exit status $status, expected $want:"
        cat "$work/out"
        bad=1
    }
}

# line TEXT: such a line was printed.
line() {
    grep -qxF -e "$1" "$work/out" || {
        echo "not printed: $1"
        cat "$work/out"
        bad=1
    }
}

mkdir "$FWVAR_CASES"
run 2
line 'run.sh: no test '

add a/empty ':'
add a/prints 'echo out; echo err >&2; exit 3'
printf 'out\n' >"$FWVAR_CASES/a/prints/stdout"
printf 'err\n' >"$FWVAR_CASES/a/prints/stderr"
printf '3\n' >"$FWVAR_CASES/a/prints/status"
add a/env '[ "$LC_ALL$TZ" = CUTC ] && [ -z "${NO_COLOR+x}" ] && [ "$(umask)" = 0022 ]'
add a/file 'fwvar text >copy; cmp text copy; [ ! -e cmd ]'
printf 'hello\n' >"$FWVAR_CASES/a/file/text"
add a/fixture 'use rpi4-2m-stock; use rpi4-2m-stock b.fd; cmp rpi4-2m-stock.fd b.fd'
add a/readonly 'mkdir d; chmod 0 d'
NO_COLOR=1 run 0
line 'ok a/prints'
line '6 passed, 0 failed, 0 skipped'

add b/stdout 'echo surprise'
add b/stderr 'echo surprise >&2'
add b/status 'exit 1'
add b/stops 'false; echo not reached'
add b/unset 'echo "$nothing"'
run 1 b/
line 'FAIL b/stdout'
line '+surprise'
line '--- stderr differs'
line '0 passed, 5 failed, 0 skipped'
run 1
line '6 passed, 5 failed, 0 skipped'

add c/images 'real x; echo never'
echo images >"$FWVAR_CASES/c/images/needs"
add c/command 'echo never'
echo no-such-command >"$FWVAR_CASES/c/command/needs"
run 0 c/
line 'SKIPPED c/images (needs images)'
line 'SKIPPED c/command (needs no-such-command)'
line '0 passed, 0 failed, 2 skipped'
mkdir "$work/images"
echo yes >"$work/images/x"
FWVAR_IMAGES=$work/images run 1 c/images
line '+never'

FWVAR_REGENERATE=1 run 0 b/stdout b/status
run 0 b/stdout b/status
line '2 passed, 0 failed, 0 skipped'
[ ! -e "$FWVAR_CASES/b/stdout/status" ] || bad=1
[ "$(cat "$FWVAR_CASES/b/status/status")" = 1 ] || bad=1

run 2 nothing-like-this
rm "$FWVAR_CASES/b/stdout/cmd"
run 2
line "run.sh: no cmd in $FWVAR_CASES/b/stdout"

[ "$bad" -eq 0 ] && echo "run.sh does what it says"
exit "$bad"
