/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What a device path boots. */
#include "inspect/boot.h"

#include <string.h>

#define HARDWARE  1
#define MESSAGING 3
#define MEDIA     4
#define END       0x7F

#define NODE(type, subtype) ((type) << 8 | (subtype))
#define VENDOR_HW           NODE(HARDWARE, 4)
#define MAC                 NODE(MESSAGING, 0x0B)
#define IPV4                NODE(MESSAGING, 0x0C)
#define IPV6                NODE(MESSAGING, 0x0D)
#define URI                 NODE(MESSAGING, 0x18)
#define FILE_PATH           NODE(MEDIA, 4)
#define FV_FILE             NODE(MEDIA, 6)

/* Nodes that only a path to a disk has: ATAPI, SCSI, Fibre Channel, USB, UsbClass, USB
 * WWID, SATA, SAS Ex, NVMe, UFS, SD, eMMC; hard drive, CD-ROM. */
static const uint16_t disk_nodes[] = {
    NODE(MESSAGING, 0x01), NODE(MESSAGING, 0x02), NODE(MESSAGING, 0x03),
    NODE(MESSAGING, 0x05), NODE(MESSAGING, 0x0F), NODE(MESSAGING, 0x10),
    NODE(MESSAGING, 0x12), NODE(MESSAGING, 0x16), NODE(MESSAGING, 0x17),
    NODE(MESSAGING, 0x19), NODE(MESSAGING, 0x1A), NODE(MESSAGING, 0x1D),
    NODE(MEDIA, 0x01),     NODE(MEDIA, 0x02)};

/* SD card controllers of the Raspberry Pi, which have no node of their own: Arasan and
 * SDHOST (edk2-platforms, ArasanMMCHostDxe and SdHostDxe). */
static const struct fwvar_guid sd_guids[] = {
    FWVAR_GUID(0x100c2cfa, 0xb586, 0x4198, 0x9b, 0x4c, 0x16, 0x83, 0xd1, 0x95, 0xb1,
               0xda),
    FWVAR_GUID(0x58abd787, 0xf64d, 0x4ca2, 0xa0, 0x34, 0xb9, 0xac, 0x2d, 0x5a, 0xd0,
               0xcf)};

static const struct fwvar_guid shell_guid = FWVAR_GUID(
    0x7c04a583, 0x9e3e, 0x4f1c, 0xad, 0x65, 0xe0, 0x52, 0x68, 0xd0, 0xb4, 0xd1);
static const struct fwvar_guid menu_guid = FWVAR_GUID(
    0x462caa21, 0x7614, 0x4503, 0x83, 0x6e, 0x8a, 0xb6, 0xf4, 0x66, 0x23, 0x31);

static bool data_is(const struct fwvar_devpath_node *n, const struct fwvar_guid *guid)
{
    return n->length >= 20 && memcmp(n->data, guid->b, 16) == 0;
}

static bool is_disk(const struct fwvar_devpath_node *n)
{
    uint16_t id = (uint16_t)NODE(n->type, n->subtype);

    for (size_t i = 0; i < sizeof disk_nodes / sizeof disk_nodes[0]; i++) {
        if (disk_nodes[i] == id)
            return true;
    }
    return id == VENDOR_HW && (data_is(n, &sd_guids[0]) || data_is(n, &sd_guids[1]));
}

/* What the nodes seen so far amount to. */
struct seen {
    size_t nodes;
    bool mac, ip4, ip6, uri, disk, file, shell, menu;
};

static void look(const struct fwvar_devpath_node *n, struct seen *s, uint8_t mac[6])
{
    uint16_t id = (uint16_t)NODE(n->type, n->subtype);

    s->nodes++;
    s->disk |= is_disk(n);
    s->ip4 |= id == IPV4;
    s->ip6 |= id == IPV6;
    s->uri |= id == URI;
    s->file |= id == FILE_PATH;
    s->shell |= id == FV_FILE && data_is(n, &shell_guid);
    s->menu |= id == FV_FILE && data_is(n, &menu_guid);
    if (id == MAC && n->length >= 4 + 6) {
        s->mac = true;
        memcpy(mac, n->data, 6);
    }
}

enum fwvar_boot_class fw_boot_classify(const uint8_t *path, size_t size, bool *has_mac,
                                       uint8_t mac[6])
{
    struct fwvar_devpath_node n;
    struct seen s = {0};
    size_t at = 0;

    while (fwvar_devpath_next(path, size, &at, &n) == 0 && n.type != END)
        look(&n, &s, mac);
    *has_mac = s.mac;
    if (s.shell || s.menu)
        return s.shell ? FWVAR_BOOT_SHELL : FWVAR_BOOT_MENU;
    if (s.uri && (s.ip4 || s.ip6))
        return s.ip4 ? FWVAR_BOOT_HTTP4 : FWVAR_BOOT_HTTP6;
    if (s.uri && s.nodes == 1)
        return FWVAR_BOOT_HTTP;
    if (s.mac && (s.ip4 || s.ip6))
        return s.ip4 ? FWVAR_BOOT_PXE4 : FWVAR_BOOT_PXE6;
    if (s.disk)
        return FWVAR_BOOT_DISK;
    return s.file && s.nodes == 1 ? FWVAR_BOOT_FILE : FWVAR_BOOT_OTHER;
}

const char *fwvar_boot_class_name(enum fwvar_boot_class kind)
{
    static const char *const names[] = {"other", "pxe4", "pxe6", "http4", "http6",
                                        "http",  "disk", "file", "shell", "menu"};

    return names[kind];
}
