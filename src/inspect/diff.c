/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include <fwvar/diff.h>
#include <fwvar/ftw.h>

#include "base/diag.h"

#include <stdlib.h>
#include <string.h>

#define BORDERS 8
#define BLOCK   256

struct fwvar_diff {
    struct fwvar_variables *before, *after;
    struct fwvar_store patched; /* the new store, if it is that of a patch */
    struct fwvar_change *changes;
    size_t change_count, change_cap;
    struct fwvar_byte_range *ranges;
    size_t range_count, range_cap;
    uint64_t bytes;
    uint64_t border[BORDERS]; /* where each region of the image begins */
    enum fwvar_region region[BORDERS];
    size_t borders;
};

/* ---- meaning ---- */

static int add_change(struct fwvar_diff *d, enum fwvar_change_op op,
                      const struct fwvar_record *before, const struct fwvar_record *after)
{
    if (d->change_count == d->change_cap) {
        size_t cap = d->change_cap ? d->change_cap * 2 : 16;
        struct fwvar_change *changes = realloc(d->changes, cap * sizeof *changes);
        if (!changes)
            return FWVAR_ERR_NOMEM;
        d->changes = changes;
        d->change_cap = cap;
    }
    d->changes[d->change_count++] = (struct fwvar_change){op, before, after};
    return 0;
}

static const struct fwvar_record *counterpart(const struct fwvar_variables *in,
                                              const struct fwvar_record *r)
{
    return fwvar_variables_find(in, &r->guid, r->name, fwvar_record_name_length(r));
}

static bool same_value(const struct fwvar_record *a, const struct fwvar_record *b)
{
    bool timed = a->attributes & FWVAR_ATTR_AUTH_TIME;

    return a->attributes == b->attributes && a->data_size == b->data_size &&
           memcmp(a->data, b->data, a->data_size) == 0 &&
           (!timed || !a->time || !b->time || memcmp(a->time, b->time, 16) == 0);
}

static int compare_variables(struct fwvar_diff *d)
{
    int code = 0;

    for (size_t i = 0; code == 0 && i < fwvar_variables_count(d->before); i++) {
        if (fwvar_variables_role(d->before, i) != FWVAR_ROLE_LIVE)
            continue;
        const struct fwvar_record *a = fwvar_variables_at(d->before, i);
        const struct fwvar_record *b = counterpart(d->after, a);
        if (!b)
            code = add_change(d, FWVAR_CHANGE_DELETE, a, NULL);
        else if (!same_value(a, b))
            code = add_change(d, FWVAR_CHANGE_UPDATE, a, b);
    }
    for (size_t i = 0; code == 0 && i < fwvar_variables_count(d->after); i++) {
        const struct fwvar_record *b = fwvar_variables_at(d->after, i);
        if (fwvar_variables_role(d->after, i) == FWVAR_ROLE_LIVE &&
            !counterpart(d->before, b))
            code = add_change(d, FWVAR_CHANGE_ADD, NULL, b);
    }
    return code;
}

/* ---- bytes ---- */

static void add_border(struct fwvar_diff *d, uint64_t at, enum fwvar_region region)
{
    d->border[d->borders] = at;
    d->region[d->borders++] = region;
}

/* Regions of the new image; chain ends of both states bound "free space". */
static void find_borders(struct fwvar_diff *d, const struct fwvar_store *s)
{
    uint64_t base = s->volume.offset;
    uint64_t used = fwvar_variables_usage(d->after)->end_offset;
    uint64_t used_before = fwvar_variables_usage(d->before)->end_offset;
    struct fwvar_ftw ftw;

    if (used_before > used && used_before <= base + s->end)
        used = used_before;
    add_border(d, 0, FWVAR_REGION_OUTSIDE);
    add_border(d, base, FWVAR_REGION_VOLUME_HEADER);
    add_border(d, base + s->header, FWVAR_REGION_STORE_HEADER);
    add_border(d, base + s->first, FWVAR_REGION_RECORDS);
    add_border(d, used, FWVAR_REGION_FREE);
    add_border(d, base + s->end, FWVAR_REGION_LOG);
    if (fwvar_ftw_decode(s, &ftw) == 0) {
        add_border(d, base + ftw.at, FWVAR_REGION_FTW);
        add_border(d, base + ftw.spare, FWVAR_REGION_SPARE);
    }
}

