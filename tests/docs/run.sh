#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# What the documentation shows is what happens: FWVAR=path/to/fwvar tests/docs/run.sh WHAT
#
#   FILE.md   its `console` blocks: every `$ command` is run in one folder, in order, and
#             must print what stands below it. FWVAR_REGENERATE=1 writes what it prints.
#   table     every command in the table of README.md runs
#   library   docs/library.md: its C programs are compiled against the tree that FWVAR_BUILD
#             installs and its CMake project is built, then its console blocks are run
#
# Comments of a page prepare what its commands find, unseen by readers:
#   <!-- test: use FIXTURE [AS] -->   copies a fixture here
#   <!-- test: damage KIND AS -->     makes a damaged image (MKDAMAGED names its maker)
#   <!-- test: run COMMAND -->
#
# Exit status: 0 passed, 1 failed, 77 skipped.

set -eu

what=$1
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
project=$(CDPATH='' cd -- "$here/../.." && pwd)
packed=$(CDPATH='' cd -- "${FWVAR_FIXTURES:-$project/fixtures}" && pwd)
bin=$(CDPATH='' cd -- "$(dirname -- "$FWVAR")" && pwd)
flags=${CONSUMER_FLAGS:-}
cc=${CC:-cc}
work=$(mktemp -d "${TMPDIR:-/tmp}/fwvar-docs.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
LC_ALL=C
TZ=UTC
PATH=$bin:$PATH
export LC_ALL TZ PATH
unset NO_COLOR SOURCE_DATE_EPOCH
mkdir "$work/run"

fail() {
    echo "run.sh: $*" >&2
    exit 1
}

use() {
    gzip -dc "$packed/$1.fd.gz" >"${2:-$1.fd}"
}

damage() {
    mkdir "$work/damaged"
    "${MKDAMAGED:?names the maker of damaged images}" "$work/damaged" "$1"
    mv "$work/damaged/$1".* "$2"
    rmdir "$work/damaged"
}

# Runs a command in the folder of the page; prints what it prints, and counts it.
run_command() {
    status=0
    sh -c "$1" >"$work/out" 2>&1 </dev/null || status=$?
    [ "$status" -lt 126 ] || fail "status $status of: $1"
    cat "$work/out"
    echo "$1" >>"$work/ran"
}

# Prints a page with what its commands print now.
replay() {
    inside=
    while IFS= read -r line; do
        case $inside$line in
        '<!-- test: use '*' -->' | '<!-- test: damage '*' -->')
            words=${line#'<!-- test: '}
            # shellcheck disable=SC2086 # words are what is meant
            ${words%' -->'}
            ;;
        '<!-- test: run '*' -->')
            words=${line#'<!-- test: run '}
            sh -ec "${words%' -->'}" </dev/null >"$work/out" 2>&1 || fail "$line: $(cat "$work/out")"
            ;;
        '```console') inside=+ ;;
        '+```') inside= ;;
        '+$ '*)
            printf '%s\n' "$line"
            command=${line#'$ '}
            while [ "${command%'\'}" != "$command" ]; do
                IFS= read -r line
                printf '%s\n' "$line"
                command="${command%'\'} ${line#'> '}"
            done
            run_command "$command"
            continue
            ;;
        +*) continue ;; # what it printed when this was written
        esac
        printf '%s\n' "$line"
    done <"$1"
}

check_page() {
    page=$project/$1
    : >"$work/ran"
    (cd "$work/run" && replay "$page") >"$work/page" || exit 1
    [ -z "${FWVAR_REGENERATE:-}" ] || cp "$work/page" "$page"
    diff -u "$page" "$work/page" || fail "$1 shows something else"
    count=$(wc -l <"$work/ran")
    echo "$1: $count commands"
    [ "$count" -gt 0 ]
}

# Each command with what the man page's examples use, in a folder of its own.
check_table() {
    sed -n 's/^| .* | `\(fwvar [^`]*\)`.* |$/\1/p' "$project/README.md" >"$work/commands"
    [ "$(wc -l <"$work/commands")" -gt 10 ] || fail "the table has no commands"
    while IFS= read -r command; do
        rm -rf "$work/run"
        mkdir "$work/run"
        (
            cd "$work/run"
            use rpi4-2m-saved RPI_EFI.fd
            cp RPI_EFI.fd OLD.fd
            use rpi4-4m-stock NEW.fd
            fwvar export OLD.fd >vars.json
            fwvar export OLD.fd --efivarfs efivars
            fwvar plan OLD.fd >plan.json
            cp "$project/tests/man/hosts.json" .
            for copy in A B C; do cp OLD.fd $copy.fd; done
            run_command "$(echo "$command" |
                sed 's|/sys/firmware/efi/efivars|efivars|; s|/srv/tftp|tftp|')" >/dev/null
            # 1 is an answer: there are differences.
            [ "$status" -le 1 ] || fail "status $status of: $command: $(cat "$work/out")"
        ) || exit 1
    done <"$work/commands"
    echo "$(wc -l <"$work/commands") commands"
}

# ---- library.md ----

# Prints the blocks of a language, each in the file that the first line names, or $2.
extract() {
    awk -v lang="$1" -v other="$2" '
        $0 == "```" lang { on = 1; out = ""; next }
        /^```$/ { on = 0 }
        on && out == "" { out = other != "" ? other : $2; sub(/:$/, "", out) }
        on { print > (dir "/" out) }' dir="$work/run" "$project/docs/library.md"
}

check_library() {
    command -v pkg-config >/dev/null 2>&1 || {
        echo "SKIPPED: there is no pkg-config"
        exit 77
    }
    cmake --install "$FWVAR_BUILD" --prefix "$work/tree" >"$work/log" || fail "$(cat "$work/log")"
    lib=$(dirname "$(find "$work/tree" -name libfwvar.so)")
    PKG_CONFIG_PATH=$lib/pkgconfig
    LD_LIBRARY_PATH=$lib
    export PKG_CONFIG_PATH LD_LIBRARY_PATH
    extract c ''
    extract cmake CMakeLists.txt
    for source in "$work"/run/*.c; do
        # shellcheck disable=SC2046,SC2086 # words are what is meant
        $cc -std=c11 -Wall -Wextra -Werror $flags -o "${source%.c}" "$source" \
            $(pkg-config --cflags --libs fwvar) || fail "$source does not compile"
    done
    cmake -S "$work/run" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$work/tree" \
        -DCMAKE_C_FLAGS="$flags" >"$work/log" 2>&1 &&
        cmake --build "$work/cmake" >>"$work/log" 2>&1 || fail "$(cat "$work/log")"
    use rpi4-2m-saved "$work/saved.fd"
    "$work/cmake/list" "$work/saved.fd" >"$work/a"
    "$work/run/list" "$work/saved.fd" >"$work/b"
    cmp "$work/a" "$work/b" && [ -s "$work/a" ]
    check_page docs/library.md
}

case $what in
*.md) check_page "$what" ;;
table | library) "check_$what" ;;
*) fail "what is $what?" ;;
esac
