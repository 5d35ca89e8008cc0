/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Carrying a boot menu: entries made by hand, their order, and what names them. */
#include "edit/migrate.h"

#include "base/bytes.h"
#include "base/diag.h"
#include "edit/menu.h"

#include <fwvar/keyoption.h>
#include <fwvar/known.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NONE       UINT32_MAX
#define ATTRIBUTES (FWVAR_ATTR_NV | FWVAR_ATTR_BS | FWVAR_ATTR_RT)

/* Both menus, and where the old entries are in the new one. */
struct menus {
    const struct fw_migration *m;
    struct fwvar_boot_menu old, new;
    uint32_t *number; /* per old entry: its number in the new menu, or NONE */
    bool *carried;    /* per old entry: it was not there before */
};

static int next_item(const void *from, size_t *cursor, struct fwvar_variable *v)
{
    const struct fwvar_varlist *list = from;

    if (*cursor >= fwvar_varlist_count(list))
        return 1;
    *v = fwvar_varlist_at(list, (*cursor)++)->variable;
    return 0;
}

static uint32_t new_number(const struct menus *b, uint16_t old)
{
    const struct fwvar_boot_entry *e = fwvar_boot_menu_find(&b->old, old);

    return e ? b->number[e - b->old.entries] : NONE;
}

static bool same_entry(const struct fwvar_boot_entry *a, const struct fwvar_boot_entry *b)
{
    if (a->kind == b->kind && (a->kind == FWVAR_BOOT_MENU || a->kind == FWVAR_BOOT_SHELL))
        return true;
    return a->variable.data_size == b->variable.data_size &&
           memcmp(a->variable.data, b->variable.data, a->variable.data_size) == 0;
}

static uint32_t find_same(const struct menus *b, const struct fwvar_boot_entry *e)
{
    for (size_t i = 0; i < b->new.count; i++) {
        if (same_entry(e, &b->new.entries[i]))
            return b->new.entries[i].number;
    }
    return NONE;
}

/* ---- entries ---- */

/* Why an entry is left, or NULL. */
static const char *reason_to_leave(const struct menus *b,
                                   const struct fwvar_boot_entry *e,
                                   enum fwvar_outcome *outcome)
{
    *outcome = FWVAR_OUTCOME_REFUSED;
    if (e->option.flaw != FWVAR_LOADOPT_OK)
        return fwvar_loadopt_flaw_text(e->option.flaw);
    if (!e->in_order && !e->is_next)
        return "it is not in BootOrder, so the firmware would overwrite it";
    *outcome = FWVAR_OUTCOME_BOUND;
    return e->auto_created && !b->m->options->all ? "made by the firmware" : NULL;
}

static int carry_entry(const struct menus *b, size_t i)
{
    const struct fwvar_boot_entry *e = &b->old.entries[i];
    struct fwvar_variable v = e->variable;
    const struct fw_menu *menu;
    uint8_t wide[16];
    char name[9], reason[32] = "";
    uint16_t number = 0;

    int code = fw_menu_pending(b->m->edit, &menu, b->m->diag);
    if (code != 0)
        return code;
    if (fw_menu_free_number(menu, &number) != 0)
        return fw_fail(b->m->diag, FWVAR_ERR_SPACE, FWVAR_NO_OFFSET,
                       "no boot number is free");
    fw_boot_name(number, name);
    for (size_t k = 0; k < 8; k++)
        fw_put16(wide + 2 * k, (uint8_t)name[k]);
    v.name = wide;
    v.attributes = ATTRIBUTES;
    if (number != e->number)
        snprintf(reason, sizeof reason, "as %s", name);
    code = fw_migrate_set(b->m, &e->variable, &v, FWVAR_OUTCOME_CARRIED, reason);
    if (code == 0 &&
        fwvar_edit_get_named(b->m->edit, &fwvar_global_guid, name, &v) == 0) {
        b->number[i] = number;
        b->carried[i] = true;
    }
    return code;
}

