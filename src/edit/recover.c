/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include <fwvar/recover.h>

#include "base/bytes.h"
#include "base/diag.h"
#include "format/map.h"
#include "format/store.h"
#include "inspect/record.h"

#include <fwvar/repair.h>

#include <stdlib.h>
#include <string.h>

/* ---- history ---- */

struct fwvar_history {
    const struct fwvar_variables *variables;
    struct fw_map map;
    size_t count;    /* variables */
    size_t *first;   /* per variable: its first record */
    size_t *records; /* per variable: how many */
    size_t *start;   /* per variable: where its records begin in `order` */
    size_t *order;   /* records, by variable */
};

static struct fw_key key_at(const void *owner, size_t v)
{
    const struct fwvar_history *h = owner;
    const struct fwvar_record *r = fwvar_variables_at(h->variables, h->first[v]);

    return (struct fw_key){&r->guid, r->name, fwvar_record_name_length(r)};
}

/* The variable that record @i belongs to, made if it is new. SIZE_MAX if out of memory.
 */
static size_t variable_of(struct fwvar_history *h, size_t i)
{
    const struct fwvar_record *r = fwvar_variables_at(h->variables, i);
    struct fw_key key = {&r->guid, r->name, fwvar_record_name_length(r)};
    size_t v = fw_map_find(&h->map, h, &key);

    if (v != FW_MAP_NONE)
        return v;
    if (fw_map_reserve(&h->map, h) != 0)
        return SIZE_MAX;
    h->first[h->count] = i;
    fw_map_put(&h->map, h, &key, h->count);
    return h->count++;
}

/* Counts first, then puts each record in its place: linear in the records. */
static int sort(struct fwvar_history *h, size_t n)
{
    size_t at = 0;

    for (size_t i = 0; i < n; i++) {
        size_t v = variable_of(h, i);
        if (v == SIZE_MAX)
            return FWVAR_ERR_NOMEM;
        h->records[v]++;
    }
    for (size_t v = 0; v < h->count; v++) {
        h->start[v] = at;
        at += h->records[v];
        h->records[v] = 0;
    }
    for (size_t i = 0; i < n; i++) {
        size_t v = variable_of(h, i);
        h->order[h->start[v] + h->records[v]++] = i;
    }
    return 0;
}

int fwvar_history_read(const struct fwvar_variables *variables,
                       struct fwvar_history **history, struct fwvar_diag *diag)
{
    size_t n = fwvar_variables_count(variables);
    struct fwvar_history *h = calloc(1, sizeof *h);

    if (!h)
        return fw_nomem(diag);
    h->variables = variables;
    h->map.key_at = key_at;
    h->first = calloc(n + 1, sizeof *h->first);
    h->records = calloc(n + 1, sizeof *h->records);
    h->start = calloc(n + 1, sizeof *h->start);
    h->order = calloc(n + 1, sizeof *h->order);
    if (!h->first || !h->records || !h->start || !h->order || sort(h, n) != 0) {
        fwvar_history_free(h);
        return fw_nomem(diag);
    }
    *history = h;
    return 0;
}

void fwvar_history_free(struct fwvar_history *h)
{
    if (!h)
        return;
    fw_map_free(&h->map);
    free(h->first);
    free(h->records);
    free(h->start);
    free(h->order);
    free(h);
}

size_t fwvar_history_variables(const struct fwvar_history *h)
{
    return h->count;
}

size_t fwvar_history_records(const struct fwvar_history *h, size_t v)
{
    return h->records[v];
}

const struct fwvar_record *fwvar_history_record(const struct fwvar_history *h, size_t v,
                                                size_t i, enum fwvar_role *role)
{
    size_t record = h->order[h->start[v] + i];

    if (role)
        *role = fwvar_variables_role(h->variables, record);
    return fwvar_variables_at(h->variables, record);
}

/* ---- salvage ---- */

struct fwvar_salvage {
    struct fwvar_repair *repair;
    struct fw_buf found; /* records put one behind another, if there is no store */
    struct fwvar_store store;
    struct fwvar_variables *variables;
};

/* Copies every record of one form that stands at a multiple of 4. */
static size_t collect(const uint8_t *bytes, size_t size, bool authenticated,
                      struct fw_buf *out)
{
    struct fwvar_store s = {
        .bytes = bytes, .size = size, .end = size, .authenticated = authenticated};
    struct fwvar_record r;
    size_t n = 0;

