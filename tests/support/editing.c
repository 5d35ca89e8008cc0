/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "support/editing.h"
#include "support/testmain.h"

#include <stdlib.h>
#include <string.h>

void ed_load(struct editing *e, uint8_t *bytes, size_t size)
{
    *e = (struct editing){.file = {bytes, size}};
}

static void over(struct editing *e)
{
    fwvar_edit_end(e->edit);
    fwvar_image_close(e->image);
    e->edit = NULL;
    e->image = NULL;
}

void ed_free(struct editing *e)
{
    over(e);
    ig_free(&e->file);
}

int ed_try_begin(struct editing *e, unsigned flags)
{
    over(e); /* one that was begun and not finished is given up */
    memset(&e->diag, 0, sizeof e->diag);
    int code = fwvar_image_open_bytes(e->file.p, e->file.size, FWVAR_OPEN_THOROUGH,
                                      &e->image, &e->diag);
    if (code == 0)
        code = fwvar_edit_begin(e->image, flags, &e->edit, &e->diag);
    if (code != 0)
        over(e);
    return code;
}

void ed_begin(struct editing *e, unsigned flags)
{
    ck_assert_msg(ed_try_begin(e, flags) == 0, "%s", e->diag.message);
}

int ed_try_finish(struct editing *e)
{
    struct fwvar_patch patch = {0};
    uint8_t *bytes = malloc(e->file.size);

    ck_assert_ptr_nonnull(bytes);
    memcpy(bytes, e->file.p, e->file.size);
    memset(&e->report, 0, sizeof e->report);
    int code = fwvar_edit_finish(e->edit, &patch, &e->report, &e->diag);
    if (code == 0) {
        ck_assert_int_eq(e->report.changed, patch.size != 0);
        ck_assert_uint_le(patch.offset + patch.size, e->file.size);
        if (patch.size)
            memcpy(bytes + patch.offset, patch.bytes, patch.size);
    }
    over(e);
    free(e->file.p);
    e->file.p = bytes;
    return code;
}

void ed_finish(struct editing *e)
{
    ck_assert_msg(ed_try_finish(e) == 0, "%s", e->diag.message);
}

static struct fwvar_guid guid_of(const char *text)
{
    struct fwvar_guid guid;

    ck_assert_int_eq(fwvar_guid_parse(text, &guid), 0);
    return guid;
}

int ed_try_set(struct editing *e, const char *guid, const char *name, uint32_t attributes,
               const void *data, size_t size)
{
    struct fwvar_guid g = guid_of(guid);

    return fwvar_edit_set_named(e->edit, &g, name, attributes, data, size, &e->diag);
}

void ed_set(struct editing *e, const char *guid, const char *name, uint32_t attributes,
            const void *data, size_t size)
{
    ck_assert_msg(ed_try_set(e, guid, name, attributes, data, size) == 0, "%s: %s", name,
                  e->diag.message);
}

void ed_set_u32(struct editing *e, const char *guid, const char *name, uint32_t value)
{
    uint8_t data[4];

    for (unsigned i = 0; i < 4; i++)
        data[i] = (uint8_t)(value >> 8 * i & 0xff);
    ed_set(e, guid, name, 7, data, 4);
}

int ed_try_delete(struct editing *e, const char *guid, const char *name)
{
    struct fwvar_guid g = guid_of(guid);
    struct ig_bytes wide = {0};

    ig_utf16(&wide, name);
    int code = fwvar_edit_delete(e->edit, &g, wide.p, wide.size - 2, &e->diag);
    ig_free(&wide);
    return code;
}

void ed_delete(struct editing *e, const char *guid, const char *name)
{
    ck_assert_msg(ed_try_delete(e, guid, name) == 0, "%s: %s", name, e->diag.message);
}
