/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Packing with liblzma would make the fixtures depend on its version. */
#include "imagemain.h"

#include <stdlib.h>

enum {
    LC = 3, /* literal context bits */
    PB = 2, /* position bits */
    PROPERTIES = (PB * 5 + 0) * 9 + LC,
    DICTIONARY = 1 << 24,
    HALF = 1 << 10, /* a probability of one half */
};

struct range_coder {
    struct ig_bytes *out;
    uint64_t low;
    uint32_t range;
    uint8_t cache;
    uint64_t pending; /* bytes held back because a carry may still reach them */
};

static void shift_low(struct range_coder *c)
{
    if (c->low < 0xff000000 || c->low > 0xffffffff) {
        uint8_t carry = (uint8_t)(c->low >> 32);
        uint8_t byte = c->cache;

        for (; c->pending; c->pending--) {
            ig_le(c->out, (uint8_t)(byte + carry), 1);
            byte = 0xff;
        }
        c->cache = (uint8_t)(c->low >> 24 & 0xff);
    }
    c->pending++;
    c->low = (c->low & 0x00ffffff) << 8;
}

static void put_bit(struct range_coder *c, uint16_t *probability, unsigned bit)
{
    uint32_t bound = (c->range >> 11) * *probability;

    if (bit) {
        c->low += bound;
        c->range -= bound;
        *probability = (uint16_t)(*probability - (*probability >> 5));
    } else {
        c->range = bound;
        *probability = (uint16_t)(*probability + ((2048 - *probability) >> 5));
    }
    for (; c->range < 1 << 24; c->range <<= 8)
        shift_low(c);
}

void ig_lzma(struct ig_bytes *out, const struct ig_bytes *in)
{
    static uint16_t is_match[1 << PB];
    static uint16_t literal[1 << LC][0x300];
    struct range_coder c = {.out = out, .range = 0xffffffff, .pending = 1};
    uint8_t before = 0;

    for (unsigned i = 0; i < 1 << PB; i++)
        is_match[i] = HALF;
    for (unsigned i = 0; i < 1 << LC; i++)
        for (unsigned k = 0; k < 0x300; k++)
            literal[i][k] = HALF;
    ig_le(out, PROPERTIES, 1);
    ig_le(out, DICTIONARY, 4);
    ig_le(out, in->size, 8);
    for (size_t i = 0; i < in->size; i++) {
        unsigned symbol = 1;

        put_bit(&c, &is_match[i % (1 << PB)], 0);
        for (unsigned left = 8; left > 0; left--) {
            unsigned b = (unsigned)in->p[i] >> (left - 1) & 1U;
            put_bit(&c, &literal[before >> (8 - LC)][symbol], b);
            symbol = symbol << 1 | b;
        }
        before = in->p[i];
    }
    for (int i = 0; i < 5; i++)
        shift_low(&c);
}
