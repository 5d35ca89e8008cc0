#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Disturbs the system calls of a save with strace, as a check of the wrappers that the
# other fault tests use: strace.sh FWVAR. Each call fails, or the process is killed at
# it; the image is the old or the new one then, and after an error no file is left.
# Exit status: 0 passed, 1 failed, 77 strace is not there or may not trace.
set -eu

fwvar=$1
dir=$(mktemp -d "${TMPDIR:-/tmp}/fwvar-strace.XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 2' INT TERM
cd "$dir"
strace -o /dev/null true 2>/dev/null || exit 77
gzip -dc "$FWVAR_FIXTURES/rpi4-2m-saved.fd.gz" >old.fd
"$fwvar" patch old.fd -q --timeout 3 -o new.fd

runs=0
failed=0
fail() {
    echo "FAIL $call number $n, $fault: $*"
    cat err
    failed=1
}

# Runs a save with `$fault` at the $n-th $call; false if there is no such call.
attempt() {
    runs=$((runs + 1))
    rm -rf work
    mkdir work
    cp old.fd work/image.fd
    status=0
    (cd work && exec strace -o ../trace -e "trace=$call" -e "inject=$call:$fault:when=$n" \
        "$fwvar" patch image.fd -q --timeout 3 --in-place) 2>err || status=$?
    if cmp -s work/image.fd old.fd; then
        is=old
    elif cmp -s work/image.fd new.fd; then
        is=new
    else
        is=broken
    fi
    left=$(find work -type f ! -name image.fd | wc -l)
    grep -q -e INJECTED -e SIGKILL trace
}

judge() {
    [ "$is" != broken ] || fail "the image is neither old nor new"
    case $fault in
    signal=*) [ "$left" -le 1 ] || fail "$left files were left" ;;
    *)
        [ "$left" -eq 0 ] || fail "$left files were left"
        case $status$is in
        0new | 2old) ;;
        127old) ;; # the dynamic loader gave up
        2new) grep -q "written, but" err || fail "complains, but wrote" ;;
        *) fail "exit status $status, the image is $is" ;;
        esac
        ;;
    esac
}

for call in pread64 copy_file_range write fsync fchmod rename flock getrandom readlink; do
    for fault in error=EIO error=ENOSPC signal=KILL; do
        n=1
        while attempt; do
            judge
            n=$((n + 1))
        done
    done
done
echo "$runs runs"
exit $failed
