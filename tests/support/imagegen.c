/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "imagegen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STORE_HEADER = 28, FV_HEADER = 0x48 };

#define PI_VOLUME(offset)                                                                \
    {                                                                                    \
        .at = (offset), .length = 0x20000, .blocks = 0x20, .block_size = 0x1000,         \
        .attributes = 0x0004feff, .store = 0xe000, .ftw = 0xf000, .ftw_length = 0x1000   \
    }

const struct ig_volume ig_pi_2m = PI_VOLUME(0x1d0000);
const struct ig_volume ig_pi_4m = PI_VOLUME(0x3b0000);
const struct ig_volume ig_pi_old_2m = PI_VOLUME(0x1e0000);
const struct ig_volume ig_ovmf_2m = PI_VOLUME(0);
const struct ig_volume ig_ovmf_4m = {
    .length = 0x84000,
    .blocks = 132,
    .block_size = 0x1000,
    .attributes = 0x0004feff,
    .store = 0x40000,
    .ftw = 0x41000,
    .ftw_length = 0x1000,
};
const struct ig_volume ig_aavmf = {
    .length = 0xc0000,
    .blocks = 3,
    .block_size = 0x40000,
    .attributes = 0x0004feff,
    .store = 0x40000,
    .ftw = 0x40000,
    .ftw_length = 0x40000,
};

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "imagegen: %s\n", what);
    abort();
}

/* Room that @size bytes were given: a power of two, so that growing by one byte at a time
 * stays cheap. */
static size_t room(size_t size)
{
    size_t n = 64;

    while (n < size)
        n *= 2;
    return n;
}

static uint8_t *grow(struct ig_bytes *b, size_t n)
{
    if (!b->p || n > room(b->size) - b->size) {
        uint8_t *p = realloc(b->p, room(b->size + n));
        if (!p)
            die("out of memory");
        b->p = p;
    }
    b->size += n;
    return b->p + b->size - n;
}

void ig_put(struct ig_bytes *b, const void *p, size_t n)
{
    uint8_t *to = grow(b, n);

    if (n)
        memcpy(to, p, n);
}

void ig_fill(struct ig_bytes *b, uint8_t value, size_t n)
{
    memset(grow(b, n), value, n);
}

void ig_le(struct ig_bytes *b, uint64_t value, unsigned bytes)
{
    for (; bytes; bytes--, value >>= 8)
        ig_fill(b, (uint8_t)(value & 0xff), 1);
}

static unsigned hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c) : NULL;

    if (!at)
        die("not a lower-case hex digit");
    return (unsigned)(at - digits);
}

void ig_hex(struct ig_bytes *b, const char *hex)
{
    for (; *hex; hex += 2)
        ig_le(b, hex_digit(hex[0]) << 4 | hex_digit(hex[1]), 1);
}

/* The first three fields are numbers, so their bytes are turned round. */
void ig_guid(struct ig_bytes *b, const char *text)
{
    unsigned a, c, d;

    if (strlen(text) != 36 || sscanf(text, "%8x-%4x-%4x-", &a, &c, &d) != 3)
        die("not a GUID");
    ig_le(b, a, 4);
    ig_le(b, c, 2);
    ig_le(b, d, 2);
    char tail[17];
    snprintf(tail, sizeof(tail), "%.4s%.12s", text + 19, text + 24);
    ig_hex(b, tail);
}

void ig_utf16(struct ig_bytes *b, const char *ascii)
{
    do
        ig_le(b, (uint8_t)*ascii, 2);
    while (*ascii++);
}

void ig_free(struct ig_bytes *b)
{
    free(b->p);
    b->p = NULL;
    b->size = 0;
}

void ig_poke(struct ig_bytes *b, size_t at, const void *p, size_t n)
{
    if (at > b->size || n > b->size - at)
        die("poke outside the image");
    if (n)
        memcpy(b->p + at, p, n);
}

uint32_t ig_crc32(const void *p, size_t n)
{
    const uint8_t *b = p;
    uint32_t crc = 0xffffffff;

    while (n--) {
        crc ^= *b++;
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
    }
    return ~crc;
}

/* Replaces the bytes at @at and frees @part. */
static void place(struct ig_bytes *file, size_t at, struct ig_bytes *part)
{
    ig_poke(file, at, part->p, part->size);
    ig_free(part);
}

static void put_volume_header(struct ig_bytes *h, const struct ig_volume *v)
{
    unsigned sum = 0;

    ig_fill(h, 0, 16);
    ig_guid(h, "fff12b8d-7696-4c8b-a985-2747075b4f50");
    ig_le(h, v->length, 8);
    ig_put(h, "_FVH", 4);
    ig_le(h, v->attributes, 4);
    ig_le(h, FV_HEADER, 2);
    ig_le(h, 0, 2); /* checksum, below */
    ig_le(h, 0, 2);
    ig_le(h, 0x0200, 2);
    ig_le(h, v->blocks, 4);
    ig_le(h, v->block_size, 4);
    ig_le(h, 0, 8);
    for (size_t i = 0; i < FV_HEADER; i += 2)
        sum += (unsigned)h->p[i] | (unsigned)h->p[i + 1] << 8;
    sum = 0x10000 - (sum & 0xffff);
    h->p[0x32] = (uint8_t)(sum & 0xff);
    h->p[0x33] = (uint8_t)(sum >> 8 & 0xff);
}

