#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Runs what docs/ci.md says, with a release made of a fixture: FWVAR=path tests/ci/run.sh
#
# Exit status: 0 passed, 1 failed, 77 skipped, for want of curl, unzip or python3.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
page=$here/../../docs/ci.md
packed=$(CDPATH='' cd -- "${FWVAR_FIXTURES:-$here/../../fixtures}" && pwd)
for need in curl unzip python3; do
    command -v "$need" >/dev/null 2>&1 || {
        echo "SKIPPED: there is no $need"
        exit 77
    }
done
bin=$(CDPATH='' cd -- "$(dirname -- "$FWVAR")" && pwd)
page=$(CDPATH='' cd -- "$(dirname -- "$page")" && pwd)/ci.md
work=$(mktemp -d "${TMPDIR:-/tmp}/fwvar-ci.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work"
TFTP=$work/tftp
PATH=$bin:$PATH
export PATH TFTP

fail() {
    echo "ci/run.sh: $*" >&2
    exit 1
}

# block LANGUAGE N: the N-th block of that language
block() {
    awk -v open="\`\`\`$1" -v n="$2" '/^```/ { on = 0 } on { print }
        $0 == open { on = ++k == n }' "$page"
}

# Runs block N in a folder as a user does; leaves its status in $status.
run() {
    status=0
    block sh "$2" >"$work/block.sh"
    [ -s "$work/block.sh" ] || fail "block $2 is empty"
    (cd "$1" && sh "$work/block.sh") >"$work/got" 2>&1 || status=$?
}
want() {
    [ "$status" -eq "$1" ] || fail "status $status instead of $1 of $2: $(cat got)"
}

mkdir zip job again tftp
gzip -dc "$packed/rpi4-4m-stock.fd.gz" >zip/RPI_EFI.fd
echo "arm_64bit=1" >zip/config.txt
(cd zip && python3 -m zipfile -c ../v1.zip RPI_EFI.fd config.txt)
block json 1 >job/plan.json
echo "file://$work/v1.zip" >job/release.url
echo "$(sha256sum <v1.zip | cut -d' ' -f1)  release.zip" >job/release.sha256
cp job/* again/

echo "--- the job, twice: same bytes"
run job 1
want 0 "the job"
[ "$(fwvar get job/out/RPI_EFI.fd ram-limit)" = "0 (3 GB limit off)" ] || fail "not patched"
(cd job/out && sha256sum -c --quiet RPI_EFI.fd.sha256)
sleep 1
(umask 077 && TZ=Asia/Tokyo LC_ALL=C.UTF-8 && export TZ LC_ALL && run again 1 && want 0 "again")
cmp job/out/RPI_EFI.fd again/out/RPI_EFI.fd || fail "not reproducible"

echo "--- is the deployed file up to date?"
cp zip/RPI_EFI.fd tftp/
for n in 2 3; do
    run job $n
    want 1 "block $n with an old file"
done
cp job/out/RPI_EFI.fd tftp/
for n in 2 3; do
    run job $n
    want 0 "block $n with the new file"
done
echo '{"schema": 1, "settings": {"ram-limit": "off"}, "hosts": [{"serial": "dca63201"}]}' \
    >job/hosts.json
run job 4
want 1 "a fleet that is to be made"
[ ! -e tftp/dca63201 ] || fail "a dry run writes"

echo "--- what is wrong stops the job, and nothing is left to deploy"
for wrong in sum zip member plan board; do
    rm -rf bad
    cp -r job bad
    rm -rf bad/out bad/release.zip
    case $wrong in
    sum) sed -i 's/^..../0000/' bad/release.sha256 ;;
    zip)
        head -c 5000 v1.zip >cut.zip
        echo "file://$work/cut.zip" >bad/release.url
        echo "$(sha256sum <cut.zip | cut -d' ' -f1)  release.zip" >bad/release.sha256
        ;;
    member)
        (cd zip && python3 -m zipfile -c ../none.zip config.txt)
        echo "file://$work/none.zip" >bad/release.url
        echo "$(sha256sum <none.zip | cut -d' ' -f1)  release.zip" >bad/release.sha256
        ;;
    plan) sed -i 's/ram-limit/ram-limits/' bad/plan.json ;;
    board) sed -i 's/rpi4/rpi5/' bad/plan.json ;;
    esac
    run bad 1
    [ "$status" -ne 0 ] || fail "$wrong does not stop the job"
    [ ! -e bad/out/RPI_EFI.fd ] || fail "$wrong leaves an image"
done

echo "--- the workflow has the same commands, in the same order"
block yaml 1 >workflow.yml
[ -s workflow.yml ] || fail "no workflow"
block sh 1 | sed 's/^/          /' >wanted
python3 - <<'EOF' || fail "the workflow's commands are others"
import sys
sys.exit(open("wanted").read() not in open("workflow.yml").read())
EOF
python3 - <<'EOF' || fail "the workflow is not YAML of the right shape"
import sys
try:
    import yaml
except ImportError:
    sys.exit(0)
job = yaml.safe_load(open("workflow.yml"))["jobs"]["image"]
run = [s["run"] for s in job["steps"] if s.get("name") == "Patch"]
sys.exit(len(run) != 1 or "fwvar check" not in run[0])
EOF
echo "passed"
