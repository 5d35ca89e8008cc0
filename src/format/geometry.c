/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "format/geometry.h"

#include "base/bytes.h"
#include "format/store.h"

#include <fwvar/ftw.h>

#include <string.h>

#define BUILT  0x0004FEFFu /* every header that a build makes */
#define MADE   0x00000E36u /* VirtNorFlashDxe, and RkFvbDxe of the RK3588 */
#define REMADE 0x00040C36u /* VarBlockServiceDxe of the Raspberry Pi */

/* Measured in images, and from the platform description files (FDF) of edk2 and
 * edk2-platforms; RK3588: RkFvbDxe of edk2-rk3588, which counts the blocks of its whole
 * 256 KB device. Older VirtNorFlashDxe does the same with 64 MB. */
static const struct fw_geometry table[] = {
    {0x20000, BUILT, 0x20, 0x1000, 0, 0, 0xE000, 0xF000, 0x1000, 0x10000},
    {0x84000, BUILT, 0x84, 0x1000, 0, 0, 0x40000, 0x41000, 0x1000, 0x42000},
    {0xC0000, BUILT, 3, 0x40000, 256, 0x40000, 0x40000, 0x40000, 0x40000, 0x80000},
    {0x30000, MADE, 0x40, 0x1000, 0x30, 0x1000, 0x10000, 0x10000, 0x10000, 0x20000},
};

const struct fw_geometry *fw_geometry_find(uint64_t length)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].length == length)
            return &table[i];
    }
    return NULL;
}

uint32_t fw_geometry_attributes(size_t i)
{
    static const uint32_t attributes[] = {BUILT, REMADE, MADE};

    return i < sizeof attributes / sizeof attributes[0] ? attributes[i] : 0;
}

void fw_volume_write(uint8_t *to, const struct fw_geometry *g)
{
    memset(to, 0, FWVAR_VOLUME_HEADER_SIZE);
    memcpy(to + 0x10, fwvar_nv_volume_guid.b, 16);
    fw_put64(to + 0x20, g->length);
    memcpy(to + 0x28, "_FVH", 4);
    fw_put32(to + 0x2C, g->attributes);
    fw_put16(to + 0x30, FWVAR_VOLUME_HEADER_SIZE);
    to[0x37] = 2;
    fw_put32(to + 0x38, g->blocks);
    fw_put32(to + 0x3C, g->block_size);
    fwvar_volume_fix_checksum(to, FWVAR_VOLUME_HEADER_SIZE);
}

void fw_store_write(uint8_t *to, const struct fw_geometry *g, bool authenticated)
{
    memset(to, 0, FWVAR_STORE_HEADER_SIZE);
    memcpy(to, authenticated ? fw_store_guid_auth.b : fw_store_guid_plain.b, 16);
    fw_put32(to + 16, (uint32_t)(g->variables - FWVAR_VOLUME_HEADER_SIZE));
    to[20] = 0x5A;
    to[21] = 0xFE;
}

void fw_volume_format(uint8_t *to, const struct fw_geometry *g)
{
    memset(to, 0xFF, (size_t)g->length);
    fw_volume_write(to, g);
    fw_store_write(to + FWVAR_VOLUME_HEADER_SIZE, g, true);
    if (g->ftw)
        fwvar_ftw_header(to + g->ftw, g->ftw_size);
}
