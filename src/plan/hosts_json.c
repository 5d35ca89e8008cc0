/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A list of hosts as a JSON document. */
#include "plan/hosts.h"

#include "base/diag.h"

#include <stdio.h>
#include <string.h>

const char *const fw_host_plan_keys[] = {"settings", "variables", "delete", "boot", NULL};
const char *const fw_hosts_keys[] = {"hosts", "output", NULL};

#define HOST_PARTS                                                                       \
    (FW_PLAN_SETTINGS | FW_PLAN_VARIABLES | FW_PLAN_DELETE | FW_PLAN_BOOT)

static bool is_plan_key(const char *key)
{
    for (const char *const *k = fw_host_plan_keys; *k; k++) {
        if (strcmp(key, *k) == 0)
            return true;
    }
    return false;
}

static int put_value(struct fwvar_hosts *h, const char *key, const json_t *value,
                     struct fwvar_diag *diag)
{
    char number[32];

    if (json_is_string(value))
        return fw_hosts_put(h, key, json_string_value(value), diag);
    if (json_is_boolean(value))
        return fw_hosts_put(h, key, json_is_true(value) ? "true" : "false", diag);
    if (!json_is_integer(value))
        return fw_hosts_fail(h, h->count - 1, key, diag,
                             "%s, a text, a whole number, true or false is expected",
                             fw_json_kind(value));
    snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return fw_hosts_put(h, key, number, diag);
}

static int read_host(struct fwvar_hosts *h, const json_t *object,
                     const struct fw_json_text *doc)
{
    struct fw_host *host = fw_hosts_add(h);
    char pointer[40];
    const char *key;
    json_t *value;
    bool has_own = false;
    int code = 0;

    if (!host)
        return fw_nomem(doc->diag);
    if (!json_is_object(object))
        return fw_hosts_fail(h, h->count - 1, NULL, doc->diag,
                             "%s, an object is expected", fw_json_kind(object));
    json_object_foreach((json_t *)object, key, value)
    {
        if (is_plan_key(key))
            has_own = true;
        else
            code = put_value(h, key, value, doc->diag);
        if (code != 0)
            return code;
    }
    if (!has_own)
        return 0;
    snprintf(pointer, sizeof pointer, "/hosts/%zu", h->count - 1);
    code = fw_plan_from_json(object, pointer, doc, HOST_PARTS, &host->own);
    host->host.own = host->own;
    return code;
}

static int read_output(struct fwvar_hosts *h, const json_t *root,
                       const struct fw_json_text *doc)
{
    const json_t *value = json_object_get(root, "output");

    if (!value || h->output_given)
        return 0;
    if (!json_is_string(value))
        return fw_place_fail(doc, "/output", false, "%s, a text is expected",
                             fw_json_kind(value));
    h->output.text = fw_plan_text(h->plan, json_string_value(value));
    return h->output.text ? 0 : fw_nomem(doc->diag);
}

static int read_hosts(struct fwvar_hosts *h, const json_t *root,
                      const struct fw_json_text *doc)
{
    const json_t *list = json_object_get(root, "hosts"), *item;
    size_t i;
    int code = 0;

    if (!json_is_array(list))
        return fw_place_fail(doc, list ? "/hosts" : "", false,
                             list ? "%s, a list is expected" : "\"hosts\" is missing%s",
                             list ? fw_json_kind(list) : "");
    if (json_array_size(list) > FWVAR_HOSTS_MAX)
        return fw_place_fail(doc, "/hosts", false, "more than %u hosts",
                             FWVAR_HOSTS_MAX);
    json_array_foreach(list, i, item)
    {
        code = read_host(h, item, doc);
        if (code != 0)
            return code;
    }
    return 0;
}

static bool has_parts(const json_t *root)
{
    for (const char *const *k = fw_plan_keys; *k; k++) {
        if (strcmp(*k, "schema") != 0 && json_object_get(root, *k))
            return true;
    }
    return false;
}

int fw_hosts_read_json(struct fwvar_hosts *h, struct fwvar_diag *diag)
{
    const struct fw_json_text doc = {h->text, h->size, diag};
    json_t *root = fw_json_parse(&doc);

    if (!root)
        return diag->code;
    int code = json_is_object(root)
                   ? fw_json_check_keys(&doc, root, "", fw_plan_keys, fw_hosts_keys)
                   : fw_place_fail(&doc, "", false, "%s, an object is expected",
                                   fw_json_kind(root));
    if (!json_is_object(root) && code == FWVAR_ERR_ARG)
        fw_hint(diag, "{\"schema\": 1, \"hosts\": [...]}");
    if (code == 0)
        code = fw_plan_check_schema(&doc, root);
    if (code == 0)
        code = fw_plan_from_json(root, "", &doc, FW_PLAN_ALL, &h->plan);
    if (code == 0)
        code = read_output(h, root, &doc);
    if (code == 0)
        code = read_hosts(h, root, &doc);
    h->has_plan = has_parts(root);
    json_decref(root);
    return code;
}
