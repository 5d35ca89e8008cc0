#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause-Patent
"""What `fwvar check` says of damaged stores, against what firmware does with them. Where it
says fatal, the machine does not start or variables are gone; where it says anything less,
it starts, and every variable that `fwvar list` shows is there; where it says advice or
nothing, none is lost. What `fwvar repair` makes of a fatal one boots."""

import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

import damage
from check import (BARRIERS, attributes, by_fwvar, by_store, fatal_alone, findings,
                   worst)
from efi import DELETED, GLOBAL, Store, numbers
from judge import shown
from machine import AAVMF, AAVMF_LATER, OVMF, boot, trial
from report import MKDAMAGED, QUICK, Skipped, Suite, fwvar, require
from shell import dmpstore

# What drivers before edk2 of February 2024 let pass.
LATER_RULES = {"record-name", "record-state", "record-unwritten", "chain-broken"}
# Damage that leaves nothing to repair, that repair completes, or that it can't mend.
GONE = {"volume-erased", "volume-zeroed", "ftw-pending", "full", "live-leave-4000",
        "live-leave-9000"}
# OVMF comes up without a console if nothing at all is free; with a little more it doesn't
# come up, and it is one rule for both.
WORSE_WITH_MORE = {"full"}
# For every change, and those whose repair is tried on every machine; that of all others is
# tried on the strictest.
FEW = {"fv-checksum", "fv-length-half", "store-state", "start-11", "data-size-0x10000",
       "duplicate", "ftw-pending"}
STRICTEST = AAVMF_LATER if os.path.exists(AAVMF_LATER.code) else AAVMF


def by_file(path):
    """The same as the tests' reader has them from what the firmware left."""
    try:
        return by_store(Store.load(path))
    except ValueError:
        return {}


def by_firmware(path, what, text):
    """The same as the firmware lists them, or has left them where our menu was lost."""
    if what != "off":
        return by_file(path)
    return {shown(k): (attributes(v.attr), v.data.hex())
            for k, v in dmpstore(text).items() if k[1] == damage.OURS}


class Case:
    """A damaged store: what was in it, what fwvar says of it, what became of it."""

    def __init__(self, kind, build):
        sample = damage.sample(kind)
        build(sample, "Victim")
        sample.store.save("store.fd")
        self.kind = kind
        self.model = by_store(damage.sample(kind, "sound.fd").store)
        self.model.pop(shown(("Victim", damage.OURS)))
        self.found = findings("store.fd")
        self.worst = worst(self.found)
        self.listed = by_fwvar("store.fd")

    def boot(self, patience):
        shutil.copy("store.fd", "booted.fd")
        self.what, self.text = trial(self.kind, "booted.fd", patience)
        self.seen = by_firmware("booted.fd", self.what, self.text)
        # A driver may list from memory what is gone in the flash.
        left = by_file("booted.fd")
        self.lost = sorted(k[0] for k in self.model if self.model[k] != left.get(k)
                           or k not in self.seen)

    def judge(self, name):
        said = "check says %s %s" % (self.worst, sorted(self.found.get(self.worst, [])))
        if self.worst == "fatal":
            if self.what == "dark" and self.kind is OVMF and name in WORSE_WITH_MORE:
                return "%s; boots without a console" % said
            if self.what != "dead" and not self.lost:
                require(self.kind is AAVMF and self.found["fatal"] <= LATER_RULES,
                        "%s, but it starts with all variables", said)
                return "%s; fatal to later drivers only" % said
            return "%s; %s" % (said, "does not start" if self.what == "dead" else "all lost"
                               if len(self.lost) == len(self.model) else "some are lost")
        require(self.what != "dead", "%s, but it does not start: %s", said, self.text[-200:])
        if name in BARRIERS:
            require(self.worst == "wrong" and len(self.seen) < len(self.listed)
                    and by_file("booted.fd") == self.listed, "%s; fwvar lists %s, the firmware %s",
                    said, self.listed, self.seen)
            return "%s; the list ends there" % said
        require(self.seen == self.listed, "%s; fwvar and firmware list different: %s", said,
                sorted(set(self.seen.items()) ^ set(self.listed.items()))[:4])
        require(self.worst == "wrong" or not self.lost, "%s, but lost: %s", said, self.lost)
        return "%s; %s" % (said, "lost: " + ", ".join(self.lost) if self.lost else
                           "boots without a console" if self.what == "dark" else "boots")


