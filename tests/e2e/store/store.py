#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Stores written by fwvar, booted by firmware we did not write."""

import os
import re
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

from efi import (AT, BS, DELETED, HEADER_ONLY, NV, RT, SUPERSEDED, TRANSITION, Store,
                 encode_record, load_option, shell_option)
from judge import all_agree, firmware_lists, fwvar_agrees, history
from machine import AAVMF, OVMF, OVMF4M, Session, boot, listing_boot, menu_edits, prepare
from machine import dump_chain
from report import QUICK, ROOT, Failed, Suite, fixture, fwvar, fwvar_json, require
from shell import attempts, bcfg, dmpstore

OURS = "0f0e0d0c-1111-2222-3333-445566778899"
OTHER = "12345678-9abc-def0-1234-56789abcdef0"


def ours(name):
    return OURS + "-" + name


def edits_of_all_kinds():
    """Edits that cover every kind of value, all sizes of padding, two vendors."""
    edits = ["--set", ours("Word=u16:0x1234"), "--set", ours("Quad=u64:0x1122334455667788"),
             "--set", ours("Ascii=asciiz:text"), "--set", ours("Wide=utf16z:G\u00fcnther"),
             "--set", ours("BootOnly=hex:01"), "--attr", ours("BootOnly=NV+BS"),
             "--set", OTHER + "-Word=u8:7", "--set", ours("Long=hex:" + "5a" * 4000)]
    for n in range(1, 9):
        edits += ["--set", ours("Pad%d=hex:%s" % (n, "a5" * n))]
    return edits


def test_listed(kind):
    """All we wrote is reported; then again after edits over the firmware's own records."""
    kind.blank()
    prepare(kind, "store.fd", *edits_of_all_kinds())
    before = Store.load("store.fd")
    text = listing_boot(kind, "store.fd")
    first = firmware_lists(before, text)
    all_agree("store.fd", text)

    prepare(kind, "store.fd", "--set", ours("Word=u16:0x4321"), "--delete", ours("Quad"),
            "--set", ours("Pad3=hex:00"), "--set", ours("Late=u32:99"), "--ignore-missing",
            "--delete", ours("Pad4"), "--set", ours("Pad5=hex:0102030405060708090a"))
    before = Store.load("store.fd")
    text = listing_boot(kind, "store.fd")
    second = firmware_lists(before, text)
    after = all_agree("store.fd", text)
    require(not [k for k in after.live() if k.name == "Quad"], "Quad is back")
    return "%d and %d variables" % (first, second)


PAIRS = os.path.join(ROOT, "tests", "unit", "devpath_pairs.tsv")
# Nodes younger than the firmware of Debian 12 (edk2 2022.11), which prints them raw.
YOUNG = ("NvdimmAcpiAdr(", "NVDIMM(", "RestService(", "NVMEoF(")
# OVMF and AAVMF delete options that name a file in a firmware volume of another build.
STALE = ("Fv(9A15AA37-D555-4A4E-B541-86391FF68164)/",)


def text_rows():
    """(text, bytes) of every path that has a text of edk2's; fwvar's own lossless escapes
    and legacy BIOS entries, which the boot manager passes over, have none. An empty serial
    number makes edk2 print what lies before it in memory."""
    with open(PAIRS, encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("\t") for line in f if line.startswith("both\t")]
    return [(r[1], bytes.fromhex(r[2])) for r in rows
            if r[1] and not re.search(r'Raw\(|Path\(|BBS\(|,""\)', r[1]) and not
            r[1].startswith(YOUNG + STALE)]


def same_text(ours, theirs):
    """Whether edk2 prints this path so on a console: with a slash after the comma between
    instances, numbers above 2^63 negative, and something else for what is not ASCII."""
    ours = re.sub(r"\),(?=[A-Z])", "),/", ours).replace("18446744073709551615", "-1")
    pattern = ".*".join(re.escape(part) for part in re.split(r"[^ -~]+", ours))
    return re.fullmatch(pattern, theirs) is not None


def test_menu_text(kind):
    """Options stand in our order with our labels; the boot manager's text of each path,
    which it prints when it can't load it, is fwvar's."""
    kind.blank()
    rows = text_rows()
    options = [load_option("Entry %d" % i, path) for i, (_, path) in enumerate(rows)]
    shell = shell_option("e2e shell", kind.fv, "-nostartup")
    fwvar("patch", "store.fd", "--in-place", "-q", *menu_edits(options + [shell]))
    menu = fwvar_json("boot", "store.fd")
    with Session(kind, "store.fd") as session:
        tried = session.prompt()
        listed = bcfg(session.command("bcfg boot dump -v"))
        session.power_off()
    printed = {int(n): path for n, path in re.findall(
        r'BdsDxe: (?:failed to load|loading) Boot[0-9A-F]{4} "Entry (\d+)" from (.*?)'
        r"(?:: [A-Z][A-Za-z ]+)?\n", tried)}
    compared = 0
    for i, option in enumerate(menu["options"][:len(rows)]):
        got = listed[i]
        require(got.number == option["number"] and got.label == option["description"],
                "Boot%s %s stands where Boot%s %s should", got.number, got.label,
                option["number"], option["description"])
        if i in printed:
            compared += 1
            require(same_text(option["path"], printed[i]),
                    "the firmware prints %s, fwvar %s", printed[i], option["path"])
    require(compared > 0.9 * len(rows), "only %d of %d tried", compared, len(rows))
    require(listed[len(rows)].optional, "optional data of the shell's entry")
    return "%d paths" % compared


