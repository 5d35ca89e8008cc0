# SPDX-License-Identifier: BSD-2-Clause-Patent
"""What fwvar says of a damaged store, in the form in which firmware is compared with it."""

from damage import OURS, sample
from efi import text
from judge import shown
from report import fwvar_json

# Who lists variables does not get past these, although they are there.
BARRIERS = {"name-inner-nul", "twins-alone"}


def attributes(value):
    """As dmpstore prints them: without unknown ones, and run time means boot time too."""
    return value & 0x27 | (2 if value & 4 else 0)


def findings(path):
    """{severity: rules} of what check finds; a file without any store is fatal."""
    checked = fwvar_json("check", path, status=(0, 1, 2))
    found = {}
    for f in checked.get("findings", [{"severity": "fatal", "rule": "no store"}]):
        found.setdefault(f["severity"], set()).add(f["rule"])
    return found


def worst(found):
    return next((s for s in ("fatal", "wrong", "advice") if s in found), "nothing")


def fatal_alone(kind, name, build):
    """Whether this damage to one record needs a boot of its own."""
    damaged = sample(kind)
    build(damaged, "Victim")
    damaged.store.save("store.fd")
    return name in BARRIERS or worst(findings("store.fd")) == "fatal"


def by_fwvar(path):
    """Our variables as `fwvar list` has them, {(name, guid): (attributes, data)}."""
    out = {}
    for v in fwvar_json("list", path, status=(0, 2)).get("variables", []):
        name = v["name"]
        if v.get("name_hex"):
            name = text(bytes.fromhex(v["name_hex"]))
        if v["guid"] == OURS:
            out[shown((name.rstrip("\0"), v["guid"]))] = attributes(v["attr"]), v["data"]
    return out


def by_store(store):
    return {shown(k): (attributes(r.attr), r.data.hex()) for k, r in store.live().items()
            if k.guid == OURS}
