/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* How many boots are left, from the history in the store. */
#include <fwvar/check.h>
#include <fwvar/known.h>

#include "inspect/record.h"

#include <stdlib.h>
#include <string.h>

#define DISTANCES 32 /* the latest ones: settings and firmware change over time */
#define ENOUGH    2

/* Distances between boot counters, newest last; older ones are forgotten. */
struct history {
    uint64_t distance[DISTANCES];
    size_t count;
    uint64_t last; /* offset of the counter seen last */
};

static void note(struct history *h, uint64_t offset)
{
    if (h->last != FWVAR_NO_OFFSET) {
        if (h->count == DISTANCES) {
            memmove(h->distance, h->distance + 1, sizeof h->distance - sizeof h->last);
            h->count--;
        }
        h->distance[h->count++] = offset - h->last;
    }
    h->last = offset;
}

static int by_size(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

bool fw_is_boot_counter(const struct fwvar_record *r)
{
    const struct fwvar_known *known =
        fwvar_known_find(&r->guid, r->name, fwvar_record_name_length(r));

    return known && strcmp(known->name, "MTC") == 0;
}

int fwvar_boots_left(const struct fwvar_image *image,
                     const struct fwvar_variables *variables, struct fwvar_boots *boots)
{
    const struct fwvar_usage *u = fwvar_variables_usage(variables);
    uint64_t limit = fwvar_space_limit(FWVAR_PLATFORM_RPI, u->capacity);
    struct history h = {.last = FWVAR_NO_OFFSET};

    if (fwvar_image_platform(image) != FWVAR_PLATFORM_RPI)
        return FWVAR_ERR_NOTFOUND;
    for (size_t i = 0; i < fwvar_variables_count(variables); i++) {
        const struct fwvar_record *r = fwvar_variables_at(variables, i);
        if (fw_is_boot_counter(r))
            note(&h, r->offset);
    }
    if (h.count < ENOUGH)
        return FWVAR_ERR_NOTFOUND;
    qsort(h.distance, h.count, sizeof h.distance[0], by_size);
    boots->seen = h.count;
    boots->bytes_per_boot = h.distance[(h.count - 1) / 2];
    boots->left = u->used < limit ? (limit - u->used) / boots->bytes_per_boot : 0;
    return 0;
}
