# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A Raspberry Pi 4 that boots a real RPI_EFI.fd: QEMU 9 or newer with -M raspi4b.

That machine has no random number generator, no PCIe bridge and no Ethernet; touching one
of them raises an external abort in the firmware. A client of QEMU's debugger interface
stops at the firmware's exception vector, completes such an access as a read of zero or a
write to nowhere, and lets the firmware go on: a Pi without these devices. Where the vector
lies differs from build to build; it is learnt by failing once, and kept in a file."""

import hashlib
import json
import os
import re
import socket
import struct
import subprocess
import time

from efi import Store
from machine import processor_time
from shell import clean

ABORT_OF_DATA, EXTERNAL = 0x25, 0x10
CACHE = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"),
                     "fwvar-e2e-vectors.json")


class Debugger:
    """The GDB remote protocol, as far as it is needed here."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.buffer = b""
        for _ in range(500):
            try:
                self.socket.connect(path)
                break
            except OSError:
                time.sleep(0.02)
        self.acknowledge = True
        self.ask("qSupported:xmlRegisters=aarch64")
        self.ask("QStartNoAckMode")
        self.acknowledge = False
        self.registers = self.read_registers_layout()

    def send(self, text):
        raw = text.encode()
        self.socket.sendall(b"$%s#%02x" % (raw, sum(raw) & 0xFF))

    def receive(self, seconds=20):
        """The next packet, or None when none came in time."""
        self.socket.settimeout(seconds)
        while True:
            packet = re.search(rb"\$([^#]*)#..", self.buffer, re.S)
            if packet:
                self.buffer = self.buffer[packet.end():]
                if self.acknowledge:
                    self.socket.sendall(b"+")
                return self.expand(packet.group(1))
            try:
                data = self.socket.recv(65536)
            except (socket.timeout, TimeoutError):
                return None
            if not data:
                raise EOFError("QEMU closed its debugger interface")
            self.buffer += data

    def ask(self, text):
        self.send(text)
        return self.receive() or b""

    @staticmethod
    def expand(packet):
        """Undoes escapes and run lengths."""
        out = bytearray()
        i = 0
        while i < len(packet):
            if packet[i] == ord("}"):
                out.append(packet[i + 1] ^ 0x20)
                i += 2
            elif packet[i] == ord("*"):
                out += bytes([out[-1]]) * (packet[i + 1] - 29)
                i += 2
            else:
                out.append(packet[i])
                i += 1
        return bytes(out)

    def feature(self, name):
        text = b""
        while True:
            part = self.ask("qXfer:features:read:%s:%x,ffb" % (name, len(text)))
            text += part[1:]
            if part[:1] != b"m":
                return text.decode()

    def read_registers_layout(self):
        """{name: (number, bytes)} of every register."""
        found, number = {}, 0
        for name in re.findall(r'href="([^"]+)"', self.feature("target.xml")):
            for tag in re.findall(r"<reg ([^>]*)/>", self.feature(name)):
                fields = dict(re.findall(r'(\w+)="([^"]*)"', tag))
                number = int(fields.get("regnum", number))
                found.setdefault(fields["name"], (number, int(fields["bitsize"]) // 8))
                number += 1
        return found

    def get(self, register):
        number, _ = self.registers[register]
        return int.from_bytes(bytes.fromhex(self.ask("p%x" % number).decode()), "little")

    def put(self, register, value):
        number, size = self.registers[register]
        answer = self.ask("P%x=%s" % (number, value.to_bytes(size, "little").hex()))
        if answer != b"OK":
            raise OSError("QEMU did not set %s" % register)

    def memory(self, address, size):
        return b"".join(
            bytes.fromhex(self.ask("m%x,%x" % (address + at, min(0x400, size - at))).decode())
            for at in range(0, size, 0x400))


class Boot:
    """What came of one boot: `result` is "off" (the firmware shut the machine down),
    "crash" with `detail`, or "time"; `console` is its text; `image` the image as the
    firmware left it in memory."""

    def __init__(self, result, detail, console, image, seconds):
        self.result = result
        self.detail = detail
        self.console = console
        self.image = image
        self.seconds = seconds


class Board:
    def __init__(self, qemu, folder):
        self.qemu = qemu
        self.folder = folder

    def command(self, image, gdb):
        root = os.path.join(self.qemu, "usr")
        return [os.path.join(root, "bin", "qemu-system-aarch64"),
                "-L", os.path.join(root, "share", "qemu"), "-M", "raspi4b",
                "-display", "none", "-monitor", "none", "-no-shutdown", "-S",
                "-serial", "file:" + os.path.join(self.folder, "pl011"),
                "-serial", "file:" + os.path.join(self.folder, "console"),
                "-device", "loader,file=%s,addr=0x0,force-raw=on" % image,
                "-d", "int", "-D", os.path.join(self.folder, "interrupts"),
                "-gdb", "unix:%s,server=on,wait=off" % gdb]

    def read(self, name):
        try:
            with open(os.path.join(self.folder, name), "rb") as f:
                return f.read()
        except FileNotFoundError:
            return b""

    def new_vectors(self, known):
        """Where data aborts with an external cause entered the firmware, from QEMU's log."""
        entries = re.findall(
            r"Data Abort\](?:(?!Taking).)*?ESR 0x25/0x[0-9a-f]*[15]0\n"
            r"(?:(?!Taking).)*?to EL2 PC (0x[0-9a-f]+)",
            self.read("interrupts").decode("ascii", "replace"), re.S)
        return {int(e, 16) for e in entries} - known

    @staticmethod
    def complete_access(debugger):
        """At the vector: pretends that the access was answered. False if the exception is
        of another kind, that is, a crash."""
        esr = debugger.get("ESR_EL2")
        if esr >> 26 != ABORT_OF_DATA or esr & 0x3F != EXTERNAL:
            return False
        at, state = debugger.get("ELR_EL2"), debugger.get("SPSR_EL2")
        target = struct.unpack("<I", debugger.memory(at, 4))[0] & 31
        if not esr & 0x40 and target != 31:  # a read, and not into the zero register
            debugger.put("x%d" % target, 0)
        debugger.put("cpsr", state & 0xFFFFFFFF)
        debugger.put("pc", at + 4)
        return True

    def watch(self, debugger, vectors, pid, seconds):
        """Runs until something ends the boot; returns (result, detail)."""
        debugger.send("c")
        deadline = time.monotonic() + 20 * seconds
        while processor_time(pid) < seconds and time.monotonic() < deadline:
            stop = debugger.receive(0.25)
            if stop is None:
                if self.new_vectors(vectors):
                    return "learn", ""
                crash = re.search(rb"Synchronous Exception at 0x\w+", self.read("console"))
                if crash:
                    return "crash", crash.group(0).decode()
                continue
            if stop[:3] in (b"T03", b"S03"):
                return "off", ""
            if debugger.get("pc") in vectors and not self.complete_access(debugger):
                return "crash", "exception %#x at %#x" % (debugger.get("ESR_EL2"),
                                                          debugger.get("ELR_EL2"))
            debugger.send("c")
        return "time", ""

    def once(self, path, vectors, seconds, volume):
        gdb = os.path.join(self.folder, "gdb")
        for name in ("gdb", "pl011", "console", "interrupts"):
            if os.path.exists(os.path.join(self.folder, name)):
                os.unlink(os.path.join(self.folder, name))
        with open(path, "rb") as f:
            image = bytearray(f.read())
        modules = os.path.join(self.qemu, "usr", "lib", "x86_64-linux-gnu", "qemu")
        process = subprocess.Popen(self.command(path, gdb), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   env=dict(os.environ, QEMU_MODULE_DIR=modules))
        start = time.monotonic()
        try:
            debugger = Debugger(gdb)
            for vector in vectors:
                debugger.ask("Z1,%x,4" % vector)
            result, detail = self.watch(debugger, vectors, process.pid, seconds)
            took = time.monotonic() - start
            if result == "learn":
                return Boot(result, detail, "", image, took)
            if result == "time" or detail.startswith("Sync"):
                debugger.socket.sendall(b"\x03")
                debugger.receive(5)
            debugger.ask("Qqemu.PhyMemMode:1")
            image[volume:volume + 0x20000] = debugger.memory(volume, 0x20000)
            return Boot(result, detail, clean(self.read("console")), image, took)
        finally:
            process.kill()
            process.wait()

    def boot(self, path, seconds=300, volume=None):
        """Boots an image. It is given up after so many seconds of processor time. `volume`
        is where its variables are, if it does not tell."""
        volume = Store.load(path).volume if volume is None else volume
        with open(path, "rb") as f:
            key = hashlib.sha256(f.read(0x1B0000)).hexdigest()[:16]
        known = {}
        if os.path.exists(CACHE):
            with open(CACHE, encoding="utf-8") as f:
                known = json.load(f)
        vectors = set(known.get(key, []))
        for _ in range(8):
            done = self.once(path, vectors, seconds, volume)
            if done.result != "learn":
                break
            vectors |= self.new_vectors(vectors)
            known[key] = sorted(vectors)
            os.makedirs(os.path.dirname(CACHE), exist_ok=True)
            with open(CACHE, "w", encoding="utf-8") as f:
                json.dump(known, f)
        return done
