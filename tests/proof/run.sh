#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Proofs with CBMC: run.sh [HARNESS...]
#
# Runs table.txt: the proofs, and the same with a fault seeded, which must be found.
# Prints a line for each: bound, seconds, what was shown. README.md says what that means.
# Exit status 1: something is not proved, or a seeded fault is; 77: CBMC is not installed.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
project=$(CDPATH='' cd -- "$here/../.." && pwd)
cbmc=${CBMC:-cbmc}
command -v "$cbmc" >/dev/null 2>&1 || {
    echo "cbmc is not installed: no proof. Debian 13 and later have it."
    exit 77
}
# The solver built into CBMC needs several times as long.
solver=
if command -v cadical >/dev/null 2>&1; then
    solver='--external-sat-solver cadical'
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# prove NAME BOUND LIMITS TREE SOURCE...: leaves CBMC's report in $work/report
prove() {
    harness=$here/$1.c bound=$2 limits=$3 tree=$4
    shift 4
    # shellcheck disable=SC2086 # solver and limits are lists
    (cd "$tree" && "$cbmc" "$harness" "$@" -I "$here" -I include -I src -D_GNU_SOURCE \
        -DBOUND="$bound" $limits $solver --slice-formula --unwinding-assertions \
        --pointer-overflow-check --conversion-check --memory-leak-check) \
        >"$work/report" 2>"$work/errors"
}

# say NAME BOUND SECONDS VERDICT
say() {
    printf '%-28s %5s %6s s  %s\n' "$@"
}

proof() { # NAME BOUND LIMITS SOURCE...
    name=$1 bound=$2 limits=$3
    shift 3
    begun=$(date +%s)
    if prove "$name" "$bound" "$limits" "$project" "$@" &&
        grep -q '^VERIFICATION SUCCESSFUL$' "$work/report"; then
        checks=$(sed -n 's/^\*\* 0 of \([0-9]*\) failed.*/\1/p' "$work/report")
        verdict="proved: $checks conditions"
    else
        verdict='NOT PROVED'
        failed=1
    fi
    say "$name" "$bound" "$(($(date +%s) - begun))" "$verdict"
    if [ "$verdict" = 'NOT PROVED' ]; then
        { grep -E 'FAILURE|ERROR' "$work/report" || tail -n 20 "$work/report" "$work/errors"; } |
            head -n 20 | sed 's/^/    /'
    fi
}

# The same proof of sources with one fault must fail.
control() { # NAME BOUND LIMITS FILE SED SOURCE...
    name=$1 bound=$2 limits=$3 file=$4 fault=$5
    shift 5
    rm -rf "$work/tree"
    mkdir "$work/tree"
    cp -R "$project/src" "$project/include" "$work/tree/"
    sed "$fault" "$project/src/$file" >"$work/tree/src/$file"
    if cmp -s "$project/src/$file" "$work/tree/src/$file"; then
        say "  fault in $file" "$bound" - 'NOT SEEDED: the text is no longer there'
        failed=1
        return
    fi
    begun=$(date +%s)
    if prove "$name" "$bound" "$limits --stop-on-fail" "$work/tree" "$@"; then
        verdict='NOT FOUND'
        failed=1
    elif found=$(sed -n '/^Violated property:$/{n;n;s/^ *//p;}' "$work/report") &&
        [ -n "$found" ]; then
        verdict="found: $found"
    else
        verdict='NOT FOUND, CBMC failed'
        failed=1
    fi
    say "  fault in $file" "$bound" "$(($(date +%s) - begun))" "$verdict"
}

# wanted NAME ARGUMENT...: named, or nothing is
wanted() {
    one=$1
    shift
    [ $# -eq 0 ] && return 0
    for each; do
        [ "$each" = "$one" ] && return 0
    done
    return 1
}

while IFS='|' read -r kind name bound limits sources; do
    kind=$(echo "$kind" | tr -d ' ')
    name=$(echo "$name" | tr -d ' ')
    bound=$(echo "$bound" | tr -d ' ')
    case $kind in '' | '#'*) continue ;; esac
    wanted "$name" "$@" || continue
    case $kind in
    proof)
        # shellcheck disable=SC2086 # a list
        proof "$name" "$bound" "$limits" $sources
        ;;
    fault)
        file=$(echo "${sources%%|*}" | tr -d ' ')
        rest=${sources#*|}
        # shellcheck disable=SC2086 # a list
        control "$name" "$bound" "$limits" "$file" "${rest%%@@*}" ${rest#*@@}
        ;;
    *)
        echo "table.txt: what is '$kind'?" >&2
        exit 2
        ;;
    esac
done <"$here/table.txt"
exit $failed
