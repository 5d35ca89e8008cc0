/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Variables of a transaction by name alone. A name without GUID is rare on the command
 * line, but a plan may have thousands: the index is made for the first one, and grows
 * with the transaction. */
#include "edit/edit.h"

#include "base/diag.h"

#include <stdlib.h>

/* Entries are the store's records, then the wishes. */
struct fw_names {
    struct fw_map map; /* a name's first entry */
    size_t *next;      /* the next of the same name; of the last one, the first */
    size_t *last;      /* of a first entry: the last of its chain */
    size_t count, cap; /* entries that are in */
};

static struct fw_key entry_key(const void *owner, size_t i)
{
    static const struct fwvar_guid any;
    const struct fwvar_edit *e = owner;
    size_t records = fwvar_variables_count(e->before);

    if (i >= records) {
        const struct fw_wish *w = &e->wishes[i - records];
        return (struct fw_key){&any, w->bytes, w->name_size};
    }
    const struct fwvar_record *r = fwvar_variables_at(e->before, i);
    return (struct fw_key){&any, r->name, fwvar_record_name_length(r)};
}

struct fw_names *fw_names_new(void)
{
    struct fw_names *n = calloc(1, sizeof *n);

    if (n)
        n->map.key_at = entry_key;
    return n;
}

void fw_names_free(struct fw_names *n)
{
    if (!n)
        return;
    fw_map_free(&n->map);
    free(n->next);
    free(n->last);
    free(n);
}

static int reserve(struct fw_names *n, size_t count)
{
    if (count <= n->cap)
        return 0;
    size_t cap = count + count / 2 + 16;
    size_t *next = realloc(n->next, cap * sizeof *next);
    if (next)
        n->next = next;
    size_t *last = next ? realloc(n->last, cap * sizeof *last) : NULL;
    if (!last)
        return FWVAR_ERR_NOMEM;
    n->last = last;
    n->cap = cap;
    return 0;
}

/* Dead records have the names of live ones, often many times. */
static bool counts(const struct fwvar_edit *e, size_t i)
{
    return i >= fwvar_variables_count(e->before) ||
           fwvar_variables_role(e->before, i) == FWVAR_ROLE_LIVE;
}

/* Puts in what has been added to the transaction since. */
static int catch_up(const struct fwvar_edit *e)
{
    struct fw_names *n = e->names;
    size_t all = fwvar_variables_count(e->before) + e->count;

    if (reserve(n, all) != 0)
        return FWVAR_ERR_NOMEM;
    for (; n->count < all; n->count++) {
        if (!counts(e, n->count))
            continue;
        struct fw_key key = entry_key(e, n->count);
        size_t first = fw_map_find(&n->map, e, &key);
        if (first == FW_MAP_NONE) {
            if (fw_map_reserve(&n->map, e) != 0)
                return FWVAR_ERR_NOMEM;
            fw_map_put(&n->map, e, &key, n->count);
            first = n->count;
        } else {
            n->next[n->last[first]] = n->count;
        }
        n->next[n->count] = first;
        n->last[first] = n->count;
    }
    return 0;
}

int fw_names_each(const struct fwvar_edit *e, const uint8_t *name, size_t name_size,
                  void (*visit)(void *context, const struct fwvar_guid *guid),
                  void *context, struct fwvar_diag *diag)
{
    static const struct fwvar_guid any;
    struct fw_key key = {&any, name, name_size};
    size_t records = fwvar_variables_count(e->before);
    struct fwvar_variable ignored;

    if (catch_up(e) != 0)
        return fw_nomem(diag);
    size_t first = fw_map_find(&e->names->map, e, &key), i = first;
    if (first == FW_MAP_NONE)
        return 0;
    do {
        const struct fwvar_guid *guid = i < records
                                            ? &fwvar_variables_at(e->before, i)->guid
                                            : &e->wishes[i - records].guid;
        /* What was deleted is in the index too. */
        if (fwvar_edit_get(e, guid, name, name_size, &ignored) == 0)
            visit(context, guid);
        i = e->names->next[i];
    } while (i != first);
    return 0;
}
