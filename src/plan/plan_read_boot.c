/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Reading "boot" of native plans. */
#include "plan/plan.h"

#include "base/diag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MAX 65535 /* UEFI specification 2.10, 3.3: 0xFFFF waits for ever */

const char *const fw_plan_boot_keys[] = {"entries", "order", "next", "timeout", NULL};
const char *const fw_plan_entry_keys[] = {"label", "path",   "http",          "pxe",
                                          "file",  "active", "optional_data", NULL};

static const char *const forms[] = {[FW_PLAN_DEVICE_PATH] = "path",
                                    [FW_PLAN_HTTP] = "http",
                                    [FW_PLAN_PXE] = "pxe",
                                    [FW_PLAN_FILE] = "file"};

static int read_template(struct fw_plan_reading *r, const json_t *object,
                         const char *pointer, const char *key, struct fw_template *t)
{
    const char *text = NULL;
    int code = fw_plan_keep_text(r, object, pointer, key, &text);

    return text ? fw_plan_keep_template(r, pointer, key, text, t) : code;
}

/* ---- entries ---- */

/* Exactly one of the forms says what to boot. */
static int read_path(struct fw_plan_reading *r, const json_t *object, const char *pointer,
                     struct fw_plan_entry *e)
{
    const char *found = NULL;

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (!json_object_get(object, forms[i]))
            continue;
        if (found)
            return fw_plan_fail(r, pointer, NULL,
                                "\"%s\" and \"%s\": an entry boots one thing", found,
                                forms[i]);
        found = forms[i];
        e->form = (enum fw_plan_path)i;
    }
    if (!found)
        return fw_plan_fail(r, pointer, NULL,
                            "one of \"http\", \"pxe\", \"file\" and \"path\" is missing");
    return read_template(r, object, pointer, found, &e->path);
}

static int read_active(const struct fw_plan_reading *r, const json_t *object,
                       const char *pointer, struct fw_plan_entry *e)
{
    const json_t *value = json_object_get(object, "active");

    if (value && !json_is_boolean(value))
        return fw_plan_fail(r, pointer, "active", "%s, true or false is expected",
                            fw_json_kind(value));
    e->inactive = json_is_false(value);
    return 0;
}

/* What has no keys is tried now, so that its mistakes are found without an image. */
static int try_parts(const struct fw_plan_reading *r, const char *pointer,
                     const struct fw_plan_entry *e)
{
    struct fw_plan_applying a = {.plan = r->plan, .diag = r->doc.diag};
    const struct fw_template *parts[] = {&e->path, &e->data};
    const char *keys[] = {forms[e->form], "optional_data"};
    int code = 0;

    for (size_t i = 0; code == 0 && i < 2; i++) {
        const char *at = parts[i]->text, *name;
        struct fw_buf bytes = {0};
        size_t length;
        if (!at || fw_template_next(&at, &name, &length) == 1)
            continue;
        code = i == 0 ? fw_plan_path_bytes(&a, e, &bytes)
                      : fw_plan_data_bytes(&a, e, &bytes);
        fw_buf_free(&bytes);
        if (code != 0)
            code = fw_plan_refer(r, pointer, keys[i], code);
    }
    return code;
}

static int read_entry(struct fw_plan_reading *r, const json_t *object,
                      const char *pointer, struct fw_plan_entry *e)
{
    int code = fw_plan_want_object(r, object, pointer, fw_plan_entry_keys);

    if (code == 0)
        code = read_template(r, object, pointer, "label", &e->label);
    if (code == 0 && !e->label.text)
        code = fw_plan_missing(r, pointer, "label");
    if (code == 0)
        code = read_path(r, object, pointer, e);
    if (code == 0)
        code = read_active(r, object, pointer, e);
    if (code == 0)
        code = read_template(r, object, pointer, "optional_data", &e->data);
    return code == 0 ? try_parts(r, pointer, e) : code;
}

/* Labels identify entries. Those with keys are compared once they are filled in. */
static int check_label(const struct fw_plan_reading *r, const char *pointer,
                       const char *label, size_t i, json_t *seen)
{
    const json_t *before = json_object_get(seen, label);

    if (before)
        return fw_plan_fail(r, pointer, "label",
                            "the same label as /boot/entries/%" JSON_INTEGER_FORMAT,
                            json_integer_value(before));
    return json_object_set_new(seen, label, json_integer((json_int_t)i)) == 0
               ? 0
               : fw_nomem(r->doc.diag);
}

