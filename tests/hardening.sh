#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# What was built is as docs/security.md says: hardening.sh PROGRAM [LIBRARY]
# Read from the files themselves, with readelf and nm.
set -eu

program=$1
library=${2:-}
failed=0

fail() {
    echo "hardening: $*" >&2
    failed=1
}

command -v readelf >/dev/null 2>&1 || {
    echo "readelf is not installed: skipped"
    exit 77
}

for file in "$program" $library; do
    LC_ALL=C readelf -lW "$file" > segments.txt
    LC_ALL=C readelf -dW "$file" > dynamic.txt
    LC_ALL=C readelf -hW "$file" > header.txt
    grep -q 'GNU_STACK.* RW  *0' segments.txt || fail "$file: the stack is executable"
    grep -q 'LOAD.* RWE ' segments.txt && fail "$file: a segment is writable and executable"
    grep -q GNU_RELRO segments.txt || fail "$file: no RELRO"
    grep -q BIND_NOW dynamic.txt || grep -q 'Flags:.*NOW' dynamic.txt ||
        fail "$file: symbols are bound late, which leaves the GOT writable"
    grep -q 'Type:.*DYN' header.txt || fail "$file: not position independent"
    grep -Eq '\((RPATH|RUNPATH)\)' dynamic.txt && fail "$file: has a search path of its own"
done

if [ -n "$library" ]; then
    others=$(nm -D --defined-only "$library" | awk '{ print $NF }' | grep -v '^fwvar_' || :)
    [ -z "$others" ] || fail "$library: exports what is not its own: $others"
    nm -D --defined-only "$library" | grep -q ' T fwvar_image_open$' ||
        fail "$library: exports nothing"
    # Every exported symbol is in a public header.
    for symbol in $(nm -D --defined-only "$library" | awk '{ print $NF }'); do
        grep -rqw -- "$symbol" "$FWVAR_HEADERS" ||
            fail "$library: $symbol is exported, but in no header"
    done
fi
# A program that runs as somebody else has no business here.
[ ! -u "$program" ] && [ ! -g "$program" ] || fail "$program: setuid or setgid"
exit $failed
