/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What the folder of the runs holds at some time, at all depths. */
#ifndef FWVAR_TESTS_SHOT_H
#define FWVAR_TESTS_SHOT_H

#include "fault/trial.h"

struct shot_entry {
    char *path;       /* from the folder */
    bool is_folder;   /* without content */
    struct blob blob; /* a link's is where it leads */
};

struct shot {
    struct shot_entry *at; /* sorted */
    size_t count;
};

void shot_take(struct shot *shot);
void shot_free(struct shot *shot);
/* NULL: it is not there. */
const struct shot_entry *shot_find(const struct shot *shot, const char *path);
/* Both may be NULL. */
bool shot_same_entry(const struct shot_entry *a, const struct shot_entry *b);
bool shot_same(const struct shot *a, const struct shot *b);
/* The length of the part of the path that ends with a temporary name; 0 if it has none.
 */
size_t shot_temporary(const char *path);

#endif
