/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Reading "variables" of native plans. */
#include "plan/plan.h"

#include "base/diag.h"
#include "base/suggest.h"
#include "edit/edit.h"
#include "know/guid_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const fw_plan_variable_keys[] = {"name", "guid",  "attr", "data",
                                             "type", "value", "time", NULL};
const char *const fw_plan_types[] = {"u8",    "u16",    "u32",   "u64",    "hex",
                                     "ascii", "asciiz", "utf16", "utf16z", NULL};

/* An element of the list while it is read. */
struct element {
    struct fw_plan_reading *r;
    const json_t *object;
    char pointer[40];
    struct fw_plan_variable *v;
};

static int read_guid(const struct element *e)
{
    const char *text = NULL;
    int code = fw_plan_keep_text(e->r, e->object, e->pointer, "guid", &text);

    if (!text)
        return code;
    if (fwvar_guid_parse(text, &e->v->guid) != 0 && !fw_guid_by_name(text, &e->v->guid))
        return fw_plan_fail(e->r, e->pointer, "guid",
                            "\"%.64s\" is neither a GUID nor a name of one", text);
    e->v->has_guid = true;
    return 0;
}

static int read_attributes(const struct element *e)
{
    const json_t *value = json_object_get(e->object, "attr");
    const char *text;

    if (!value)
        return 0;
    if (!json_is_string(value) && !json_is_integer(value))
        return fw_plan_fail(e->r, e->pointer, "attr",
                            "%s, a number or a text such as NV+BS+RT is expected",
                            fw_json_kind(value));
    int code = fw_plan_value_text(e->r, value, e->pointer, "attr", &text);
    if (code != 0)
        return code;
    e->v->has_attributes = true;
    code = fwvar_attributes_parse(text, &e->v->attributes, e->r->doc.diag);
    return code == 0 ? 0 : fw_plan_refer(e->r, e->pointer, "attr", code);
}

static int read_time(const struct element *e)
{
    const char *text = NULL;
    int code = fw_plan_keep_text(e->r, e->object, e->pointer, "time", &text);

    if (!text)
        return code;
    e->v->has_time = true;
    code = fwvar_time_parse(text, e->v->time, e->r->doc.diag);
    return code == 0 ? 0 : fw_plan_refer(e->r, e->pointer, "time", code);
}

/* ---- the value ---- */

/* Turns "u16:5" into bytes, unless it has keys. */
static int compile(const struct element *e, const char *key, const char *text)
{
    struct fw_plan_variable *v = e->v;
    struct fw_buf bytes = {0}, plain = {0};

    int code = fw_plan_keep_template(e->r, e->pointer, key, text, &v->value);
    const char *at = text, *name;
    size_t length;
    if (code != 0 || fw_template_next(&at, &name, &length) == 1)
        return code;
    code = fw_template_fill(&v->value, NULL, &plain, e->r->doc.diag);
    char *filled = fw_buf_take_text(&plain);
    if (code == 0)
        code = filled ? fw_prefixed_value(&bytes, filled, e->r->doc.diag)
                      : fw_nomem(e->r->doc.diag);
    free(filled);
    uint8_t *own =
        code == 0 && !bytes.bad ? fw_plan_alloc(e->r->plan, bytes.size + 1) : NULL;
    if (code != 0) {
        code = fw_plan_refer(e->r, e->pointer, key, code);
    } else if (!own) {
        code = fw_nomem(e->r->doc.diag);
    } else if (bytes.size == 0) {
        code = fw_plan_fail(e->r, e->pointer, key, "a variable needs data");
        if (code == FWVAR_ERR_ARG)
            fw_hint(e->r->doc.diag, "to remove it, put its name into \"delete\"");
    } else {
        memcpy(own, bytes.p, bytes.size);
        v->data = own;
        v->data_size = bytes.size;
    }
    fw_buf_free(&bytes);
    return code;
}

static int check_type(const struct element *e, const char *type)
{
    struct fw_suggest near = fw_suggest(type);

    for (size_t i = 0; fw_plan_types[i]; i++) {
        if (strcmp(type, fw_plan_types[i]) == 0)
            return 0;
        fw_suggest_try(&near, fw_plan_types[i]);
    }
    int code = fw_plan_fail(e->r, e->pointer, "type", "\"%.64s\" is no type", type);
    if (code == FWVAR_ERR_ARG)
        fw_hint(e->r->doc.diag, "%s%s%s", near.best ? "did you mean " : "",
                near.best ? near.best : "",
                near.best ? "?"
                          : "types are u8 u16 u32 u64 hex ascii asciiz utf16 utf16z");
    return code;
}

