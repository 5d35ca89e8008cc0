#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Every public header compiles alone, without extensions and without a warning:
# tests/consumer/headers.sh c|cxx FOLDER... (the folders that hold fwvar/*.h).

set -eu

what=$1
shift
case $what in
c) compile="${CC:-cc} -x c -std=c11" ;;
cxx) compile="${CXX:-c++} -x c++ -std=c++11" ;;
esac
command -v "${compile%% *}" >/dev/null 2>&1 || {
    echo "SKIPPED: there is no ${compile%% *}"
    exit 77
}
include=
for folder; do
    include="$include -I$folder"
done
count=0
for folder; do
    for header in "$folder"/fwvar/*.h; do
        # Twice, to see that the guard works.
        # shellcheck disable=SC2086 # words are what is meant
        printf '#include <fwvar/%s>\n#include <fwvar/%s>\nint translation_unit;\n' \
            "${header##*/}" "${header##*/}" |
            $compile -pedantic -Wall -Wextra -Wundef -Werror $include \
                -fsyntax-only - || {
            echo "headers.sh: $header does not compile alone" >&2
            exit 1
        }
        count=$((count + 1))
    done
done
[ "$count" -gt 10 ] || {
    echo "headers.sh: only $count headers" >&2
    exit 1
}