/* The region at @at and how many bytes of it follow. */
static enum fwvar_region region_at(const struct fwvar_diff *d,
                                   const struct fwvar_store *s, uint64_t at,
                                   uint64_t *left)
{
    uint64_t end = s->volume.offset + s->size;
    enum fwvar_region region = FWVAR_REGION_OUTSIDE;

    *left = UINT64_MAX;
    if (at >= end)
        return region;
    *left = end - at;
    for (size_t i = 0; i < d->borders; i++) {
        if (d->border[i] <= at)
            region = d->region[i];
        else if (d->border[i] - at < *left)
            *left = d->border[i] - at;
    }
    return region;
}

static int add_range(struct fwvar_diff *d, const struct fwvar_byte_range *range)
{
    if (d->range_count == d->range_cap) {
        size_t cap = d->range_cap ? d->range_cap * 2 : 32;
        struct fwvar_byte_range *ranges = realloc(d->ranges, cap * sizeof *ranges);
        if (!ranges)
            return FWVAR_ERR_NOMEM;
        d->ranges = ranges;
        d->range_cap = cap;
    }
    d->ranges[d->range_count++] = *range;
    d->bytes += range->length;
    return 0;
}

/* Adds a run, cut where regions meet. */
static int add_run(struct fwvar_diff *d, const struct fwvar_store *s, uint64_t offset,
                   uint64_t length)
{
    int code = 0;

    while (code == 0 && length > 0) {
        uint64_t left;
        struct fwvar_byte_range r = {.offset = offset};
        r.region = region_at(d, s, offset, &left);
        r.length = left < length ? left : length;
        code = add_range(d, &r);
        offset += r.length;
        length -= r.length;
    }
    return code;
}

static int compare_files(struct fwvar_diff *d, const struct fwvar_image *before,
                         const struct fwvar_image *after, struct fwvar_diag *diag)
{
    uint64_t offset = 0, length;
    int code;

    while ((code = fwvar_image_compare(before, after, &offset, &length, diag)) == 0) {
        if (add_run(d, fwvar_image_store(after), offset, length) != 0)
            return fw_nomem(diag);
        offset += length;
    }
    return code == 1 ? 0 : code;
}

/* The first place from @i on where the bytes differ, or @size. Most of a volume is equal,
 * so blocks are compared first. */
static size_t same_until(const uint8_t *a, const uint8_t *b, size_t i, size_t size)
{
    while (size - i >= BLOCK && memcmp(a + i, b + i, BLOCK) == 0)
        i += BLOCK;
    while (i < size && a[i] == b[i])
        i++;
    return i;
}

static int compare_bytes(struct fwvar_diff *d, const uint8_t *was,
                         const struct fwvar_patch *patch)
{
    size_t i = same_until(was, patch->bytes, 0, patch->size);
    int code = 0;

    while (code == 0 && i < patch->size) {
        size_t from = i;
        while (i < patch->size && was[i] != patch->bytes[i])
            i++;
        code = add_run(d, &d->patched, patch->offset + from, i - from);
        i = same_until(was, patch->bytes, i, patch->size);
    }
    return code;
}

/* A damaged store may be shorter than the patch, or missing: then the old bytes are read.
 */
static int compare_patch(struct fwvar_diff *d, const struct fwvar_image *image,
                         const struct fwvar_patch *patch, struct fwvar_diag *diag)
{
    const struct fwvar_store *s = fwvar_image_store(image);
    uint8_t *was = NULL;

    if (s && patch->offset == s->volume.offset && patch->size <= s->size)
        return compare_bytes(d, s->bytes, patch) == 0 ? 0 : fw_nomem(diag);
    was = malloc(patch->size);
    if (!was)
        return fw_nomem(diag);
    int code = fwvar_image_read(image, patch->offset, was, patch->size, diag);
    if (code == 0 && compare_bytes(d, was, patch) != 0)
        code = fw_nomem(diag);
    free(was);
    return code;
}

