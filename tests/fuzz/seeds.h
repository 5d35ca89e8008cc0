/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Between the files of the program that writes the seeds. */
#ifndef FWVAR_TESTS_FUZZ_SEEDS_H
#define FWVAR_TESTS_FUZZ_SEEDS_H

#include <stddef.h>

/* Writes a seed: the head, which says what the rest is, then the rest. */
void seeds_save(const char *target, const char *name, const void *head, size_t head_size,
                const void *bytes, size_t size);

/* Whole images, damaged ones, and the code in front of a store. */
void seeds_of_images(void);
void seeds_of_content(void);

/* Scripts of edits. */
void seeds_of_edits(void);

#endif
