/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The history of a Pi 4 (release v1.20, made-up MAC DC:A6:32:01:02:03) that was set up,
 * booted six times and changed twice in its menu: the sequence of writes, names, sizes
 * and attributes of a real store, so that offsets are the real ones too. */
#include "imagesaved.h"

#include <stdio.h>
#include <string.h>

#define SECURE  "c076ec0c-7028-4399-a072-71ee5c448b9f"
#define CERTDB  "d9bee56e-75dc-49d9-b4d7-b534210f637a"
#define VENDOR  "9073e4e0-60ec-4b6e-9903-4c223c260f3c"
#define MTC     "eb704011-1402-11d3-8e77-00a0c969723b"
#define CONSOLE "2d2358b4-e96c-484d-b2dd-7c2edfc7d56f"
#define RTC     "b336f62d-4135-4a55-ae4e-4971bbf0885d"
#define ISCSI   "4b47d616-a8d6-4552-9d44-ccad2e0f4cf9"
#define ATTEMPT "59324945-ec44-4c0d-b1cd-9db139df070c"
#define VARERR  "04b37fe8-f6ae-480b-bdd5-37d98c5e89aa"
#define MEMTYPE "4c19049f-4137-4dd3-9c10-8b97a83ffdfa"
#define IP4CFG  "5b446ed1-e30b-4faa-871a-3654eca36080"
#define IP6CFG  "937fe521-95ae-4d1a-8929-48bcd90ad31a"
#define DUID    "9fb9a8a1-2f4a-43a6-889c-d0f7b6c47ad5"

#define SHELL_FILE "7c04a583-9e3e-4f1c-ad65-e05268d0b4d1"
#define MENU_FILE  "462caa21-7614-4503-836e-8ab6f4662331"

/* Device path nodes, in hex. */
#define END      "7fff0400"
#define INSTANCE "7f010400"
#define DISPLAY  "0104140031aedec5d2fa3040841bcfc9644d2c5b"
#define KEYBOARD "030f0b00ffffffff030101"
#define SERIAL                                                                           \
    "010414004b7d98d31a975f438caf4967eb627241030e13000000000000c2010000000000080101"     \
    "030a1400806d917db15b8c45a48fe25fdd51ef94"
#define CON_OUT DISPLAY INSTANCE SERIAL END

struct step {
    uint32_t attributes;
    const char *name;
    const char *guid;
    const char *hex;                                 /* the data, or */
    void (*build)(struct ig_bytes *b, unsigned arg); /* what makes it */
    unsigned arg;
};

static void attempt(struct ig_bytes *b, unsigned n)
{
    char name[16];

    snprintf(name, sizeof(name), "Attempt %u", n);
    ig_fill(b, 0, 1049);
    b->p[0x11] = (uint8_t)n;
    ig_poke(b, 0x1a, name, strlen(name));
    ig_poke(b, 0xb6, "\xbc\x0c", 2);  /* TCP port 3260 */
    ig_poke(b, 0x1d9, "\xe8\x03", 2); /* 1000 ms */
    b->p[0x2f5] = 1;
}

static void attempt_order(struct ig_bytes *b, unsigned n)
{
    for (unsigned i = 1; i <= n; i++)
        ig_le(b, i, 1);
}

static void boot_order(struct ig_bytes *b, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        ig_le(b, i, 2);
}

static void memory_types(struct ig_bytes *b, unsigned run)
{
    static const uint32_t pages[3][3] = {{200, 0, 600}, {60, 110, 800}, {60, 106, 800}};
    const uint32_t table[10][2] = {
        {9, pages[run][0]},
        {10, 0},
        {0, pages[run][1]},
        {6, pages[run][2]},
        {5, 760},
        {3, 1500},
        {4, 12000},
        {1, 20},
        {2, 0},
        {15, 0},
    };

    for (unsigned i = 0; i < 10; i++) {
        ig_le(b, table[i][0], 4);
        ig_le(b, table[i][1], 4);
    }
}

static void fv_file(struct ig_bytes *path, const char *file)
{
    ig_hex(path, "04071400");
    ig_guid(path, "9a15aa37-d555-4a4e-b541-86391ff68164");
    ig_hex(path, "04061400");
    ig_guid(path, file);
}