def mend(case):
    """Repaired, it boots with every variable that was not destroyed."""
    fwvar("repair", "store.fd", "--in-place", "-q", status=(0, 1))
    require("fatal" not in findings("store.fd"), "repair leaves %s", findings("store.fd"))
    mended = by_fwvar("store.fd")
    lost = sorted(k[0] for k in case.model if mended.get(k) != case.model[k])
    require(not lost, "repair loses %s", lost)
    what, text = trial(case.kind, "store.fd", 12)
    seen = by_firmware("store.fd", what, text)
    require(what == "off" and seen == mended,
            "repaired: %s; fwvar and firmware differ: %s; last words: %s", what,
            sorted(set(seen.items()) ^ set(mended.items()))[:4], text[-200:])


def patience(worst_said, name):
    """How many boots' worth of processor time a machine may be silent. A reclaim takes
    four, but behind a broken volume header there is none. Where the machine is to start,
    to be given up is a failure, so there is no hurry."""
    if worst_said != "fatal":
        return 10
    return 2.5 if name.startswith(("fv-", "headers-", "volume-")) else 6


def test_damage(kind, name, build):
    case = Case(kind, build)
    case.boot(patience(case.worst, name))
    note = case.judge(name)
    if case.worst == "fatal" and name not in GONE and (kind is STRICTEST or name in FEW):
        mend(case)
        note += "; repaired, it boots"
    return note


def test_single(kind, name, build):
    if not fatal_alone(kind, name, build):
        return "boots with the others of the pack"
    return test_damage(kind, name, build)


def test_pack(kind):
    """All damage to single records that does not stop this machine, in one store."""
    rows = [(n, b) for n, b in damage.SINGLE if not fatal_alone(kind, n, b)]
    require(len(rows) > 12, "only %d kinds left", len(rows))
    case = Case(kind, lambda sample, _: damage.pack(sample, rows))
    case.boot(10)
    case.judge("pack")
    return "%d kinds, %d variables" % (len(rows), len(case.seen))


def menu_sample(kind):
    """A boot menu with everything that can be wrong in one, and what it was to be."""
    s = damage.sample(kind)
    order = [0, 1]
    for i, (_, data) in enumerate(damage.MENU):
        order.append(0x10 + i)
        damage.option(s, 0x10 + i, data)
    s.add("Boot001a", damage.FINE, guid=GLOBAL)
    damage.option(s, 2, damage.FINE)  # in no list
    order += [0x1A, 0x30, 0x17, 0x17]
    raw = b"".join(damage.number(n, 2) for n in order)
    s.field("BootOrder", damage.STATE, DELETED, 1)
    s.add("BootOrder", raw + b"\0", guid=GLOBAL)
    s.add("BootNext", b"\x99\0", guid=GLOBAL)
    s.add("DriverOrder", b"\3\0\4\0", guid=GLOBAL)
    s.add("Driver0003", b"\1\0", guid=GLOBAL)
    s.add("Key0000", bytes.fromhex("00000040" "11223344" "0000" "0c000000"), guid=GLOBAL)
    s.add("Key0001", bytes.fromhex("0000004000"), guid=GLOBAL)
    s.add("Key0002", bytes.fromhex("00000040" "00000000" "7700" "0b000000"), guid=GLOBAL)
    s.add("ConIn", b"\1\4", guid=GLOBAL)
    s.store.save("store.fd")
    return s


