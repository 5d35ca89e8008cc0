#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# docs/netboot.md prints what is tested: FWVAR=path/to/fwvar tests/e2e/netboot/guide.sh WHAT
#
#   blocks     each fenced block is marked with the name of a file in conf/ and is that file,
#              and every file there is printed
#   commands   the commands run on a fixture and do what the text says
#   fleet      the same for `fwvar fleet`
#
# Exit status: 0 passed, 1 failed, 77 skipped.

set -eu

what=$1
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
guide=$here/../../../docs/netboot.md
fixtures=$(CDPATH='' cd -- "${FWVAR_FIXTURES:-$here/../../../fixtures}" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/fwvar-guide.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

fail() {
    echo "guide.sh: $*" >&2
    exit 1
}

check_blocks() {
    mkdir "$work/printed"
    awk -v dir="$work/printed" '
        /^<!-- tests: .* -->$/ { file = $3; next }
        /^```/ && on { on = 0; file = ""; next }
        /^```/ {
            if (file == "") { print FNR ": a block without a file"; bad = 1; file = "none" }
            on = 1
            next
        }
        on { print > (dir "/" file) }
        END { exit bad }' "$guide" || fail "$guide: every block needs <!-- tests: FILE -->"
    diff -ru "$here/conf" "$work/printed" || fail "the guide does not print what is tested"
}

# run FILE: the commands, with a folder of ours for /tftp.
run() {
    sed "s|/tftp|$work/tftp|g" "$here/conf/$1" >"$work/commands"
    sh -eu "$work/commands" >"$work/output" || fail "$1: $(cat "$work/output")"
}

# is FILE NAME VALUE
is() {
    got=$("$FWVAR" get "$1" "$2" --hex) || fail "$1 has no $2"
    [ "$got" = "$3" ] || fail "$1: $2 is $got, not $3"
}

prepare() {
    PATH=$(CDPATH='' cd -- "$(dirname -- "$FWVAR")" && pwd):$PATH
    FWVAR=$(CDPATH='' cd -- "$(dirname -- "$FWVAR")" && pwd)/$(basename -- "$FWVAR")
    cd "$work"
    mkdir -p tftp/1a2b3c4d
    gzip -dc "$fixtures/rpi4-2m-stock.fd.gz" >RPI_EFI.fd
}

check_commands() {
    prepare
    mkdir tftp/overlays
    for file in start4.elf fixup4.dat bcm2711-rpi-4-b.dtb config.txt ipxe-arm64.efi \
        overlays/miniuart-bt.dtbo overlays/upstream-pi4.dtbo; do
        echo "$file" >"tftp/$file"
    done
    run shared.sh
    is tftp/RPI_EFI.fd RamLimitTo3GB 00000000
    is tftp/RPI_EFI.fd BootOrder 0000
    grep -q 'Uri(http://192.0.2.1/ipxe-arm64.efi)' output || fail "shared.sh: $(cat output)"
    grep -q 'try *0000: HTTP boot' output || fail "shared.sh: what a board tries is not shown"

    run links.sh
    find "$work/tftp" ! -type d | sed "s|$work||" | LC_ALL=C sort >tree
    diff -u "$here/conf/tftp-shared.txt" tree || fail "the files are others than printed"
    find -L "$work/tftp" -type l | grep . && fail "links that lead nowhere"

    run several.sh
    is tftp/RPI_EFI.fd BootOrder 00000100
    "$FWVAR" boot tftp/RPI_EFI.fd >output
    for mac in DCA632123456 DCA632ABCDEF; do
        grep -q "MAC($mac" output || fail "several.sh: no entry for $mac"
    done
    rm tftp/1a2b3c4d/RPI_EFI.fd
    run one-board.sh
    is tftp/1a2b3c4d/RPI_EFI.fd RamLimitTo3GB 00000000
    is tftp/1a2b3c4d/RPI_EFI.fd Timeout 0100

    # What the text says of other files.
    "$FWVAR" boot "$fixtures/rpi4-2m-saved.fd.gz" | grep -q 'restart\|stops in its menu' ||
        fail "what becomes of a saved image"
    "$FWVAR" scrub "$fixtures/rpi4-2m-saved.fd.gz" -o universal.fd >/dev/null
    "$FWVAR" check universal.fd >/dev/null || fail "scrub leaves something wrong"
}

check_fleet() {
    "$FWVAR" help fleet >/dev/null 2>&1 || {
        echo "SKIPPED: this fwvar has no command fleet"
        exit 77
    }
    prepare
    rm -r tftp
    cp "$here/conf/hosts.json" .
    run fleet.sh
    for board in 1a2b3c4d:DCA632123456 5e6f7a8b:DCA632ABCDEF; do
        file=tftp/${board%:*}/RPI_EFI.fd
        is "$file" RamLimitTo3GB 00000000
        is "$file" Timeout 0100
        "$FWVAR" boot "$file" | grep -q "MAC(${board#*:}" || fail "$file: no entry of its own"
        "$FWVAR" check "$file" >/dev/null || fail "$file: check finds something"
    done
    find tftp -type f -exec ls -l --time-style=full-iso {} + >before
    run fleet.sh
    find tftp -type f -exec ls -l --time-style=full-iso {} + | cmp - before ||
        fail "a second run wrote files that were right"
}

case $what in
blocks | commands | fleet) "check_$what" ;;
*) fail "nothing is called $what" ;;
esac
