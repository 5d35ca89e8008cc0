/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What the harnesses share. They are read by CBMC, never run: a function named nondet_*
 * has no body and so returns every value at once. */
#ifndef FW_PROOF_H
#define FW_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool nondet_bool(void);
size_t nondet_size(void);
uint8_t nondet_u8(void);
uint16_t nondet_u16(void);
uint32_t nondet_u32(void);
uint64_t nondet_u64(void);

/* From here on only executions in which this holds. */
#define GIVEN(condition) __CPROVER_assume(condition)
/* Must hold in every execution; the text names the promise in the report. */
#define PROMISE(condition, text) __CPROVER_assert(condition, text)

/* Any size up to @most, 255 at the most. Made from a byte, so that the solver knows the
 * other bits of everything that is computed from it. */
static inline size_t any_up_to(size_t most)
{
    size_t size = nondet_u8();

    GIVEN(size <= most);
    return size;
}

/* @size bytes of any content. They are the last of their block, so that a read past them
 * leaves it; one before them does when @size is BOUND. A size that is not constant would
 * do the same with an allocation, but take many times as long. */
#define ANY_BYTES(name, size)                                                            \
    uint8_t name##_block[BOUND];                                                         \
    __CPROVER_havoc_object(name##_block);                                                \
    uint8_t *const name = name##_block + (BOUND - (size))

/* True if the @len bytes at @p are among the @size bytes at @block. */
static inline bool inside(const uint8_t *block, size_t size, const uint8_t *p, size_t len)
{
    return __CPROVER_same_object(block, p) && p >= block && (size_t)(p - block) <= size &&
           len <= size - (size_t)(p - block);
}

#endif
