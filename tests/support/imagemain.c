/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "imagemain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FILE_FREEFORM = 0x02,
    FILE_SEC_CORE = 0x03,
    FILE_DRIVER = 0x07,
    FILE_VOLUME_IMAGE = 0x0b,
    FILE_PAD = 0xf0,
    SECTION_GUIDED = 0x02,
    SECTION_UI = 0x15,
    SECTION_VOLUME_IMAGE = 0x17,
    SECTION_RAW = 0x19,
    FV_HEADER = 0x48,
};

#define FFS2_GUID "8c8ce578-8a3d-4f1c-9935-896185c32dd3"
#define LZMA_GUID "ee4e5898-3914-4259-9d6e-dc7bd79403cf"
#define NO_GUID   "ffffffff-ffff-ffff-ffff-ffffffffffff"
#define PI5       "677a7ac5-7d92-4288-8bf0-97048102d11c"
#define POLICY    "5b6f7107-bb3c-4660-92cd-542690280bbd"
#define CONSOLE   "2d2358b4-e96c-484d-b2dd-7c2edfc7d56f"

/* What each release knows, in the order of the names in its PCD database. A size makes it
 * part of the setup forms too. */
static const struct known {
    const char *name;
    unsigned boards;
    unsigned since; /* 130 for v1.30 */
    unsigned until; /* 0: still there */
    unsigned size;
    const char *guid;
} known[] = {
    {"BootDiscoveryPolicy", IG_PI4 | IG_PI5, 129, 0, 4, POLICY},
    {"Columns", 7, 0, 0, 0, NULL},
    {"Rows", 7, 0, 0, 0, NULL},
    {"Timeout", 7, 0, 0, 0, NULL},
    {"BootPolicy", IG_PI4, 126, 128, 4, IG_CONFIG},
    {"CpuClock", IG_PI3 | IG_PI4, 0, 0, 4, IG_CONFIG},
    {"CustomCpuClock", IG_PI3 | IG_PI4, 0, 0, 4, IG_CONFIG},
    {"DebugEnableJTAG", IG_PI3 | IG_PI4, 0, 0, 4, IG_CONFIG},
    {"DebugShowUEFIExit", IG_PI3 | IG_PI4, 0, 114, 4, IG_CONFIG},
    {"DisplayEnableSShot", IG_PI3 | IG_PI4, 0, 0, 4, IG_CONFIG},
    {"DisplayEnableSShot", IG_PI5, 0, 0, 0, NULL},
    {"DisplayEnableScaledVModes", IG_PI3 | IG_PI4, 0, 0, 1, IG_CONFIG},
    {"DisplayEnableScaledVModes", IG_PI5, 0, 0, 0, NULL},
    {"FanOnGpio", IG_PI3 | IG_PI4, 120, 0, 4, IG_CONFIG},
    {"FanTemp", IG_PI3 | IG_PI4, 120, 0, 4, IG_CONFIG},
    {"MmcDisableMulti", IG_PI3 | IG_PI4, 0, 0, 4, IG_CONFIG},
    {"MmcEnableDma", IG_PI3 | IG_PI4, 123, 0, 4, IG_CONFIG},
    {"MmcForce1Bit", IG_PI3 | IG_PI4, 0, 0, 4, IG_CONFIG},
    {"MmcForceDefaultSpeed", IG_PI3 | IG_PI4, 0, 0, 4, IG_CONFIG},
    {"MmcSdDefaultSpeedMHz", IG_PI3 | IG_PI4, 0, 0, 4, IG_CONFIG},
    {"MmcSdHighSpeedMHz", IG_PI3 | IG_PI4, 0, 0, 4, IG_CONFIG},
    {"OptDeviceTree", IG_PI3 | IG_PI4, 104, 111, 4, IG_CONFIG},
    {"ResetDelay", 7, 122, 0, 0, NULL},
    {"RamLimitTo3GB", IG_PI3 | IG_PI4, 104, 0, 4, IG_CONFIG},
    {"RamMoreThan3GB", IG_PI3 | IG_PI4, 104, 0, 4, IG_CONFIG},
    {"SdIsArasan", IG_PI3 | IG_PI4, 0, 0, 4, IG_CONFIG},
    {"SystemTableMode", IG_PI3 | IG_PI4, 112, 0, 4, IG_CONFIG},
    {"SystemTableMode", IG_PI5, 0, 0, 4, PI5},
    {"XhciPci", IG_PI3 | IG_PI4, 130, 0, 4, IG_CONFIG},
    {"XhciReload", IG_PI3 | IG_PI4, 136, 0, 4, IG_CONFIG},
};

