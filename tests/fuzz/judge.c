/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "fuzz/judge.h"

#include "fuzz/fuzz.h"
#include "support/secondreader.h"

#include <fwvar/diff.h>

#include <string.h>

#define FEW_RANGES 64 /* to find more in files takes longer than all the rest */

bool judge_is_stopped(const struct fwvar_image *image)
{
    struct fwvar_findings *findings;
    bool stopped = false;

    PROMISE(fwvar_check(image, FWVAR_CHECK_STRUCTURE, &findings, NULL) == 0);
    for (size_t i = 0; i < fwvar_findings_count(findings); i++)
        stopped |= fwvar_finding_stops(fwvar_findings_at(findings, i));
    fwvar_findings_free(findings);
    return stopped;
}

uint8_t *judge_patched(const struct fwvar_image *image, const struct fwvar_patch *patch)
{
    size_t size = (size_t)fwvar_image_size(image);
    uint8_t *bytes = malloc(size);

    PROMISE(bytes && fwvar_image_read(image, 0, bytes, size, NULL) == 0);
    PROMISE(patch->size <= size && patch->offset <= size - patch->size);
    if (patch->size)
        memcpy(bytes + patch->offset, patch->bytes, patch->size);
    return bytes;
}

static const struct sr_record *find(const struct sr_image *im,
                                    const struct fwvar_variable *v)
{
    for (size_t i = 0; i < im->n_live; i++) {
        const struct sr_record *r = im->live[i];
        if (r->name_size == v->name_size + 2 && memcmp(r->guid, v->guid.b, 16) == 0 &&
            memcmp(r->name, v->name, v->name_size) == 0)
            return r;
    }
    return NULL;
}

void judge_reads_back(const struct fwvar_edit *edit, const uint8_t *bytes, size_t size)
{
    struct fwvar_variable v;
    struct sr_image im;
    size_t cursor = 0, count = 0;

    PROMISE(sr_open(&im, bytes, size));
    while (fwvar_edit_next(edit, &cursor, &v) == 0) {
        /* A name without its NUL is the firmware's business, not ours. */
        const struct sr_record *r = find(&im, &v);
        if (r) {
            PROMISE(r->attributes == v.attributes);
            PROMISE(r->data_size == v.data_size);
            PROMISE(memcmp(r->data, v.data, v.data_size) == 0);
        }
        count++;
    }
    PROMISE(count == im.n_live);
    sr_close(&im);
}

void judge_untouched(const struct fwvar_image *image, const struct fwvar_patch *patch,
                     bool compacted)
{
    const struct fwvar_store *s = fwvar_image_store(image);
    struct fwvar_walk walk = fwvar_walk_begin(s);
    struct fwvar_record r;

    if (patch->size == 0)
        return;
    PROMISE(patch->offset == s->volume.offset && patch->size == s->size);
    while (!compacted && fwvar_walk_next(&walk, &r) == 0) {
        size_t at = (size_t)(r.offset - s->volume.offset);
        PROMISE(memcmp(patch->bytes + at, s->bytes + at, 2) == 0);
        /* States only lose bits. */
        PROMISE((patch->bytes[at + 2] & ~s->bytes[at + 2]) == 0);
        PROMISE(memcmp(patch->bytes + at + 3, s->bytes + at + 3, r.size - 3) == 0);
    }
    PROMISE(memcmp(patch->bytes, s->bytes, s->first) == 0);
    PROMISE(memcmp(patch->bytes + s->end, s->bytes + s->end, s->size - s->end) == 0);
}

void judge_again(const struct fwvar_edit *edit, const uint8_t *bytes, size_t size,
                 enum fwvar_platform platform)
{
    struct fwvar_image *image;
    struct fwvar_edit *again;
    struct fwvar_patch patch;
    struct fwvar_variable v;
    size_t cursor = 0;

    PROMISE(fwvar_image_open_bytes(bytes, size, FWVAR_OPEN_THOROUGH, &image, NULL) == 0);
    fwvar_image_set_platform(image, platform);
    PROMISE(!judge_is_stopped(image));
    PROMISE(fwvar_edit_begin(image, 0, &again, NULL) == 0);
    while (fwvar_edit_next(edit, &cursor, &v) == 0)
        PROMISE(fwvar_edit_set(again, &v, NULL) == 0);
    PROMISE(fwvar_edit_finish(again, &patch, NULL, NULL) == 0);
    PROMISE(patch.size == 0);
    fwvar_edit_end(again);
    fwvar_image_close(image);
}

/* Two comparisons found the same. */
static void same_diff(const struct fwvar_diff *a, const struct fwvar_diff *b)
{
    PROMISE(fwvar_diff_changes(a) == fwvar_diff_changes(b));
    PROMISE(fwvar_diff_bytes(a) == fwvar_diff_bytes(b));
    PROMISE(fwvar_diff_ranges(a) == fwvar_diff_ranges(b));
    for (size_t i = 0; i < fwvar_diff_ranges(a); i++) {
        const struct fwvar_byte_range *ra = fwvar_diff_range(a, i),
                                      *rb = fwvar_diff_range(b, i);
        PROMISE(ra->offset == rb->offset && ra->length == rb->length &&
                ra->region == rb->region);
    }
}

/* A file differs where its patch says. */
static void judge_files(const struct fwvar_image *image, const uint8_t *bytes,
                        const struct fwvar_diff *patch)
{
    struct fwvar_image *after;
    struct fwvar_diff *diff;

    PROMISE(fwvar_image_open_bytes(bytes, (size_t)fwvar_image_size(image), 0, &after,
                                   NULL) == 0);
    PROMISE(fwvar_diff_images(image, after, &diff, NULL) == 0);
    same_diff(patch, diff);
    fwvar_diff_free(diff);
    fwvar_image_close(after);
}

void judge_count(const struct fwvar_image *image, const struct fwvar_patch *patch,
                 const struct fwvar_edit_report *r, const uint8_t *bytes)
{
    struct fwvar_diff *diff;

    PROMISE(fwvar_diff_patch(image, patch, &diff, NULL) == 0);
    PROMISE(fwvar_diff_changes(diff) == r->added + r->updated + r->deleted);
    if (fwvar_diff_ranges(diff) <= FEW_RANGES)
        judge_files(image, bytes, diff);
    fwvar_diff_free(diff);
}

uint64_t judge_add_up(uint64_t sum, const void *bytes, size_t size)
{
    const uint8_t *p = bytes;

    for (size_t i = 0; i < size; i++)
        sum = (sum ^ p[i]) * UINT64_C(0x100000001b3);
    return sum;
}

uint64_t judge_sum(const struct fwvar_edit *edit)
{
    struct fwvar_variable v;
    size_t cursor = 0;
    uint64_t sum = 0;

    while (fwvar_edit_next(edit, &cursor, &v) == 0) {
        sum = judge_add_up(sum, v.guid.b, sizeof v.guid.b);
        sum = judge_add_up(sum, v.name, v.name_size);
        sum = judge_add_up(sum, &v.attributes, sizeof v.attributes);
        sum = judge_add_up(sum, v.data, v.data_size);
        if (v.time)
            sum = judge_add_up(sum, v.time, 16);
    }
    return sum;
}
