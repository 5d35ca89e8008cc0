/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "edit/repair_guess.h"

#include "base/bytes.h"
#include "know/size.h"

#include <fwvar/known.h>
#include <fwvar/setting.h>

#include <stdlib.h>
#include <string.h>

#define DEFAULT (FWVAR_ATTR_NV | FWVAR_ATTR_BS | FWVAR_ATTR_RT)

static unsigned bytes_that_differ(uint32_t a, uint32_t b)
{
    unsigned n = 0;

    for (uint32_t x = a ^ b; x; x >>= 8)
        n += (x & 0xFF) != 0;
    return n;
}

uint32_t fw_guess_data_size(const uint8_t *record, const struct fw_stretch *s,
                            const struct fwvar_store *store, uint32_t declared)
{
    size_t header = fwvar_store_record_header(store);
    const uint8_t *name = record + header, *data = name + s->name_size;
    uint32_t most = s->data_at_most, least = most > 3 ? most - 3 : 1;
    uint32_t best = most, near = 0;
    struct fwvar_guid guid;

    memcpy(guid.b, record + header - 16, 16);
    size_t known = fw_known_size(&guid, name, s->name_size - 2);
    if (known >= least && known <= most)
        return (uint32_t)known;
    /* The firmware pads with 0xFF, so anything else belongs to the data. */
    while (best > least && data[best - 1] == 0xFF)
        best--;
    for (uint32_t n = best; n <= most; n++) {
        if (bytes_that_differ(n, declared) == 1) {
            if (near)
                return best;
            near = n;
        }
    }
    return near ? near : best;
}

uint32_t fw_guess_attributes(const struct fwvar_record *r)
{
    size_t size = fwvar_record_name_length(r);
    const struct fwvar_known *known = fwvar_known_find(&r->guid, r->name, size);
    const struct fwvar_setting *setting = fw_known_setting(&r->guid, r->name, size);

    return setting ? setting->attributes : known ? known->attributes : DEFAULT;
}

uint32_t fw_sane_attributes(const struct fwvar_record *r)
{
    size_t size = fwvar_record_name_length(r);
    const uint32_t possible = DEFAULT | FWVAR_ATTR_HW_ERROR | FWVAR_ATTR_AUTH_TIME;
    uint32_t rt = r->attributes & FWVAR_ATTR_RT;

    if (fwvar_known_find(&r->guid, r->name, size) ||
        fw_known_setting(&r->guid, r->name, size))
        return fw_guess_attributes(r);
    if ((r->attributes & ~possible) || !(r->attributes & FWVAR_ATTR_NV))
        return FWVAR_ATTR_NV | FWVAR_ATTR_BS | rt; /* little of it can be believed */
    return rt ? r->attributes | FWVAR_ATTR_BS : r->attributes;
}

/* ---- names ---- */

/* True if @known (ASCII, # for a hex digit) fits a name in which NULs may be anything. */
static bool fits(const char *known, const uint8_t *name, size_t units)
{
    if (strlen(known) != units)
        return false;
    for (size_t i = 0; i < units; i++) {
        unsigned c = fw_le16(name + 2 * i);
        bool digit = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
        if (c != 0 && c != (uint8_t)known[i] && !(known[i] == '#' && digit))
            return false;
        if (c == 0 && known[i] == '#') /* any digit: not known after all */
            return false;
    }
    return true;
}

/* The only known name that fits, or NULL. */
static const char *find_name(const struct fwvar_guid *guid, const uint8_t *name,
                             size_t units)
{
    const struct fwvar_known *known;
    const char *found = NULL;
    size_t count = 0;

    for (size_t i = 0; (known = fwvar_known_at(i)) != NULL; i++) {
        if (fwvar_guid_equal(&known->guid, guid) && fits(known->name, name, units)) {
            found = known->name;
            count++;
        }
    }
    for (size_t i = 0; i < fwvar_setting_count(); i++) {
        const struct fwvar_setting *s = fwvar_setting_at(i);
        if (fwvar_guid_equal(&s->guid, guid) && fits(s->name, name, units) &&
            !(found && strcmp(found, s->name) == 0)) {
            found = s->name;
            count++;
        }
    }
    return count == 1 ? found : NULL;
}

bool fw_guess_name(const struct fwvar_guid *guid, uint8_t *name, size_t size)
{
    size_t units = size / 2 - 1;
    const char *known = find_name(guid, name, units);

    for (size_t i = 0; i < units; i++) {
        if (fw_le16(name + 2 * i) == 0)
            fw_put16(name + 2 * i, known ? (uint8_t)known[i] : '_');
    }
    return known != NULL;
}
