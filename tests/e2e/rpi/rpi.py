#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Real firmware of the Raspberry Pi boots stores written by fwvar. Needs FWVAR_QEMU, a
folder with QEMU 9 or newer unpacked, and FWVAR_IMAGES, a folder of images."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

import damage
from board import Board
from check import (BARRIERS, attributes, by_fwvar, by_store, fatal_alone, findings,
                   worst)
from efi import GLOBAL, SUPERSEDED, Store, encode_record, numbers, shell_option
from judge import fwvar_agrees, shown
from machine import menu_edits
from report import QUICK, Skipped, Suite, fwvar, fwvar_json, need_command, require
from shell import dmpstore

PI_VOLUME = "9A15AA37-D555-4A4E-B541-86391FF68164"
SETTINGS = "cd7cc258-31db-22e6-9f22-63b0b8eed6b5"
IMAGES = ["rpi4-v1.35-stock", "rpi4-v1.20-saved", "rpi4-4m-custom-stock", "rpi4-4m-bootnext"]
CHOSEN = {"RamLimitTo3GB": 0, "SdIsArasan": 1, "MmcDisableMulti": 1}


def board():
    qemu = os.environ.get("FWVAR_QEMU")
    if not qemu:
        raise Skipped("FWVAR_QEMU does not name a folder with QEMU 9 or newer")
    program = os.path.join(qemu, "usr", "bin", "qemu-system-aarch64")
    if not os.path.exists(program):
        raise Skipped("%s: no such program" % program)
    return Board(qemu, os.getcwd())


def image(name):
    folder = os.environ.get("FWVAR_IMAGES")
    if not folder:
        raise Skipped("FWVAR_IMAGES does not name a folder of images")
    path = os.path.join(folder, name + ".fd")
    if not os.path.exists(path):
        raise Skipped("%s: no such file" % path)
    return path


def menu(first):
    """Two entries in an order that is not that of their numbers: the second number lists
    all variables, the first shuts down."""
    dump = shell_option("e2e dump", PI_VOLUME, "-nostartup -exit dmpstore -all")
    off = shell_option("e2e off", PI_VOLUME, "-nostartup reset -s")
    edits = menu_edits([off, dump], first)[:-1]
    return edits + ["BootOrder=%04X,%04X" % (first + 1, first)]


def with_menu(name, *edits):
    """Entries that a board left stay outside BootOrder, which takes --force."""
    fwvar("patch", image(name), "-o", "RPI_EFI.fd", "-q", "--force", "--boot-next", "none",
          *edits, *menu(0x20))


def settings(store):
    return {k.name: int.from_bytes(r.data, "little") for k, r in store.live().items()
            if k.guid == SETTINGS and k.name in CHOSEN}


def unwrapped(console):
    """The text of this console, which breaks lines after 80 characters."""
    return "".join(line if len(line) == 80 else line + "\n" for line in console.split("\n"))


def listed(console):
    return {key[0]: v.data for key, v in dmpstore(unwrapped(console)).items()}


def test_boots(name):
    """Lists our variables, obeys our BootOrder, takes the settings; what it wrote back is
    read by fwvar, edited, and boots again."""
    machine = board()
    with_menu(name, "--set", "ram-limit=off", "--set", "SdIsArasan=1",
              "--set", "MmcDisableMulti=1")
    before = Store.load("RPI_EFI.fd")
    first = machine.boot("RPI_EFI.fd")
    require(first.result == "off", "%s %s: %s", first.result, first.detail,
            first.console[-300:])
    shown = listed(first.console)
    for setting, value in CHOSEN.items():
        require(shown.get(setting) == value.to_bytes(4, "little"), "%s is listed as %s",
                setting, shown.get(setting))

    with open("left.fd", "wb") as f:
        f.write(first.image)
    left = Store.load("left.fd")
    # The firmware sets the limit to 0 only where there is nothing to limit.
    require(settings(left) == CHOSEN, "settings became %s", settings(left))
    ours = numbers(before.live()[("BootOrder", GLOBAL)].data)
    theirs = [n for n in numbers(left.live()[("BootOrder", GLOBAL)].data) if n in ours]
    require(theirs == ours, "BootOrder %s became %s", ours, theirs)
    for key in (("Boot0020", GLOBAL), ("Boot0021", GLOBAL), ("Timeout", GLOBAL)):
        require(left.live()[key].data == before.live()[key].data, "%s changed", key[0])
    fwvar_agrees(left, "left.fd")

    fwvar("patch", "left.fd", "--in-place", "-q", "--set", "ram-limit=on",
          "--set", "asset-tag=e2e")
    again = machine.boot("left.fd")
    require(again.result == "off", "second boot: %s %s", again.result, again.detail)
    require(listed(again.console)["AssetTag"].startswith("e2e".encode("utf-16-le")),
            "AssetTag is not listed")
    return "%d variables after %.0f s, again after %.0f s" % (
        len(left.live()), first.seconds, again.seconds)


