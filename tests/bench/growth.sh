#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Measures how the cost grows: growth.sh PROGRAM [KIND...]
#
# Each line tells how many times the instructions of a small run a run of ten times its
# size takes: 1,000 edits on 10,000 records against 100 on 1,000, and again on an empty
# store, where the records do not hide what the edits cost. design.md allows 20, this
# script 12; ten would be a straight line through nothing. Instructions are those of
# valgrind's callgrind, start-up included. FWVAR_JOBS: how many are counted at a time, as
# many as there are processors. Exit status 1: the bar was missed, 2: trouble.
set -eu

program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
shift
here=$(cd "$(dirname "$0")" && pwd)
bar=12
jobs=${FWVAR_JOBS:-$(nproc 2>/dev/null || echo 1)}
dir=$(mktemp -d "${TMPDIR:-/tmp}/fwvar-growth.XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 2' INT TERM
cd "$dir"
# shellcheck source=tests/bench/lib.sh
. "$here/lib.sh"

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
# shellcheck disable=SC2317 # called by its name
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

# plan KIND COUNT: the same number of things, in a plan
plan() {
    awk -v kind="$1" -v n="$2" 'BEGIN {
        guid = "11111111-2222-3333-4444-555555555555"
        form["variables"] = "{\"name\":\"V%05d\",\"guid\":\"" guid "\",\"type\":\"u32\",\"value\":%d}"
        form["settings"] = "\"V%05d\":\"u32:%d\""
        form["delete"] = "\"" guid "-V%05d\""
        form["boot"] = "{\"label\":\"Entry %d\",\"http\":\"http://192.0.2.1/%d.efi\"}"
        open["boot"] = "{\"entries\":["; shut["boot"] = "]}"
        open["settings"] = "{"; shut["settings"] = "}"
        printf "{\"schema\":1,\"%s\":%s", kind, kind in open ? open[kind] : "["
        for (i = 0; i < n; i++)
            printf(i ? "," form[kind] : form[kind], i * 10, i + 10)
        print (kind in shut ? shut[kind] : "]") "}"
    }'
}

# cost PRODUCER KIND IMAGE COUNT: instructions of one run, in thousands
cost() {
    case $1 in
    list) count "$program" list "$3" ;;
    plan)
        plan "$2" "$4" >plan.json
        count "$program" patch -q "$3" -o out.fd --plan plan.json
        ;;
    *)
        image=$3
        arguments=$("$1" "$2" "$4")
        IFS='
'
        set -f # the order of a menu has a * in it
        # shellcheck disable=SC2086 # an argument a line
        set -- $arguments
        unset IFS
        count "$program" patch -q "$image" -o out.fd "$@"
        ;;
    esac
}

wanted() { # KIND among the arguments, or no arguments at all
    want=$1
    shift
    [ $# -eq 0 ] && return 0
    for k; do
        [ "$k" = "$want" ] && return 0
    done
    return 1
}

# What to measure: PRODUCER KIND SMALL-IMAGE LARGE-IMAGE TITLE
rows() {
    wanted records "$@" && echo "list records 1000 10000 list of records"
    for kind in set change settings delete delete-names pxe same-label file path; do
        wanted "$kind" "$@" || continue
        echo "edits $kind 1000 10000 $kind"
        case $kind in change | delete*) continue ;; esac
        echo "edits $kind 0 0 $kind, empty store"
    done
    for kind in remove remove-label first last next disable order; do
        wanted "$kind" "$@" || continue
        echo "menu $kind menu100-1000 menu1000-10000 boot $kind"
        echo "menu $kind menu100-0 menu1000-0 boot $kind, empty store"
    done
    for kind in variables settings delete boot; do
        wanted plan "$@" && echo "plan $kind 1000 10000 plan, $kind"
    done
    return 0
}

# work N: every N-th row, in a folder of its own
work() {
    mkdir "$1"
    cd "$1"
    n=0
    while read -r producer kind small large title; do
        n=$((n + 1))
        [ $((n % jobs)) -eq "$1" ] || continue
        first=$(cost "$producer" "$kind" "../$small.fd" 100)
        second=$(cost "$producer" "$kind" "../$large.fd" 1000)
        echo "$first $second $title" >"../row.$n"
    done <../list
}

records 1000
records 10000
records 0
for n in 100 1000; do
    for image in 0 "${n}0"; do
        edits pxe "$n" | tr '\n' '\0' | xargs -0 -x -s 200000 \
            "$program" patch -q "$image.fd" -o "menu$n-$image.fd"
    done
done
rows "$@" >list
[ -s list ] || {
    echo "growth.sh: nothing is called $*" >&2
    exit 2
}

workers=
i=0
while [ "$i" -lt "$jobs" ]; do
    (trap - EXIT && work "$i") &
    workers="$workers $!"
    i=$((i + 1))
done
for worker in $workers; do
    wait "$worker" || exit 2
done
n=0
while read -r producer kind small large title; do
    n=$((n + 1))
    read -r first second title <"row.$n"
    row "growth, $title" "$(ratio "$second" "$first")" x "$bar" - \
        "$first K instructions to $second K"
done <list
exit "$missed"
