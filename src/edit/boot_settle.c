/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What hangs on boot entries: hotkeys carry a CRC of the option they boot, BootOrder and
 * BootNext name numbers. */
#include "edit/boot.h"
#include "edit/edit.h"

#include "base/bytes.h"
#include "base/diag.h"

#include <fwvar/keyoption.h>
#include <fwvar/known.h>

/* ---- hotkeys ---- */

static bool is_key(const struct fwvar_variable *v, struct fwvar_keyoption *key)
{
    return fwvar_guid_equal(&v->guid, &fwvar_global_guid) &&
           fwvar_name_matches(v->name, v->name_size, "Key####") &&
           fwvar_keyoption_decode(v->data, v->data_size, key) == 0;
}

int fw_boot_drop_keys(struct fwvar_edit *edit, uint16_t number, struct fwvar_diag *diag)
{
    struct fwvar_keyoption key;
    struct fwvar_variable v;
    size_t cursor = 0;
    int code = 0;

    /* Deleting neither adds nor moves what the cursor counts. */
    while (code == 0 && fwvar_edit_next(edit, &cursor, &v) == 0) {
        if (is_key(&v, &key) && key.option == number)
            code = fwvar_edit_delete(edit, &v.guid, v.name, v.name_size, diag);
    }
    return code;
}

/* Gives a hotkey the CRC of its changed option, if it had that of the old one. A CRC that
 * was wrong before is a finding of `check`, not ours to hide. */
static int renew_key(struct fwvar_edit *edit, const struct fwvar_variable *v,
                     struct fwvar_keyoption *key, struct fwvar_diag *diag)
{
    uint8_t bytes[FWVAR_KEYOPTION_SIZE_MAX];
    struct fwvar_variable now, renewed = *v;
    char name[9];

    fw_boot_name(key->option, name);
    const struct fwvar_record *old =
        fwvar_variables_get(edit->before, &fwvar_global_guid, name);
    if (!old || fwvar_loadopt_crc(old->data, old->data_size) != key->crc ||
        fwvar_edit_get_named(edit, &fwvar_global_guid, name, &now) != 0)
        return 0;
    key->crc = fwvar_loadopt_crc(now.data, now.data_size);
    if (fwvar_keyoption_encode(key, bytes, &renewed.data_size) != 0)
        return 0;
    renewed.data = bytes;
    return fwvar_edit_set(edit, &renewed, diag);
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

static bool was_dangling(const struct fwvar_edit *edit, uint16_t number)
{
    struct fwvar_boot_menu m;
    bool dangling = false;

    if (fwvar_boot_menu_read(edit->before, &m, NULL) != 0)
        return false;
    for (size_t i = 0; i < m.order_count; i++)
        dangling |= m.order[i] == number && !fwvar_boot_menu_find(&m, number);
    dangling |= m.has_next && m.next == number && !fwvar_boot_menu_find(&m, number);
    fwvar_boot_menu_free(&m);
    return dangling;
}

static int dangling(const char *what, uint16_t number, struct fwvar_diag *diag)
{
    fw_fail(diag, FWVAR_ERR_REFUSED, FWVAR_NO_OFFSET,
            "%s names %04X, but there is no Boot%04X", what, number, number);
    fw_hint(diag, "add the entry in the same run, or take the number out of %s", what);
    return FWVAR_ERR_REFUSED;
}

static int check_references(struct fwvar_edit *edit, const struct fwvar_boot_menu *m,
                            struct fwvar_diag *diag)
{
    for (size_t i = 0; i < m->order_count; i++) {
        if (!fwvar_boot_menu_find(m, m->order[i]) && !was_dangling(edit, m->order[i]))
            return dangling("BootOrder", m->order[i], diag);
        for (size_t k = 0; k < i; k++) {
            if (m->order[k] == m->order[i])
                return fw_fail(diag, FWVAR_ERR_REFUSED, FWVAR_NO_OFFSET,
                               "BootOrder names %04X twice", m->order[i]);
        }
    }
    if (m->has_next && !fwvar_boot_menu_find(m, m->next) && !was_dangling(edit, m->next))
        return dangling("BootNext", m->next, diag);
    return 0;
}

/* True if the transaction touches anything of the boot menu. */
static bool touches_boot(const struct fwvar_edit *edit)
{
    for (size_t i = 0; i < edit->count; i++) {
        const struct fw_wish *w = &edit->wishes[i];
        if (fwvar_guid_equal(&w->guid, &fwvar_global_guid) && w->name_size >= 8 &&
            fwvar_name_matches(w->bytes, 8, "Boot"))
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
