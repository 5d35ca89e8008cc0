#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Fuzzes: run.sh [--afl] [--minutes=N] [--folder=DIR] [TARGET...]
#
# Builds the targets in DIR (build-fuzz) and runs each for N minutes (1), one after the
# other (0: reads the corpus only), with ASan, UBSan, the dictionary and the committed corpus. New inputs go to
# DIR/corpus/TARGET, findings to DIR/TARGET-crash-…; at the end a line for each target says
# how often it ran, how fast, and how many edges of the code its corpus reaches.
# libFuzzer (clang), or with --afl AFL++ in its persistent mode. Exit status 1: a finding.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
project=$(CDPATH='' cd -- "$here/../.." && pwd)
minutes=1
folder=$project/build-fuzz
afl=0
while [ $# -gt 0 ]; do
    case $1 in
    --afl) afl=1 ;;
    --minutes=*) minutes=${1#*=} ;;
    --folder=*) folder=${1#*=} ;;
    -*)
        sed -n '4,14s/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
    *) break ;;
    esac
    shift
done
[ $# -gt 0 ] || set -- image edit devpath plan exchange content text file
found=0

# The library needs the counters too, not only the target. Freed memory is not kept: an
# image is 128 KB, and a quarantine of 256 MB costs more than half the time.
coverage='-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all'
CC=${CC:-clang}
option=ON
if [ $afl -eq 1 ]; then
    CC=afl-clang-fast
    coverage='-fsanitize=address,undefined -fno-sanitize-recover=all'
    folder=$folder-afl
fi
command -v "$CC" >/dev/null 2>&1 || {
    echo "run.sh: $CC is not installed" >&2
    exit 2
}
cmake -S "$project" -B "$folder" -DCMAKE_C_COMPILER="$CC" -DCMAKE_BUILD_TYPE=RelWithDebInfo \
    -DFWVAR_FUZZ=$option -DCMAKE_C_FLAGS="$coverage -UNDEBUG" ${GENERATOR:+-G "$GENERATOR"} >/dev/null
for target; do
    cmake --build "$folder" --target "fuzz_$target" -j "${JOBS:-2}" >/dev/null
done
export ASAN_OPTIONS="quarantine_size_mb=1:malloc_context_size=2:detect_leaks=1${ASAN_OPTIONS:+:$ASAN_OPTIONS}"

# say TARGET RUNS RATE EDGES INPUTS
say() { printf '%-10s %12s runs %8s /s %8s edges %7s inputs\n' "$@"; }

run_libfuzzer() { # TARGET
    mkdir -p "$folder/corpus/$1"
    limit=-max_total_time=$((minutes * 60))
    [ "$minutes" -gt 0 ] || limit=-runs=0 # 0 would be for ever; this only reads the corpus
    "$folder/tests/fuzz_$1" "$limit" -dict="$here/fuzz.dict" \
        -artifact_prefix="$folder/$1-" -timeout=10 -rss_limit_mb=1024 -max_len=65536 \
        -use_value_profile=0 -print_final_stats=1 "$folder/corpus/$1" \
        "$here/corpus/$1" > "$folder/$1.log" 2>&1 || {
        found=1
        tail -n 30 "$folder/$1.log"
    }
    # shellcheck disable=SC2046
    say "$1" $(awk '/number_of_executed_units/ { runs = $2 }
        /average_exec_per_sec/ { rate = $2 } / cov: / { for (i = 1; i < NF; i++)
            if ($i == "cov:") edges = $(i + 1); else if ($i == "corp:") inputs = $(i + 1) }
        END { sub("/.*", "", inputs); print runs + 0, rate + 0, edges + 0, inputs + 0 }' "$folder/$1.log")
}

run_afl() { # TARGET
    rm -rf "$folder/afl-$1"
    AFL_SKIP_CPUFREQ=1 AFL_NO_UI=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 \
        afl-fuzz -V $((minutes * 60)) -x "$here/fuzz.dict" -i "$here/corpus/$1" -m none \
        -o "$folder/afl-$1" -- "$folder/tests/fuzz_$1" > "$folder/$1.log" 2>&1 || {
        found=1
        tail -n 20 "$folder/$1.log"
    }
    stats=$folder/afl-$1/default/fuzzer_stats
    [ -f "$stats" ] || return 0
    field() { awk -v f="$1" '$1 == f { print $3 }' "$stats"; }
    [ "$(field saved_crashes)" = 0 ] && [ "$(field saved_hangs)" = 0 ] || found=1
    say "$1" "$(field execs_done)" "$(field execs_per_sec)" "$(field edges_found)" \
        "$(field corpus_count)"
}

for target; do
    if [ $afl -eq 1 ]; then
        run_afl "$target"
    else
        run_libfuzzer "$target"
    fi
done
exit $found