    for (size_t at = 0; at + 4 <= size;) {
        if (bytes[at] != 0xAA || !fw_plausible_record(&s, at, &r)) {
            at += 4;
            continue;
        }
        fw_buf_put(out, bytes + at, r.size);
        fw_buf_fill(out, 0xFF, fw_align4(r.size) - r.size);
        at = fw_align4(at + r.size);
        n++;
    }
    return n;
}

/* Takes the form of which there are more records. */
static int search(struct fwvar_salvage *v, const uint8_t *bytes, size_t size,
                  struct fwvar_diag *diag)
{
    struct fw_buf auth = {0}, plain = {0};
    size_t n_auth = collect(bytes, size, true, &auth);
    size_t n_plain = collect(bytes, size, false, &plain);
    bool authenticated = n_auth >= n_plain;

    v->found = authenticated ? auth : plain;
    fw_buf_free(authenticated ? &plain : &auth);
    if (v->found.bad)
        return fw_nomem(diag);
    if (n_auth == 0 && n_plain == 0)
        return fw_fail(diag, FWVAR_ERR_NOTFOUND, FWVAR_NO_OFFSET,
                       "not a single variable record in %zu bytes", size);
    v->store = (struct fwvar_store){.bytes = v->found.p,
                                    .size = v->found.size,
                                    .end = v->found.size,
                                    .authenticated = authenticated};
    return fwvar_variables_read(&v->store, &v->variables, diag);
}

static int search_image(struct fwvar_salvage *v, const struct fwvar_image *image,
                        struct fwvar_diag *diag)
{
    size_t size = (size_t)fwvar_image_size(image);
    uint8_t *bytes = malloc(size + 1);

    int code = bytes ? fwvar_image_read(image, 0, bytes, size, diag) : fw_nomem(diag);
    if (code == 0)
        code = search(v, bytes, size, diag);
    free(bytes);
    return code;
}

static bool all_named(const struct fwvar_variables *variables)
{
    for (size_t i = 0; i < fwvar_variables_count(variables); i++) {
        if (fwvar_variables_at(variables, i)->name_size < 2)
            return false;
    }
    return true;
}

/* Where a repair leaves something, as it does where the image ends inside the volume, the
 * chain may be broken still, and records in it may have no name. A search is less: it passes
 * over records that look strange, so it has to find more than the chain leads to. */
static int read_repaired(struct fwvar_salvage *v, struct fwvar_diag *diag)
{
    const struct fwvar_store *store = fwvar_image_store(fwvar_repair_image(v->repair));
    struct fwvar_variables *walked;

    int code = fwvar_variables_read(store, &walked, diag);
    if (code != 0)
        return code;
    bool whole = all_named(walked);
    if (fwvar_repair_lefts(v->repair) > 0) {
        code = search(v, store->bytes, store->end, diag);
        if (code == 0)
            whole = whole && fwvar_variables_count(walked) >=
                                 fwvar_variables_count(v->variables);
    }
    if (!whole || (code != 0 && code != FWVAR_ERR_NOTFOUND)) {
        fwvar_variables_free(walked);
        return code;
    }
    fwvar_variables_free(v->variables);
    v->variables = walked;
    return 0;
}

int fwvar_salvage(const struct fwvar_image *image, struct fwvar_salvage **salvage,
                  struct fwvar_diag *diag)
{
    const struct fwvar_repair_options structure = {.structure_only = true};
    struct fwvar_salvage *v = calloc(1, sizeof *v);

    if (!v)
        return fw_nomem(diag);
    int code = fwvar_repair(image, &structure, &v->repair, diag);
    if (code == 0)
        code = read_repaired(v, diag);
    else if (code == FWVAR_ERR_FORMAT || code == FWVAR_ERR_ARG)
        code = search_image(v, image, diag);
    if (code != 0) {
        fwvar_salvage_free(v);
        return code;
    }
    *salvage = v;
    return 0;
}

void fwvar_salvage_free(struct fwvar_salvage *v)
{
    if (!v)
        return;
    fwvar_variables_free(v->variables);
    fwvar_repair_free(v->repair);
    fw_buf_free(&v->found);
    free(v);
}

const struct fwvar_variables *fwvar_salvage_variables(const struct fwvar_salvage *v)
{
    return v->variables;
}