static int read_entries(struct fw_plan_reading *r, const json_t *list)
{
    char at[48];
    int code = fw_plan_want_list(r, list, "/boot/entries");

    if (code != 0)
        return code;
    size_t n = json_array_size(list);
    r->plan->entries = fw_plan_alloc(r->plan, (n + 1) * sizeof *r->plan->entries);
    json_t *seen = json_object();
    if (!r->plan->entries || !seen)
        code = fw_nomem(r->doc.diag);
    for (size_t i = 0; code == 0 && i < n; i++) {
        struct fw_plan_entry *e = &r->plan->entries[i];
        snprintf(at, sizeof at, "/boot/entries/%zu", i);
        code = read_entry(r, json_array_get(list, i), at, e);
        if (code == 0)
            code = check_label(r, at, e->label.text, i, seen);
        r->plan->entry_count++;
    }
    json_decref(seen);
    return code;
}

/* ---- order, next, timeout ---- */

/* A label, a number or a class as a text. JSON numbers are boot numbers. */
static int read_reference(struct fw_plan_reading *r, const json_t *value,
                          const char *pointer, struct fw_template *t)
{
    char number[8];
    const char *text = json_string_value(value);

    if (json_is_integer(value) && json_integer_value(value) >= 0 &&
        json_integer_value(value) <= UINT16_MAX) {
        snprintf(number, sizeof number, "%04X", (unsigned)json_integer_value(value));
        text = number;
    }
    if (!text)
        return fw_plan_fail(r, pointer, NULL,
                            "%s, a label or a boot number (0 to 65535) is expected",
                            fw_json_kind(value));
    if (!*text)
        return fw_plan_fail(r, pointer, NULL, "the text is empty");
    text = fw_plan_text(r->plan, text);
    return text ? fw_plan_keep_template(r, pointer, NULL, text, t)
                : fw_nomem(r->doc.diag);
}

static int read_order(struct fw_plan_reading *r, const json_t *list)
{
    char at[48];
    int code = fw_plan_want_list(r, list, "/boot/order");
    size_t n = json_array_size(list), stars = 0;

    if (code == 0 && n == 0)
        code = fw_plan_fail(r, "/boot/order", NULL, "the list is empty");
    if (code != 0)
        return code;
    r->plan->order = fw_plan_alloc(r->plan, n * sizeof *r->plan->order);
    if (!r->plan->order)
        return fw_nomem(r->doc.diag);
    for (size_t i = 0; code == 0 && i < n; i++) {
        snprintf(at, sizeof at, "/boot/order/%zu", i);
        code = read_reference(r, json_array_get(list, i), at, &r->plan->order[i]);
        if (code == 0 && strcmp(r->plan->order[i].text, "*") == 0 && stars++ > 0)
            code = fw_plan_fail(r, at, NULL, "* stands twice");
        r->plan->order_count++;
    }
    return code;
}

static int read_timeout(struct fw_plan_reading *r, const json_t *value)
{
    json_int_t n = json_integer_value(value);

    if (!json_is_integer(value) || n < 0 || n > TIMEOUT_MAX)
        return fw_plan_fail(r, "/boot/timeout", NULL,
                            "not a number of seconds, 0 to 65535 (which waits for ever)");
    r->plan->timeout = (int32_t)n;
    return 0;
}

int fw_plan_read_boot(struct fw_plan_reading *r, const json_t *value)
{
    int code = fw_plan_want_object(r, value, "/boot", fw_plan_boot_keys);
    const json_t *entries = json_object_get(value, "entries");
    const json_t *order = json_object_get(value, "order");
    const json_t *next = json_object_get(value, "next");
    const json_t *timeout = json_object_get(value, "timeout");

    if (code == 0 && entries)
        code = read_entries(r, entries);
    if (code == 0 && order)
        code = read_order(r, order);
    if (code == 0 && next)
        code = read_reference(r, next, "/boot/next", &r->plan->next);
    if (code == 0 && timeout)
        code = read_timeout(r, timeout);
    return code;
}
