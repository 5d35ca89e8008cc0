/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "base/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t fw_skip_bytes(const uint8_t *p, size_t from, size_t to, uint8_t value)
{
    /* memcmp against itself shifted by one compares runs at the library's speed. */
    if (from >= to || p[from] != value)
        return from;
    if (memcmp(p + from, p + from + 1, to - from - 1) == 0)
        return to;
    while (p[from] == value)
        from++;
    return from;
}

const uint8_t *fw_take(struct fw_reader *r, size_t n)
{
    if (n > fw_left(r)) {
        r->bad = true;
        return NULL;
    }
    r->pos += n;
    return r->p + (r->pos - n);
}

uint8_t fw_take8(struct fw_reader *r)
{
    const uint8_t *p = fw_take(r, 1);
    return p ? *p : 0;
}

uint16_t fw_take16(struct fw_reader *r)
{
    const uint8_t *p = fw_take(r, 2);
    return p ? fw_le16(p) : 0;
}

uint32_t fw_take32(struct fw_reader *r)
{
    const uint8_t *p = fw_take(r, 4);
    return p ? fw_le32(p) : 0;
}

uint64_t fw_take64(struct fw_reader *r)
{
    const uint8_t *p = fw_take(r, 8);
    return p ? fw_le64(p) : 0;
}

static bool reserve(struct fw_buf *b, size_t n)
{
    if (b->bad)
        return false;
    if (n <= b->cap - b->size)
        return true;
    size_t cap = b->cap ? b->cap : 64;
    while (cap - b->size < n) {
        if (cap > SIZE_MAX / 2) {
            b->bad = true;
            return false;
        }
        cap *= 2;
    }
    uint8_t *p = realloc(b->p, cap);
    if (!p) {
        b->bad = true;
        return false;
    }
    b->p = p;
    b->cap = cap;
    return true;
}

void fw_buf_put(struct fw_buf *b, const void *bytes, size_t n)
{
    if (n == 0 || !reserve(b, n))
        return;
    memcpy(b->p + b->size, bytes, n);
    b->size += n;
}

void fw_buf_fill(struct fw_buf *b, uint8_t value, size_t n)
{
    if (n == 0 || !reserve(b, n))
        return;
    memset(b->p + b->size, value, n);
    b->size += n;
}

void fw_buf_put8(struct fw_buf *b, uint8_t v)
{
    fw_buf_put(b, &v, 1);
}

void fw_buf_put16(struct fw_buf *b, uint16_t v)
{
    uint8_t raw[2];
    fw_put16(raw, v);
    fw_buf_put(b, raw, sizeof raw);
}

void fw_buf_put32(struct fw_buf *b, uint32_t v)
{
    uint8_t raw[4];
    fw_put32(raw, v);
    fw_buf_put(b, raw, sizeof raw);
}

void fw_buf_put64(struct fw_buf *b, uint64_t v)
{
    uint8_t raw[8];
    fw_put64(raw, v);
    fw_buf_put(b, raw, sizeof raw);
}

void fw_buf_text(struct fw_buf *b, const char *text)
{
    fw_buf_put(b, text, strlen(text));
}

void fw_buf_printf(struct fw_buf *b, const char *format, ...)
{
    va_list args;
    char small[256];

    va_start(args, format);
    int n = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if (n < 0 || b->bad) {
        b->bad = true;
        return;
    }
    if ((size_t)n < sizeof small) {
        fw_buf_put(b, small, (size_t)n);
        return;
    }
    if (!reserve(b, (size_t)n + 1))
        return;
    va_start(args, format);
    vsnprintf((char *)b->p + b->size, (size_t)n + 1, format, args);
    va_end(args);
    b->size += (size_t)n;
}

void fw_buf_hex(struct fw_buf *b, const uint8_t *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";

    if (n > SIZE_MAX / 2 || !reserve(b, n * 2)) {
        b->bad = true;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        b->p[b->size++] = (uint8_t)digits[bytes[i] >> 4];
        b->p[b->size++] = (uint8_t)digits[bytes[i] & 15];
    }
}

char *fw_buf_take_text(struct fw_buf *b)
{
    fw_buf_put8(b, 0);
    if (b->bad) {
        fw_buf_free(b);
        return NULL;
    }
    char *text = (char *)b->p;
    *b = (struct fw_buf){0};
    return text;
}

void fw_buf_free(struct fw_buf *b)
{
    free(b->p);
    *b = (struct fw_buf){0};
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int fw_unhex(const char *text, size_t length, struct fw_buf *out, size_t *bad_at)
{
    for (size_t i = 0; i < length; i++) {
        if (hex_digit(text[i]) < 0) {
            *bad_at = i;
            return -1;
        }
    }
    if (length % 2) {
        *bad_at = length;
        return -1;
    }
    for (size_t i = 0; i < length; i += 2)
        fw_buf_put8(out, (uint8_t)(hex_digit(text[i]) << 4 | hex_digit(text[i + 1])));
    return 0;
}

uint16_t fw_sum16(const uint8_t *p, size_t size)
{
    unsigned sum = 0;

    for (size_t i = 0; i + 1 < size; i += 2)
        sum += fw_le16(p + i);
    return (uint16_t)(sum & 0xffff);
}

uint64_t fw_hash(uint64_t seed, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        seed = (seed ^ p[i]) * UINT64_C(0x100000001b3);
    return seed;
}
