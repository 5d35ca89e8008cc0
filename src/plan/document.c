/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Documents with variables: one strict reader for three programs' forms. */
#include <fwvar/document.h>

#include "base/bytes.h"
#include "base/diag.h"
#include "base/utf16.h"
#include "know/guid_names.h"
#include "plan/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VERSION 2 /* the newest; python-uefivars calls the bare list version 1 */

/* A document while it is read. */
struct reading {
    struct fw_json_text doc;
    struct fwvar_varlist *list;
    const char *prefix; /* pointer of the list of variables */
};

/* One variable while it is read. */
struct entry {
    struct reading *r;
    const json_t *object;
    char pointer[48];
    struct fw_buf name, data, time, ignored;
    struct fwvar_varlist_item item;
};

static int fail_at(const struct entry *e, const char *key, const char *what)
{
    char pointer[96];

    snprintf(pointer, sizeof pointer, "%s/%s", e->pointer, key);
    return fw_place_fail(&e->r->doc, pointer, false, "%s", what);
}

static int missing(const struct entry *e, const char *key)
{
    return fw_place_fail(&e->r->doc, e->pointer, false, "\"%s\" is missing", key);
}

/* ---- the members of a variable ---- */

/* Text of a member: NULL if it is absent or null. @code is set if it is something else.
 */
static const char *text_of(const struct entry *e, const char *key, int *code)
{
    const json_t *value = json_object_get(e->object, key);

    if (!value || json_is_null(value))
        return NULL;
    if (!json_is_string(value))
        *code = fail_at(e, key, "not a text");
    return json_string_value(value);
}

/* Hex digits of a member into @bytes; nothing if it is absent. */
static int hex_of(struct entry *e, const char *key, struct fw_buf *bytes)
{
    int code = 0;
    const char *text = text_of(e, key, &code);
    char what[64];
    size_t bad_at;

    if (!text)
        return code;
    if (fw_unhex(text, strlen(text), bytes, &bad_at) != 0) {
        snprintf(what, sizeof what,
                 strlen(text) == bad_at ? "an odd number of hex digits"
                                        : "no hex digit at character %zu",
                 bad_at + 1);
        return fail_at(e, key, what);
    }
    return bytes->bad ? fw_nomem(e->r->doc.diag) : 0;
}

static int read_name(struct entry *e)
{
    int code = 0;
    const char *text = text_of(e, "name", &code);
    size_t bad_at;

    if (!text)
        return code != 0 ? code : missing(e, "name");
    code = hex_of(e, "name_hex", &e->name);
    /* jansson has checked that it is UTF-8 without NUL. */
    if (code == 0 && e->name.size == 0 &&
        fw_utf16_put(&e->name, text, strlen(text), &bad_at) != 0)
        code = fail_at(e, "name", "not UTF-8");
    if (code == 0 && e->name.bad)
        code = fw_nomem(e->r->doc.diag);
    if (code == 0 && e->name.size == 0)
        code = fail_at(e, "name", "a variable needs a name");
    e->item.variable.name = e->name.p;
    e->item.variable.name_size = e->name.size;
    return code;
}

static int read_guid(struct entry *e)
{
    int code = 0;
    const char *text = text_of(e, "guid", &code);

    if (!text)
        return code != 0 ? code : missing(e, "guid");
    if (fwvar_guid_parse(text, &e->item.variable.guid) != 0 &&
        !fw_guid_by_name(text, &e->item.variable.guid))
        return fail_at(e, "guid", "neither a GUID nor a name of one");
    return 0;
}

static int read_attributes(struct entry *e)
{
    const json_t *value = json_object_get(e->object, "attr");

    if (!value || json_is_null(value))
        return 0;
    if (!json_is_integer(value) || json_integer_value(value) < 0 ||
        json_integer_value(value) > UINT32_MAX)
        return fail_at(e, "attr", "not a number of 32 bits");
    e->item.has_attributes = true;
    e->item.variable.attributes = (uint32_t)json_integer_value(value);
    return 0;
}

static int read_data(struct entry *e)
{
    int code = hex_of(e, "data", &e->data);

    if (code == 0 && !json_is_string(json_object_get(e->object, "data")))
        code = missing(e, "data");
    if (code == 0 && e->data.size == 0)
        code = fail_at(e, "data", "a variable needs data");
    e->item.variable.data = e->data.p;
    e->item.variable.data_size = e->data.size;
    return code;
}

static int read_time(struct entry *e)
{
    const char *key = json_object_get(e->object, "time") ? "time" : "timestamp";
    int code = hex_of(e, key, &e->time);

    if (code == 0 && e->time.size != 0 && e->time.size != 16)
        code = fail_at(e, key, "not the 32 hex digits of an EFI_TIME");
    if (code == 0 && e->time.size == 16)
        e->item.variable.time = e->time.p;
    return code;
}

