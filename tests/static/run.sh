#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Builds the static program (-DFWVAR_STATIC=ON), prints its stripped size, and has it do the
# main job: what it writes and prints must be what the ordinary build writes and prints.
#
#   FWVAR=path/to/fwvar tests/static/run.sh native|musl|musl-arm|MACHINE [BUILD-FOLDER]
#
# musl: what src/install/static-musl.sh makes with this machine's compiler, or for routers
# with a 32-bit ARM (gcc-arm-linux-gnueabihf, qemu-user-static). Sources are taken from
# FWVAR_STATIC_CACHE, see sources.sh, and the libraries built are kept there.
#
# MACHINE is what Debian's cross compilers are called after: aarch64, arm, mips64el … The
# program of another machine is run by qemu-user. For aarch64 that takes
#
#   dpkg --add-architecture arm64 && apt-get update && apt-get install qemu-user-static \
#       gcc-aarch64-linux-gnu {uuid,zlib1g,libjansson,liblzma}-dev:arm64
#
# FWVAR_STATIC_MAX: fail if the stripped program is larger, in bytes. Exit status: 0 passed,
# 1 failed, 77 skipped because something to build or run it with is not here.

set -eu

machine=$1
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
project=$(CDPATH='' cd -- "$here/../.." && pwd)
packed=$(CDPATH='' cd -- "${FWVAR_FIXTURES:-$project/fixtures}" && pwd)
# shellcheck disable=SC2153 # it comes from outside
fwvar=$(CDPATH='' cd -- "$(dirname -- "$FWVAR")" && pwd)/${FWVAR##*/}
work=$(mktemp -d "${TMPDIR:-/tmp}/fwvar-static.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
build=${2:-$work/build}
LC_ALL=C
export LC_ALL

skip() {
    echo "SKIPPED: $*"
    exit 77
}
fail() {
    echo "run.sh: $*" >&2
    exit 1
}

# What src/install/static-musl.sh makes, for HOST or for this machine. The libraries are kept
# as long as the script and the compiler are the same.
build_musl() {
    script=$project/src/install/static-musl.sh
    cache=${FWVAR_STATIC_CACHE:-/nonexistent}
    [ -d "$cache/sources" ] ||
        skip "FWVAR_STATIC_CACHE has no sources to build from; sources.sh fetches them"
    command -v "${HOST:+$HOST-}gcc" >/dev/null 2>&1 || skip "there is no ${HOST:+$HOST-}gcc"
    key=$({ cat "$script"; "${HOST:+$HOST-}gcc" -v; } 2>&1 | cksum | cut -d ' ' -f 1)
    LIBRARIES=$cache/$key sh "$script" "$build" "$cache/sources" >"$work/log" 2>&1 ||
        fail "$(tail -n 30 "$work/log")"
}

run=
unset HOST
if [ "$machine" = musl ]; then
    unset CC
elif [ "$machine" = musl-arm ]; then
    unset CC
    HOST=arm-linux-gnueabihf
    export HOST
    run=qemu-arm-static
    command -v "$run" >/dev/null 2>&1 || skip "there is no $run"
elif [ "$machine" = native ]; then
    cc=${CC:-cc}
    set --
else
    cc=$machine-linux-gnu-gcc
    run=qemu-$machine-static
    command -v "$cc" >/dev/null 2>&1 || skip "there is no $cc"
    command -v "$run" >/dev/null 2>&1 || skip "there is no $run"
    PKG_CONFIG_LIBDIR=/usr/lib/$("$cc" -print-multiarch)/pkgconfig:/usr/share/pkgconfig
    export PKG_CONFIG_LIBDIR
    set -- -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR="$machine" \
        -DCMAKE_STRIP="$(command -v "$machine-linux-gnu-strip")"
fi

build_with_debian() {
    # Libraries to link statically are not everywhere.
    printf 'int main(void) { return 0; }\n' >"$work/t.c"
    "$cc" -static -o "$work/t" "$work/t.c" -ljansson -luuid -lz -llzma >"$work/log" 2>&1 ||
        skip "$cc finds no static libraries: $(tail -n 1 "$work/log")"

    cmake -S "$project" -B "$build" -DFWVAR_STATIC=ON -DFWVAR_TESTS=OFF \
        -DCMAKE_C_COMPILER="$cc" "$@" >"$work/log" 2>&1 &&
        cmake --build "$build" -j2 >>"$work/log" 2>&1 || fail "$(tail -n 30 "$work/log")"
}
case $machine in
musl*) build_musl ;;
*) build_with_debian "$@" ;;
esac
program=$build/src/fwvar.stripped
size=$(wc -c <"$program")
echo "$machine: $size bytes, stripped"
[ "$size" -le "${FWVAR_STATIC_MAX:-$size}" ] || fail "more than $FWVAR_STATIC_MAX bytes"
if command -v readelf >/dev/null 2>&1; then
    readelf -l "$program" | grep -q INTERP && fail "it asks for a dynamic linker"