/* "type" and "value", as --set has them in one text. */
static int read_typed(const struct element *e, const char *type)
{
    const json_t *value = json_object_get(e->object, "value");
    const char *text;
    struct fw_buf joined = {0};

    int code = check_type(e, type);
    if (code == 0 && json_is_boolean(value))
        code =
            fw_plan_fail(e->r, e->pointer, "value",
                         "%s, a text or a whole number is expected", fw_json_kind(value));
    if (code == 0)
        code = fw_plan_value_text(e->r, value, e->pointer, "value", &text);
    if (code != 0)
        return code;
    fw_buf_printf(&joined, "%s:", type);
    fw_buf_text(&joined, text);
    char *whole = fw_buf_take_text(&joined);
    const char *own = whole ? fw_plan_text(e->r->plan, whole) : NULL;
    free(whole);
    return own ? compile(e, "value", own) : fw_nomem(e->r->doc.diag);
}

static int read_data(const struct element *e)
{
    const json_t *data = json_object_get(e->object, "data");
    const json_t *type = json_object_get(e->object, "type");
    const json_t *value = json_object_get(e->object, "value");
    const char *text = NULL;

    if (data && (type || value))
        return fw_plan_fail(e->r, e->pointer, NULL,
                            "\"data\" and \"%s\": one of them says the value",
                            type ? "type" : "value");
    if (!data && (!type || !value))
        return fw_plan_fail(e->r, e->pointer, NULL,
                            type    ? "\"value\" is missing"
                            : value ? "\"type\" is missing"
                                    : "\"data\", or \"type\" and \"value\", is missing");
    int code =
        fw_plan_keep_text(e->r, e->object, e->pointer, data ? "data" : "type", &text);
    if (code != 0 || !data)
        return code != 0 ? code : read_typed(e, text);
    struct fw_buf hex = {0};
    fw_buf_printf(&hex, "hex:%s", text);
    char *whole = fw_buf_take_text(&hex);
    const char *own = whole ? fw_plan_text(e->r->plan, whole) : NULL;
    free(whole);
    return own ? compile(e, "data", own) : fw_nomem(e->r->doc.diag);
}

static int read_element(struct element *e)
{
    int code = fw_plan_want_object(e->r, e->object, e->pointer, fw_plan_variable_keys);

    if (code == 0)
        code = fw_plan_keep_text(e->r, e->object, e->pointer, "name", &e->v->name);
    if (code == 0 && !e->v->name)
        code = fw_plan_missing(e->r, e->pointer, "name");
    if (code == 0)
        code = read_guid(e);
    if (code == 0)
        code = read_attributes(e);
    if (code == 0)
        code = read_time(e);
    return code == 0 ? read_data(e) : code;
}

/* The same variable twice is a contradiction, or a slip. */
static int check_repeated(struct element *e, json_t *seen, size_t i)
{
    char guid[FWVAR_GUID_TEXT_SIZE] = "";
    struct fw_buf name = {0};

    if (e->v->has_guid)
        fwvar_guid_format(&e->v->guid, guid);
    fw_buf_printf(&name, "%s-%s", guid, e->v->name);
    char *key = fw_buf_take_text(&name);
    const json_t *before = key ? json_object_get(seen, key) : NULL;
    int code = 0;
    if (before)
        code = fw_plan_fail(e->r, e->pointer, NULL,
                            "the same variable as /variables/%" JSON_INTEGER_FORMAT,
                            json_integer_value(before));
    else if (!key || json_object_set_new(seen, key, json_integer((json_int_t)i)) != 0)
        code = fw_nomem(e->r->doc.diag);
    free(key);
    return code;
}

int fw_plan_read_variables(struct fw_plan_reading *r, const json_t *value)
{
    int code = fw_plan_want_list(r, value, "/variables");

    if (code != 0)
        return code;
    struct fw_plan_variable *v =
        fw_plan_alloc(r->plan, (json_array_size(value) + 1) * sizeof *v);
    json_t *seen = json_object();
    if (!v || !seen) {
        json_decref(seen);
        return fw_nomem(r->doc.diag);
    }
    r->plan->variables = v;
    for (size_t i = 0; code == 0 && i < json_array_size(value); i++) {
        struct element e = {.r = r, .object = json_array_get(value, i), .v = &v[i]};
        snprintf(e.pointer, sizeof e.pointer, "/variables/%zu", i);
        code = read_element(&e);
        if (code == 0)
            code = check_repeated(&e, seen, i);
        r->plan->variable_count++;
    }
    json_decref(seen);
    return code;
}