/* A bare MAC node, then IPv4 or IPv6, then an empty URI for HTTP. */
static void nic_path(struct ig_bytes *path, bool v6, bool http)
{
    ig_hex(path, "030b2500dca632010203");
    ig_fill(path, 0, 26);
    ig_le(path, 1, 1);
    ig_hex(path, v6 ? "030d3c00" : "030c1b00");
    if (v6) {
        ig_fill(path, 0, 39);
        ig_le(path, 64, 1);
    }
    ig_fill(path, 0, v6 ? 16 : 23);
    if (http)
        ig_hex(path, "03180400");
}

static const struct {
    uint32_t attributes;
    const char *label;
    const char *file; /* in the main volume, or */
    const char *hex;  /* nodes, or neither: a network card */
    bool v6;
    bool http;
} options[8] = {
    {0x109, "UiApp", MENU_FILE, NULL, false, false},
    {0, "UEFI Shell", SHELL_FILE, NULL, false, false},
    {1, "SD/MMC on Arasan SDHCI", NULL, "01041400fa2c0c1086b598419b4c1683d195b1da", false,
     false},
    {1, "UEFI EXAMPLE USB-SSD/1 0000000000012345", NULL,
     "02010c00d041080a00000000010106000000010106000000030506000100", false, false},
    {1, "UEFI PXEv4 (MAC:DCA632010203)", NULL, NULL, false, false},
    {1, "UEFI PXEv6 (MAC:DCA632010203)", NULL, NULL, true, false},
    {1, "UEFI HTTPv4 (MAC:DCA632010203)", NULL, NULL, false, true},
    {1, "UEFI HTTPv6 (MAC:DCA632010203)", NULL, NULL, true, true},
};

static void option(struct ig_bytes *b, unsigned n)
{
    struct ig_bytes path = {0};

    if (options[n].file)
        fv_file(&path, options[n].file);
    else if (options[n].hex)
        ig_hex(&path, options[n].hex);
    else
        nic_path(&path, options[n].v6, options[n].http);
    ig_hex(&path, END);
    ig_load_option(b, options[n].attributes, options[n].label, &path, n >= 2);
    ig_free(&path);
}

/* F1 for the shell, Esc for the menu. */
static void hotkey(struct ig_bytes *b, unsigned n)
{
    struct ig_bytes target = {0};

    option(&target, n == 0 ? 1 : 0);
    ig_le(b, 0x40000000, 4);
    ig_le(b, ig_crc32(target.p, target.size), 4);
    ig_le(b, n == 0 ? 1 : 0, 2);
    ig_le(b, n == 0 ? 0x0b : 0x17, 2);
    ig_le(b, 0, 2);
    ig_free(&target);
}

#define ATTEMPT_STEPS(n)                                                                 \
    {3, "InitialAttemptOrder", ISCSI, NULL, attempt_order, (n)},                         \
    {                                                                                    \
        3, "Attempt " #n, ATTEMPT, NULL, attempt, (n)                                    \
    }

#define OPTION_STEPS(n)                                                                  \
    {7, "BootOrder", IG_GLOBAL, NULL, boot_order, (n) + 1},                              \
    {                                                                                    \
        7, "Boot000" #n, IG_GLOBAL, NULL, option, (n)                                    \
    }

#define NUMBER(name, hex)                                                                \
    {                                                                                    \
        7, name, IG_CONFIG, hex, NULL, 0                                                 \
    }

