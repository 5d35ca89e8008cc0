/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Writing an image to a descriptor, plain or gzip. */
#ifndef FW_IMAGE_SINK_H
#define FW_IMAGE_SINK_H

#include "image/source.h"

#include <fwvar/save.h>

/* Writes @source with @patch applied (may be NULL) to @fd. Where both are plain files the
 * kernel copies (copy_file_range). Errors: see fwvar_image_write(). */
int fw_sink_image(const struct fw_source *source, const struct fwvar_patch *patch, int fd,
                  bool gzip, struct fwvar_diag *diag);

/* "WHAT: strerror" with the remedy as hint. Returns FWVAR_ERR_IO. */
int fw_fail_write(struct fwvar_diag *diag, const char *what, int why);

#endif
