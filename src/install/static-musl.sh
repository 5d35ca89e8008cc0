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
# If SOURCES has musl, too, the C library is compiled for size as well, by HOST-gcc. That is
# what OpenWrt does with its own; Debian's is compiled for speed. HOST is another machine's
# name, such as arm-linux-gnueabihf; nothing: this machine.
#
# Or CC is a compiler for musl, musl-gcc unless told; for another machine set HOST, too, such
# as CC=aarch64-linux-musl-gcc HOST=aarch64-linux-gnu.
#
# KERNEL_HEADERS is the folder with linux/; unless told that of Debian's linux-libc-dev, or
# of linux-libc-dev-armhf-cross and its like. LIBRARIES is where the libraries are built
# and, if they are there already, taken from; OUT unless told.

set -eu

project=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
libraries=${LIBRARIES:-$1}
mkdir -p "$1" "$libraries/deps"
out=$(CDPATH='' cd -- "$1" && pwd)
libraries=$(CDPATH='' cd -- "$libraries" && pwd)
sources=$(CDPATH='' cd -- "$2" && pwd)
for_size='-Oz -fno-pie -ffunction-sections -fdata-sections -fno-unwind-tables -fno-asynchronous-unwind-tables'
host=${HOST:+--host=$HOST}
prefix=$libraries/prefix
jobs=${JOBS:-2}

# The folder in SOURCES whose name begins with $1; nothing if there is none.
source_of() {
    find "$sources" -mindepth 1 -maxdepth 1 -type d -name "$1*" | head -n 1
}

# build NAME COMMAND...: in a copy of the source, which stays as it is.
build() {
    name=$1
    shift
    [ ! -e "$libraries/deps/$name.done" ] || return 0
    from=$(source_of "$name")
    [ -n "$from" ] || {
        echo "static-musl.sh: no $name in $sources" >&2
        exit 2
    }
    rm -rf "${libraries:?}/deps/$name"
    cp -R -p "$from" "$libraries/deps/$name"
    (cd "$libraries/deps/$name" && "$@") >"$libraries/deps/$name.log" 2>&1 || {
        tail -n 20 "$libraries/deps/$name.log" >&2
        exit 1
    }
    touch "$libraries/deps/$name.done"
}

# Nothing here prints a number with a fraction, nor reads one, see jansson().
musl() {
    fmt_fp='static int fmt_fp(FILE *f, long double y, int w, int p, int fl, int t)'
    sed -i "/^static int fmt_fp/,/^}/c $fmt_fp { return -1; }" src/stdio/vfprintf.c &&
        CC=${HOST:+$HOST-}gcc CROSS_COMPILE=${HOST:+$HOST-} CFLAGS=$for_size ./configure \
        ${HOST:+--target=$HOST} --prefix="$prefix/musl" --disable-shared \
        --enable-wrapper=gcc && make -j"$jobs" && make install
}

jansson() {
    cp "$project/src/install/static/strconv.c" src/strconv.c &&
        cmake . -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib \
        -DCMAKE_C_COMPILER="$CC" -DCMAKE_AR="$(command -v "$AR")" \
        ${HOST:+-DCMAKE_SYSTEM_NAME=Linux} -DCMAKE_BUILD_TYPE=None \
        -DJANSSON_WITHOUT_TESTS=ON -DJANSSON_EXAMPLES=OFF \
        -DJANSSON_BUILD_DOCS=OFF && make -j"$jobs" install
}

# Without the tables that make checksums of gigabytes fast.
zlib() {
    CFLAGS="$CFLAGS -DZ_TESTW=0" ./configure --prefix="$prefix" --static &&
        make -j"$jobs" libz.a && make install
}

# Only the filters of an LZMA section, and no threads. Encoders are never linked, but
# CMake looks for one to tell that this is liblzma.
xz() {
    # shellcheck disable=SC2086 # nothing or one word
    ./configure --prefix="$prefix" $host --disable-shared --disable-threads \
        --enable-encoders=lzma1,lzma2 --enable-decoders=lzma1,lzma2 \
        --enable-checks=crc32 --disable-nls --disable-xz --disable-xzdec \
        --disable-lzmadec --disable-lzmainfo --disable-lzma-links --disable-scripts \
        --disable-doc --enable-small && make -C src/liblzma -j"$jobs" install
}

# Of libuuid, what reads and writes GUIDs; without util-linux's configure, which takes
# longer than everything else here together.
uuid() {
    cd libuuid/src
    for part in pack unpack parse unparse; do
        # shellcheck disable=SC2086 # several words
        $CC $CFLAGS -DHAVE_NANOSLEEP -idirafter "$libraries/kernel" -I../../include \
            -c "$part.c" || return
    done
    mkdir -p "$prefix/include/uuid" "$prefix/lib/pkgconfig" && cp uuid.h "$prefix/include/uuid" &&
        $AR rc "$prefix/lib/libuuid.a" pack.o unpack.o parse.o unparse.o &&
        cat >"$prefix/lib/pkgconfig/uuid.pc" <<END
Name: uuid
Description: GUIDs as text
Version: 2
Cflags: -I$prefix/include/uuid
Libs: -L$prefix/lib -luuid
END
}

if [ -z "${CC:-}" ]; then
    CC=musl-gcc
    if [ -n "$(source_of musl)" ]; then
        build musl musl
        CC=$prefix/musl/bin/musl-gcc
    fi
fi
AR=${HOST:+$HOST-}ar
CFLAGS="$for_size -flto -ffat-lto-objects"
LDFLAGS='-static -no-pie'
export CC AR CFLAGS LDFLAGS
# libuuid and fwvar (FICLONE) ask for the kernel's headers, which musl does not bring.
headers=/usr/include
[ ! -d "/usr/${HOST:-}/include/linux" ] || headers=/usr/${HOST:-}/include
headers=${KERNEL_HEADERS:-$headers}
mkdir -p "$libraries/kernel"
for d in linux asm-generic asm "$($CC -print-multiarch)/asm"; do
    [ ! -d "$headers/$d" ] || ln -sfn "$headers/$d" "$libraries/kernel/${d##*/}"
done
build jansson jansson
build zlib zlib
build xz-utils xz
build util-linux uuid

# Nothing of this machine's own libraries may be found.
PKG_CONFIG_LIBDIR=$prefix/lib/pkgconfig
PKG_CONFIG_PATH=
export PKG_CONFIG_LIBDIR PKG_CONFIG_PATH
unset CFLAGS
cmake -S "$project" -B "$out" -DCMAKE_C_COMPILER="$CC" -DFWVAR_STATIC=ON \
    -DCMAKE_C_FLAGS="-idirafter $libraries/kernel" \
    -DFWVAR_TESTS=OFF -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_FIND_ROOT_PATH="$prefix" \
    -DCMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY -DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY \
    -DCMAKE_AR="$(command -v "$AR")" \
    ${HOST:+-DCMAKE_SYSTEM_NAME=Linux -DCMAKE_STRIP="$(command -v "$HOST-strip")"}
cmake --build "$out" -j"$jobs"
