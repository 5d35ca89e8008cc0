#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Random stores from a seed, made by fwvar over records in every state: the tests' model,
fwvar and the firmware have to list the same variables, before and after the boot.

FWVAR_E2E_SEED chooses other stores, FWVAR_E2E_STORES how many. On AAVMF and on the 2 MB
build of OVMF, whose store is too small for more, each is booted alone; on the later AAVMF
and the 4 MB build, and with --quick on AAVMF, as many as fit go into one boot."""

import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

from efi import (AT, BS, DELETED, HEADER_ONLY, LIVE, NV, RT, SUPERSEDED, TRANSITION, Store,
                 encode_record)
from judge import all_agree, firmware_lists, fwvar_agrees
from machine import AAVMF, AAVMF_LATER, OVMF, OVMF4M, listing_boot, prepare
from report import QUICK, Failed, Suite, fwvar, require

# The Shell takes %H, %E and the like in what it prints for colours.
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+#-~! "
# Bytes of records in one boot. The rest is for a boot menu and for what the firmware adds;
# listing takes OVMF longer the more there is, so that it gets less than it has room for.
ALONE, SOME, FULL = 0, 0x10000, 0x3C000
DEAD = (DELETED, SUPERSEDED, HEADER_ONLY, TRANSITION)


class RandomStore:
    """One store: what it must hold is kept in `model`, {(name, guid): (attr, data)}."""

    def __init__(self, kind, seed, path):
        self.random = random.Random("%s %s" % (kind.name, seed))
        self.kind = kind
        self.path = path
        self.model = {}
        self.names = 0
        number = int(str(seed).rsplit(".", 1)[-1])
        self.guids = ["5a5a%04x-0000-4000-8000-%012x" % (number, n) for n in range(4)]

    def name(self):
        self.names += 1
        length = self.random.choice((0, 1, 3, 8, 8, 20, 60))
        text = "".join(self.random.choice(LETTERS) for _ in range(length)).strip()
        return "%s%d" % (text, self.names)

    def data(self):
        size = self.random.choice((1, 2, 3, 4, 5, 8, 16, 33, 200, 1000, 6000))
        return self.random.randbytes(self.random.randint(1, size))

    def new_key(self):
        return self.name(), self.random.choice(self.guids)

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
        written = Store.load(self.path)
        same(written, self.model, "fwvar wrote something else")
        fwvar_agrees(written, self.path)
        return written


def same(store, model, text):
    """The variables of random stores in this one are those of the model."""
    mine = {tuple(k): (r.attr, r.data) for k, r in store.live().items()
            if k.guid.startswith("5a5a")}
    require(mine == model, "%s: %s", text, sorted(set(mine.items()) ^ set(model.items()))[:3])


def judge(kind, path, model):
    """Boots it; the firmware, fwvar and the model agree before and after. Returns the
    numbers of variables and records."""
    prepare(kind, path)
    before = Store.load(path)
    fwvar_agrees(before, path)
    text = listing_boot(kind, path)
    firmware_lists(before, text)
    same(all_agree(path, text), model, "after the boot")
    return len(model), len(before.records())


class Joined:
    """The records of many stores, one store behind the other, for one boot, up to so many
    bytes. The records are the very bytes that fwvar wrote into each."""

    def __init__(self, kind, most):
        self.kind = kind
        self.most = most
        self.path = os.path.abspath("joined.fd")
        self.boots = self.variables = self.records = 0
        self.clear()

    def clear(self):
        self.kind.blank(self.path)
        self.store = Store.load(self.path)
        self.model = {}

    def add(self, written, model):
        chain = written.image[written.first:written.used_end()]
        at = self.store.used_end()
        if at + len(chain) > self.store.first + self.most:
            self.boot()
            at = self.store.first
        self.store.image[at:at + len(chain)] = chain
        self.model.update(model)

    def boot(self):
        """Boots what has gathered, and starts anew."""
        if self.model:
            self.store.save(self.path)
            counts = judge(self.kind, self.path, self.model)
            self.boots += 1
            self.variables += counts[0]
            self.records += counts[1]
        self.clear()


def test_random(kind, numbers, most):
    """Random stores, each booted alone or many in one boot."""
    first = os.environ.get("FWVAR_E2E_SEED", "1")
    boots = Joined(kind, most)
    for n in numbers:
        seed = "%s.%d" % (first, n)
        store = RandomStore(kind, seed, os.path.abspath("store.fd"))
        try:
            boots.add(store.build(), store.model)
        except Failed as why:
            raise Failed("seed %s or before: %s" % (seed, why)) from why
    boots.boot()
    return "stores %s.%d to %s.%d, %d boots, %d variables, %d records, no disagreement" % (
        first, numbers[0], first, numbers[-1], boots.boots, boots.variables, boots.records)


def plan(stores):
    """[(kind of machine, how many stores, how many bytes of them in one boot)]"""
    if QUICK:
        rows = [(AAVMF, stores, FULL), (OVMF, max(1, stores // 100), ALONE)]
    else:
        rows = [(AAVMF, stores, ALONE), (OVMF, max(1, stores // 20), ALONE),
                (OVMF4M, stores, SOME)]
    return rows + [(AAVMF_LATER, stores, FULL)] * os.path.exists(AAVMF_LATER.code)


def main():
    suite = Suite("store")
    for kind, count, most in plan(int(os.environ.get("FWVAR_E2E_STORES", "200"))):
        step = 50 if most else 10
        for start in range(0, count, step):
            numbers = range(start, min(start + step, count))
            suite.run("random/%s/%d" % (kind.name, start), test_random, kind, numbers, most)
    suite.finish()


if __name__ == "__main__":
    main()