static int migrate_entry(const struct menus *b, size_t i)
{
    const struct fwvar_boot_entry *e = &b->old.entries[i];
    enum fwvar_outcome outcome;
    const char *reason = reason_to_leave(b, e, &outcome);

    b->number[i] = find_same(b, e);
    int wanted = fw_migrate_wants(b->m, &e->variable);
    if (wanted != 1)
        return wanted;
    if (b->number[i] != NONE)
        return fw_outcomes_add(b->m->outcomes, &e->variable, FWVAR_OUTCOME_SAME,
                               b->m->diag, "%s", "");
    if (reason)
        return fw_outcomes_add(b->m->outcomes, &e->variable, outcome, b->m->diag, "%s",
                               reason);
    return carry_entry(b, i);
}

/* ---- what names them ---- */

static bool contains(const uint16_t *order, size_t count, uint32_t number)
{
    for (size_t i = 0; i < count; i++) {
        if (order[i] == number)
            return true;
    }
    return false;
}

static bool is_carried(const struct menus *b, uint16_t old)
{
    const struct fwvar_boot_entry *e = fwvar_boot_menu_find(&b->old, old);

    return e && b->carried[e - b->old.entries];
}

/* The old order, then the rest of the new one; or, if the old order itself is not wanted,
 * the new one and then what was carried. */
static size_t merge_orders(const struct menus *b, bool old_first, uint16_t *order)
{
    size_t n = 0;

    for (size_t i = 0; !old_first && i < b->new.order_count; i++)
        order[n++] = b->new.order[i];
    for (size_t i = 0; i < b->old.order_count; i++) {
        uint32_t number = new_number(b, b->old.order[i]);
        if (number != NONE && !contains(order, n, number) &&
            (old_first || is_carried(b, b->old.order[i])))
            order[n++] = (uint16_t)number;
    }
    for (size_t i = 0; old_first && i < b->new.order_count; i++) {
        if (!contains(order, n, b->new.order[i]))
            order[n++] = b->new.order[i];
    }
    return n;
}

static int migrate_order(const struct menus *b, const struct fwvar_variable *v)
{
    const struct fwvar_boot_menu *new = &b->new;
    size_t most = b->old.order_count + new->order_count + 1;
    int wanted = fw_migrate_wants(b->m, v);
    uint16_t *order = malloc(most * sizeof *order);
    int code = 0;

    if (!order || wanted < 0) {
        free(order);
        return fw_nomem(b->m->diag);
    }
    size_t count = merge_orders(b, wanted, order);
    bool same = count == new->order_count &&
                (count == 0 || memcmp(order, new->order, count * sizeof *order) == 0);
    if (!same)
        code = fw_boot_write_order(b->m->edit, order, count, b->m->diag);
    free(order);
    if (code != 0 || !wanted)
        return code;
    return fw_outcomes_add(b->m->outcomes, v,
                           same ? FWVAR_OUTCOME_SAME : FWVAR_OUTCOME_CARRIED, b->m->diag,
                           "%s", same && count == 0 ? "no entry of it is carried" : "");
}

static int migrate_next(const struct menus *b, const struct fwvar_variable *v)
{
    uint32_t number = b->old.has_next ? new_number(b, b->old.next) : NONE;
    struct fwvar_variable next = *v;
    uint8_t bytes[2];

    if (number == NONE)
        return fw_outcomes_add(b->m->outcomes, v, FWVAR_OUTCOME_REFUSED, b->m->diag,
                               "its boot entry is not carried");
    fw_put16(bytes, (uint16_t)number);
    next.data = bytes;
    next.data_size = sizeof bytes;
    next.attributes = ATTRIBUTES;
    return fw_migrate_set(b->m, v, &next, FWVAR_OUTCOME_CARRIED, "");
}

