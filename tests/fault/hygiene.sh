#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# What fwvar may replace and what it must not touch: hygiene.sh FWVAR
#
# Devices, pipes, sockets and folders; names of open files; links; modes, owners and
# folders of others; names of temporary files. As root it also makes device nodes and
# runs as nobody; what cannot be tried is said. Exit status: 0 passed, 1 failed.
set -eu

fwvar=$1
case $fwvar in
/*) ;;
*) fwvar=$PWD/$fwvar ;;
esac
dir=$(mktemp -d "${TMPDIR:-/tmp}/fwvar-hygiene.XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 2' INT TERM
chmod 755 "$dir"
cd "$dir"
umask 022
LC_ALL=C
export LC_ALL
failed=0
root=
[ "$(id -u)" != 0 ] || root=yes
gzip -dc "$FWVAR_FIXTURES/rpi4-2m-saved.fd.gz" >old.fd
"$fwvar" patch old.fd -q --timeout 3 -o new.fd
"$fwvar" export old.fd --dmpstore dump

fail() {
    echo "FAIL $*"
    [ ! -s err ] || cat err
    failed=1
}

# run ARGUMENTS...: with the status in $status; ended if it hangs.
run() {
    status=0
    timeout 60 "$fwvar" "$@" >out 2>err || status=$?
}

# says TEXT...: all of them in the message.
says() {
    for text; do
        grep -qF -e "$text" err || fail "does not say '$text': $what"
    done
}

is() {
    [ "$(stat -c "$1" "$2")" = "$3" ] || fail "$2 is $(stat -c "$1" "$2"), not $3: $what"
}

# ---- what is no file ----

mkdir work
cp old.fd work/a.fd
mkfifo work/pipe
mkdir work/folder
: >work/folder/inside
kinds="pipe folder"
if command -v python3 >/dev/null; then
    python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("work/socket")'
    kinds="$kinds socket"
fi
if [ -n "$root" ] && mknod work/device c 1 3 && mknod work/disk b 7 200; then
    kinds="$kinds device disk"
else
    echo "no device nodes can be made here: only those that are there are tried"
fi
find work | sort >before

refused() {
    what="$*"
    run "$@"
    [ "$status" -eq 2 ] || fail "status $status: $what"
    says hint:
    find work | sort >after
    diff before after >&2 || fail "made or removed something: $what"
    for kind in $kinds; do
        [ ! -f "work/$kind" ] || fail "$kind was replaced by a file: $what"
    done
    [ -f work/folder/inside ] || fail "the folder was replaced: $what"
    cmp -s work/a.fd old.fd || fail "the image was changed: $what"
}
for kind in $kinds; do
    refused export work/a.fd --dmpstore "work/$kind"
    says "not a file"
    case $kind in
    folder) refused export work/a.fd --efivarfs work/folder ;;
    *) refused patch work/a.fd --timeout 3 -o "work/$kind" ;;
    esac
    case $kind in
    pipe | socket) ;; # read as streams: a pipe is below, a socket cannot be opened
    *) refused list "work/$kind" && says "not an image file" ;;
    esac
    mv "work/$kind" work/a.fd.bak
    find work | sort >before
    what="backup over a $kind"
    run patch work/a.fd --timeout 3 --in-place --backup=.bak
    [ "$status" -eq 2 ] || fail "status $status: $what"
    says "backup work/a.fd.bak" "not a file"
    [ ! -f work/a.fd.bak ] || fail "$what: it was replaced"
    cmp -s work/a.fd old.fd || fail "$what: the image was changed"
    mv work/a.fd.bak "work/$kind"
    find work | sort >before
done
for device in /dev/null /dev/zero /dev/full /dev/tty; do
    [ -c $device ] || continue
    refused patch work/a.fd --timeout 3 -o $device
    says "not a file" "-o -"
    refused export work/a.fd --dmpstore $device
    is %F $device "character special file"
done

what="a pipe as input"
cat old.fd >work/pipe &
run list work/pipe
[ "$status" -eq 0 ] || fail "$what"
cat old.fd >work/pipe &
run patch work/pipe --timeout 3 -o work/b.fd
cmp -s work/b.fd new.fd || fail "$what: patched"
cat old.fd >work/pipe &
run patch work/pipe --timeout 3 --in-place
[ "$status" -eq 2 ] || fail "$what: in place"
[ -p work/pipe ] || fail "$what: it was replaced"
wait

what="a pipe in place of config.txt"
mkfifo work/config.txt
run info work/a.fd
[ "$status" -eq 0 ] || fail "$what: status $status"

# ---- names of open files ----

what="-o /dev/stdout into a pipe"
if [ -e /dev/stdout ]; then
    status=$( ( ("$fwvar" patch old.fd --timeout 3 -o /dev/stdout 2>err || echo $? >&3) |
        cat >out) 3>&1)
    [ "$status" = 2 ] || fail "$what: status $status"
    [ ! -s out ] || fail "$what: printed something"
    says "not a file" "-o -"
    what="-o /dev/stdout into a file"
    echo there >o.fd
    "$fwvar" patch old.fd -q --timeout 3 -o /dev/stdout >>o.fd
    cmp -s o.fd new.fd || fail "$what: not the image"
    what="-o /dev/fd/7, a file that was removed"
    exec 7>gone.fd
    rm gone.fd
    run patch old.fd --timeout 3 -o /dev/fd/7
    exec 7>&-
    [ "$status" -eq 2 ] || fail "$what: status $status"
    says "no name any more"
    [ -z "$(find . -name '*gone*')" ] || fail "$what: left something"
fi

# ---- modes, links and folders ----

rm -rf work
mkdir work
cp old.fd work/a.fd
check_writes() { # WHAT COMMAND...: what writes $target, in place of a file and anew
    what=$1
    shift
    for mode in 600 664 400 755; do
        rm -f "$target"
        cp "$other" "$target"
        chmod $mode "$target"
        run "$@"
        [ "$status" -eq 0 ] || fail "$what: status $status"
        is %a "$target" $mode
    done
    rm -f "$target"
    (umask 027 && exec "$fwvar" "$@") >out
    is %a "$target" 640
    mv "$target" "$target.real"
    chmod 606 "$target.real"
    cp "$other" work/content && cat work/content >"$target.real"
    ln -s "${target##*/}.real" "$target"
    run "$@"
    [ -L "$target" ] || fail "$what: the link was replaced"
    cmp -s "$other" "$target.real" && fail "$what: the file behind the link was not"
    is %a "$target.real" 606
    rm -f "$target" "$target.real" work/content
    [ "$(ls -A work)" = a.fd ] || fail "$what: left $(ls -A work)"
}
target=work/b.fd other=old.fd
check_writes "-o" patch work/a.fd --timeout 3 -o work/b.fd
target=work/b.dump other=old.fd
check_writes "--dmpstore" export work/a.fd --dmpstore work/b.dump

