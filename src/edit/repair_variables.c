/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What variables mean to each other, mended by an ordinary transaction on the image as
 * its structure was mended. */
#include "edit/repair.h"

#include "base/bytes.h"
#include "base/diag.h"
#include "edit/boot.h"
#include "edit/repair_guess.h"

#include <fwvar/keyoption.h>
#include <fwvar/known.h>

#include <stdlib.h>
#include <string.h>

struct work {
    struct fwvar_repair *r;
    struct fwvar_edit *edit;
    struct fwvar_diag *diag;
};

static size_t place_of(const struct work *w, const struct fwvar_record *record)
{
    return record ? (size_t)(record->offset - w->r->offset) : 0;
}

static const struct fwvar_record *global(const struct work *w, const char *name)
{
    return fwvar_variables_get(fwvar_edit_before(w->edit), &fwvar_global_guid, name);
}

/* ---- attributes ---- */

static int mend_attributes(struct work *w)
{
    const struct fwvar_variables *all = fwvar_edit_before(w->edit);
    int code = 0;

    for (size_t i = 0; code == 0 && i < fwvar_variables_count(all); i++) {
        const struct fwvar_record *record = fwvar_variables_at(all, i);
        uint32_t sane = fw_sane_attributes(record);
        if (!record->time)
            sane &= ~(uint32_t)FWVAR_ATTR_AUTH_TIME; /* plain records have none */
        if (fwvar_variables_role(all, i) != FWVAR_ROLE_LIVE || record->data_size == 0 ||
            sane == record->attributes)
            continue;
        struct fwvar_variable v = fwvar_record_variable(record);
        v.attributes = sane;
        code = fwvar_edit_set(w->edit, &v, w->diag);
        fw_mended(w->r, "attributes", place_of(w, record), record,
                  "attributes were 0x%x, are 0x%x", record->attributes, sane);
    }
    return code;
}

/* ---- Boot000a ---- */

static unsigned upper(unsigned c)
{
    return c >= 'a' && c <= 'f' ? c - 'a' + 'A' : c;
}

/* The name in upper case, if it is a boot option's in lower case. */
static bool upper_name(const struct fwvar_record *record, uint8_t name[16])
{
    size_t size = fwvar_record_name_length(record);

    if (size != 16 || !fwvar_guid_equal(&record->guid, &fwvar_global_guid))
        return false;
    memcpy(name, record->name, 16);
    for (size_t i = 8; i < 16; i += 2)
        fw_put16(name + i, (uint16_t)upper(fw_le16(name + i)));
    return memcmp(name, record->name, 16) != 0 &&
           fwvar_name_matches(name, 16, "Boot####");
}

static int mend_boot_names(struct work *w)
{
    const struct fwvar_variables *all = fwvar_edit_before(w->edit);
    int code = 0;

    for (size_t i = 0; code == 0 && i < fwvar_variables_count(all); i++) {
        const struct fwvar_record *record = fwvar_variables_at(all, i);
        struct fwvar_variable v, taken;
        uint8_t name[16];
        if (fwvar_variables_role(all, i) != FWVAR_ROLE_LIVE || !upper_name(record, name))
            continue;
        if (fwvar_edit_get(w->edit, &record->guid, name, 16, &taken) == 0)
            continue; /* the finding stays: only a user knows which one is meant */
        v = fwvar_record_variable(record);
        v.name = name;
        code = fwvar_edit_set(w->edit, &v, w->diag);
        if (code == 0)
            code = fwvar_edit_delete(w->edit, &record->guid, record->name, 16, w->diag);
        fw_mended(w->r, "boot-name", place_of(w, record), record,
                  "renamed: the firmware knows only upper-case digits");
    }
    return code;
}

/* ---- BootOrder and BootNext ---- */

/* Keeps the numbers that may stay; says what goes. Returns how many stay. */
static size_t keep_order(struct work *w, const struct fwvar_boot_menu *m, uint16_t *order)
{
    const struct fwvar_record *record = global(w, "BootOrder");
    bool dangling = fw_repair_wants(w->r, "boot-dangling");
    bool twice = fw_repair_wants(w->r, "boot-order");
    uint8_t seen[0x10000 / 8] = {0};
    size_t n = 0;

    for (size_t i = 0; i < m->order_count; i++) {
        uint16_t number = m->order[i];
        uint8_t bit = (uint8_t)(1u << number % 8);
        if (dangling && !fwvar_boot_menu_find(m, number)) {
            fw_mended(w->r, "boot-dangling", place_of(w, record), record,
                      "%04X taken out: there is no Boot%04X", number, number);
        } else if (twice && (seen[number / 8] & bit)) {
            fw_mended(w->r, "boot-order", place_of(w, record), record,
                      "%04X stands in it once now", number);
        } else {
            order[n++] = number;
        }
        seen[number / 8] |= bit;
    }
    return n;
}

static int mend_order(struct work *w, const struct fwvar_boot_menu *m)
{
    const struct fwvar_record *record = global(w, "BootOrder");
    bool odd = m->order_odd && fw_repair_wants(w->r, "boot-order");
    uint16_t *order = malloc((m->order_count + 1) * sizeof *order);

    if (!order)
        return fw_nomem(w->diag);
    size_t n = keep_order(w, m, order);
    int code = 0;
    if (odd)
        fw_mended(w->r, "boot-order", place_of(w, record), record,
                  "half a number at its end was cut off");
    if (n != m->order_count || odd)
        code = fw_boot_write_order(w->edit, order, n, w->diag);
    free(order);
    return code;
}

