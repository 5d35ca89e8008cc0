/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Applying plans: settings, variables, deletions, and the order of it all. */
#include "plan/plan.h"

#include "base/diag.h"
#include "edit/edit.h"

#include <fwvar/import.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int fw_plan_explain(const struct fw_plan_applying *a, int code, const char *pointer,
                    const char *key)
{
    if (code == 0 || code == FWVAR_ERR_NOMEM)
        return code;
    fw_plan_explain_at(a->plan, pointer, key, a->diag);
    return a->diag->code;
}

int fw_plan_fill(const struct fw_plan_applying *a, const struct fw_template *t,
                 char **text)
{
    struct fw_buf filled = {0};
    int code = fw_template_fill(t, a->use, &filled, a->diag);

    if (code != 0) {
        fw_buf_free(&filled);
        return code;
    }
    *text = fw_buf_take_text(&filled);
    return *text ? 0 : fw_nomem(a->diag);
}

/* ---- what a plan says of one variable ---- */

/* A text for a variable and no other; the caller's. */
static char *identify(const struct fwvar_target *t)
{
    char guid[FWVAR_GUID_TEXT_SIZE];
    struct fw_buf text = {0};

    fwvar_guid_format(&t->guid, guid);
    fw_buf_text(&text, guid);
    fw_buf_hex(&text, t->name, t->name_size);
    return fw_buf_take_text(&text);
}

/* Two members that say something of one variable contradict each other: which one counts
 * would depend on the order of things. @at is where it is set, or NULL if it is deleted.
 */
static int check_said_once(const struct fw_plan_applying *a, const struct fwvar_target *t,
                           const char *at)
{
    char *variable = identify(t);
    int code = variable ? 0 : fw_nomem(a->diag);
    const char *before =
        code == 0 ? json_string_value(json_object_get(a->set, variable)) : NULL;

    if (before)
        code = fw_fail(a->diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "%s sets this variable already", before);
    if (before)
        fw_hint(a->diag, "a plan says what a variable shall be, once");
    if (code == 0 && at && json_object_set_new(a->set, variable, json_string(at)) != 0)
        code = fw_nomem(a->diag);
    free(variable);
    return code;
}

static int check_setting(const struct fw_plan_applying *a, const struct fwvar_target *t,
                         const char *name)
{
    struct fw_buf at = {0};

    fw_buf_text(&at, "/settings/");
    fw_pointer_escape(&at, name);
    char *text = fw_buf_take_text(&at);
    int code = text ? check_said_once(a, t, text) : fw_nomem(a->diag);
    free(text);
    return code;
}

/* ---- settings ---- */

static int apply_setting(struct fw_plan_applying *a, const struct fw_plan_setting *s)
{
    struct fwvar_assign_options options = {0};
    struct fwvar_target target;
    char *value = NULL;

    int code = fwvar_naming_find(&a->naming, s->name, &target, a->diag);
    if (code == 0)
        code = check_setting(a, &target, s->name);
    if (code == 0 && target.setting)
        code = fwvar_naming_board(&a->naming, FWVAR_EFFORT_HEAD, a->diag);
    if (code == 0)
        code = fw_plan_fill(a, &s->value, &value);
    if (code != 0)
        return code;
    options.board = a->naming.board;
    code = fwvar_assign_text(a->edit, &target, value, &options, a->diag);
    free(value);
    return code == 0 ? fwvar_naming_judge(&a->naming, &target, a->diag) : code;
}

static int apply_settings(struct fw_plan_applying *a)
{
    int code = 0;

    for (size_t i = 0; code == 0 && i < a->plan->setting_count; i++) {
        const struct fw_plan_setting *s = &a->plan->settings[i];
        code = fw_plan_explain(a, apply_setting(a, s), "/settings", s->name);
    }
    return code;
}

/* ---- variables ---- */