def test_order(kind):
    """The first of BootOrder runs first, whatever its number; inactive ones never run;
    BootNext comes before all and is used up."""
    kind.blank()
    dump, off = dump_chain(kind)
    never = shell_option("e2e never", kind.fv, "-nostartup")
    edits = menu_edits([off, never, dump]) + ["--boot-disable", "0001",
                                              "--boot-order", "0002,0001,0000"]
    fwvar("patch", "store.fd", "--in-place", "-q", *edits)
    with open("store.fd", "rb") as f:
        saved = f.read()
    text = boot(kind, "store.fd")
    require(attempts(text) == ["0002", "0000"], "tried %s", attempts(text))

    with open("store.fd", "wb") as f:
        f.write(saved)
    fwvar("patch", "store.fd", "--in-place", "-q", "--boot-first", "e2e off",
          "--boot-next", "e2e dump")
    text = boot(kind, "store.fd")
    require(attempts(text) == ["0002", "0000"], "BootNext: tried %s", attempts(text))
    menu = fwvar_json("boot", "store.fd")
    require(menu["next"] is None, "BootNext is still %s", menu["next"])
    require(menu["order"][:3] == ["0000", "0002", "0001"], "order %s", menu["order"])
    spent = [r for r in Store.load("store.fd").records() if r.name == "BootNext"]
    require([r.state for r in spent] == [DELETED], "BootNext records %s", spent)


def waited(kind, timeout):
    """Seconds from the first word on the console to the first option, with this Timeout."""
    kind.blank()
    prepare(kind, "store.fd", "--timeout", str(timeout))
    with Session(kind, "store.fd") as session:
        session.expect(b"(?s).")  # the console is there; the wait follows
        start = time.monotonic()
        session.expect(b"BdsDxe: loading")
        return time.monotonic() - start


def test_timeout(kind):
    """With a Timeout of eight seconds the firmware waits that much longer. How long the
    rest takes depends on what else the machine has to do, so 0 gets more than one try."""
    longer = waited(kind, 8)
    require(longer > 7.5, "Timeout 8: %.1f s", longer)
    tries = []
    while len(tries) < 5:
        tries.append(waited(kind, 0))
        if longer - tries[-1] > 4:
            return "Timeout 0: %.1f s, 8: %.1f s" % (tries[-1], longer)
    raise Failed("Timeout 0: %s s, 8: %.1f s" % (tries, longer))


def test_firmware_writes(kind):
    """The firmware updates, deletes and adds in our store; fwvar reads it with history."""
    kind.blank()
    shell = shell_option("e2e shell", kind.fv, "-nostartup")
    fwvar("patch", "store.fd", "--in-place", "-q", *menu_edits([shell]),
          "--set", ours("Change=hex:0102"), "--set", ours("Grow=hex:aa"),
          "--set", ours("Remove=hex:03"), "--set", ours("Stay=hex:04"))
    setvar = "setvar %s -guid " + OURS + " -nv -bs -rt =%s"
    with Session(kind, "store.fd") as session:
        session.prompt()
        session.command(setvar % ("Change", "Ha1a2"))
        session.command(setvar % ("Change", "Hb1b2"))
        session.command(setvar % ("Grow", "H" + "c3" * 20))
        session.command(setvar % ("Remove", ""))
        session.command(setvar % ("Fresh", "Hd1d2d3"))
        text = session.command("dmpstore -all")
        session.power_off()
    after = all_agree("store.fd", text)
    live = {k.name: r.data for k, r in after.live().items() if k.guid == OURS}
    changes = history(after, ("Change", OURS))
    require(len(changes) == 3 and changes[0] == b"\1\2", "history %s", changes)
    require("Remove" not in live and live["Stay"] == b"\4", "live %s", live)
    require(live["Grow"] == b"\xc3" * 20 and len(live["Fresh"]) == 3, "live %s", live)
    records = [v for v in fwvar_json("list", "store.fd", "--all")["variables"]
               if v["guid"] == OURS]
    require([v["data"] for v in records if v["name"] == "Change"]
            == [d.hex() for d in changes], "fwvar's history of Change")
    states = [v["state"] for v in records if v["name"] in ("Change", "Remove")]
    require(sorted(states) == [SUPERSEDED, SUPERSEDED, DELETED, 0x3F], "states %s", states)


