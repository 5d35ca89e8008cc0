/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "edit/migrate.h"

#include "base/bytes.h"
#include "base/diag.h"
#include "base/utf16.h"
#include "edit/edit.h"
#include "know/bound.h"

#include <fwvar/known.h>
#include <fwvar/setting.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int fw_migrate_wants(const struct fw_migration *m, const struct fwvar_variable *v)
{
    int chosen = fwvar_choice_has(&m->options->choice, v);

    return chosen < 0 ? fw_nomem(m->diag) : chosen;
}

int fw_migrate_set(const struct fw_migration *m, const struct fwvar_variable *from,
                   const struct fwvar_variable *as, enum fwvar_outcome done,
                   const char *reason)
{
    bool force = fwvar_edit_flags(m->edit) & FWVAR_EDIT_FORCE;
    static const uint8_t never[16] = {0};
    struct fwvar_variable now, v = *as;
    struct fwvar_diag why = {0};

    if (fwvar_edit_get(m->edit, &v.guid, v.name, v.name_size, &now) == 0 &&
        fw_same_value(&now, &v))
        return fw_outcomes_add(m->outcomes, from,
                               done == FWVAR_OUTCOME_CARRIED ? FWVAR_OUTCOME_SAME : done,
                               m->diag, "%s", reason);
    if ((v.attributes & FWVAR_ATTR_AUTH_TIME) && !v.time && !force)
        return fw_outcomes_add(m->outcomes, from, FWVAR_OUTCOME_REFUSED, m->diag,
                               "time-authenticated, and the source has no timestamp");
    if (!v.time)
        v.time = never;
    int code = fw_assign_carried(m->edit, &v, &why);
    if (code == FWVAR_ERR_NOMEM)
        return fw_nomem(m->diag);
    if (code != 0)
        return fw_outcomes_add(m->outcomes, from, FWVAR_OUTCOME_REFUSED, m->diag, "%s",
                               why.message);
    return fw_outcomes_add(m->outcomes, from, done, m->diag, "%s", reason);
}

/* ---- what the new release knows ---- */

/* A variable of the old image while it is judged. */
struct candidate {
    const struct fw_migration *m;
    const struct fwvar_variable *v; /* with the attributes it is to get */
    const char *name;               /* UTF-8 */
    const struct fwvar_setting *setting;
    const struct fwvar_varstore *declared; /* by the new release, or NULL */
};

static bool in_code(const struct fw_migration *m, const char *name)
{
    return m->options->content && fwvar_content_knows_name(m->options->content, name);
}

/* NetworkPkg makes these names by format, so that they do not stand in the code. */
static bool is_attempt(const char *name)
{
    return strncmp(name, "Attempt ", 8) == 0;
}

/* Variables of the UEFI specification: every release reads them, whatever its code says.
 */
static bool is_standard(const struct fwvar_variable *v)
{
    const struct fwvar_known *known = fwvar_known_find(&v->guid, v->name, v->name_size);

    return known && (fwvar_guid_equal(&v->guid, &fwvar_global_guid) ||
                     known->kind == FWVAR_KIND_SIGNATURES);
}

static bool is_known(const struct candidate *c)
{
    const struct fwvar_migrate_options *o = c->m->options;

    if (c->declared || is_standard(c->v))
        return true;
    if (o->content)
        return in_code(c->m, is_attempt(c->name) ? "InitialAttemptOrder" : c->name);
    return c->setting && fwvar_setting_in_release(c->setting, o->board, o->version) != 0;
}

/* Another board's variable of that name and meaning, or NULL. */
static const struct fwvar_varstore *counterpart(const struct candidate *c)
{
    const struct fwvar_varstore *there;

    if (!c->setting || c->declared || !c->m->options->content)
        return NULL;
    there = fwvar_content_varstore(c->m->options->content, c->name, NULL);
    if (!there || fwvar_guid_equal(&there->guid, &c->v->guid))
        return NULL;
    const struct fwvar_setting *s = fwvar_setting_by_variable(c->name, &there->guid);
    return s && strcmp(s->short_name, c->setting->short_name) == 0 &&
                   s->type == c->setting->type
               ? there
               : NULL;
}

