/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Names of files in an efivarfs folder (Linux fs/efivarfs: efivarfs_callback). */
#include <fwvar/varlist.h>

#include "base/bytes.h"
#include "base/diag.h"
#include "base/utf16.h"

#include <stdlib.h>
#include <string.h>

char *fwvar_efivarfs_name(const struct fwvar_variable *v)
{
    struct fw_buf out = {0};
    char guid[FWVAR_GUID_TEXT_SIZE];
    size_t plain = 0; /* start of what needs no escape; surrogate pairs stay together */

    for (size_t i = 0; i + 2 <= v->name_size; i += 2) {
        unsigned c = fw_le16(v->name + i);
        if (c != '/' && c != '!' && !fw_utf16_is_escape(v->name, v->name_size, i))
            continue;
        fw_utf16_text(&out, v->name + plain, i - plain, FW_ESCAPE_INVALID);
        if (c == '/')
            fw_buf_put8(&out, '!');
        else
            fw_buf_printf(&out, "\\u%04X", c);
        plain = i + 2;
    }
    fw_utf16_text(&out, v->name + plain, v->name_size - plain, FW_ESCAPE_INVALID);
    fwvar_guid_format(&v->guid, guid);
    fw_buf_printf(&out, "-%s", guid);
    return fw_buf_take_text(&out);
}

/* ---- back ---- */

/* Replaces `!` and escapes in place. Returns the new size. */
static size_t unescape(uint8_t *name, size_t size)
{
    for (size_t i = 0; i < size; i += 2) {
        if (fw_le16(name + i) == '!')
            fw_put16(name + i, '/');
    }
    return fw_utf16_unescape(name, size);
}

int fwvar_efivarfs_parse(const char *file_name, struct fwvar_guid *guid, uint8_t **name,
                         size_t *name_size, struct fwvar_diag *diag)
{
    size_t length = strlen(file_name), tail = FWVAR_GUID_TEXT_SIZE; /* with its dash */
    struct fw_buf wide = {0};
    size_t bad_at;

    if (length <= tail || file_name[length - tail] != '-' ||
        fwvar_guid_parse(file_name + length - tail + 1, guid) != 0)
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "the file's name is not NAME-GUID");
    if (fw_utf16_put(&wide, file_name, length - tail, &bad_at) != 0) {
        fw_buf_free(&wide);
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "the file's name is not UTF-8");
    }
    if (wide.bad) {
        fw_buf_free(&wide);
        return fw_nomem(diag);
    }
    *name_size = unescape(wide.p, wide.size);
    *name = wide.p;
    return 0;
}
