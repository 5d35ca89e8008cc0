/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Firmware volumes, files and sections (PI specification 1.8, volume 3): readers over
 * bytes they don't own. They check that what they hand out lies inside what they were
 * given; checksums of files are not verified, a reader wants what can be read. */
#ifndef FW_FORMAT_FFS_H
#define FW_FORMAT_FFS_H

#include "base/bytes.h"

#include <fwvar/guid.h>

#define FW_FFS_FILE_RAW     0x01
#define FW_FFS_FILE_SEC     0x03
#define FW_FFS_FILE_FV      0x0b
#define FW_FFS_FILE_PAD     0xf0
#define FW_SECTION_COMPRESS 0x01
#define FW_SECTION_GUIDED   0x02
#define FW_SECTION_DISPOSE  0x03
#define FW_SECTION_FV_IMAGE 0x17

/* A volume with files. */
struct fw_fv {
    const uint8_t *p;
    size_t size;            /* FvLength, or what there is of it */
    size_t first_file;      /* offset of the first file header */
    struct fwvar_guid name; /* FvName; all zero without an extended header */
};

struct fw_ffs_file {
    struct fwvar_guid name;
    uint8_t type;
    const uint8_t *body; /* behind the header */
    size_t size;         /* of the body */
};

struct fw_section {
    uint8_t type;
    const uint8_t *body; /* behind the common header */
    size_t size;         /* of the body */
    /* Of a GUIDed section: its GUID, whether data must be processed, and the data. */
    struct fwvar_guid guid;
    bool processing_required;
    const uint8_t *data;
    size_t data_size;
};

/* Offset of the first volume header at or after @from that fw_fv_open() takes, or @size.
 * Volumes lie on 16-byte boundaries. @partial as there. */
size_t fw_fv_find(const uint8_t *image, size_t size, size_t from, bool partial,
                  struct fw_fv *fv);

/* Reads a volume header: signature, revision, lengths and header sum must be right and
 * the file system must be FFS2 or FFS3. With @partial the volume may reach past @size.
 * Returns false if it is not one. */
bool fw_fv_open(const uint8_t *p, size_t size, bool partial, struct fw_fv *fv);

/* Walks: 0 for an item, 1 at the end, -1 where the bytes make no sense. Start with *pos
 * = fv->first_file, and 0. */
int fw_ffs_next(const struct fw_fv *fv, size_t *pos, struct fw_ffs_file *file);
int fw_section_next(const uint8_t *p, size_t size, size_t *pos, struct fw_section *s);

#endif
