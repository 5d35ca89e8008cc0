/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What a repair did and left, and what the history of a store holds. */
#include "view/view.h"

#include "base/bytes.h"
#include "base/utf16.h"

#include <fwvar/known.h>

#include <stdlib.h>
#include <string.h>

/* ---- repair ---- */

static int print_mend(const struct view_style *st, const struct fwvar_mend *m,
                      const char *what, enum view_tint tint)
{
    struct fw_buf line = {0};

    if (m->variable) {
        fw_text_escaped(&line, m->variable, strlen(m->variable));
        fw_buf_text(&line, ": ");
    }
    fw_text_escaped(&line, m->message, strlen(m->message));
    char *text = fw_buf_take_text(&line);
    if (!text)
        return FWVAR_ERR_NOMEM;
    fprintf(st->to, "%s%s%s  %s", view_tint(st, tint), what, view_tint(st, TINT_PLAIN),
            m->rule);
    if (m->offset != FWVAR_NO_OFFSET)
        fprintf(st->to, "  0x%llx", (unsigned long long)m->offset);
    fprintf(st->to, "  %s\n", text);
    free(text);
    return 0;
}

int view_repair_text(const struct view_style *st, const struct fwvar_repair *r)
{
    int code = 0;

    for (size_t i = 0; code == 0 && i < fwvar_repair_mends(r); i++)
        code = print_mend(st, fwvar_repair_mend(r, i), "mended", TINT_GOOD);
    for (size_t i = 0; code == 0 && i < fwvar_repair_lefts(r); i++)
        code = print_mend(st, fwvar_repair_left(r, i), "left  ", TINT_BAD);
    if (fwvar_repair_mends(r) == 0)
        fputs("nothing to mend\n", st->to);
    return code;
}

static json_t *mend_json(const struct fwvar_mend *m)
{
    json_t *o =
        json_pack("{s:s,s:o}", "rule", m->rule, "message", view_json_text(m->message));

    int failed = !o;

    if (m->offset != FWVAR_NO_OFFSET)
        failed |= json_object_set_new(o, "offset", json_integer((json_int_t)m->offset));
    if (m->variable)
        failed |= json_object_set_new(o, "variable", view_json_text(m->variable));
    if (failed) {
        json_decref(o);
        return NULL;
    }
    return o;
}

json_t *view_repair_json(const struct fwvar_repair *r)
{
    json_t *mends = json_array(), *left = json_array();
    int failed = 0;

    for (size_t i = 0; !failed && i < fwvar_repair_mends(r); i++)
        failed = json_array_append_new(mends, mend_json(fwvar_repair_mend(r, i)));
    for (size_t i = 0; !failed && i < fwvar_repair_lefts(r); i++)
        failed = json_array_append_new(left, mend_json(fwvar_repair_left(r, i)));
    json_t *doc = json_pack("{s:o,s:o}", "mends", mends, "left", left);
    if (failed) {
        json_decref(doc);
        return NULL;
    }
    return doc;
}

/* ---- history ---- */

static const char *role_name(enum fwvar_role role)
{
    static const char *const names[] = {[FWVAR_ROLE_LIVE] = "live",
                                        [FWVAR_ROLE_DUPLICATE] = "duplicate",
                                        [FWVAR_ROLE_TWIN] = "twin",
                                        [FWVAR_ROLE_DEAD] = "dead",
                                        [FWVAR_ROLE_UNFINISHED] = "unfinished",
                                        [FWVAR_ROLE_UNKNOWN] = "unknown"};

    return names[role];
}

static int print_past(const struct view_style *st, const struct fwvar_record *r,
                      enum fwvar_role role)
{
    struct fwvar_variable v = fwvar_record_variable(r);
    char *value = fwvar_value_text(&v);

    if (!value)
        return FWVAR_ERR_NOMEM;
    fprintf(st->to, "  %s0x%06llx  %-11s  %s%s\n",
            view_tint(st, role == FWVAR_ROLE_LIVE ? TINT_PLAIN : TINT_DIM),
            (unsigned long long)r->offset, view_state_name(r), value,
            view_tint(st, TINT_PLAIN));
    free(value);
    return 0;
}

int view_history_text(const struct view_style *st, const struct fwvar_history *h,
                      size_t v)
{
    const struct fwvar_record *first = fwvar_history_record(h, v, 0, NULL);
    char *name = fwvar_record_name(first, true, NULL);
    char guid[FWVAR_GUID_TEXT_SIZE];
    int code = name ? 0 : FWVAR_ERR_NOMEM;

    fwvar_guid_format(&first->guid, guid);
    if (code == 0)
        fprintf(st->to, "%s  [%s]\n", name, guid);
    free(name);
    for (size_t i = 0; code == 0 && i < fwvar_history_records(h, v); i++) {
        enum fwvar_role role;
        const struct fwvar_record *r = fwvar_history_record(h, v, i, &role);
        code = print_past(st, r, role);
    }
    return code;
}

static json_t *past_json(const struct fwvar_record *r, enum fwvar_role role)
{
    json_t *o =
        json_pack("{s:I,s:i,s:s,s:I}", "offset", (json_int_t)r->offset, "state",
                  (int)r->state, "role", role_name(role), "size", (json_int_t)r->size);

    if (o && json_object_update_new(o, view_json_value(r)) != 0) {
        json_decref(o);
        return NULL;
    }
    return o;
}

json_t *view_history_json(const struct fwvar_history *h, size_t v)
{
    json_t *records = json_array();
    json_t *o = json_object();

    int failed = !o || view_json_identity(o, fwvar_history_record(h, v, 0, NULL)) != 0;
    failed |= json_object_set_new(o, "records", records);
    for (size_t i = 0; !failed && i < fwvar_history_records(h, v); i++) {
        enum fwvar_role role;
        const struct fwvar_record *r = fwvar_history_record(h, v, i, &role);
        failed = json_array_append_new(records, past_json(r, role));
    }
    if (failed) {
        json_decref(o);
        return NULL;
    }
    return o;
}
