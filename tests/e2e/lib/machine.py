# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Machines in QEMU whose variable store is a file under test. Software emulation only, no
disk, no network unless asked for."""

import glob
import os
import re
import select
import subprocess
import time

from efi import GLOBAL, Store, encode_record, load_option, shell_option
from report import Failed, Skipped, fixture, fwvar, require
from shell import clean

PROMPT = b"Shell> "


def processor_time(pid):
    """Seconds of processor time a process has used, whatever else runs here."""
    with open("/proc/%d/stat" % pid, encoding="ascii") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def asleep(pid):
    """Whether no thread of it runs, or would if it had a processor, a page or a disk."""
    for path in glob.glob("/proc/%d/task/*/stat" % pid):
        try:
            with open(path, encoding="ascii") as f:
                if f.read().rsplit(")", 1)[1].split()[0] in "RD":
                    return False
        except OSError:  # a thread that ended
            pass
    return True


class Kind:
    """A kind of firmware: its files, its QEMU command, where its Shell lies, after how many
    seconds to give up, what a boot costs in seconds of processor time."""

    def __init__(self, name, command, code, fv, fixture_name, flash_size, seconds, cost):
        self.name = name
        self.command = command
        self.code = code
        self.fv = fv
        self.fixture_name = fixture_name
        self.flash_size = flash_size
        self.seconds = seconds
        self.cost = cost

    def blank(self, target="store.fd"):
        """An empty store as this firmware formats it."""
        return fixture(self.fixture_name, target)

    def arguments(self, store):
        if not os.path.exists(self.code):
            raise Skipped("%s is not installed" % self.code)
        return self.command + [
            "-nodefaults", "-display", "none", "-serial", "stdio", "-monitor", "none",
            "-no-reboot",
            "-drive", "if=pflash,unit=0,format=raw,readonly=on,file=" + self.code,
            "-drive", "if=pflash,unit=1,format=raw,cache=unsafe,file=" + store]


OVMF = Kind("ovmf",
            ["qemu-system-x86_64", "-accel", "tcg", "-M", "q35", "-m", "128"],
            "/usr/share/OVMF/OVMF_CODE.fd", "7CB8BDC9-F8EB-4F34-AAEA-3EE4AF6516A1",
            "ovmf-2m-vars", 0x20000, 300, 4)
OVMF4M = Kind("ovmf4m",
              ["qemu-system-x86_64", "-accel", "tcg", "-M", "q35", "-m", "128"],
              "/usr/share/OVMF/OVMF_CODE_4M.fd", "7CB8BDC9-F8EB-4F34-AAEA-3EE4AF6516A1",
              "ovmf-4m-vars", 0x84000, 300, 4)
AAVMF = Kind("aavmf",
             ["qemu-system-aarch64", "-accel", "tcg", "-M", "virt", "-cpu", "cortex-a57",
              "-m", "256"],
             "/usr/share/AAVMF/AAVMF_CODE.fd", "64074AFE-340A-4BE6-94BA-91B5B4D0F71E",
             "aavmf-vars", 0x4000000, 300, 2)
# The firmware of a later Debian, its package unpacked into a folder: since edk2 of February
# 2024 its flash driver looks at every record before it takes a store for one.
LATER = os.path.join(os.environ.get("FWVAR_FIRMWARE", "/nonexistent"), "usr", "share")
AAVMF_LATER = Kind("aavmf-later", AAVMF.command,
                   os.path.join(LATER, "AAVMF", "AAVMF_CODE.no-secboot.fd"), AAVMF.fv,
                   "aavmf-vars", 0x4000000, 300, 2)


class Session:
    """One boot. The store file is changed by the firmware, as its flash would be."""

    def __init__(self, kind, store, extra=("-net", "none"), prefix=()):
        self.kind = kind
        self.store = store
        self.size = os.path.getsize(store)
        if self.size < kind.flash_size:
            os.truncate(store, kind.flash_size)
        self.raw = b""
        self.position = 0
        self.slept = 0  # seconds
        self.process = subprocess.Popen(
            list(prefix) + kind.arguments(store) + list(extra), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        os.truncate(self.store, self.size)

    def read(self):
        """Waits for more output. False at its end; Failed when the machine has slept, or
        used the processor, for too long. How long it had to wait for one doesn't count."""
        while not select.select([self.process.stdout], [], [], 1)[0]:
            self.slept += asleep(self.process.pid)
            require(max(self.slept, processor_time(self.process.pid)) < self.kind.seconds,
                    "no end after %d s; last words: %s", self.kind.seconds,
                    clean(self.raw[-1500:])[-400:].strip())
        data = os.read(self.process.stdout.fileno(), 65536)
        self.raw += data
        return bool(data)

    def expect(self, *patterns):
        """Reads up to the first match of one of the regular expressions (bytes); returns
        the text since the last call."""
        combined = re.compile(b"|".join(patterns))
        while True:
            match = combined.search(self.raw, self.position)
            if match:
                text = self.raw[self.position:match.end()]
                self.position = match.end()
                return clean(text)
            if not self.read():
                raise Failed("firmware stopped; last words: %s"
                             % clean(self.raw[-1500:])[-400:].strip())

    def prompt(self):
        return self.expect(re.escape(PROMPT))

    def command(self, line):
        """Types a line at the Shell's prompt; returns its output."""
        self.process.stdin.write(line.encode() + b"\r")
        self.process.stdin.flush()
        return self.prompt()

    def power_off(self):
        """Ends the session by the firmware's own shutdown."""
        self.process.stdin.write(b"reset -s\r")
        self.process.stdin.flush()
        self.to_end()

    def to_end(self):
        while self.read():
            pass
        text = clean(self.raw)
        self.stop()
        return text


