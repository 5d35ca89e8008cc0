#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The chain fwvar exists for: a machine without a disk to boot from, whose store fwvar
prepared, asks DHCP, gets iPXE over TFTP or HTTP, asks again and runs a script."""

import os
import re
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

import network
from machine import OVMF, Session
from report import QUICK, Skipped, Suite, fwvar, require
from shell import attempts, clean

IPXE = ["/usr/lib/ipxe/ipxe.efi", "/boot/ipxe.efi"]
CARD = "PciRoot(0x0)/Pci(0x2,0x0)/MAC(%s,0x1)/IPv4(0.0.0.0)"
PXE = CARD % network.MAC.replace(":", "").upper()
FOREIGN = CARD % "02005E00530F"
DISK = ["-drive", "if=none,id=d,format=raw,readonly=on,file=fat:disk",
        "-device", "virtio-blk-pci,drive=d,addr=3"]


def serve_folder():
    """What lies on the server: iPXE and matchbox's first script; and a disk to boot."""
    source = next((p for p in IPXE if os.path.exists(p)), None)
    if not source:
        raise Skipped("package ipxe is not installed")
    os.makedirs("served", exist_ok=True)
    os.makedirs("disk/EFI/BOOT", exist_ok=True)
    shutil.copy(source, "served/ipxe.efi")
    shutil.copy(source, "disk/EFI/BOOT/BOOTX64.EFI")
    shutil.copy(os.path.join(network.HERE, "boot.ipxe"), "served")
    return os.path.abspath("served")


def boot(mode, edits, until, bootfile="ipxe.efi"):
    """Boots a machine with disk and card until a message; returns the console, the
    attempts, the HTTP requests and dnsmasq's log."""
    OVMF.blank()
    with network.Servers(mode, serve_folder()) as servers:
        edits = [e.replace("BASE", servers.base()) for e in edits]
        with open("served/boot-user.ipxe", "w", encoding="utf-8") as f:
            f.write("#!ipxe\nchain %s/boot.ipxe\n" % servers.base())
        if edits:
            fwvar("patch", "store.fd", "--in-place", "-q", "--timeout", "0", *edits)
        with Session(OVMF, "store.fd", extra=servers.qemu(bootfile) + DISK) as session:
            session.deadline += 60
            session.expect(until)
            text = clean(session.raw)
        log = servers.log() if mode == "namespace" else ""
        return text, attempts(text), list(servers.requests), log


SCRIPT = re.escape(network.MESSAGE).encode() + b" [0-9a-f:]{17}"


def test_pxe_chain(mode):
    """PXE of a card that isn't there is passed over; PXE of ours comes before the disk,
    fetches iPXE by TFTP, and iPXE fetches and runs the script by HTTP."""
    edits = ["--boot-add", "Foreign=" + FOREIGN, "--boot-add", "Network=" + PXE,
             "--boot-file", "Disk=\\EFI\\BOOT\\BOOTX64.EFI"]
    if mode == "user":
        # Its DHCP answers iPXE with iPXE again: seeing it start is all there is.
        text, tried, _, _ = boot(mode, edits, rb"iPXE initialising")
        require(tried == ["0000", "0001"], "tried %s", tried)
        return "user network: iPXE came by QEMU's TFTP; no second stage there"
    text, tried, requests, log = boot(mode, edits, SCRIPT)
    require(tried == ["0000", "0001"], "tried %s", tried)
    require('failed to load Boot0000 "Foreign"' in text, "the foreign entry was loaded")
    require(network.MAC in text.split(network.MESSAGE)[-1], "MAC in the message")
    require(re.search(r"sent \S*served/ipxe\.efi to 192\.0\.2\.", log), "TFTP: %s", log[-800:])
    require("user class: iPXE" in log, "no request with user class iPXE")
    require(requests[:1] == ["GET /boot.ipxe"], "HTTP: %s", requests)
    require(any(r.startswith("GET /ipxe?uuid=") and "mac=" + network.MAC.replace(":", "-")
                in r for r in requests), "HTTP: %s", requests)
    return "DHCP, TFTP, DHCP with user class iPXE, HTTP, script"


def test_http_boot(mode):
    """A short-form Uri entry, without any MAC, loads iPXE over HTTP, before the disk."""
    edits = ["--boot-http", "Web=BASE/ipxe.efi", "--boot-file",
             "Disk=\\EFI\\BOOT\\BOOTX64.EFI"]
    _, tried, requests, _ = boot(mode, edits, SCRIPT, "boot-user.ipxe")
    require("GET /boot.ipxe" in requests, "HTTP: %s", requests)
    require(tried == ["0000"], "tried %s", tried)
    require("GET /ipxe.efi" in requests, "HTTP: %s", requests)
    return "HTTP, DHCP by iPXE, HTTP, script"


def test_disk_first(mode):
    """The same entries in the other order: the disk's program runs, nothing is fetched."""
    edits = ["--boot-add", "Network=" + PXE, "--boot-file",
             "Disk=\\EFI\\BOOT\\BOOTX64.EFI", "--boot-first", "Disk"]
    _, tried, _, log = boot(mode, edits, rb"iPXE initialising")
    require(tried == ["0001"], "tried %s", tried)
    require("sent " not in log, "TFTP was used: %s", log[-400:])


def test_stock(mode):
    """The same machine with a stock store tries something else first."""
    text, _, _, _ = boot(mode, [], rb"BdsDxe: (?:loading|failed to load) Boot[^\n]*\n")
    first = re.search(r'BdsDxe: (?:loading|failed to load) Boot\w+ "([^"]*)"', text).group(1)
    require("PXE" not in first, "a stock store boots %s first", first)
    return "first attempt with a stock store: %s" % first


def main():
    mode, why = network.enter()
    suite = Suite("netboot", jobs=1)
    if mode == "user":
        print("note netboot: no namespace with a TAP device (%s); QEMU's user network is "
              "used" % why)
    else:
        print("note netboot: a network namespace with TAP device, dnsmasq and HTTP")
    suite.run("pxe_chain", test_pxe_chain, mode)
    suite.run("http_boot", test_http_boot, mode)
    if not QUICK:
        suite.run("disk_first", test_disk_first, mode)
        suite.run("stock", test_stock, mode)
    suite.finish()


if __name__ == "__main__":
    main()
