#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Measures what docs/performance.md promises: tests/bench/run.sh [--quick] PROGRAM
#
# PROGRAM is fwvar of a Release build. Files lie in memory (/dev/shm), so that ratios to
# `cp` tell of the program and not of a disk. Instructions are counted by valgrind where it
# is installed, which gives the same number every time. Exit status 1: a bar was missed.
# Inputs are the fixtures, padded, or FWVAR_BENCH_IMAGE (a 4 MB image).
set -eu

runs=200
if [ "${1:-}" = --quick ]; then
    runs=40
    shift
fi
program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
here=$(cd "$(dirname "$0")" && pwd)
base=/dev/shm
[ -d "$base" ] && [ -w "$base" ] || base=${TMPDIR:-/tmp}
dir=$(mktemp -d "$base/fwvar-bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 2' INT TERM
cd "$dir"

${CC:-cc} -O2 -o measure "$here/measure.c"
if [ -n "${FWVAR_BENCH_IMAGE:-}" ]; then
    cp "$FWVAR_BENCH_IMAGE" small.fd
else
    gzip -dc "$here/../../fixtures/rpi4-4m-stock.fd.gz" > small.fd
fi
chmod u+w small.fd
gzip -dc "$here/../../fixtures/aavmf-vars.fd.gz" > large.fd
truncate -s 64M large.fd
missed=0

# row WHAT VALUE UNIT BAR
row() {
    verdict=ok
    if awk "BEGIN { exit !($2 > $4) }"; then
        verdict=MISSED
        missed=1
    fi
    printf '%-58s %10s %-13s %8s  %s\n' "$1" "$2" "$3" "$4" "$verdict"
}

count() { # instructions of a command, in thousands
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null |
        awk '/refs:/ { gsub(",", ""); print int($NF / 1000) }'
}

wall() { ./measure "$@" | cut -d' ' -f1; }
peak() { ./measure 3 "$@" | cut -d' ' -f2; }
ratio() { awk "BEGIN { printf \"%.2f\", $1 / $2 }"; }

printf '%-58s %10s %-13s %8s\n' what measured unit bar
export MEASURE_REMOVE=out.fd
cp_time=$(wall "$runs" cp small.fd out.fd)
patch_time=$(wall "$runs" "$program" patch small.fd -q --set ram-limit=off -o out.fd)
row "patch one setting in a 4 MB image to a new file" \
    "$(ratio "$patch_time" "$cp_time")" "x cp" 1.5
unset MEASURE_REMOVE

if command -v valgrind >/dev/null 2>&1; then
    row "patch one setting in a 4 MB image to a new file" \
        "$(count "$program" patch small.fd -q --set ram-limit=off -o out.fd)" \
        "K instr." 3000
    for command in list boot "get ram-limit"; do
        # shellcheck disable=SC2086
        set -- $command
        name=$1
        shift
        "$program" patch small.fd -q --set ram-limit=off -o set.fd
        row "$command, 4 MB image" "$(count "$program" "$name" set.fd "$@")" "K instr." 3000
    done
    row "list, 64 MB image against 4 MB image" \
        "$(ratio "$(count "$program" list large.fd)" "$(count "$program" list small.fd)")" \
        "x" 1.2
else
    echo "valgrind is not installed: instructions are not counted"
fi

row "info, 4 MB image" "$(wall 5 "$program" info small.fd)" "us" 500000
size=$(($(wc -c < small.fd) / 1024))
row "patch, peak memory above the image's size" \
    "$(($(peak "$program" patch small.fd -q --set ram-limit=off -o out.fd) - size))" KB 4096
row "list, 64 MB image, peak memory" "$(peak "$program" list large.fd)" KB 69632
if command -v valgrind >/dev/null 2>&1; then
    sh "$here/growth.sh" "$program" || missed=1
fi
exit $missed
