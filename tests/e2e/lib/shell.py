# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Reading what firmware prints: the boot manager's lines and the Shell's commands."""

import re
from collections import namedtuple

Variable = namedtuple("Variable", "attr data")
Option = namedtuple("Option", "number label path optional")

# Vendor GUIDs for which dmpstore prints a name (edk2 UefiHandleParsingLib).
NAMED = {
    "EFIGlobalVariable": "8be4df61-93ca-11d2-aa0d-00e098032b8c",
    "iSCSIInitiatorName": "59324945-ec44-4c0d-b1cd-9db139df070c",
    "Dhcp6ServiceBinding": "9fb9a8a1-2f4a-43a6-889c-d0f7b6c47ad5",
    "IPv4Config2": "5b446ed1-e30b-4faa-871a-3654eca36080",
    "Ip6Config": "937fe521-95ae-4d1a-8929-48bcd90ad31a",
    "ImageSecurityDatabase": "d719b2cb-3d3a-4596-a3bc-dad00e67656f",
}
ATTRIBUTES = {"NV": 1, "BS": 2, "RT": 4, "HR": 8, "AW": 0x10, "AT": 0x20}


def clean(raw):
    """Serial bytes as text: no escape sequences, no carriage returns."""
    text = re.sub(rb"\x1b\[[0-9;=?]*[a-zA-Z]", b"", raw).replace(b"\r", b"")
    return text.decode("utf-8", "replace")


VARIABLE = re.compile(r"^\s*Variable ([A-Z+]+) '([^':]+):(.*)' DataSize = 0x([0-9A-F]+)\s*$")
HEXLINE = re.compile(r"^\s*([0-9A-F]{8}): ((?:[0-9A-F]{2}[ -])+)")


def dmpstore(text):
    """{(name, guid): Variable} of every variable in the output of dmpstore. Raises
    ValueError where the dump of one is not as long as announced."""
    found = {}
    current = None
    for line in text.split("\n"):
        head = VARIABLE.match(line)
        if head:
            finish(found, current)
            attr = sum(ATTRIBUTES[a] for a in head.group(1).split("+"))
            guid = NAMED.get(head.group(2), head.group(2)).lower()
            current = [(head.group(3), guid), attr, int(head.group(4), 16), b""]
            continue
        data = HEXLINE.match(line)
        if data and current and int(data.group(1), 16) == len(current[3]):
            current[3] += bytes.fromhex(re.sub("[ -]", "", data.group(2)))
        elif line.strip():
            finish(found, current)
            current = None
    finish(found, current)
    return found


def finish(found, current):
    if not current:
        return
    key, attr, size, data = current
    if len(data) != size:
        raise ValueError("dmpstore: %r has %d of %d bytes" % (key, len(data), size))
    if key in found:
        raise ValueError("dmpstore lists %r twice" % (key,))
    found[key] = Variable(attr, data)


def bcfg(text):
    """The options of `bcfg boot dump -v`, in BootOrder."""
    return [Option(m.group(1), m.group(2), m.group(3), m.group(4) == "Y")
            for m in re.finditer(r"Variable: Boot([0-9A-Fa-f]{4})\s*\n\s*Desc    - (.*)\n"
                                 r"\s*DevPath - (.*)\n\s*Optional- ([YN])", text)]


def attempts(text):
    """Numbers of the boot options that the boot manager tried, in order."""
    return re.findall(r"BdsDxe: (?:loading|failed to load) Boot([0-9A-F]{4}) ", text)
