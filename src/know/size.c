/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "know/size.h"

#include "base/utf16.h"

#include <fwvar/known.h>

#include <stdlib.h>

const struct fwvar_setting *fw_known_setting(const struct fwvar_guid *guid,
                                             const uint8_t *name, size_t size)
{
    struct fw_buf out = {0};

    fw_utf16_text(&out, name, size, FW_ESCAPE_INVALID);
    char *text = fw_buf_take_text(&out);
    const struct fwvar_setting *s = text ? fwvar_setting_by_variable(text, guid) : NULL;
    free(text);
    return s;
}

size_t fw_known_size(const struct fwvar_guid *guid, const uint8_t *name, size_t size)
{
    const struct fwvar_known *known = fwvar_known_find(guid, name, size);
    const struct fwvar_setting *setting = fw_known_setting(guid, name, size);

    return setting ? setting->size : known ? known->size : 0;
}
