#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Takes long texts out of the sources of a static build, see texts.awk:
#
#   src/install/static/texts.sh SRC OUT FILE...
#
# Writes OUT/FILE for each FILE of SRC, and OUT/texts.inc with the texts compressed.

set -eu
LC_ALL=C
export LC_ALL

src=$1
out=$2
shift 2
rm -rf "$out"
for file; do
    mkdir -p "$out/${file%/*}"
    set -- "$@" "$src/$file"
    shift
done
awk -v out="$out" -v base="$src/" -f "$src/install/static/texts.awk" "$@"
tr '\001' '\000' <"$out/texts" >"$out/texts.bin"
{
    echo 'static const unsigned char packed_texts[] = {'
    gzip -9 -n <"$out/texts.bin" | od -An -v -tu1 | sed 's/[0-9][0-9]*/&,/g'
    echo '};'
    echo "char fw_texts[$(wc -c <"$out/texts.bin")];"
} >"$out/texts.inc"
