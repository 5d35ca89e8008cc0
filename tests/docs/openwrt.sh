#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Runs the package Makefile of docs/openwrt.md: tests/docs/openwrt.sh
#
# OpenWrt's own rules are not here. Stand-ins do what the Makefile relies on: they unpack
# PKG_SOURCE, configure with the options that OpenWrt's cmake.mk gives, install into
# PKG_INSTALL_DIR and then do what Package/fwvar/install says. Exit status: 0 passed, 1
# failed, 77 skipped.

set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
project=$(CDPATH='' cd -- "$here/../.." && pwd)
command -v make >/dev/null 2>&1 && git -C "$project" rev-parse HEAD >/dev/null 2>&1 || {
    echo "SKIPPED: there is no make, or this is no git repository"
    exit 77
}
work=$(mktemp -d "${TMPDIR:-/tmp}/fwvar-openwrt.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
mkdir "$work/top" "$work/include" "$work/dl" "$work/feed"

block() {
    awk -v lang="$1" '$0 == "```" lang { on = 1; next } /^```$/ { on = 0 } on' \
        "$project/docs/openwrt.md"
}
block make >"$work/feed/Makefile"
block sh >"$work/archive"
# As it says, but with what is in the work tree: a change is tested before it is committed.
version=$(sed -n 's/^PKG_VERSION:=//p' "$work/feed/Makefile")
grep -q "prefix=fwvar-$version/ -o fwvar-$version.tar.gz" "$work/archive"
grep -q "project(fwvar VERSION $version" "$project/CMakeLists.txt"
git -C "$project" ls-files -z CMakeLists.txt src include docs README.md LICENSE |
    tar -C "$project" --null -T - --transform "s,^,fwvar-$version/," -czf "$work/dl/fwvar-$version.tar.gz"

cat >"$work/top/rules.mk" <<'END'
BUILD_DIR := $(WORK)/build
DL_DIR := $(WORK)/dl
INCLUDE_DIR := $(WORK)/include
INSTALL_DIR := install -d -m0755
INSTALL_BIN := install -m0755
END
cat >"$work/include/package.mk" <<'END'
PKG_BUILD_DIR := $(BUILD_DIR)/$(PKG_NAME)-$(PKG_VERSION)
PKG_INSTALL_DIR := $(PKG_BUILD_DIR)/ipkg-install
define BuildPackage
$(eval $(Package/$(1)))
all:
	mkdir -p $(BUILD_DIR)
	tar -C $(BUILD_DIR) -xzf $(DL_DIR)/$(PKG_SOURCE)
	test -s $(PKG_BUILD_DIR)/$(PKG_LICENSE_FILES)
	$(Build/Configure)
	cmake --build $(PKG_BUILD_DIR) -j2
	DESTDIR=$(PKG_INSTALL_DIR) cmake --install $(PKG_BUILD_DIR)
	$(call Package/$(1)/install,$(WORK)/root)
	@echo '$(SECTION) $(CATEGORY) $(DEPENDS)' >$(WORK)/control
	@test -n '$(TITLE)' -a -n '$(strip $(Package/$(1)/description))'
endef
END
cat >"$work/include/cmake.mk" <<'END'
define Build/Configure
cd $(PKG_BUILD_DIR) && cmake -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_C_FLAGS_RELEASE=-DNDEBUG -DCMAKE_C_FLAGS=-Os -DCMAKE_STRIP=: \
    -DCMAKE_INSTALL_PREFIX=/usr -DCMAKE_SKIP_RPATH=TRUE $(CMAKE_OPTIONS) .
endef
END
make -C "$work/feed" TOPDIR="$work/top" WORK="$work" >"$work/log" 2>&1 || {
    tail -n 30 "$work/log" >&2
    exit 1
}
grep -q '+libuuid +zlib +jansson +liblzma' "$work/control"
"$work/root/usr/bin/fwvar" --version
[ "$(find "$work/root" -type f | wc -l)" -eq 1 ]
echo "fwvar $version: $(wc -c <"$work/root/usr/bin/fwvar") bytes, not stripped"