/* ---- variables ---- */

static int add_entry(struct entry *e)
{
    struct fwvar_diag why = {0};

    e->item.place = e->pointer;
    int code = fwvar_varlist_add(e->r->list, &e->item, &why);
    if (code == FWVAR_ERR_ARG)
        return fw_place_fail(&e->r->doc, e->pointer, false, "%s", why.message);
    return code == 0 ? 0 : fw_nomem(e->r->doc.diag);
}

static int read_entry(struct reading *r, const json_t *object, size_t index)
{
    static const char *const known[] = {"name", "name_hex",  "guid",   "attr", "data",
                                        "time", "timestamp", "digest", NULL};
    struct entry e = {.r = r, .object = object};

    snprintf(e.pointer, sizeof e.pointer, "%s/%zu", r->prefix, index);
    if (!json_is_object(object))
        return fw_place_fail(&r->doc, e.pointer, false, "not an object");
    int code = fw_json_check_keys(&r->doc, object, e.pointer, known, NULL);
    if (code == 0)
        code = read_name(&e);
    if (code == 0)
        code = read_guid(&e);
    if (code == 0)
        code = read_attributes(&e);
    if (code == 0)
        code = read_data(&e);
    if (code == 0)
        code = read_time(&e);
    if (code == 0)
        code = hex_of(&e, "digest", &e.ignored);
    if (code == 0)
        code = add_entry(&e);
    fw_buf_free(&e.name);
    fw_buf_free(&e.data);
    fw_buf_free(&e.time);
    fw_buf_free(&e.ignored);
    return code;
}

/* ---- the document ---- */

static int check_version(const struct reading *r, const json_t *root)
{
    const json_t *version = json_object_get(root, "version");

    if (!version)
        return 0;
    if (!json_is_integer(version))
        return fw_place_fail(&r->doc, "/version", false, "not a number");
    if (json_integer_value(version) < 1 || json_integer_value(version) > VERSION)
        return fw_place_fail(&r->doc, "/version", false,
                             "unknown version %" JSON_INTEGER_FORMAT
                             "; 1 and 2 are known",
                             json_integer_value(version));
    return 0;
}

static int read_root(struct reading *r, const json_t *root)
{
    static const char *const known[] = {"version", "variables", NULL};
    const json_t *variables = root;
    int code = 0;

    if (json_is_object(root)) {
        code = fw_json_check_keys(&r->doc, root, "", known, NULL);
        if (code == 0)
            code = check_version(r, root);
        variables = json_object_get(root, "variables");
        r->prefix = "/variables";
        if (code == 0 && !variables)
            return fw_place_fail(&r->doc, "", false, "\"variables\" is missing");
    }
    if (code == 0 && !json_is_array(variables))
        return fw_place_fail(&r->doc, r->prefix, false, "not a list of variables");
    for (size_t i = 0; code == 0 && i < json_array_size(variables); i++)
        code = read_entry(r, json_array_get(variables, i), i);
    return code;
}

int fw_document_from_json(const json_t *root, const struct fw_json_text *doc,
                          struct fwvar_varlist **list)
{
    struct reading r = {.doc = *doc, .prefix = ""};
    int code = fwvar_varlist_new(&r.list, doc->diag);

    if (code == 0)
        code = read_root(&r, root);
    if (code != 0) {
        fwvar_varlist_free(r.list);
        return code;
    }
    *list = r.list;
    return 0;
}

int fwvar_document_read(const char *text, size_t size, struct fwvar_varlist **list,
                        struct fwvar_diag *diag)
{
    struct fw_json_text doc = {text, size, diag};

    fw_json_skip_mark(&doc.text, &doc.size);
    json_t *root = fw_json_parse(&doc);
    if (!root)
        return diag ? (int)diag->code : FWVAR_ERR_ARG;
    int code = fw_document_from_json(root, &doc, list);
    json_decref(root);
    return code;
}

enum fwvar_document_kind fwvar_document_kind(const char *text, size_t size)
{
    fw_json_skip_mark(&text, &size);
    json_t *root = json_loadb(text, size, 0, NULL);
    enum fwvar_document_kind kind = FWVAR_DOCUMENT_OTHER;

    if (json_object_get(root, "schema"))
        kind = FWVAR_DOCUMENT_SCHEMA;
    else if (json_is_array(root) || json_object_get(root, "variables"))
        kind = FWVAR_DOCUMENT_VARIABLES;
    json_decref(root);
    return kind;
}
