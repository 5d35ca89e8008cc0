# SPDX-License-Identifier: BSD-2-Clause-Patent
"""What other programs read from images that fwvar wrote, against what fwvar reads there:
readers.py READER FOLDER, called by run.sh."""

import glob
import gzip
import json
import os
import re
import subprocess
import sys
import zlib

FWVAR = os.path.abspath(os.environ["FWVAR"])
LIVE, TRANSITION = 0x3F, 0x3E
OURS = "0f0e0d0c-1111-2222-3333-445566778899"
SAME = "12345678-9abc-def0-1234-56789abcdef0"
TWICE = "Twice"
EDITS = ["--force", "--timeout", "3", "--boot-http", "Web=http://192.0.2.1/ipxe.efi",
         "--boot-pxe", "Net=dc:a6:32:12:34:56", "--boot-first", "Net", "--boot-next", "Web",
         "--set", OURS + "-Odd=hex:010203", "--set", OURS + "-Umlaut\u00fc=utf16z:\u00e4",
         "--set", OURS + "-Long=hex:" + "5a" * 3000,
         "--set", OURS + "-Auth=hex:0102", "--attr", OURS + "-Auth=NV+BS+RT+AT",
         "--time", OURS + "-Auth=2024-02-03T04:05:06"]
AGAIN = ["--set", OURS + "-Odd=hex:0405", "--delete", OURS + "-Long", "--timeout", "4"]


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit("%s: exit status %d: %s" % (" ".join(command)[:200], done.returncode,
                                             done.stderr[-500:]))
    return done.stdout


def fwvar(*args):
    return run(FWVAR, *args)


def images():
    """(name, path) of every image, unpacked into the current folder."""
    for path in sorted(glob.glob(os.path.join(os.environ["FWVAR_FIXTURES"], "*.fd.gz"))):
        name = os.path.basename(path)[:-6]
        if not name.startswith(("plain-", "unformatted-", "rpi4-old", "rpi5")):
            with gzip.open(path) as packed, open("image.fd", "wb") as f:
                f.write(packed.read())
            yield name, "image.fd"
    for path in sorted(glob.glob(os.path.join(os.environ.get("FWVAR_IMAGES", ""), "*.fd"))):
        name = os.path.basename(path)[:-3]
        if os.environ.get("FWVAR_IMAGES") and not name.startswith("rpi5"):
            yield name, path


def edited(path):
    """The image after each kind of writing: (what was done, path)."""
    fwvar("patch", path, "-o", "patched.fd", "-q", *EDITS)
    yield "patched", "patched.fd"
    fwvar("patch", "patched.fd", "-o", "again.fd", "-q", *AGAIN)
    yield "patched again", "again.fd"
    fwvar("compact", "again.fd", "-o", "compact.fd", "-q")
    yield "compacted", "compact.fd"
    fwvar("scrub", "again.fd", "-o", "scrubbed.fd", "-q")
    yield "scrubbed", "scrubbed.fd"


def records(path):
    return json.loads(fwvar("list", path, "--all", "--json"))["variables"]


def differ(where, ours, theirs):
    if ours != theirs:
        rows = sorted(set(ours) ^ set(theirs), key=repr)
        sys.exit("%s: fwvar and the other reader differ: %s" % (
            where, ["%s%s" % ("fwvar" if r in ours else "other", r) for r in rows[:4]]))


def variables(document):
    """{(name, guid): (attributes, data, time)} of a version-2 variable document."""
    return {(v["name"], v["guid"]): (v["attr"], v["data"], v.get("time"))
            for v in document["variables"]}


def comparable(found):
    """Only an authenticated variable has a time that counts; the two programs write that
    of another, and one of zeroes, or leave it out."""
    return sorted((key, attr, data, time if attr & 0x20 and time and time.strip("0") else "")
                  for key, (attr, data, time) in found.items())


def by_virt_fw_vars(path):
    run("virt-fw-vars", "--input", path, "--output-json", "other.json")
    with open("other.json", encoding="utf-8") as f:
        return variables(json.load(f))


def last_of_a_name(path):
    """What fwvar exports, as far as that program sees it: it knows variables by their name
    alone, so that of two vendors' the last in the store is left, and passes over records
    in deletion."""
    last = {r["name"]: (r["name"], r["guid"]) for r in records(path) if r["state"] == LIVE}
    ours = variables(json.loads(fwvar("export", path)))
    return {key: v for key, v in ours.items() if last.get(key[0]) == key}


def virt_fw_vars(where, path):
    ours = last_of_a_name(path)
    differ(where, comparable(ours), comparable(by_virt_fw_vars(path)))
    return len(ours)


def taken_over(where, path, blank):
    """The document that fwvar exports, stored by that program, is what fwvar reads."""
    with open("ours.json", "w", encoding="utf-8") as f:
        f.write(fwvar("export", path))
    run("virt-fw-vars", "--input", blank, "--set-json", "ours.json", "--output", "theirs.fd")
    theirs = variables(json.loads(fwvar("export", "theirs.fd")))
    differ(where + ", stored by it", comparable(last_of_a_name(path)), comparable(theirs))


ENTRY = re.compile(r" *VSS entry +\| (\w+) +\| ([0-9A-F]{8}) \| ([0-9A-F]{8}) \| ([0-9A-F]{8}) \| "
                   r"-+ (?:(\S+) \| (.*)|Invalid)$")


def uefiextract(where, path):
    """The same records at the same places with the same bytes, by their CRC-32; it calls
    invalid what is not live."""
    if os.path.exists(path + ".report.txt"):
        os.unlink(path + ".report.txt")
    subprocess.run(["uefiextract", path, "report"], stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    with open(path, "rb") as f:
        image = f.read()
    with open(path + ".report.txt", encoding="latin-1") as f:
        entries = [m.groups() for m in map(ENTRY.match, f.read().split("\n")) if m]
    theirs = [(int(at, 16), int(size, 16), crc, (guid or "").lower(), name or "")
              for _, at, size, crc, guid, name in entries]
    ours = []
    for r in records(path):
        size = 60 + 2 * len(r["name"]) + 2 + len(r["data"]) // 2
        crc = "%08X" % zlib.crc32(image[r["offset"]:r["offset"] + size])
        seen = r["state"] in (LIVE, TRANSITION)
        ours.append((r["offset"], size, crc, r["guid"] if seen else "", r["name"] if seen else ""))
    differ(where, ours, theirs)
    return len([r for r in ours if r[3]])


def with_twice(path):
    """Two vendors' variables of one name, so that a reader who mixes them up shows it."""
    fwvar("patch", path, "-o", "twice.fd", "-q", "--force", "--set", "%s-%s=u8:1" % (OURS, TWICE),
          "--set", "%s-%s=u8:2" % (SAME, TWICE))
    return "twice.fd"


def main():
    reader = {"virt-fw-vars": virt_fw_vars, "uefiextract": uefiextract}[sys.argv[1]]
    os.chdir(sys.argv[2])
    read = count = 0
    for name, path in images():
        for what, result in [*edited(path), ("two of one name", with_twice(path))]:
            where = "%s, %s" % (name, what)
            count += reader(where, result)
            read += 1
            if reader is virt_fw_vars and what == "compacted":
                taken_over(where, result, path)
    if read < 24:
        sys.exit("only %d images" % read)
    print("%d images, %d variables" % (read, count))


if __name__ == "__main__":
    main()
