#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Runs the command-line tests: FWVAR=path/to/fwvar tests/cli/run.sh [FILTER...]
#
# A test is a folder with a file `cmd` in it, anywhere below this one; its name is the
# path from here. A FILTER is a part of that name. `cmd` is run by `sh -eu` in an empty
# folder of its own, and what it prints and how it ends is compared with
#
#   stdout, stderr   expected output; no file: none
#   status           expected exit status; no file: 0
#   needs            what must be there, else the test is skipped: `images` (FWVAR_IMAGES
#                    names a folder of real images), `terminal` (script(1) can make one),
#                    or names of commands
#
# Any other file of the folder is copied to where `cmd` runs. In `cmd`:
#
#   fwvar ARGUMENTS...   the program under test, also as $FWVAR
#   use NAME [AS]        copies the fixture NAME.fd here
#   real NAME [AS]       copies a file of FWVAR_IMAGES here, needs `images`
#   $FIXTURES, $IMAGES   the folders these come from
#
# Variables: FWVAR_REGENERATE=1 writes the expectations instead of comparing (read the
# diff before you commit it); FWVAR_JOBS, how many run at once, 2; FWVAR_FIXTURES, the
# folder of NAME.fd.gz; FWVAR_CASES, another folder of tests.
#
# Exit status: 0 all passed or were skipped, 1 some failed, 2 nothing could be run.

set -eu

trouble() {
    echo "run.sh: $*" >&2
    exit 2
}

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
cases=$(CDPATH='' cd -- "${FWVAR_CASES:-$here}" && pwd)
packed=$(CDPATH='' cd -- "${FWVAR_FIXTURES:-$here/../../fixtures}" && pwd)
jobs=${FWVAR_JOBS:-2}
regenerate=${FWVAR_REGENERATE:-}
filters=$*

[ -n "${FWVAR:-}" ] || trouble "FWVAR does not name the program to test"
[ -x "$FWVAR" ] || trouble "$FWVAR: not a program"
case $FWVAR in
/*) ;;
*) FWVAR=$PWD/$FWVAR ;;
esac
IMAGES=
if [ -n "${FWVAR_IMAGES:-}" ]; then
    IMAGES=$(CDPATH='' cd -- "$FWVAR_IMAGES" && pwd) ||
        trouble "FWVAR_IMAGES: no such folder"
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/fwvar-cli.XXXXXX")
trap 'chmod -R u+rwX "$work"; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# What a user has set must not reach the tests.
unset NO_COLOR SOURCE_DATE_EPOCH EFIVARFS_PATH FWVAR_REGENERATE FWVAR_IMAGES CDPATH
unset FWVAR_FIXTURES FWVAR_CASES FWVAR_JOBS
LC_ALL=C
TZ=UTC
FIXTURES=$work/fixtures
export LC_ALL TZ FWVAR FIXTURES IMAGES
umask 022

mkdir "$FIXTURES" "$work/run"
for f in "$packed"/*.fd.gz; do
    name=${f##*/}
    gzip -dc "$f" >"$FIXTURES/${name%.gz}" || trouble "$f: can't be unpacked"
done

cat >"$work/prelude" <<'EOF'
fwvar() { "$FWVAR" "$@"; }
use() { cat "$FIXTURES/$1.fd" >"${2:-$1.fd}"; }
real() { cat "$IMAGES/$1" >"${2:-$1}"; }
EOF

wanted() {
    [ -n "$filters" ] || return 0
    for f in $filters; do
        case $1 in
        *"$f"*) return 0 ;;
        esac
    done
    return 1
}

# Prints the first thing that the test in $1 needs and that is not there.
missing() {
    [ -f "$1/needs" ] || return 0
    # shellcheck disable=SC2013 # words are what is meant
    for need in $(cat "$1/needs"); do
        if [ "$need" = images ]; then
            [ -n "$IMAGES" ] || echo "$need"
        elif [ "$need" = terminal ]; then
            script -qec true /dev/null </dev/null >/dev/null 2>&1 || echo "$need"
        else
            command -v "$need" >/dev/null 2>&1 || echo "$need"
        fi
    done | head -n 1
}

