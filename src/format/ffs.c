/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "format/ffs.h"

#include <string.h>

#define FV_HEADER_MIN   0x48
#define FV_HEADER_MAX   0x200 /* 0x48 in practice; bounds the sums over hostile ones */
#define FV_SIGNATURE_AT 0x28
#define FV_SIGNATURE    0x4856465fu /* "_FVH" */
#define VOLUME_ALIGN    16
#define EXT_HEADER_SIZE 20

static const struct fwvar_guid file_systems[] = {
    /* FFS2, FFS3 */
    FWVAR_GUID(0x8c8ce578, 0x8a3d, 0x4f1c, 0x99, 0x35, 0x89, 0x61, 0x85, 0xc3, 0x2d,
               0xd3),
    FWVAR_GUID(0x5473c07a, 0x3dcb, 0x4dca, 0xbd, 0x6f, 0x1e, 0x96, 0x89, 0xe7, 0x34,
               0x9a),
};

static size_t align(size_t n, size_t to)
{
    return n > SIZE_MAX - to ? SIZE_MAX : (n + to - 1) / to * to;
}

/* The extended header holds the volume's name; files start behind it. */
static bool read_ext_header(struct fw_fv *fv, size_t ext)
{
    if (ext < FV_HEADER_MIN || !fw_range_ok(fv->size, ext, EXT_HEADER_SIZE))
        return false;
    size_t ext_size = fw_le32(fv->p + ext + 16);
    if (ext_size < EXT_HEADER_SIZE || !fw_range_ok(fv->size, ext, ext_size))
        return false;
    memcpy(fv->name.b, fv->p + ext, sizeof fv->name.b);
    fv->first_file = align(ext + ext_size, 8);
    return true;
}

bool fw_fv_open(const uint8_t *p, size_t size, bool partial, struct fw_fv *fv)
{
    struct fwvar_guid fs;

    if (size < FV_HEADER_MIN || fw_le32(p + FV_SIGNATURE_AT) != FV_SIGNATURE)
        return false;
    uint64_t length = fw_le64(p + 0x20);
    size_t header = fw_le16(p + 0x30), ext = fw_le16(p + 0x34);
    if (p[0x37] != 2 || header < FV_HEADER_MIN || header > FV_HEADER_MAX || header % 2 ||
        header > size || length < header || (length > size && !partial))
        return false;
    memcpy(fs.b, p + 0x10, sizeof fs.b);
    if (!fwvar_guid_equal(&fs, &file_systems[0]) &&
        !fwvar_guid_equal(&fs, &file_systems[1]))
        return false;
    if (fw_sum16(p, header) != 0)
        return false;
    *fv =
        (struct fw_fv){p, length < size ? (size_t)length : size, align(header, 8), {{0}}};
    return ext == 0 || read_ext_header(fv, ext);
}

size_t fw_fv_find(const uint8_t *image, size_t size, size_t from, bool partial,
                  struct fw_fv *fv)
{
    for (from = align(from, VOLUME_ALIGN); fw_range_ok(size, from, FV_HEADER_MIN);
         from += VOLUME_ALIGN) {
        if (fw_le32(image + from + FV_SIGNATURE_AT) == FV_SIGNATURE &&
            fw_fv_open(image + from, size - from, partial, fv))
            return from;
    }
    return size;
}

int fw_ffs_next(const struct fw_fv *fv, size_t *pos, struct fw_ffs_file *file)
{
    size_t at = *pos, header = 24;

    if (!fw_range_ok(fv->size, at, header))
        return 1;
    const uint8_t *p = fv->p + at;
    if (fw_skip_bytes(p, 0, header, 0xff) == header)
        return 1;
    uint64_t size = (uint64_t)p[20] | (uint64_t)p[21] << 8 | (uint64_t)p[22] << 16;
    if (p[19] & 0x01) { /* large file, FFS3 */
        header = 32;
        if (!fw_range_ok(fv->size, at, header))
            return -1;
        size = fw_le64(p + 24);
    }
    if (size < header || !fw_range_ok(fv->size, at, size))
        return -1;
    memcpy(file->name.b, p, sizeof file->name.b);
    file->type = p[18];
    file->body = p + header;
    file->size = (size_t)size - header;
    *pos = align(at + (size_t)size, 8);
    return 0;
}

static int read_guided(struct fw_section *s, size_t header)
{
    if (s->size < 20)
        return -1;
    size_t data_at = fw_le16(s->body + 16); /* from the start of the section */
    if (data_at < header + 20 || data_at - header > s->size)
        return -1;
    memcpy(s->guid.b, s->body, sizeof s->guid.b);
    s->processing_required = fw_le16(s->body + 18) & 0x01;
    s->data = s->body + (data_at - header);
    s->data_size = s->size - (data_at - header);
    return 0;
}

int fw_section_next(const uint8_t *p, size_t size, size_t *pos, struct fw_section *s)
{
    size_t at = *pos, header = 4;

    if (!fw_range_ok(size, at, header))
        return 1;
    p += at;
    size_t length = (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16;
    if (length == 0xffffff) {
        header = 8;
        if (!fw_range_ok(size, at, header))
            return -1;
        length = fw_le32(p + 4);
    }
    if (length < header || !fw_range_ok(size, at, length))
        return -1;
    *s = (struct fw_section){.type = p[3], .body = p + header, .size = length - header};
    *pos = align(at + length, 4);
    return s->type == FW_SECTION_GUIDED ? read_guided(s, header) : 0;
}
