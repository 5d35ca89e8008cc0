#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Builds for another machine and runs the tests there, in qemu-user: every expectation is
# the one of this machine, so what differs between the two is a bug.
#
#   tests/portable.sh s390x|i386|… [CTEST-ARGUMENT...]
#
# The machine is named as Debian names it. s390x is big-endian, i386 has a size_t of 32
# bits. It takes qemu-user-static, the cross compiler (gcc-s390x-linux-gnu,
# gcc-i686-linux-gnu …), and apt: the libraries of that machine are fetched from the
# sources of this one and unpacked into a folder, nothing of which is installed.
#
# FWVAR_PORTABLE: where libraries and build are kept, ~/.cache/fwvar-portable. A second run
# starts from there; delete ARCH/root in it to have the libraries fetched again. Left out
# are tests of the packaging, which look at this machine, and those which start a program
# hundreds of times to disturb it. A warning of the compiler is an error.
#
# Exit status: 0 passed, 1 failed, 2 wrong usage, 77 skipped because something is missing.

set -eu

[ $# -gt 0 ] || {
    echo "usage: portable.sh ARCH [CTEST-ARGUMENT...]" >&2
    exit 2
}
arch=$1
shift
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
project=$(CDPATH='' cd -- "$here/.." && pwd)
place=${FWVAR_PORTABLE:-${XDG_CACHE_HOME:-$HOME/.cache}/fwvar-portable}/$arch
left_out='^(fault_|static/|package/|install/|fresh/|e2e/|guide/|real|docs/(openwrt|library)|plan/threads/tsan|hardening|headers/)'

skip() {
    echo "SKIPPED: $*"
    exit 77
}

# What Debian's compilers and qemu call the machine.
case $arch in
i386) machine=i686 emulator=i386 triple=i686-linux-gnu ;;
amd64) machine=x86_64 emulator=x86_64 triple=x86_64-linux-gnu ;;
arm64) machine=aarch64 emulator=aarch64 triple=aarch64-linux-gnu ;;
armhf) machine=arm emulator=arm triple=arm-linux-gnueabihf ;;
mips64el) machine=mips64 emulator=mips64el triple=mips64el-linux-gnuabi64 ;;
ppc64el) machine=ppc64le emulator=ppc64le triple=powerpc64le-linux-gnu ;;
*) machine=$arch emulator=$arch triple=$arch-linux-gnu ;;
esac
qemu=$(command -v "qemu-$emulator-static" || command -v "qemu-$emulator") ||
    skip "there is no qemu-$emulator-static (Debian: qemu-user-static)"
for need in "$triple-gcc" cmake ninja pkg-config apt-get dpkg-deb readelf; do
    command -v "$need" >/dev/null 2>&1 || skip "there is no $need"
done

mkdir -p "$place"
place=$(CDPATH='' cd -- "$place" && pwd)
root=$place/root
build=$place/build

# apt as that machine would run it, with state of its own and nothing installed.
foreign_apt() {
    mkdir -p "$place/apt/state/lists/partial" "$place/apt/cache/archives/partial"
    apt-get -qq -o APT::Architecture="$arch" -o APT::Architectures="$arch" \
        -o Dir::State="$place/apt/state" -o Dir::State::status=/dev/null \
        -o Dir::Cache="$place/apt/cache" -o Debug::NoLocking=1 \
        -o APT::Sandbox::User="$(id -un)" "$@"
}

# Links of -dev packages to /lib/… would lead to this machine's libraries.
relink() {
    find "$1" -type l | while read -r link; do
        to=$(readlink "$link")
        case $to in
        /*) ln -sfn "$1$to" "$link" ;;
        esac
    done
}

fetch() {
    # One source that is out of order, such as a mirror in mid-update, does not matter if
    # the others have the packages; apt takes none whose hash it has not verified.
    foreign_apt update || :
    foreign_apt install -y --download-only --no-install-recommends \
        check uuid-dev zlib1g-dev libjansson-dev liblzma-dev libc6-dev || return 1
    rm -rf "$root.new"
    mkdir "$root.new"
    for package in "$place"/apt/cache/archives/*.deb; do
        dpkg-deb -x "$package" "$root.new" || return 1
    done
    rm -rf "$root"
    mv "$root.new" "$root"
    relink "$root"
}
if [ ! -d "$root" ]; then
    fetch >"$place/log" 2>&1 ||
        skip "the libraries for $arch could not be had: $(tail -n 3 "$place/log")"
fi

cat >"$place/toolchain.cmake" <<END
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR $machine)
set(CMAKE_C_COMPILER $triple-gcc)
set(CMAKE_CXX_COMPILER $triple-g++)
set(CMAKE_SYSROOT "$root")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
END
multiarch=$("$triple-gcc" -print-multiarch)
[ -d "$root/usr/lib/$multiarch" ] || multiarch=$arch-linux-gnu
PKG_CONFIG_SYSROOT_DIR=$root
PKG_CONFIG_LIBDIR=$root/usr/lib/$multiarch/pkgconfig:$root/usr/share/pkgconfig
export PKG_CONFIG_SYSROOT_DIR PKG_CONFIG_LIBDIR

set_launcher=
if command -v ccache >/dev/null 2>&1; then
    set_launcher=-DCMAKE_C_COMPILER_LAUNCHER=ccache
fi
{
    cmake -S "$project" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_COMPILE_WARNING_AS_ERROR=ON \
        -DCMAKE_TOOLCHAIN_FILE="$place/toolchain.cmake" $set_launcher &&
        cmake --build "$build" -j "${FWVAR_JOBS:-2}"
} >"$place/log" 2>&1 || {
    tail -n 40 "$place/log"
    exit 1
}

# Tests start programs themselves and from scripts, so every program becomes a script that
# starts it in qemu, under the name it was called by.
for program in "$build"/src/* "$build"/tests/*; do
    if [ ! -f "$program" ] || [ ! -x "$program" ]; then
        continue
    fi
    case $program in
    *.elf | *.so | *.so.*) continue ;;
    esac
    readelf -h "$program" >/dev/null 2>&1 || continue
    mv "$program" "$program.elf"
    # shellcheck disable=SC2016 # these are expanded when it runs
    printf '#!/bin/sh\nexec "%s" -L "%s" -0 "$0" "%s" "$@"\n' "$qemu" "$root" \
        "$program.elf" >"$program"
    chmod +x "$program"
done

echo "$arch: $("$build/src/fwvar" --version | head -n 1), in $qemu"
# Tests look at fewer of very many cases, and unit tests do not fork for each, which takes
# an emulator longer than the case.
FWVAR_TEST_SLOW=1
CK_FORK=no
export FWVAR_TEST_SLOW CK_FORK
exec ctest --test-dir "$build" --output-on-failure -E "$left_out" "$@"
