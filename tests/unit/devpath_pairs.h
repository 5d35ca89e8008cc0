/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Reads devpath_pairs.tsv, line by line. */
#ifndef FWVAR_TEST_DEVPATH_PAIRS_H
#define FWVAR_TEST_DEVPATH_PAIRS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pair {
    bool both; /* the text is also what is printed */
    int line;
    char text[2048];
    uint8_t bytes[1024];
    size_t size;
};

static inline size_t pair_unhex(const char *hex, size_t digits, uint8_t *out, size_t room)
{
    size_t n = 0;

    for (; n < room && n * 2 + 1 < digits; n++) {
        const char one[] = {hex[n * 2], hex[n * 2 + 1], '\0'};
        out[n] = (uint8_t)strtoul(one, NULL, 16);
    }
    return n;
}

/* False at the end of the file. A line that is not a pair ends the program. */
static inline bool pair_read(FILE *file, struct pair *pair)
{
    char line[4096];

    do {
        pair->line++;
        if (!fgets(line, sizeof line, file))
            return false;
    } while (line[0] == '#');
    char *text = strchr(line, '\t');
    char *hex = text ? strchr(text + 1, '\t') : NULL;
    if (!hex || (size_t)(hex - text) > sizeof pair->text) {
        fprintf(stderr, "devpath_pairs.tsv:%d: not a pair\n", pair->line);
        abort();
    }
    *text++ = *hex++ = '\0';
    pair->both = strcmp(line, "both") == 0;
    strcpy(pair->text, text);
    pair->size = pair_unhex(hex, strcspn(hex, "\t\n"), pair->bytes, sizeof pair->bytes);
    return true;
}

#endif
