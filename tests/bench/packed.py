#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Packs more into the main volume of an image: packed.py IMAGE OUT CODE

The fixtures' main volumes hold next to nothing, real ones unpack to 14 MB. OUT is IMAGE with
CODE, a file of machine code, added to the volume inside, and padding up to that size.
"""

import lzma
import struct
import sys

LZMA_GUID = bytes.fromhex("98584eee14395942" "9d6edc7bd79403cf")
UNPACKED = 14 << 20
CODE = 4 << 20  # of it; packed, that is about as large as in a real image
FFS_HEADER, SECTION_HEADER = 24, 4


def le24(number):
    return struct.pack("<I", number)[:3]


def ffs_file(guid, kind, body):
    head = bytearray(guid + b"\0\0" + bytes([kind, 0]) + le24(len(body) + FFS_HEADER) + b"\0")
    head[16] = -sum(head) & 0xFF
    head[17], head[23] = 0xAA, 0xF8
    return bytes(head) + body


def volume(fv, extra):
    """The volume with `extra` behind its last file."""
    blocks, block = struct.unpack_from("<II", fv, 0x38)
    out = bytearray(fv[: blocks * block].rstrip(b"\xff"))
    out += b"\xff" * (-len(out) % 8) + extra
    out += b"\xff" * (-len(out) % block)
    struct.pack_into("<Q", out, 0x20, len(out))
    struct.pack_into("<I", out, 0x38, len(out) // block)
    struct.pack_into("<H", out, 0x32, 0)
    words = struct.unpack_from("<36H", out)
    struct.pack_into("<H", out, 0x32, -sum(words) & 0xFFFF)
    return bytes(out)


def main(source, target, code):
    image = bytearray(open(source, "rb").read())
    more = open(code, "rb").read(CODE).ljust(UNPACKED, b"\xff")
    at = image.index(LZMA_GUID) - SECTION_HEADER
    file = at - FFS_HEADER
    start = image.rindex(b"_FVH", 0, file) - 0x28
    end = start + struct.unpack_from("<Q", image, start + 0x20)[0]

    # A section that aligns, and one with the volume.
    inside = lzma.decompress(image[at + 24 : end], lzma.FORMAT_ALONE)
    section = len(more) + SECTION_HEADER
    extra = ffs_file(b"\x11" * 16, 0x07, le24(section) + b"\x19" + more)
    fv = volume(inside[12 + SECTION_HEADER :], extra)
    unpacked = inside[:12] + le24(len(fv) + SECTION_HEADER) + b"\x17" + fv
    packed = lzma.compress(unpacked, lzma.FORMAT_ALONE)

    body = le24(24 + len(packed)) + image[at + 3 : at + 24] + packed
    whole = ffs_file(bytes(image[file : file + 16]), image[file + 18], body)
    if file + len(whole) > end:
        sys.exit("packed.py: more than the volume can hold")
    image[file:end] = whole.ljust(end - file, b"\xff")
    open(target, "wb").write(image)


main(*sys.argv[1:])
