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

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT (FWVAR_ATTR_NV | FWVAR_ATTR_BS | FWVAR_ATTR_RT)

struct work {
    struct fwvar_repair *r;
    struct fwvar_edit *edit;
    struct fwvar_diag *diag;
};

static size_t place_of(const struct work *w, const struct fwvar_record *record)
{
    return (size_t)(record->offset - w->r->offset);
}

/* Calls @mend for each live record as it was before. */
static int for_each(struct work *w,
                    int (*mend)(struct work *, const struct fwvar_record *))
{
    const struct fwvar_variables *all = fwvar_edit_before(w->edit);
    int code = 0;

    for (size_t i = 0; code == 0 && i < fwvar_variables_count(all); i++) {
        if (fwvar_variables_role(all, i) == FWVAR_ROLE_LIVE)
            code = mend(w, fwvar_variables_at(all, i));
    }
    return code;
}

/* ---- attributes ---- */

static int mend_attributes(struct work *w, const struct fwvar_record *record)
{
    struct fwvar_variable v = fwvar_record_variable(record);

    v.attributes = fw_sane_attributes(record);
    if (!record->time)
        v.attributes &= ~(uint32_t)FWVAR_ATTR_AUTH_TIME; /* plain records have none */
    if (record->data_size == 0 || v.attributes == record->attributes)
        return 0;
    fw_mended(w->r, "attributes", place_of(w, record), record,
              "attributes were 0x%x, are 0x%x", record->attributes, v.attributes);
    return fwvar_edit_set(w->edit, &v, w->diag);
}

/* ---- Boot000a ---- */

static unsigned fold(unsigned c)
{
    return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

/* Spells a name as the firmware does, if it fits @pattern but for letter case. */
static bool spell(const char *pattern, uint8_t *name, size_t size)
{
    if (size != 2 * strlen(pattern))
        return false;
    for (size_t i = 0; pattern[i]; i++) {
        unsigned c = fw_le16(name + 2 * i);
        if (pattern[i] == '#')
            fw_put16(name + 2 * i, (uint16_t)fold(c));
        else if (fold(c) == fold((uint8_t)pattern[i]))
            fw_put16(name + 2 * i, (uint8_t)pattern[i]);
    }
    return fwvar_name_matches(name, size, pattern);
}

/* The name as it should be; false if nothing is wrong with it. */
static bool right_name(const struct fwvar_record *record, uint8_t name[64], size_t *size)
{
    static const char *const patterns[] = {"Boot####", "Driver####", "SysPrep####",
                                           "PlatformRecovery####", "Key####"};

    *size = fwvar_record_name_length(record);
    if (*size > 64 || !fwvar_guid_equal(&record->guid, &fwvar_global_guid))
        return false;
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        memcpy(name, record->name, *size);
        if (spell(patterns[i], name, *size))
            return memcmp(name, record->name, *size) != 0;
    }
    return false;
}

static int mend_name(struct work *w, const struct fwvar_record *record)
{
    struct fwvar_variable v = fwvar_record_variable(record), taken;
    uint8_t name[64];
    size_t size;

    if (!right_name(record, name, &size) ||
        fwvar_edit_get(w->edit, &record->guid, name, size, &taken) == 0)
        return 0; /* the finding stays: only a user knows which one is meant */
    v.name = name;
    v.attributes = DEFAULT;
    fw_mended(w->r, "boot-name", place_of(w, record), record,
              "renamed as the firmware spells it");
    int code = fwvar_edit_set(w->edit, &v, w->diag);
    return code ? code
                : fwvar_edit_delete(w->edit, &record->guid, record->name, size, w->diag);
}

/* ---- BootOrder and its kin ---- */

static const struct family {
    const char *list, *prefix;
} families[] = {{"BootOrder", "Boot"},
                {"BootNext", "Boot"},
                {"DriverOrder", "Driver"},
                {"SysPrepOrder", "SysPrep"}};

static bool exists(const struct work *w, const char *prefix, unsigned number)
{
    struct fwvar_variable v;
    char name[16];

    snprintf(name, sizeof name, "%s%04X", prefix, number);
    return fwvar_edit_get_named(w->edit, &fwvar_global_guid, name, &v) == 0;
}

/* What happens to one number of a list. */
static bool keeps(struct work *w, const struct family *f,
                  const struct fwvar_record *record, uint16_t number, bool again)
{
    if (fw_repair_wants(w->r, "boot-dangling") && !exists(w, f->prefix, number)) {
        if (!again)
            fw_mended(w->r, "boot-dangling", place_of(w, record), record,
                      "%04X taken out: there is no %s%04X", number, f->prefix, number);
        return false;
    }
    if (fw_repair_wants(w->r, "boot-order") && again) {
        fw_mended(w->r, "boot-order", place_of(w, record), record,
                  "%04X stands in it once now", number);
        return false;
    }
    return true;
}