static void put_ftw_header(struct ig_bytes *file, const struct ig_volume *v)
{
    struct ig_bytes h = {0};
    struct ig_bytes crc = {0};

    ig_guid(&h, "9e58292b-7c68-497d-a0ce-6500fd9f1b95");
    ig_fill(&h, 0xff, 8);
    ig_le(&h, v->ftw_length - 0x20, 8);
    ig_le(&crc, ig_crc32(h.p, h.size), 4);
    ig_le(&crc, 0xfe, 1);
    place(&h, 16, &crc);
    place(file, v->at + v->ftw, &h);
}

void ig_create(struct ig_image *im, size_t size, const struct ig_volume *v)
{
    struct ig_bytes h = {0};

    memset(im, 0, sizeof(*im));
    im->volume = *v;
    im->next = v->at + FV_HEADER + STORE_HEADER;
    ig_fill(&im->file, 0xff, size);
    put_volume_header(&h, v);
    ig_guid(&h, v->plain ? "ddcf3616-3275-4164-98b6-fe85707ffe7d"
                         : "aaf32c78-947b-439a-a180-2e144ec37792");
    ig_le(&h, v->store - FV_HEADER, 4);
    ig_le(&h, 0xfe5a, 2);
    ig_le(&h, 0, 6);
    place(&im->file, v->at, &h);
    if (v->ftw)
        put_ftw_header(&im->file, v);
}

void ig_close(struct ig_image *im)
{
    ig_free(&im->file);
}

static void put_time(struct ig_bytes *b, const char *text)
{
    unsigned y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0;

    if (text && sscanf(text, "%u-%u-%u %u:%u:%u", &y, &mo, &d, &h, &mi, &s) != 6)
        die("not a time");
    ig_le(b, y, 2);
    ig_le(b, mo, 1);
    ig_le(b, d, 1);
    ig_le(b, h, 1);
    ig_le(b, mi, 1);
    ig_le(b, s, 1);
    ig_fill(b, 0, 9);
}

size_t ig_add(struct ig_image *im, const struct ig_record *r)
{
    struct ig_bytes b = {0};
    size_t at = im->next;

    ig_le(&b, 0x55aa, 2);
    ig_le(&b, r->state ? r->state : 0x3f, 2);
    ig_le(&b, r->attributes, 4);
    if (!im->volume.plain) {
        ig_le(&b, 0, 8);
        put_time(&b, r->time);
        ig_le(&b, 0, 4);
    }
    ig_le(&b, 2 * (strlen(r->name) + 1), 4);
    ig_le(&b, r->size, 4);
    ig_guid(&b, r->guid);
    ig_utf16(&b, r->name);
    ig_put(&b, r->data, r->size);
    if (b.size > im->volume.at + im->volume.store - at)
        die("the store is full");
    im->next = at + (b.size + 3) / 4 * 4;
    place(&im->file, at, &b);
    return at;
}

/* The 0x3F record of that name, 0 if there is none: no record lies at 0. Only for stores
 * that this file has written, so nothing is checked. */
static size_t find_added(const struct ig_image *im, const char *name, const char *guid)
{
    size_t sizes = im->volume.plain ? 8 : 36;
    struct ig_bytes key = {0};
    size_t found = 0;

    ig_guid(&key, guid);
    ig_utf16(&key, name);
    for (size_t at = im->volume.at + FV_HEADER + STORE_HEADER; at < im->next;) {
        const uint8_t *p = im->file.p + at;
        const uint8_t *s = p + sizes;
        size_t name_size = s[0] | (size_t)s[1] << 8;
        size_t data_size = s[4] | (size_t)s[5] << 8;

        if (p[2] == 0x3f && name_size == key.size - 16 &&
            memcmp(s + 8, key.p, key.size) == 0)
            found = at;
        at += (sizes + 24 + name_size + data_size + 3) / 4 * 4;
    }
    ig_free(&key);
    return found;
}

size_t ig_set(struct ig_image *im, const struct ig_record *r)
{
    size_t old = find_added(im, r->name, r->guid);

    if (old)
        im->file.p[old + 2] = 0x3c;
    return ig_add(im, r);
}

void ig_delete(struct ig_image *im, const char *name, const char *guid)
{
    size_t old = find_added(im, name, guid);

    if (!old)
        die("nothing to delete");
    im->file.p[old + 2] = 0x3d;
}

void ig_set_u32(struct ig_image *im, const char *name, const char *guid, uint32_t value)
{
    struct ig_bytes b = {0};

    ig_le(&b, value, 4);
    ig_set(im, &(struct ig_record){
                   .attributes = 7, .guid = guid, .name = name, .data = b.p, .size = 4});
    ig_free(&b);
}

void ig_load_option(struct ig_bytes *b, uint32_t attributes, const char *label,
                    const struct ig_bytes *path, bool marked)
{
    ig_le(b, attributes, 4);
    ig_le(b, path->size, 2);
    ig_utf16(b, label);
    ig_put(b, path->p, path->size);
    if (marked)
        ig_guid(b, "8108ac4e-9f11-4d59-850e-e21a522c59b2");
}
