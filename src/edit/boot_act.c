/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Doing something with entries that are there: order, next, remove, enable. */
#include "edit/boot.h"
#include "edit/menu.h"

#include "base/bytes.h"
#include "base/diag.h"

#include <fwvar/known.h>

#include <stdlib.h>
#include <string.h>

#define ATTRIBUTES (FWVAR_ATTR_NV | FWVAR_ATTR_BS | FWVAR_ATTR_RT)

/* Boot numbers, each once, in the order they were picked: those that an ENTRY means. */
struct picked {
    uint16_t *numbers;
    size_t count;
    struct fw_number_set set;
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

/* Once each: a BootOrder that is not ours may name an entry twice. */
static void pick(struct picked *p, uint16_t number)
{
    if (fw_set_add(&p->set, number))
        p->numbers[p->count++] = number;
}

static void pick_label(struct picked *p, const struct fw_menu *m, const char *label)
{
    struct fw_number_set found = {{0}};
    size_t left = fw_menu_labelled(m, label, &found);

    for (uint32_t n = 0; left > 0 && fw_menu_next(m, &n); n++) {
        if (fw_set_has(&found, (uint16_t)n)) {
            pick(p, (uint16_t)n);
            left--;
        }
    }
}

static bool is_class(const struct fwvar_boot_entry *e, const char *name)
{
    return e && strcmp(fwvar_boot_class_name(e->kind), name) == 0;
}

/* All entries of a class: first those in BootOrder, in its order, then the others. */
static void pick_class(struct picked *p, const struct fw_menu *m, const char *name)
{
    for (size_t i = 0; i < m->order_count; i++) {
        if (is_class(fw_menu_find(m, m->order[i]), name))
            pick(p, m->order[i]);
    }
    for (uint32_t n = 0; fw_menu_next(m, &n); n++) {
        if (is_class(fw_menu_find(m, (uint16_t)n), name))
            pick(p, (uint16_t)n);
    }
}

/* Names the entries with a number in @only, or all; by number, each once. */
static char *list_entries(const struct fw_menu *m, const struct picked *only)
{
    struct fw_buf list = {0};

    for (uint32_t n = 0; fw_menu_next(m, &n); n++) {
        const struct fwvar_boot_entry *e = fw_menu_find(m, (uint16_t)n);
        if (e && (!only || fw_set_has(&only->set, e->number)))
            fw_buf_printf(&list, "%s%04X %s", list.size ? ", " : "", e->number, e->label);
    }
    return fw_buf_take_text(&list);
}

static int no_entry(const struct fw_menu *m, const char *entry, struct fwvar_diag *diag)
{
    char *text = list_entries(m, NULL);

    fw_fail(diag, FWVAR_ERR_NOTFOUND, FWVAR_NO_OFFSET, "no boot entry %.128s", entry);
    if (m->count)
        fw_hint(diag, "there are: %s", text ? text : "");
    else
        fw_hint(diag, "the store has no boot entries; add one with --boot-http, "
                      "--boot-pxe, --boot-file or --boot-add");
    free(text);
    return FWVAR_ERR_NOTFOUND;
}

static int several(const struct fw_menu *m, const struct picked *p, const char *entry,
                   struct fwvar_diag *diag)
{
    char *text = list_entries(m, p);

    fw_fail(diag, FWVAR_ERR_AMBIGUOUS, FWVAR_NO_OFFSET,
            "several boot entries are called %.128s", entry);
    fw_hint(diag, "give the number: %s", text ? text : "");
    free(text);
    return FWVAR_ERR_AMBIGUOUS;
}

/* Resolves ENTRY; @one: exactly one entry is wanted. */
static int resolve(const struct fw_menu *m, const char *entry, bool one, struct picked *p,
                   struct fwvar_diag *diag)
{
    bool label_only = strncmp(entry, "label:", 6) == 0;
    uint16_t number;

