#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Runs the save tests on file systems of several kinds: filesystems.sh FAULT_SAVE [KIND...]
#
# Each is made in a file and mounted through a loop device, which takes root. What can't
# be made or mounted here is skipped, and said so. Exit status: 0 passed, 1 failed, 77
# nothing could be mounted.
set -eu

test=$1
shift
[ $# -gt 0 ] || set -- ext4 vfat
dir=$(mktemp -d "${TMPDIR:-/tmp}/fwvar-fs.XXXXXX")
trap 'umount "$dir/mnt" 2>/dev/null || :; rm -rf "$dir"' EXIT
trap 'exit 2' INT TERM
mkdir "$dir/mnt"
PATH=$PATH:/sbin:/usr/sbin
tried=0
failed=0

make() {
    rm -f "$dir/image"
    truncate -s 48M "$dir/image"
    case $1 in
    ext4) mkfs.ext4 -q -F "$dir/image" ;;
    vfat) mkfs.vfat "$dir/image" >/dev/null ;;
    *) echo "unknown kind $1" >&2 && return 1 ;;
    esac
}

for kind; do
    if ! command -v "mkfs.$kind" >/dev/null 2>&1; then
        echo "$kind: skipped, mkfs.$kind is not installed"
    elif ! make "$kind" || ! mount -o loop "$dir/image" "$dir/mnt" 2>"$dir/why"; then
        echo "$kind: skipped, cannot be mounted: $(head -n 1 "$dir/why")"
    else
        tried=$((tried + 1))
        echo "$kind:"
        FWVAR_FAULT_DIR=$dir/mnt "$test" || failed=1
        umount "$dir/mnt"
    fi
done
[ "$tried" -gt 0 ] || exit 77
exit $failed