# Says on QEMU's own output that the machine was shut down, by what runs in it.
TELL_SHUTDOWN = ("-trace", "qemu_system_shutdown_request")
SHUT_DOWN = re.compile(rb"qemu_system_shutdown_request reason=6\b")
# What firmware shows that has started, but not what our menu says.
NO_MENU = re.compile(rb"Shell> |Press any key|No bootable|startup\.nsh")
CRASH = re.compile(rb"Exception Type|Synchronous Exception|ASSERT")


def why_dead(session, samples, heard, limit):
    """Why a machine is given up, or None. It may use so much processor time without a
    word, `heard` being when the last one came; who has much to list may take longer."""
    used = processor_time(session.process.pid)
    if used - heard > limit or used > 5 * limit:
        return "no end after %.1f s of processor time" % used
    if len(samples) > 20 and sum(samples[-20:]) > 18:
        return "waits for nothing after %.1f s of processor time" % used
    return None


def how_ended(text):
    """What it means that QEMU left, by what it said before."""
    if not SHUT_DOWN.search(text):
        return "dead"  # it was reset
    return "off" if b'"e2e off"' in text else "dark"


def trial(kind, store, patience):
    """Boots a store of which nobody knows whether it does. Returns what came of it and the
    console: "off" if our menu ran to its end, "dark" if it did without a console, "menu" if
    the machine started without it, "dead" if it crashed, or said nothing for `patience`
    times what a boot costs, or waits for nothing; the last words are then why."""
    with Session(kind, store, extra=("-net", "none", *TELL_SHUTDOWN)) as session:
        samples, due, heard = [], time.monotonic(), 0
        while True:
            text = session.raw
            if CRASH.search(text):
                return "dead", clean(text) + "\n(it crashed)"
            if NO_MENU.search(text):
                return "menu", clean(text)
            if select.select([session.process.stdout], [], [], 0.5)[0]:
                data = os.read(session.process.stdout.fileno(), 65536)
                if not data:
                    return how_ended(text), clean(text)
                session.raw += data
                heard = processor_time(session.process.pid)
            if time.monotonic() >= due:
                due = time.monotonic() + 1
                samples.append(asleep(session.process.pid))
                why = why_dead(session, samples, heard, patience * kind.cost)
                if why:
                    return "dead", "%s\n(%s)" % (clean(text), why)


def dump_chain(kind):
    """Two options that list all variables and shut down, without a key typed."""
    return [shell_option("e2e dump", kind.fv, "-nostartup -exit dmpstore -all"),
            shell_option("e2e off", kind.fv, "-nostartup reset -s")]


def boot(kind, store, **options):
    """Boots a store whose options end in a shutdown; returns the console as text."""
    with Session(kind, store, **options) as session:
        return session.to_end()


def listing_boot(kind, store, expected="e2e dump", **options):
    """Boots and returns the console; fails unless the option of that name ran."""
    text = boot(kind, store, **options)
    require('starting Boot' in text and '"%s"' % expected in text,
            "option %r never ran: %s", expected, text[-400:])
    return text


def menu_edits(options, first=0):
    """Arguments for `fwvar patch` that store these options from a number on, in order."""
    edits = ["--timeout", "0"]
    for i, option in enumerate(options):
        edits += ["--set", "Boot%04X=hex:%s" % (first + i, option.hex())]
    order = ",".join("%04X" % (first + i) for i in range(len(options)))
    return edits + ["--set", "BootOrder=" + order]


def prepare(kind, store, *edits):
    """Adds to a store, by fwvar, the chain that dumps and shuts down, and other edits. It
    may leave entries outside BootOrder, which takes --force."""
    fwvar("patch", store, "--in-place", "-q", "--force", *menu_edits(dump_chain(kind)),
          *edits)


def raw_menu(kind, store):
    """The same chain appended by the tests' own writer, for stores fwvar must not touch."""
    for i, option in enumerate(dump_chain(kind)):
        store.append(encode_record("Boot%04X" % i, GLOBAL, option))
    store.append(encode_record("BootOrder", GLOBAL, b"\0\0\1\0"))
    store.append(encode_record("Timeout", GLOBAL, b"\0\0"))


__all__ = ["AAVMF", "OVMF", "OVMF4M", "PROMPT", "Session", "Store", "boot", "dump_chain",
           "listing_boot", "load_option", "menu_edits", "prepare", "raw_menu"]
