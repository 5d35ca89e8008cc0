/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "edit/names.h"

#include "base/bytes.h"

#include <stdlib.h>
#include <string.h>

static size_t bucket_of(const struct fw_names *names, const uint8_t *name, size_t size)
{
    uint64_t hash = fw_hash(FW_HASH_START, name, size);

    return (size_t)(hash ^ hash >> 32) & names->mask;
}

int fw_names_make(struct fw_names *names, const struct fwvar_variables *variables)
{
    size_t count = fwvar_variables_count(variables), buckets = 64;

    if (names->first)
        return 0;
    while (buckets < count)
        buckets *= 2;
    names->first = calloc(buckets, sizeof *names->first);
    names->next = calloc(count + 1, sizeof *names->next);
    names->mask = buckets - 1;
    if (!names->first || !names->next) {
        fw_names_free(names);
        return FWVAR_ERR_NOMEM;
    }
    for (size_t i = count; i-- > 0;) { /* backwards: each goes in front */
        if (fwvar_variables_role(variables, i) != FWVAR_ROLE_LIVE)
            continue;
        const struct fwvar_record *r = fwvar_variables_at(variables, i);
        size_t b = bucket_of(names, r->name, fwvar_record_name_length(r));
        names->next[i] = names->first[b];
        names->first[b] = (uint32_t)i + 1;
    }
    return 0;
}

size_t fw_names_next(const struct fw_names *names,
                     const struct fwvar_variables *variables, const uint8_t *name,
                     size_t name_size, size_t after)
{
    uint32_t at = after == SIZE_MAX ? names->first[bucket_of(names, name, name_size)]
                                    : names->next[after];

    for (; at; at = names->next[at - 1]) {
        const struct fwvar_record *r = fwvar_variables_at(variables, at - 1);
        if (fwvar_record_name_length(r) == name_size &&
            memcmp(r->name, name, name_size) == 0)
            return at - 1;
    }
    return SIZE_MAX;
}

void fw_names_free(struct fw_names *names)
{
    free(names->first);
    free(names->next);
    *names = (struct fw_names){0};
}
