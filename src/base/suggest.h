/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* "Did you mean": the nearest of some words, by edit distance. Allocates nothing. */
#ifndef FW_BASE_SUGGEST_H
#define FW_BASE_SUGGEST_H

#include <stddef.h>

struct fw_suggest {
    const char *word; /* what was asked for */
    const char *best; /* the nearest so far, or NULL if none is near enough */
    size_t distance;  /* of best; before that, one more than may be */
};

/* Words differ at most by a third of the length of what was asked for (at least one,
 * at most three edits: insert, delete, change, swap neighbours; letter case is free). */
struct fw_suggest fw_suggest(const char *word);

/* Offers a candidate; the first of equally near ones stays. */
void fw_suggest_try(struct fw_suggest *s, const char *candidate);

#endif