def with_every_state(kind):
    """A store with records in every state that is met, then edited by fwvar."""
    kind.blank()
    store = Store.load("store.fd")
    for name, state, data in (
            ("Alone3E", TRANSITION, b"kept"), ("Twin", TRANSITION, b"old"),
            ("Twin", 0x3F, b"new"), ("Unfinished", HEADER_ONLY, b"no"),
            ("Gone", DELETED, b"no"), ("Replaced", SUPERSEDED, b"no"),
            ("Replaced", 0x3F, b"yes"), ("Edited3E", TRANSITION, b"before")):
        store.append(encode_record(name, OURS, data, state=state))
    store.save("store.fd")
    prepare(kind, "store.fd", "--set", ours("Edited3E=ascii:after"),
            "--set", ours("Added=ascii:here"))
    return Store.load("store.fd")


def test_states(kind):
    """0x3E orphans, 0x3E beside 0x3F, unfinished and dead records among ours."""
    before = with_every_state(kind)
    live = {k.name: r.data for k, r in before.live().items() if k.guid == OURS}
    require(live == {"Alone3E": b"kept", "Twin": b"new", "Replaced": b"yes",
                     "Edited3E": b"after", "Added": b"here"}, "written: %s", live)
    text = listing_boot(kind, "store.fd")
    firmware_lists(before, text)
    after = all_agree("store.fd", text)
    now = {k.name: r.data for k, r in after.live().items() if k.guid == OURS}
    require(now == live, "after the boot: %s", now)


def test_authenticated(kind):
    """Time-authenticated variables with their timestamps survive."""
    kind.blank()
    prepare(kind, "store.fd", "--force", "--set", ours("Auth=hex:010203"),
            "--attr", ours("Auth=NV+BS+RT+AT"), "--time", ours("Auth=2024-02-03T04:05:06"))
    before = Store.load("store.fd")
    record = before.live()[("Auth", OURS)]
    require(record.attr == NV | BS | RT | AT and record.time[:7] == bytes.fromhex("e8070203040506"),
            "written: %s", record)
    text = listing_boot(kind, "store.fd")
    firmware_lists(before, text)
    after = all_agree("store.fd", text).live()[("Auth", OURS)]
    require(after.time == record.time, "timestamp became %s", after.time.hex())


def fill(store, until_free, name, state, size=1000):
    """Appends records of one kind until no more than this much is free."""
    n = 0
    while store.end - store.used_end() > until_free:
        room = store.end - store.used_end() - until_free
        data = b"\x77" * max(4, min(size, room - 100))
        store.append(encode_record("%s%04d" % (name, n), OURS, data, state=state))
        n += 1
    return n


def test_near_full(kind):
    """A store full of history, edited by fwvar, makes the firmware reclaim at boot; no
    variable is lost, and the history is gone."""
    kind.blank()
    store = Store.load("store.fd")
    store.append(encode_record("Keep0", OURS, b"first"))
    dead = fill(store, 0x2800 + 700, "Dead", SUPERSEDED)
    store.append(encode_record("Keep1", OURS, b"second"))
    store.save("store.fd")
    prepare(kind, "store.fd", "--set", ours("Keep2=ascii:third"))
    before = Store.load("store.fd")
    require(len([r for r in before.records() if r.state == SUPERSEDED]) == dead,
            "fwvar compacted where an append fits")
    require(before.end - before.used_end() < 0x2800, "the firmware has no need to reclaim")
    text = listing_boot(kind, "store.fd")
    firmware_lists(before, text)
    after = all_agree("store.fd", text)
    require(not [r for r in after.records() if r.name.startswith("Dead")],
            "the firmware did not reclaim")
    return "%d dead records" % dead


def test_patch_compacts(kind):
    """No room for an append: fwvar compacts in the same run, and the result boots."""
    kind.blank()
    store = Store.load("store.fd")
    store.append(encode_record("Keep0", OURS, b"first"))
    store.append(encode_record("Keep1", OURS, b"second", state=TRANSITION))
    fill(store, 300, "Dead", DELETED)
    store.save("store.fd")
    prepare(kind, "store.fd")
    before = Store.load("store.fd")
    require(not [r for r in before.records() if r.name.startswith("Dead")],
            "fwvar did not compact")
    live = before.live()
    require(live[("Keep1", OURS)].data == b"second", "Keep1 lost")
    text = listing_boot(kind, "store.fd")
    firmware_lists(before, text)
    all_agree("store.fd", text)