fi

# texts PROGRAM...: the long texts, which a static program keeps compressed.
texts() {
    "$@" help
    for command in $("$@" help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
        "$@" help "$command"
    done
    "$@" check --rules
    "$@" check --rules --json
    "$@" settings --verbose
    printf '{"schema": 1, "settings": {"ram-limit": %s}}' -17.9e307 >fraction.json
    # One starts with a message each: of a rule, a usage, a plan, an edit, a repair.
    gzip -dc "$packed/rpi4-2m-saved.fd.gz" | tr '_' '-' >damaged.fd
    for words in 'check damaged.fd' 'repair damaged.fd --dry-run' 'patch' \
        'info nothing.fd' \
        'patch stock.fd --plan fraction.json --dry-run' \
        'patch stock.fd --set ram-limit=7 --dry-run'; do
        # shellcheck disable=SC2086 # several words
        "$@" $words || echo "status $?"
    done
}

# session FOLDER PROGRAM...: what somebody does with an image; all of it is compared.
session() {
    mkdir "$work/$1"
    (
        cd "$work/$1"
        shift
        gzip -dc "$packed/rpi4-2m-saved.fd.gz" >saved.fd
        gzip -dc "$packed/rpi4-4m-stock.fd.gz" >stock.fd
        cp "$packed/ovmf-2m-vars.fd.gz" packed.fd.gz
        "$@" --version
        "$@" info saved.fd
        "$@" list saved.fd --json
        "$@" boot saved.fd
        "$@" check saved.fd stock.fd
        "$@" patch stock.fd --set ram-limit=off --timeout 1 --boot-http \
            http://192.0.2.1/ipxe-arm64.efi -o RPI_EFI.fd
        "$@" patch RPI_EFI.fd --set ram-limit=off --in-place --exit-code
        "$@" migrate saved.fd stock.fd -o new.fd.gz
        "$@" scrub saved.fd -o any.fd
        "$@" patch packed.fd.gz --timeout 3 --in-place
        "$@" patch saved.fd --timeout 3 -o packed-too.fd.gz
        "$@" settings stock.fd
        "$@" settings stock.fd --json
        "$@" plan saved.fd
        "$@" export saved.fd
        "$@" get RPI_EFI.fd NoSuch || echo "status $?"
        texts "$@"
    ) >"$work/$1/report" 2>&1 || fail "$(cat "$work/$1/report")"
}
session ordinary "$fwvar"
# shellcheck disable=SC2086 # nothing or one word
session static $run "$program"
diff -r "$work/ordinary" "$work/static" || fail "the two do not agree"
echo "$machine: agrees with the ordinary build"
# musl is another C library: all golden cases.
if [ "$machine" = musl ]; then
    FWVAR=$program FWVAR_FIXTURES=$packed sh "$project/tests/cli/run.sh" >"$work/log" 2>&1 ||
        fail "$(grep -v '^ok ' "$work/log")"
    tail -n 1 "$work/log"
fi