/* ---- the two ways in ---- */

static int begin(struct fwvar_diff **out, const struct fwvar_store *before,
                 const struct fwvar_store *after, struct fwvar_diag *diag)
{
    struct fwvar_diff *d = calloc(1, sizeof *d);

    if (!d)
        return fw_nomem(diag);
    int code = fwvar_variables_read(before, &d->before, diag);
    if (code == 0)
        code = fwvar_variables_read(after, &d->after, diag);
    if (code == 0 && compare_variables(d) != 0)
        code = fw_nomem(diag);
    if (code != 0) {
        fwvar_diff_free(d);
        return code;
    }
    find_borders(d, after);
    *out = d;
    return 0;
}

int fwvar_diff_images(const struct fwvar_image *before, const struct fwvar_image *after,
                      struct fwvar_diff **diff, struct fwvar_diag *diag)
{
    int code = begin(diff, fwvar_image_store(before), fwvar_image_store(after), diag);

    if (code != 0)
        return code;
    code = compare_files(*diff, before, after, diag);
    if (code != 0) {
        fwvar_diff_free(*diff);
        *diff = NULL;
    }
    return code;
}

/* What stands for the store of an image that has none. */
static struct fwvar_store no_store(uint64_t offset)
{
    return (struct fwvar_store){.bytes = (const uint8_t *)"",
                                .volume = {.offset = offset},
                                .authenticated = true};
}

int fwvar_diff_patch(const struct fwvar_image *image, const struct fwvar_patch *patch,
                     struct fwvar_diff **diff, struct fwvar_diag *diag)
{
    const struct fwvar_store *found = fwvar_image_store(image);
    struct fwvar_store old = found ? *found : no_store(patch->offset), patched = old;

    if (patch->size > 0) {
        struct fwvar_volume volume;
        fwvar_volume_decode(patch->bytes, patch->size, patch->offset,
                            fwvar_image_size(image) - patch->offset, &volume);
        fwvar_store_decode(patch->bytes, patch->size, &volume, &patched);
    }
    int code = begin(diff, &old, &patched, diag);
    if (code != 0)
        return code;
    (*diff)->patched = patched;
    code = patch->size > 0 ? compare_patch(*diff, image, patch, diag) : 0;
    if (code != 0) {
        fwvar_diff_free(*diff);
        *diff = NULL;
    }
    return code;
}

void fwvar_diff_free(struct fwvar_diff *d)
{
    if (!d)
        return;
    fwvar_variables_free(d->before);
    fwvar_variables_free(d->after);
    free(d->changes);
    free(d->ranges);
    free(d);
}

size_t fwvar_diff_changes(const struct fwvar_diff *d)
{
    return d->change_count;
}

const struct fwvar_change *fwvar_diff_change(const struct fwvar_diff *d, size_t i)
{
    return &d->changes[i];
}

size_t fwvar_diff_ranges(const struct fwvar_diff *d)
{
    return d->range_count;
}

const struct fwvar_byte_range *fwvar_diff_range(const struct fwvar_diff *d, size_t i)
{
    return &d->ranges[i];
}

uint64_t fwvar_diff_bytes(const struct fwvar_diff *d)
{
    return d->bytes;
}

const struct fwvar_usage *fwvar_diff_usage(const struct fwvar_diff *d)
{
    return fwvar_variables_usage(d->after);
}

const char *fwvar_region_name(enum fwvar_region region)
{
    static const char *const names[] = {
        [FWVAR_REGION_OUTSIDE] = "outside the variable volume",
        [FWVAR_REGION_VOLUME_HEADER] = "volume header",
        [FWVAR_REGION_STORE_HEADER] = "variable store header",
        [FWVAR_REGION_RECORDS] = "variable records",
        [FWVAR_REGION_FREE] = "free space",
        [FWVAR_REGION_LOG] = "event log",
        [FWVAR_REGION_FTW] = "FTW working block",
        [FWVAR_REGION_SPARE] = "FTW spare area",
    };

    return names[region];
}
