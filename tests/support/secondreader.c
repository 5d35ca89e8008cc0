/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "secondreader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FV_SIGNATURE_AT = 0x28,
    FV_HEADER_MIN = 0x48,
    STORE_HEADER = 28,
    AUTH_HEADER = 60,
    PLAIN_HEADER = 32,
    FTW_HEADER = 32,
    FTW_WRITE_HEADER = 40,
    FTW_WRITE_RECORD = 40,
};

static const char nv_fv_guid[] = "fff12b8d-7696-4c8b-a985-2747075b4f50";
static const char auth_store_guid[] = "aaf32c78-947b-439a-a180-2e144ec37792";
static const char plain_store_guid[] = "ddcf3616-3275-4164-98b6-fe85707ffe7d";
static const char ftw_guid[] = "9e58292b-7c68-497d-a0ce-6500fd9f1b95";

static uint64_t little(const uint8_t *p, unsigned n)
{
    uint64_t v = 0;

    while (n--)
        v = v << 8 | p[n];
    return v;
}

static uint16_t le16(const uint8_t *p)
{
    return (uint16_t)little(p, 2);
}

static uint32_t le32(const uint8_t *p)
{
    return (uint32_t)little(p, 4);
}

/* Where the bytes of a GUID stand in its text form: the first three fields are numbers.
 */
static const uint8_t guid_order[16] = {3, 2, 1,  0,  5,  4,  7,  6,
                                       8, 9, 10, 11, 12, 13, 14, 15};

const char *sr_guid_text(const uint8_t g[16], char text[37])
{
    static const char digits[] = "0123456789abcdef";
    char *out = text;

    for (unsigned i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *out++ = '-';
        *out++ = digits[g[guid_order[i]] >> 4];
        *out++ = digits[g[guid_order[i]] & 15];
    }
    *out = '\0';
    return text;
}

static bool guid_is(const uint8_t *g, const char *text)
{
    char buf[37];

    return strcmp(sr_guid_text(g, buf), text) == 0;
}

const char *sr_name(const struct sr_record *r, char *text, size_t size)
{
    size_t n = 0;

    for (size_t i = 0; i + 1 < r->name_size && n + 1 < size; i += 2) {
        uint16_t c = le16(r->name + i);

        if (c == 0)
            break;
        text[n++] = c >= 0x20 && c < 0x7f ? (char)c : '?';
    }
    text[n] = '\0';
    return text;
}

/* The block map is pairs of count and size; its 0, 0 pair must end the header exactly. */
static bool block_map_ok(const uint8_t *fv, size_t header_length)
{
    for (size_t at = 0x38; at + 8 <= header_length; at += 8)
        if (little(fv + at, 8) == 0)
            return at + 8 == header_length;
    return false;
}

static bool store_header_ok(const uint8_t *store)
{
    return (guid_is(store, auth_store_guid) || guid_is(store, plain_store_guid)) &&
           store[0x14] == 0x5a && store[0x15] == 0xfe;
}

/* All rules for a volume but the checksum: a bad one is told apart by the caller. */
static bool volume_ok(const uint8_t *b, size_t size, size_t at)
{
    size_t left = size - at;
    const uint8_t *fv = b + at;

    if (left < FV_HEADER_MIN || !guid_is(fv + 0x10, nv_fv_guid) || fv[0x37] != 2)
        return false;
    uint64_t length = little(fv + 0x20, 8);
    size_t header = le16(fv + 0x30);
    if (header % 2 || header < FV_HEADER_MIN || length > left || length < header ||
        length - header < STORE_HEADER)
        return false;
    return block_map_ok(fv, header) && store_header_ok(fv + header);
}

static void describe_volume(struct sr_image *im, size_t at)
{
    const uint8_t *fv = im->bytes + at;
    unsigned sum = 0;

    im->volume_offset = at;
    im->volume_length = (size_t)little(fv + 0x20, 8);
    im->volume_attributes = le32(fv + 0x2c);
    im->header_length = le16(fv + 0x30);
    im->checksum = le16(fv + 0x32);
    for (size_t i = 0; i < im->header_length; i += 2)
        sum += le16(fv + i);
    im->header_sum_ok = (sum & 0xffff) == 0;
}

