#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Runs `fwvar check` and `fwvar repair` over the corpus of damaged images:
#
#   FWVAR=path/to/fwvar MKDAMAGED=path/to/mkdamaged tests/cli/damaged.sh [KIND...]
#
# Each kind that mkdamaged makes has a folder fixtures/damaged/KIND with
#
#   check    what `fwvar check image.fd` prints, on both streams, and its exit status
#   repair   the same of `fwvar repair image.fd --in-place`; a second run must then find
#            nothing to do, and what it left is what check still calls fatal or wrong.
#            Compared only if the program has that command.
#
# FWVAR_REGENERATE=1 writes these files instead (read the diff before you commit it).
# Exit status: 0 all as expected, 1 some not, 2 nothing could be run.

set -eu

trouble() {
    echo "damaged.sh: $*" >&2
    exit 2
}

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
corpus=$(CDPATH='' cd -- "$here/../../fixtures/damaged" && pwd)
regenerate=${FWVAR_REGENERATE:-}
[ -x "${FWVAR:-}" ] || trouble "FWVAR does not name the program to test"
[ -x "${MKDAMAGED:-}" ] || trouble "MKDAMAGED does not name the generator"

work=$(mktemp -d "${TMPDIR:-/tmp}/fwvar-damaged.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
unset NO_COLOR SOURCE_DATE_EPOCH CDPATH
LC_ALL=C
export LC_ALL
cd "$work"

can_repair=
if "$FWVAR" help repair >/dev/null 2>&1; then
    can_repair=yes
fi
limit=
if command -v timeout >/dev/null 2>&1; then
    limit='timeout 60'
fi

# report FILE COMMAND...: what it prints and how it ends. A crash is never an expectation.
report() {
    to=$1
    shift
    status=0
    $limit "$FWVAR" "$@" >"$to" 2>stderr </dev/null || status=$?
    cat stderr >>"$to"
    echo "exit $status" >>"$to"
    [ "$status" -le 2 ] || {
        echo "$kind: fwvar $1 ended with status $status"
        failed=$((failed + 1))
    }
}

# expect PART: compares ./PART with the expectation, or makes it that.
expect() {
    if [ -n "$regenerate" ]; then
        mkdir -p "$corpus/$kind"
        cp "$1" "$corpus/$kind/$1"
    elif ! cmp -s "$corpus/$kind/$1" "$1"; then
        echo "$kind: $1 differs"
        diff -u "$corpus/$kind/$1" "$1" || :
        failed=$((failed + 1))
    fi
}

# What a repair leaves must be sound: nothing to do for a second one. One that was refused
# must have left the file alone.
repair() {
    cp image.fd before.fd
    report repair repair image.fd --in-place
    expect repair
    if grep -q '^exit 2$' repair; then
        cmp -s before.fd image.fd && return
        echo "$kind: a repair that failed has changed the file"
        failed=$((failed + 1))
        return
    fi
    cp image.fd once.fd
    report again repair image.fd --in-place
    if ! grep -q '^nothing to mend$' again || ! cmp -s once.fd image.fd; then
        echo "$kind: the second repair found something to do"
        cat again
        failed=$((failed + 1))
    fi
    sound=0
    "$FWVAR" check image.fd >/dev/null 2>&1 || sound=$?
    grep -q "^exit $sound\$" repair || {
        echo "$kind: repair ended otherwise than check of its result ($sound)"
        failed=$((failed + 1))
    }
}

failed=0
count=0
kinds=${*:-$("$MKDAMAGED" --list)}
for kind in $kinds; do
    count=$((count + 1))
    "$MKDAMAGED" . "$kind" || trouble "$kind: cannot be made"
    mv "$kind.fd" image.fd
    report check check image.fd
    expect check
    if [ -n "$can_repair" ] && { [ -f "$corpus/$kind/repair" ] || [ -n "$regenerate" ]; }; then
        repair
    fi
done

# An expectation that nothing makes an image for would never be compared.
for folder in "$corpus"/*/; do
    name=$(basename "$folder")
    "$MKDAMAGED" --list | grep -qxF -e "$name" || {
        echo "$name: no such kind"
        failed=$((failed + 1))
    }
done
[ "$count" -gt 0 ] || trouble "no kinds"
echo "$count kinds, $failed failed"
[ "$failed" -eq 0 ]
