/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Files of the UEFI Shell's `dmpstore -s`. */
#include <fwvar/varlist.h>

#include "base/bytes.h"
#include "base/diag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static int damaged(size_t at, const char *why, struct fwvar_diag *diag)
{
    return fw_fail(diag, FWVAR_ERR_DAMAGED, FWVAR_NO_OFFSET,
                   "not a dmpstore file: %s at offset 0x%zx", why, at);
}

static int take_variable(struct fw_reader *r, struct fwvar_varlist *list,
                         struct fwvar_diag *diag)
{
    size_t start = r->pos;
    uint32_t name_size = fw_take32(r), data_size = fw_take32(r);
    struct fwvar_varlist_item item = {.has_attributes = true};
    char place[48];

    item.variable.name = fw_take(r, name_size);
    const uint8_t *guid = fw_take(r, sizeof item.variable.guid.b);
    item.variable.attributes = fw_take32(r);
    item.variable.data = fw_take(r, data_size);
    size_t end = r->pos;
    uint32_t crc = fw_take32(r);
    if (r->bad)
        return damaged(start, "a variable that is cut off", diag);
    if (crc != (uint32_t)crc32(0, r->p + start, (uInt)(end - start)))
        return damaged(start, "a wrong CRC of the variable", diag);
    if (name_size < 2 || fw_le16(item.variable.name + name_size - 2) != 0)
        return damaged(start, "a name without NUL", diag);
    memcpy(item.variable.guid.b, guid, sizeof item.variable.guid.b);
    item.variable.name_size = name_size - 2;
    item.variable.data_size = data_size;
    snprintf(place, sizeof place, "offset 0x%zx", start);
    item.place = place;
    return fwvar_varlist_add(list, &item, diag);
}

int fwvar_dmpstore_read(const uint8_t *bytes, size_t size, struct fwvar_varlist **list,
                        struct fwvar_diag *diag)
{
    struct fw_reader r = fw_reader(bytes, size);
    struct fwvar_varlist *l;
    int code;

    if (size == 0)
        return damaged(0, "nothing", diag);
    code = fwvar_varlist_new(&l, diag);
    if (code != 0)
        return code;
    while (code == 0 && fw_left(&r) > 0)
        code = take_variable(&r, l, diag);
    if (code != 0) {
        fwvar_varlist_free(l);
        return code;
    }
    *list = l;
    return 0;
}

int fwvar_dmpstore_write(const struct fwvar_varlist *list, uint8_t **bytes, size_t *size,
                         struct fwvar_diag *diag)
{
    struct fw_buf out = {0};

    for (size_t i = 0; !out.bad && i < fwvar_varlist_count(list); i++) {
        const struct fwvar_variable *v = &fwvar_varlist_at(list, i)->variable;
        size_t start = out.size;
        fw_buf_put32(&out, (uint32_t)v->name_size + 2);
        fw_buf_put32(&out, (uint32_t)v->data_size);
        fw_buf_put(&out, v->name, v->name_size);
        fw_buf_put16(&out, 0);
        fw_buf_put(&out, v->guid.b, sizeof v->guid.b);
        fw_buf_put32(&out, v->attributes);
        fw_buf_put(&out, v->data, v->data_size);
        if (!out.bad)
            fw_buf_put32(&out,
                         (uint32_t)crc32(0, out.p + start, (uInt)(out.size - start)));
    }
    if (out.bad) {
        fw_buf_free(&out);
        return fw_nomem(diag);
    }
    *bytes = out.p;
    *size = out.size;
    return 0;
}