static bool find_volumes(struct sr_image *im)
{
    const uint8_t *b = im->bytes;
    size_t from = 0; /* candidates inside an accepted volume are its spare copies */

    for (size_t at = 0; im->size - at >= FV_HEADER_MIN; at++) {
        const uint8_t *next =
            memchr(b + at + FV_SIGNATURE_AT, '_', im->size - at - FV_SIGNATURE_AT);
        if (!next)
            break;
        at = (size_t)(next - b) - FV_SIGNATURE_AT;
        if (im->size - at < FV_HEADER_MIN)
            break;
        if (at < from || memcmp(next, "_FVH", 4) != 0 || !volume_ok(b, im->size, at))
            continue;
        if (im->volumes++ == 0)
            describe_volume(im, at);
        from = at + (size_t)little(b + at + 0x20, 8);
    }
    if (im->volumes == 0)
        snprintf(im->error, sizeof(im->error), "no volume with a variable store");
    return im->volumes != 0;
}

static void read_store_header(struct sr_image *im)
{
    size_t room = im->volume_length - im->header_length;
    const uint8_t *s;

    im->store_offset = im->volume_offset + im->header_length;
    s = im->bytes + im->store_offset;
    im->authenticated = guid_is(s, auth_store_guid);
    im->store_size = le32(s + 0x10);
    im->store_format = s[0x14];
    im->store_state = s[0x15];
    im->store_end = im->store_offset + (im->store_size < room ? im->store_size : room);
    im->first_record =
        im->volume_offset + (im->header_length + STORE_HEADER + 3U) / 4 * 4;
}

/* Fills @r from the bytes at @at, or says why the walk ends there. */
static bool read_record(const struct sr_image *im, size_t at, struct sr_record *r,
                        enum sr_stop *stop)
{
    size_t header = im->authenticated ? AUTH_HEADER : PLAIN_HEADER;
    size_t left = im->store_end - at;
    const uint8_t *p = im->bytes + at;
    const uint8_t *sizes = p + (im->authenticated ? 36 : 8);

    if (left < 2 || le16(p) != 0x55aa) {
        *stop = SR_STOP_START_ID;
        return false;
    }
    *stop = SR_STOP_OVERRUN;
    if (left < header)
        return false;
    memset(r, 0, sizeof(*r));
    r->offset = at;
    r->state = p[2];
    r->reserved = p[3];
    r->attributes = le32(p + 4);
    if (im->authenticated) {
        r->count = little(p + 8, 8);
        r->time = p + 16;
        r->pubkey = le32(p + 32);
    }
    r->name_size = le32(sizes);
    r->data_size = le32(sizes + 4);
    r->guid = sizes + 8;
    r->name = p + header;
    if (r->state == 0xff || r->attributes == 0xffffffff || r->name_size == 0xffffffff ||
        r->data_size == 0xffffffff) {
        *stop = SR_STOP_UNFINISHED;
        return false;
    }
    if (r->name_size > left - header || r->data_size > left - header - r->name_size)
        return false;
    r->data = r->name + r->name_size;
    r->size = header + r->name_size + r->data_size;
    return true;
}

static bool read_records(struct sr_image *im)
{
    size_t cap = 0;
    size_t at = im->first_record;
    struct sr_record r;

    im->stop = SR_STOP_END;
    while (at < im->store_end && read_record(im, at, &r, &im->stop)) {
        if (im->n_records == cap) {
            cap = cap ? 2 * cap : 64;
            struct sr_record *more = realloc(im->records, cap * sizeof(*more));
            if (!more)
                return false;
            im->records = more;
        }
        im->records[im->n_records++] = r;
        size_t pad = (4 - (at - im->volume_offset + r.size) % 4) % 4;
        at += r.size;
        if (pad >= im->store_end - at) {
            at = im->store_end;
            im->stop = SR_STOP_END;
        } else {
            at += pad;
        }
    }
    im->chain_end = at;
    while (at < im->store_end && im->bytes[at] == 0xff)
        at++;
    im->free_clean = at >= im->store_end;
    return true;
}

static int by_key(const struct sr_record *a, const struct sr_record *b)
{
    int d = memcmp(a->guid, b->guid, 16);

    if (d == 0 && a->name_size != b->name_size)
        d = a->name_size < b->name_size ? -1 : 1;
    if (d == 0 && a->name_size)
        d = memcmp(a->name, b->name, a->name_size);
    return d;
}

static int by_key_and_place(const void *va, const void *vb)
{
    const struct sr_record *a = *(struct sr_record *const *)va;
    const struct sr_record *b = *(struct sr_record *const *)vb;
    int d = by_key(a, b);

    if (d == 0)
        d = a->offset < b->offset ? -1 : a->offset > b->offset;
    return d;
}

