#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Random stores from a seed, made by fwvar over records in every state: the tests' model,
fwvar and the firmware have to list the same variables, before and after the boot.

FWVAR_E2E_SEED chooses other stores, FWVAR_E2E_STORES how many AAVMF boots."""

import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

from efi import (AT, BS, DELETED, HEADER_ONLY, LIVE, NV, RT, SUPERSEDED, TRANSITION, Store,
                 encode_record)
from judge import all_agree, firmware_lists, fwvar_agrees
from machine import AAVMF, OVMF, listing_boot, prepare
from report import QUICK, Failed, Suite, fwvar, require

GUIDS = ["5a5a0000-0000-4000-8000-%012x" % n for n in range(4)]
# The Shell takes %H, %E and the like in what it prints for colours.
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+#-~! "
DEAD = (DELETED, SUPERSEDED, HEADER_ONLY, TRANSITION)


class RandomStore:
    """One store: what it must hold is kept in `model`, {(name, guid): (attr, data)}."""

    def __init__(self, kind, seed, path):
        self.random = random.Random("%s %s" % (kind.name, seed))
        self.kind = kind
        self.path = path
        self.model = {}
        self.names = 0

    def name(self):
        self.names += 1
        length = self.random.choice((0, 1, 3, 8, 8, 20, 60))
        text = "".join(self.random.choice(LETTERS) for _ in range(length)).strip()
        return "%s%d" % (text, self.names)

    def data(self):
        size = self.random.choice((1, 2, 3, 4, 5, 8, 16, 33, 200, 1000, 6000))
        return self.random.randbytes(self.random.randint(1, size))

    def new_key(self):
        return self.name(), self.random.choice(GUIDS)

    def some_key(self):
        return self.random.choice(sorted(self.model))

    def raw_records(self):
        """What a firmware may have left: live, dead, unfinished, in transition."""
        store = Store.load(self.path)
        for _ in range(self.random.randint(0, 25)):
            state = self.random.choice((LIVE, LIVE, LIVE) + DEAD)
            key, data = self.new_key(), self.data()
            attr = NV | BS | self.random.choice((0, RT))
            if state == TRANSITION and self.random.random() < 0.5:
                # an update that lost power before its last step
                store.append(encode_record(*key, self.data(), attr, TRANSITION))
                state = LIVE
            store.append(encode_record(*key, data, attr, state))
            if state in (LIVE, TRANSITION):
                self.model[key] = (attr, data)
        store.save(self.path)

    def edit(self):
        """Arguments for one edit of `fwvar patch`, with its effect on the model."""
        what = self.random.random()
        if what < 0.15 and self.model:
            key = self.some_key()
            del self.model[key]
            return ["--delete", "%s-%s" % key[::-1]]
        old = what < 0.5 and bool(self.model)
        key = self.some_key() if old else self.new_key()
        data = self.data()
        target = "%s-%s" % key[::-1]
        edit = ["--set", "%s=hex:%s" % (target, data.hex())]
        if old:
            attr = self.model[key][0]
        elif self.random.random() < 0.1:
            attr = NV | BS | RT | AT
            edit += ["--attr", target + "=NV+BS+RT+AT",
                     "--time", target + "=2023-%02d-11T10:09:08" % self.random.randint(1, 12)]
        else:
            attr = NV | BS | self.random.choice((0, RT))
            edit += ["--attr", target + ("=NV+BS+RT" if attr & RT else "=NV+BS")]
        if attr & AT and old:
            edit += ["--time", target + "=2024-05-06T07:08:09"]
        self.model[key] = (attr, data)
        return edit

    def build(self):
        self.kind.blank(self.path)
        self.raw_records()
        for _ in range(self.random.randint(1, 3)):
            edits = []
            for _ in range(self.random.randint(1, 20)):
                edits += self.edit()
            fwvar("patch", self.path, "--in-place", "--force", "-q", *edits)
        prepare(self.kind, self.path)

    def judge(self):
        before = Store.load(self.path)
        mine = {tuple(k): (r.attr, r.data) for k, r in before.live().items()
                if k.guid in GUIDS}
        require(mine == self.model, "fwvar wrote something else: %s",
                sorted(set(mine.items()) ^ set(self.model.items()))[:3])
        fwvar_agrees(before, self.path)
        text = listing_boot(self.kind, self.path)
        firmware_lists(before, text)
        after = all_agree(self.path, text)
        left = {tuple(k): (r.attr, r.data) for k, r in after.live().items()
                if k.guid in GUIDS}
        require(left == self.model, "after the boot: %s",
                sorted(set(left.items()) ^ set(self.model.items()))[:3])
        return len(self.model), len(before.records())


def test_random(kind, numbers):
    first = os.environ.get("FWVAR_E2E_SEED", "1")
    variables = records = 0
    for n in numbers:
        seed = "%s.%d" % (first, n)
        store = RandomStore(kind, seed, os.path.abspath("store.fd"))
        try:
            store.build()
            counts = store.judge()
        except Failed as why:
            raise Failed("seed %s: %s" % (seed, why)) from why
        variables += counts[0]
        records += counts[1]
    return "stores %s.%d to %s.%d, %d variables, %d records, no disagreement" % (
        first, numbers[0], first, numbers[-1], variables, records)


def main():
    suite = Suite("store")
    stores = int(os.environ.get("FWVAR_E2E_STORES", "12" if QUICK else "200"))
    for kind, count in ((AAVMF, stores), (OVMF, max(1, stores // 20))):
        for start in range(0, count, 10):
            numbers = range(start, min(start + 10, count))
            suite.run("random/%s/%d" % (kind.name, start), test_random, kind, numbers)
    suite.finish()


if __name__ == "__main__":
    main()
