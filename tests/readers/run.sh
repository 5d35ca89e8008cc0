#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Programs that share nothing with this project read what fwvar writes:
#
#   FWVAR=path/to/fwvar tests/readers/run.sh virt-fw-vars | uefiextract
#
# The reader is looked for in PATH: packages python3-virt-firmware and uefitool-cli of a later
# Debian. FWVAR_IMAGES may name a folder of real images, which are then read as well.
# Exit status: 0 passed, 1 failed, 77 skipped.
set -eu

reader=$1
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
for program in python3 "$reader"; do
    command -v "$program" >/dev/null || {
        echo "SKIPPED: $program is not installed"
        exit 77
    }
done
FWVAR_FIXTURES=${FWVAR_FIXTURES:-$here/../../fixtures}
work=$(mktemp -d "${TMPDIR:-/tmp}/fwvar-readers.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
export FWVAR FWVAR_FIXTURES
python3 "$here/readers.py" "$reader" "$work"