def used(kind):
    """A store of ours after a boot, with history."""
    kind.blank("used.fd")
    prepare(kind, "used.fd", "--set", ours("Kept=ascii:stays"), "--set", ours("Old=hex:01"))
    fwvar("patch", "used.fd", "--in-place", "-q", "--set", ours("Old=hex:02"))
    listing_boot(kind, "used.fd")


def still_boots(kind, path, wanted):
    """Boots what a command made; our variables there, in file and listing, are these."""
    before = Store.load(path)
    mine = {k.name: r.data for k, r in before.live().items() if k.guid == OURS}
    require(mine == wanted, "%s holds %s", path, mine)
    text = listing_boot(kind, path)
    count = firmware_lists(before, text)
    all_agree(path, text)
    return count


def test_commands(kind):
    """What migrate, scrub, recover, format and import make of a used store boots."""
    used(kind)
    both = {"Kept": b"stays", "Old": b"\2"}
    kind.blank("new.fd")
    fwvar("migrate", "used.fd", "new.fd", "--all", "-o", "migrated.fd", "-q")
    counts = [still_boots(kind, "migrated.fd", both)]

    fwvar("scrub", "used.fd", "-o", "scrubbed.fd", "-q")
    require(len(Store.load("scrubbed.fd").records()) == len(Store.load("scrubbed.fd").live()),
            "scrub left dead records")
    counts.append(still_boots(kind, "scrubbed.fd", both))

    fwvar("recover", "used.fd", "--restore", ours("Old"), "-o", "recovered.fd", "-q")
    counts.append(still_boots(kind, "recovered.fd", dict(both, Old=b"\1")))

    fwvar("export", "used.fd", "--efivarfs", "efivars")
    fwvar("format", "--like", kind.fixture_name.replace("-vars", ""), "-o", "formatted.fd", "-q")
    fwvar("import", "formatted.fd", "efivars", "--in-place", "-q")
    counts.append(still_boots(kind, "formatted.fd", both))
    return "%d, %d, %d and %d variables" % tuple(counts)


def test_pi_volume():
    """The NV volume of a Pi image, patched as such, is a store that OVMF boots."""
    fixture("rpi4-2m-saved", "RPI_EFI.fd")
    dump = dump_chain(OVMF)
    fwvar("patch", "RPI_EFI.fd", "--in-place", "-q", "--platform", "rpi",
          "--force", "--set", "ram-limit=off", *menu_edits(dump, 0x20))
    whole = Store.load("RPI_EFI.fd")
    with open("store.fd", "wb") as f:
        f.write(whole.image[whole.volume:whole.volume + whole.volume_length])
    text = listing_boot(OVMF, "store.fd")
    listed = dmpstore(text)
    limit = listed[("RamLimitTo3GB", "cd7cc258-31db-22e6-9f22-63b0b8eed6b5")]
    require(limit.attr == 7 and limit.data == bytes(4), "RamLimitTo3GB %s", limit)
    # Options of absent devices are the firmware's to delete; all else must be there.
    theirs = {tuple(k): r.data for k, r in whole.live().items()
              if not k.name.startswith(("Boot", "Key", "Con", "ErrOut"))}
    missing = [k for k, data in theirs.items()
               if k[0] not in ("MTC", "MemoryTypeInformation", "PlatformLang", "Lang")
               and (k not in listed or listed[k].data != data)]
    require(not missing, "not as stored: %s", missing[:4])
    return "%d variables" % len(theirs)


def test_first_boot_formats():
    """A store that AAVMF itself formatted (bookworm's file is all zero) takes our edits."""
    with open("store.fd", "wb") as f:
        f.truncate(AAVMF.flash_size)
    with Session(AAVMF, "store.fd") as session:
        session.expect(b"Press any key|Shell> |BdsDxe: No bootable")
        session.stop()
    fwvar_agrees(Store.load("store.fd"), "store.fd")
    prepare(AAVMF, "store.fd", *edits_of_all_kinds())
    before = Store.load("store.fd")
    text = listing_boot(AAVMF, "store.fd")
    count = firmware_lists(before, text)
    all_agree("store.fd", text)
    return "%d variables" % count


def main():
    suite = Suite("store")
    for kind in (AAVMF, OVMF, OVMF4M):
        tests = [test_listed, test_menu_text, test_order, test_firmware_writes, test_states,
                 test_authenticated, test_near_full, test_patch_compacts, test_commands]
        if kind is AAVMF:  # OVMF sets Timeout to what QEMU's -boot says
            tests.append(test_timeout)
        if kind is OVMF and QUICK:
            tests = [test_listed]
        if kind is OVMF4M:
            tests = [] if QUICK else [test_listed, test_near_full]
        for test in tests:
            suite.run("%s/%s" % (kind.name, test.__name__[5:]), test, kind)
    suite.run("aavmf/first_boot_formats", test_first_boot_formats)
    suite.run("ovmf/pi_volume", test_pi_volume)
    suite.finish()


if __name__ == "__main__":
    main()