int fw_plan_find(struct fw_plan_applying *a, const char *name,
                 const struct fwvar_guid *guid, struct fwvar_target *target)
{
    char text[FWVAR_GUID_TEXT_SIZE];
    struct fw_buf full = {0};

    if (!guid)
        return fwvar_naming_find(&a->naming, name, target, a->diag);
    fwvar_guid_format(guid, text);
    fw_buf_printf(&full, "%s-%s", text, name);
    char *whole = fw_buf_take_text(&full);
    int code = whole ? fwvar_target_find(a->edit, whole, NULL, target, a->diag)
                     : fw_nomem(a->diag);
    free(whole);
    return code;
}

/* The bytes of a value that has keys in it. */
static int fill_bytes(const struct fw_plan_applying *a, const struct fw_template *t,
                      struct fw_buf *bytes)
{
    char *text;
    int code = fw_plan_fill(a, t, &text);

    if (code != 0)
        return code;
    code = fw_prefixed_value(bytes, text, a->diag);
    free(text);
    return code == 0 && bytes->bad ? fw_nomem(a->diag) : code;
}

static int apply_variable(struct fw_plan_applying *a, const struct fw_plan_variable *v,
                          const char *at)
{
    struct fwvar_assign_options options = {.attributes =
                                               v->has_attributes ? &v->attributes : NULL,
                                           .time = v->has_time ? v->time : NULL};
    struct fw_buf bytes = {0};
    struct fwvar_target target;

    int code = fw_plan_find(a, v->name, v->has_guid ? &v->guid : NULL, &target);
    if (code == 0)
        code = check_said_once(a, &target, at);
    if (code == 0 && !v->data)
        code = fill_bytes(a, &v->value, &bytes);
    if (code == 0)
        code = fw_assign_declared(a->edit, &target, v->data ? v->data : bytes.p,
                                  v->data ? v->data_size : bytes.size, &options, a->diag);
    fw_buf_free(&bytes);
    return code;
}

static int apply_variables(struct fw_plan_applying *a)
{
    char at[40];
    int code = 0;

    for (size_t i = 0; code == 0 && i < a->plan->variable_count; i++) {
        snprintf(at, sizeof at, "/variables/%zu", i);
        code = apply_variable(a, &a->plan->variables[i], at);
        code = fw_plan_explain(a, code, at, NULL);
    }
    return code;
}

/* ---- deletions ---- */

/* A name that is neither stored nor known is no error: it may be gone already. One that
 * is nearly known is probably a slip. */
static int doubt_name(const struct fw_plan_applying *a, const char *name)
{
    struct fw_buf line = {0};

    if (strncmp(a->diag->hint, "did you mean", 12) != 0)
        return 0;
    if (a->naming.strict)
        return FWVAR_ERR_NOTFOUND;
    fw_buf_printf(&line, "nothing to delete is called %s: %s", name, a->diag->hint);
    char *text = fw_buf_take_text(&line);
    if (!text)
        return fw_nomem(a->diag);
    if (a->naming.warn)
        a->naming.warn(a->naming.context, text);
    free(text);
    return 0;
}

/* A boot entry goes with its place in BootOrder. */
static int delete_target(const struct fw_plan_applying *a, const struct fwvar_target *t)
{
    char number[5];

    if (!fwvar_guid_equal(&t->guid, &fwvar_global_guid) ||
        !fwvar_name_matches(t->name, t->name_size, "Boot####"))
        return fwvar_edit_delete(a->edit, &t->guid, t->name, t->name_size, a->diag);
    for (size_t i = 0; i < 4; i++)
        number[i] = (char)t->name[8 + 2 * i];
    number[4] = '\0';
    return fwvar_boot_act(a->edit, FWVAR_BOOT_REMOVE, number, a->diag);
}

static int apply_delete(struct fw_plan_applying *a, const char *name)
{
    struct fwvar_target target;

    int code = fwvar_naming_find(&a->naming, name, &target, a->diag);
    if (code == FWVAR_ERR_NOTFOUND)
        return doubt_name(a, name);
    if (code == 0)
        code = check_said_once(a, &target, NULL);
    if (code == 0)
        code = delete_target(a, &target);
    return code == FWVAR_ERR_NOTFOUND ? 0 : code;
}

