# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Damage done to a store that firmware boots: the corpus of fixtures/damaged over again, on
the stores of OVMF, AAVMF and the Raspberry Pi. Nothing of fwvar is used."""

import struct
from collections import namedtuple

from efi import (DELETED, GLOBAL, LIVE, SUPERSEDED, TRANSITION, Store, encode_record,
                 load_option, uri)
from machine import raw_menu

OURS = "0f0e0d0c-1111-2222-3333-445566778899"
STATE, RESERVED, ATTRIBUTES, COUNT, TIME = 2, 3, 4, 8, 16
PUBKEY, NAME_SIZE, DATA_SIZE, NAME = 32, 36, 40, 60
STORE_SIZE, FORMAT, STORE_STATE = 16, 20, 21

# Volume length: event log, FTW block, its length, spare area.
AREAS = {0x20000: (0xE000, 0xF000, 0x1000, 0x10000),
         0x84000: (0x40000, 0x41000, 0x1000, 0x42000),
         0xC0000: (None, 0x40000, 0x40000, 0x80000)}

Row = namedtuple("Row", "name what single own")


class Sample:
    """A sound store with a menu that lists and shuts down, and variables of ours around a
    victim. Offsets stay as they were when it was sound."""

    def __init__(self, store, menu):
        self.store = store
        self.image = store.image
        self.volume, self.header = store.volume, store.header
        self.end = store.end
        self.log, self.ftw, self.ftw_length, self.spare = AREAS[store.volume_length]
        self.blank = bytes(self.image[self.volume:self.end])
        menu(store)
        self.at = {r.name: r.offset for r in store.records()}
        for name in ("Before", "Victim", "After"):
            self.add(name)
        self.add("Old", b"dead", state=SUPERSEDED)
        self.add("Old", b"new")
        self.add("Last")

    def add(self, name, data=None, guid=OURS, **options):
        """Appends a record; its place is kept under the name, the last one's of several."""
        data = (name * 8)[:20].encode() if data is None else data
        self.at[name] = self.store.append(encode_record(name, guid, data, **options))
        return self.at[name]

    def model(self):
        """{(name, guid): (attributes, data)} of our variables, while it is sound."""
        return {tuple(k): (r.attr, r.data) for k, r in self.store.live().items()
                if k.guid == OURS}

    def poke(self, at, data):
        self.image[at:at + len(data)] = data

    def field(self, name, at, value, size):
        self.poke(self.at[name] + at, value.to_bytes(size, "little"))

    def fill(self, at, length, value):
        self.poke(self.volume + at, bytes([value]) * length)

    def head(self, at, data, correct=True):
        """Overwrites in the volume header; its checksum is made to fit again."""
        self.poke(self.volume + at, data)
        if correct:
            self.poke(self.volume + 0x32, b"\0\0")
            words = struct.unpack_from("<36H", self.image, self.volume)
            self.poke(self.volume + 0x32, struct.pack("<H", -sum(words) & 0xFFFF))

    def insert(self, name, count):
        """Erased bytes before a record: all that follows moves."""
        at = self.at[name]
        self.image[at:self.end] = (b"\xff" * count + self.image[at:self.end])[:self.end - at]

    def leave(self, free, state):
        """Fills up with records of one state until so many bytes are free."""
        around = 60 + 2 * len("Fill0000") + 2
        n = 0
        while True:
            room = (self.end - self.store.used_end() - free) & ~3
            if room < around:
                break
            size = min(1000, room - around)
            if 0 < room - around - size < 100:  # too little for one more
                size -= 100
            self.add("Fill%04d" % n, b"\xa5" * size, state=state)
            n += 1

    def pending(self):
        """A fault tolerant write between its two steps: the spare area holds an empty
        store, which is to be copied over the variables."""
        queue = struct.pack("<I", 0xFFFFFFFC) + bytes(range(16)) + struct.pack("<IQQ", 0, 1, 0)
        queue += struct.pack("<QQQQq", 0xFFFFFFFFFFFFFFFD, 0, 0,
                             self.end - self.volume, -self.spare) + struct.pack("<Q", 0)
        self.poke(self.volume + self.ftw + 0x20, queue)
        self.poke(self.volume + self.spare, self.blank)


def number(value, size=4):
    return value.to_bytes(size, "little")


