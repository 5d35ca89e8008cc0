/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Rules about variables whose meaning is known. */
#include "inspect/check.h"

#include "base/bytes.h"

#include <fwvar/devpath.h>
#include <fwvar/known.h>
#include <fwvar/setting.h>

#include <string.h>

#define FORBIDDEN   (~(uint32_t)0x2F) /* 0x10 is deprecated, 0x40 never stored */
#define MEMORY_TYPE 8                 /* bytes: type and pages */

/* The catalogue's row of a variable, or NULL. */
static const struct fwvar_setting *setting_of(const struct fwvar_record *r)
{
    size_t length = fwvar_record_name_length(r);

    for (size_t i = 0; i < fwvar_setting_count(); i++) {
        const struct fwvar_setting *s = fwvar_setting_at(i);
        if (fwvar_name_matches(r->name, length, s->name) &&
            fwvar_guid_equal(&r->guid, &s->guid))
            return s;
    }
    return NULL;
}

/* What is known of a variable, from either table. */
struct expected {
    uint32_t attributes; /* 0 if nothing is known */
    size_t size;         /* 0 if it varies */
    size_t unit;         /* the size is a multiple of it */
};

static struct expected expect(const struct fwvar_record *r)
{
    const struct fwvar_known *k =
        fwvar_known_find(&r->guid, r->name, fwvar_record_name_length(r));
    const struct fwvar_setting *s = setting_of(r);

    if (s)
        return (struct expected){s->attributes, s->size, 1};
    if (k)
        return (struct expected){k->attributes, k->size,
                                 k->kind == FWVAR_KIND_MEMORY_TYPES ? MEMORY_TYPE : 1};
    return (struct expected){0, 0, 1};
}

static const char *attributes_flaw(uint32_t attributes)
{
    if (attributes & FORBIDDEN)
        return "with bits that are never stored";
    if (!(attributes & FWVAR_ATTR_NV))
        return "without the bit NV (1)";
    if ((attributes & FWVAR_ATTR_RT) && !(attributes & FWVAR_ATTR_BS))
        return "RT (4) without BS (2)";
    return NULL;
}

void fw_rule_attributes(struct fw_check *c)
{
    const struct fwvar_record *r;

    for (size_t i = 0; (r = fw_next_live(c, &i)) != NULL;) {
        const char *flaw = attributes_flaw(r->attributes);
        uint32_t due = expect(r).attributes;
        if (due && r->attributes != due)
            fw_found(c, r->offset + 4, r, "attributes are 0x%x, the firmware uses 0x%x",
                     r->attributes, due);
        else if (flaw)
            fw_found(c, r->offset + 4, r, "attributes are 0x%x, %s", r->attributes, flaw);
    }
}

void fw_rule_size(struct fw_check *c)
{
    const struct fwvar_record *r;

    for (size_t i = 0; (r = fw_next_live(c, &i)) != NULL;) {
        struct expected e = expect(r);
        if (e.size && r->data_size != e.size)
            fw_found(c, r->offset, r, "%u byte%s, the firmware uses %zu", r->data_size,
                     r->data_size == 1 ? "" : "s", e.size);
        else if (r->data_size % e.unit)
            fw_found(c, r->offset, r, "%u byte%s, not a multiple of %zu", r->data_size,
                     r->data_size == 1 ? "" : "s", e.unit);
    }
}

void fw_rule_console_path(struct fw_check *c)
{
    const struct fwvar_record *r;

    for (size_t i = 0; (r = fw_next_live(c, &i)) != NULL;) {
        const struct fwvar_known *k =
            fwvar_known_find(&r->guid, r->name, fwvar_record_name_length(r));
        size_t at;
        if (!k || k->kind != FWVAR_KIND_DEVICE_PATH)
            continue;
        enum fwvar_devpath_flaw flaw = fwvar_devpath_check(r->data, r->data_size, &at);
        if (flaw != FWVAR_DEVPATH_OK && flaw != FWVAR_DEVPATH_TRAILING)
            fw_found(c, r->offset, r, "malformed at byte %zu: %s", at,
                     fwvar_devpath_flaw_text(flaw));
    }
}

static const struct fwvar_record *stored(const struct fw_check *c, const char *short_name)
{
    const struct fwvar_setting *found[FWVAR_SETTING_CANDIDATES];

    if (fwvar_setting_find(short_name, "rpi4", found) != 1)
        return NULL;
    return fwvar_variables_get(c->variables, &found[0]->guid, found[0]->name);
}

void fw_rule_ram_more_than_3gb(struct fw_check *c)
{
    const struct fwvar_record *r = stored(c, "ram-more-than-3gb");

    if (c->platform == FWVAR_PLATFORM_RPI && r && !stored(c, "ram-limit"))
        fw_found(c, r->offset, r, "it is stored, but RamLimitTo3GB is not");
}

/* ---- look-alikes ---- */

static unsigned fold(unsigned ch)
{
    return ch >= 'A' && ch <= 'Z' ? ch + ('a' - 'A') : ch;
}

static bool same_letters(const struct fwvar_record *r, const char *name)
{
    if (fwvar_record_name_length(r) != 2 * strlen(name))
        return false;
    for (size_t i = 0; name[i]; i++) {
        if (fold(fw_le16(r->name + 2 * i)) != fold((unsigned char)name[i]))
            return false;
    }
    return true;
}

/* The setting of a Raspberry Pi that somebody may have meant by @r. Names that any
 * firmware may use are not among them. */
static const struct fwvar_setting *meant(const struct fwvar_record *r)
{
    for (size_t i = 0; i < fwvar_setting_count(); i++) {
        const struct fwvar_setting *s = fwvar_setting_at(i);
        if (!(s->boards & FWVAR_BOARD_OTHER) && same_letters(r, s->name))
            return s;
    }
    return NULL;
}

void fw_rule_names_similar(struct fw_check *c)
{
    const struct fwvar_record *r;

    if (c->platform != FWVAR_PLATFORM_RPI)
        return;
    for (size_t i = 0; (r = fw_next_live(c, &i)) != NULL;) {
        const struct fwvar_setting *s = meant(r);
        char guid[FWVAR_GUID_TEXT_SIZE];
        if (!s || setting_of(r))
            continue;
        fwvar_guid_format(&s->guid, guid);
        fw_found(c, r->offset, r, "the setting is %s-%s", guid, s->name);
    }
}
