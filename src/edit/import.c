/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include <fwvar/import.h>

#include "base/diag.h"
#include "base/utf16.h"
#include "edit/boot.h"
#include "edit/edit.h"
#include "edit/outcome.h"

#include <fwvar/known.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One run of fwvar_import(). */
struct importing {
    struct fwvar_edit *edit;
    const struct fwvar_varlist *list;
    const struct fwvar_import_options *options;
    struct fwvar_outcomes *outcomes;
    struct fwvar_diag *diag;
};

static bool force(const struct importing *im)
{
    return fwvar_edit_flags(im->edit) & FWVAR_EDIT_FORCE;
}

/* 1 if the user named exactly this variable, not by a pattern; 0, or an error. */
static int named(const struct importing *im, const struct fwvar_variable *v)
{
    const struct fwvar_choice *c = &im->options->choice;
    int fits = 0;

    for (size_t i = 0; fits == 0 && i < c->only_count; i++) {
        if (!strpbrk(c->only[i], "*?["))
            fits = fwvar_pattern_fits(c->only[i], v);
    }
    return fits < 0 ? fw_nomem(im->diag) : fits;
}

/* The same for whether the variable is to be imported at all. */
static int wants(const struct importing *im, const struct fwvar_variable *v)
{
    int chosen = fwvar_choice_has(&im->options->choice, v);

    return chosen < 0 ? fw_nomem(im->diag) : chosen;
}

/* ---- one variable ---- */

static uint32_t attributes_of(const struct importing *im,
                              const struct fwvar_varlist_item *item)
{
    const struct fwvar_variable *v = &item->variable;
    struct fwvar_variable now;
    uint32_t due = fw_due_attributes(v);

    if (item->has_attributes)
        return v->attributes;
    if (due)
        return due;
    if (fwvar_edit_get(im->edit, &v->guid, v->name, v->name_size, &now) == 0)
        return now.attributes;
    return FWVAR_ATTR_NV | FWVAR_ATTR_BS; /* virt-fw-vars, EFI_VARIABLE_DEFAULT */
}

/* Names the variable and its place in front of what is wrong with it. */
static int explain(const struct importing *im, const struct fwvar_varlist_item *item,
                   int code)
{
    const struct fwvar_variable *v = &item->variable;
    struct fw_buf text = {0};
    char message[sizeof im->diag->message];

    if (!im->diag || code == FWVAR_ERR_NOMEM)
        return code;
    fw_utf16_text(&text, v->name, v->name_size, FW_ESCAPE_CONTROL);
    char *name = fw_buf_take_text(&text);
    if (!name)
        return fw_nomem(im->diag);
    /* What comes from the transaction says the name already. */
    bool said = strncmp(im->diag->message, name, strlen(name)) == 0;
    snprintf(message, sizeof message, "%s%s%.96s%s%.300s", item->place,
             item->place[0] ? ": " : "", said ? "" : name, said ? "" : ": ",
             im->diag->message);
    memcpy(im->diag->message, message, sizeof message);
    free(name);
    if (code == FWVAR_ERR_REFUSED && (v->attributes & FWVAR_ATTR_AUTH_TIME))
        fw_hint(im->diag, "leave it out with --except, or insist with --force");
    return code;
}

/* What keeps a variable from being set, where that is no error. 0 if nothing does, 1 if
 * it is left, negative on error. */
static int leave(const struct importing *im, struct fwvar_variable *v)
{
    struct fwvar_variable now;
    static const uint8_t never[16] = {0};

    if (!(v->attributes & FWVAR_ATTR_NV)) {
        int asked = named(im, v);
        if (asked < 0)
            return asked;
        if (!asked) {
            int code = fw_outcomes_add(im->outcomes, v, FWVAR_OUTCOME_VOLATILE, im->diag,
                                       "it has no NV attribute");
            return code == 0 ? 1 : code;
        }
        v->attributes |= FWVAR_ATTR_NV;
    }
    if (!(v->attributes & FWVAR_ATTR_AUTH_TIME) || v->time)
        return 0;
    bool there = fwvar_edit_get(im->edit, &v->guid, v->name, v->name_size, &now) == 0;
    if (there && fw_same_value(&now, v))
        return 0;
    if (force(im)) {
        v->time = there && now.time ? now.time : never;
        return 0;
    }
    int code = fw_outcomes_add(im->outcomes, v, FWVAR_OUTCOME_REFUSED, im->diag,
                               "time-authenticated, and the source has no timestamp");
    return code == 0 ? 1 : code;
}

static int import_one(const struct importing *im, const struct fwvar_varlist_item *item)
{
    struct fwvar_variable v = item->variable, now;

    v.attributes = attributes_of(im, item);
    int code = im->options->strict ? 0 : leave(im, &v);
    if (code != 0)
        return code == 1 ? 0 : code;
    bool same = fwvar_edit_get(im->edit, &v.guid, v.name, v.name_size, &now) == 0 &&
                fw_same_value(&now, &v);
    code = fw_assign_carried(im->edit, &v, im->diag);
    if (code != 0)
        return explain(im, item, code);
    return fw_outcomes_add(im->outcomes, &v,
                           same ? FWVAR_OUTCOME_SAME : FWVAR_OUTCOME_CARRIED, im->diag,
                           "%s", "");
}