/* Keeps the numbers that may stay. Returns their bytes. */
static size_t keep_numbers(struct work *w, const struct family *f,
                           const struct fwvar_record *record, uint8_t *order)
{
    uint8_t seen[0x10000 / 8] = {0};
    size_t n = 0;

    for (uint32_t i = 0; i + 1 < record->data_size; i += 2) {
        uint16_t number = fw_le16(record->data + i);
        uint8_t bit = (uint8_t)(1u << number % 8);
        if (keeps(w, f, record, number, seen[number / 8] & bit)) {
            fw_put16(order + n, number);
            n += 2;
        }
        seen[number / 8] |= bit;
    }
    if (record->data_size % 2 && fw_repair_wants(w->r, "boot-order"))
        fw_mended(w->r, "boot-order", place_of(w, record), record,
                  "half a number at its end was cut off");
    else if (record->data_size % 2)
        order[n++] = record->data[record->data_size - 1];
    return n;
}

static int mend_list(struct work *w, const struct family *f)
{
    const struct fwvar_record *record =
        fwvar_variables_get(fwvar_edit_before(w->edit), &fwvar_global_guid, f->list);
    struct fwvar_variable now;

    if (!record || fwvar_edit_get_named(w->edit, &fwvar_global_guid, f->list, &now) != 0)
        return 0;
    uint32_t attributes = now.attributes; /* they may have been mended */
    uint8_t *order = malloc(record->data_size + 1);
    if (!order)
        return fw_nomem(w->diag);
    size_t n = keep_numbers(w, f, record, order);
    int code = 0;
    if (n == 0 && record->data_size > 0)
        code = fw_edit_delete_named(w->edit, &fwvar_global_guid, f->list, w->diag);
    else if (n != record->data_size)
        code = fwvar_edit_set_named(w->edit, &fwvar_global_guid, f->list, attributes,
                                    order, n, w->diag);
    free(order);
    return code;
}

/* ---- hotkeys ---- */

static int drop_key(struct work *w, const struct fwvar_variable *key)
{
    return fwvar_edit_delete(w->edit, &key->guid, key->name, key->name_size, w->diag);
}

static int renew_key(struct work *w, const struct fwvar_variable *v,
                     const struct fwvar_keyoption *key)
{
    uint8_t bytes[FWVAR_KEYOPTION_SIZE_MAX];
    struct fwvar_variable now, renewed = *v;

    if (fwvar_keyoption_encode(key, bytes, &renewed.data_size) != 0)
        return 0;
    renewed.data = bytes;
    if (fwvar_edit_get(w->edit, &v->guid, v->name, v->name_size, &now) == 0)
        renewed.attributes = now.attributes; /* they may have been mended */
    return fwvar_edit_set(w->edit, &renewed, w->diag);
}

static int mend_key(struct work *w, const struct fwvar_record *record)
{
    struct fwvar_variable v = fwvar_record_variable(record), option;
    struct fwvar_keyoption key;
    char name[9];

    if (!fwvar_guid_equal(&v.guid, &fwvar_global_guid) ||
        !fwvar_name_matches(v.name, v.name_size, "Key####"))
        return 0;
    if (fwvar_keyoption_decode(v.data, v.data_size, &key) != 0) {
        fw_mended(w->r, "key-crc", place_of(w, record), record,
                  "hotkey deleted: its %zu bytes make no sense, the firmware makes its "
                  "own again",
                  v.data_size);
        return drop_key(w, &v);
    }
    fw_boot_name(key.option, name);
    if (fwvar_edit_get_named(w->edit, &fwvar_global_guid, name, &option) != 0) {
        fw_mended(w->r, "key-crc", place_of(w, record), record,
                  "hotkey deleted: its option %s does not exist", name);
        return drop_key(w, &v);
    }
    uint32_t crc = fwvar_loadopt_crc(option.data, option.data_size);
    if (crc == key.crc)
        return 0;
    fw_mended(w->r, "key-crc", place_of(w, record), record,
              "CRC of its option %s was 0x%08x, is 0x%08x", name, key.crc, crc);
    key.crc = crc;
    return renew_key(w, &v, &key);
}

/* ---- putting it together ---- */

static int mend_all(struct work *w)
{
    int code = 0;

    if (fw_repair_wants(w->r, "attributes"))
        code = for_each(w, mend_attributes);
    if (code == 0 && fw_repair_wants(w->r, "boot-name"))
        code = for_each(w, mend_name);
    for (size_t i = 0; code == 0 && i < sizeof families / sizeof families[0]; i++)
        code = mend_list(w, &families[i]);
    if (code == 0 && fw_repair_wants(w->r, "key-crc"))
        code = for_each(w, mend_key);
    return code;
}

/* A Raspberry Pi crashes where other firmware reclaims. */
static int too_full(const struct fwvar_repair *r, bool *compact, struct fwvar_diag *diag)
{
    struct fwvar_findings *findings;

    *compact = false;
    int code = fwvar_check(r->after, FWVAR_CHECK_ALL, &findings, diag);
    if (code != 0)
        return code;
    for (size_t i = 0; i < fwvar_findings_count(findings); i++) {
        const struct fwvar_finding *f = fwvar_findings_at(findings, i);
        *compact |= strcmp(f->rule->name, "space") == 0 && f->severity == FWVAR_FATAL &&
                    fw_repair_wants(r, "space");
    }
    fwvar_findings_free(findings);
    return 0;
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
    bool compact;

    int code = too_full(r, &compact, diag);
    if (code != 0)
        return code;
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
