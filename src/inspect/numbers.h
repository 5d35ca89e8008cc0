/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Sets of 16-bit numbers, such as those of Boot####: one bit each. */
#ifndef FW_INSPECT_NUMBERS_H
#define FW_INSPECT_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

#define FW_NUMBERS 0x10000

struct fw_number_set {
    uint64_t words[FW_NUMBERS / 64];
};

static inline bool fw_set_has(const struct fw_number_set *set, uint16_t n)
{
    return set->words[n / 64] >> n % 64 & 1;
}

/* False if it was in the set already. */
static inline bool fw_set_add(struct fw_number_set *set, uint16_t n)
{
    bool added = !fw_set_has(set, n);

    set->words[n / 64] |= UINT64_C(1) << n % 64;
    return added;
}

static inline void fw_set_remove(struct fw_number_set *set, uint16_t n)
{
    set->words[n / 64] &= ~(UINT64_C(1) << n % 64);
}

#endif
