/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "view/view.h"

#include "base/bytes.h"

#include <fwvar/known.h>

#include <stdlib.h>
#include <string.h>

/* "0 (3 GB limit off)" and "1 (3 GB limit on)" share what is in front of the bracket with
 * the number; the old value is shown without its explanation. */
static int bare_length(const char *value)
{
    const char *bracket = strstr(value, " (");

    return bracket && value[0] >= '0' && value[0] <= '9' ? (int)(bracket - value)
                                                         : (int)strlen(value);
}

static int print_update(const struct view_style *st, const char *name,
                        const struct fwvar_change *c)
{
    struct fwvar_variable before = fwvar_record_variable(c->before);
    struct fwvar_variable after = fwvar_record_variable(c->after);
    char *old = fwvar_value_text(&before), *new = fwvar_value_text(&after);
    char was[48], is[48];

    if (!old || !new) {
        free(old);
        free(new);
        return FWVAR_ERR_NOMEM;
    }
    fprintf(st->to, "%s~ %s ", view_tint(st, TINT_WARN), name);
    if (strcmp(old, new) != 0)
        fprintf(st->to, "%.*s -> %s", bare_length(old), old, new);
    else
        fputs(new, st->to);
    if (c->before->attributes != c->after->attributes) {
        view_attributes(c->before->attributes, was);
        view_attributes(c->after->attributes, is);
        fprintf(st->to, " (attributes %s -> %s)", was, is);
    } else if (strcmp(old, new) == 0) {
        bool same = before.data_size == after.data_size &&
                    memcmp(before.data, after.data, after.data_size) == 0;
        fputs(same ? " (other timestamp)" : " (other bytes)", st->to);
    }
    fprintf(st->to, "%s\n", view_tint(st, TINT_PLAIN));
    free(old);
    free(new);
    return 0;
}

static int print_one(const struct view_style *st, const char *name,
                     const struct fwvar_record *r, bool added)
{
    struct fwvar_variable v = fwvar_record_variable(r);
    char *value = fwvar_value_text(&v);

    if (!value)
        return FWVAR_ERR_NOMEM;
    fprintf(st->to, "%s%c %s %s%s\n", view_tint(st, added ? TINT_GOOD : TINT_BAD),
            added ? '+' : '-', name, value, view_tint(st, TINT_PLAIN));
    free(value);
    return 0;
}

static const struct fwvar_record *changed(const void *diff, size_t i)
{
    const struct fwvar_change *c = fwvar_diff_change(diff, i);

    return c->after ? c->after : c->before;
}

/* "Name", or "Name [GUID]". */
static char *title_of(const struct fwvar_record *r, bool with_guid)
{
    char *name = fwvar_record_name(r, true, NULL);
    char guid[FWVAR_GUID_TEXT_SIZE];
    struct fw_buf title = {0};

    if (!name || !with_guid)
        return name;
    fwvar_guid_format(&r->guid, guid);
    fw_buf_printf(&title, "%s [%s]", name, guid);
    free(name);
    return fw_buf_take_text(&title);
}

static int print_change(const struct view_style *st, const struct fwvar_diff *d, size_t i,
                        bool with_guid)
{
    const struct fwvar_change *c = fwvar_diff_change(d, i);
    char *name = title_of(changed(d, i), with_guid);
    int code = FWVAR_ERR_NOMEM;

    if (name && c->op == FWVAR_CHANGE_UPDATE)
        code = print_update(st, name, c);
    else if (name)
        code = print_one(st, name, changed(d, i), c->op == FWVAR_CHANGE_ADD);
    free(name);
    return code;
}

