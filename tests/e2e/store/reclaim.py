#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause-Patent
"""`fwvar compact` against the firmware's own reclaim of the same store, byte for byte."""

import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

from differential import RandomStore
from efi import DELETED, LIVE, SUPERSEDED, TRANSITION, Store, encode_record
from judge import all_agree, firmware_lists, reclaimed
from machine import AAVMF, OVMF, listing_boot, prepare
from report import QUICK, Suite, fwvar, require


def history_store(kind, seed, path):
    """A random store with much history, such as a board leaves that saves for long: dead
    records between live ones, orphans in transition, odd pad bytes."""
    store = RandomStore(kind, seed, path)
    kind.blank(path)
    store.raw_records()
    raw = Store.load(path)
    rng = random.Random(seed)
    for n in range(30):
        state = rng.choice((LIVE, SUPERSEDED, DELETED))
        record = bytearray(encode_record("History%d" % n, "5b5b0000-0000-4000-8000-000000000000",
                                         rng.randbytes(rng.randint(1, 300)), state=state))
        raw.append(bytes(record))
    raw.append(encode_record("Orphan", "5b5b0000-0000-4000-8000-000000000000", b"kept",
                             state=TRANSITION))
    raw.save(path)
    prepare(kind, path)


def with_junk(path, target):
    """A copy with one byte in free space that is not erased: any edk2 reclaims then."""
    store = Store.load(path)
    store.image[store.end - 1] = 0
    store.save(target)


def explained(compacted, after):
    """The reclaimed store begins with exactly the compacted records, but for states that
    later writes of the same boot cleared; and those have a successor or are gone."""
    old, new = compacted.records(), after.records()
    require(len(new) >= len(old), "%d records of %d are left", len(new), len(old))
    for a, b in zip(old, new):
        raw_a = bytearray(compacted.image[a.offset:a.end + (-a.end & 3)])
        raw_b = bytearray(after.image[b.offset:b.end + (-b.end & 3)])
        require(a.offset == b.offset and a.state == LIVE, "record at %#x moved", a.offset)
        if raw_a[2] != raw_b[2]:
            require(b.state in (SUPERSEDED, DELETED), "%s: state %#x", b.name, b.state)
            require(b.state == DELETED or any(
                r.name == b.name and r.guid == b.guid and r.offset > b.offset for r in new),
                "%s was dropped", b.name)
            raw_b[2] = raw_a[2]
        require(raw_a == raw_b, "%s at %#x differs", a.name, a.offset)
    return len(old)


def outside_ftw(store):
    """Volume header, store header and all variables: everything before the FTW areas."""
    return bytes(store.image[store.volume:store.end])


def test_compact(kind, seed):
    """fwvar, the tests' model of a reclaim and the firmware's own make the same bytes."""
    history_store(kind, seed, "store.fd")
    with_junk("store.fd", "junk.fd")
    before = Store.load("store.fd")
    fwvar("compact", "store.fd", "-o", "compact.fd", "-q")
    ours = Store.load("compact.fd")
    require(ours.records_bytes() == reclaimed(before), "compact is not what a reclaim does")

    text = listing_boot(kind, "junk.fd")
    by_firmware = Store.load("junk.fd")
    firmware_lists(before, text)
    all_agree("junk.fd", text)
    kept = explained(ours, by_firmware)

    # The same boot of the compacted store, which has nothing to reclaim, must end in the
    # very bytes in which the boot that reclaimed ended.
    listing_boot(kind, "compact.fd")
    booted = Store.load("compact.fd")
    require(outside_ftw(booted) == outside_ftw(by_firmware),
            "the two boots end in different bytes")
    return "%d of %d records kept" % (kept, len(before.records()))


def main():
    suite = Suite("store")
    for kind in (AAVMF,) if QUICK else (AAVMF, OVMF):
        for seed in range(1 if QUICK else 3):
            suite.run("reclaim/%s/compact%d" % (kind.name, seed), test_compact, kind, seed)
    suite.finish()


if __name__ == "__main__":
    main()
