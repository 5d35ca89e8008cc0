/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Sources: edk2-platforms BootDiscoveryPolicy and PlatformBootManagerLib (Raspberry Pi),
 * edk2 NetworkPkg (Ip4Dxe, Ip6Dxe, Dhcp6Dxe), MdeModulePkg UefiBootManagerLib (BmBoot.c,
 * BmConsole.c), and variables of saved images. */
#include "know/bound.h"

#include "base/bytes.h"

#include <fwvar/known.h>

#include <string.h>
#include <strings.h>

#define GLB                                                                              \
    FWVAR_GUID(0x8be4df61, 0x93ca, 0x11d2, 0xaa, 0x0d, 0x00, 0xe0, 0x98, 0x03, 0x2b, 0x8c)
#define BDP                                                                              \
    FWVAR_GUID(0x5b6f7107, 0xbb3c, 0x4660, 0x92, 0xcd, 0x54, 0x26, 0x90, 0x28, 0x0b, 0xbd)
#define NDL                                                                              \
    FWVAR_GUID(0xe622443c, 0x284e, 0x4b47, 0xa9, 0x84, 0xfd, 0x66, 0xb4, 0x82, 0xda, 0xc0)
#define DHCP6                                                                            \
    FWVAR_GUID(0x9fb9a8a1, 0x2f4a, 0x43a6, 0x88, 0x9c, 0xd0, 0xf7, 0xb6, 0xc4, 0x7a, 0xd5)
#define HDDP                                                                             \
    FWVAR_GUID(0xfab7e9e1, 0x39dd, 0x4f2b, 0x84, 0x08, 0xe2, 0x0e, 0x90, 0x6c, 0xb6, 0xde)
#define MTC                                                                              \
    FWVAR_GUID(0xeb704011, 0x1402, 0x11d3, 0x8e, 0x77, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b)
#define RTC                                                                              \
    FWVAR_GUID(0xb336f62d, 0x4135, 0x4a55, 0xae, 0x4e, 0x49, 0x71, 0xbb, 0xf0, 0x88, 0x5d)
#define MTI                                                                              \
    FWVAR_GUID(0x4c19049f, 0x4137, 0x4dd3, 0x9c, 0x10, 0x8b, 0x97, 0xa8, 0x3f, 0xfd, 0xfa)
#define CFG                                                                              \
    FWVAR_GUID(0xcd7cc258, 0x31db, 0x22e6, 0x9f, 0x22, 0x63, 0xb0, 0xb8, 0xee, 0xd6, 0xb5)
#define VEF                                                                              \
    FWVAR_GUID(0x04b37fe8, 0xf6ae, 0x480b, 0xbd, 0xd5, 0x37, 0xd9, 0x8c, 0x5e, 0x89, 0xaa)
#define CDB                                                                              \
    FWVAR_GUID(0xd9bee56e, 0x75dc, 0x49d9, 0xb4, 0xd7, 0xb5, 0x34, 0x21, 0x0f, 0x63, 0x7a)
#define VKN                                                                              \
    FWVAR_GUID(0x9073e4e0, 0x60ec, 0x4b6e, 0x99, 0x03, 0x4c, 0x22, 0x3c, 0x26, 0x0f, 0x3c)
#define ANY                                                                              \
    {                                                                                    \
        {                                                                                \
            0                                                                            \
        }                                                                                \
    }

#define TIES       (FW_BOUND_TIES | FW_BOUND_STATE)
#define STATE      FW_BOUND_STATE
#define ON_REQUEST FW_BOUND_ON_REQUEST

static const struct fw_bound rows[] = {
    {"BootDiscoveryPolicyOld", BDP, TIES, NULL,
     "says that the boot entries are made already, so another board makes none"},
    {"_NDL", NDL, TIES, NULL, "lists the network cards of one board by MAC"},
    {"ClientId", DHCP6, TIES, NULL, "DHCPv6 identity of one board"},
    {"HDDP", HDDP, TIES, NULL, "paths of one board's disks"},
    {NULL, ANY, TIES, NULL, "network settings, named after a MAC"},
    {"MTC", MTC, STATE | ON_REQUEST, "mtc", "counts the boots of one board"},
    {"RtcEpochSeconds", RTC, STATE | ON_REQUEST, "rtc", "clock of one board"},
    {"RtcTimeZone", RTC, ON_REQUEST, "rtc", "clock of one board"},
    {"RtcDaylight", RTC, ON_REQUEST, "rtc", "clock of one board"},
    {"MemoryTypeInformation", MTI, STATE | ON_REQUEST, "memory",
     "memory that one board's last boot needed"},
    {"CustomCpuClock", CFG, ON_REQUEST, "clock", "clock rate that one board ran at"},
    {"ConIn", GLB, STATE | ON_REQUEST, "consoles", "consoles of one board"},
    {"ConOut", GLB, STATE | ON_REQUEST, "consoles", "consoles of one board"},
    {"ErrOut", GLB, STATE | ON_REQUEST, "consoles", "consoles of one board"},
    {"RamMoreThan3GB", CFG, STATE, NULL, "the firmware sets it anew at every boot"},
    {"VarErrorFlag", VEF, STATE, NULL, "state of the firmware"},
    {"certdb", CDB, STATE, NULL, "the firmware keeps it itself"},
    {"VendorKeysNv", VKN, STATE, NULL, "the firmware keeps it itself"},
};

/* The words that --also takes. Rows of one group lie together. */
const char *fw_bound_group_at(size_t i)
{
    const char *before = NULL;

    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        const char *group = rows[k].group;
        if (!group || (before && strcmp(before, group) == 0))
            continue;
        if (i-- == 0)
            return group;
        before = group;
    }
    return NULL;
}

const char *fw_bound_group(const char *word)
{
    const char *group = NULL;

    for (size_t i = 0; (group = fw_bound_group_at(i)) != NULL; i++) {
        if (strcasecmp(group, word) == 0)
            break;
    }
    return group;
}

static bool hex_digit(unsigned c, uint8_t *value)
{
    if (c >= '0' && c <= '9')
        *value = (uint8_t)(c - '0');
    else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
        *value = (uint8_t)((c | 0x20) - 'a' + 10);
    else
        return false;
    return true;
}

bool fw_name_is_mac(const uint8_t *name, size_t name_size, uint8_t mac[6])
{
    const size_t plain = 24, with_vlan = 24 + 10;
    uint8_t digit = 0;

    if (name_size != plain && name_size != with_vlan)
        return false;
    for (size_t i = 0; i < name_size / 2; i++) {
        unsigned c = fw_le16(name + 2 * i);
        if (i == 12 ? c != '\\' : !hex_digit(c, &digit))
            return false;
        if (i < 12)
            mac[i / 2] = (uint8_t)(mac[i / 2] << 4 | digit);
    }
    return true;
}

static bool any(const struct fwvar_guid *guid)
{
    return fw_skip_bytes(guid->b, 0, sizeof guid->b, 0) == sizeof guid->b;
}

const struct fw_bound *fw_bound_find(const struct fwvar_variable *v)
{
    uint8_t mac[6];

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct fw_bound *b = &rows[i];
        if (!any(&b->guid) && !fwvar_guid_equal(&b->guid, &v->guid))
            continue;
        if (b->name ? fwvar_name_matches(v->name, v->name_size, b->name)
                    : fw_name_is_mac(v->name, v->name_size, mac))
            return b;
    }
    return NULL;
}