/* Bytes that the new release takes, or 0 if any. */
static size_t due_size(const struct candidate *c)
{
    const struct fwvar_known *known =
        fwvar_known_find(&c->v->guid, c->v->name, c->v->name_size);

    if (c->declared)
        return c->declared->size;
    return c->setting ? c->setting->size : known ? known->size : 0;
}

/* ---- BootPolicy became BootDiscoveryPolicy ---- */

static bool has_policy(const struct fw_migration *m, const struct fwvar_setting *policy)
{
    for (size_t i = 0; i < fwvar_varlist_count(m->old); i++) {
        const struct fwvar_variable *v = &fwvar_varlist_at(m->old, i)->variable;
        if (fwvar_guid_equal(&v->guid, &policy->guid) &&
            fwvar_name_matches(v->name, v->name_size, policy->name))
            return true;
    }
    return false;
}

/* The row of the new name if the variable is to be renamed, or NULL. */
static const struct fwvar_setting *renamed_to(const struct candidate *c)
{
    const struct fwvar_setting *found[FWVAR_SETTING_CANDIDATES];
    const struct fwvar_migrate_options *o = c->m->options;

    if (strcmp(c->name, "BootPolicy") != 0 || !c->setting || c->declared ||
        fwvar_setting_find("BootDiscoveryPolicy", NULL, found) != 1 ||
        has_policy(c->m, found[0]))
        return NULL;
    bool there = o->content
                     ? in_code(c->m, found[0]->name) && !in_code(c->m, c->name)
                     : fwvar_setting_in_release(found[0], o->board, o->version) == 1;
    return there ? found[0] : NULL;
}

static int carry_policy(const struct candidate *c, const struct fwvar_setting *to)
{
    uint32_t old = c->v->data_size == 4 ? fw_le32(c->v->data) : UINT32_MAX;
    struct fwvar_variable v = *c->v;
    uint8_t name[64], data[4];

    if (old > 1)
        return fw_outcomes_add(c->m->outcomes, c->v, FWVAR_OUTCOME_REFUSED, c->m->diag,
                               "its value has no counterpart in %s", to->name);
    v.guid = to->guid;
    v.name = name;
    v.name_size = 2 * strlen(to->name);
    for (size_t i = 0; to->name[i] && 2 * i < sizeof name; i++)
        fw_put16(name + 2 * i, (uint8_t)to->name[i]);
    v.attributes = to->attributes;
    fw_put32(data, old == 0 ? 0 : 2); /* fast; full discovery */
    v.data = data;
    v.data_size = sizeof data;
    return fw_migrate_set(c->m, c->v, &v, FWVAR_OUTCOME_RENAMED,
                          "now BootDiscoveryPolicy");
}

/* ---- one variable ---- */

static int carry_to_counterpart(const struct candidate *c,
                                const struct fwvar_varstore *there)
{
    struct fwvar_variable v = *c->v;

    if (there->size != v.data_size)
        return fw_outcomes_add(c->m->outcomes, c->v, FWVAR_OUTCOME_SIZE, c->m->diag,
                               "%zu byte%s, the new release has %u", v.data_size,
                               v.data_size == 1 ? "" : "s", there->size);
    v.guid = there->guid;
    v.attributes = there->attributes;
    return fw_migrate_set(c->m, c->v, &v, FWVAR_OUTCOME_RENAMED,
                          "under the GUID that this board has for it");
}

