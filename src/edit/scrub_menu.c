/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The boot menu of an image that is to be no board's own: the firmware's entries for
 * disks and network cards go, the rest moves up, and what names numbers follows. */
#include "edit/scrub.h"

#include "base/bytes.h"
#include "base/diag.h"

#include <fwvar/keyoption.h>
#include <fwvar/known.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GONE UINT32_MAX

/* The old menu, and the number that each of its entries gets. */
struct renumbering {
    struct fw_scrub *s;
    struct fwvar_boot_menu menu;
    uint32_t *number; /* per entry: the new one, or GONE */
};

static uint32_t new_number(const struct renumbering *r, uint16_t old)
{
    const struct fwvar_boot_entry *e = fwvar_boot_menu_find(&r->menu, old);

    return e ? r->number[e - r->menu.entries] : GONE;
}

/* ---- deciding ---- */

/* Why an entry goes, or NULL if it stays. */
static const char *reason_to_go(const struct fwvar_boot_entry *e, bool asked)
{
    if (asked)
        return "as asked for";
    if (!fwvar_loadopt_is_auto(&e->option))
        return NULL;
    if (e->has_mac)
        return "made by the firmware for a network card of one board";
    return e->kind == FWVAR_BOOT_DISK ? "made by the firmware for a disk of one board"
                                      : "made by the firmware for a device of one board";
}

static int note_mac(const struct renumbering *r, const struct fwvar_boot_entry *e)
{
    if (!e->has_mac)
        return 0;
    return fw_outcomes_add(r->s->outcomes, &e->variable, FWVAR_OUTCOME_KEPT, r->s->diag,
                           "made by hand for the MAC %02x:%02x:%02x:%02x:%02x:%02x; "
                           "other boards skip it",
                           e->mac[0], e->mac[1], e->mac[2], e->mac[3], e->mac[4],
                           e->mac[5]);
}

static int decide_entry(struct renumbering *r, size_t i, uint32_t *next)
{
    const struct fwvar_boot_entry *e = &r->menu.entries[i];
    int asked = fw_scrub_asked(r->s, &e->variable);
    int kept = asked < 0 ? asked : fw_scrub_keeps(r->s, &e->variable);

    if (kept < 0)
        return kept;
    const char *reason = reason_to_go(e, asked);
    bool stays = !reason || kept;
    r->number[i] = stays ? (*next)++ : GONE;
    if (!stays && e->has_mac)
        fw_scrub_saw_mac(r->s, e->mac);
    if (!stays)
        return fw_outcomes_add(r->s->outcomes, &e->variable, FWVAR_OUTCOME_REMOVED,
                               r->s->diag, "%s", reason);
    if (reason)
        return fw_outcomes_add(r->s->outcomes, &e->variable, FWVAR_OUTCOME_KEPT,
                               r->s->diag, "as asked for, though %s", reason);
    return note_mac(r, e);
}

static int decide(struct renumbering *r)
{
    uint32_t next = 0;
    int code = 0;

    for (size_t i = 0; code == 0 && i < r->menu.count; i++)
        code = decide_entry(r, i, &next);
    return code;
}

/* ---- entries ---- */

static int move_entry(const struct renumbering *r, const struct fwvar_boot_entry *e,
                      uint16_t number)
{
    char name[9];

    fw_boot_name(number, name);
    int code = fw_outcomes_add(r->s->outcomes, &e->variable, FWVAR_OUTCOME_RENUMBERED,
                               r->s->diag, "now %s", name);
    if (code == 0)
        code = fwvar_edit_set_named(r->s->edit, &fwvar_global_guid, name,
                                    e->variable.attributes, e->variable.data,
                                    e->variable.data_size, r->s->diag);
    return code;
}

/* The values come from the store, not from the transaction, so they may be moved one
 * after another. Numbers beyond the last one that is used are deleted. */
static int move_entries(const struct renumbering *r)
{
    uint32_t left = 0;
    int code = 0;

    for (size_t i = 0; code == 0 && i < r->menu.count; i++) {
        left += r->number[i] != GONE;
        if (r->number[i] != GONE && r->number[i] != r->menu.entries[i].number)
            code = move_entry(r, &r->menu.entries[i], (uint16_t)r->number[i]);
    }
    for (size_t i = 0; code == 0 && i < r->menu.count; i++) {
        const struct fwvar_variable *v = &r->menu.entries[i].variable;
        if (r->menu.entries[i].number >= left)
            code = fwvar_edit_delete(r->s->edit, &v->guid, v->name, v->name_size,
                                     r->s->diag);
    }
    return code;
}

/* ---- what names them ---- */

