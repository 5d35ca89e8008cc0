#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Line coverage of src/: coverage.sh [--corpora] [--folder=DIR] [CTEST-ARGUMENT...]
#
# Builds with counters in DIR (build-coverage), runs ctest, or with --corpora only the
# replays of the fuzz corpora, and prints how many lines of each room of src/ were run,
# and those of format, edit and inspect that were not. Needs gcc and gcov.
set -eu

project=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
folder=$project/build-coverage
what=
build=
while [ $# -gt 0 ]; do
    case $1 in
    --corpora) what='-R ^fuzz_' build='--target fuzz_targets' ;;
    --folder=*) folder=${1#*=} ;;
    *) break ;;
    esac
    shift
done
cmake -S "$project" -B "$folder" -DCMAKE_C_COMPILER="${CC:-gcc}" -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_C_FLAGS='--coverage -O0' ${GENERATOR:+-G "$GENERATOR"} >/dev/null
# shellcheck disable=SC2086
cmake --build "$folder" $build -j "${JOBS:-2}" >/dev/null
find "$folder" -name '*.gcda' -delete
# shellcheck disable=SC2086
ctest --test-dir "$folder" $what "$@" > "$folder/ctest.log" 2>&1 || tail -n 20 "$folder/ctest.log"

mkdir -p "$folder/gcov"
cd "$folder/gcov"
rm -f ./*.gcov
find "$folder/src" -name '*.gcda' | while read -r counters; do
    "${GCOV:-gcov}" -p "$counters" >/dev/null 2>&1 || :
done
# Each line of a .gcov file: count, number, text; "#####" was never run, "-" is no code.
for file in *.gcov; do
    case $file in *'#src#'*.c.gcov) ;; *) continue ;; esac
    path=$(printf '%s\n' "${file##*#src#}" | sed 's/\.gcov$//; s,#,/,g')
    awk -F: -v path="$path" '
        $1 ~ /#####|=====/ { print "missed", path, $2 + 0; next }
        $1 !~ /-$/ && $2 + 0 > 0 { print "run", path, $2 + 0 }' "$file"
done > lines.txt
awk '{ split($2, part, "/"); room = part[1]; all[room]++; total++
       if ($1 == "run") { run[room]++; runs++ } }
     END { for (room in all)
               printf "%-8s %6.1f %% of %5d lines\n", room, 100 * run[room] / all[room], all[room]
           printf "%-8s %6.1f %% of %5d lines\n", "all", 100 * runs / total, total }' lines.txt | sort
awk '$1 == "missed" && $2 ~ /^(format|edit|inspect)\// { print $2 ":" $3 }' lines.txt > missed.txt
echo "not run in format, edit and inspect: $(wc -l < missed.txt) lines, see $folder/gcov/missed.txt"
