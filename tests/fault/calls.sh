#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Every function of other libraries that the program calls is either made to fail by the
# fault tests or excused, with a reason, in calls.txt: calls.sh FWVAR WRAPPED...
#
# WRAPPED are the functions that the linker gives wrappers (FAULT_CALLS of fault.cmake).
# Exit status: 0 passed, 1 failed, 77 the program imports nothing (static) or nm is missing.
set -eu

program=$1
shift
excuses=$(dirname "$0")/calls.txt
dir=$(mktemp -d "${TMPDIR:-/tmp}/fwvar-calls.XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 2' INT TERM
LC_ALL=C
export LC_ALL

nm -D --undefined-only "$program" 2>/dev/null | awk '{ print $NF }' |
    sed 's/@.*//' | grep -v -e '^__[auls]\{1,2\}[bs]*san_' -e '^_ITM_' | sort -u >"$dir/called" || :
if ! [ -s "$dir/called" ]; then
    echo "nm is missing, or the program is static: skipped"
    exit 77
fi
printf '%s\n' "$@" | sort -u >"$dir/wrapped"
# REASON: names, over as many lines as it takes; # begins a comment.
sed -e 's/#.*//' -e 's/^[^:]*: *//' "$excuses" | tr -s '[:blank:]' '\n' | grep . | sort >"$dir/all"
sort -u "$dir/all" >"$dir/excused"

failed=0
report() {
    [ -s "$dir/found" ] || return 0
    echo "$*:"
    sed 's/^/    /' "$dir/found"
    failed=1
}
sort -u "$dir/wrapped" "$dir/excused" | comm -23 "$dir/called" - >"$dir/found"
report "called, but neither wrapped (fault.cmake, wrap_*.c) nor excused (calls.txt)"
comm -12 "$dir/wrapped" "$dir/excused" >"$dir/found"
report "wrapped and excused"
uniq -d "$dir/all" >"$dir/found"
report "excused twice"
[ "$failed" -ne 0 ] || echo "$(wc -l <"$dir/called") functions: all wrapped or excused"
exit "$failed"
