/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The second reader's questions: find, compare, load. */
#include "secondreader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static bool name_is(const struct sr_record *r, const char *name)
{
    char text[256];

    /* sr_name() stops at a NUL, so the size tells "Boot" from "Boot" NUL "x". */
    return r->name_size == 2 * (strlen(name) + 1) &&
           strcmp(sr_name(r, text, sizeof(text)), name) == 0;
}

const struct sr_record *sr_find(const struct sr_image *im, const char *name,
                                const char *guid)
{
    char text[37];

    for (size_t i = 0; i < im->n_records; i++) {
        const struct sr_record *r = &im->records[i];

        if (r->live && name_is(r, name) &&
            (!guid || strcmp(sr_guid_text(r->guid, text), guid) == 0))
            return r;
    }
    return NULL;
}

const struct sr_record *sr_find_any(const struct sr_image *im, const char *name,
                                    size_t nth)
{
    for (size_t i = 0; i < im->n_records; i++)
        if (name_is(&im->records[i], name) && nth-- == 0)
            return &im->records[i];
    return NULL;
}

static int same_key(const struct sr_record *a, const struct sr_record *b)
{
    return memcmp(a->guid, b->guid, 16) == 0 && a->name_size == b->name_size &&
           (a->name_size == 0 || memcmp(a->name, b->name, a->name_size) == 0);
}

static const char *difference(const struct sr_record *a, const struct sr_record *b)
{
    if (a->attributes != b->attributes)
        return "attributes";
    if (a->count != b->count || a->pubkey != b->pubkey)
        return "count or key index";
    if (a->time && b->time && memcmp(a->time, b->time, 16) != 0)
        return "timestamp";
    if (a->data_size != b->data_size ||
        (a->data_size && memcmp(a->data, b->data, a->data_size) != 0))
        return "data";
    return NULL;
}

static void say(char *why, size_t size, const struct sr_record *r, const char *what)
{
    char name[128];
    char guid[37];

    if (why)
        snprintf(why, size, "%s-%s: %s", sr_guid_text(r->guid, guid),
                 sr_name(r, name, sizeof(name)), what);
}

bool sr_same_live(const struct sr_image *a, const struct sr_image *b, char *why,
                  size_t size)
{
    size_t n = a->n_live < b->n_live ? a->n_live : b->n_live;

    for (size_t i = 0; i < n; i++) {
        const char *what = same_key(a->live[i], b->live[i])
                               ? difference(a->live[i], b->live[i])
                               : "only in one of them";
        if (what) {
            say(why, size, a->live[i], what);
            return false;
        }
    }
    if (a->n_live != b->n_live)
        say(why, size, a->n_live > n ? a->live[n] : b->live[n], "only in one of them");
    return a->n_live == b->n_live;
}

bool sr_same_outside(const uint8_t *a, const uint8_t *b, size_t size,
                     const struct sr_range *ranges, size_t n, size_t *where)
{
    size_t r = 0;

    for (size_t at = 0; at < size; at++) {
        while (r < n && at >= ranges[r].offset &&
               at - ranges[r].offset >= ranges[r].length)
            r++;
        bool inside = r < n && at >= ranges[r].offset;
        if (!inside && a[at] != b[at]) {
            *where = at;
            return false;
        }
    }
    return true;
}

uint8_t *sr_load(const char *path, size_t *size)
{
    enum { CHUNK = 1 << 20, MOST = 1 << 28 };
    gzFile f = gzopen(path, "rb"); /* passes a file that is not gzip through */
    uint8_t *bytes = NULL;
    size_t n = 0;
    int got = 0;

    if (!f)
        return NULL;
    do {
        uint8_t *more = n < MOST ? realloc(bytes, n + CHUNK) : NULL;
        if (!more) {
            got = -1;
            break;
        }
        bytes = more;
        got = gzread(f, bytes + n, CHUNK);
        n += got > 0 ? (size_t)got : 0;
    } while (got > 0);
    gzclose(f);
    if (got < 0) {
        free(bytes);
        return NULL;
    }
    *size = n;
    return bytes;
}
