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

# A server's request: microseconds of CPU, on an open image and from bytes to bytes, both
# without the copy of the image.
library=$(dirname "$program")/libfwvar.a
if [ -f "$library" ]; then
    # shellcheck disable=SC2046
    ${CC:-cc} -O2 -D_GNU_SOURCE -I"$here/../../include" -I"$here/../../docs/examples" \
        -o request "$here/request.c" "$here/../../docs/examples/tftp.c" "$library" \
        $(pkg-config --cflags --libs jansson uuid) -lz -llzma
    plan=$here/../../fixtures/plans/netboot.json
    row "apply a plan per request, 4 MB image" "$(./request small.fd "$plan" 100)" "us" 200
    row "apply a plan from bytes to bytes, 4 MB image" \
        "$(./request small.fd "$plan" 10 bytes)" "us" 200
fi

# make_plan KIND COUNT STEP: a plan about every STEP-th of COUNT variables.
make_plan() {
    awk -v kind="$1" -v count="$2" -v step="$3" 'BEGIN {
        guid = "11111111-2222-3333-4444-555555555555"
        form["variables"] = "{\"name\":\"V%05d\",\"guid\":\"" guid "\",\"type\":\"u32\",\"value\":%d}"
        form["settings"] = "\"V%05d\":\"u32:%d\""
        form["delete"] = "\"" guid "-V%05d\""
        form["boot"] = "{\"label\":\"Entry %d\",\"http\":\"http://192.0.2.1/%d.efi\"}"
        open["boot"] = "{\"entries\":["; close_["boot"] = "]}"
        open["settings"] = "{"; close_["settings"] = "}"
        printf "{\"schema\":1,\"%s\":%s", kind, kind in open ? open[kind] : "["
        for (i = 0; i < count; i += step)
            printf(i ? "," form[kind] : form[kind], i, i + step)
        print (kind in close_ ? close_[kind] : "]") "}"
    }'
}

# Ten times the records and edits may cost twenty times as much.
if command -v valgrind >/dev/null 2>&1; then
    for n in 1000 10000; do
        "$program" format --length 0x810000 --store-size 0x400000 -o "store.$n" -q
        make_plan variables "$n" 1 | "$program" patch "store.$n" -q --plan - --in-place
    done
    for kind in variables settings delete boot; do
        make_plan "$kind" 1000 10 >small.json
        make_plan "$kind" 10000 10 >large.json
        row "plan: 10,000 records, 1,000 of $kind, against a tenth" \
            "$(ratio "$(count "$program" patch store.10000 -q --plan large.json -o out.fd)" \
                "$(count "$program" patch store.1000 -q --plan small.json -o out.fd)")" "x" 20
    done
fi

# One image for each host, against a loop that copies; the hosts are new each time.
fleet_hosts=$((runs * 5))
{
    echo serial,name
    awk "BEGIN { for (i = 0; i < $fleet_hosts; i++) printf \"%08x,h%d\\n\", i, i }"
} > hosts.csv
echo '{"schema": 1, "settings": {"asset-tag": "{name}"}}' > plan.json
cat > copies.sh <<EOF
rm -rf copies
i=0
while [ \$i -lt $fleet_hosts ]; do
    mkdir -p copies/\$i
    cp small.fd copies/\$i/RPI_EFI.fd
    i=\$((i + 1))
done
EOF
cat > fleet.sh <<EOF
rm -rf fleet
"$program" fleet hosts.csv small.fd --plan plan.json -q -o fleet
EOF
sh copies.sh
copies=$(wall 3 sh copies.sh)
rm -rf copies
sh fleet.sh
fleet=$(wall 3 sh fleet.sh)
row "fleet, $fleet_hosts hosts, against a loop of cp" "$(ratio "$fleet" "$copies")" "x cp" 1
same=$(wall 3 "$program" fleet hosts.csv small.fd --plan plan.json -q -o fleet)
row "fleet, all right already, against a loop of cp" "$(ratio "$same" "$copies")" "x cp" 1
row "fleet, peak memory above the image's size" \
    "$(($(peak "$program" fleet hosts.csv small.fd --plan plan.json -q -o fleet) -
        $(wc -c < small.fd) / 1024))" KB 65536
rm -rf fleet

row "info, 4 MB image" "$(wall 5 "$program" info small.fd)" "us" 500000
size=$(($(wc -c < small.fd) / 1024))
row "patch, peak memory above the image's size" \
    "$(($(peak "$program" patch small.fd -q --set ram-limit=off -o out.fd) - size))" KB 4096
row "list, 64 MB image, peak memory" "$(peak "$program" list large.fd)" KB 69632
if command -v valgrind >/dev/null 2>&1; then
    sh "$here/growth.sh" "$program" || missed=1
fi
exit $missed