/* A lookup returns the first 0x3F of a name; without one the last 0x3E it came across. */
static struct sr_record *pick_live(struct sr_image *im, struct sr_record **group,
                                   size_t n)
{
    struct sr_record *added = NULL;
    struct sr_record *in_transition = NULL;

    for (size_t i = 0; i < n; i++) {
        if (group[i]->state == 0x3f && added)
            im->n_twins++;
        else if (group[i]->state == 0x3f)
            added = group[i];
        else if (group[i]->state == 0x3e)
            in_transition = group[i];
    }
    return added ? added : in_transition;
}

static bool find_live(struct sr_image *im)
{
    struct sr_record **all = calloc(im->n_records + 1, sizeof(struct sr_record *));
    size_t n;

    if (!all)
        return false;
    for (size_t i = 0; i < im->n_records; i++)
        all[i] = &im->records[i];
    qsort(all, im->n_records, sizeof(struct sr_record *), by_key_and_place);
    for (size_t i = 0; i < im->n_records; i += n) {
        for (n = 1; i + n < im->n_records && by_key(all[i], all[i + n]) == 0; n++)
            ;
        struct sr_record *r = pick_live(im, all + i, n);
        if (!r)
            continue;
        r->live = true;
        all[im->n_live++] = r; /* n_live <= i: only groups already done are overwritten */
    }
    im->live = all;
    return true;
}

static uint32_t crc32_bitwise(const uint8_t *p, size_t n)
{
    uint32_t crc = 0xffffffff;

    for (size_t i = 0; i < n; i++) {
        crc ^= p[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc;
}

/* Walks the queue of writes; each is a header and a number of records of equal size. */
static bool ftw_pending(const uint8_t *queue, size_t left)
{
    while (left >= FTW_WRITE_HEADER && !(queue[0] & 1)) {
        bool complete = !(queue[0] & 4);
        uint64_t writes = little(queue + 24, 8);
        uint64_t private_size = little(queue + 32, 8);

        queue += FTW_WRITE_HEADER;
        left -= FTW_WRITE_HEADER;
        if (private_size > left || FTW_WRITE_RECORD > left - private_size)
            return false;
        size_t record = FTW_WRITE_RECORD + (size_t)private_size;
        for (; writes && record <= left; writes--) {
            if (!complete && !(queue[0] & 2) && queue[0] & 4)
                return true;
            queue += record;
            left -= record;
        }
        if (writes)
            return false;
    }
    return false;
}

static void read_ftw(struct sr_image *im)
{
    size_t end = im->volume_offset + im->volume_length;
    struct sr_ftw *f = &im->ftw;
    uint8_t plain[FTW_HEADER];

    f->offset = im->store_end;
    while (end - f->offset >= FTW_HEADER &&
           (im->bytes[f->offset] != 0x2b || !guid_is(im->bytes + f->offset, ftw_guid)))
        f->offset++; /* 0x2b is the first byte of the GUID as it is stored */
    if (end - f->offset < FTW_HEADER)
        return;
    const uint8_t *w = im->bytes + f->offset;
    uint64_t queue = little(w + 24, 8);
    f->found = true;
    memcpy(plain, w, sizeof(plain));
    memset(plain + 16, 0xff, 8);
    f->crc_ok = crc32_bitwise(plain, sizeof(plain)) == le32(w + 16);
    f->pristine = f->crc_ok && le32(w + 20) == 0xfffffffe;
    if (queue > end - f->offset - FTW_HEADER)
        queue = end - f->offset - FTW_HEADER;
    f->length = FTW_HEADER + (size_t)queue;
    f->spare = f->offset + f->length;
    f->pending = ftw_pending(w + FTW_HEADER, (size_t)queue);
}

bool sr_open(struct sr_image *im, const uint8_t *bytes, size_t size)
{
    memset(im, 0, sizeof(*im));
    im->bytes = bytes;
    im->size = size;
    if (!find_volumes(im))
        return false;
    read_store_header(im);
    if (!read_records(im) || !find_live(im)) {
        snprintf(im->error, sizeof(im->error), "out of memory");
        return false;
    }
    read_ftw(im);
    return true;
}

void sr_close(struct sr_image *im)
{
    free(im->records);
    free(im->live);
    memset(im, 0, sizeof(*im));
}
