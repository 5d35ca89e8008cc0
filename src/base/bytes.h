/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Bytes: little-endian access, a bounded reader and a growing writer. All access to an
 * image goes through these; nothing casts bytes to a struct. */
#ifndef FW_BASE_BYTES_H
#define FW_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True if @len bytes at @off lie inside @total bytes. Subtracts, so nothing can wrap. */
static inline bool fw_range_ok(uint64_t total, uint64_t off, uint64_t len)
{
    return off <= total && len <= total - off;
}

static inline uint16_t fw_le16(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t fw_le32(const uint8_t *p)
{
    return (uint32_t)fw_le16(p) | (uint32_t)fw_le16(p + 2) << 16;
}

static inline uint64_t fw_le64(const uint8_t *p)
{
    return (uint64_t)fw_le32(p) | (uint64_t)fw_le32(p + 4) << 32;
}

static inline void fw_put16(uint8_t *p, uint16_t v)
{
    p[0] = (uint8_t)(v & 0xff);
    p[1] = (uint8_t)(v >> 8);
}

static inline void fw_put32(uint8_t *p, uint32_t v)
{
    fw_put16(p, (uint16_t)(v & 0xffff));
    fw_put16(p + 2, (uint16_t)(v >> 16));
}

static inline void fw_put64(uint8_t *p, uint64_t v)
{
    fw_put32(p, (uint32_t)(v & 0xffffffff));
    fw_put32(p + 4, (uint32_t)(v >> 32));
}

/* Index of the first byte in [from, to) that is not @value, or @to. */
size_t fw_skip_bytes(const uint8_t *p, size_t from, size_t to, uint8_t value);

/* A reader over bytes it does not own. A read past the end returns zero (or NULL), moves
 * nothing and sets `bad`, so a decoder reads all fields and checks once. */
struct fw_reader {
    const uint8_t *p;
    size_t size;
    size_t pos;
    bool bad;
};

static inline struct fw_reader fw_reader(const uint8_t *p, size_t size)
{
    return (struct fw_reader){p, size, 0, false};
}

static inline size_t fw_left(const struct fw_reader *r)
{
    return r->size - r->pos;
}

const uint8_t *fw_take(struct fw_reader *r, size_t n); /* NULL if fewer are left */
uint8_t fw_take8(struct fw_reader *r);
uint16_t fw_take16(struct fw_reader *r);
uint32_t fw_take32(struct fw_reader *r);
uint64_t fw_take64(struct fw_reader *r);

/* A growing buffer. A failed allocation sets `bad` and later writes do nothing, so a
 * builder writes all it has and checks once. Free with fw_buf_free(). */
struct fw_buf {
    uint8_t *p;
    size_t size;
    size_t cap;
    bool bad;
};

void fw_buf_put(struct fw_buf *b, const void *bytes, size_t n);
void fw_buf_fill(struct fw_buf *b, uint8_t value, size_t n);
void fw_buf_put8(struct fw_buf *b, uint8_t v);
void fw_buf_put16(struct fw_buf *b, uint16_t v);
void fw_buf_put32(struct fw_buf *b, uint32_t v);
void fw_buf_put64(struct fw_buf *b, uint64_t v);
/* Text is appended without its NUL. */
void fw_buf_text(struct fw_buf *b, const char *text);
__attribute__((format(printf, 2, 3))) void fw_buf_printf(struct fw_buf *b,
                                                         const char *format, ...);
void fw_buf_hex(struct fw_buf *b, const uint8_t *bytes, size_t n); /* lower case */
/* Adds a NUL and hands the text over; the buffer is empty afterwards. NULL if bad. */
char *fw_buf_take_text(struct fw_buf *b);
void fw_buf_free(struct fw_buf *b);

/* Hex text to bytes: digits in any case, nothing between them.
 * Returns 0, or -1 with *bad_at the index of the first character that does not fit. */
int fw_unhex(const char *text, size_t length, struct fw_buf *out, size_t *bad_at);

/* EFI's 16-bit header sum (volume headers): sum of little-endian words, modulo 0x10000.
 * @size is even. */
uint16_t fw_sum16(const uint8_t *p, size_t size);

/* FNV-1a over bytes, continued from @seed; for hash tables only. */
uint64_t fw_hash(uint64_t seed, const uint8_t *p, size_t n);
#define FW_HASH_START UINT64_C(0xcbf29ce484222325)

#endif
