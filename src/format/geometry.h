/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* How a variable volume is divided: what its headers must say, and where the FTW areas
 * lie. What a damaged header no longer tells is taken from here. */
#ifndef FW_FORMAT_GEOMETRY_H
#define FW_FORMAT_GEOMETRY_H

#include <fwvar/store.h>

/* Sizes and positions in bytes, from the start of the volume. */
struct fw_geometry {
    uint64_t length;     /* FvLength */
    uint32_t attributes; /* as the build writes them; see fw_geometry_attributes() */
    uint32_t blocks;     /* block map … */
    uint32_t block_size;
    uint32_t blocks_also; /* another block map that firmware writes, or 0 */
    uint32_t block_size_also;
    size_t variables; /* both headers and the records */
    size_t ftw;       /* working block; 0 for none */
    size_t ftw_size;
    size_t spare;
};

/* The geometry of a known volume, or NULL. A volume is known by its length. */
const struct fw_geometry *fw_geometry_find(uint64_t length);

/* Attributes that some firmware writes: @i-th, or 0 behind the last. */
uint32_t fw_geometry_attributes(size_t i);

/* Writes a volume header (#FWVAR_VOLUME_HEADER_SIZE bytes), its checksum included. */
void fw_volume_write(uint8_t *to, const struct fw_geometry *g);

/* Writes the header of an empty store (#FWVAR_STORE_HEADER_SIZE bytes). */
void fw_store_write(uint8_t *to, const struct fw_geometry *g, bool authenticated);

/* Writes a whole empty volume, @g->length bytes. */
void fw_volume_format(uint8_t *to, const struct fw_geometry *g);

#endif