    *p = (struct picked){.numbers = NULL};
    p->numbers = malloc((m->count + m->order_count + 1) * sizeof *p->numbers);
    if (!p->numbers)
        return fw_nomem(diag);
    if (!label_only && fw_boot_is_number(entry, &number)) {
        if (fw_menu_find(m, number))
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
static int move(struct fwvar_edit *edit, const struct fw_menu *m, const struct picked *p,
                enum fwvar_boot_action where, struct fwvar_diag *diag)
{
    uint16_t *order = malloc((m->order_count + p->count + 1) * sizeof *order);
    size_t n = 0;

    if (!order)
        return fw_nomem(diag);
    for (size_t i = 0; where == FWVAR_BOOT_FIRST && i < p->count; i++)
        order[n++] = p->numbers[i];
    for (size_t i = 0; i < m->order_count; i++) {
        if (!fw_set_has(&p->set, m->order[i]))
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

static int remove_entry(struct fwvar_edit *edit, bool is_next, uint16_t number,
                        struct fwvar_diag *diag)
{
    char name[9];

    fw_boot_name(number, name);
    int code = fw_edit_delete_named(edit, &fwvar_global_guid, name, diag);
    if (code == 0)
        code = fw_boot_drop_keys(edit, number, diag);
    if (code == 0 && is_next)
        code = fw_edit_delete_named(edit, &fwvar_global_guid, "BootNext", diag);
    return code;
}

static int act_on(struct fwvar_edit *edit, enum fwvar_boot_action action, uint16_t number,
                  struct fwvar_diag *diag)
{
    const struct fw_menu *m;

    if (action == FWVAR_BOOT_NEXT)
        return set_next(edit, number, diag);
    int code = fw_menu_pending(edit, &m, diag);
    if (code != 0)
        return code;
    if (action == FWVAR_BOOT_REMOVE)
        return remove_entry(edit, m->has_next && m->next == number, number, diag);
    const struct fwvar_boot_entry *e = fw_menu_find(m, number);
    return e ? set_active(edit, e, action == FWVAR_BOOT_ENABLE, diag) : 0;
}

/* Does it with all entries picked; BootOrder comes last. */
static int act_on_all(struct fwvar_edit *edit, enum fwvar_boot_action action,
                      const struct picked *p, struct fwvar_diag *diag)
{
    bool moves = action == FWVAR_BOOT_FIRST || action == FWVAR_BOOT_LAST;
    const struct fw_menu *m;
    int code = 0;

    for (size_t i = 0; code == 0 && !moves && i < p->count; i++)
        code = act_on(edit, action, p->numbers[i], diag);
    if (code != 0 || (!moves && action != FWVAR_BOOT_REMOVE))
        return code;
    code = fw_menu_pending(edit, &m, diag);
    return code == 0 ? move(edit, m, p, action, diag) : code;
}

int fwvar_boot_act(struct fwvar_edit *edit, enum fwvar_boot_action action,
                   const char *entry, struct fwvar_diag *diag)
{
    const struct fw_menu *m;
    struct picked p;

    if (action == FWVAR_BOOT_NEXT && strcmp(entry, "none") == 0) {
        int code = fw_edit_delete_named(edit, &fwvar_global_guid, "BootNext", diag);
        return code == FWVAR_ERR_NOTFOUND ? 0 : code;
    }
    int code = fw_menu_for_edit(edit, &m, diag);
    if (code != 0)
        return code;
    code = resolve(m, entry, action == FWVAR_BOOT_NEXT, &p, diag);
    if (code == 0)
        code = act_on_all(edit, action, &p, diag);
    free(p.numbers);
    return code;
}

/* ---- --boot-order ---- */

static int order_item(const struct fw_menu *m, const char *item, struct picked *o,
                      struct fwvar_diag *diag)
{
    struct picked p;

    int code = resolve(m, item, false, &p, diag);
    for (size_t i = 0; code == 0 && i < p.count; i++) {
        if (fw_set_has(&o->set, p.numbers[i]))
            code = fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                           "boot order: %04X stands twice", p.numbers[i]);
        pick(o, p.numbers[i]);
    }
    free(p.numbers);
    return code;
}

/* What the order has now and the items do not name; @starred: a `*` stands for it. */
static int pick_rest(const struct fw_menu *m, struct picked *o, bool starred,
                     struct fwvar_diag *diag)
{
    for (size_t i = 0; i < m->order_count; i++) {
        if (fw_set_has(&o->set, m->order[i]))
            continue;
        if (!starred && !fw_menu_find(m, m->order[i]))
            continue; /* points to nothing, so it cannot be named either */
        if (!starred) {
            fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET, "boot order: %04X is left out",
                    m->order[i]);
            fw_hint(diag, "name every entry, or write * for the rest");
            return FWVAR_ERR_ARG;
        }
        pick(o, m->order[i]);
    }
    return 0;
}

/* Adds the rest, and moves it to where the `*` stands: before item @star. */
static int fill_rest(const struct fw_menu *m, struct picked *o, size_t star,
                     struct fwvar_diag *diag)
{
    size_t named = o->count;
    int code = pick_rest(m, o, star != SIZE_MAX, diag);
    size_t rest = o->count - named;

    if (code != 0 || rest == 0)
        return code;
    size_t behind = (named - star) * sizeof *o->numbers;
    uint16_t *tail = malloc(behind + 1);
    if (!tail)
        return fw_nomem(diag);
    memcpy(tail, o->numbers + star, behind);
    memmove(o->numbers + star, o->numbers + named, rest * sizeof *o->numbers);
    memcpy(o->numbers + star + rest, tail, behind);
    free(tail);
    return 0;
}

static int read_order(const struct fw_menu *m, char *text, struct picked *o,
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
    const struct fw_menu *m;
    struct picked o = {.numbers = NULL};

    int code = fw_menu_for_edit(edit, &m, diag);
    if (code != 0)
        return code;
    /* Never more than all entries and all numbers of the old order. */
    o.numbers = malloc((m->count + m->order_count + 1) * sizeof *o.numbers);
    char *copy = strdup(text);
    if (!o.numbers || !copy)
        code = fw_nomem(diag);
    if (code == 0)
        code = read_order(m, copy, &o, diag);
    if (code == 0)
        code = fw_boot_write_order(edit, o.numbers, o.count, diag);
    free(copy);
    free(o.numbers);
    return code;
}