def test_menu(kind):
    """Each rule about the boot menu, against what the boot manager makes of it."""
    menu_sample(kind)
    found = findings("store.fd")
    wanted = {"boot-order", "boot-dangling", "boot-orphan", "boot-name", "boot-option",
              "key-crc", "console-path"}
    require(wanted <= found.get("wrong", set()), "check says %s", found)
    require("fatal" not in found, "check says %s", found)
    require("boot-option-extra" in found["advice"], "check says %s", found)
    text = boot(kind, "store.fd")
    require('"e2e dump"' in text and '"e2e off"' in text, "the menu did not run")
    left = {k.name: r.data for k, r in Store.load("store.fd").live().items()
            if k.guid == GLOBAL}
    order = numbers(left["BootOrder"])
    deleted = [name for i, (name, _) in enumerate(damage.MENU) if 0x10 + i not in order]
    bad = [name for name, _ in damage.MENU if name not in ("boot-path-extra", "boot-fine")]
    require(deleted == bad, "off the list: %s, expected %s", deleted, bad)
    require(0x30 not in order and 0x1A not in order, "BootOrder %s", order)
    require("BootNext" not in left, "BootNext is still there")
    require(left["Boot0002"] != damage.FINE, "the entry outside BootOrder was left alone")
    require(left.get("ConIn") != b"\1\4", "ConIn was left alone")
    return "off BootOrder: %s, lower case, absent; ConIn made anew" % ", ".join(deleted)


def test_no_order(kind):
    """Without BootOrder an entry runs if BootNext names it, once; others are overwritten."""
    s = damage.sample(kind)
    s.field("BootOrder", damage.STATE, DELETED, 1)
    s.add("BootNext", b"\1\0", guid=GLOBAL)
    s.store.save("store.fd")
    found = findings("store.fd")
    require("boot-orphan" in found.get("wrong", ()), "check says %s", found)
    what, text = trial(kind, "store.fd", 12)
    require(what == "off" or '"e2e off"' in text, "BootNext was not followed: %s", text[-300:])
    left = {k.name: r for k, r in Store.load("store.fd").live().items()}
    require("BootNext" not in left, "BootNext is still there")
    require(b"e2e dump".decode().encode("utf-16-le") not in left["Boot0000"].data,
            "Boot0000 was left alone")


def test_corpus():
    """Every kind of the corpus is here, or it is said where it is and why not here."""
    if not os.path.exists(MKDAMAGED):
        raise Skipped("%s: no such program" % MKDAMAGED)
    kinds = set(subprocess.run([MKDAMAGED, "--list"], stdout=subprocess.PIPE, check=True,
                               text=True).stdout.split())
    known = damage.names() | set(damage.ELSEWHERE)
    require(kinds <= known, "not here: %s", sorted(kinds - known))
    unknown = known - kinds - {"boot-fine"}
    require(not unknown, "not in the corpus: %s", sorted(unknown))
    return "%d kinds" % len(kinds)


def need_later():
    raise Skipped("FWVAR_FIRMWARE does not name a folder with qemu-efi-aarch64 of Debian 13")


def main():
    suite = Suite("negative")
    suite.run("corpus", test_corpus)
    for kind in (AAVMF, AAVMF_LATER, OVMF):
        if kind is AAVMF_LATER and not os.path.exists(kind.code):
            suite.run("aavmf-later", need_later)
            continue
        for rows in (damage.HEADERS, damage.CHAIN, damage.BEHIND):
            for name, build in rows:
                if not QUICK or (name in FEW and kind is AAVMF):
                    suite.run("%s/%s" % (kind.name, name), test_damage, kind, name,
                              lambda s, v, build=build: build(s))
        if not QUICK:
            for name, build in damage.SINGLE:
                suite.run("%s/%s" % (kind.name, name), test_single, kind, name, build)
        suite.run("%s/pack" % kind.name, test_pack, kind)
        suite.run("%s/menu" % kind.name, test_menu, kind)
        if not QUICK or kind is AAVMF:
            suite.run("%s/no_order" % kind.name, test_no_order, kind)
    suite.finish()


if __name__ == "__main__":
    main()
