/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include <fwvar/variables.h>

#include "base/bytes.h"
#include "base/diag.h"
#include "base/utf16.h"
#include "format/map.h"
#include "format/store.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    struct fwvar_record record;
    enum fwvar_role role;
};

struct fwvar_variables {
    struct entry *entries;
    size_t count, cap;
    struct fw_map live;
    struct fwvar_usage usage;
};

size_t fwvar_record_name_length(const struct fwvar_record *r)
{
    bool nul = r->name_size >= 2 && r->name_size % 2 == 0 &&
               fw_le16(r->name + r->name_size - 2) == 0;

    return nul ? r->name_size - 2u : r->name_size;
}

static struct fw_key key_of(const struct fwvar_record *r)
{
    return (struct fw_key){&r->guid, r->name, fwvar_record_name_length(r)};
}

static struct fw_key key_at(const void *owner, size_t i)
{
    return key_of(&((const struct fwvar_variables *)owner)->entries[i].record);
}

static int append(struct fwvar_variables *v, const struct fwvar_record *record)
{
    if (v->count == v->cap) {
        size_t cap = v->cap ? v->cap * 2 : 64;
        struct entry *entries =
            cap <= UINT32_MAX / 2 ? realloc(v->entries, cap * sizeof *entries) : NULL;
        if (!entries)
            return FWVAR_ERR_NOMEM;
        v->entries = entries;
        v->cap = cap;
    }
    v->entries[v->count++] = (struct entry){*record, FWVAR_ROLE_UNKNOWN};
    return 0;
}

static enum fwvar_role role_by_state(const struct fwvar_record *r)
{
    if (r->unwritten)
        return FWVAR_ROLE_UNFINISHED;
    switch (r->state) {
    case FWVAR_STATE_ADDED:
    case FWVAR_STATE_IN_DELETION:
        return FWVAR_ROLE_LIVE;
    case FWVAR_STATE_DELETED:
    case FWVAR_STATE_SUPERSEDED:
        return FWVAR_ROLE_DEAD;
    case FWVAR_STATE_HEADER_ONLY:
        return FWVAR_ROLE_UNFINISHED;
    default:
        return FWVAR_ROLE_UNKNOWN;
    }
}

/* The first of its name and GUID that comes along is live; what follows gets @other. */
static int assign_role(struct fwvar_variables *v, size_t i, uint8_t state,
                       enum fwvar_role other)
{
    struct entry *e = &v->entries[i];

    if (e->role != FWVAR_ROLE_LIVE || e->record.state != state)
        return 0;
    struct fw_key key = key_of(&e->record);
    if (fw_map_find(&v->live, v, &key) != FW_MAP_NONE) {
        e->role = other;
        return 0;
    }
    if (fw_map_reserve(&v->live, v) != 0)
        return FWVAR_ERR_NOMEM;
    fw_map_put(&v->live, v, &key, i);
    return 0;
}

/* First all 0x3F, of which the first wins; then 0x3E without such a twin, of which the
 * driver's look-up takes the last. */
static int assign_roles(struct fwvar_variables *v)
{
    int code = 0;

    v->live.key_at = key_at;
    for (size_t i = 0; code == 0 && i < v->count; i++) {
        v->entries[i].role = role_by_state(&v->entries[i].record);
        code = assign_role(v, i, FWVAR_STATE_ADDED, FWVAR_ROLE_DUPLICATE);
    }
    for (size_t i = v->count; code == 0 && i-- > 0;)
        code = assign_role(v, i, FWVAR_STATE_IN_DELETION, FWVAR_ROLE_TWIN);
    return code;
}

static void count_usage(struct fwvar_variables *v, const struct fwvar_store *store,
                        const struct fwvar_walk *walk)
{
    struct fwvar_usage *u = &v->usage;
    size_t *const counts[] = {[FWVAR_ROLE_LIVE] = &u->live,
                              [FWVAR_ROLE_DUPLICATE] = &u->duplicates,
                              [FWVAR_ROLE_TWIN] = &u->twins,
                              [FWVAR_ROLE_DEAD] = &u->dead,
                              [FWVAR_ROLE_UNFINISHED] = &u->unfinished,
                              [FWVAR_ROLE_UNKNOWN] = &u->unknown};
    size_t kept = 0;

    for (size_t i = 0; i < v->count; i++) {
        const struct entry *e = &v->entries[i];
        ++*counts[e->role];
        if (e->role == FWVAR_ROLE_LIVE || e->role == FWVAR_ROLE_DUPLICATE)
            kept += fw_align4(e->record.size);
    }
    u->capacity = store->end - store->first;
    u->used = walk->at - store->first;
    u->free = u->capacity - u->used;
    u->reclaimable = u->used > kept ? u->used - kept : 0;
    u->end = walk->end;
    u->end_offset = store->volume.offset + walk->at;
    size_t dirty = fw_skip_bytes(store->bytes, walk->at, store->end, 0xFF);
    u->dirty = dirty < store->end ? store->volume.offset + dirty : FWVAR_NO_OFFSET;
}

int fwvar_variables_read(const struct fwvar_store *store,
                         struct fwvar_variables **variables, struct fwvar_diag *diag)
{
    struct fwvar_walk walk = fwvar_walk_begin(store);
    struct fwvar_record record;
    struct fwvar_variables *v = calloc(1, sizeof *v);

    if (!v)
        return fw_nomem(diag);
    while (fwvar_walk_next(&walk, &record) == 0) {
        if (append(v, &record) != 0) {
            fwvar_variables_free(v);
            return fw_nomem(diag);
        }
    }
    if (assign_roles(v) != 0) {
        fwvar_variables_free(v);
        return fw_nomem(diag);
    }
    count_usage(v, store, &walk);
    *variables = v;
    return 0;
}

void fwvar_variables_free(struct fwvar_variables *v)
{
    if (!v)
        return;
    free(v->entries);
    fw_map_free(&v->live);
    free(v);
}

size_t fwvar_variables_count(const struct fwvar_variables *v)
{
    return v->count;
}

const struct fwvar_record *fwvar_variables_at(const struct fwvar_variables *v, size_t i)
{
    return &v->entries[i].record;
}

enum fwvar_role fwvar_variables_role(const struct fwvar_variables *v, size_t i)
{
    return v->entries[i].role;
}

const struct fwvar_record *fwvar_variables_find(const struct fwvar_variables *v,
                                                const struct fwvar_guid *guid,
                                                const uint8_t *name, size_t name_size)
{
    struct fw_key key = {guid, name, name_size};
    size_t i = fw_map_find(&v->live, v, &key);

    return i == FW_MAP_NONE ? NULL : &v->entries[i].record;
}

const struct fwvar_record *fwvar_variables_get(const struct fwvar_variables *v,
                                               const struct fwvar_guid *guid,
                                               const char *name)
{
    uint8_t wide[128];
    size_t n = strlen(name);

    if (n > sizeof wide / 2)
        return NULL;
    for (size_t i = 0; i < n; i++)
        fw_put16(wide + 2 * i, (uint8_t)name[i]);
    return fwvar_variables_find(v, guid, wide, n * 2);
}

const struct fwvar_usage *fwvar_variables_usage(const struct fwvar_variables *v)
{
    return &v->usage;
}

char *fwvar_record_name(const struct fwvar_record *record, bool for_terminal, bool *valid)
{
    struct fw_buf out = {0};
    bool ok = fw_utf16_text(&out, record->name, fwvar_record_name_length(record),
                            for_terminal ? FW_ESCAPE_CONTROL : FW_ESCAPE_INVALID);
    if (valid)
        *valid = ok;
    return fw_buf_take_text(&out);
}