def crowded(name):
    """An image whose dead records leave less than the firmware needs: it will reclaim."""
    with_menu(name)
    store = Store.load("RPI_EFI.fd")
    n = 0
    while store.end - store.used_end() > 10000:
        store.append(encode_record("Old%04d" % n, SETTINGS, b"\0" * 1000, state=SUPERSEDED))
        n += 1
    store.save("RPI_EFI.fd")


def severities(path):
    findings = fwvar_json("check", path, status=(0, 1))["findings"]
    return {f["rule"] for f in findings if f["severity"] == "fatal"}


def test_reclaim(name):
    """A store that crashes the firmware is called fatal; compacted, it boots."""
    machine = board()
    crowded(name)
    fatal = severities("RPI_EFI.fd")
    require("space" in fatal, "check says %s", fatal)
    done = machine.boot("RPI_EFI.fd")
    require(done.result == "crash", "the firmware lived: %s", done.result)
    need_command("compact")
    fwvar("compact", "RPI_EFI.fd", "-o", "cured.fd", "-q")
    require(not severities("cured.fd"), "still fatal: %s", severities("cured.fd"))
    cured = machine.boot("cured.fd")
    require(cured.result == "off", "compacted: %s %s", cured.result, cured.detail)
    return done.detail


def test_junk(name):
    """One byte in free space is enough for the crash; check says so, repair cures it."""
    machine = board()
    with_menu(name)
    store = Store.load("RPI_EFI.fd")
    store.image[store.end - 1] = 0
    store.save("RPI_EFI.fd")
    fatal = severities("RPI_EFI.fd")
    require("free-space-dirty" in fatal, "check says %s", fatal)
    done = machine.boot("RPI_EFI.fd")
    require(done.result == "crash", "the firmware lived: %s", done.result)
    need_command("repair")
    fwvar("repair", "RPI_EFI.fd", "-o", "cured.fd", "-q")
    cured = machine.boot("cured.fd")
    require(cured.result == "off", "repaired: %s %s", cured.result, cured.detail)
    return done.detail


def test_patch_cures(name):
    """A plain edit of a crowded store compacts in the same run, so that it boots."""
    machine = board()
    crowded(name)
    fwvar("patch", "RPI_EFI.fd", "--in-place", "-q", "--set", "ram-limit=off")
    done = machine.boot("RPI_EFI.fd")
    require(done.result == "off", "%s %s", done.result, done.detail)


class Blank:
    """The firmware that boots fastest, with an empty store, as damage.py wants it."""

    name, fv = "rpi", PI_VOLUME

    @staticmethod
    def blank(path):
        with open(image("rpi4-v1.20-saved"), "rb") as f:
            store = Store(f.read())
        store.image[store.first:store.end] = b"\xff" * (store.end - store.first)
        store.save(path)


def cut(name, at=0):
    """The end of the file: so far behind the start of a record, or of the volume."""
    def build(sample):
        del sample.image[(sample.at[name] if name else sample.volume) + at:]
    return build


DAMAGE = dict(damage.HEADERS + damage.CHAIN + damage.BEHIND)
DAMAGE.update({"cut-before-volume": cut("", -0x1000), "cut-volume-header": cut("", 0x20),
               "cut-store-header": cut("", 0x50), "cut-record-header": cut("Victim", 30),
               "cut-name": cut("Victim", 64), "cut-data": cut("Victim", 80),
               "cut-free-space": cut("", 0x8000), "cut-event-log": cut("", 0xE008),
               "cut-spare": cut("", 0x1FFFF)})
