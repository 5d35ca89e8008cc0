/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* From an image in memory to another, by a plan. */
#include "base/diag.h"

#include <fwvar/plan.h>

#include <stdlib.h>
#include <string.h>

static int copy_patched(const void *image, size_t size, const struct fwvar_patch *patch,
                        uint8_t **result, struct fwvar_diag *diag)
{
    uint8_t *bytes = malloc(size);

    if (!bytes)
        return fw_nomem(diag);
    memcpy(bytes, image, size);
    if (patch->size > 0)
        memcpy(bytes + patch->offset, patch->bytes, patch->size);
    *result = bytes;
    return 0;
}

int fwvar_plan_bytes(const struct fwvar_plan *plan, const struct fwvar_plan_use *use,
                     const void *bytes, size_t size, uint8_t **result,
                     struct fwvar_edit_report *report, struct fwvar_diag *diag)
{
    struct fwvar_edit *edit = NULL;
    struct fwvar_image *image;
    struct fwvar_patch patch;

    int code = fwvar_image_open_bytes(bytes, size, FWVAR_OPEN_THOROUGH, &image, diag);
    if (code != 0)
        return code;
    code = fwvar_edit_begin(image, 0, &edit, diag);
    if (code == 0)
        code = fwvar_plan_apply(plan, edit, use, diag);
    if (code == 0)
        code = fwvar_edit_finish(edit, &patch, report, diag);
    if (code == 0)
        code = copy_patched(bytes, size, &patch, result, diag);
    fwvar_edit_end(edit);
    fwvar_image_close(image);
    return code;
}