/* Named in the setup forms only. */
static const struct known in_forms[] = {
    {"ConsolePref", 7, 0, 0, 4, CONSOLE},
    {"AssetTag", IG_PI3 | IG_PI4, 115, 0, 66, IG_CONFIG},
    {"AcpiSdCompatMode", IG_PI5, 0, 0, 1, PI5},
    {"AcpiSdLimitUhs", IG_PI5, 0, 0, 1, PI5},
    {"AcpiPcieEcamCompatMode", IG_PI5, 0, 0, 4, PI5},
    {"AcpiPcie32BitBarSpaceSizeMB", IG_PI5, 0, 0, 4, PI5},
    {"Pcie1Settings", IG_PI5, 0, 0, 9, PI5},
    {"FanMode", IG_PI5, 0, 0, 1, PI5},
    {"FanSpeed", IG_PI5, 0, 0, 1, PI5},
};

enum { N_KNOWN = sizeof(known) / sizeof(known[0]) };
enum { N_IN_FORMS = sizeof(in_forms) / sizeof(in_forms[0]) };

/* A board without releases of its own (a Pi 5) is taken for the newest. */
static bool knows(const struct ig_main *m, const struct known *k)
{
    unsigned release = m->release ? m->release : 999;

    return (k->boards & m->board) && release >= k->since &&
           (!k->until || release <= k->until);
}

/* As text without its NUL, for strings that others follow. */
static void utf16_text(struct ig_bytes *b, const char *ascii)
{
    ig_utf16(b, ascii);
    b->size -= 2;
}

static void section(struct ig_bytes *b, unsigned type, const struct ig_bytes *body)
{
    ig_fill(b, 0, (4 - b->size % 4) % 4);
    ig_le(b, body->size + 4, 3);
    ig_le(b, type, 1);
    ig_put(b, body->p, body->size);
}

/* A file of a volume: header with its 8-bit sum, no sum of the data (0xAA), valid. */
static void put_file(struct ig_bytes *fv, const char *guid, unsigned type,
                     const struct ig_bytes *body)
{
    size_t at;
    unsigned sum = 0;

    ig_fill(fv, 0xff, (8 - fv->size % 8) % 8);
    at = fv->size;
    ig_guid(fv, guid);
    ig_le(fv, 0, 2);
    ig_le(fv, type, 1);
    ig_le(fv, 0, 1);
    ig_le(fv, body->size + 24, 3);
    for (size_t i = at; i < fv->size; i++)
        sum += fv->p[i];
    fv->p[at + 16] = (uint8_t)(0U - sum);
    fv->p[at + 17] = 0xaa;
    ig_le(fv, 0xf8, 1);
    ig_put(fv, body->p, body->size);
}

/* A driver: a section with its content and one with its name. */
static void put_driver(struct ig_bytes *fv, const char *guid, const char *name,
                       struct ig_bytes *content)
{
    struct ig_bytes ui = {0};
    struct ig_bytes body = {0};

    ig_utf16(&ui, name);
    section(&body, SECTION_RAW, content);
    section(&body, SECTION_UI, &ui);
    put_file(fv, guid, FILE_DRIVER, &body);
    ig_free(&ui);
    ig_free(&body);
    ig_free(content);
}

static void volume_header(struct ig_bytes *fv, uint32_t attributes, uint16_t extended,
                          uint32_t block)
{
    ig_fill(fv, 0, 16);
    ig_guid(fv, FFS2_GUID);
    ig_fill(fv, 0, 8); /* length, at the end */
    ig_put(fv, "_FVH", 4);
    ig_le(fv, attributes, 4);
    ig_le(fv, FV_HEADER, 2);
    ig_le(fv, 0, 2);
    ig_le(fv, extended, 2);
    ig_le(fv, 0x0200, 2);
    ig_le(fv, 0, 4);
    ig_le(fv, block, 4);
    ig_fill(fv, 0, 8);
}

/* Pads to @length with 0xFF and fills in what depends on it. */
static void finish_volume(struct ig_bytes *fv, size_t length, uint32_t block)
{
    struct ig_bytes b = {0};
    unsigned sum = 0;

    if (fv->size > length) {
        fprintf(stderr, "imagegen: the main volume is full\n");
        abort();
    }
    ig_fill(fv, 0xff, length - fv->size);
    ig_le(&b, length, 8);
    ig_le(&b, length / block, 4);
    ig_poke(fv, 0x20, b.p, 8);
    ig_poke(fv, 0x38, b.p + 8, 4);
    for (size_t i = 0; i < FV_HEADER; i += 2)
        sum += fv->p[i] | (unsigned)fv->p[i + 1] << 8;
    ig_le(&b, 0x10000 - (sum & 0xffff), 2);
    ig_poke(fv, 0x32, b.p + 12, 2);
    ig_free(&b);
}