# Runs the test in $1 in the folder $2/dir; leaves stdout, stderr and status in $2.
run_cmd() {
    mkdir "$2/dir"
    for f in "$1"/*; do
        case ${f##*/} in
        cmd | stdout | stderr | status | needs) ;;
        *) [ ! -f "$f" ] || cp "$f" "$2/dir/" ;;
        esac
    done
    status=0
    (
        cd "$2/dir"
        # A program that hangs fails its test, not the whole run.
        # shellcheck disable=SC2016 # the inner shell expands them
        exec ${limit:-} sh -euc '. "$0"; . "$1"' "$work/prelude" "$1/cmd"
    ) >"$2/stdout" 2>"$2/stderr" </dev/null || status=$?
    : >"$2/status"
    [ "$status" -eq 0 ] || echo "$status" >"$2/status"
}

limit=
if command -v timeout >/dev/null 2>&1; then
    limit='timeout 120'
fi

keep() {
    for part in stdout stderr status; do
        if [ -s "$2/$part" ]; then
            cp "$2/$part" "$1/$part"
        else
            rm -f "$1/$part"
        fi
    done
}

# Prints what differs, and nothing else.
compare() {
    for part in stdout stderr status; do
        want=$1/$part
        [ -f "$want" ] || want=/dev/null
        cmp -s "$want" "$2/$part" || {
            echo "--- $part differs"
            diff -u "$want" "$2/$part" || :
        }
    done
}

# Judges the test called $1, the folder $2 is for its files and its report.
judge() {
    lacks=$(missing "$cases/$1")
    if [ -n "$lacks" ]; then
        echo "SKIPPED $1 (needs $lacks)" >"$2/report"
        return
    fi
    run_cmd "$cases/$1" "$2"
    if [ -n "$regenerate" ]; then
        keep "$cases/$1" "$2"
    fi
    compare "$cases/$1" "$2" >"$2/diff"
    if [ -s "$2/diff" ]; then
        echo "FAIL $1" >"$2/report"
    else
        echo "ok $1" >"$2/report"
    fi
    chmod -R u+rwX "$2/dir"
    rm -rf "$2/dir"
}

# Expectations without a command would never be compared.
stray=$(find "$cases" -type f \( -name stdout -o -name stderr -o -name status \) |
    while read -r f; do
        [ -f "${f%/*}/cmd" ] || echo "${f%/*}"
    done | sort -u)
[ -z "$stray" ] || trouble "no cmd in $stray"

find "$cases" -type f -name cmd | sed "s|^$cases/||; s|/cmd\$||" | sort |
    while read -r name; do
        wanted "$name" && echo "$name"
    done >"$work/list" || :
total=$(grep -c . "$work/list" || :)
[ "$total" -gt 0 ] || trouble "no test ${filters:+matches $filters}"

worker=0
while [ "$worker" -lt "$jobs" ]; do
    (
        trap - EXIT
        n=0
        while read -r name; do
            n=$((n + 1))
            [ $((n % jobs)) -eq "$worker" ] || continue
            mkdir "$work/run/$n"
            judge "$name" "$work/run/$n"
        done <"$work/list"
    ) &
    worker=$((worker + 1))
done
wait

passed=0
failed=0
skipped=0
n=0
while read -r name; do
    n=$((n + 1))
    # A worker that died leaves no report; its test has not passed.
    report=$(cat "$work/run/$n/report" 2>/dev/null || echo "FAIL $name (not run)")
    echo "$report"
    case $report in
    ok*) passed=$((passed + 1)) ;;
    SKIPPED*) skipped=$((skipped + 1)) ;;
    *)
        failed=$((failed + 1))
        cat "$work/run/$n/diff" 2>/dev/null || :
        ;;
    esac
done <"$work/list"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
