#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Tests of `fwvar fleet` that need many hosts: FWVAR=path/to/fwvar tests/fleet/run.sh
#
# Exit status: 0 passed, 1 failed.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
packed=$(CDPATH='' cd -- "${FWVAR_FIXTURES:-$here/../../fixtures}" && pwd)
case $FWVAR in
/*) ;;
*) FWVAR=$PWD/$FWVAR ;;
esac
work=$(mktemp -d "${TMPDIR:-/tmp}/fwvar-fleet.XXXXXX")
trap 'chmod -R u+rwX "$work"; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work"
umask 027
LC_ALL=C
export LC_ALL
gzip -dc "$packed/rpi4-2m-stock.fd.gz" >a.fd
hosts=40

fail() {
    echo "fleet/run.sh: $*" >&2
    exit 1
}

# make_list [BAD]: hosts in CSV; the one with that number has a value that is refused.
make_list() {
    echo "serial,mac,limit"
    n=1
    while [ "$n" -le "$hosts" ]; do
        limit=off
        [ "$n" != "${1:-}" ] || limit=maybe
        printf '10000000DCA6%04x,dc-a6-32-00-00-%02x,%s\n' "$n" "$n" "$limit"
        n=$((n + 1))
    done
}
cat >plan.json <<'EOF'
{"schema": 1, "settings": {"ram-limit": "{limit}"},
 "boot": {"entries": [{"label": "PXE {serial}", "pxe": "{mac}"}]}}
EOF
make_list >hosts.csv
make_list 7 >bad.csv

# 1. Every image is what `patch` makes of the plan by itself; modes are those of new files.
"$FWVAR" fleet hosts.csv a.fd --plan plan.json -o out >report
[ "$(find out -type f | wc -l)" -eq "$hosts" ] || fail "not $hosts files"
n=1
while [ "$n" -le "$hosts" ]; do
    s=$(printf 'dca6%04x' "$n")
    m=$(printf 'dc:a6:32:00:00:%02x' "$n")
    sed "s/{limit}/off/; s/{serial}/$s/; s/{mac}/$m/" plan.json >one.json
    "$FWVAR" patch a.fd --plan one.json -q -o one.fd
    cmp one.fd "out/$s/RPI_EFI.fd" || fail "$s is not what patch makes"
    n=$((n + 1))
done
[ "$(stat -c %a out/dca60001/RPI_EFI.fd)" = 640 ] || fail "mode of a file"
[ "$(stat -c %a out/dca60001)" = 750 ] || fail "mode of a folder"
[ -z "$(find out -name '.*.tmp')" ] || fail "temporary files are left"

# 2. What is right is left alone, mtime included; what is not is replaced.
find out -type f -exec touch -d @1000000000 {} +
printf x | dd of=out/dca60003/RPI_EFI.fd bs=1 seek=100 conv=notrunc 2>/dev/null
truncate -s 1000 out/dca60004/RPI_EFI.fd
rm out/dca60005/RPI_EFI.fd
chmod 604 out/dca60004/RPI_EFI.fd
"$FWVAR" fleet hosts.csv a.fd --plan plan.json -o out >second
cat >want <<EOF
updated  dca60003/RPI_EFI.fd
updated  dca60004/RPI_EFI.fd
created  dca60005/RPI_EFI.fd
$hosts hosts: 1 created, 2 updated, $((hosts - 3)) right already, 0 failed
EOF
diff want second || fail "the second run"
[ "$(find out -type f -newermt @1000000001 | wc -l)" -eq 3 ] || fail "mtimes"
[ "$(stat -c %a out/dca60004/RPI_EFI.fd)" = 604 ] || fail "the mode was not kept"

# 3. No report depends on the number of threads or on which of them was first.
for options in '' '--json --prune'; do
    rm -f want
    i=0
    while [ "$i" -lt 20 ]; do
        rm -rf out3
        mkdir -p out3/dca6ffff out3/dca6fffe
        cp a.fd out3/dca6ffff/RPI_EFI.fd
        cp a.fd out3/dca6fffe/RPI_EFI.fd
        # shellcheck disable=SC2086 # words are what is meant
        "$FWVAR" fleet bad.csv a.fd --plan plan.json -o out3 --jobs $((i % 9 + 1)) \
            $options >got 2>&1 && fail "a host that must fail did not"
        [ -f want ] || cp got want
        cmp got want || fail "run $i reports something else"
        i=$((i + 1))
    done
    [ "$(find out3 -name RPI_EFI.fd | wc -l)" -ge $((hosts - 1)) ] ||
        fail "one failing host stopped others"
done
grep -q '"failed":1' want || fail "no failure in the summary"

# 4. A reader never sees part of a file: each one is an old or a new image as a whole.
"$FWVAR" patch a.fd -q --set ram-limit=on -o b.fd
(
    i=0
    while [ "$i" -lt 4 ]; do
        "$FWVAR" fleet hosts.csv a.fd --plan plan.json -o out -q
        "$FWVAR" fleet hosts.csv b.fd --plan plan.json -o out -q
        i=$((i + 1))
    done
    : >done
) &
size=$(wc -c <a.fd)
while [ ! -e done ]; do
    for f in out/dca60001 out/dca60028; do
        [ "$(wc -c <$f/RPI_EFI.fd)" -eq "$size" ] || fail "a part of a file was seen"
    done
done
wait

# 5. A signal ends it after the hosts that were begun, and leaves nothing half-done.
rm -rf out
timeout -s INT 0.05 "$FWVAR" fleet hosts.csv a.fd --plan plan.json -o out --jobs 1 \
    >/dev/null 2>&1 || :
[ -z "$(find . -name '.*.tmp')" ] || fail "a signal leaves temporary files"
find . -path './out/*' -name RPI_EFI.fd ! -size "${size}c" | grep . && fail "half a file"

# 6. A folder that cannot be written is one host's trouble.
if [ "$(id -u)" -ne 0 ]; then
    "$FWVAR" fleet hosts.csv a.fd --plan plan.json -o out -q
    rm out/dca60002/RPI_EFI.fd
    chmod 500 out/dca60002
    "$FWVAR" fleet hosts.csv a.fd --plan plan.json -o out >got 2>&1 && fail "no failure"
    grep -q "$((hosts - 1)) right already, 1 failed" got || fail "$(cat got)"
fi
echo "passed"
