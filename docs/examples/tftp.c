/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A patched image per board, handed out block by block as a TFTP server needs it. The
 * image is never copied: a transfer holds the few changed bytes, the rest is read from
 * the one image that all threads share. See tftp.h. */
#include "tftp.h"

#include <stdlib.h>

struct boards {
    struct fwvar_image *image;       /* the firmware as released */
    struct fwvar_firmware *firmware; /* its board and release, found out once */
    struct fwvar_plan *plan;         /* with {serial} and {mac} in it */
};

struct transfer {
    struct fwvar_edit *edit; /* owns the bytes of the patch */
    struct fwvar_patch patch;
};

int boards_open(const void *image, size_t size, const char *plan, size_t length,
                struct boards **boards, struct fwvar_diag *diag)
{
    struct boards *b = calloc(1, sizeof *b);

    if (!b)
        return FWVAR_ERR_NOMEM;
    int code = fwvar_image_open_bytes(image, size, FWVAR_OPEN_THOROUGH, &b->image, diag);
    if (code == 0)
        code = fwvar_firmware_open(b->image, NULL, &b->firmware, diag);
    /* What is settled never changes again, so that threads may share it. */
    if (code == 0)
        code = fwvar_firmware_settle(b->firmware, FWVAR_EFFORT_CONTENT, diag);
    if (code == 0)
        code = fwvar_plan_read(plan, length, &b->plan, diag);
    if (code != 0) {
        boards_close(b);
        return code;
    }
    *boards = b;
    return 0;
}

void boards_close(struct boards *b)
{
    fwvar_plan_free(b->plan);
    fwvar_firmware_free(b->firmware);
    fwvar_image_close(b->image);
    free(b);
}

int transfer_begin(const struct boards *b, const char *serial, const char *mac,
                   struct transfer **transfer, struct fwvar_diag *diag)
{
    const struct fwvar_plan_key keys[] = {{"serial", serial}, {"mac", mac}};
    const struct fwvar_plan_use use = {
        .keys = keys, .key_count = 2, .firmware = b->firmware};
    struct transfer *t = calloc(1, sizeof *t);

    if (!t)
        return FWVAR_ERR_NOMEM;
    int code = fwvar_edit_begin(b->image, 0, &t->edit, diag);
    if (code == 0)
        code = fwvar_plan_apply(b->plan, t->edit, &use, diag);
    if (code == 0)
        code = fwvar_edit_finish(t->edit, &t->patch, NULL, diag);
    if (code != 0) {
        transfer_end(t);
        return code;
    }
    *transfer = t;
    return 0;
}

size_t transfer_block(const struct boards *b, const struct transfer *t, uint64_t number,
                      void *block, size_t size)
{
    uint64_t all = fwvar_image_size(b->image);

    if (size == 0 || number > all / size)
        return 0;
    uint64_t at = number * size, left = all - at;
    if (left < size)
        size = (size_t)left;
    /* Bytes in memory are always there. */
    fwvar_image_read_patched(b->image, &t->patch, at, block, size, NULL);
    return size;
}

void transfer_end(struct transfer *t)
{
    fwvar_edit_end(t->edit);
    free(t);
}
