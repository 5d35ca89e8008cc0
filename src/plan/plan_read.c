/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Reading native plans: what all parts share, settings and deletions. */
#include "plan/plan.h"

#include "base/diag.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const fw_plan_keys[] = {"schema", "expect", "settings", "variables",
                                    "delete", "boot",   NULL};

/* ---- errors ---- */

/* The pointer in the whole text; the caller's, NULL if out of memory. */
static char *whole_pointer(const struct fwvar_plan *plan, const char *pointer,
                           const char *key)
{
    struct fw_buf place = {0};

    fw_buf_printf(&place, "%s%s%s", plan->prefix, pointer, key ? "/" : "");
    if (key)
        fw_pointer_escape(&place, key);
    return fw_buf_take_text(&place);
}

int fw_plan_fail(const struct fw_plan_reading *r, const char *pointer, const char *key,
                 const char *format, ...)
{
    char text[320];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    char *whole = whole_pointer(r->plan, pointer, key);
    int code =
        whole ? fw_place_fail(&r->doc, whole, false, "%s", text) : fw_nomem(r->doc.diag);
    free(whole);
    return code;
}

void fw_plan_explain_at(const struct fwvar_plan *plan, const char *pointer,
                        const char *key, struct fwvar_diag *diag)
{
    const struct fw_json_text doc = {plan->text, plan->text_size, diag};
    char *whole = diag ? whole_pointer(plan, pointer, key) : NULL;

    if (whole)
        fw_place_explain(&doc, whole);
    else
        fw_nomem(diag);
    free(whole);
}

int fw_plan_refer(const struct fw_plan_reading *r, const char *pointer, const char *key,
                  int code)
{
    if (r->doc.diag && code != FWVAR_ERR_NOMEM) {
        fw_plan_explain_at(r->plan, pointer, key, r->doc.diag);
        code = r->doc.diag->code;
    }
    return code;
}

int fw_plan_missing(const struct fw_plan_reading *r, const char *pointer, const char *key)
{
    return fw_plan_fail(r, pointer, NULL, "\"%s\" is missing", key);
}

static int wrong_kind(const struct fw_plan_reading *r, const json_t *value,
                      const char *pointer, const char *key, const char *wanted)
{
    return fw_plan_fail(r, pointer, key, "%s, %s is expected", fw_json_kind(value),
                        wanted);
}

/* ---- kinds of values ---- */

int fw_plan_want_object(const struct fw_plan_reading *r, const json_t *value,
                        const char *pointer, const char *const *keys)
{
    if (!json_is_object(value))
        return wrong_kind(r, value, pointer, NULL, "an object");
    if (!keys)
        return 0;
    char *whole = whole_pointer(r->plan, pointer, NULL);
    int code = whole ? fw_json_check_keys(&r->doc, value, whole, keys, NULL)
                     : fw_nomem(r->doc.diag);
    free(whole);
    return code;
}

int fw_plan_want_list(const struct fw_plan_reading *r, const json_t *value,
                      const char *pointer)
{
    return json_is_array(value) ? 0 : wrong_kind(r, value, pointer, NULL, "a list");
}

int fw_plan_keep_text(struct fw_plan_reading *r, const json_t *object,
                      const char *pointer, const char *key, const char **text)
{
    const json_t *value = json_object_get(object, key);

    if (!value)
        return 0;
    if (!json_is_string(value))
        return wrong_kind(r, value, pointer, key, "a text");
    if (!*json_string_value(value))
        return fw_plan_fail(r, pointer, key, "the text is empty");
    *text = fw_plan_text(r->plan, json_string_value(value));
    return *text ? 0 : fw_nomem(r->doc.diag);
}

