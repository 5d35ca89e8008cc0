#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Measures how the cost grows: growth.sh PROGRAM [KIND...]
#
# Each line tells how many times the instructions of a small run a run of ten times its
# size takes: 1,000 edits on 10,000 records against 100 on 1,000, and again on an empty
# store, where the records do not hide what the edits cost. Twenty is the bar, ten would
# be a straight line through nothing. Instructions are those of valgrind's callgrind,
# start-up included. Exit status 1: the bar was missed, 2: trouble.
set -eu

program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
shift
bar=20
dir=$(mktemp -d "${TMPDIR:-/tmp}/fwvar-growth.XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 2' INT TERM
cd "$dir"
guid=8be4df61-93ca-11d2-aa0d-00e098032b8c
missed=0

count() { # instructions of a run that has to succeed
    if ! valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>log >/dev/null; then
        echo "growth: failed: $1 $2 ..." >&2
        tail -5 log >&2
        exit 2
    fi
    awk '/refs:/ { gsub(",", ""); print $NF }' log
}

# records COUNT: an image with that many variables, and room for as many boot entries
records() {
    "$program" format -q --length=0x840000 --store-size=0x3ff000 -o "$1.fd"
    [ "$1" -gt 0 ] || return 0
    awk -v n="$1" -v guid=11111111-2222-3333-4444-555555555555 'BEGIN {
        printf "{\"version\":2,\"variables\":["
        for (i = 0; i < n; i++)
            printf "%s{\"name\":\"V%05d\",\"guid\":\"%s\",\"attr\":7,\"data\":\"%08x\"}",
                i ? "," : "", i, guid, i
        print "]}"
    }' > doc.json
    "$program" import -q "$1.fd" doc.json --in-place
    "$program" patch -q "$1.fd" --boot-file Disk=/EFI/first.efi --boot-http \
        Net=http://192.0.2.1/a.efi --in-place
}

# edits KIND COUNT: the arguments, one a line
edits() {
    awk -v kind="$1" -v n="$2" 'BEGIN {
        for (i = 0; i < n; i++) {
            if (kind == "set")
                printf "--set\n22222222-2222-3333-4444-555555555555-N%04d=u32:%d\n", i, i
            if (kind == "change")
                printf "--set\n11111111-2222-3333-4444-555555555555-V%05d=u32:%d\n", i, i + 7
            if (kind == "settings")
                printf "--set\nram-limit=%s\n", i % 2 ? "off" : "on"
            if (kind == "delete")
                printf "--delete\n11111111-2222-3333-4444-555555555555-V%05d\n", i
            if (kind == "delete-names")
                printf "--delete\nV%05d\n", i
            if (kind == "pxe")
                printf "--boot-pxe\n02:00:00:00:%02x:%02x\n", int(i / 256), i % 256
            if (kind == "same-label")
                printf "--boot-pxe\nPXE=02:00:00:00:%02x:%02x\n", int(i / 256), i % 256
            if (kind == "file")
                printf "--boot-file\n/EFI/loader-%d.efi\n", i
            if (kind == "path")
                printf "--boot-add\nEntry %d=HD(1,GPT,00000000-0000-0000-0000-%012d)\n", i, i
        }
    }'
}

# menu KIND COUNT: edits of a menu with that many entries
menu() {
    awk -v kind="$1" -v n="$2" 'BEGIN {
        for (i = 0; i < n; i++) {
            if (kind == "remove")
                printf "--boot-remove\n%04X\n", i
            if (kind == "remove-label")
                printf "--boot-remove\nUEFI PXEv4 (MAC:02000000%04X)\n", i
            if (kind == "first")
                printf "--boot-first\n%04X\n", i
            if (kind == "last")
                printf "--boot-last\n%04X\n", i
            if (kind == "next")
                printf "--boot-next\n%04X\n", i
            if (kind == "disable")
                printf "--boot-disable\n%04X\n", i
            if (kind == "order")
                printf "--boot-order\n%04X,*\n", i
        }
    }'
}

# row KIND SMALL LARGE
row() {
    verdict=ok
    if awk "BEGIN { exit !($3 / $2 >= $bar) }"; then
        verdict=MISSED
        missed=1
    fi
    awk -v k="$1" -v s="$2" -v l="$3" -v bar="$bar" -v v="$verdict" 'BEGIN {
        printf "%-58s %10.1f %-13s %8s  %s\n", "growth, " k ", " int(s / 1000) " K -> " \
            int(l / 1000) " K instructions", l / s, "x", bar, v }'
}

# cost PRODUCER KIND IMAGE COUNT: instructions of one run of `patch` with those edits
cost() {
    "$1" "$2" "$4" | tr '\n' '\0' > arguments
    # shellcheck disable=SC2016
    xargs -0 -x -s 200000 sh -c 'image=$1; shift
        exec valgrind --tool=callgrind --callgrind-out-file=/dev/null \
            "$PROGRAM" patch -q "$image" -o out.fd "$@"' sh "$3" < arguments 2>log >/dev/null || {
        echo "growth: $2: failed" >&2
        grep -v '^==' log >&2
        exit 2
    }
    awk '/refs:/ { gsub(",", ""); print $NF }' log
}

wanted() { # KIND among the arguments, or no arguments at all
    kind=$1
    shift
    [ $# -eq 0 ] && return 0
    for k; do
        [ "$k" = "$kind" ] && return 0
    done
    return 1
}

export PROGRAM="$program"
records 1000
records 10000
records 0
for n in 100 1000; do
    for image in 0 "${n}0"; do
        edits pxe "$n" | tr '\n' '\0' | xargs -0 -x -s 200000 \
            "$program" patch -q "$image.fd" -o "menu$n-$image.fd"
    done
done

if wanted records "$@"; then
    row "list of records" "$(count "$program" list 1000.fd)" \
        "$(count "$program" list 10000.fd)"
fi
for kind in set change settings delete delete-names pxe same-label file path; do
    wanted "$kind" "$@" || continue
    row "$kind" "$(cost edits "$kind" 1000.fd 100)" "$(cost edits "$kind" 10000.fd 1000)"
    case $kind in change | delete*) continue ;; esac
    row "$kind, empty store" "$(cost edits "$kind" 0.fd 100)" \
        "$(cost edits "$kind" 0.fd 1000)"
done
for kind in remove remove-label first last next disable order; do
    wanted "$kind" "$@" || continue
    row "boot $kind" "$(cost menu "$kind" menu100-1000.fd 100)" \
        "$(cost menu "$kind" menu1000-10000.fd 1000)"
    row "boot $kind, empty store" "$(cost menu "$kind" menu100-0.fd 100)" \
        "$(cost menu "$kind" menu1000-0.fd 1000)"
done
exit $missed
