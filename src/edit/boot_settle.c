/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What hangs on boot entries: hotkeys carry a CRC of the option they boot, BootOrder and
 * BootNext name numbers. */
#include "edit/boot.h"
#include "edit/edit.h"
#include "edit/menu.h"

#include "base/bytes.h"
#include "base/diag.h"

#include <fwvar/keyoption.h>
#include <fwvar/known.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_NAME 14 /* bytes of "Key####" */

/* ---- hotkeys ---- */

static bool is_key(const struct fwvar_variable *v, struct fwvar_keyoption *key)
{
    return fwvar_guid_equal(&v->guid, &fwvar_global_guid) &&
           fwvar_name_matches(v->name, v->name_size, "Key####") &&
           fwvar_keyoption_decode(v->data, v->data_size, key) == 0;
}

int fw_boot_drop_keys(struct fwvar_edit *edit, uint16_t number, struct fwvar_diag *diag)
{
    const struct fw_menu *m;
    char name[9];
    int code = fw_menu_pending(edit, &m, diag);

    for (size_t i = 0; code == 0 && i < m->key_count;) {
        if (m->keys[i].option != number) {
            i++;
            continue;
        }
        snprintf(name, sizeof name, "Key%04X", m->keys[i].key);
        code = fw_edit_delete_named(edit, &fwvar_global_guid, name, diag);
        if (code == 0) /* the key is gone from the list, or the list is new */
            code = fw_menu_pending(edit, &m, diag);
    }
    return code;
}

/* True if this transaction gave the hotkey its CRC, so that it may do so again. */
static bool *renewed_mark(struct fwvar_edit *edit, const uint8_t name[KEY_NAME])
{
    struct fw_key key = {&fwvar_global_guid, name, KEY_NAME};
    size_t i = fw_map_find(&edit->map, edit, &key);

    return i == FW_MAP_NONE ? NULL : &edit->wishes[i].renewed;
}

/* Gives a hotkey the CRC of its changed option, if it had that of the old one. A CRC that
 * was wrong before is a finding of `check`, not ours to hide. */
static int renew_key(struct fwvar_edit *edit, const struct fwvar_variable *v,
                     struct fwvar_keyoption *key, struct fwvar_diag *diag)
{
    uint8_t bytes[FWVAR_KEYOPTION_SIZE_MAX];
    struct fwvar_variable now, renewed = *v;
    uint8_t own_name[KEY_NAME]; /* @v may view a wish, which an edit replaces */
    char name[9];

    memcpy(own_name, v->name, KEY_NAME);
    fw_boot_name(key->option, name);
    const struct fwvar_record *old =
        fwvar_variables_get(edit->before, &fwvar_global_guid, name);
    const bool *mark = renewed_mark(edit, own_name);
    bool fitted = (mark && *mark) ||
                  (old && fwvar_loadopt_crc(old->data, old->data_size) == key->crc);
    if (!fitted || fwvar_edit_get_named(edit, &fwvar_global_guid, name, &now) != 0)
        return 0;
    key->crc = fwvar_loadopt_crc(now.data, now.data_size);
    if (fwvar_keyoption_encode(key, bytes, &renewed.data_size) != 0)
        return 0;
    renewed.data = bytes;
    int code = fwvar_edit_set(edit, &renewed, diag);
    bool *set = renewed_mark(edit, own_name);
    if (code == 0 && set)
        *set = true;
    return code;
}

static int renew_keys(struct fwvar_edit *edit, struct fwvar_diag *diag)
{
    struct fwvar_keyoption key;
    struct fwvar_variable v;
    size_t cursor = 0;
    int code = 0;

    while (code == 0 && fwvar_edit_next(edit, &cursor, &v) == 0) {
        if (is_key(&v, &key))
            code = renew_key(edit, &v, &key, diag);
    }
    return code;
}

/* ---- references ---- */

/* What is wrong with the references of a menu: one bit for each number. */
struct flaws {
    uint8_t missing[0x10000 / 8]; /* named by BootOrder or BootNext, not there */
    uint8_t twice[0x10000 / 8];   /* more than once in BootOrder */
    uint8_t seen[0x10000 / 8];    /* in BootOrder */
    uint8_t outside[0x10000 / 8]; /* there, but not in BootOrder */
};

