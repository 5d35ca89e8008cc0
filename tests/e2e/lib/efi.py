# SPDX-License-Identifier: BSD-2-Clause-Patent
"""UEFI structures as the tests need them: a reader and a writer of variable stores, load
options and device paths that share nothing with libfwvar (UEFI specification; edk2
VariableFormat.h, FirmwareVolumeHeader.h)."""

import struct
import uuid
from collections import namedtuple

NV, BS, RT, AT = 1, 2, 4, 0x20
GLOBAL = "8be4df61-93ca-11d2-aa0d-00e098032b8c"
NV_VOLUME = uuid.UUID("fff12b8d-7696-4c8b-a985-2747075b4f50").bytes_le
AUTH_STORE = uuid.UUID("aaf32c78-947b-439a-a180-2e144ec37792").bytes_le
AUTO_CREATED = uuid.UUID("8108ac4e-9f11-4d59-850e-e21a522c59b2").bytes_le
SHELL_FILE = "7C04A583-9E3E-4F1C-AD65-E05268D0B4D1"

LIVE, TRANSITION, DELETED, SUPERSEDED, HEADER_ONLY = 0x3F, 0x3E, 0x3D, 0x3C, 0x7F

Record = namedtuple("Record", "offset state attr name guid data time end")
Key = namedtuple("Key", "name guid")


def align4(n):
    return (n + 3) & ~3


def utf16z(text):
    return (text + "\0").encode("utf-16-le")


def text(raw):
    """UTF-16 as it stands, without an odd byte or the NULs at its end."""
    return raw[:len(raw) & ~1].decode("utf-16-le", "surrogatepass").rstrip("\0")


def encode_record(name, guid, data, attr=NV | BS | RT, state=LIVE, time=b"\0" * 16):
    """One authenticated record, padded with 0xFF as the driver does."""
    n = utf16z(name)
    raw = struct.pack("<HBBIQ", 0x55AA, state, 0, attr, 0) + time
    raw += struct.pack("<III", 0, len(n), len(data)) + uuid.UUID(guid).bytes_le + n + data
    return raw + b"\xff" * (align4(len(raw)) - len(raw))


class Store:
    """The variable store of an image, found by its volume's GUID. `image` is a bytearray
    that may be changed; call records() again afterwards."""

    def __init__(self, image):
        self.image = bytearray(image)
        at = self.image.find(NV_VOLUME)
        if at < 0x10:
            raise ValueError("no NV volume")
        self.volume = at - 0x10
        self.volume_length, = struct.unpack_from("<Q", self.image, self.volume + 0x20)
        header_length, = struct.unpack_from("<H", self.image, self.volume + 0x30)
        self.header = self.volume + header_length
        if self.image[self.header:self.header + 16] != AUTH_STORE:
            raise ValueError("no authenticated variable store")
        self.size, = struct.unpack_from("<I", self.image, self.header + 16)
        self.first = align4(self.header + 28)
        self.end = self.header + self.size

    @classmethod
    def load(cls, path):
        with open(path, "rb") as f:
            return cls(f.read(0x400000))

    def records(self):
        """Every record of the chain, whatever its state."""
        found = []
        at = self.first
        while at + 60 <= self.end:
            start, state, _, attr, _ = struct.unpack_from("<HBBIQ", self.image, at)
            if start != 0x55AA:
                break
            _, name_size, data_size = struct.unpack_from("<III", self.image, at + 32)
            data_at = at + 60 + name_size
            end = data_at + data_size
            if end > self.end:
                raise ValueError("record at %#x leaves the store" % at)
            found.append(Record(at, state, attr, text(bytes(self.image[at + 60:data_at])),
                                str(uuid.UUID(bytes_le=bytes(self.image[at + 44:at + 60]))),
                                bytes(self.image[data_at:end]),
                                bytes(self.image[at + 16:at + 32]), end))
            at = align4(end)
        return found

    def used_end(self):
        records = self.records()
        return align4(records[-1].end) if records else self.first

    def live(self):
        """{Key: Record} as a driver looks it up: the first 0x3F, else the last 0x3E."""
        found, leaving = {}, {}
        for r in self.records():
            if r.state == LIVE:
                found.setdefault(Key(r.name, r.guid), r)
            elif r.state == TRANSITION:
                leaving[Key(r.name, r.guid)] = r
        return {**leaving, **found}

    def append(self, raw):
        at = self.used_end()
        if at + len(raw) > self.end:
            raise ValueError("store is full")
        self.image[at:at + len(raw)] = raw
        return at

    def records_bytes(self):
        """The bytes of all variables, from the first record to the end of the store."""
        return bytes(self.image[self.first:self.end])

    def save(self, path):
        with open(path, "wb") as f:
            f.write(self.image)


def node(kind, sub, payload=b""):
    return struct.pack("<BBH", kind, sub, 4 + len(payload)) + payload


END = node(0x7F, 0xFF)


def fv_file(volume, file):
    return (node(4, 7, uuid.UUID(volume).bytes_le)
            + node(4, 6, uuid.UUID(file).bytes_le) + END)


def uri(url):
    return node(3, 0x18, url.encode()) + END


def mac_ipv4(mac):
    address = bytes.fromhex(mac.replace(":", ""))
    return node(3, 0x0B, address.ljust(32, b"\0") + b"\1") + node(3, 0x0C, b"\0" * 23) + END


def load_option(label, path, optional=b"", attributes=1):
    return struct.pack("<IH", attributes, len(path)) + utf16z(label) + path + optional


def shell_option(label, volume, arguments):
    """An option that runs the built-in Shell with these arguments."""
    return load_option(label, fv_file(volume, SHELL_FILE), utf16z(arguments))


def numbers(data):
    """What a BootOrder names; half a number at its end is none."""
    return list(struct.unpack("<%dH" % (len(data) // 2), data[:len(data) & ~1]))
