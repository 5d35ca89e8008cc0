#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Measures what docs/performance.md promises, beside `cp` and other tools:
#
#   tests/bench/run.sh [--quick] [--markdown] [PROGRAM]
#
# PROGRAM is fwvar of a Release build; without it the script makes one, in build-bench.
# Files lie in memory (/dev/shm), so that ratios to `cp` tell of the program and not of a
# disk; the full form takes 4 GB there for a moment. Instructions are counted by valgrind
# where it is installed, which gives the same number every time; system calls by strace.
# What can't be measured here is said on standard error. Bars are those of the project or
# tighter, a quarter above what was measured last. Exit status: 0 every bar was kept, 1 one
# was missed, 2 trouble.
#
#   --quick           fewer runs and hosts, for every change; a patch may take twice as
#                     long as cp, since the machine may have other work
#   --markdown        the table as it stands in docs/performance.md
#   FWVAR_BENCH_IMAGE the 4 MB image to use instead of the fixture
#   FWVAR_BENCH_STATIC  the small static program, stripped, whose size is judged
set -eu

runs=200
hosts=1000
cp_bar=1.5
BENCH_MARKDOWN=
while [ $# -gt 0 ]; do
    case $1 in
    --quick) runs=40 hosts=200 cp_bar=2 ;;
    --markdown) BENCH_MARKDOWN=1 ;;
    -*)
        echo "run.sh: no option is called $1" >&2
        exit 2
        ;;
    *) break ;;
    esac
    shift
