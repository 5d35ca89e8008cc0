/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The table of known variables: UEFI specification 2.10, section 3.3 and chapter 32, and
 * what edk2 keeps beside it. Settings have a table of their own. */
#include <fwvar/known.h>

#include "base/bytes.h"

#include <string.h>

#define GLB                                                                              \
    FWVAR_GUID(0x8be4df61, 0x93ca, 0x11d2, 0xaa, 0x0d, 0x00, 0xe0, 0x98, 0x03, 0x2b, 0x8c)
/* EFI_IMAGE_SECURITY_DATABASE_GUID; gEfiSecureBootEnableDisableGuid; gEfiCertDbGuid;
 * gEfiVendorKeysNvGuid; gEfiCustomModeEnableGuid; gMtcVendorGuid;
 * gEfiMemoryTypeInformationGuid; gEdkiiVarErrorFlagGuid */
#define SEC                                                                              \
    FWVAR_GUID(0xd719b2cb, 0x3d3a, 0x4596, 0xa3, 0xbc, 0xda, 0xd0, 0x0e, 0x67, 0x65, 0x6f)
#define SBE                                                                              \
    FWVAR_GUID(0xf0a30bc7, 0xaf08, 0x4556, 0x99, 0xc4, 0x00, 0x10, 0x09, 0xc9, 0x3a, 0x44)
#define CDB                                                                              \
    FWVAR_GUID(0xd9bee56e, 0x75dc, 0x49d9, 0xb4, 0xd7, 0xb5, 0x34, 0x21, 0x0f, 0x63, 0x7a)
#define VKN                                                                              \
    FWVAR_GUID(0x9073e4e0, 0x60ec, 0x4b6e, 0x99, 0x03, 0x4c, 0x22, 0x3c, 0x26, 0x0f, 0x3c)
#define CME                                                                              \
    FWVAR_GUID(0xc076ec0c, 0x7028, 0x4399, 0xa0, 0x72, 0x71, 0xee, 0x5c, 0x44, 0x8b, 0x9f)
#define MTC                                                                              \
    FWVAR_GUID(0xeb704011, 0x1402, 0x11d3, 0x8e, 0x77, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b)
#define MTI                                                                              \
    FWVAR_GUID(0x4c19049f, 0x4137, 0x4dd3, 0x9c, 0x10, 0x8b, 0x97, 0xa8, 0x3f, 0xfd, 0xfa)
#define VEF                                                                              \
    FWVAR_GUID(0x04b37fe8, 0xf6ae, 0x480b, 0xbd, 0xd5, 0x37, 0xd9, 0x8c, 0x5e, 0x89, 0xaa)

/* The boot discovery form; boot policy driver's list of network devices; gHdBootDevice…
 * of UefiBootManagerLib; Ip4Config2, Ip6Config, Dhcp6 and IScsi drivers. */
#define BDP                                                                              \
    FWVAR_GUID(0x5b6f7107, 0xbb3c, 0x4660, 0x92, 0xcd, 0x54, 0x26, 0x90, 0x28, 0x0b, 0xbd)
#define NDL                                                                              \
    FWVAR_GUID(0xe622443c, 0x284e, 0x4b47, 0xa9, 0x84, 0xfd, 0x66, 0xb4, 0x82, 0xda, 0xc0)
#define HDD                                                                              \
    FWVAR_GUID(0xfab7e9e1, 0x39dd, 0x4f2b, 0x84, 0x08, 0xe2, 0x0e, 0x90, 0x6c, 0xb6, 0xde)
#define IP4                                                                              \
    FWVAR_GUID(0x5b446ed1, 0xe30b, 0x4faa, 0x87, 0x1a, 0x36, 0x54, 0xec, 0xa3, 0x60, 0x80)
#define IP6                                                                              \
    FWVAR_GUID(0x937fe521, 0x95ae, 0x4d1a, 0x89, 0x29, 0x48, 0xbc, 0xd9, 0x0a, 0xd3, 0x1a)
#define DH6                                                                              \
    FWVAR_GUID(0x9fb9a8a1, 0x2f4a, 0x43a6, 0x88, 0x9c, 0xd0, 0xf7, 0xb6, 0xc4, 0x7a, 0xd5)
#define ISO                                                                              \
    FWVAR_GUID(0x4b47d616, 0xa8d6, 0x4552, 0x9d, 0x44, 0xcc, 0xad, 0x2e, 0x0f, 0x4c, 0xf9)
#define ISI                                                                              \
    FWVAR_GUID(0x59324945, 0xec44, 0x4c0d, 0xb1, 0xcd, 0x9d, 0xb1, 0x39, 0xdf, 0x07, 0x0c)

const struct fwvar_guid fwvar_global_guid = GLB;