static int rewritten(const struct renumbering *r, const char *name, const char *what)
{
    struct fwvar_variable v;

    if (fwvar_edit_get_named(r->s->edit, &fwvar_global_guid, name, &v) != 0)
        return 0;
    return fw_outcomes_add(r->s->outcomes, &v, FWVAR_OUTCOME_REWRITTEN, r->s->diag, "%s",
                           what);
}

static int move_order(const struct renumbering *r)
{
    const struct fwvar_boot_menu *m = &r->menu;
    uint16_t *order = malloc((m->order_count + 1) * sizeof *order);
    size_t count = 0;
    bool changed = false;
    int code = 0;

    if (!order)
        return fw_nomem(r->s->diag);
    for (size_t i = 0; i < m->order_count; i++) {
        uint32_t number = new_number(r, m->order[i]);
        for (size_t k = 0; k < count; k++)
            number = number == order[k] ? GONE : number; /* a second time */
        changed |= number != m->order[i];
        if (number != GONE)
            order[count++] = (uint16_t)number;
    }
    if (changed)
        code = rewritten(r, "BootOrder",
                         count ? "follows the entries" : "deleted: no entry is left");
    if (code == 0 && changed)
        code = fw_boot_write_order(r->s->edit, order, count, r->s->diag);
    free(order);
    return code;
}

static int move_next(const struct renumbering *r)
{
    uint32_t number = new_number(r, r->menu.next);
    struct fwvar_variable v;
    uint8_t bytes[2];

    if (!r->menu.has_next || number == r->menu.next ||
        fwvar_edit_get_named(r->s->edit, &fwvar_global_guid, "BootNext", &v) != 0)
        return 0;
    if (number == GONE)
        return fw_scrub_remove(r->s, &v, "its boot entry is gone");
    fw_put16(bytes, (uint16_t)number);
    int code = rewritten(r, "BootNext", "follows its entry");
    return code == 0 ? fwvar_edit_set_named(r->s->edit, &fwvar_global_guid, "BootNext",
                                            v.attributes, bytes, 2, r->s->diag)
                     : code;
}

static int move_key(const struct renumbering *r, const struct fwvar_variable *v)
{
    uint8_t bytes[FWVAR_KEYOPTION_SIZE_MAX];
    struct fwvar_variable moved = *v;
    struct fwvar_keyoption key;

    if (fwvar_keyoption_decode(v->data, v->data_size, &key) != 0)
        return 0;
    uint32_t number = new_number(r, key.option);
    if (number == GONE)
        return fw_scrub_remove(r->s, v, "hotkey of a boot entry that is gone");
    const struct fwvar_boot_entry *e = fwvar_boot_menu_find(&r->menu, key.option);
    uint32_t crc = fwvar_loadopt_crc(e->variable.data, e->variable.data_size);
    if (number == key.option && crc == key.crc)
        return 0;
    key.option = (uint16_t)number;
    key.crc = crc;
    if (fwvar_keyoption_encode(&key, bytes, &moved.data_size) != 0)
        return 0;
    moved.data = bytes;
    int code = fw_outcomes_add(r->s->outcomes, v, FWVAR_OUTCOME_REWRITTEN, r->s->diag,
                               "hotkey of Boot%04X now", (unsigned)number);
    return code == 0 ? fwvar_edit_set(r->s->edit, &moved, r->s->diag) : code;
}

static int move_keys(const struct renumbering *r)
{
    const struct fwvar_variables *before = fwvar_edit_before(r->s->edit);
    int code = 0;

    for (size_t i = 0; code == 0 && i < fwvar_variables_count(before); i++) {
        if (fwvar_variables_role(before, i) != FWVAR_ROLE_LIVE)
            continue;
        struct fwvar_variable v = fwvar_record_variable(fwvar_variables_at(before, i));
        if (fwvar_guid_equal(&v.guid, &fwvar_global_guid) &&
            fwvar_name_matches(v.name, v.name_size, "Key####"))
            code = move_key(r, &v);
    }
    return code;
}

int fw_scrub_menu(struct fw_scrub *s)
{
    struct renumbering r = {.s = s};
    int code = fw_boot_menu_for_edit(s->edit, &r.menu, s->diag);

    if (code != 0)
        return code;
    r.number = calloc(r.menu.count + 1, sizeof *r.number);
    if (!r.number)
        code = fw_nomem(s->diag);
    if (code == 0)
        code = decide(&r);
    if (code == 0)
        code = move_entries(&r);
    if (code == 0)
        code = move_order(&r);
    if (code == 0)
        code = move_next(&r);
    if (code == 0)
        code = move_keys(&r);
    free(r.number);
    fwvar_boot_menu_free(&r.menu);
    return code;
}
