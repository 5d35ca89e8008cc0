#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Builds the small static program, with the few libraries it needs compiled for it:
#
#   src/install/static-musl.sh OUT SOURCES
#
# SOURCES holds the unpacked sources of jansson, zlib, xz-utils and util-linux, each in a
# folder whose name begins so (`apt-get source` leaves them like that). OUT gets the build
# tree and OUT/src/fwvar.stripped.
#
# CC is the compiler, musl-gcc unless told; for another machine set CC and HOST, such as
# CC=aarch64-linux-musl-gcc HOST=aarch64-linux-gnu. KERNEL_HEADERS is the folder with
# linux/, /usr/include unless told.

set -eu

project=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
mkdir -p "$1/deps"
out=$(CDPATH='' cd -- "$1" && pwd)
sources=$(CDPATH='' cd -- "$2" && pwd)
CC=${CC:-musl-gcc}
CFLAGS='-Oz -flto -ffat-lto-objects -ffunction-sections -fdata-sections -fno-unwind-tables -fno-asynchronous-unwind-tables'
export CC CFLAGS
host=${HOST:+--host=$HOST}
prefix=$out/prefix
jobs=${JOBS:-2}

# The folder in SOURCES whose name begins with $1.
source_of() {
    found=$(find "$sources" -mindepth 1 -maxdepth 1 -type d -name "$1*" | head -n 1)
    [ -n "$found" ] || {
        echo "static-musl.sh: no $1 in $sources" >&2
        exit 2
    }
    echo "$found"
}

# build NAME CONFIGURE-ARGUMENT...: in a folder of its own, the sources stay as they are.
build() {
    name=$1
    shift
    [ ! -e "$out/deps/$name.done" ] || return 0
    rm -rf "${out:?}/deps/$name"
    cp -r "$(source_of "$name")" "$out/deps/$name"
    (
        cd "$out/deps/$name" &&
            { [ -x configure ] || autoreconf -i; } &&
            ./configure --prefix="$prefix" "$@" &&
            make -j"$jobs" $targets &&
            make $install
    ) >"$out/deps/$name.log" 2>&1 || {
        tail -n 20 "$out/deps/$name.log" >&2
        exit 1
    }
    touch "$out/deps/$name.done"
}

targets='' install='install'
# shellcheck disable=SC2086 # nothing or one word
build jansson $host --disable-shared --enable-static
# Without the tables that make checksums of gigabytes fast.
targets='libz.a' install='install'
plain=$CFLAGS
CFLAGS="$CFLAGS -DZ_TESTW=0"
build zlib --static
CFLAGS=$plain
# Only the filters of an LZMA section, and no threads. Encoders are never linked, but
# CMake looks for one to tell that this is liblzma.
targets='' install='-C src/liblzma install'
# shellcheck disable=SC2086
build xz-utils $host --disable-shared --disable-threads --enable-encoders=lzma1,lzma2 \
    --enable-decoders=lzma1,lzma2 --enable-checks=crc32 --disable-nls --disable-xz \
    --disable-xzdec --disable-lzmadec --disable-lzmainfo --disable-lzma-links \
    --disable-scripts --disable-doc --enable-small
# util-linux and fwvar (FICLONE) ask for the kernel's headers, which musl does not bring.
headers=${KERNEL_HEADERS:-/usr/include}
rm -rf "$out/kernel"
mkdir "$out/kernel"
for d in linux asm-generic asm "$($CC -print-multiarch)/asm"; do
    [ ! -d "$headers/$d" ] || ln -sfn "$headers/$d" "$out/kernel/${d##*/}"
done
CFLAGS="$CFLAGS -idirafter $out/kernel"
targets='' install='install'
# shellcheck disable=SC2086
build util-linux $host --disable-all-programs --enable-libuuid --disable-shared \
    --disable-nls --disable-bash-completion --without-systemd

# Nothing of this machine's own libraries may be found.
PKG_CONFIG_LIBDIR=$prefix/lib/pkgconfig
PKG_CONFIG_PATH=
export PKG_CONFIG_LIBDIR PKG_CONFIG_PATH
unset CFLAGS
cmake -S "$project" -B "$out" -DCMAKE_C_COMPILER="$CC" -DFWVAR_STATIC=ON \
    -DCMAKE_C_FLAGS="-idirafter $out/kernel" \
    -DFWVAR_TESTS=OFF -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_FIND_ROOT_PATH="$prefix" \
    -DCMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY -DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY \
    ${HOST:+-DCMAKE_SYSTEM_NAME=Linux -DCMAKE_STRIP=${HOST}-strip}
cmake --build "$out" -j"$jobs"
