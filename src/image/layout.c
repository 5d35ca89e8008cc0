/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "image/layout.h"

#include <string.h>

/* Places of the variable volume, from the platform description (FDF) files of
 * edk2-platforms and edk2, most were also measured in images. */
static const struct fwvar_layout layouts[] = {
    {"rpi4-2m", "Raspberry Pi, 2 MB layout", FWVAR_PLATFORM_RPI, 0x1F0000, 0, 0x1D0000,
     0x20000, 0x1F0000, 0x200000},
    {"rpi4-4m", "Raspberry Pi, 4 MB layout", FWVAR_PLATFORM_RPI, 0x3D0000, 0x3E0000,
     0x3B0000, 0x20000, 0x3E0000, 0x400000},
    {"rpi4-old", "Raspberry Pi, first layout (before v1.5)", FWVAR_PLATFORM_RPI, 0x200000,
     0, 0x1E0000, 0x20000, 0x20000, 0x30000},
    {"ovmf-2m", "OVMF, 2 MB", FWVAR_PLATFORM_OVMF, 0x20000, 0x200000, 0, 0x20000, 0, 0},
    {"ovmf-4m", "OVMF, 4 MB", FWVAR_PLATFORM_OVMF, 0x84000, 0x400000, 0, 0x84000, 0, 0},
    {"aavmf", "AAVMF (QEMU virt)", FWVAR_PLATFORM_AAVMF, 0x4000000, 0xC0000, 0, 0xC0000,
     0, 0},
    {"sbsa", "SBSA reference machine", FWVAR_PLATFORM_AAVMF, 0x3C0000, 0, 0x300000,
     0xC0000, 0, 0},
    {"rk3588", "RK3588 NOR flash", FWVAR_PLATFORM_AAVMF, 0x800000, 0, 0x7C0000, 0x30000,
     0, 0},
};

#define LAYOUTS (sizeof layouts / sizeof layouts[0])

static const struct {
    const char *name;
    enum fwvar_platform platform;
} platforms[] = {
    {"rpi", FWVAR_PLATFORM_RPI},     {"rpi3", FWVAR_PLATFORM_RPI},
    {"rpi4", FWVAR_PLATFORM_RPI},    {"rpi5", FWVAR_PLATFORM_RPI},
    {"ovmf", FWVAR_PLATFORM_OVMF},   {"aavmf", FWVAR_PLATFORM_AAVMF},
    {"generic", FWVAR_PLATFORM_ANY},
};

const struct fwvar_layout *fwvar_layout_at(size_t i)
{
    return i < LAYOUTS ? &layouts[i] : NULL;
}

static bool size_fits(const struct fwvar_layout *l, uint64_t size)
{
    return size == l->file_size || (l->file_size_also && size == l->file_size_also);
}

const struct fwvar_layout *fw_layout_find(uint64_t file_size, uint64_t offset,
                                          uint64_t length)
{
    for (size_t i = 0; i < LAYOUTS; i++) {
        const struct fwvar_layout *l = &layouts[i];
        if (l->offset == offset && (length == 0 || l->length == length) &&
            size_fits(l, file_size))
            return l;
    }
    return NULL;
}

const struct fwvar_layout *fw_layout_by_size(uint64_t file_size)
{
    for (size_t i = 0; i < LAYOUTS; i++) {
        if (size_fits(&layouts[i], file_size))
            return &layouts[i];
    }
    return NULL;
}

const struct fwvar_layout *fw_layout_denied(uint64_t file_size,
                                            const struct fwvar_volume *volume)
{
    const struct fwvar_layout *l = fw_layout_find(file_size, volume->offset, 0);

    if (!l || l->length == volume->length || (volume->flaws & FWVAR_VOLUME_CUT) ||
        (uint64_t)volume->blocks * volume->block_size == volume->length)
        return NULL;
    return l;
}

enum fwvar_platform fw_layout_platform(uint64_t offset, uint64_t length)
{
    for (size_t i = 0; i < LAYOUTS; i++) {
        const struct fwvar_layout *l = &layouts[i];
        /* Offset 0 says nothing: every cut-out volume starts there. A Raspberry Pi's says
         * enough, also where FvLength is wrong or the file is cut. */
        if (l->offset == offset &&
            (l->length == length || l->platform == FWVAR_PLATFORM_RPI))
            return l->platform;
    }
    return FWVAR_PLATFORM_ANY;
}

int fwvar_platform_parse(const char *name, enum fwvar_platform *platform)
{
    for (size_t i = 0; i < sizeof platforms / sizeof platforms[0]; i++) {
        if (strcmp(platforms[i].name, name) == 0) {
            *platform = platforms[i].platform;
            return 0;
        }
    }
    return FWVAR_ERR_ARG;
}

const char *fwvar_platform_title(enum fwvar_platform platform)
{
    switch (platform) {
    case FWVAR_PLATFORM_RPI:
        return "Raspberry Pi";
    case FWVAR_PLATFORM_OVMF:
        return "OVMF";
    case FWVAR_PLATFORM_AAVMF:
        return "AAVMF";
    case FWVAR_PLATFORM_ANY:
        break;
    }
    return "generic edk2";
}
