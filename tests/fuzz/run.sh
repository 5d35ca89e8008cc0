#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Fuzzes: run.sh [--afl] [--minutes=N] [--folder=DIR] [TARGET...]
#
# Builds the targets in DIR (build-fuzz) and runs each for N minutes of CPU time (1), one
# after the other (0: reads the corpus only), with ASan, UBSan, the dictionary and the
# committed corpus. New inputs go to DIR/corpus/TARGET, so that a later run goes on from
# there; findings to DIR/TARGET-crash-…. At the end a line for each target says how often
# it ran, how fast, and how many edges of the code its corpus reaches.
# libFuzzer (clang), or with --afl AFL++ in its persistent mode; AFL++ measures its
# minutes by the clock. Exit status 1: a finding.
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
        sed -n '4,13s/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
    *) break ;;
    esac
    shift
done
[ $# -gt 0 ] || set -- image edit memory devpath plan exchange content text file
found=0

# The library needs the counters too, not only the target.
coverage='-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all'
CC=${CC:-clang}
option=ON
if [ $afl -eq 1 ]; then
    CC='afl-clang-fast'
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

# Freed memory is not kept, nor given back: an image is 128 KB, and a quarantine of 256 MB
# costs more than half the time. AFL++ wants a signal, and looks for no leaks.
asan=quarantine_size_mb=1:malloc_context_size=2:allocator_release_to_os_interval_ms=-1
if [ $afl -eq 1 ]; then
    asan=$asan:abort_on_error=1:symbolize=0:detect_leaks=0
else
    asan=$asan:detect_leaks=1
fi
export ASAN_OPTIONS="$asan${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
tick=$(getconf CLK_TCK)

# say TARGET RUNS SECONDS EDGES INPUTS
say() {
    printf '%-10s %12s runs in %6s s, %8s /s %8s edges %7s inputs\n' "$1" "$2" "$3" \
        $(($2 / ($3 > 0 ? $3 : 1))) "$4" "$5"
}

# Ends process $1 when it has used its minutes. Sets seconds, those of CPU time.
watch() {
    seconds=0
    while line=$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null); do # its name may have blanks
        # shellcheck disable=SC2086
        set -- "$1" $line
        seconds=$(((${13} + ${14}) / tick))
        [ "$2" != Z ] || break
        if [ "$minutes" -gt 0 ] && [ "$seconds" -ge $((minutes * 60)) ]; then
            kill -INT "$1" 2>/dev/null || :
            break
        fi
        sleep 1
    done
}

run_libfuzzer() { # TARGET
    mkdir -p "$folder/corpus/$1"
    limit=
    [ "$minutes" -gt 0 ] || limit=-runs=0 # this only reads the corpus
    # A limit of time for one input that a loaded machine does not trip over.
    # shellcheck disable=SC2086
    "$folder/tests/fuzz_$1" $limit -dict="$here/fuzz.dict" \
        -artifact_prefix="$folder/$1-" -timeout=60 -rss_limit_mb=1024 -max_len=65536 \
        -entropic_scale_per_exec_time=1 -use_value_profile=0 -print_final_stats=1 \
        "$folder/corpus/$1" "$here/corpus/$1" > "$folder/$1.log" 2>&1 &
    watch $!
    code=0
    wait $! || code=$?
    if [ $code -ne 0 ] && [ $code -ne 72 ]; then # 72: interrupted, as it should
        found=1
        tail -n 30 "$folder/$1.log"
    fi
    # shellcheck disable=SC2046
    set -- "$1" $(awk '/number_of_executed_units/ { runs = $2 }
        / cov: / { for (i = 1; i < NF; i++)
            if ($i == "cov:") edges = $(i + 1); else if ($i == "corp:") inputs = $(i + 1) }
        END { sub("/.*", "", inputs); print runs + 0, edges + 0, inputs + 0 }' "$folder/$1.log")
    say "$1" "$2" "$seconds" "$3" "$4"
}

run_afl() { # TARGET
    rm -rf "$folder/afl-$1"
    AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 \
        afl-fuzz -V $((minutes * 60)) -t 10000 -x "$here/fuzz.dict" -i "$here/corpus/$1" \
        -m none -o "$folder/afl-$1" -- "$folder/tests/fuzz_$1" > "$folder/$1.log" 2>&1 || {
        found=1
        tail -n 20 "$folder/$1.log"
    }
    stats=$folder/afl-$1/default/fuzzer_stats
    [ -f "$stats" ] || return 0
    field() { awk -v f="$1" '$1 == f { print $3 }' "$stats"; }
    [ "$(field saved_crashes)" = 0 ] && [ "$(field saved_hangs)" = 0 ] || found=1
    say "$1" "$(field execs_done)" "$(field run_time)" "$(field edges_found)" \
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