# ---- headers: the volume's with a checksum that fits, so that only the one field is wrong
HEADERS = [
    ("fv-checksum", lambda s: s.head(0x32, b"\x1a", False)),
    ("fv-signature", lambda s: s.head(0x28, bytes(4))),
    ("fv-guid", lambda s: s.head(0x10, b"\0")),
    ("fv-length-zero", lambda s: s.head(0x20, bytes(8))),
    ("fv-length-huge", lambda s: s.head(0x20, number(0xFFFFF000, 8))),
    ("fv-length-half", lambda s: s.head(0x20, number(s.store.volume_length // 2, 8))),
    ("fv-revision", lambda s: s.head(0x37, b"\1")),
    ("fv-header-length-odd", lambda s: s.head(0x30, b"\x49\0", False)),
    ("fv-header-length-zero", lambda s: s.head(0x30, b"\0\0")),
    ("fv-header-length-huge", lambda s: s.head(0x30, b"\xfe\xff")),
    ("fv-block-size", lambda s: s.head(0x3C, number(0x2000))),
    ("fv-block-map-open", lambda s: s.head(0x40, b"\1")),
    ("fv-attributes", lambda s: s.head(0x2C, bytes(4))),
    ("fv-ext-header", lambda s: s.head(0x34, b"\x60\0")),
    ("fv-zero-vector", lambda s: s.head(0, b"\1")),
    ("fv-erased", lambda s: s.fill(0, 0x48, 0xFF)),
    ("fv-zeroed", lambda s: s.fill(0, 0x48, 0)),
    ("headers-erased", lambda s: s.fill(0, 0x64, 0xFF)),
    ("headers-zeroed", lambda s: s.fill(0, 0x64, 0)),
    ("volume-erased", lambda s: s.fill(0, s.store.volume_length, 0xFF)),
    ("volume-zeroed", lambda s: s.fill(0, s.store.volume_length, 0)),
    ("store-guid", lambda s: s.poke(s.header, b"\0")),
    ("store-guid-plain",
     lambda s: s.poke(s.header, bytes.fromhex("1636cfdd7532644198b6fe85707ffe7d"))),
    ("store-size-plus-4", lambda s: s.poke(s.header + 16, number(s.store.size + 4))),
    ("store-size-minus-4", lambda s: s.poke(s.header + 16, number(s.store.size - 4))),
    ("store-size-zero", lambda s: s.poke(s.header + 16, number(0))),
    ("store-size-0x200", lambda s: s.poke(s.header + 16, number(0x200))),
    ("store-size-huge", lambda s: s.poke(s.header + 16, number(0x7FFFFFFF))),
    ("store-format", lambda s: s.poke(s.header + FORMAT, b"\0")),
    ("store-state", lambda s: s.poke(s.header + STORE_STATE, b"\xfc")),
    ("store-erased", lambda s: s.poke(s.header, b"\xff" * 28)),
]

# ---- the chain of records: what comes behind is in danger
CHAIN = [
    ("start-first", lambda s: s.poke(s.store.first, b"\0\0")),
    ("start-11", lambda s: s.field("Victim", 0, 0, 2)),
    ("start-last", lambda s: s.field("Last", 0, 0xABAB, 2)),
    ("state-ff-first", lambda s: s.poke(s.store.first + STATE, b"\xff")),
    ("state-ff-middle", lambda s: s.field("Victim", STATE, 0xFF, 1)),
    ("name-size-huge", lambda s: s.field("Victim", NAME_SIZE, 0x10000000, 4)),
    ("name-size-ones", lambda s: s.field("Victim", NAME_SIZE, 0xFFFFFFFF, 4)),
    ("data-size-0x10000", lambda s: s.field("Victim", DATA_SIZE, s.end - s.header + 0x2000, 4)),
    ("data-size-huge", lambda s: s.field("Victim", DATA_SIZE, 0x7FFFFFFF, 4)),
    ("data-size-ones", lambda s: s.field("Victim", DATA_SIZE, 0xFFFFFFFF, 4)),
    ("data-size-swallows",
     lambda s: s.field("Victim", DATA_SIZE,
                       s.at["Old"] - s.at["Victim"] - NAME - len("Victim") * 2 - 2, 4)),
    ("attributes-ones", lambda s: s.field("Victim", ATTRIBUTES, 0xFFFFFFFF, 4)),
    ("record-unaligned", lambda s: s.insert("Victim", 2)),
    ("record-gap", lambda s: s.insert("Victim", 8)),
    ("duplicate", lambda s: s.add("Victim", b"another")),
    ("duplicate-same", lambda s: s.add("Victim")),
    ("duplicate-three", lambda s: [s.add("Victim", b"another"), s.add("Victim", b"third")]),
    ("state-3f-again",
     lambda s: [s.add("Again", b"1", state=LIVE), s.add("Again", b"2", state=LIVE)]),
    ("junk-after-records", lambda s: s.poke(s.store.used_end() + 0x40, b"\0")),
    ("junk-at-end", lambda s: s.poke(s.end - 1, b"\xfe")),
    ("junk-record", lambda s: [s.add("Gap"), s.add("Behind"), s.field("Gap", 0, 0, 2)]),
    ("full", lambda s: s.leave(0, LIVE)),
    ("full-of-dead", lambda s: s.leave(0, SUPERSEDED)),
    ("dead-leave-10600", lambda s: s.leave(10600, SUPERSEDED)),
    ("dead-leave-floor", lambda s: s.leave(0x2800, SUPERSEDED)),
    ("dead-leave-first-boot", lambda s: s.leave(0x3800, SUPERSEDED)),
    ("live-leave-9000", lambda s: s.leave(9000, LIVE)),
    ("live-leave-4000", lambda s: s.leave(4000, LIVE)),
]

# ---- single records, each damage on one of its own, so that many go into one boot
SINGLE = [
    ("state-7f", lambda s, v: s.field(v, STATE, 0x7F, 1)),
    ("state-3e", lambda s, v: s.field(v, STATE, TRANSITION, 1)),
    ("state-3d", lambda s, v: s.field(v, STATE, DELETED, 1)),
    ("state-3c", lambda s, v: s.field(v, STATE, SUPERSEDED, 1)),
    ("state-00", lambda s, v: s.field(v, STATE, 0, 1)),
    ("state-1f", lambda s, v: s.field(v, STATE, 0x1F, 1)),
    ("name-no-nul", lambda s, v: s.field(v, NAME + 2 * len(v), 0x78, 2)),
    ("name-odd",
     lambda s, v: [s.field(v, NAME_SIZE, 2 * len(v) + 1, 4), s.field(v, DATA_SIZE, 21, 4)]),
    ("name-empty",
     lambda s, v: [s.field(v, NAME_SIZE, 0, 4), s.field(v, DATA_SIZE, 22 + 2 * len(v), 4)]),
    ("name-inner-nul", lambda s, v: s.field(v, NAME + 4, 0, 2)),
    ("name-surrogate", lambda s, v: s.field(v, NAME + 4, 0xD800, 2)),
    ("name-control", lambda s, v: s.field(v, NAME + 4, 0x1B, 2)),
    ("reserved-byte", lambda s, v: s.field(v, RESERVED, 0x5A, 1)),
    ("monotonic-count", lambda s, v: s.field(v, COUNT, 1, 1)),
    ("pubkey-index", lambda s, v: s.field(v, PUBKEY, 7, 1)),
    ("time-unused", lambda s, v: s.field(v, TIME, 0x030207E9, 4)),
    ("time-month-zero",
     lambda s, v: [s.field(v, ATTRIBUTES, 0x27, 4), s.field(v, TIME, 0x0007EA, 3)]),
    ("time-ones",
     lambda s, v: [s.field(v, ATTRIBUTES, 0x27, 4), s.field(v, TIME, 2 ** 128 - 1, 16)]),
    ("attributes-no-nv", lambda s, v: s.field(v, ATTRIBUTES, 2, 4)),
    ("attributes-rt-alone", lambda s, v: s.field(v, ATTRIBUTES, 5, 4)),
    ("attributes-append", lambda s, v: s.field(v, ATTRIBUTES, 0x43, 4)),
    ("attributes-unknown", lambda s, v: s.field(v, ATTRIBUTES, 0x80000003, 4)),
    ("twin-after", lambda s, v: s.add(v, b"twin", state=TRANSITION)),
    ("twin-before", lambda s, v: [s.field(v, STATE, TRANSITION, 1), s.add(v, b"later")]),
    ("twins-alone",
     lambda s, v: [s.field(v, STATE, TRANSITION, 1), s.add(v, b"twin", state=TRANSITION)]),
    ("too-large", lambda s, v: s.add(v + "L", b"\xa5" * 0x2000)),
    ("too-large-auth", lambda s, v: s.add(v + "A", b"\xa5" * 0x2000, attr=0x27)),
]



def pack(s, rows):
    """All of these kinds of damage to single records in one store."""
    for name, _ in rows:
        s.add("V-" + name)
    for name, change in rows:
        change(s, "V-" + name)


# ---- behind the variables
BEHIND = [
    ("event-log", lambda s: s.log and s.fill(s.log + 0x10, 1, 0)),
    ("ftw-erased", lambda s: s.fill(s.ftw, s.ftw_length, 0xFF)),
    ("ftw-zeroed", lambda s: s.fill(s.ftw, s.ftw_length, 0)),
    ("ftw-crc", lambda s: s.fill(s.ftw + 16, 4, 0)),
    ("ftw-state", lambda s: s.fill(s.ftw + 20, 1, 0xFC)),
    ("ftw-queue-huge", lambda s: s.poke(s.volume + s.ftw + 24, number(2 ** 63 - 1, 8))),
    ("ftw-spare-junk", lambda s: s.fill(s.spare + 0x123, 1, 0)),
    ("ftw-pending", Sample.pending),
]


# ---- the boot menu: all of it in one boot, see negative.py
def option(s, n, data, **options):
    s.add("Boot%04X" % n, data, guid=GLOBAL, **options)


FINE = load_option("Fine", uri("http://192.0.2.9/fine.efi"), attributes=0)
HEAD = struct.pack("<I", 0)
FILE = bytes.fromhex("040410005c0061002e00650066000000")
PATH_END = bytes.fromhex("7fff0400")
LABEL = "H\0".encode("utf-16-le")

MENU = [
    ("boot-no-path", HEAD + b"\0\0" + LABEL),
    ("boot-endless-path", HEAD + b"\x08\0" + LABEL + bytes.fromhex("04040000") + PATH_END),
    ("boot-no-end", HEAD + b"\x10\0" + LABEL + FILE),
    ("boot-path-overrun", HEAD + b"\xff\xff" + LABEL + FILE + PATH_END),
    ("boot-open-label", HEAD + b"\x14\0" + "HIPQ".encode("utf-16-le")),
    ("boot-path-extra", HEAD + b"\x16\0" + LABEL + FILE + PATH_END + b"\xab\xcd"),
    ("boot00ff-one-byte", b"\0"),
    ("boot-fine", FINE),
]

# Kinds of the corpus that have no row here, and why.
ELSEWHERE = {
    "fv-erased-4m": "fv-erased, in the other layout of the Raspberry Pi",
    "fv-length-half-ovmf": "fv-length-half", "fv-length-half-aavmf": "fv-length-half",
    "fv-block-size-ovmf": "fv-block-size",
    "start-11-ovmf": "start-11", "state-ff-aavmf": "state-ff-middle",
    "data-size-ones-aavmf": "data-size-ones", "data-size-huge-ovmf": "data-size-0x10000",
    "store-size-minus-4-aavmf": "store-size-minus-4", "name-odd-aavmf": "name-odd",
    "state-00-aavmf": "state-00", "junk-ovmf": "junk-after-records",
    "too-large-aavmf": "too-large", "dead-ovmf": "dead-leave-10600",
    "live-ovmf": "live-leave-4000",
    "dead-leave-margin": "needs a store that a board has saved to",
    "live-leave-first-boot": "dead-leave-first-boot",
    "store-guid-auth": "no firmware at hand has a plain store",
    "duplicate-plain": "no firmware at hand has a plain store",
    "attributes-boot-order": "menu of negative.py", "boot-inactive": "order of store.py",
    "boot-order-odd": "menu of negative.py", "boot-order-repeats": "menu of negative.py",
    "boot-order-dangling": "menu of negative.py", "boot-order-gap": "every menu here has one",
    "boot-order-missing": "no_order of negative.py", "boot-orphan": "menu of negative.py",
    "boot-lower-case": "menu of negative.py", "boot-next": "order of store.py",
    "boot-next-dangling": "menu of negative.py", "boot-next-only": "no_order of negative.py",
    "driver-order-dangling": "menu of negative.py", "driver-option": "menu of negative.py",
    "key-crc": "menu of negative.py", "key-size": "menu of negative.py",
    "key-dangling": "menu of negative.py", "console-path": "menu of negative.py",
    "size-timeout": "menu of negative.py", "size-boot-next": "no_order of negative.py",
    "size-setting": "a setting of the Raspberry Pi: rpi.py",
    "size-asset-tag": "a setting of the Raspberry Pi: rpi.py",
    "ram-more-alone": "a setting of the Raspberry Pi: rpi.py",
    "wrong-guid": "a setting of the Raspberry Pi", "wrong-capitals": "the same",
    "host-specific": "needs another board's network card",
    "cut-volume-header": "a flash chip is never cut; cut in rpi.py",
    "cut-store-header": "cut in rpi.py", "cut-record-header": "cut in rpi.py",
    "cut-name": "cut in rpi.py", "cut-data": "cut in rpi.py",
    "cut-free-space": "cut in rpi.py", "cut-event-log": "cut in rpi.py",
    "cut-spare": "cut in rpi.py", "cut-before-volume": "cut in rpi.py",
    "file-too-long": "a flash chip has its size", "file-shifted": "a flash chip has its size",
    "two-volumes": "a flash chip has one volume; the firmware's own is the one at its place",
    "empty-file": "no image", "one-byte": "no image", "zip": "no image",
}


def names():
    return {row[0] for rows in (HEADERS, CHAIN, SINGLE, BEHIND, MENU) for row in rows}


def sample(kind, path="store.fd"):
    """A sound sample for this kind of machine."""
    kind.blank(path)
    return Sample(Store.load(path), lambda store: raw_menu(kind, store))
