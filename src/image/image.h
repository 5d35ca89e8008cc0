/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FW_IMAGE_IMAGE_H
#define FW_IMAGE_IMAGE_H

#include "image/locate.h"
#include "image/source.h"

#include <fwvar/image.h>

struct fwvar_image {
    struct fw_source source;
    char *path; /* NULL for memory and standard input */
    struct fw_location place;
    uint8_t *window; /* the volume's bytes, if they had to be read */
    struct fwvar_store store;
    bool has_store;
    struct fwvar_diag missing;
    const struct fwvar_layout *layout;
    enum fwvar_platform platform;
    bool platform_set;              /* by the user */
    const struct fwvar_image *base; /* whose source it borrows, see fw_image_overlay() */
};

/* @base with other bytes in place of those of its volume, which need not be where @base
 * found one. @base must outlive it; @bytes are copied. Not to be saved or compared: the
 * rest of the image is read from @base. */
int fw_image_overlay(const struct fwvar_image *base, uint64_t offset,
                     const uint8_t *bytes, size_t size, struct fwvar_image **image,
                     struct fwvar_diag *diag);

/* The first @size bytes: as they lie where the image is in memory, else read into @owned,
 * which is to be freed either way. NULL on error, and then @code says which. */
const uint8_t *fw_image_start(const struct fwvar_image *image, size_t size,
                              uint8_t **owned, int *code, struct fwvar_diag *diag);

#endif
