/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "view/fold.h"
#include "view/view.h"

#include <fwvar/known.h>

#include <stdlib.h>
#include <string.h>

#define NAME_WIDTH_MAX 28

/* ---- text ---- */

static int print_verbose(const struct view_style *st, const struct view_row *row,
                         const char *name, const char *value)
{
    const struct fwvar_record *r = row->record;
    char guid[FWVAR_GUID_TEXT_SIZE], attributes[48];

    fwvar_guid_format(&r->guid, guid);
    view_attributes(r->attributes, attributes);
    fprintf(st->to, "%s%s%s\n", view_tint(st, TINT_GOOD), name,
            view_tint(st, TINT_PLAIN));
    fprintf(st->to, "    guid %s, attributes %s (0x%x)\n", guid, attributes,
            r->attributes);
    fprintf(st->to, "    offset 0x%llx, %u bytes, state %s (0x%02x)\n",
            (unsigned long long)r->offset, r->size, view_state_name(r), r->state);
    fprintf(st->to, "    value %s\n", value);
    view_hexdump(st->to, r->data, r->data_size);
    return 0;
}

/* A record and its place among others. */
struct named {
    const struct fwvar_record *record;
    size_t index;
};

static int by_name(const void *a, const void *b)
{
    const struct fwvar_record *x = ((const struct named *)a)->record;
    const struct fwvar_record *y = ((const struct named *)b)->record;

    if (x->name_size != y->name_size)
        return x->name_size < y->name_size ? -1 : 1;
    return x->name_size ? memcmp(x->name, y->name, x->name_size) : 0;
}

bool *view_namesakes(const struct fwvar_record *(*record)(const void *of, size_t i),
                     const void *of, size_t count)
{
    struct named *sorted = calloc(count + 1, sizeof *sorted);
    bool *shared = calloc(count + 1, sizeof *shared);

    if (!sorted || !shared) {
        free(sorted);
        free(shared);
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        sorted[i] = (struct named){record(of, i), i};
    qsort(sorted, count, sizeof *sorted, by_name);
    for (size_t i = 0, end; i < count; i = end) {
        bool differ = false;
        for (end = i; end < count && by_name(&sorted[i], &sorted[end]) == 0; end++)
            differ |=
                !fwvar_guid_equal(&sorted[i].record->guid, &sorted[end].record->guid);
        for (size_t k = i; k < end; k++)
            shared[sorted[k].index] = differ;
    }
    free(sorted);
    return shared;
}

static const struct fwvar_record *row_record(const void *rows, size_t i)
{
    return ((const struct view_row *)rows)[i].record;
}

static void print_line(const struct view_style *st, const struct view_row *row,
                       const char *name, const char *value, int width, bool all,
                       bool with_guid)
{
    bool live = row->role == FWVAR_ROLE_LIVE;
    char guid[FWVAR_GUID_TEXT_SIZE];

    if (all)
        fprintf(st->to, "%s0x%06llx  %-11s  ",
                view_tint(st, live ? TINT_PLAIN : TINT_DIM),
                (unsigned long long)row->record->offset, view_state_name(row->record));
    fprintf(st->to, "%-*s  %s", width, name, value);
    if (with_guid) {
        fwvar_guid_format(&row->record->guid, guid);
        fprintf(st->to, "  [%s]", guid);
    }
    fprintf(st->to, "%s\n", all ? view_tint(st, TINT_PLAIN) : "");
}

/* Negative if out of memory. */
static int name_width(const struct view_row *rows, size_t count)
{
    int width = 4;

    for (size_t i = 0; i < count; i++) {
        char *name = fwvar_record_name(rows[i].record, true, NULL);
        if (!name)
            return FWVAR_ERR_NOMEM;
        int n = view_columns(name, strlen(name));
        if (n > width && n <= NAME_WIDTH_MAX)
            width = n;
        free(name);
    }
    return width;
}

int view_list_text(const struct view_style *st, const struct view_row *rows, size_t count,
                   bool all)
{
    int width = st->verbose ? 0 : name_width(rows, count);
    bool *shared = view_namesakes(row_record, rows, count);
    int code = shared && width >= 0 ? 0 : FWVAR_ERR_NOMEM;

    for (size_t i = 0; code == 0 && i < count; i++) {
        struct fwvar_variable v = fwvar_record_variable(rows[i].record);
        char *name = fwvar_record_name(rows[i].record, true, NULL);
        char *value = fwvar_value_text(&v);
        if (!name || !value)
            code = FWVAR_ERR_NOMEM;
        else if (st->verbose)
            code = print_verbose(st, &rows[i], name, value);
        else /* padding counts bytes, the width characters */
            print_line(st, &rows[i], name, value,
                       width + (int)strlen(name) - view_columns(name, strlen(name)), all,
                       shared[i]);
        free(name);
        free(value);
    }
    free(shared);
    return code;
}

/* ---- JSON ---- */

static json_t *row_json(const struct view_row *row)
{
    const struct fwvar_record *r = row->record;
    json_t *o = json_object();

    if (!o || view_json_identity(o, r) != 0) {
        json_decref(o);
        return NULL;
    }
    int failed = json_object_set_new(o, "attr", json_integer(r->attributes));
    failed |= json_object_set_new(o, "state", json_integer(r->state));
    failed |= json_object_set_new(o, "offset", json_integer((json_int_t)r->offset));
    failed |= json_object_set_new(o, "size", json_integer(r->size));
    json_t *value = view_json_value(r);
    failed |= json_object_update_new(o, value);
    if (failed) {
        json_decref(o);
        return NULL;
    }
    return o;
}

int view_json_place(json_t *to, const struct fwvar_image *image,
                    const struct fwvar_variables *variables)
{
    const struct fwvar_store *s = fwvar_image_store(image);
    const struct fwvar_usage *u = fwvar_variables_usage(variables);

    int failed =
        json_object_set_new(to, "volume",
                            json_pack("{s:I,s:I}", "offset", (json_int_t)s->volume.offset,
                                      "length", (json_int_t)s->volume.length));
    failed |= json_object_set_new(
        to, "store",
        json_pack("{s:I,s:I,s:I,s:I,s:I}", "offset",
                  (json_int_t)(s->volume.offset + s->header), "size",
                  (json_int_t)s->declared, "used", (json_int_t)u->used, "free",
                  (json_int_t)u->free, "reclaimable", (json_int_t)u->reclaimable));
    return failed ? FWVAR_ERR_NOMEM : 0;
}

json_t *view_list_json(const char *path, const struct fwvar_image *image,
                       const struct fwvar_variables *variables,
                       const struct view_row *rows, size_t count)
{
    json_t *list = json_array();
    json_t *doc = json_pack("{s:i,s:o}", "schema", 1, "image", view_json_text(path));

    if (!doc || !list || view_json_place(doc, image, variables) != 0) {
        json_decref(list);
        json_decref(doc);
        return NULL;
    }
    int failed = json_object_set_new(doc, "variables", list);
    for (size_t i = 0; !failed && i < count; i++)
        failed = json_array_append_new(list, row_json(&rows[i]));
    if (failed) {
        json_decref(doc);
        return NULL;
    }
    return doc;
}
