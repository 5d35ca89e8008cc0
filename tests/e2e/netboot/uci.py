# SPDX-License-Identifier: BSD-2-Clause-Patent
"""OpenWrt's /etc/config/dhcp as a configuration of dnsmasq: what its start script makes of
the sections that docs/netboot.md uses. An option that is not known here is an error, so
that the guide says nothing that was not tried."""

import re
import shlex

SECTION = re.compile(r"config\s+(\S+)(?:\s+(\S+))?$")
VALUE = re.compile(r"(option|list)\s+(\S+)\s+(.+)$")


def sections(text):
    """[(type, name, {option: value or list})] in the order of the file."""
    found = []
    for line in text.split("\n"):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        head, value = SECTION.match(line), VALUE.match(line)
        if head:
            found.append((head.group(1), (head.group(2) or "").strip("'"), {}))
        elif value and found:
            key, what = value.group(2), shlex.split(value.group(3))[0]
            if value.group(1) == "list":
                found[-1][2].setdefault(key, []).append(what)
            else:
                found[-1][2][key] = what
        else:
            raise ValueError("uci: %r" % line)
    return found


def global_section(o):
    for key, name in (("enable_tftp", "enable-tftp"), ("logdhcp", "log-dhcp"),
                      ("logqueries", "log-queries")):
        if o.pop(key, "0") == "1":
            yield name
    for key, name in (("domain", "domain"), ("tftp_root", "tftp-root")):
        if key in o:
            yield "%s=%s" % (name, o.pop(key))
    o.pop("logfacility", None)  # the test keeps the log elsewhere


def lan_section(o):
    network = "192.0.2.%d"
    start = int(o.pop("start"))
    last = start + int(o.pop("limit")) - 1
    yield "dhcp-range=set:%s,%s,%s,255.255.255.0,%s" % (
        o.pop("interface"), network % start, network % last, o.pop("leasetime"))


def host_section(o):
    name, address = o.pop("name"), o.pop("ip")
    if o.pop("dns", "0") == "1":
        yield "host-record=%s.lan,%s,%s" % (name, name, address)
    yield "dhcp-host=%s,set:%s,%s,%s" % (o.pop("mac"), o.pop("tag"), address, name)


def boot_section(o):
    tag = o.pop("networkid")
    yield "dhcp-boot=tag:%s,%s,%s,%s" % (tag, o.pop("filename"), o.pop("servername"),
                                         o.pop("serveraddress"))
    for option in o.pop("dhcp_option", []):
        yield "dhcp-option=tag:%s,%s" % (tag, option)


def userclass_section(o):
    yield "dhcp-userclass=set:%s,%s" % (o.pop("networkid"), o.pop("userclass"))


def domain_section(o):
    yield "address=/%s.lan/%s" % (o.pop("name"), o.pop("ip"))


# The start script goes through the file once per type, in this order.
TYPES = {"dnsmasq": global_section, "host": host_section, "boot": boot_section,
         "userclass": userclass_section, "domain": domain_section, "dhcp": lan_section}


def dnsmasq_conf(text):
    lines = []
    all_sections = sections(text)
    unknown = {kind for kind, _, _ in all_sections} - set(TYPES)
    if unknown:
        raise ValueError("uci: section %s" % sorted(unknown))
    for wanted, translate in TYPES.items():
        for kind, _, options in all_sections:
            if kind == wanted:
                lines += list(translate(options))
                if options:
                    raise ValueError("uci: %s in a section %s" % (sorted(options), kind))
    return "\n".join(lines) + "\n"