static bool has(const uint8_t *bits, uint16_t n)
{
    return bits[n / 8] >> n % 8 & 1;
}

static void mark(uint8_t *bits, uint16_t n)
{
    bits[n / 8] |= (uint8_t)(1u << n % 8);
}

static void find_flaws(const struct fwvar_boot_menu *m, struct flaws *f)
{
    memset(f, 0, sizeof *f);
    for (size_t i = 0; i < m->order_count; i++) {
        mark(has(f->seen, m->order[i]) ? f->twice : f->seen, m->order[i]);
        if (!fwvar_boot_menu_find(m, m->order[i]))
            mark(f->missing, m->order[i]);
    }
    if (m->has_next && !fwvar_boot_menu_find(m, m->next))
        mark(f->missing, m->next);
    for (size_t i = 0; i < m->count; i++) {
        if (!m->entries[i].in_order)
            mark(f->outside, m->entries[i].number);
    }
}

static int dangling(const struct fwvar_edit *edit, const char *what, uint16_t number,
                    struct fwvar_diag *diag)
{
    char name[9];

    fw_boot_name(number, name);
    fw_fail(diag, FWVAR_ERR_REFUSED, FWVAR_NO_OFFSET, "%s names %04X, but there is no %s",
            what, number, name);
    if (fwvar_variables_get(edit->before, &fwvar_global_guid, name))
        fw_hint(diag, "remove the entry with --boot-remove %04X, which mends %s too",
                number, what);
    else
        fw_hint(diag, "add the entry in the same run, or take the number out of %s",
                what);
    return FWVAR_ERR_REFUSED;
}

/* An entry that nothing names is overwritten by the next one the firmware adds. Those
 * that stood outside BootOrder before are findings of `check`, or were BootNext's. */
static int check_outside(const struct fwvar_edit *edit, const struct fwvar_boot_menu *m,
                         const struct flaws *old, struct fwvar_diag *diag)
{
    if (edit->flags & FWVAR_EDIT_FORCE || edit->loose_entries)
        return 0;
    for (size_t i = 0; i < m->count; i++) {
        const struct fwvar_boot_entry *e = &m->entries[i];
        if (e->in_order || e->is_next || has(old->outside, e->number))
            continue;
        fw_fail(diag, FWVAR_ERR_REFUSED, FWVAR_NO_OFFSET,
                "neither BootOrder nor BootNext names Boot%04X, so the firmware would "
                "overwrite it",
                e->number);
        fw_hint(
            diag,
            has(old->seen, e->number)
                ? "remove it with --boot-remove %04X, or keep it in BootOrder; insist "
                  "with --force"
                : "put it into BootOrder with --boot-last %04X, or insist with --force",
            e->number);
        return FWVAR_ERR_REFUSED;
    }
    return 0;
}

/* Refuses flaws that were not there before; older ones are findings of `check`. */
static int check_menu(const struct fwvar_edit *edit, const struct fwvar_boot_menu *m,
                      const struct flaws *old, struct fwvar_diag *diag)
{
    struct flaws now;

    find_flaws(m, &now);
    for (size_t i = 0; i < m->order_count; i++) {
        uint16_t n = m->order[i];
        if (has(now.missing, n) && !has(old->missing, n))
            return dangling(edit, "BootOrder", n, diag);
        if (has(now.twice, n) && !has(old->twice, n))
            return fw_fail(diag, FWVAR_ERR_REFUSED, FWVAR_NO_OFFSET,
                           "BootOrder names %04X twice", n);
    }
    if (m->has_next && has(now.missing, m->next) && !has(old->missing, m->next))
        return dangling(edit, "BootNext", m->next, diag);
    return check_outside(edit, m, old, diag);
}

/* True if the hotkey is not what the store had. */
static bool is_new_key(const struct fwvar_edit *edit, const char *name,
                       const struct fwvar_variable *v)
{
    const struct fwvar_record *old =
        fwvar_variables_get(edit->before, &fwvar_global_guid, name);
    return !old || old->data_size != v->data_size ||
           memcmp(old->data, v->data, v->data_size) != 0;
}