static int apply_deletes(struct fw_plan_applying *a)
{
    char at[40];
    int code = 0;

    for (size_t i = 0; code == 0 && i < a->plan->delete_count; i++) {
        code = apply_delete(a, a->plan->deletes[i]);
        if (code != 0) {
            snprintf(at, sizeof at, "/delete/%zu", i);
            code = fw_plan_explain(a, code, at, NULL);
        }
    }
    return code;
}

/* ---- what "boot" says ---- */

/* It is applied last, so what "settings" or "variables" say of the same would be lost. */
static int check_boot(struct fw_plan_applying *a)
{
    const struct {
        const char *variable, *at;
        bool said;
    } rows[] = {{"BootOrder", "/boot/order", a->plan->order_count > 0},
                {"BootNext", "/boot/next", a->plan->next.text != NULL},
                {"Timeout", "/boot/timeout", a->plan->timeout >= 0}};
    struct fwvar_target target;
    int code = 0;

    for (size_t i = 0; code == 0 && i < sizeof rows / sizeof rows[0]; i++) {
        if (!rows[i].said)
            continue;
        code = fw_plan_find(a, rows[i].variable, &fwvar_global_guid, &target);
        if (code == 0)
            code = check_said_once(a, &target, NULL);
        code = fw_plan_explain(a, code, rows[i].at, NULL);
    }
    return code;
}

/* ---- all of it ---- */

/* The import's message begins with the JSON pointer of a variable: the line is added. */
static int explain_import(const struct fw_plan_applying *a, int code)
{
    struct fwvar_diag *diag = a->diag;
    char pointer[48];
    size_t n = strcspn(diag->message, ":");

    if (code == FWVAR_ERR_NOMEM || diag->message[0] != '/' || n >= sizeof pointer ||
        strlen(diag->message) < n + 2)
        return code;
    memcpy(pointer, diag->message, n);
    pointer[n] = '\0';
    memmove(diag->message, diag->message + n + 2, strlen(diag->message + n + 2) + 1);
    return fw_plan_explain(a, code, pointer, NULL);
}

static int apply_one(struct fw_plan_applying *a, const struct fwvar_plan *plan)
{
    static const struct fwvar_import_options strict = {.strict = true};
    int code;

    a->plan = plan;
    if (plan->document) {
        code = fwvar_import(a->edit, plan->document, &strict, NULL, a->diag);
        return code == 0 ? 0 : explain_import(a, code);
    }
    a->set = json_object();
    code = a->set ? apply_settings(a) : fw_nomem(a->diag);
    if (code == 0)
        code = apply_variables(a);
    if (code == 0)
        code = apply_deletes(a);
    if (code == 0)
        code = check_boot(a);
    json_decref(a->set);
    a->set = NULL;
    return code;
}

static int check_expected(struct fw_plan_applying *a, const struct fwvar_plan *plan)
{
    a->plan = plan;
    return fw_plan_check_expected(a);
}

static int apply_all(struct fw_plan_applying *a, const struct fwvar_plan *plan,
                     const struct fwvar_plan *then)
{
    int code = check_expected(a, plan);

    if (code == 0 && then)
        code = check_expected(a, then);
    if (code == 0)
        code = apply_one(a, plan);
    if (code == 0 && then)
        code = apply_one(a, then);
    return code == 0 ? fw_plan_apply_boot(a, plan, then) : code;
}

int fwvar_plan_apply(const struct fwvar_plan *plan, struct fwvar_edit *edit,
                     const struct fwvar_plan_use *use, struct fwvar_diag *diag)
{
    static const struct fwvar_plan_use ordinary;
    const struct fwvar_plan_use *u = use ? use : &ordinary;
    struct fwvar_firmware *own = NULL;
    struct fwvar_diag ignored;
    struct fw_plan_applying a = {
        .use = u,
        .edit = edit,
        .naming = {edit, u->firmware, u->warn, u->context, u->strict, NULL},
        .diag = diag ? diag : &ignored};
    int code = 0;

    if (!u->firmware)
        code = fwvar_firmware_open(fwvar_edit_image(edit), NULL, &own, a.diag);
    if (own)
        a.naming.firmware = own;
    if (code == 0)
        code = apply_all(&a, plan, u->then);
    fwvar_firmware_free(own);
    return code;
}