/* The number of a hotkey in the new image: of one with that value, or a free one. */
static void key_name(const struct menus *b, const uint8_t *bytes, size_t size,
                     char name[8])
{
    struct fwvar_variable v;

    for (unsigned n = 0; n <= UINT16_MAX; n++) {
        snprintf(name, 8, "Key%04X", n);
        if (fwvar_edit_get_named(b->m->edit, &fwvar_global_guid, name, &v) != 0 ||
            (v.data_size == size && memcmp(v.data, bytes, size) == 0))
            return;
    }
}

static int migrate_key(const struct menus *b, const struct fwvar_variable *v)
{
    uint8_t bytes[FWVAR_KEYOPTION_SIZE_MAX], wide[14];
    struct fwvar_variable new = *v;
    struct fwvar_keyoption key;
    char name[8];

    if (fwvar_keyoption_decode(v->data, v->data_size, &key) != 0)
        return fw_outcomes_add(b->m->outcomes, v, FWVAR_OUTCOME_REFUSED, b->m->diag,
                               "not a hotkey that the firmware takes");
    const struct fwvar_boot_entry *e = fwvar_boot_menu_find(&b->old, key.option);
    uint32_t number = new_number(b, key.option);
    if (number == NONE || (e->auto_created && !b->m->options->all))
        return fw_outcomes_add(b->m->outcomes, v, FWVAR_OUTCOME_BOUND, b->m->diag,
                               "made by the firmware, or its entry is not carried");
    key.option = (uint16_t)number;
    key.crc = fwvar_loadopt_crc(e->variable.data, e->variable.data_size);
    if (fwvar_keyoption_encode(&key, bytes, &new.data_size) != 0)
        return 0;
    key_name(b, bytes, new.data_size, name);
    for (size_t k = 0; k < 7; k++)
        fw_put16(wide + 2 * k, (uint8_t)name[k]);
    new.name = wide;
    new.data = bytes;
    new.attributes = ATTRIBUTES;
    return fw_migrate_set(b->m, v, &new, FWVAR_OUTCOME_CARRIED, "");
}

static int migrate_reference(const struct menus *b, const struct fwvar_variable *v)
{
    bool next = fwvar_name_matches(v->name, v->name_size, "BootNext");
    bool key = fwvar_name_matches(v->name, v->name_size, "Key####");

    if (fwvar_name_matches(v->name, v->name_size, "BootOrder"))
        return migrate_order(b, v);
    int wanted = next || key ? fw_migrate_wants(b->m, v) : 0;
    if (wanted != 1)
        return wanted;
    return next ? migrate_next(b, v) : migrate_key(b, v);
}

static int migrate_references(const struct menus *b)
{
    int code = 0;

    for (size_t i = 0; code == 0 && i < fwvar_varlist_count(b->m->old); i++) {
        const struct fwvar_variable *v = &fwvar_varlist_at(b->m->old, i)->variable;
        if (fwvar_guid_equal(&v->guid, &fwvar_global_guid))
            code = migrate_reference(b, v);
    }
    return code;
}

static int migrate_all(struct menus *b)
{
    int code = 0;

    b->number = calloc(b->old.count + 1, sizeof *b->number);
    b->carried = calloc(b->old.count + 1, sizeof *b->carried);
    if (!b->number || !b->carried)
        return fw_nomem(b->m->diag);
    for (size_t i = 0; code == 0 && i < b->old.count; i++)
        code = migrate_entry(b, i);
    return code == 0 ? migrate_references(b) : code;
}

int fw_migrate_menu(const struct fw_migration *m)
{
    struct menus b = {.m = m};
    int code = fw_boot_menu_build(m->old, next_item, &b.old, m->diag);

    if (code != 0)
        return code;
    code = fw_boot_menu_for_edit(m->edit, &b.new, m->diag);
    if (code == 0)
        code = migrate_all(&b);
    free(b.number);
    free(b.carried);
    fwvar_boot_menu_free(&b.old);
    fwvar_boot_menu_free(&b.new);
    return code;
}
