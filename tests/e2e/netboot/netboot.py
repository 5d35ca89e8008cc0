#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The chain fwvar exists for: a machine without a disk to boot from, whose store fwvar
prepared, asks DHCP, gets iPXE over TFTP or HTTP, asks again and runs a script. Servers run
with the very files that docs/netboot.md prints (folder conf)."""

import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

import network
from efi import Store
from machine import OVMF, Session
from report import FWVAR, QUICK, Skipped, Suite, fwvar, require
from shell import attempts, clean

IPXE = ["/usr/lib/ipxe/ipxe.efi", "/boot/ipxe.efi"]
CARD = "PciRoot(0x0)/Pci(0x2,0x0)/MAC(%s,0x1)/IPv4(0.0.0.0)"
GUIDE_MAC = "dc:a6:32:12:34:56"  # of the first board in the guide
SERIAL = "1a2b3c4d"
DISK = ["-drive", "if=none,id=d,format=raw,readonly=on,file=fat:disk",
        "-device", "virtio-blk-pci,drive=d,addr=3"]
FILE_ENTRY = ["--boot-file", "Disk=\\EFI\\BOOT\\BOOTX64.EFI"]
PI_SIZE, PI_VOLUME, VOLUME_SIZE = 0x1F0000, 0x1D0000, 0x20000


def card(mac):
    return CARD % mac.replace(":", "").upper()


def serve_folder():
    """What lies on the server, under the names of the guide, and a disk to boot. Debian has
    iPXE for PCs only, so that one stands for the Pi's too."""
    source = next((p for p in IPXE if os.path.exists(p)), None)
    if not source:
        raise Skipped("package ipxe is not installed")
    for folder in ("served/assets/fcos", "served/" + SERIAL, "disk/EFI/BOOT"):
        os.makedirs(folder, exist_ok=True)
    for name in ("served/ipxe.efi", "served/ipxe-arm64.efi", "served/assets/fcos/live-kernel",
                 "disk/EFI/BOOT/BOOTX64.EFI"):
        shutil.copy(source, name)
    shutil.copy(os.path.join(network.CONF, "boot.ipxe"), "served")
    with open("served/assets/fcos/live-initramfs.img", "wb") as f:
        f.write(b"initramfs")
    return os.path.abspath("served")


class Result:
    """The console of a boot, the entries tried, HTTP requests and dnsmasq's log."""

    def __init__(self, text, servers):
        self.text = text
        self.tried = attempts(text)
        self.requests = list(servers.requests)
        self.log = servers.log()


def boot(mode, edits, until, bootfile="ipxe.efi", mac=network.MAC, **options):
    """Boots a machine with disk and card until a message. `edits` None: the store that is
    there as it is."""
    if edits is not None:
        OVMF.blank()
    with network.Servers(mode, serve_folder(), **options) as servers:
        with open("served/boot-user.ipxe", "w", encoding="utf-8") as f:
            f.write("#!ipxe\nchain %s/boot.ipxe\n" % servers.base())
        if edits:
            fwvar("patch", "store.fd", "--in-place", "-q", "--timeout", "0",
                  *[e.replace("BASE", servers.base()) for e in edits])
        with Session(OVMF, "store.fd", extra=servers.qemu(bootfile, mac) + DISK) as session:
            session.expect(until)
            return Result(clean(session.raw), servers)


SCRIPT = re.escape(network.MESSAGE).encode() + b" [0-9a-f:]{17}"
# The profile's last file has arrived.
LOADED = rb"live-initramfs\.img\.\.\. ok"


def until(mode):
    return LOADED if mode == "namespace" else SCRIPT


def require_chain(done, mac, file):
    """Both stages of DHCP, TFTP and HTTP took place, and the script ran on this machine."""
    require(mac in done.text.split(network.MESSAGE)[-1], "MAC in the message")
    require(re.search(r"sent \S*served/%s to 192\.0\.2\." % re.escape(file), done.log),
            "TFTP: %s", done.log[-800:])
    require("user class: iPXE" in done.log, "no request with user class iPXE")
    require(done.requests[:1] == ["GET /boot.ipxe"], "HTTP: %s", done.requests)
    require(any(r.startswith("GET /ipxe?uuid=") and "mac=" + mac.replace(":", "-") in r
                for r in done.requests), "HTTP: %s", done.requests)
    require("GET /assets/fcos/live-kernel" in done.requests, "HTTP: %s", done.requests)


def test_pxe_chain(mode):
    """PXE of a card that isn't there is passed over; PXE of ours comes before the disk,
    fetches iPXE by TFTP, and iPXE fetches and runs the script by HTTP."""
    edits = ["--boot-add", "Foreign=" + card("02005E00530F"),
             "--boot-add", "Network=" + card(network.MAC)] + FILE_ENTRY
    if mode == "user":
        # Its DHCP answers iPXE with iPXE again: seeing it start is all there is.
        done = boot(mode, edits, rb"iPXE initialising")
        require(done.tried == ["0000", "0001"], "tried %s", done.tried)
        return "user network: iPXE came by QEMU's TFTP; no second stage there"
    done = boot(mode, edits, LOADED)
    require(done.tried == ["0000", "0001"], "tried %s", done.tried)
    require('failed to load Boot0000 "Foreign"' in done.text, "the foreign entry was loaded")
    require_chain(done, network.MAC, "ipxe.efi")
    return "DHCP, TFTP, DHCP with user class iPXE, HTTP, script, kernel and initramfs"


