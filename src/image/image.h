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
};

#endif
