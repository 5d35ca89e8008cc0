/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Doing something with entries that are there: order, next, remove, enable. */
#include "edit/boot.h"

#include "base/bytes.h"
#include "base/diag.h"

#include <fwvar/known.h>

#include <stdlib.h>
#include <string.h>

#define ATTRIBUTES (FWVAR_ATTR_NV | FWVAR_ATTR_BS | FWVAR_ATTR_RT)

/* Boot numbers that an ENTRY means. */
struct picked {
    uint16_t *numbers;
    size_t count;
};

/* ---- what ENTRY means ---- */

bool fw_boot_is_number(const char *text, uint16_t *number)
{
    if (strncmp(text, "Boot", 4) == 0)
        text += 4;
    if (strlen(text) != 4 || strspn(text, "0123456789ABCDEFabcdef") != 4)
        return false;
    *number = (uint16_t)strtoul(text, NULL, 16);
    return true;
}

static bool contains(const uint16_t *numbers, size_t count, uint16_t number)
{
    for (size_t i = 0; i < count; i++) {
        if (numbers[i] == number)
            return true;
    }
    return false;
}

/* Once each: a BootOrder that is not ours may name an entry twice. */
static void pick(struct picked *p, uint16_t number)
{
    if (!contains(p->numbers, p->count, number))
        p->numbers[p->count++] = number;
}

static void pick_label(struct picked *p, const struct fwvar_boot_menu *m,
                       const char *label)
{
    for (size_t i = 0; i < m->count; i++) {
        if (strcmp(m->entries[i].label, label) == 0)
            pick(p, m->entries[i].number);
    }
}

/* All entries of a class: first those in BootOrder, in its order, then the others. */
static void pick_class(struct picked *p, const struct fwvar_boot_menu *m,
                       const char *name)
{
    for (size_t i = 0; i < m->order_count; i++) {
        const struct fwvar_boot_entry *e = fwvar_boot_menu_find(m, m->order[i]);
        if (e && strcmp(fwvar_boot_class_name(e->kind), name) == 0)
            pick(p, e->number);
    }
    for (size_t i = 0; i < m->count; i++) {
        const struct fwvar_boot_entry *e = &m->entries[i];
        if (!e->in_order && strcmp(fwvar_boot_class_name(e->kind), name) == 0)
            pick(p, e->number);
    }
}

static void list_entries(struct fw_buf *list, const struct fwvar_boot_menu *m,
                         const struct picked *only)
{
    size_t n = only ? only->count : m->count;

    for (size_t i = 0; i < n; i++) {
        const struct fwvar_boot_entry *e =
            only ? fwvar_boot_menu_find(m, only->numbers[i]) : &m->entries[i];
        fw_buf_printf(list, "%s%04X %s", i ? ", " : "", e->number, e->label);
    }
}

static int no_entry(const struct fwvar_boot_menu *m, const char *entry,
                    struct fwvar_diag *diag)
{
    struct fw_buf list = {0};

    list_entries(&list, m, NULL);
    char *text = fw_buf_take_text(&list);
    fw_fail(diag, FWVAR_ERR_NOTFOUND, FWVAR_NO_OFFSET, "no boot entry %.128s", entry);
    if (m->count)
        fw_hint(diag, "there are: %s", text ? text : "");
    else
        fw_hint(diag, "the store has no boot entries; add one with --boot-http, "
                      "--boot-pxe, --boot-file or --boot-add");
    free(text);
    return FWVAR_ERR_NOTFOUND;
}

static int several(const struct fwvar_boot_menu *m, const struct picked *p,
                   const char *entry, struct fwvar_diag *diag)
{
    struct fw_buf list = {0};

    list_entries(&list, m, p);
    char *text = fw_buf_take_text(&list);
    fw_fail(diag, FWVAR_ERR_AMBIGUOUS, FWVAR_NO_OFFSET,
            "several boot entries are called %.128s", entry);
    fw_hint(diag, "give the number: %s", text ? text : "");
    free(text);
    return FWVAR_ERR_AMBIGUOUS;
}

/* Resolves ENTRY; @one: exactly one entry is wanted. */
static int resolve(const struct fwvar_boot_menu *m, const char *entry, bool one,
                   struct picked *p, struct fwvar_diag *diag)
{
    bool label_only = strncmp(entry, "label:", 6) == 0;
    uint16_t number;

    p->count = 0;
    p->numbers = malloc((m->count + m->order_count + 1) * sizeof *p->numbers);
    if (!p->numbers)
        return fw_nomem(diag);
    if (!label_only && fw_boot_is_number(entry, &number)) {
        if (fwvar_boot_menu_find(m, number))
            pick(p, number);
        return p->count ? 0 : no_entry(m, entry, diag);
    }
    pick_label(p, m, label_only ? entry + 6 : entry);
    if (p->count > 1)
        return several(m, p, entry, diag);
    if (p->count == 0 && !label_only)
        pick_class(p, m, entry);
    if (p->count == 0)
        return no_entry(m, entry, diag);
    return one && p->count > 1 ? several(m, p, entry, diag) : 0;
}

