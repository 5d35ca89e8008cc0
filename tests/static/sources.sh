#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Fetches what src/install/static-musl.sh builds from, with apt and the signatures it checks:
#
#   tests/static/sources.sh CACHE
#
# CACHE/sources gets the unpacked sources; nothing is done if it is there. The archives are
# those of this machine, asked for sources as well, with lists of its own: apt's are left as
# they are, and no privileges are needed. It takes dpkg-dev.

set -eu

mkdir -p "$1"
cache=$(CDPATH='' cd -- "$1" && pwd)
[ ! -d "$cache/sources" ] || exit 0

apt=$cache/apt
mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial" "$apt/parts"
for list in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
    case $list in
    *.list | *.sources) [ ! -f "$list" ] ||
        sed 's/^deb /deb-src /; s/^Types:.*/Types: deb-src/' "$list" \
            >"$apt/parts/${list##*/}" ;;
    esac
done
set -- -q -o Dir::State="$apt/state" -o Dir::Cache="$apt/cache" \
    -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$apt/parts" \
    -o Debug::NoLocking=1 -o APT::Sandbox::User="$(id -un)"
# One list that is out of order does not matter if the others have the sources.
apt-get "$@" update || :
rm -rf "$cache/new"
mkdir "$cache/new"
(cd "$cache/new" && apt-get "$@" source musl jansson zlib xz-utils util-linux)
mv "$cache/new" "$cache/sources"