def test_openwrt(mode):
    """The same with OpenWrt's configuration; and what the boot loader in a Pi's EEPROM asks
    for is there: option 43, and RPI_EFI.fd in the folder of its serial number."""
    if mode == "user":
        raise Skipped("needs dnsmasq in a network namespace")
    serve_folder()
    pi_image("served/%s/RPI_EFI.fd" % SERIAL)
    done = boot(mode, ["--boot-add", "Network=" + card(GUIDE_MAC)], LOADED, mac=GUIDE_MAC,
                conf="openwrt-dhcp",
                lines=["echo option 43: ${43:string}, server ${next-server}",
                       "imgfetch --name pi tftp://${next-server}/%s/RPI_EFI.fd" % SERIAL,
                       "imgfree pi"])
    require_chain(done, GUIDE_MAC, "ipxe-arm64.efi")
    require("option 43: Raspberry Pi Boot, server 192.0.2.1" in done.text, "DHCP option 43: %s",
            re.findall("option 43:.*", done.text))
    require(re.search(r"sent \S*served/%s/RPI_EFI\.fd to 192\.0\.2\.11\b" % SERIAL, done.log),
            "TFTP: %s", done.log[-800:])
    require("pi1" in done.log, "the host section was not used")
    return "OpenWrt's configuration: the chain, option 43, the folder of the serial number"


def test_http_boot(mode):
    """A short-form Uri entry, without any MAC, loads iPXE over HTTP, before the disk."""
    done = boot(mode, ["--boot-http", "Web=BASE/ipxe.efi"] + FILE_ENTRY, until(mode),
                "boot-user.ipxe")
    require("GET /boot.ipxe" in done.requests, "HTTP: %s", done.requests)
    require(done.tried == ["0000"], "tried %s", done.tried)
    require("GET /ipxe.efi" in done.requests, "HTTP: %s", done.requests)
    return "HTTP, DHCP by iPXE, HTTP, script"


def pi_image(path):
    """What has the size of a Pi's image, with an empty store at its place."""
    OVMF.blank("blank.fd")
    with open("blank.fd", "rb") as f:
        store = f.read()
    with open(path, "wb") as f:
        f.write((b"\xff" * PI_VOLUME + store[:VOLUME_SIZE]).ljust(PI_SIZE, b"\xff"))


def run_guide(name):
    """The commands of the guide, in a folder of ours instead of /tftp."""
    with open(os.path.join(network.CONF, name), encoding="utf-8") as f:
        commands = f.read().replace("/tftp", os.path.abspath("tftp"))
    path = os.path.dirname(FWVAR) + os.pathsep + os.environ["PATH"]
    done = subprocess.run(["sh", "-eu", "-c", commands], env=dict(os.environ, PATH=path),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    require(done.returncode == 0, "%s: %s", name, done.stdout[-600:])


def test_guide(mode):
    """The guide's image for all boards: its volume boots here as it would on a Pi."""
    if mode == "user":
        raise Skipped("needs a server at 192.0.2.1")
    os.makedirs("tftp", exist_ok=True)
    pi_image("RPI_EFI.fd")
    run_guide("shared.sh")
    whole = Store.load("tftp/RPI_EFI.fd")
    with open("store.fd", "wb") as f:
        f.write(whole.image[whole.volume:whole.volume + VOLUME_SIZE])
    done = boot(mode, None, LOADED)
    require(done.tried == ["0000"], "tried %s", done.tried)
    require("GET /ipxe-arm64.efi" in done.requests, "HTTP: %s", done.requests)
    return "fwvar as in the guide, HTTP without a MAC, script, kernel and initramfs"


def test_disk_first(mode):
    """The same entries in the other order: the disk's program runs, nothing is fetched."""
    edits = ["--boot-add", "Network=" + card(network.MAC)] + FILE_ENTRY
    done = boot(mode, edits + ["--boot-first", "Disk"], rb"iPXE initialising")
    require(done.tried == ["0001"], "tried %s", done.tried)
    require("sent " not in done.log, "TFTP was used: %s", done.log[-400:])


def test_stock(mode):
    """The same machine with a stock store tries something else first."""
    done = boot(mode, [], rb"BdsDxe: (?:loading|failed to load) Boot[^\n]*\n")
    first = re.search(r'BdsDxe: (?:loading|failed to load) Boot\w+ "([^"]*)"', done.text)
    require("PXE" not in first.group(1), "a stock store boots %s first", first.group(1))
    return "first attempt with a stock store: %s" % first.group(1)


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
    suite.run("disk_first", test_disk_first, mode)
    suite.run("stock", test_stock, mode)
    if not QUICK:
        suite.run("openwrt", test_openwrt, mode)
        suite.run("guide", test_guide, mode)
        if mode != "user":  # what takes over where a namespace is refused
            suite.run("user/pxe_chain", test_pxe_chain, "user")
            suite.run("user/http_boot", test_http_boot, "user")
    suite.finish()


if __name__ == "__main__":
    main()