/* ---- orders ---- */

/* BootOrder with the picked entries taken out, and put in front or at the end. */
static int move(struct fwvar_edit *edit, const struct fwvar_boot_menu *m,
                const struct picked *p, enum fwvar_boot_action where,
                struct fwvar_diag *diag)
{
    uint16_t *order = malloc((m->order_count + p->count + 1) * sizeof *order);
    size_t n = 0;

    if (!order)
        return fw_nomem(diag);
    for (size_t i = 0; where == FWVAR_BOOT_FIRST && i < p->count; i++)
        order[n++] = p->numbers[i];
    for (size_t i = 0; i < m->order_count; i++) {
        if (!contains(p->numbers, p->count, m->order[i]))
            order[n++] = m->order[i];
    }
    for (size_t i = 0; where == FWVAR_BOOT_LAST && i < p->count; i++)
        order[n++] = p->numbers[i];
    int code = fw_boot_write_order(edit, order, n, diag);
    free(order);
    return code;
}

/* ---- actions on one entry ---- */

static int set_next(struct fwvar_edit *edit, uint16_t number, struct fwvar_diag *diag)
{
    uint8_t bytes[2];

    fw_put16(bytes, number);
    return fwvar_edit_set_named(edit, &fwvar_global_guid, "BootNext", ATTRIBUTES, bytes,
                                sizeof bytes, diag);
}

int fw_edit_delete_named(struct fwvar_edit *edit, const struct fwvar_guid *guid,
                         const char *name, struct fwvar_diag *diag)
{
    struct fwvar_variable v;

    if (fwvar_edit_get_named(edit, guid, name, &v) != 0)
        return FWVAR_ERR_NOTFOUND;
    return fwvar_edit_delete(edit, guid, v.name, v.name_size, diag);
}

static int set_active(struct fwvar_edit *edit, const struct fwvar_boot_entry *e,
                      bool active, struct fwvar_diag *diag)
{
    char name[9];

    if (e->option.flaw != FWVAR_LOADOPT_OK) {
        fw_fail(diag, FWVAR_ERR_DAMAGED, FWVAR_NO_OFFSET, "Boot%04X is broken: %s",
                e->number, fwvar_loadopt_flaw_text(e->option.flaw));
        fw_hint(diag, "it can only be removed: --boot-remove %04X", e->number);
        return FWVAR_ERR_DAMAGED;
    }
    uint8_t *bytes = malloc(e->variable.data_size);
    if (!bytes)
        return fw_nomem(diag);
    memcpy(bytes, e->variable.data, e->variable.data_size);
    bytes[0] = (uint8_t)((bytes[0] & ~FWVAR_LOADOPT_ACTIVE) | active);
    fw_boot_name(e->number, name);
    int code =
        fwvar_edit_set_named(edit, &fwvar_global_guid, name, e->variable.attributes,
                             bytes, e->variable.data_size, diag);
    free(bytes);
    return code;
}

static int remove_entry(struct fwvar_edit *edit, const struct fwvar_boot_menu *m,
                        uint16_t number, struct fwvar_diag *diag)
{
    char name[9];

    fw_boot_name(number, name);
    int code = fw_edit_delete_named(edit, &fwvar_global_guid, name, diag);
    if (code == 0)
        code = fw_boot_drop_keys(edit, number, diag);
    if (code == 0 && m->has_next && m->next == number)
        code = fw_edit_delete_named(edit, &fwvar_global_guid, "BootNext", diag);
    return code;
}

static int act_on(struct fwvar_edit *edit, enum fwvar_boot_action action, uint16_t number,
                  struct fwvar_diag *diag)
{
    struct fwvar_boot_menu m; /* read anew: an edit makes an older one's views void */

    if (action == FWVAR_BOOT_NEXT)
        return set_next(edit, number, diag);
    int code = fwvar_boot_menu_pending(edit, &m, diag);
    if (code != 0)
        return code;
    if (action == FWVAR_BOOT_REMOVE)
        code = remove_entry(edit, &m, number, diag);
    else
        code = set_active(edit, fwvar_boot_menu_find(&m, number),
                          action == FWVAR_BOOT_ENABLE, diag);
    fwvar_boot_menu_free(&m);
    return code;
}

