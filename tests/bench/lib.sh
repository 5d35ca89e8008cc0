# SPDX-License-Identifier: BSD-2-Clause-Patent
# shellcheck shell=sh disable=SC2034 # used by those who read this
# Shared by the scripts of this folder: counting, and the rows of the table.
# BENCH_MARKDOWN: the table as it stands in docs/performance.md.

missed=0

head_of_table() {
    if [ -n "${BENCH_MARKDOWN:-}" ]; then
        echo '| what | measured | bar | cp | |'
        echo '|---|---:|---:|---:|---|'
    else
        printf '%-57s %17s %9s %9s\n' what measured bar cp
    fi
}

# row WHAT VALUE UNIT BAR [CP] [NOTE]: `-` is no bar, or nothing that cp would do too.
row() {
    verdict=ok
    [ "$4" != - ] || verdict=
    if [ "$4" != - ] && awk "BEGIN { exit !($2 > $4) }"; then
        verdict=MISSED
        missed=1
    fi
    if [ -n "${BENCH_MARKDOWN:-}" ]; then
        printf '| %s | %s %s | %s | %s | %s |\n' "$1" "$2" "$3" "$4" "${5:--}" \
            "$verdict${verdict:+${6:+, }}${6:-}"
    else
        printf '%-57s %8s %-8s %9s %9s  %-6s %s\n' "$1" "$2" "$3" "$4" "${5:--}" \
            "$verdict" "${6:-}"
    fi
}

# What could not be measured is said, and misses no bar.
without() { echo "$1: not measured, $2" >&2; }

# count COMMAND...: its instructions, in thousands; it has to succeed.
count() {
    log=$(mktemp count.XXXXXX)
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>"$log" >/dev/null || {
        echo "bench: failed: $*" >&2
        grep -v '^==' "$log" >&2
        exit 2
    }
    awk '/refs:/ { gsub(",", ""); print int($NF / 1000) }' "$log"
    rm -f "$log"
}

have_valgrind() { command -v valgrind >/dev/null 2>&1; }

ratio() { awk "BEGIN { printf \"%.2f\", $1 / $2 }"; }