/* The name of the volume, in an extended header that a pad file covers. */
static void put_volume_name(struct ig_bytes *fv, const char *guid)
{
    struct ig_bytes b = {0};

    ig_guid(&b, guid);
    ig_le(&b, 20, 4);
    put_file(fv, NO_GUID, FILE_PAD, &b);
    ig_free(&b);
}

static void put_pcd_names(struct ig_bytes *fv, const struct ig_main *m)
{
    struct ig_bytes b = {0};

    ig_fill(&b, 0, 16);
    for (unsigned i = 0; i < N_KNOWN; i++)
        if (knows(m, &known[i]))
            ig_utf16(&b, known[i].name);
    put_driver(fv, "80cf7257-87ab-47f9-a3fe-d50b76d89541", "PcdDxe", &b);
}

/* EFI_IFR_VARSTORE_EFI: length, id, GUID, attributes, size, ASCII name. */
static void put_varstore(struct ig_bytes *b, unsigned id, const struct known *k)
{
    size_t name = strlen(k->name) + 1;

    ig_le(b, 0x26, 1);
    ig_le(b, 26 + name, 1);
    ig_le(b, id, 2);
    ig_guid(b, k->guid);
    ig_le(b, k->guid[0] == '2' ? 3 : 7, 4); /* ConsolePref is no runtime variable */
    ig_le(b, k->size, 2);
    ig_put(b, k->name, name);
}

static void put_forms(struct ig_bytes *fv, const struct ig_main *m)
{
    struct ig_bytes b = {0};
    unsigned id = 1;

    for (unsigned i = 0; i < N_KNOWN; i++)
        if (known[i].size && knows(m, &known[i]))
            ig_utf16(&b, known[i].name);
    for (unsigned i = 0; i < N_IN_FORMS; i++)
        if (knows(m, &in_forms[i]))
            ig_utf16(&b, in_forms[i].name);
    for (unsigned i = 0; i < N_KNOWN; i++)
        if (known[i].size && knows(m, &known[i]))
            put_varstore(&b, id++, &known[i]);
    for (unsigned i = 0; i < N_IN_FORMS; i++)
        if (knows(m, &in_forms[i]))
            put_varstore(&b, id++, &in_forms[i]);
    put_driver(fv, "35a8d4bf-4d8f-4f1c-8f2c-0d6a5e9b7c11", "ConfigDxe", &b);
}

static void version_text(char text[64], const struct ig_main *m)
{
    snprintf(text, 64, "UEFI Firmware v%u.%u", m->release / 100, m->release % 100);
}

/* The vendor's address stands before the version, as SMBIOS type 0 wants both. */
static void put_version(struct ig_bytes *fv, const struct ig_main *m)
{
    struct ig_bytes b = {0};
    char text[64];

    if (m->release) {
        snprintf(text, sizeof(text), "https://github.com/pftf/RPi%d",
                 m->board == IG_PI3 ? 3 : 4);
        ig_utf16(&b, text);
        version_text(text, m);
        ig_utf16(&b, text);
    }
    ig_utf16(&b, "Invalid Parameter");
    put_driver(fv, "7f3b1c52-6d0e-4a8b-9c47-2e15d8a60b93", "SetupBrowser", &b);
}

static void put_boot_policy(struct ig_bytes *fv, const struct ig_main *m)
{
    static const struct known names[] = {
        {"BootDiscoveryPolicy", IG_PI4 | IG_PI5, 129, 0, 0, NULL},
        {"BootDiscoveryPolicyOld", IG_PI4 | IG_PI5, 131, 0, 0, NULL},
    };
    struct ig_bytes b = {0};

    ig_utf16(&b, "Key%04x");
    for (unsigned i = 0; i < 2; i++)
        if (knows(m, &names[i]))
            ig_utf16(&b, names[i].name);
    put_driver(fv, "6d33944a-ec75-4855-a54d-809c75241f6c", "BdsDxe", &b);
}

/* Help texts of the shell: words that are not the version. In real images they lie at odd
 * offsets, so one byte goes before them. */
static void put_shell(struct ig_bytes *fv)
{
    struct ig_bytes b = {0};

    ig_le(&b, 0x14, 1);
    utf16_text(&b, "Displays UEFI Firmware version information.\r\n");
    ig_utf16(&b, "Server Base Boot Requirements v1.0\r\n");
    put_driver(fv, "7c04a583-9e3e-4f1c-ad65-e05268d0b4d1", "Shell", &b);
}