static int judge(const struct candidate *c)
{
    const struct fw_migration *m = c->m;
    const struct fw_bound *b = fw_bound_find(c->v);
    const struct fwvar_setting *renamed = renamed_to(c);
    const struct fwvar_varstore *there = counterpart(c);
    size_t size = due_size(c);

    if (!(c->v->attributes & FWVAR_ATTR_NV))
        return fw_outcomes_add(m->outcomes, c->v, FWVAR_OUTCOME_VOLATILE, m->diag,
                               "it has no NV attribute");
    if (b && (b->use & FW_BOUND_STATE) && !m->options->all)
        return fw_outcomes_add(m->outcomes, c->v, FWVAR_OUTCOME_BOUND, m->diag, "%s",
                               b->reason);
    if (renamed)
        return carry_policy(c, renamed);
    if (there)
        return carry_to_counterpart(c, there);
    if (!is_known(c) && !m->options->all)
        return fw_outcomes_add(m->outcomes, c->v, FWVAR_OUTCOME_UNKNOWN, m->diag,
                               m->options->content
                                   ? "the new release does not know it"
                                   : "not known whether the new release has it");
    if (size && size != c->v->data_size)
        return fw_outcomes_add(m->outcomes, c->v, FWVAR_OUTCOME_SIZE, m->diag,
                               "%zu byte%s, the new release has %zu", c->v->data_size,
                               c->v->data_size == 1 ? "" : "s", size);
    return fw_migrate_set(m, c->v, c->v, FWVAR_OUTCOME_CARRIED, "");
}

static uint32_t attributes_of(const struct candidate *c,
                              const struct fwvar_varlist_item *item)
{
    uint32_t due = fw_due_attributes(&item->variable);

    if (c->declared)
        return c->declared->attributes;
    if (due)
        return due;
    return item->has_attributes ? item->variable.attributes
                                : FWVAR_ATTR_NV | FWVAR_ATTR_BS;
}

static int migrate_one(const struct fw_migration *m,
                       const struct fwvar_varlist_item *item)
{
    struct fwvar_variable v = item->variable;
    struct candidate c = {.m = m, .v = &v};
    struct fw_buf text = {0};

    fw_utf16_text(&text, v.name, v.name_size, FW_ESCAPE_INVALID);
    char *name = fw_buf_take_text(&text);
    if (!name)
        return fw_nomem(m->diag);
    c.name = name;
    c.setting = fwvar_setting_by_variable(name, &v.guid);
    if (m->options->content)
        c.declared = fwvar_content_varstore(m->options->content, name, &v.guid);
    v.attributes = attributes_of(&c, item);
    int code = judge(&c);
    free(name);
    return code;
}

static bool is_menu(const struct fwvar_variable *v)
{
    return fwvar_guid_equal(&v->guid, &fwvar_global_guid) &&
           (fwvar_name_matches(v->name, v->name_size, "Boot####") ||
            fwvar_name_matches(v->name, v->name_size, "BootOrder") ||
            fwvar_name_matches(v->name, v->name_size, "BootNext") ||
            fwvar_name_matches(v->name, v->name_size, "Key####"));
}

int fwvar_migrate(struct fwvar_edit *edit, const struct fwvar_varlist *old,
                  const struct fwvar_migrate_options *options,
                  struct fwvar_outcomes **outcomes, struct fwvar_diag *diag)
{
    struct fw_migration m = {edit, old, options, NULL, diag};
    int code = fw_outcomes_new(&m.outcomes, diag);

    for (size_t i = 0; code == 0 && i < fwvar_varlist_count(old); i++) {
        const struct fwvar_varlist_item *item = fwvar_varlist_at(old, i);
        if (is_menu(&item->variable))
            continue;
        int wanted = fw_migrate_wants(&m, &item->variable);
        code = wanted == 1 ? migrate_one(&m, item) : wanted;
    }
    if (code == 0)
        code = fw_migrate_menu(&m);
    if (code != 0) {
        fwvar_outcomes_free(m.outcomes);
        return code;
    }
    *outcomes = m.outcomes;
    return 0;
}
