#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Firmware as the judge: boots what fwvar writes, under software emulation.
#
#   FWVAR=path/to/fwvar tests/e2e/run.sh [--quick] [--jobs N] [SUITE...] [-- TEST...]
#
# SUITE   store     OVMF and AAVMF boot, list, change and reclaim stores written by fwvar
#         negative  what `fwvar check` says of damaged stores against what they do with them
#         netboot   DHCP, TFTP, iPXE, HTTP: the whole chain, in a network of its own
#         rpi       firmware of the Raspberry Pi; needs FWVAR_QEMU and FWVAR_IMAGES
#         all       all of these (default)
# --quick some tests of each kind, for every change
# --jobs  how many machines at a time (default: as many as there are processors)
# TEST    only tests with one of these words in their name
#
# Installs and builds nothing; says what is missing, and skips what needs it. Variables:
#
#   FWVAR            the program (default build/src/fwvar)
#   MKDAMAGED        the maker of damaged images (default build/tests/mkdamaged)
#   FWVAR_QEMU       a folder with QEMU 9 or newer unpacked, for -M raspi4b
#   FWVAR_IMAGES     a folder of real images
#   FWVAR_E2E_KEEP   a folder for what failed tests leave
#   FWVAR_E2E_SEED, FWVAR_E2E_STORES   other random stores, or another number of them
#
# The last line is "N passed, N failed, N skipped". Exit status: 0 none failed, 1 some did,
# 2 nothing could be run, 77 everything was skipped.

set -eu

trouble() {
    echo "run.sh: $*" >&2
    exit 2
}

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
suites=
while [ $# -gt 0 ]; do
    case $1 in
    --quick) export FWVAR_E2E_QUICK=1 ;;
    --jobs)
        [ $# -gt 1 ] || trouble "--jobs needs a number"
        FWVAR_E2E_JOBS=$2
        shift
        ;;
    all) suites="$suites store negative netboot rpi" ;;
    store | negative | netboot | rpi) suites="$suites $1" ;;
    --)
        shift
        break
        ;;
    *) trouble "no suite or option is called $1 (see the head of $0)" ;;
    esac
    shift
done
suites=${suites:-store negative netboot rpi}
FWVAR_E2E_JOBS=${FWVAR_E2E_JOBS:-$(nproc 2>/dev/null || echo 1)}
case $FWVAR_E2E_JOBS in
'' | *[!0-9]* | 0) trouble "--jobs needs a number" ;;
esac
export FWVAR_E2E_JOBS

# absolute PATH: tests run in folders of their own.
absolute() {
    case $1 in
    /*) echo "$1" ;;
    *) echo "$PWD/$1" ;;
    esac
}
FWVAR=$(absolute "${FWVAR:-$root/build/src/fwvar}")
MKDAMAGED=$(absolute "${MKDAMAGED:-$root/build/tests/mkdamaged}")
export FWVAR MKDAMAGED
[ -x "$FWVAR" ] || trouble "$FWVAR: no such program; build it, or name it with FWVAR="
command -v python3 >/dev/null || trouble "python3 is not installed"
[ -x "$MKDAMAGED" ] || echo "missing: $MKDAMAGED; name it with MKDAMAGED="

# What is needed, by a file of it, and the Debian package that has it.
missing=
while read -r package file; do
    [ -e "$file" ] || missing="$missing $package"
done <<END
ovmf /usr/share/OVMF/OVMF_CODE.fd
qemu-efi-aarch64 /usr/share/AAVMF/AAVMF_CODE.fd
qemu-system-x86 /usr/bin/qemu-system-x86_64
qemu-system-arm /usr/bin/qemu-system-aarch64
ipxe /usr/lib/ipxe/ipxe.efi
END
command -v dnsmasq >/dev/null || [ -x /usr/sbin/dnsmasq ] || missing="$missing dnsmasq-base"
command -v ip >/dev/null || [ -x /sbin/ip ] || missing="$missing iproute2"
[ -z "$missing" ] || echo "missing packages:$missing"
PATH=$PATH:/usr/sbin:/sbin

FWVAR_E2E_COUNTS=$(mktemp "${TMPDIR:-/tmp}/fwvar-e2e.XXXXXX")
export FWVAR_E2E_COUNTS
trap 'rm -f "$FWVAR_E2E_COUNTS"' EXIT
trap 'exit 130' INT TERM

# script FILE TEST...: one program of a suite. One that ends before its count has failed.
script() {
    file=$1
    shift
    lines=$(wc -l <"$FWVAR_E2E_COUNTS")
    python3 "$here/$file" "$@" || :
    [ "$(wc -l <"$FWVAR_E2E_COUNTS")" -gt "$lines" ] || {
        echo "FAIL $file ended early"
        echo "0 1 0" >>"$FWVAR_E2E_COUNTS"
    }
}

for suite in $suites; do
    if [ "$suite" = store ]; then
        for part in store reclaim differential; do
            script "store/$part.py" "$@"
        done
    else
        script "$suite/$suite.py" "$@"
    fi
done

awk '{ p += $1; f += $2; s += $3 }
     END {
         printf "%d passed, %d failed, %d skipped\n", p, f, s
         exit f ? 1 : p ? 0 : s ? 77 : 2
     }' "$FWVAR_E2E_COUNTS"
