/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Rows by name, board and release. */
#include "base/bytes.h"
#include "base/suggest.h"
#include "know/settings.h"
#include "know/version.h"

#include <string.h>

unsigned fwvar_board_set(const char *name)
{
    if (!name || !*name)
        return FWVAR_BOARD_ANY;
    if (strcmp(name, "rpi3") == 0)
        return FWVAR_BOARD_RPI3;
    if (strcmp(name, "rpi4") == 0)
        return FWVAR_BOARD_RPI4;
    if (strcmp(name, "rpi5") == 0)
        return FWVAR_BOARD_RPI5;
    return strcmp(name, "rpi") == 0 ? FWVAR_BOARD_RPI : FWVAR_BOARD_OTHER;
}

size_t fwvar_setting_count(void)
{
    return fw_settings_count;
}

const struct fwvar_setting *fwvar_setting_at(size_t index)
{
    return index < fw_settings_count ? &fw_settings[index] : NULL;
}

size_t fwvar_setting_find(const char *name, const char *board,
                          const struct fwvar_setting *found[FWVAR_SETTING_CANDIDATES])
{
    unsigned boards = fwvar_board_set(board);
    size_t n = 0;

    for (size_t i = 0; i < fw_settings_count && n < FWVAR_SETTING_CANDIDATES; i++) {
        const struct fwvar_setting *s = &fw_settings[i];
        if (!(s->boards & boards))
            continue;
        if (strcmp(name, s->short_name) == 0 || strcmp(name, s->name) == 0)
            found[n++] = s;
    }
    return n;
}

const struct fwvar_setting *fwvar_setting_by_variable(const char *name,
                                                      const struct fwvar_guid *guid)
{
    for (size_t i = 0; i < fw_settings_count; i++) {
        if (strcmp(name, fw_settings[i].name) == 0 &&
            fwvar_guid_equal(guid, &fw_settings[i].guid))
            return &fw_settings[i];
    }
    return NULL;
}

const char *fwvar_setting_suggest(const char *name)
{
    struct fw_suggest s = fw_suggest(name);

    for (size_t i = 0; i < fw_settings_count; i++)
        fw_suggest_try(&s, fw_settings[i].short_name);
    for (size_t i = 0; i < fw_settings_count; i++)
        fw_suggest_try(&s, fw_settings[i].name);
    return s.best;
}

int fwvar_setting_in_release(const struct fwvar_setting *setting, const char *board,
                             const char *version)
{
    unsigned boards = fwvar_board_set(board);

    if (!(setting->boards & boards))
        return 0;
    if (!setting->since && !setting->until && !(boards & ~setting->boards))
        return 1;
    /* Only the releases of one board are known by number. */
    if (boards != FWVAR_BOARD_RPI4)
        return -1;
    return fw_version_within(version, setting->since, setting->until);
}

static int store_text(const struct fwvar_setting *setting, const char *text,
                      struct fwvar_setting_value *value)
{
    struct fw_buf raw = {0};
    size_t length = strlen(text), step = setting->type == FWVAR_SETTING_UTF16 ? 2 : 1, at;

    memset(value->bytes, 0, sizeof value->bytes);
    value->size = setting->size ? setting->size : length + 1;
    if (setting->type == FWVAR_SETTING_BYTES) {
        bool good = fw_unhex(text, length, &raw, &at) == 0 && !raw.bad;
        if (good)
            memcpy(value->bytes, raw.p, raw.size);
        fw_buf_free(&raw);
        return good ? FWVAR_OK : FWVAR_ERR_NOMEM;
    }
    for (size_t i = 0; i < length; i++)
        value->bytes[i * step] = (uint8_t)text[i];
    return FWVAR_OK;
}

static bool same_default(const struct fwvar_setting_default *a,
                         const struct fwvar_setting_default *b)
{
    if (a->text && b->text)
        return strcmp(a->text, b->text) == 0;
    return !a->text && !b->text && a->value == b->value;
}

/* The default of one board: that of the version, else the newest. */
static const struct fwvar_setting_default *
board_default(const struct fwvar_setting *setting, unsigned board, const char *version,
              bool *exact)
{
    const struct fwvar_setting_default *d = setting->defaults, *newest = NULL;

    *exact = true;
    for (; d && d->boards; d++) {
        if (!(d->boards & board))
            continue;
        int within = board == FWVAR_BOARD_RPI4
                         ? fw_version_within(version, d->since, d->until)
                         : !d->until;
        if (within == 1)
            return d;
        if (!d->until)
            newest = d;
    }
    *exact = false;
    return newest;
}

int fwvar_setting_default(const struct fwvar_setting *setting, const char *board,
                          const char *version, struct fwvar_setting_value *value,
                          bool *exact)
{
    const struct fwvar_setting_default *found = NULL;
    unsigned boards = fwvar_board_set(board) & setting->boards;
    bool all_exact = true, unknown = false;

    if (fwvar_setting_in_release(setting, board, version) == 0)
        return FWVAR_ERR_NOTFOUND;
    for (unsigned bit = 1; bit <= FWVAR_BOARD_OTHER; bit <<= 1) {
        bool sure;
        if (!(boards & bit))
            continue;
        const struct fwvar_setting_default *d =
            board_default(setting, bit, version, &sure);
        if (d && found && !same_default(found, d))
            return FWVAR_ERR_AMBIGUOUS;
        unknown = unknown || !d;
        found = d ? d : found;
        all_exact = all_exact && sure;
    }
    if (!found || unknown)
        return found ? FWVAR_ERR_AMBIGUOUS : FWVAR_ERR_NOTFOUND;
    if (exact)
        *exact = all_exact;
    if (found->text)
        return store_text(setting, found->text, value);
    fw_setting_store(setting, (uint64_t)found->value, value);
    return FWVAR_OK;
}