static int mend_next(struct work *w, const struct fwvar_boot_menu *m)
{
    const struct fwvar_record *record = global(w, "BootNext");

    if (!m->has_next || fwvar_boot_menu_find(m, m->next) || !record ||
        !fw_repair_wants(w->r, "boot-dangling"))
        return 0;
    fw_mended(w->r, "boot-dangling", place_of(w, record), record,
              "deleted: there is no Boot%04X", m->next);
    return fw_edit_delete_named(w->edit, &fwvar_global_guid, "BootNext", w->diag);
}

static int mend_menu(struct work *w)
{
    struct fwvar_boot_menu m;

    int code = fwvar_boot_menu_pending(w->edit, &m, w->diag);
    if (code != 0)
        return code;
    if (m.has_order)
        code = mend_order(w, &m);
    if (code == 0)
        code = mend_next(w, &m);
    fwvar_boot_menu_free(&m);
    return code;
}

/* ---- hotkeys ---- */

static int mend_key(struct work *w, const struct fwvar_record *record)
{
    uint8_t bytes[FWVAR_KEYOPTION_SIZE_MAX];
    struct fwvar_variable v = fwvar_record_variable(record), option;
    struct fwvar_keyoption key;
    char name[9];

    if (!fwvar_guid_equal(&v.guid, &fwvar_global_guid) ||
        !fwvar_name_matches(v.name, v.name_size, "Key####") ||
        fwvar_keyoption_decode(v.data, v.data_size, &key) != 0)
        return 0;
    fw_boot_name(key.option, name);
    if (fwvar_edit_get_named(w->edit, &fwvar_global_guid, name, &option) != 0) {
        fw_mended(w->r, "key-crc", place_of(w, record), record,
                  "hotkey deleted: its option %s does not exist", name);
        return fwvar_edit_delete(w->edit, &v.guid, v.name, v.name_size, w->diag);
    }
    uint32_t crc = fwvar_loadopt_crc(option.data, option.data_size);
    if (crc == key.crc)
        return 0;
    fw_mended(w->r, "key-crc", place_of(w, record), record,
              "CRC of its option %s was 0x%08x, is 0x%08x", name, key.crc, crc);
    key.crc = crc;
    if (fwvar_keyoption_encode(&key, bytes, &v.data_size) != 0)
        return 0;
    v.data = bytes;
    if (fwvar_edit_get(w->edit, &v.guid, v.name, v.name_size, &option) == 0)
        v.attributes = option.attributes; /* they may have been mended */
    return fwvar_edit_set(w->edit, &v, w->diag);
}

static int mend_keys(struct work *w)
{
    const struct fwvar_variables *all = fwvar_edit_before(w->edit);
    int code = 0;

    for (size_t i = 0; code == 0 && i < fwvar_variables_count(all); i++) {
        if (fwvar_variables_role(all, i) == FWVAR_ROLE_LIVE)
            code = mend_key(w, fwvar_variables_at(all, i));
    }
    return code;
}

/* ---- putting it together ---- */

static int mend_all(struct work *w)
{
    int code = 0;

    if (fw_repair_wants(w->r, "attributes"))
        code = mend_attributes(w);
    if (code == 0 && fw_repair_wants(w->r, "boot-name"))
        code = mend_boot_names(w);
    if (code == 0)
        code = mend_menu(w);
    if (code == 0 && fw_repair_wants(w->r, "key-crc"))
        code = mend_keys(w);
    return code;
}

/* A Raspberry Pi crashes where other firmware reclaims. */
static bool too_full(const struct fwvar_repair *r, const struct fwvar_usage *u)
{
    return r->platform == FWVAR_PLATFORM_RPI && u->reclaimable > 0 &&
           u->used > fwvar_space_limit(r->platform, u->capacity);
}

static int usage_of(const struct fwvar_image *image, struct fwvar_usage *usage,
                    struct fwvar_diag *diag)
{
    struct fwvar_variables *variables;

    int code = fwvar_variables_read(fwvar_image_store(image), &variables, diag);
    if (code == 0) {
        *usage = *fwvar_variables_usage(variables);
        fwvar_variables_free(variables);
    }
    return code;
}

static int finish(struct work *w, bool compact)
{
    struct fwvar_edit_report report;
    struct fwvar_patch patch;

    int code = fwvar_edit_finish(w->edit, &patch, &report, w->diag);
    if (code != 0)
        return code;
    if (compact)
        fw_mended(w->r, "space", fwvar_image_store(w->r->after)->first, NULL,
                  "compacted: %llu bytes were used, %llu are",
                  (unsigned long long)report.used_before,
                  (unsigned long long)report.used_after);
    w->r->rebuilt |= report.compacted;
    if (patch.size > 0)
        memcpy(w->r->now, patch.bytes, patch.size);
    return 0;
}

int fw_repair_variables(struct fwvar_repair *r, struct fwvar_diag *diag)
{
    struct work w = {.r = r, .diag = diag};
    struct fwvar_usage usage;

    int code = usage_of(r->after, &usage, diag);
    if (code != 0)
        return code;
    bool compact = too_full(r, &usage) && fw_repair_wants(r, "space");
    code = fwvar_edit_begin(
        r->after, FWVAR_EDIT_FORCE | (compact ? FWVAR_EDIT_COMPACT : 0u), &w.edit, diag);
    if (code != 0)
        return code;
    code = mend_all(&w);
    if (code == 0)
        code = finish(&w, compact);
    fwvar_edit_end(w.edit);
    return code;
}
