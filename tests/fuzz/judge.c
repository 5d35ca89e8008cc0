/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "fuzz/judge.h"

#include "fuzz/fuzz.h"
#include "support/secondreader.h"

#include <string.h>

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

uint64_t judge_add_up(uint64_t sum, const void *bytes, size_t size)
{
    const uint8_t *p = bytes;

    for (size_t i = 0; i < size; i++)
        sum = (sum ^ p[i]) * UINT64_C(0x100000001b3);
    return sum;
}
