#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Runs the save tests on file systems of several kinds: filesystems.sh BIN [TEST:KIND...]
#
# BIN is the folder with fault_save, fault_tree and fault_cut. TEST is one of these without
# `fault_`, or `all`; KIND is ext4, vfat, xfs or btrfs. Without any: a part of cut on ext4
# and vfat, which takes less than a minute on an idle machine. FWVAR_FAULT_QUICK=1 asks for
# a part, too, and FWVAR_FAULT_ALL=1 for more, as in each of these tests.
#
# A file system is made in a file and mounted through a loop device. Where that takes a
# right or a module that is not to be had, it is mounted in a User-Mode Linux (Debian's
# package user-mode-linux), which takes none. What can be tried in neither way is skipped,
# and said so. Exit status: 0 passed, 1 failed, 77 nothing could be mounted.
set -eu

bin=$(CDPATH='' cd -- "$1" && pwd)
shift
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
dir=$(mktemp -d "${TMPDIR:-/tmp}/fwvar-fs.XXXXXX")
trap 'umount "$dir/mnt" 2>/dev/null || :; rm -rf "$dir"' EXIT
trap 'exit 2' INT TERM
mkdir "$dir/mnt" "$dir/see"
PATH=$PATH:/sbin:/usr/sbin
quick=${FWVAR_FAULT_QUICK:-}
[ $# -gt 0 ] || {
    set -- cut:ext4 cut:vfat
    quick=1
}
tried=0
failed=0

make() {
    rm -f "$dir/image"
    case $1 in
    ext4) truncate -s 8M "$dir/image" && mkfs.ext4 -q -F -J size=1 "$dir/image" ;;
    vfat) truncate -s 4M "$dir/image" && mkfs.vfat "$dir/image" >/dev/null ;;
    xfs) truncate -s 320M "$dir/image" && mkfs.xfs -q "$dir/image" ;;
    btrfs) truncate -s 128M "$dir/image" && mkfs.btrfs -q "$dir/image" ;;
    esac
}

# With these ext4 gives no more than POSIX promises: a name may become durable before the
# bytes of its file.
options() {
    case $1:$2 in
    cut:ext4) echo data=writeback,noauto_da_alloc ;;
    *:vfat) echo utf8=1 ;;
    *) echo rw ;;
    esac
}

export FWVAR_CUT_LOOK="sh $here/look.sh $dir"
: "${FWVAR_FIXTURES:=$here/../../fixtures}"
export FWVAR_FIXTURES FWVAR_FAULT_QUICK="$quick"

run_here() { # TEST KIND
    status=0
    case $2 in
    ext4) export FWVAR_CUT_SEES=1 ;;
    vfat) export FWVAR_CUT_LOSES=1 ;;
    esac
    FWVAR_CUT_KIND=$2 FWVAR_FAULT_DIR=$dir/mnt "$bin/fault_$1" || status=$?
    umount "$dir/mnt"
    return $status
}

run_in_guest() { # TEST KIND
    cat >"$dir/init" <<EOF
#!/bin/sh
PATH=$PATH
export PATH FWVAR_FIXTURES='$FWVAR_FIXTURES' FWVAR_CUT_LOOK='$FWVAR_CUT_LOOK'
export FWVAR_CUT_KIND=$2 FWVAR_FAULT_DIR='$dir/mnt' FWVAR_FAULT_ALL='${FWVAR_FAULT_ALL:-}'
[ -n "\$FWVAR_FAULT_ALL" ] || unset FWVAR_FAULT_ALL
[ $2 != vfat ] || export FWVAR_CUT_LOSES=1
export FWVAR_CUT_GUEST=1 FWVAR_FAULT_QUICK=$quick
mount -t proc proc /proc
[ -b /dev/ubda ] || mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/shm
mount -t tmpfs tmpfs /dev/shm
for m in nls/nls_cp437 nls/nls_iso8859-1 fat/fat fat/vfat; do
    insmod /usr/lib/uml/modules/\$(uname -r)/kernel/fs/\$m.ko
done
if mount -t $2 -o $(options "$1" "$2") /dev/ubda '$dir/mnt'; then
    echo "guest kernel \$(uname -r)"
    "$bin/fault_$1"
    echo "status \$?"
    umount '$dir/mnt'
fi
echo o >/proc/sysrq-trigger
sleep 60
EOF
    chmod +x "$dir/init"
    timeout 900 linux.uml mem=128M rootfstype=hostfs rootflags=/ rw quiet con=null con0=fd:0,fd:1 \
        "init=$dir/init" "ubd0=$dir/image" </dev/null >"$dir/console" 2>&1 || :
    sed -n '/^guest/,/^status/p' "$dir/console" | grep -v '^status 0'
    grep -q '^status 0' "$dir/console" && return 0
    tail -n 20 "$dir/console"
    grep -q '^guest' "$dir/console" && return 1
    return 77 # not even mounted
}

for pair; do
    test=${pair%%:*}
    kind=${pair##*:}
    case $test:$kind in
    all:*) set -- save tree cut ;;
    *) set -- "$test" ;;
    esac
    for test; do
        name="$test on $kind"
        case $name in
        "cut on btrfs") echo "$name: skipped, two copies of one btrfs cannot be looked at" && continue ;;
        esac
        if ! command -v "mkfs.$kind" >/dev/null 2>&1; then
            echo "$name: skipped, mkfs.$kind is not installed"
        elif ! make "$kind"; then
            echo "$name: cannot be made" && failed=1
        elif mount -t "$kind" -o "loop,$(options "$test" "$kind")" "$dir/image" "$dir/mnt" \
            2>"$dir/why"; then
            tried=$((tried + 1))
            echo "$name:"
            run_here "$test" "$kind" || failed=1
        elif [ "$kind" != vfat ] && [ "$kind" != ext4 ]; then
            echo "$name: skipped, cannot be mounted: $(head -n 1 "$dir/why")"
        elif ! command -v linux.uml >/dev/null || ! command -v insmod >/dev/null; then
            echo "$name: skipped, cannot be mounted ($(head -n 1 "$dir/why")), and there is" \
                "no linux.uml (user-mode-linux) or no insmod (kmod) to do it in"
        else
            echo "$name, in User-Mode Linux:"
            status=0
            run_in_guest "$test" "$kind" || status=$?
            case $status in
            0) tried=$((tried + 1)) ;;
            77) echo "$name: skipped, no User-Mode Linux comes up here" ;;
            *) tried=$((tried + 1)) failed=1 ;;
            esac
        fi
    done
done
[ "$tried" -gt 0 ] || exit 77
exit $failed
