#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Debian packages: made twice, in folders of different names and at different times, they
# are the same bytes; they hold what they should; what they hold runs.
#
#   tests/package/run.sh [FOLDER]
#
# The packages are left in FOLDER, if one is named: `tests/fresh/run.sh --deb FOLDER`
# installs them in a fresh system. Exit status: 0 passed, 1 failed, 77 skipped.

set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
project=$(CDPATH='' cd -- "$here/../.." && pwd)
if [ -n "${1:-}" ]; then
    mkdir -p "$1"
    to=$(CDPATH="" cd -- "$1" && pwd)
fi
LC_ALL=C
SOURCE_DATE_EPOCH=1700000000
export LC_ALL SOURCE_DATE_EPOCH

fail() {
    echo "run.sh: $*" >&2
    exit 1
}
for tool in cpack dpkg-deb dpkg-shlibdeps; do
    command -v $tool >/dev/null 2>&1 || {
        echo "SKIPPED: there is no $tool"
        exit 77
    }
done
work=$(mktemp -d "${TMPDIR:-/tmp}/fwvar-package.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

make_packages() {
    build="$work/$1"
    {
        cmake -S "$project" -B "$build" -DCMAKE_INSTALL_PREFIX=/usr -DFWVAR_TESTS=OFF &&
            cmake --build "$build" -j2 && cd "$build" && cpack -G DEB
    } >"$work/log" 2>&1 || fail "$(tail -n 30 "$work/log")"
    mkdir "$work/$2"
    cp "$build"/*.deb "$work/$2/"
    cd "$work"
}
make_packages a one
make_packages "another folder, with a longer name" two
[ "$(find one -name '*.deb' | wc -l)" -eq 3 ] || fail "not three packages: $(ls one)"
diff -r one two || fail "two builds differ"

for package in fwvar libfwvar0 libfwvar-dev; do
    deb=$(find one -name "${package}_*.deb")
    [ -n "$deb" ] || fail "no package $package"
    dpkg-deb -f "$deb" Package Version Architecture Depends
    dpkg-deb -x "$deb" root
done
depends=$(dpkg-deb -f one/fwvar_*.deb Depends)
for library in libc6 libjansson4 liblzma5 libuuid1 zlib1g; do
    case $depends in
    *"$library"*) ;;
    *) fail "fwvar does not depend on $library: $depends" ;;
    esac
done
for f in bin/fwvar share/man/man1/fwvar.1 share/man/man3/libfwvar.3 \
    share/bash-completion/completions/fwvar include/fwvar/image.h share/doc/fwvar/LICENSE; do
    [ -s "root/usr/$f" ] || [ -s "root/usr/$f.gz" ] || fail "usr/$f is in no package"
done
find root -name libfwvar.so.0 | grep -q . || fail "no shared library"
root/usr/bin/fwvar --version
grep -rqF "$work" root && fail "the build folder is named in a package"
if [ -n "${1:-}" ]; then
    cp one/*.deb "$to/"
fi
