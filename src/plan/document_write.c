/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include <fwvar/document.h>

#include "base/bytes.h"
#include "base/diag.h"
#include "base/utf16.h"
#include "plan/json.h"

#include <stdlib.h>

static json_t *hex(const uint8_t *bytes, size_t size)
{
    struct fw_buf digits = {0};

    fw_buf_hex(&digits, bytes, size);
    char *text = fw_buf_take_text(&digits);
    json_t *json = text ? json_string(text) : NULL;
    free(text);
    return json;
}

static int set_name(json_t *to, const struct fwvar_variable *v)
{
    struct fw_buf name = {0};
    bool valid = fw_utf16_text(&name, v->name, v->name_size, FW_ESCAPE_INVALID);
    char *text = fw_buf_take_text(&name);

    if (!text)
        return -1;
    int failed = json_object_set_new(to, "name", json_string(text));
    free(text);
    if (!valid)
        failed |= json_object_set_new(to, "name_hex", hex(v->name, v->name_size));
    return failed;
}

static json_t *entry(const struct fwvar_varlist_item *item)
{
    const struct fwvar_variable *v = &item->variable;
    char guid[FWVAR_GUID_TEXT_SIZE];
    json_t *o = json_object();

    if (!o)
        return NULL;
    fwvar_guid_format(&v->guid, guid);
    int failed = set_name(o, v);
    failed |= json_object_set_new(o, "guid", json_string(guid));
    if (item->has_attributes)
        failed |= json_object_set_new(o, "attr", json_integer(v->attributes));
    failed |= json_object_set_new(o, "data", hex(v->data, v->data_size));
    if (v->time)
        failed |= json_object_set_new(o, "time", hex(v->time, 16));
    if (failed) {
        json_decref(o);
        return NULL;
    }
    return o;
}

int fwvar_document_write(const struct fwvar_varlist *list, char **text,
                         struct fwvar_diag *diag)
{
    json_t *variables = json_array();
    int failed = !variables;

    for (size_t i = 0; !failed && i < fwvar_varlist_count(list); i++)
        failed = json_array_append_new(variables, entry(fwvar_varlist_at(list, i)));
    json_t *root =
        failed ? NULL : json_pack("{s:i,s:O}", "version", 2, "variables", variables);
    char *body = root ? fw_json_dump(root) : NULL;
    json_decref(root);
    json_decref(variables);
    if (!body)
        return fw_nomem(diag);
    *text = body;
    return 0;
}
