#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause-Patent
"""What `fwvar check` says of damaged stores, against what firmware does with them: where it
says fatal, the machine does not start or the variables are gone; where it says anything
less, every variable that `fwvar list` shows is there."""

import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

import damage
from efi import Store
from judge import shown
from machine import AAVMF, AAVMF_LATER, OVMF, trial
from report import Suite, fwvar, fwvar_json, require
from shell import dmpstore

SHOWN = 0x27  # attributes that dmpstore prints


def severities(path):
    """{severity: rules} of what check finds."""
    found = {}
    checked = fwvar_json("check", path, status=(0, 1, 2))
    if "error" in checked:
        return {"fatal": {"no-store"}}
    for f in checked["findings"]:
        found.setdefault(f["severity"], set()).add(f["rule"])
    return found


def listed_by_fwvar(path):
    return {shown((v["name"], v["guid"])): (v["attr"] & SHOWN, v["data"])
            for v in fwvar_json("list", path, status=(0, 2)).get("variables", [])
            if v["guid"] == damage.OURS}


def listed_by_firmware(text):
    return {shown(k): (v.attr, v.data.hex()) for k, v in dmpstore(text).items()
            if k[1] == damage.OURS}


def survey(kind, path, model, patience):
    """Boots; returns what happened and the variables that the firmware shows."""
    copy = path + ".boot"
    shutil.copy(path, copy)
    what, text = trial(kind, copy, patience)
    try:
        print("   written: ", [r.name for r in Store.load(copy).records()][12:18], end=" ")
    except Exception as e: print("   ", e, end=" ")
    seen = listed_by_firmware(text) if what == "off" else {}
    return what, seen, text


def report(kind, name, build):
    s = damage.sample(kind)
    model = {shown(k): (a & SHOWN, d.hex()) for k, (a, d) in s.model().items()}
    build(s)
    s.store.save("store.fd")
    found = severities("store.fd")
    fw = listed_by_fwvar("store.fd")
    what, seen, text = survey(kind, "store.fd", model, 6 if "fatal" in found else 12)
    worst = next((w for w in ("fatal", "wrong", "advice") if w in found), "fine")
    verdict = "ok"
    if worst == "fatal":
        if what == "off" and seen == fw: verdict = "NOT FATAL"
    else:
        if what != "off": verdict = "IS FATAL"
        elif seen != fw: verdict = "DIFFERS from fwvar list: %s" % sorted(set(seen.items()) ^ set(fw.items()))[:3]
        lost = sorted(k[0] for k in model if seen.get(k) != model[k])
        if worst != "wrong" and lost: verdict += " LOST %s" % lost
    lost = sorted(k[0] for k in model if seen.get(k) != model[k])
    print("%-12s %-20s %-7s %-40s %-5s lost=%s %s" % (kind.name, name, worst, sorted(found.get(worst, [])), what, ",".join(lost), verdict), flush=True)


if __name__ == "__main__":
    os.makedirs("/tmp/neg", exist_ok=True); os.chdir("/tmp/neg")
    kinds = {"aavmf": AAVMF, "ovmf": OVMF, "later": AAVMF_LATER}
    kind = kinds[sys.argv[1]]
    want = sys.argv[2:]
    if want and want[0]=='from': allr=[r[0] for rows in (damage.HEADERS, damage.CHAIN, damage.BEHIND) for r in rows]+[r[0] for r in damage.SINGLE]; want=allr[allr.index(want[1]):]
    for rows in (damage.HEADERS, damage.CHAIN, damage.BEHIND):
        for name, f in rows:
            if not want or name in want: report(kind, name, f)
    for name, f in damage.SINGLE:
        if not want or name in want: report(kind, name, lambda s: f(s, "Victim"))
