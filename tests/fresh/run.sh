#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# The README's promise: its two commands work on a fresh Debian. Makes one with
# debootstrap, copies the committed tree into it, and runs every `sh` block of the README
# in it, in their order. Needs root, the network and debootstrap.
#
#   tests/fresh/run.sh [--deb FOLDER] [ROOT]
#   tests/fresh/run.sh --ctest readme|deb
#
# ctest skips it (status 77) unless FWVAR_FRESH is set: it takes minutes, and mounts things.
# ROOT is kept (and used again if it is there); without it a temporary folder is used and
# removed. The mirror is the one that this machine's apt uses. With --deb the packages of
# FOLDER (built by CPack) are installed in the fresh system instead, and used.

set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
project=$(CDPATH='' cd -- "$here/../.." && pwd)
suite=${FRESH_SUITE:-bookworm}
debs=
made=
if [ "${1:-}" = --ctest ]; then
    [ -n "${FWVAR_FRESH:-}" ] && [ "$(id -u)" = 0 ] && command -v debootstrap >/dev/null || {
        echo "SKIPPED: FWVAR_FRESH is not set, or there is no root or debootstrap"
        exit 77
    }
    if [ "$2" = deb ]; then
        made=$(mktemp -d "${TMPDIR:-/tmp}/fwvar-debs.XXXXXX")
        sh "$here/../package/run.sh" "$made"
        debs=$made
    fi
    shift 2
elif [ "${1:-}" = --deb ]; then
    debs=$(CDPATH='' cd -- "$2" && pwd)
    shift 2
fi

mounted=
leave() {
    # A half-made system must not keep the folder busy.
    for m in $mounted; do
        umount "$m"
    done
    [ -z "$temporary" ] || rm -rf "$temporary"
    [ -z "$made" ] || rm -rf "$made"
}
temporary=
trap leave EXIT
trap 'exit 130' INT TERM
if [ -n "${1:-}" ]; then
    root=$1
else
    temporary=$(mktemp -d "${TMPDIR:-/tmp}/fwvar-fresh.XXXXXX")
    root=$temporary/root
fi

mirror=$(apt-get indextargets --format '$(RELEASE) $(SITE)' 'Created-By: Packages' |
    sed -n "s/^$suite //p" | head -n 1)
[ -n "$mirror" ] || {
    echo "run.sh: this machine's apt has no source for $suite" >&2
    exit 2
}
[ -e "$root/etc/debian_version" ] ||
    debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$root.log" 2>&1 || {
    tail "$root.log" >&2
    exit 2
}
echo "deb $mirror $suite main" >"$root/etc/apt/sources.list"
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
mount -t proc proc "$root/proc"
mounted=$root/proc
mount --bind /dev/pts "$root/dev/pts"
mounted="$root/dev/pts $mounted"

inside() {
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive chroot "$root" "$@"
}

rm -rf "$root/srv/fwvar"
mkdir -p "$root/srv/fwvar"
git -C "$project" archive HEAD | tar -xf - -C "$root/srv/fwvar"

if [ -n "$debs" ]; then
    mkdir -p "$root/srv/debs"
    rm -f "$root/srv/debs/"*
    cp "$debs"/*.deb "$root/srv/debs/"
    inside sh -euxc '
        apt-get -q update
        apt-get -qy install --no-install-recommends /srv/debs/*.deb
        cd /tmp
        fwvar --version
        fwvar patch /srv/fwvar/fixtures/rpi4-4m-stock.fd.gz --set ram-limit=off -o x.fd
        fwvar list x.fd
        apt-get -qy install --no-install-recommends gcc libc6-dev cmake make pkg-config
        cmake -S /srv/fwvar/tests/consumer -B /tmp/consumer
        cmake --build /tmp/consumer
        /tmp/consumer/shared_c x.fd
        /tmp/consumer/static_c x.fd'
    exit
fi

# Each block that is marked `sh` and runs something, as a user would paste it.
awk '/^```sh$/ { n++; on = 1; next } /^```$/ { on = 0 }
     on && n <= 2 { print > (dir "/block" n) }' dir="$root/srv" "$project/README.md"
for n in 1 2; do
    echo "== block $n"
    cat "$root/srv/block$n"
    inside sh -c "cd /srv/fwvar && . /srv/block$n" && status=0 || status=$?
    echo "== block $n: status $status"
    [ "$status" -eq 0 ] || exit 1
done
