#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Installs a build into a folder of its own and uses it from there, as somebody else would:
# FWVAR_BUILD=build tests/consumer/run.sh WHAT, where WHAT is
#
#   tree     what lies where, the program runs, the shared library exports fwvar_* only
#   c, cxx   the project in this folder, by find_package
#   pc       the same sources by pkg-config
#
# CONSUMER_FLAGS: what the build was compiled with that a user of it has to repeat (a
# sanitizer's runtime). Exit status: 0 passed, 1 failed, 77 skipped.

set -eu

what=$1
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
flags=${CONSUMER_FLAGS:-}
cc=${CC:-cc}
cxx=${CXX:-c++}
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
need() {
    command -v "$1" >/dev/null 2>&1 || skip "there is no $1"
}
case $what in
cxx) need "$cxx" ;;
pc) need pkg-config ;;
esac

work=$(mktemp -d "${TMPDIR:-/tmp}/fwvar-consumer.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
tree="$work/a tree"
cmake --install "$FWVAR_BUILD" --prefix "$tree" >"$work/log" || fail "$(cat "$work/log")"
gzip -dc "$FWVAR_FIXTURES/rpi4-2m-saved.fd.gz" >"$work/saved.fd"
lib=$(dirname "$(find "$tree" -name libfwvar.a)")

# All of them have to print the same.
"$tree/bin/fwvar" get "$work/saved.fd" ram-limit | grep -q 'off' || fail "get"
wanted=$(grep -c . <<END
$("$tree/bin/fwvar" list "$work/saved.fd")
END
)
use() {
    lines=$("$@" "$work/saved.fd" | grep -c ' = ') || fail "$* did not work"
    [ "$lines" -eq "$wanted" ] || fail "$*: $lines variables, not $wanted"
}

check_tree() {
    for f in bin/fwvar share/man/man1/fwvar.1 share/man/man3/libfwvar.3 \
        share/man/man5/fwvar-plan.5 share/doc/fwvar/docs/plan.schema.json \
        share/doc/fwvar/docs/hosts.schema.json \
        share/doc/fwvar/docs/examples/tftp.c \
        include/fwvar/export.h include/fwvar/image.h share/doc/fwvar/README.md \
        share/bash-completion/completions/fwvar share/zsh/site-functions/_fwvar \
        share/fish/vendor_completions.d/fwvar.fish; do
        [ -s "$tree/$f" ] || fail "$f is not installed"
    done
    for f in libfwvar.so libfwvar.so.0 pkgconfig/fwvar.pc cmake/fwvar/fwvar-config.cmake; do
        [ -s "$lib/$f" ] || fail "$f is not installed"
    done
    if command -v nm >/dev/null 2>&1; then
        nm -D --defined-only "$lib/libfwvar.so" | awk '{ print $3 }' >"$work/exported"
        grep -q '^fwvar_image_open' "$work/exported" || fail "nothing is exported"
        # What a compiler puts into every library is not ours: sanitizers, start-up code.
        grep -v -E '^(fwvar_|_init$|_fini$|_edata$|_end$|__bss_start$|__asan|__odr_asan)' \
            "$work/exported" >"$work/foreign" || :
        [ ! -s "$work/foreign" ] || fail "exported: $(cat "$work/foreign")"
    fi
    # The tree must not point back at the folders it was made in.
    grep -rlIF -e "$FWVAR_BUILD" "$tree/include" "$lib/cmake" "$lib/pkgconfig" &&
        fail "the build folder is named in the files above"
    return 0
}

check_project() {
    cxx_too=OFF
    [ "$1" = c ] || cxx_too=ON
    cmake -S "$here" -B "$work/build" -DCMAKE_PREFIX_PATH="$tree" -DCONSUMER_CXX=$cxx_too \
        -DCMAKE_C_FLAGS="$flags" -DCMAKE_CXX_FLAGS="$flags" >"$work/log" 2>&1 &&
        cmake --build "$work/build" >>"$work/log" 2>&1 || fail "$(cat "$work/log")"
    use "$work/build/shared_$1"
    use "$work/build/static_$1"
}

check_pc() {
    PKG_CONFIG_PATH=$lib/pkgconfig
    export PKG_CONFIG_PATH
    cd "$work"
    # shellcheck disable=SC2086 # words are what is meant
    eval "$cc" $flags -o shared "'$here/list.c'" "$(pkg-config --cflags --libs fwvar)"
    # The archive by name, since -lfwvar would take the shared library beside it.
    eval "$cc" $flags -o static "'$here/list.c'" "$(pkg-config --cflags fwvar)" \
        "'$lib/libfwvar.a'" "$(pkg-config --libs uuid jansson zlib liblzma)"
    use env LD_LIBRARY_PATH="$lib" ./shared
    use ./static
}

case $what in
tree) check_tree ;;
c | cxx) check_project "$what" ;;
pc) check_pc ;;
*) fail "what is $what?" ;;
esac
