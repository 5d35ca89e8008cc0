#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Tests of the man pages: FWVAR=path/to/fwvar tests/man/run.sh WHAT
#
#   page      the part of fwvar.1 that the tables know is what the program prints, and the
#             calls of libfwvar.3 are those of the headers. FWVAR_REGENERATE=1 writes it.
#   lint      mandoc has nothing to say
#   examples  every example of fwvar.1 and fwvar-plan.5 runs; those that are JSON are plans,
#             and are applied
#   help      every command has a help with an example that runs, and suggestions
#
# Exit status: 0 passed, 1 failed, 77 skipped.

set -eu

what=$1
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
man=$(CDPATH='' cd -- "$here/../../docs/man" && pwd)
packed=$(CDPATH='' cd -- "${FWVAR_FIXTURES:-$here/../../fixtures}" && pwd)
bin=$(CDPATH='' cd -- "$(dirname -- "$FWVAR")" && pwd)
include=$here/../../include/fwvar
work=$(mktemp -d "${TMPDIR:-/tmp}/fwvar-man.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
LC_ALL=C
export LC_ALL

check_page() {
    {
        sed '/^\.\\" BEGIN$/q' "$man/fwvar.1"
        "$bin/fwvar" __manual
        sed -n '/^\.\\" END$/,$p' "$man/fwvar.1"
    } >"$work/page"
    [ -z "${FWVAR_REGENERATE:-}" ] || cp "$work/page" "$man/fwvar.1"
    diff -u "$man/fwvar.1" "$work/page" || {
        echo "run.sh: the commands have changed; FWVAR_REGENERATE=1 writes the page" >&2
        exit 1
    }
    sed -n 's/^\.F[no] \(fwvar_[a-z_]*\).*/\1/p' "$man/libfwvar.3" | sort -u >"$work/calls"
    [ -s "$work/calls" ] || exit 1
    while read -r call; do
        grep -q "[ *]$call(" "$include"/*.h || {
            echo "run.sh: libfwvar.3 names $call, which is in no header" >&2
            exit 1
        }
    done <"$work/calls"
}

check_lint() {
    command -v mandoc >/dev/null 2>&1 || {
        echo "SKIPPED: there is no mandoc"
        exit 77
    }
    # Another page of the project, and those of programs that need not be here, can't be
    # looked up.
    mandoc -T lint -W style "$man"/*.[135] | grep -v 'referenced manual not found' && exit 1
    # At 80 columns nothing is cut off.
    MANWIDTH=80 mandoc -T utf8 "$man/fwvar.1" | sed 's/.\x08//g' |
        awk 'length($0) > 110 { print "wide: " $0; bad = 1 } END { exit bad }'
}

# Prints the literal blocks of all pages, as a shell would read them, each in a file of its
# own; plans are called N.json.
extract() {
    awk '/^\.Bd -literal -offset indent/ { n++; on = 1; next } /^\.Ed/ { on = 0 }
         on { gsub(/\\-/, "-"); gsub(/\\e/, "\\"); gsub(/\\&/, ""); print > (dir "/" n) }' \
        dir="$1" "$man/fwvar.1" "$man/fwvar-plan.5"
    for block in "$1"/*; do
        [ "$(head -n 1 "$block")" != "{" ] || mv "$block" "$block.json"
    done
}

# What the examples speak of: saved and published images, a folder of a running system.
prepare() {
    mkdir tftp old new
    gzip -dc "$packed/rpi4-2m-saved.fd.gz" >RPI_EFI.fd
    cp RPI_EFI.fd saved.fd
    cp RPI_EFI.fd old/
    gzip -dc "$packed/rpi4-2m-stock.fd.gz" >stock.fd
    cp "$packed/rpi4-2m-stock.fd.gz" stock.fd.gz
    gzip -dc "$packed/rpi4-4m-stock.fd.gz" >new/RPI_EFI.fd
    "$bin/fwvar" export RPI_EFI.fd >vars.json
    "$bin/fwvar" export RPI_EFI.fd --efivarfs efivars
    "$bin/fwvar" plan RPI_EFI.fd >plan.json
    cp "$here/hosts.json" .
}

# Applies a plan twice. What has keys needs somebody who fills them in.
apply() {
    if grep -q '{[a-z]' "$1"; then
        fwvar patch RPI_EFI.fd --plan "$1" --dry-run && return 2
        fwvar patch RPI_EFI.fd --plan "$1" --dry-run 2>&1 | grep 'has no value here'
        return
    fi
    fwvar patch RPI_EFI.fd --plan "$1" --in-place || return 2
    fwvar patch RPI_EFI.fd --plan "$1" --dry-run --exit-code && return
    echo "the plan changes something the second time"
    return 2
}

# Runs the commands in file $1 as somebody would who has copied them.
run_example() {
    mkdir "$work/run"
    (
        cd "$work/run"
        prepare
        PATH=$bin:$PATH
        export PATH
        case $1 in
        *.json) apply "$1" ;;
        *) sh -e "$1" ;;
        esac >"$work/out" 2>&1
    ) && status=0 || status=$?
    # 1 is an answer: there are differences.
    if [ "$status" -gt 1 ]; then
        echo "run.sh: status $status of" >&2
        cat "$1" "$work/out" >&2
        exit 1
    fi
    rm -rf "$work/run"
}

check_examples() {
    mkdir "$work/blocks"
    extract "$work/blocks"
    count=0
    for block in "$work/blocks"/*; do
        run_example "$block"
        count=$((count + 1))
    done
    echo "$count examples"
    [ "$count" -gt 20 ]
}

check_help() {
    "$bin/fwvar" help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p' | grep -v '^fwvar$' >"$work/commands"
    [ "$(wc -l <"$work/commands")" -gt 15 ]
    while read -r command; do
        "$bin/fwvar" help "$command" >"$work/help"
        "$bin/fwvar" "$command" --help | diff "$work/help" -
        sed '1,/^example:$/d' "$work/help" >"$work/example"
        grep -q "^  fwvar $command" "$work/example" || {
            echo "run.sh: help $command has no example" >&2
            exit 1
        }
        run_example "$work/example"
        awk 'length($0) > 80 { print "wide: " $0; bad = 1 } END { exit bad }' "$work/help"
        # Two letters the wrong way round.
        slip=$(echo "$command" | sed 's/\(.*\)\(.\)\(.\)$/\1\3\2/')
        [ "$slip" = "$command" ] || ! "$bin/fwvar" "$slip" 2>"$work/slip" || exit 1
        [ "$slip" = "$command" ] || grep -q "did you mean $command?" "$work/slip" || {
            echo "run.sh: $slip does not suggest $command" >&2
            exit 1
        }
    done <"$work/commands"
    echo "$(wc -l <"$work/commands") commands"
}

"check_$what"
