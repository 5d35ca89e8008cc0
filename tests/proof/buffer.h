/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The growing buffer as bytes_writer proves it, in a fixed block: for proofs of those who
 * write to one. Any write may find no memory. What printf makes is not looked at, only
 * that there is some of it. */
#ifndef FW_PROOF_BUFFER_H
#define FW_PROOF_BUFFER_H

#include "proof.h"

#include "base/bytes.h"

#ifndef BUFFER
#define BUFFER (8 * BOUND + 8)
#endif

void fw_buf_put(struct fw_buf *b, const void *bytes, size_t n)
{
    PROMISE(n == 0 || __CPROVER_r_ok(bytes, n), "what is written can be read");
    if (b->bad || nondet_bool()) {
        b->bad = true;
        return;
    }
    PROMISE(n <= b->cap - b->size, "the block of the proof is large enough");
    for (size_t i = 0; i < n; i++)
        b->p[b->size + i] = ((const uint8_t *)bytes)[i];
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

void fw_buf_printf(struct fw_buf *b, const char *format, ...)
{
    uint8_t made[6];

    __CPROVER_havoc_object(made);
    fw_buf_put(b, made, sizeof made);
}

void fw_buf_free(struct fw_buf *b)
{
    *b = (struct fw_buf){0};
}

#define EMPTY_BUFFER(name)                                                               \
    uint8_t name##_room[BUFFER];                                                         \
    struct fw_buf name = {name##_room, 0, BUFFER, false}

#endif