int fw_plan_value_text(struct fw_plan_reading *r, const json_t *value,
                       const char *pointer, const char *key, const char **text)
{
    char number[32];
    const char *s = number;

    if (json_is_integer(value))
        snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT,
                 json_integer_value(value));
    else if (json_is_boolean(value))
        s = json_is_true(value) ? "true" : "false";
    else if (json_is_string(value))
        s = json_string_value(value);
    else
        return wrong_kind(r, value, pointer, key,
                          "a text, a whole number, true or false");
    *text = fw_plan_text(r->plan, s);
    return *text ? 0 : fw_nomem(r->doc.diag);
}

/* ---- templates ---- */

static int note_key(struct fwvar_plan *p, const char *name, size_t length)
{
    for (size_t i = 0; i < p->need_count; i++) {
        if (strncmp(p->needs[i], name, length) == 0 && p->needs[i][length] == '\0')
            return 0;
    }
    if (p->need_count == p->need_cap) {
        size_t cap = p->need_cap ? 2 * p->need_cap : 8;
        const char **needs = realloc(p->needs, cap * sizeof *needs);
        if (!needs)
            return FWVAR_ERR_NOMEM;
        p->needs = needs;
        p->need_cap = cap;
    }
    char *own = fw_plan_alloc(p, length + 1);
    if (!own)
        return FWVAR_ERR_NOMEM;
    memcpy(own, name, length);
    p->needs[p->need_count++] = own;
    return 0;
}

int fw_plan_keep_template(struct fw_plan_reading *r, const char *pointer, const char *key,
                          const char *text, struct fw_template *t)
{
    const char *at = text, *name;
    size_t length;
    int more;

    *t = (struct fw_template){text, text[strcspn(text, "{}")] != '\0'};
    while ((more = fw_template_next(&at, &name, &length)) == 1) {
        if (note_key(r->plan, name, length) != 0)
            return fw_nomem(r->doc.diag);
    }
    if (more == 0)
        return 0;
    int code = fw_plan_fail(r, pointer, key, "a brace that belongs to no {key}");
    if (code == FWVAR_ERR_ARG)
        fw_hint(r->doc.diag, "a brace itself is written {{ or }}");
    return code;
}

/* ---- settings ---- */

int fw_plan_read_settings(struct fw_plan_reading *r, const json_t *value)
{
    const char *key, *text = "";
    json_t *member;

    int code = fw_plan_want_object(r, value, "/settings", NULL);
    if (code != 0)
        return code;
    struct fw_plan_setting *s =
        fw_plan_alloc(r->plan, (json_object_size(value) + 1) * sizeof *s);
    if (!s)
        return fw_nomem(r->doc.diag);
    r->plan->settings = s;
    json_object_foreach((json_t *)value, key, member)
    {
        code = fw_plan_value_text(r, member, "/settings", key, &text);
        if (code == 0)
            code = fw_plan_keep_template(r, "/settings", key, text, &s->value);
        if (code != 0)
            return code;
        s->name = fw_plan_text(r->plan, key);
        if (!s->name)
            return fw_nomem(r->doc.diag);
        s++;
        r->plan->setting_count++;
    }
    return 0;
}

/* ---- deletions ---- */

int fw_plan_read_delete(struct fw_plan_reading *r, const json_t *value)
{
    char at[32];
    const json_t *item;
    size_t i;

    int code = fw_plan_want_list(r, value, "/delete");
    if (code != 0)
        return code;
    r->plan->deletes =
        fw_plan_alloc(r->plan, (json_array_size(value) + 1) * sizeof *r->plan->deletes);
    if (!r->plan->deletes)
        return fw_nomem(r->doc.diag);
    json_array_foreach(value, i, item)
    {
        snprintf(at, sizeof at, "/delete/%zu", i);
        if (!json_is_string(item))
            return wrong_kind(r, item, at, NULL, "the name of a variable");
        if (!*json_string_value(item))
            return fw_plan_fail(r, at, NULL, "the text is empty");
        r->plan->deletes[i] = fw_plan_text(r->plan, json_string_value(item));
        if (!r->plan->deletes[i])
            return fw_nomem(r->doc.diag);
        r->plan->delete_count++;
    }
    return 0;
}
