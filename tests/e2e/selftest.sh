#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Shows that run.sh counts, fails and skips as it should, without any machine. FWVAR and
# MKDAMAGED name the programs. Exit status: 0 passed, 1 failed, 77 skipped.

set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
command -v python3 >/dev/null || {
    echo "SKIPPED: python3 is not installed"
    exit 77
}
work=$(mktemp -d "${TMPDIR:-/tmp}/fwvar-launcher.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
export FWVAR MKDAMAGED
unset FWVAR_QEMU FWVAR_E2E_QUICK FWVAR_E2E_COUNTS FWVAR_E2E_KEEP

# expect STATUS TEXT ARGUMENT...: how run.sh ends, and what its output has in a line
expect() {
    status=0
    wanted=$1 text=$2
    shift 2
    sh "$here/run.sh" "$@" >"$work/output" 2>&1 || status=$?
    if [ "$status" != "$wanted" ] || ! grep -q "$text" "$work/output"; then
        echo "run.sh $*: exit status $status, expected $wanted and: $text"
        cat "$work/output"
        exit 1
    fi
}

expect 0 '^1 passed, 0 failed, 0 skipped$' negative -- negative/corpus
expect 77 '^0 passed, 0 failed, 1 skipped$' rpi -- boots/rpi4-v1.35-stock
expect 77 'FWVAR_QEMU does not name a folder' --quick rpi -- boots/rpi4-v1.35-stock
expect 2 '^0 passed, 0 failed, 0 skipped$' store netboot -- no-test-is-called-so
expect 2 'no suite or option is called nonsense' nonsense

# Where a network namespace is refused, that is said, and nothing else changes.
mkdir "$work/refusing"
printf '#!/bin/sh\necho unshare: Operation not permitted >&2\nexit 1\n' >"$work/refusing/unshare"
chmod +x "$work/refusing/unshare"
path=$PATH
PATH=$work/refusing:$PATH
expect 2 '^note netboot: no namespace .*not permitted' netboot -- no-test-is-called-so
PATH=$path

printf '#!/bin/sh\necho a-kind-nobody-knows\n' >"$work/mkdamaged"
chmod +x "$work/mkdamaged"
MKDAMAGED=$work/mkdamaged
expect 1 '^FAIL negative/corpus' negative -- negative/corpus
MKDAMAGED=$work/none
expect 77 '^missing: ' negative -- negative/corpus
FWVAR=$work/none
expect 2 'no such program' negative
