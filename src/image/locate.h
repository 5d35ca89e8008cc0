/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Finding the variable volume in an image. */
#ifndef FW_IMAGE_LOCATE_H
#define FW_IMAGE_LOCATE_H

#include "image/source.h"

#include <fwvar/store.h>

struct fw_location {
    uint64_t offset; /* of the volume, bytes from the start of the image */
    uint64_t second; /* another sound volume, or FWVAR_NO_OFFSET */
};

/* Finds the volume: sound ones first, then the least damaged. Errors are those of
 * fwvar_image_open(). @thorough: look through everything even if a known place has one.
 */
int fw_locate(const struct fw_source *source, bool thorough, struct fw_location *found,
              struct fwvar_diag *diag);

#endif
