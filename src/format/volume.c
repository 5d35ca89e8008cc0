/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include <fwvar/volume.h>

#include "base/bytes.h"

#include <string.h>

#define SIGNATURE    0x4856465fu /* _FVH */
#define STATUS_BITS  0x24u       /* READ_STATUS and WRITE_STATUS */
#define MAX_HEADER   0x1000      /* no block map is this long; keeps sums bounded */
#define AT_GUID      0x10
#define AT_CHECKSUM  0x32
#define AT_BLOCK_MAP 0x38

const struct fwvar_guid fwvar_nv_volume_guid = FWVAR_GUID(
    0xfff12b8d, 0x7696, 0x4c8b, 0xa9, 0x85, 0x27, 0x47, 0x07, 0x5b, 0x4f, 0x50);

static bool block_map_ends(const uint8_t *bytes, size_t header_length)
{
    for (size_t at = AT_BLOCK_MAP; header_length - at >= 8; at += 8) {
        bool last = fw_le64(bytes + at) == 0;
        if (last || header_length - at < 16)
            return last && header_length - at == 8;
    }
    return false;
}

static uint16_t checksum_due(const uint8_t *bytes, size_t header_length)
{
    unsigned others =
        (unsigned)fw_sum16(bytes, header_length) - fw_le16(bytes + AT_CHECKSUM);

    return (uint16_t)((0u - others) & 0xffff);
}

void fwvar_volume_fix_checksum(uint8_t *bytes, uint16_t header_length)
{
    fw_put16(bytes + AT_CHECKSUM, checksum_due(bytes, header_length));
}

static void judge(const uint8_t *bytes, size_t available, uint64_t image_left,
                  struct fwvar_volume *v)
{
    size_t summed = v->header_length;

    if (v->header_length % 2 || v->header_length < FWVAR_VOLUME_HEADER_SIZE ||
        v->header_length > MAX_HEADER || v->header_length > available) {
        v->flaws |= FWVAR_VOLUME_HEADERLEN;
        summed = FWVAR_VOLUME_HEADER_SIZE;
    }
    v->checksum_due = checksum_due(bytes, summed);
    if (v->checksum != v->checksum_due)
        v->flaws |= FWVAR_VOLUME_CHECKSUM;
    if (!block_map_ends(bytes, summed))
        v->flaws |= FWVAR_VOLUME_BLOCKMAP;
    if (v->length <= summed || v->length > INT64_MAX)
        v->flaws |= FWVAR_VOLUME_LENGTH;
    else if (v->length > image_left)
        v->flaws |= FWVAR_VOLUME_TRUNCATED;
}

void fwvar_volume_decode(const uint8_t *bytes, size_t available, uint64_t offset,
                         uint64_t image_left, struct fwvar_volume *volume)
{
    struct fw_reader r = fw_reader(bytes, available);
    struct fwvar_volume v = {.offset = offset};

    fw_take(&r, AT_GUID); /* zero vector: the firmware does not look at it */
    const uint8_t *guid = fw_take(&r, 16);
    v.length = fw_take64(&r);
    uint32_t signature = fw_take32(&r);
    v.attributes = fw_take32(&r);
    v.header_length = fw_take16(&r);
    v.checksum = fw_take16(&r);
    v.ext_header = fw_take16(&r);
    fw_take8(&r); /* reserved */
    v.revision = fw_take8(&r);
    v.blocks = fw_take32(&r);
    v.block_size = fw_take32(&r);
    fw_take(&r, 8); /* the shortest block map's end */
    if (r.bad) {
        v.flaws = FWVAR_VOLUME_CUT;
        *volume = v;
        return;
    }
    if (memcmp(guid, fwvar_nv_volume_guid.b, 16) != 0)
        v.flaws |= FWVAR_VOLUME_GUID;
    if (signature != SIGNATURE)
        v.flaws |= FWVAR_VOLUME_SIGNATURE;
    if (v.revision != 2)
        v.flaws |= FWVAR_VOLUME_REVISION;
    if ((v.attributes & STATUS_BITS) != STATUS_BITS)
        v.flaws |= FWVAR_VOLUME_ATTRIBUTES;
    if (v.ext_header != 0)
        v.flaws |= FWVAR_VOLUME_EXTHEADER;
    judge(bytes, available, image_left, &v);
    *volume = v;
}
