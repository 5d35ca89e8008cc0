/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Stores that inputs start from. An input names one and says what is different in it, so
 * it is short whatever the size of the store. */
#ifndef FWVAR_TESTS_FUZZ_BASES_H
#define FWVAR_TESTS_FUZZ_BASES_H

#include "support/imagegen.h"

#include <stddef.h>
#include <stdint.h>

/* A volume of 16 KB that is laid out like the larger ones, and as fast as one can be. */
extern const struct ig_volume base_small;

struct base {
    const char *name; /* that of a fixture if there is one */
    size_t at;        /* where it lies in the fixture */
    struct ig_bytes volume;
};

enum { BASE_SAVED = 1, BASE_MENU = 3, BASES = 9 };

/* The @i-th, made when it is first asked for. */
const struct base *base_at(unsigned i);

#define BASE_HEAD 5

/* A base with differences. The first byte of the input is the target's; then the index of
 * the base, the size to cut or fill it to (3 bytes, 0: as it is), and any number of:
 * where (2 bytes, and bit 7 of the length for those behind 64 KB), length, bytes. The
 * caller frees the *@all bytes. */
uint8_t *base_changed(const uint8_t *data, size_t size, size_t *all);

#endif