static const struct fwvar_known table[] = {
    {"BootOrder", GLB, 7, FWVAR_KIND_ORDER, 0,
     "boot options in the order they are tried"},
    {"BootNext", GLB, 7, FWVAR_KIND_OPTION, 2, "boot option to try first, once"},
    {"Boot####", GLB, 7, FWVAR_KIND_LOAD_OPTION, 0, "boot option"},
    {"Timeout", GLB, 7, FWVAR_KIND_NUMBER, 2, "seconds to wait for a key at boot"},
    {"Driver####", GLB, 7, FWVAR_KIND_LOAD_OPTION, 0, "driver load option"},
    {"DriverOrder", GLB, 7, FWVAR_KIND_ORDER, 0, "driver options in load order"},
    {"SysPrep####", GLB, 7, FWVAR_KIND_LOAD_OPTION, 0, "system preparation option"},
    {"SysPrepOrder", GLB, 7, FWVAR_KIND_ORDER, 0, "system preparation options in order"},
    {"Key####", GLB, 7, FWVAR_KIND_KEY_OPTION, 0, "hotkey for a boot option"},
    {"PlatformRecovery####", GLB, 7, FWVAR_KIND_LOAD_OPTION, 0,
     "tried when no boot option worked"},
    {"OsRecoveryOrder", GLB, 0x27, FWVAR_KIND_BYTES, 0, "vendors of recovery options"},
    {"OsIndications", GLB, 7, FWVAR_KIND_FLAGS, 8, "requests of the operating system"},
    {"Lang", GLB, 7, FWVAR_KIND_ASCII, 0, "language (ISO 639-2)"},
    {"PlatformLang", GLB, 7, FWVAR_KIND_ASCII, 0, "language (RFC 4646)"},
    {"ConIn", GLB, 7, FWVAR_KIND_DEVICE_PATH, 0, "console input devices"},
    {"ConOut", GLB, 7, FWVAR_KIND_DEVICE_PATH, 0, "console output devices"},
    {"ErrOut", GLB, 7, FWVAR_KIND_DEVICE_PATH, 0, "error output devices"},
    {"HwErrRecSupport", GLB, 7, FWVAR_KIND_NUMBER, 2, "level of hardware error records"},
    {"PK", GLB, 0x27, FWVAR_KIND_SIGNATURES, 0, "secure boot: platform key"},
    {"KEK", GLB, 0x27, FWVAR_KIND_SIGNATURES, 0, "secure boot: key exchange keys"},
    {"db", SEC, 0x27, FWVAR_KIND_SIGNATURES, 0, "secure boot: allowed signatures"},
    {"dbx", SEC, 0x27, FWVAR_KIND_SIGNATURES, 0, "secure boot: forbidden signatures"},
    {"dbt", SEC, 0x27, FWVAR_KIND_SIGNATURES, 0, "secure boot: timestamp signatures"},
    {"dbr", SEC, 0x27, FWVAR_KIND_SIGNATURES, 0, "secure boot: recovery signatures"},
    {"SecureBootEnable", SBE, 3, FWVAR_KIND_NUMBER, 1, "secure boot switched on"},
    {"certdb", CDB, 0x27, FWVAR_KIND_CERT_DB, 0, "signers of authenticated variables"},
    {"VendorKeysNv", VKN, 0x23, FWVAR_KIND_NUMBER, 1,
     "secure boot keys are the vendor's"},
    {"CustomMode", CME, 3, FWVAR_KIND_NUMBER, 1, "secure boot custom mode"},
    {"MTC", MTC, 7, FWVAR_KIND_NUMBER, 4, "counts boots"},
    {"MemoryTypeInformation", MTI, 3, FWVAR_KIND_MEMORY_TYPES, 0,
     "memory the last boot needed, by type"},
    {"BootDiscoveryPolicyOld", BDP, 3, FWVAR_KIND_NUMBER, 4,
     "discovery policy when boot options were last made"},
    {"_NDL", NDL, 3, FWVAR_KIND_DEVICE_PATH, 0, "network cards seen"},
    {"HDDP", HDD, 3, FWVAR_KIND_DEVICE_PATH, 0, "where short disk paths led"},
    {"############", IP4, 3, FWVAR_KIND_IP4_CONFIG, 0, "IPv4 settings of a network card"},
    {"############", IP6, 3, FWVAR_KIND_IP6_CONFIG, 0, "IPv6 settings of a network card"},
    {"ClientId", DH6, 3, FWVAR_KIND_DUID, 0, "who the board is to DHCPv6 servers"},
    {"InitialAttemptOrder", ISO, 3, FWVAR_KIND_BYTE_LIST, 0, "iSCSI attempts in order"},
    {"Attempt #", ISI, 3, FWVAR_KIND_ISCSI, 0, "iSCSI attempt"},
    {"Attempt ##", ISI, 3, FWVAR_KIND_ISCSI, 0, "iSCSI attempt"},
    {"I_NAME", ISI, 3, FWVAR_KIND_ASCII, 0, "iSCSI initiator name"},
    {"VarErrorFlag", VEF, 7, FWVAR_KIND_NUMBER, 1, "0xFF: no variable error"},
};

#define ROWS (sizeof table / sizeof table[0])

const struct fwvar_known *fwvar_known_at(size_t i)
{
    return i < ROWS ? &table[i] : NULL;
}

static bool char_fits(char pattern, unsigned c)
{
    if (pattern == '#')
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
    return c == (unsigned char)pattern;
}

bool fwvar_name_matches(const uint8_t *name, size_t name_size, const char *pattern)
{
    if (name_size != 2 * strlen(pattern))
        return false;
    for (size_t i = 0; pattern[i]; i++) {
        if (!char_fits(pattern[i], fw_le16(name + 2 * i)))
            return false;
    }
    return true;
}

const struct fwvar_known *fwvar_known_find(const struct fwvar_guid *guid,
                                           const uint8_t *name, size_t name_size)
{
    for (size_t i = 0; i < ROWS; i++) {
        if (fwvar_name_matches(name, name_size, table[i].name) &&
            fwvar_guid_equal(guid, &table[i].guid))
            return &table[i];
    }
    return NULL;
}

static bool ascii_fits(const char *pattern, const char *name)
{
    while (*pattern && *name && char_fits(*pattern, (unsigned char)*name)) {
        pattern++;
        name++;
    }
    return !*pattern && !*name;
}

const struct fwvar_known *fwvar_known_by_name(const char *name)
{
    const struct fwvar_known *found = NULL;

    for (size_t i = 0; i < ROWS; i++) {
        if (!ascii_fits(table[i].name, name))
            continue;
        if (found)
            return NULL;
        found = &table[i];
    }
    return found;
}
