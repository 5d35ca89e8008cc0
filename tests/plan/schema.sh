#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Judges documents with python3-jsonschema, by docs/plan.schema.json the example plans,
# those of fwvar-plan(5), what `fwvar plan` prints, and the mistakes of test_plan_read; by
# docs/hosts.schema.json the list of fwvar-plan(5), those of tests/cli/fleet, and the
# spellings and mistakes of test_hosts:
# FWVAR=path/to/fwvar MISTAKES=path/to/test_plan_read HOSTS=path/to/test_hosts schema.sh
#
# Exit status: 0 passed, 1 failed, 77 skipped.
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
python3 -c 'import jsonschema; jsonschema.Draft202012Validator' 2>/dev/null || {
    echo "SKIPPED: there is no python3-jsonschema"
    exit 77
}
work=$(mktemp -d "${TMPDIR:-/tmp}/fwvar-schema.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

mkdir "$work/good" "$work/bad"
cp "$top"/fixtures/plans/*.json "$work/good"
awk '/^\.Bd/ { getline; on = $0 == "{"; if (on) n++ } /^\.Ed/ { on = 0 }
     on { gsub(/\\e/, "\\"); print > (dir "/page" n ".json") }' \
    dir="$work/good" "$top/docs/man/fwvar-plan.5"
[ -f "$work/good/page5.json" ]
gzip -dc "$top/fixtures/rpi4-2m-saved.fd.gz" >"$work/saved.fd"
"$FWVAR" patch "$work/saved.fd" -q --in-place --plan "$top/fixtures/plans/menu.json"
"$FWVAR" plan "$work/saved.fd" >"$work/good/printed.json"
"$MISTAKES" "$work/bad"
[ "$(find "$work/bad" -name '*.json' | wc -l)" -gt 40 ]
python3 "$top/tests/plan/schema.py" "$top/docs/plan.schema.json" good "$work"/good/*
python3 "$top/tests/plan/schema.py" "$top/docs/plan.schema.json" bad "$work"/bad/*

# judge good|bad FILE...: lists of hosts
judge() {
    how=$1
    shift
    python3 "$top/tests/plan/schema.py" "$top/docs/hosts.schema.json" "$how" "$@"
}
mkdir "$work/hosts" "$work/hosts/good" "$work/hosts/bad"
awk '/^\.Bd/ { getline; on = /^{ / } /^\.Ed/ { on = 0 } on' \
    "$top/docs/man/fwvar-plan.5" >"$work/hosts/page.json"
grep -q '"hosts"' "$work/hosts/page.json"
"$HOSTS" "$work/hosts"
[ "$(find "$work/hosts/bad" -name '*.json' | wc -l)" -gt 40 ]
judge good "$work/hosts/page.json" "$top"/tests/cli/fleet/*/hosts.json
judge good "$work"/hosts/good/*
judge bad "$work"/hosts/bad/*
