#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Static analysis: analyse.sh BUILD [FILE...]
#
# BUILD is a build tree with compile_commands.json (CMake writes it). FILE: sources to look
# at, all of src/ unless told. Runs cppcheck, `gcc -fanalyzer`, clang with more warnings
# than the build has, and clang-tidy (.clang-tidy), whatever of them is installed.
# Exit status 1: something was found, 2: none of them is installed.
set -eu

project=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=$(CDPATH='' cd -- "$1" && pwd)
shift
cd "$project"
if [ $# -eq 0 ]; then
    set -- src/*/*.c
fi
found=0
ran=0
flags='-std=c11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -Iinclude -Isrc'

begin() { # TOOL: says so, or that it is not there
    if ! command -v "$1" >/dev/null 2>&1; then
        echo "$1 is not installed: skipped"
        return 1
    fi
    echo "$1 …"
    ran=1
}

if begin cppcheck; then
    # uninitvar: it takes a buffer that is handed over to be filled for one that is read.
    # memleak: what an array of structs took over. knownConditionTrueFalse and the like
    # are style.
    cppcheck --std=c11 --enable=warning,performance,portability --inline-suppr -q \
        --suppress=missingIncludeSystem --suppress=uninitvar --suppress=ctuuninitvar \
        --suppress=memleak --error-exitcode=1 -Iinclude -Isrc -D_GNU_SOURCE "$@" ||
        found=1
fi

# check COMPILER OPTION...: compiles every file; any warning is a finding
check() {
    compiler=$1
    shift
    for file in $files; do
        # shellcheck disable=SC2086
        "$compiler" $flags '-DFWVAR_VERSION="0"' -O1 -Werror "$@" -c -o /dev/null "$file" ||
            found=1
    done
}

files=$*
if begin gcc; then
    # The analyzer of gcc 12 loses sight of what an array of structs took over, and of
    # what a function only fills in when it returns 0.
    check gcc -fanalyzer -Wno-analyzer-malloc-leak -Wno-analyzer-use-of-uninitialized-value \
        -Wno-analyzer-possible-null-argument -Wno-analyzer-null-dereference
    check gcc -Wall -Wextra -Wconversion -Wshadow -Wvla -Wcast-align=strict -Wformat=2 \
        -Wnull-dereference -Wpointer-arith -Wundef -Wwrite-strings -Wredundant-decls \
        -Wno-format-nonliteral
fi
if begin clang; then
    # -Weverything without what is true of all C11, of padding, or of every switch.
    check clang -Weverything -Wno-declaration-after-statement -Wno-padded \
        -Wno-disabled-macro-expansion -Wno-covered-switch-default -Wno-switch-enum \
        -Wno-cast-qual -Wno-format-nonliteral -Wno-missing-noreturn \
        -Wno-unsafe-buffer-usage -Wno-unknown-warning-option -Wno-documentation \
        -Wno-documentation-unknown-command -Wno-gnu-designator -Wno-vla \
        -Wno-reserved-identifier -Wno-pre-c11-compat
fi
if begin clang-tidy; then
    clang-tidy -p "$build" --quiet "$@" 2>/dev/null || found=1
fi
[ $ran -eq 1 ] || exit 2
exit $found
