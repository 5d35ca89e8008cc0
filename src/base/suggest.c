/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "base/suggest.h"

#include <string.h>

#define WORD_MAX 64

static char fold(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment distance; three rows are enough to see a swap. */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t rows[3][WORD_MAX + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2];

    for (size_t j = 0; j <= b_len; j++)
        above[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t change = fold(a[i - 1]) == fold(b[j - 1]) ? 0 : 1;
            row[j] = least(above[j] + 1, least(row[j - 1] + 1, above[j - 1] + change));
            if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) &&
                fold(a[i - 2]) == fold(b[j - 1]))
                row[j] = least(row[j], before[j - 2] + 1);
        }
        size_t *free_row = before;
        before = above;
        above = row;
        row = free_row;
    }
    return above[b_len];
}

struct fw_suggest fw_suggest(const char *word)
{
    size_t limit = strlen(word) / 3;

    if (limit < 1)
        limit = 1;
    if (limit > 3)
        limit = 3;
    return (struct fw_suggest){word, NULL, limit + 1};
}

void fw_suggest_try(struct fw_suggest *s, const char *candidate)
{
    size_t a = strlen(s->word), b = strlen(candidate);

    if (a > WORD_MAX || b > WORD_MAX || a == 0)
        return;
    size_t d = distance(s->word, a, candidate, b);
    if (d < s->distance) {
        s->best = candidate;
        s->distance = d;
    }
}