FEW = ["fv-checksum", "start-11", "data-size-swallows", "full-of-dead"]


# Five times the processor time that this firmware takes to boot.
HANG = 30
# What check calls fatal on a Raspberry Pi for the sake of the releases that were not tried,
# and a file whose end is missing: what lies in memory behind it is only here known to be 0.
STRICTER = {"fv-block-map-open", "fv-ext-header", "name-no-nul", "name-odd", "name-inner-nul",
            "state-00", "state-1f", "cut-event-log", "cut-spare"}
# Advice, although it crashes: what is fatal is the floor that editors keep and scripts rely
# on, which does not count what a first boot appends.
MILDER = {"dead-leave-first-boot": "space-first-boot"}


def test_pack():
    """All damage to single records that does not stop this machine, in one store."""
    board()
    rows = [(n, b) for n, b in damage.SINGLE if not fatal_alone(Blank, n, b)]
    require(len(rows) > 12, "only %d kinds left", len(rows))
    return "%d kinds: %s" % (
        len(rows), test_damage("pack", lambda sample: damage.pack(sample, rows)))


def test_single(name, build):
    if not fatal_alone(Blank, name, build):
        return "boots with the others of the pack"
    return test_damage(name, lambda sample: build(sample, "Victim"))


def test_damage(name, build):
    """What check calls fatal does not start or loses variables, anything less boots."""
    machine = board()
    sample = damage.sample(Blank, "RPI_EFI.fd")
    model = by_store(sample.store)
    del model[("Victim", damage.OURS)]
    volume = sample.volume
    build(sample)
    sample.store.save("RPI_EFI.fd")
    found = findings("RPI_EFI.fd")
    shown_by_fwvar = by_fwvar("RPI_EFI.fd")
    done = machine.boot("RPI_EFI.fd", HANG, volume)
    seen = {}
    if done.result == "off":
        seen = {shown(k): (attributes(v.attr), v.data.hex())
                for k, v in dmpstore(unwrapped(done.console)).items() if k[1] == damage.OURS}
    lost = sorted(k[0] for k in model if seen.get(k) != model[k])
    said = "check says %s %s; firmware: %s %s" % (
        worst(found), sorted(found.get(worst(found), [])), done.result, done.detail)
    if worst(found) == "fatal" and name not in STRICTER:
        require(lost, "%s; it boots with all variables", said)
        return said + ("; lost: " + ", ".join(lost) if done.result == "off" else "")
    if name in MILDER:
        require(found == {"advice": {MILDER[name]}} and done.result == "crash", "%s", said)
        return said
    require(done.result == "off", "%s", said)
    if name in BARRIERS:
        require(len(seen) < len(shown_by_fwvar), "%s; listed %s", said, seen)
    else:
        require(seen == shown_by_fwvar, "%s; differ: %s", said,
                sorted(set(seen.items()) ^ set(shown_by_fwvar.items()))[:4])
    require(worst(found) in ("wrong", "fatal") or not lost, "%s; lost %s", said, lost)
    return said + ("; lost: " + ", ".join(lost) if lost else "")


def main():
    suite = Suite("rpi", jobs=1)
    names = IMAGES[:1] if QUICK else IMAGES
    for name in names:
        suite.run("boots/" + name, test_boots, name)
    for name in names[:2]:
        suite.run("reclaim/" + name, test_reclaim, name)
    if not QUICK:
        suite.run("junk/" + names[0], test_junk, names[0])
        suite.run("patch_cures/" + names[0], test_patch_cures, names[0])
    for name in FEW if QUICK else DAMAGE:
        suite.run("damage/" + name, test_damage, name, DAMAGE[name])
    if not QUICK:
        for name, build in damage.SINGLE:
            suite.run("damage/" + name, test_single, name, build)
        suite.run("damage/pack", test_pack)
    suite.finish()


if __name__ == "__main__":
    main()
