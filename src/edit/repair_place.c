/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Where the volume lies and how it should be divided, when its header may be wrong. */
#include "edit/repair.h"

#include "base/bytes.h"
#include "base/diag.h"
#include "image/image.h"
#include "image/layout.h"

#include <stdlib.h>
#include <string.h>

#define RECORDS (FWVAR_VOLUME_HEADER_SIZE + FWVAR_STORE_HEADER_SIZE)

static bool is_known(struct fwvar_repair *r, uint64_t length, uint64_t most)
{
    const struct fw_geometry *g = length <= most ? fw_geometry_find(length) : NULL;

    if (g) {
        r->g = *g;
        r->known = true;
    }
    return g != NULL;
}

/* The layout that has its volume here, whatever the size of the file. Offset 0 says
 * nothing. */
static uint64_t length_by_offset(uint64_t offset)
{
    const struct fwvar_layout *l;

    for (size_t i = 0; offset != 0 && (l = fwvar_layout_at(i)) != NULL; i++) {
        if (l->offset == offset)
            return l->length;
    }
    return 0;
}

/* What the FTW working block behind the store tells: layouts differ in its place. */
static uint64_t length_by_ftw(const struct fwvar_repair *r, uint64_t left)
{
    static const uint64_t lengths[] = {0x20000, 0x84000, 0xC0000, 0x30000};
    uint8_t found[FWVAR_FTW_HEADER_SIZE], wanted[FWVAR_FTW_HEADER_SIZE];

    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        const struct fw_geometry *g = fw_geometry_find(lengths[i]);
        fwvar_ftw_header(wanted, g->ftw_size);
        if (g->length <= left &&
            fwvar_image_read(r->image, r->offset + g->ftw, found, sizeof found, NULL) ==
                0 &&
            memcmp(found, wanted, 16) == 0)
            return g->length;
    }
    return 0;
}

/* Believes, in this order: a sound header, the known layout for file and place, a length
 * that is possible (also one that reaches past a file that was cut), then whatever of the
 * header and its surroundings leads to a known length. */
static void find_geometry(struct fwvar_repair *r, const struct fwvar_volume *v)
{
    uint64_t size = fwvar_image_size(r->image), left = size - r->offset;
    uint64_t by_blocks = (uint64_t)v->blocks * v->block_size;
    const struct fwvar_layout *l = fw_layout_find(size, r->offset, 0);
    bool possible = !(v->flaws & FWVAR_VOLUME_LENGTH);

    r->g.length = v->length;
    if (v->flaws == 0 && r->platform != FWVAR_PLATFORM_RPI &&
        !fw_layout_denied(size, v)) {
        is_known(r, v->length, left);
        return;
    }
    if (is_known(r, l ? l->length : 0, left) ||
        is_known(r, length_by_offset(r->offset), left) ||
        (possible && is_known(r, v->length, UINT64_MAX)) ||
        is_known(r, by_blocks, left) || is_known(r, length_by_ftw(r, left), left) ||
        (!possible && is_known(r, left, left)))
        return;
    if (!possible)
        r->g.length = by_blocks > RECORDS && by_blocks <= left ? by_blocks : left;
}

static int read_volume(struct fwvar_repair *r, struct fwvar_diag *diag)
{
    uint64_t left = fwvar_image_size(r->image) - r->offset;

    r->size = (size_t)(r->g.length < left ? r->g.length : left);
    free(r->was);
    free(r->now);
    r->was = malloc(r->size + 1);
    r->now = malloc(r->size + 1);
    if (!r->was || !r->now)
        return fw_nomem(diag);
    int code = fwvar_image_read(r->image, r->offset, r->was, r->size, diag);
    if (code == 0)
        memcpy(r->now, r->was, r->size);
    return code;
}

/* Records that stand where a layout has its store, though nothing says that there is one.
 */
static int count_records(struct fwvar_repair *r, const struct fwvar_layout *l,
                         size_t *records, struct fwvar_diag *diag)
{
    struct fw_salvage found;

    *records = 0;
    r->offset = l->offset;
    if (!fw_range_ok(fwvar_image_size(r->image), l->offset, l->length) ||
        !is_known(r, l->length, l->length))
        return 0;
    int code = read_volume(r, diag);
    for (int plain = 0; code == 0 && plain < 2; plain++) {
        code = fw_salvage_scan(r->now, RECORDS, r->g.variables, !plain, &found, diag);
        if (code == 0 && found.records > *records)
            *records = found.records;
        fw_salvage_free(&found);
    }
    return code;
}

static int find_headless(struct fwvar_repair *r, struct fwvar_diag *diag)
{
    const struct fwvar_layout *l, *best = NULL;
    size_t most = 0, n;

    for (size_t i = 0; (l = fwvar_layout_at(i)) != NULL; i++) {
        int code = count_records(r, l, &n, diag);
        if (code != 0)
            return code;
        if (n > most) {
            most = n;
            best = l;
        }
    }
    if (!best) {
        if (diag)
            *diag = *fwvar_image_missing(r->image);
        return FWVAR_ERR_FORMAT;
    }
    r->offset = best->offset;
    is_known(r, best->length, best->length);
    if (r->platform == FWVAR_PLATFORM_ANY)
        r->platform = best->platform;
    return read_volume(r, diag);
}

int fw_repair_locate(struct fwvar_repair *r, struct fwvar_diag *diag)
{
    const struct fwvar_store *s = fwvar_image_store(r->image);

    r->platform = fwvar_image_platform(r->image);
    if (!s)
        return find_headless(r, diag);
    r->offset = s->volume.offset;
    /* A wrong length hides the platform. */
    if (r->platform == FWVAR_PLATFORM_ANY && !r->image->platform_set)
        r->platform = fw_layout_platform(r->offset, length_by_offset(r->offset));
    find_geometry(r, &s->volume);
    return read_volume(r, diag);
}