/* ---- absence ---- */

static int drop_references(const struct importing *im, uint16_t number)
{
    struct fwvar_variable next;
    uint8_t wanted[2];

    fw_put16(wanted, number);
    int code = fw_boot_drop_keys(im->edit, number, im->diag);
    if (code == 0 &&
        fwvar_edit_get_named(im->edit, &fwvar_global_guid, "BootNext", &next) == 0 &&
        next.data_size == 2 && memcmp(next.data, wanted, 2) == 0)
        code = fw_edit_delete_named(im->edit, &fwvar_global_guid, "BootNext", im->diag);
    return code;
}

static int delete_absent(const struct importing *im, const struct fwvar_variable *v)
{
    if ((v->attributes & FWVAR_ATTR_AUTH_TIME) && !force(im))
        return fw_outcomes_add(im->outcomes, v, FWVAR_OUTCOME_KEPT, im->diag,
                               "absent, but time-authenticated: --force deletes it");
    int code = fw_outcomes_add(im->outcomes, v, FWVAR_OUTCOME_REMOVED, im->diag,
                               "absent from the source");
    if (code == 0)
        code = fwvar_edit_delete(im->edit, &v->guid, v->name, v->name_size, im->diag);
    if (code == 0 && fwvar_guid_equal(&v->guid, &fwvar_global_guid) &&
        fwvar_name_matches(v->name, v->name_size, "Boot####"))
        code = drop_references(im, fw_boot_number(v->name, v->name_size));
    return code;
}

static int sync_one(const struct importing *im, const struct fwvar_variable *v)
{
    struct fwvar_variable now;

    if (!(v->attributes & FWVAR_ATTR_RT) ||
        fwvar_varlist_find(im->list, &v->guid, v->name, v->name_size) ||
        fwvar_edit_get(im->edit, &v->guid, v->name, v->name_size, &now) != 0)
        return 0;
    int wanted = wants(im, v);
    return wanted == 1 ? delete_absent(im, v) : wanted;
}

static int sync_absent(const struct importing *im)
{
    const struct fwvar_variables *before = fwvar_edit_before(im->edit);
    int code = 0;

    for (size_t i = 0; code == 0 && i < fwvar_variables_count(before); i++) {
        if (fwvar_variables_role(before, i) != FWVAR_ROLE_LIVE)
            continue;
        struct fwvar_variable v = fwvar_record_variable(fwvar_variables_at(before, i));
        code = sync_one(im, &v);
    }
    return code;
}

/* ---- BootOrder ---- */

/* Drops repeated and dangling numbers in place. Returns how many are left. */
static size_t mended(const struct fwvar_boot_menu *m, uint16_t *order, size_t count)
{
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        bool good = fwvar_boot_menu_find(m, order[i]);
        for (size_t k = 0; k < n && good; k++)
            good = order[k] != order[i];
        if (good)
            order[n++] = order[i];
    }
    return n;
}

static int mend_order(const struct importing *im)
{
    struct fwvar_boot_menu m;
    struct fwvar_variable v;

    if (fwvar_edit_get_named(im->edit, &fwvar_global_guid, "BootOrder", &v) != 0 ||
        !fwvar_varlist_find(im->list, &v.guid, v.name, v.name_size))
        return 0;
    int code = fwvar_boot_menu_pending(im->edit, &m, im->diag);
    if (code != 0)
        return code;
    size_t count = mended(&m, m.order, m.order_count);
    if (count < m.order_count)
        code = fw_outcomes_add(im->outcomes, &v, FWVAR_OUTCOME_REWRITTEN, im->diag,
                               "numbers that come twice or have no entry are taken out");
    if (code == 0 && count < m.order_count)
        code = fw_boot_write_order(im->edit, m.order, count, im->diag);
    fwvar_boot_menu_free(&m);
    return code;
}

static int import_all(const struct importing *im)
{
    int code = 0;

    if (!im->options->strict)
        im->edit->loose_entries = true;
    for (size_t i = 0; code == 0 && i < fwvar_varlist_count(im->list); i++) {
        const struct fwvar_varlist_item *item = fwvar_varlist_at(im->list, i);
        int wanted = wants(im, &item->variable);
        code = wanted == 1 ? import_one(im, item) : wanted;
    }
    if (code == 0 && im->options->sync)
        code = sync_absent(im);
    return code == 0 && im->options->mend_order ? mend_order(im) : code;
}

int fwvar_import(struct fwvar_edit *edit, const struct fwvar_varlist *list,
                 const struct fwvar_import_options *options,
                 struct fwvar_outcomes **outcomes, struct fwvar_diag *diag)
{
    struct importing im = {edit, list, options, NULL, diag};
    int code = fw_outcomes_new(&im.outcomes, diag);

    if (code == 0)
        code = import_all(&im);
    if (code != 0 || !outcomes)
        fwvar_outcomes_free(im.outcomes);
    else
        *outcomes = im.outcomes;
    return code;
}
