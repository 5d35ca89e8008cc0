/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "know/size.h"

#include "base/bytes.h"

#include <fwvar/known.h>

#define LONGEST 64 /* characters of a setting's name, and more */

/* Allocates nothing: what a salvage or a repair decides must not depend on memory. */
const struct fwvar_setting *fw_known_setting(const struct fwvar_guid *guid,
                                             const uint8_t *name, size_t size)
{
    char text[LONGEST + 1];
    size_t units = size / 2;

    if (size % 2 || units > LONGEST)
        return NULL;
    for (size_t i = 0; i < units; i++) {
        unsigned c = fw_le16(name + 2 * i);
        if (c == 0 || c >= 0x80)
            return NULL; /* settings have ASCII names */
        text[i] = (char)c;
    }
    text[units] = '\0';
    return fwvar_setting_by_variable(text, guid);
}

size_t fw_known_size(const struct fwvar_guid *guid, const uint8_t *name, size_t size)
{
    const struct fwvar_known *known = fwvar_known_find(guid, name, size);
    const struct fwvar_setting *setting = fw_known_setting(guid, name, size);

    return setting ? setting->size : known ? known->size : 0;
}