/* clang-format off */
static const struct step history[] = {
    {3, "CustomMode", SECURE, "00", NULL, 0},
    {0x27, "certdb", CERTDB, "04000000", NULL, 0},
    {0x23, "VendorKeysNv", VENDOR, "01", NULL, 0},
    {7, "MTC", MTC, "01000000", NULL, 0},
    {3, "ConsolePref", CONSOLE, "00000000", NULL, 0},
    NUMBER("DisplayEnableScaledVModes", "20"),
    NUMBER("CpuClock", "01000000"),
    NUMBER("CustomCpuClock", "dc050000"),
    NUMBER("RamMoreThan3GB", "01000000"),
    NUMBER("RamLimitTo3GB", "01000000"),
    NUMBER("SystemTableMode", "00000000"),
    NUMBER("FanOnGpio", "00000000"),
    NUMBER("FanTemp", "3c000000"),
    {7, "AssetTag", IG_CONFIG,
     "000000000000000000000000000000000000000000000000000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000", NULL, 0},
    NUMBER("SdIsArasan", "01000000"),
    NUMBER("MmcDisableMulti", "00000000"),
    NUMBER("MmcForce1Bit", "00000000"),
    NUMBER("MmcForceDefaultSpeed", "00000000"),
    NUMBER("MmcSdDefaultSpeedMHz", "19000000"),
    NUMBER("MmcSdHighSpeedMHz", "32000000"),
    NUMBER("DebugEnableJTAG", "00000000"),
    NUMBER("DisplayEnableSShot", "01000000"),
    {7, "RtcTimeZone", RTC, "ff07", NULL, 0},
    {7, "RtcDaylight", RTC, "00", NULL, 0},
    ATTEMPT_STEPS(1), ATTEMPT_STEPS(2), ATTEMPT_STEPS(3), ATTEMPT_STEPS(4),
    ATTEMPT_STEPS(5), ATTEMPT_STEPS(6), ATTEMPT_STEPS(7), ATTEMPT_STEPS(8),
    OPTION_STEPS(0),
    {7, "Timeout", IG_GLOBAL, "0500", NULL, 0},
    {7, "PlatformLang", IG_GLOBAL, "656e2d555300", NULL, 0},
    {7, "Lang", IG_GLOBAL, "656e6700", NULL, 0},
    {7, "ConOut", IG_GLOBAL, DISPLAY END, NULL, 0},
    {7, "ErrOut", IG_GLOBAL, DISPLAY END, NULL, 0},
    {7, "ConIn", IG_GLOBAL, KEYBOARD END, NULL, 0},
    {7, "ConIn", IG_GLOBAL, KEYBOARD INSTANCE SERIAL END, NULL, 0},
    {7, "ConOut", IG_GLOBAL, CON_OUT, NULL, 0},
    {7, "ErrOut", IG_GLOBAL, CON_OUT, NULL, 0},
    {7, "VarErrorFlag", VARERR, "ff", NULL, 0},
    OPTION_STEPS(1),
    {7, "Key0000", IG_GLOBAL, NULL, hotkey, 0},
    {7, "Key0001", IG_GLOBAL, NULL, hotkey, 1},
    {3, "MemoryTypeInformation", MEMTYPE, NULL, memory_types, 0},
    {3, "DCA632010203", IP4CFG, "e9ff0100100000000400000001000000" "00000000", NULL, 0},
    {3, "DCA632010203", IP6CFG,
     "01fefdfcac040200240000000400000002000000200000000400000003000000"
     "0100000000000000", NULL, 0},
    {3, "DCA632010203", IP6CFG,
     "01fefdfc44590300340000000800000001000000300000000400000002000000"
     "2c00000004000000030000000100000000000000dea632fffe010203", NULL, 0},
    {3, "ClientId", DUID, "1200000411c00300000000000000dca632010203", NULL, 0},
    OPTION_STEPS(2), OPTION_STEPS(3), OPTION_STEPS(4), OPTION_STEPS(5), OPTION_STEPS(6),
    OPTION_STEPS(7),
    NUMBER("RamLimitTo3GB", "00000000"),
    NUMBER("SystemTableMode", "02000000"),
    {7, "MTC", MTC, "02000000", NULL, 0},
    {3, "MemoryTypeInformation", MEMTYPE, NULL, memory_types, 1},
    {7, "MTC", MTC, "03000000", NULL, 0},
    {7, "MTC", MTC, "04000000", NULL, 0},
    {3, "MemoryTypeInformation", MEMTYPE, NULL, memory_types, 2},
    {7, "MTC", MTC, "05000000", NULL, 0},
    {7, "MTC", MTC, "06000000", NULL, 0},
};
/* clang-format on */

static void take(struct ig_image *im, const struct step *s)
{
    struct ig_bytes data = {0};

    if (s->build)
        s->build(&data, s->arg);
    else
        ig_hex(&data, s->hex);
    ig_set(im, &(struct ig_record){.attributes = s->attributes,
                                   .guid = s->guid,
                                   .name = s->name,
                                   .data = data.p,
                                   .size = data.size});
    ig_free(&data);
}

void ig_saved_history(struct ig_image *im)
{
    for (size_t i = 0; i < sizeof(history) / sizeof(history[0]); i++)
        take(im, &history[i]);
}

void ig_saved_option(struct ig_image *im, unsigned number)
{
    char name[16];

    snprintf(name, sizeof(name), "Boot%04X", number);
    take(im, &(struct step){7, name, IG_GLOBAL, NULL, option, number});
}