/* Bytes that no record explains: they are shown even without --bytes. */
static void print_regions(const struct view_style *st, const struct fwvar_diff *d)
{
    for (int region = FWVAR_REGION_OUTSIDE; region <= FWVAR_REGION_SPARE; region++) {
        uint64_t bytes = 0, first = 0;
        for (size_t i = 0; i < fwvar_diff_ranges(d); i++) {
            const struct fwvar_byte_range *r = fwvar_diff_range(d, i);
            if (r->region != (enum fwvar_region)region)
                continue;
            first = bytes ? first : r->offset;
            bytes += r->length;
        }
        if (bytes && region != FWVAR_REGION_RECORDS)
            fprintf(st->to, "~ %s: %llu byte%s, first at 0x%llx\n",
                    fwvar_region_name((enum fwvar_region)region),
                    (unsigned long long)bytes, bytes == 1 ? "" : "s",
                    (unsigned long long)first);
    }
}

static void print_summary(const struct view_style *st, const struct fwvar_diff *d)
{
    size_t count[3] = {0};

    for (size_t i = 0; i < fwvar_diff_changes(d); i++)
        count[fwvar_diff_change(d, i)->op]++;
    fprintf(st->to, "%zu added, %zu changed, %zu deleted; %llu byte%s; %llu bytes free\n",
            count[FWVAR_CHANGE_ADD], count[FWVAR_CHANGE_UPDATE],
            count[FWVAR_CHANGE_DELETE], (unsigned long long)fwvar_diff_bytes(d),
            fwvar_diff_bytes(d) == 1 ? " differs" : "s differ",
            (unsigned long long)fwvar_diff_usage(d)->free);
}

int view_diff_text(const struct view_style *st, const struct fwvar_diff *d, bool bytes)
{
    bool *shared = view_namesakes(changed, d, fwvar_diff_changes(d));
    int code = shared ? 0 : FWVAR_ERR_NOMEM;

    for (size_t i = 0; code == 0 && i < fwvar_diff_changes(d); i++)
        code = print_change(st, d, i, shared[i]);
    free(shared);
    if (code != 0)
        return code;
    print_regions(st, d);
    for (size_t i = 0; bytes && i < fwvar_diff_ranges(d); i++) {
        const struct fwvar_byte_range *r = fwvar_diff_range(d, i);
        fprintf(st->to, "  0x%06llx +%llu  %s\n", (unsigned long long)r->offset,
                (unsigned long long)r->length, fwvar_region_name(r->region));
    }
    print_summary(st, d);
    return 0;
}

static json_t *change_json(const struct fwvar_change *c)
{
    static const char *const ops[] = {[FWVAR_CHANGE_ADD] = "add",
                                      [FWVAR_CHANGE_UPDATE] = "change",
                                      [FWVAR_CHANGE_DELETE] = "delete"};
    json_t *o = json_pack("{s:s}", "op", ops[c->op]);

    if (!o || view_json_identity(o, c->after ? c->after : c->before) != 0) {
        json_decref(o);
        return NULL;
    }
    int failed = 0;
    if (c->before)
        failed |= json_object_set_new(o, "old", view_json_value(c->before));
    if (c->after)
        failed |= json_object_set_new(o, "new", view_json_value(c->after));
    if (failed) {
        json_decref(o);
        return NULL;
    }
    return o;
}

int view_diff_json(json_t *to, const struct fwvar_diff *d)
{
    json_t *changes = json_array(), *bytes = json_array();

    int failed = json_object_set_new(to, "changes", changes);
    failed |= json_object_set_new(to, "bytes", bytes);
    for (size_t i = 0; !failed && i < fwvar_diff_changes(d); i++)
        failed = json_array_append_new(changes, change_json(fwvar_diff_change(d, i)));
    for (size_t i = 0; !failed && i < fwvar_diff_ranges(d); i++) {
        const struct fwvar_byte_range *r = fwvar_diff_range(d, i);
        failed = json_array_append_new(bytes, json_pack("{s:I,s:I}", "offset",
                                                        (json_int_t)r->offset, "length",
                                                        (json_int_t)r->length));
    }
    return failed ? FWVAR_ERR_NOMEM : 0;
}