done
export BENCH_MARKDOWN
here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
if [ $# -eq 0 ]; then
    {
        cmake -S "$project" -B "$project/build-bench" -DCMAKE_BUILD_TYPE=Release \
            -DFWVAR_TESTS=OFF && cmake --build "$project/build-bench" -j2
    } >&2
    set -- "$project/build-bench/src/fwvar"
fi
program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
static=${FWVAR_BENCH_STATIC:-}
case $static in '' | /*) ;; *) static=$PWD/$static ;; esac
packed=$project/fixtures
base=/dev/shm
[ -d "$base" ] && [ -w "$base" ] || base=${TMPDIR:-/tmp}
dir=$(mktemp -d "$base/fwvar-bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 2' INT TERM
if [ -n "${FWVAR_BENCH_IMAGE:-}" ]; then
    cat "$FWVAR_BENCH_IMAGE" >"$dir/small.fd"
else
    gzip -dc "$packed/rpi4-4m-stock.fd.gz" >"$dir/small.fd"
fi
cd "$dir"
# shellcheck source=tests/bench/lib.sh
. "$here/lib.sh"

# What the rows are measured on: the store at an offset that is known, in 4 MB and in 64; a
# store behind a volume of 60 MB, which only volume lengths lead to; a full main volume.
${CC:-cc} -O2 -o measure "$here/measure.c"
size=$(($(wc -c <small.fd) / 1024))
"$program" patch small.fd -q --set ram-limit=off -o set.fd
cat set.fd >known.fd
truncate -s 64M known.fd
{
    printf '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\170\345\214\214\075\212\034\117\231\065\211\141\205\303\055\323'
    printf '\0\0\300\003\0\0\0\0_FVH\377\376\004\0\110\0\116\357\0\0\0\002\300\003\0\0\0\0\001\0\0\0\0\0\0\0\0\0'
} >behind.fd
truncate -s 60M behind.fd
gzip -dc "$packed/aavmf-vars.fd.gz" >>behind.fd
truncate -s 64M behind.fd
gzip -dc "$packed/rpi5-stock.fd.gz" >board.fd
full=board.fd
if command -v python3 >/dev/null 2>&1; then
    python3 "$here/packed.py" board.fd full.fd "$(${CC:-cc} -print-prog-name=cc1)" &&
        full=full.fd
fi
[ $full = full.fd ] || without "a main volume of 14 MB" "python3 and gcc make it"

# measured RUNS COMMAND...: sets wall, cpu, peak and faults, and those of a second command,
# behind `::`, as wall2 and so on.
measured() {
    ./measure "$@" >figures
    {
        read -r wall cpu peak faults
        # shellcheck disable=SC2034 # not all of them are asked for
        read -r wall2 cpu2 peak2 faults2 || :
    } <figures
}

# traced COMMAND...: leaves its system calls in `calls`; fails where that can't be seen.
traced() {
    strace -qq -o calls "$@" >/dev/null 2>&1
}
# bytes_read FILE: from where it is opened to the end.
bytes_read() {
    awk -v file="\"$1\"" 'index($0, file) { on = 1 }
        on && /^p?read/ { sum += $NF } END { print int(sum / 1024) }' calls
}
can_trace=
if strace -o /dev/null true 2>/dev/null; then can_trace=1; fi
[ -n "$can_trace" ] || without "system calls" "strace is not installed or may not trace"
have_valgrind || without instructions "valgrind is not installed"

row_patch() {
    set -- "$program" patch small.fd -q --set ram-limit=off -o out.fd
    export MEASURE_REMOVE=out.fd
    measured "$runs" "$@" :: cp small.fd out.fd
    what="patch a setting, 4 MB image to a new file"
    row "$what" "$(ratio "$wall" "$wall2")" "x cp" "$cp_bar" 1 "$wall us, cp $wall2"
    row "$what, CPU time" "$(ratio "$cpu" "$cpu2")" "x cp" - "" "$cpu us, cp $cpu2"
    row "$what, peak memory" "$peak" KB 3700 "$peak2" "the image has $size"
    row "$what, page faults" "$faults" "" 275 "$faults2"
    unset MEASURE_REMOVE
    if have_valgrind; then
        rm -f out.fd
        here_count=$(count "$@")
        rm -f out.fd
        row "$what" "$here_count" "K instr." 1700 "$(count cp small.fd out.fd)"
    fi
    if [ -n "$can_trace" ]; then
        rm -f out.fd
        traced cp small.fd out.fd
        of_cp=$(wc -l <calls)
        rm -f out.fd
        traced "$@"
        row "$what, system calls" "$(wc -l <calls)" "" 190 "$of_cp"
        row "$what, flushes to disk" "$(grep -c '^f[a-z]*sync' calls)" "" 2 0 "file and folder"
    fi
}

# reader K-INSTR KB NAME ARGUMENT...: a command that reads, on images of both sizes
reader() {
    bar=$1
    bar_read=$2
    name=$3
    shift 3
    if have_valgrind; then
        near=$(count "$program" "$name" set.fd "$@")
        far=$(count "$program" "$name" known.fd "$@")
        row "$name, 4 MB image" "$near" "K instr." "$bar"
        row "$name, 64 MB image against 4 MB" "$(ratio "$far" "$near")" x 1.1
    fi
    measured 20 "$program" "$name" known.fd "$@" :: "$program" "$name" set.fd "$@"
    row "$name, 64 MB image, peak memory" "$peak" KB 3500
    row "$name, 64 MB image, page faults above 4 MB" $((faults - faults2)) "" 16
    if [ -n "$can_trace" ]; then
        traced "$program" "$name" known.fd "$@"
        row "$name, 64 MB image, read" "$(bytes_read known.fd)" KB "$bar_read" 65536
    fi
}

rows_read() {
    reader 680 192 list
    reader 950 512 boot
    reader 680 192 get ram-limit
    if [ -n "$can_trace" ]; then
        traced "$program" list behind.fd
        row "list, store behind a volume of 60 MB, read" "$(bytes_read behind.fd)" KB 1024 65536 \
            "the volume has 768"
    fi
}

rows_unpack() {
    board=$(($(wc -c <board.fd) / 1024))
    for command in info settings; do
        measured 5 "$program" "$command" $full
        row "$command, main volume of 14 MB" "$((wall / 1000))" ms 500
        row "$command, main volume of 14 MB, peak memory" "$peak" KB $((board + 32768)) \
            "" "the image has $board"
    done
}

# A server's request: microseconds of CPU, on an open image and from bytes to bytes, both
# without the copy of the image.
rows_request() {
    library=$(dirname "$program")/libfwvar.a
    [ -f "$library" ] || return 0
    # shellcheck disable=SC2046
    ${CC:-cc} -O2 -D_GNU_SOURCE -I"$project/include" -I"$project/docs/examples" \
        -o request "$here/request.c" "$project/docs/examples/tftp.c" "$library" \
        $(pkg-config --cflags --libs jansson uuid) -lz -llzma
    plan=$packed/plans/netboot.json
    row "apply a plan per request, 4 MB image" "$(./request small.fd "$plan" 100)" us 60
    row "apply a plan from bytes to bytes, 4 MB image" \
        "$(./request small.fd "$plan" 10 bytes)" us 200
}

# One image for each host, against a loop that copies; the hosts are new each time.
rows_fleet() {
    room=$(df -Pk . | awk 'NR == 2 { print int($4) }')
    if [ "$room" -lt $((hosts * (size + 64))) ]; then
        without "fleet, $hosts hosts" "they take $((hosts * size / 1024)) MB of $base"
        return
    fi
    {
        echo serial,name
        awk "BEGIN { for (i = 0; i < $hosts; i++) printf \"%08x,h%d\\n\", i, i }"
    } >hosts.csv
    echo '{"schema": 1, "settings": {"asset-tag": "{name}"}}' >plan.json
    cat >copies.sh <<EOF
rm -rf fleet
i=0
while [ \$i -lt $hosts ]; do
    mkdir -p fleet/\$i
    cp small.fd fleet/\$i/RPI_EFI.fd
    i=\$((i + 1))
done
EOF
    set -- "$program" fleet hosts.csv small.fd --plan plan.json -q -o fleet
    echo "rm -rf fleet; exec $*" >fleet.sh
    measured 3 sh fleet.sh :: sh copies.sh
    copies=$wall2
    row "fleet, $hosts hosts" "$(ratio "$wall" "$copies")" "x cp" 0.6 1 \
        "$((wall / 1000)) ms, cp $((copies / 1000))"
    rm -rf fleet
    sh fleet.sh
    measured 3 "$@"
    row "fleet, $hosts hosts, all right already" "$(ratio "$wall" "$copies")" "x cp" 0.6 1
    row "fleet, $hosts hosts, peak memory" "$peak" KB $((size + 4096)) "" "the image has $size"
    rm -rf fleet
}

row_static() {
    if [ ! -f "$static" ]; then
        without "static program" "FWVAR_BENCH_STATIC does not name it"
        return 0
    fi
    row "static program, stripped" "$(wc -c <"$static")" bytes 409600
    if have_valgrind; then
        row "static program, list, 4 MB image" "$(count "$static" list small.fd)" "K instr." 2500
    fi
}

# against TOOL WHAT RUNS ITS-COMMAND... :: OURS...: no bar, they do more besides
against() {
    tool=$1
    shift
    if ! command -v "$tool" >/dev/null 2>&1; then
        without "$tool, $1" "it is not installed"
        return 0
    fi
    what=$1
    shift
    measured "$@"
    row "$tool, $what" "$(ratio "$wall" "$wall2")" "x fwvar" - "" "$wall us, fwvar $wall2 us"
}

rows_others() {
    gzip -dc "$packed/ovmf-4m-keys.fd.gz" >ovmf.fd
    cat >one.json <<'EOF'
{"version": 2, "variables": [{"name": "Timeout", "guid": "8be4df61-93ca-11d2-aa0d-00e098032b8c",
 "attr": 7, "data": "0500"}]}
EOF
    against virt-fw-vars "list, OVMF store" 5 virt-fw-vars -i ovmf.fd --print :: \
        "$program" list ovmf.fd
    against virt-fw-vars "set a variable, OVMF store" 5 \
        virt-fw-vars -i ovmf.fd --set-json one.json -o theirs.fd :: \
        "$program" import ovmf.fd one.json -o ours.fd
    against uefiextract "list, 4 MB image" 5 uefiextract small.fd report :: \
        "$program" list small.fd
}

# The machine, so that a table says what it is of.
{
    uname -srm
    awk -F': *' '/^model name/ && !n++ { print $2 }' /proc/cpuinfo
    echo "$(nproc) processors, $(${CC:-cc} --version | head -n 1)"
    echo "$("$program" --version | head -n 1), $(date -u +%Y-%m-%d)"
} >&2
head_of_table
row_patch
rows_read
rows_unpack
rows_request
rows_fleet
row_static
rows_others
if have_valgrind; then
    sh "$here/growth.sh" "$program" || missed=1
fi
exit "$missed"
