#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# What a file system holds after the power was cut: look.sh DIR PATH OUT
#
# Copies DIR/image, of kind FWVAR_CUT_KIND, as it is now, mends the copy as a start of the
# machine would, and takes the file PATH out of it. Exit status: 0, 3 no such file, 2.
set -eu

dir=$1
path=$2
out=$3
trap 'rm -f "$dir/copy"' EXIT

# A guest reads the image through its own memory, which must not be older than the disk.
[ -z "${FWVAR_CUT_GUEST:-}" ] || dd "if=$dir/image" iflag=nocache count=0 status=none
cp --sparse=always "$dir/image" "$dir/copy"

mend() {
    status=0
    "$@" >"$dir/mended" 2>&1 || status=$?
    [ "$status" -le 1 ] || { cat "$dir/mended" >&2 && exit 2; } # 1: was mended
}

case $FWVAR_CUT_KIND in
ext4)
    mend e2fsck -fy "$dir/copy"
    debugfs -R "dump $path $out" "$dir/copy" >/dev/null 2>&1
    ;;
vfat)
    mend fsck.fat -a "$dir/copy"
    mcopy -n -i "$dir/copy" "::$path" "$out" 2>/dev/null || :
    ;;
xfs)
    mount -t xfs -o loop,nouuid "$dir/copy" "$dir/see"
    cp "$dir/see$path" "$out" 2>/dev/null || :
    umount "$dir/see"
    ;;
esac
[ -e "$out" ] || exit 3