if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
    what="temporary files"
    for command in "patch work/a.fd --timeout 3 -o work/b.fd" \
        "export work/a.fd --dmpstore work/b.fd"; do
        for i in 1 2; do
            rm -f work/b.fd
            # shellcheck disable=SC2086
            strace -f -e trace=openat,open -o trace "$fwvar" $command >out
            grep O_CREAT trace >made$i
            [ "$(wc -l <made$i)" -eq 1 ] || fail "$command: not one file is made"
            for flag in O_EXCL O_NOFOLLOW O_CLOEXEC; do
                grep -q $flag made$i || fail "$command: no $flag"
            done
            sed 's/.*"\(.*\)".*/\1/' made$i >name$i
            grep -Eq '^work/\.b\.fd\.[0-9a-f]{8}\.tmp$' name$i || fail "$command: name"
        done
        cmp -s name1 name2 && fail "$command: the same name twice"
    done
else
    echo "strace is missing or may not trace: flags of open() are not looked at"
fi

# ---- owners ----

if [ -n "$root" ] && setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null &&
    setpriv --reuid=65534 --regid=65534 --clear-groups "$fwvar" -V >/dev/null 2>&1; then
    what="a folder whose group files get"
    mkdir shared && chgrp 12 shared && chmod 2775 shared
    run patch old.fd --timeout 3 -o shared/a.fd
    is %g shared/a.fd 12
    chgrp 34 shared/a.fd
    run patch shared/a.fd --timeout 4 --in-place
    is %g shared/a.fd 34

    nobody() {
        status=0
        setpriv --reuid=65534 --regid=65534 --groups=12 timeout 60 "$fwvar" "$@" \
            >out 2>err || status=$?
    }
    what="a file that may be written in a folder that may not"
    mkdir locked && cp old.fd locked/a.fd && chmod 666 locked/a.fd
    nobody patch locked/a.fd --timeout 3 --in-place
    [ "$status" -eq 2 ] || fail "$what: status $status"
    says "Permission denied" "folder has to be writable"
    cmp -s old.fd locked/a.fd || fail "$what: changed"

    what="a file of somebody else in one's own folder"
    mkdir own && cp old.fd own/a.fd && chgrp 12 own/a.fd && chmod 6754 own/a.fd
    chown 65534 own
    nobody patch own/a.fd --timeout 3 --in-place
    [ "$status" -eq 0 ] || fail "$what: status $status"
    says "owner could not be kept"
    is "%u %g %a" own/a.fd "65534 12 754"
    cmp -s new.fd own/a.fd || fail "$what: not changed"

    what="a file that may not be read"
    cp old.fd own/b.fd && chmod 600 own/b.fd
    nobody patch own/a.fd --timeout 4 -o own/b.fd
    [ "$status" -eq 2 ] || fail "$what: status $status"
    says "Permission denied" "has to be readable"

    what="root keeps owner, group and all modes"
    chown 65534:34 own/b.fd && chmod 6751 own/b.fd
    run patch own/a.fd --timeout 4 -o own/b.fd
    is "%u %g %a" own/b.fd "65534 34 6751"
else
    echo "not root, or no setpriv: owners are not tried"
fi
[ $failed -ne 0 ] || echo "passed"
exit $failed