void ig_inner_volume(struct ig_bytes *fv, const struct ig_main *m)
{
    volume_header(fv, 0x0004feff, 0x60, 0x40);
    put_volume_name(fv, "9a15aa37-d555-4a4e-b541-86391ff68164");
    if (m->board) {
        put_pcd_names(fv, m);
        put_forms(fv, m);
        put_boot_policy(fv, m);
    }
    put_shell(fv);
    if (m->board)
        put_version(fv, m);
    finish_volume(fv, (fv->size + 0x3f) / 0x40 * 0x40, 0x40);
}

/* The start-up code, which is not packed. It prints a banner on the serial port, whose
 * arguments lie near it: version in UTF-16, time and date in ASCII. */
static void put_start_up(struct ig_bytes *fv, const struct ig_main *m)
{
    struct ig_bytes code = {0};
    struct ig_bytes body = {0};
    char text[64];

    ig_fill(&code, 0, 100);
    if (m->date && m->release) {
        version_text(text, m);
        ig_utf16(&code, text);
    }
    if (m->date) {
        static const char banner[] = "UEFI firmware (version %s built at %a on %a)\n\r";
        ig_put(&code, "11:12:41", 9);
        ig_put(&code, banner, sizeof(banner));
        ig_put(&code, m->date, strlen(m->date) + 1);
        ig_fill(&code, 0, 40);
    }
    section(&body, SECTION_RAW, &code);
    put_file(fv, "d959e387-7b91-452c-90e0-a1dbac90ddb8", FILE_SEC_CORE, &body);
    ig_free(&code);
    ig_free(&body);
}

void ig_volume_section(struct ig_bytes *sections, const struct ig_bytes *volume)
{
    ig_hex(sections, "0c0000190000000000000000"); /* keeps what follows aligned to 16 */
    section(sections, SECTION_VOLUME_IMAGE, volume);
}

void ig_packed_section(struct ig_bytes *sections, const struct ig_bytes *stream)
{
    struct ig_bytes packed = {0};

    ig_guid(&packed, LZMA_GUID);
    ig_le(&packed, 24, 2); /* data offset, from the start of the section */
    ig_le(&packed, 1, 2);  /* must be unpacked */
    ig_put(&packed, stream->p, stream->size);
    section(sections, SECTION_GUIDED, &packed);
    ig_free(&packed);
}

static void put_packed(struct ig_bytes *fv, const struct ig_bytes *stream)
{
    struct ig_bytes body = {0};

    ig_packed_section(&body, stream);
    put_file(fv, "9e21fd93-9c72-4c15-8c4b-e77f1db2d792", FILE_VOLUME_IMAGE, &body);
    ig_free(&body);
}

void ig_main_volume(struct ig_bytes *fv, const struct ig_bytes *stream)
{
    volume_header(fv, 0x000cfeff, 0, 0x40);
    put_packed(fv, stream);
    finish_volume(fv, (fv->size + 0x3f) / 0x40 * 0x40, 0x40);
}

/* What TF-A has at the start of the file: addresses of the interrupt controller, or on a
 * Pi 3, which has none, the words of its first stage. */
static void put_tf_a(struct ig_bytes *file, const struct ig_main *m)
{
    struct ig_bytes b = {0};

    if (m->board == IG_PI3) {
        ig_put(&b, "BL1: Booting BL2", 17);
        ig_put(&b, "rpi3: Detected: %s", 19);
    } else {
        ig_le(&b, m->board == IG_PI4 ? 0xff841000 : 0x107fff9000, 8);
        ig_le(&b, m->board == IG_PI4 ? 0xff842000 : 0x107fffa000, 8);
    }
    ig_poke(file, 0x8000, b.p, b.size);
    ig_free(&b);
}

void ig_put_main(struct ig_bytes *file, const struct ig_main *m)
{
    struct ig_bytes fv = {0}, inner = {0}, sections = {0}, stream = {0};

    ig_inner_volume(&inner, m);
    ig_volume_section(&sections, &inner);
    ig_lzma(&stream, &sections);
    volume_header(&fv, 0x000cfeff, 0, 0x1000);
    ig_poke(&fv, 0, "\x1a\x18\x00\x14", 4); /* a branch stands where zeros might */
    put_start_up(&fv, m);
    put_packed(&fv, &stream);
    finish_volume(&fv, m->length, 0x1000);
    ig_poke(file, m->at, fv.p, fv.size);
    if (m->date)
        put_tf_a(file, m);
    ig_free(&fv);
    ig_free(&inner);
    ig_free(&sections);
    ig_free(&stream);
}