int fwvar_boot_act(struct fwvar_edit *edit, enum fwvar_boot_action action,
                   const char *entry, struct fwvar_diag *diag)
{
    struct fwvar_boot_menu m;
    struct picked p = {0};

    if (action == FWVAR_BOOT_NEXT && strcmp(entry, "none") == 0) {
        int code = fw_edit_delete_named(edit, &fwvar_global_guid, "BootNext", diag);
        return code == FWVAR_ERR_NOTFOUND ? 0 : code;
    }
    int code = fw_boot_menu_for_edit(edit, &m, diag);
    if (code != 0)
        return code;
    code = resolve(&m, entry, action == FWVAR_BOOT_NEXT, &p, diag);
    if (code == 0 && (action == FWVAR_BOOT_FIRST || action == FWVAR_BOOT_LAST)) {
        code = move(edit, &m, &p, action, diag);
    } else if (code == 0) {
        for (size_t i = 0; code == 0 && i < p.count; i++)
            code = act_on(edit, action, p.numbers[i], diag);
        if (code == 0 && action == FWVAR_BOOT_REMOVE)
            code = move(edit, &m, &p, action, diag);
    }
    free(p.numbers);
    fwvar_boot_menu_free(&m);
    return code;
}

/* ---- --boot-order ---- */

struct new_order {
    uint16_t *numbers;
    size_t count;
};

static int order_item(const struct fwvar_boot_menu *m, const char *item,
                      struct new_order *o, struct fwvar_diag *diag)
{
    struct picked p = {0};

    int code = resolve(m, item, false, &p, diag);
    for (size_t i = 0; code == 0 && i < p.count; i++) {
        if (contains(o->numbers, o->count, p.numbers[i]))
            code = fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                           "boot order: %04X stands twice", p.numbers[i]);
        else
            o->numbers[o->count++] = p.numbers[i];
    }
    free(p.numbers);
    return code;
}

/* Puts what the order has now and the items do not name where the `*` stands. */
static int fill_rest(const struct fwvar_boot_menu *m, struct new_order *o, size_t star,
                     struct fwvar_diag *diag)
{
    size_t named = o->count, rest = 0;
    uint16_t *tail;

    for (size_t i = 0; i < m->order_count; i++) {
        if (contains(o->numbers, named + rest, m->order[i]))
            continue;
        if (star == SIZE_MAX && !fwvar_boot_menu_find(m, m->order[i]))
            continue; /* points to nothing, so it cannot be named either */
        if (star == SIZE_MAX) {
            fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET, "boot order: %04X is left out",
                    m->order[i]);
            fw_hint(diag, "name every entry, or write * for the rest");
            return FWVAR_ERR_ARG;
        }
        o->numbers[named + rest++] = m->order[i];
    }
    if (rest == 0 || star == SIZE_MAX)
        return 0;
    tail = malloc((named - star) * sizeof *tail + 1);
    if (!tail)
        return fw_nomem(diag);
    memcpy(tail, o->numbers + star, (named - star) * sizeof *tail);
    memmove(o->numbers + star, o->numbers + named, rest * sizeof *tail);
    memcpy(o->numbers + star + rest, tail, (named - star) * sizeof *tail);
    o->count += rest;
    free(tail);
    return 0;
}

static int read_order(const struct fwvar_boot_menu *m, char *text, struct new_order *o,
                      struct fwvar_diag *diag)
{
    size_t star = SIZE_MAX;
    char *save;
    int code = 0;

    for (char *item = strtok_r(text, ",", &save); code == 0 && item;
         item = strtok_r(NULL, ",", &save)) {
        item += strspn(item, " ");
        for (size_t n = strlen(item); n > 0 && item[n - 1] == ' '; n--)
            item[n - 1] = '\0';
        if (strcmp(item, "*") != 0)
            code = order_item(m, item, o, diag);
        else if (star == SIZE_MAX)
            star = o->count;
        else
            code = fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                           "boot order: * stands twice");
    }
    return code == 0 ? fill_rest(m, o, star, diag) : code;
}

int fwvar_boot_order(struct fwvar_edit *edit, const char *text, struct fwvar_diag *diag)
{
    struct fwvar_boot_menu m;
    struct new_order o = {0};

    int code = fw_boot_menu_for_edit(edit, &m, diag);
    if (code != 0)
        return code;
    /* Never more than all entries and all numbers of the old order. */
    o.numbers = malloc((m.count + m.order_count + 1) * sizeof *o.numbers);
    char *copy = strdup(text);
    if (!o.numbers || !copy)
        code = fw_nomem(diag);
    if (code == 0)
        code = read_order(&m, copy, &o, diag);
    if (code == 0)
        code = fw_boot_write_order(edit, o.numbers, o.count, diag);
    free(copy);
    free(o.numbers);
    fwvar_boot_menu_free(&m);
    return code;
}
