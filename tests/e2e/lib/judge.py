# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Comparing three witnesses: the firmware's own listing, fwvar, and the tests' reader."""

from efi import GLOBAL, LIVE, NV, TRANSITION, Store, numbers
from report import fwvar_json, require
from shell import dmpstore

# What edk2 writes at boot by itself, so that it may differ from what was stored.
REWRITTEN = {"BootNext", "ConIn", "ConOut", "ErrOut", "MTC", "MemoryTypeInformation",
             "PlatformLang", "Lang", "VarErrorFlag"}


def shown(key):
    """A key as it comes out of the console: what is not ASCII is replaced there."""
    return "".join(c if " " <= c <= "~" else "?" for c in key[0]), key[1]


def firmware_lists(before, text):
    """Every live variable of the store `before` is in the firmware's listing with the same
    attributes and bytes; BootOrder may have grown at its end. Returns how many."""
    listed = {shown(k): v for k, v in dmpstore(text).items()}
    count = 0
    for key, record in before.live().items():
        if key.name in REWRITTEN:
            continue
        seen = listed.get(shown(key))
        require(seen is not None, "the firmware does not list %s %s", *key)
        require(seen.attr == record.attr, "%s: attributes %#x, stored %#x", key.name,
                seen.attr, record.attr)
        count += 1
        if key == ("BootOrder", GLOBAL):
            ours, theirs = numbers(record.data), numbers(seen.data)
            require(theirs[:len(ours)] == ours, "BootOrder %s became %s", ours, theirs)
        else:
            require(seen.data == record.data, "%s: %s, stored %s", key.name,
                    seen.data.hex()[:80], record.data.hex()[:80])
    return count


def all_agree(path, text):
    """The firmware's last listing, the file it left, and fwvar's reading of it say the
    same: live variables, and every record with its state. Returns the Store."""
    after = Store.load(path)
    # The boot manager rewrites MemoryTypeInformation before each option it starts.
    live = {shown(k): (r.attr, r.data) for k, r in after.live().items()
            if k.name != "MemoryTypeInformation"}
    listed = {shown(k): (v.attr, v.data) for k, v in dmpstore(text).items()
              if v.attr & NV and k[0] != "MemoryTypeInformation"}
    require(live == listed, "file and firmware differ: %s",
            sorted(set(live.items()) ^ set(listed.items()))[:4])
    fwvar_agrees(after, path)
    return after


def fwvar_agrees(store, path):
    """fwvar and the tests' reader see the same live variables and the same records."""
    ours = {(v["name"], v["guid"]): (v["attr"], v["data"])
            for v in fwvar_json("list", path)["variables"]}
    theirs = {tuple(k): (r.attr, r.data.hex()) for k, r in store.live().items()}
    require(ours == theirs, "fwvar lists %s", sorted(set(ours.items()) ^ set(theirs.items()))[:4])
    records = [(v["offset"], v["state"], v["attr"], v["name"], v["guid"], v["data"])
               for v in fwvar_json("list", path, "--all")["variables"]]
    raw = [(r.offset, r.state, r.attr, r.name, r.guid, r.data.hex())
           for r in store.records()]
    require(records == raw, "fwvar list --all: %d records, %d in the file: %s",
            len(records), len(raw), sorted(set(records) ^ set(raw))[:2])


def history(store, key):
    """Data of the records of one variable, oldest first."""
    return [r.data for r in store.records() if (r.name, r.guid) == tuple(key)]


def reclaimed(store):
    """The record bytes of a store after a reclaim as edk2 does it: all 0x3F records in
    order, then 0x3E without a 0x3F twin, promoted; erased space behind."""
    out = b""
    live = store.live()
    for wanted in (LIVE, TRANSITION):
        for r in store.records():
            if r.state != wanted:
                continue
            if wanted == TRANSITION and live[(r.name, r.guid)].offset != r.offset:
                continue
            raw = bytearray(store.image[r.offset:r.end])
            raw[2] = LIVE
            out += bytes(raw) + bytes(store.image[r.end:r.end + (-r.end & 3)])
    return out.ljust(len(store.records_bytes()), b"\xff")