/* The firmware ignores a hotkey whose CRC is not that of the entry it starts. */
static int wrong_crc(const char *what, const struct fwvar_keyoption *key, uint32_t due,
                     struct fwvar_diag *diag)
{
    fw_fail(diag, FWVAR_ERR_REFUSED, FWVAR_NO_OFFSET,
            "%s has CRC %08x, that of Boot%04X is %08x: the firmware would ignore the "
            "hotkey",
            what, key->crc, key->option, due);
    fw_hint(diag, "bytes 4 to 7 are to be %02x%02x%02x%02x; insist with --force",
            due & 0xff, due >> 8 & 0xff, due >> 16 & 0xff, due >> 24);
    return FWVAR_ERR_REFUSED;
}

/* A hotkey whose entry this transaction deleted, or one that it made and that the
 * firmware would ignore. */
static int check_key(const struct fwvar_edit *edit, const struct fwvar_variable *v,
                     const struct fwvar_keyoption *key, struct fwvar_diag *diag)
{
    struct fwvar_variable entry;
    char name[9], what[16];

    fw_boot_name(key->option, name);
    for (size_t i = 0; i < KEY_NAME / 2; i++)
        what[i] = (char)v->name[2 * i];
    what[KEY_NAME / 2] = '\0';
    bool is_new = !edit->loose_entries && is_new_key(edit, what, v);
    if (fwvar_edit_get_named(edit, &fwvar_global_guid, name, &entry) != 0)
        return is_new || fwvar_variables_get(edit->before, &fwvar_global_guid, name)
                   ? dangling(edit, what, key->option, diag)
                   : 0;
    uint32_t due = fwvar_loadopt_crc(entry.data, entry.data_size);
    bool forced = edit->flags & FWVAR_EDIT_FORCE;
    return is_new && !forced && key->crc != due ? wrong_crc(what, key, due, diag) : 0;
}

static int check_keys(const struct fwvar_edit *edit, struct fwvar_diag *diag)
{
    struct fwvar_keyoption key;
    struct fwvar_variable v;
    size_t cursor = 0;
    int code = 0;

    while (code == 0 && fwvar_edit_next(edit, &cursor, &v) == 0) {
        if (is_key(&v, &key))
            code = check_key(edit, &v, &key, diag);
    }
    return code;
}

static int check_references(const struct fwvar_edit *edit,
                            const struct fwvar_boot_menu *m, struct fwvar_diag *diag)
{
    struct fwvar_boot_menu before;
    struct flaws *old = malloc(sizeof *old);

    if (!old)
        return fw_nomem(diag);
    int code = fwvar_boot_menu_read(edit->before, &before, diag);
    if (code == 0) {
        find_flaws(&before, old);
        fwvar_boot_menu_free(&before);
        code = check_menu(edit, m, old, diag);
    }
    free(old);
    return code == 0 ? check_keys(edit, diag) : code;
}

/* True if the transaction touches anything of the boot menu, hotkeys included. */
static bool touches_boot(const struct fwvar_edit *edit)
{
    for (size_t i = 0; i < edit->count; i++) {
        const struct fw_wish *w = &edit->wishes[i];
        if (fwvar_guid_equal(&w->guid, &fwvar_global_guid) && w->name_size >= 8 &&
            (fwvar_name_matches(w->bytes, 8, "Boot") ||
             fwvar_name_matches(w->bytes, w->name_size, "Key####")))
            return true;
    }
    return false;
}

int fw_boot_settle(struct fwvar_edit *edit, struct fwvar_diag *diag)
{
    struct fwvar_boot_menu m;

    if (!touches_boot(edit))
        return 0;
    int code = renew_keys(edit, diag);
    if (code == 0)
        code = fwvar_boot_menu_pending(edit, &m, diag);
    if (code != 0)
        return code;
    code = check_references(edit, &m, diag);
    fwvar_boot_menu_free(&m);
    return code;
}
