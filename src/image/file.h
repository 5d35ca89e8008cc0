/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FW_IMAGE_FILE_H
#define FW_IMAGE_FILE_H

#include "base/bytes.h"

#include <fwvar/error.h>

/* Reads what is left of @fd. Returns 0, or FWVAR_ERR_IO with errno set (EFBIG beyond
 * @limit), or FWVAR_ERR_NOMEM. */
int fw_read_rest(int fd, size_t limit, struct fw_buf *all);
/* Writes all bytes. Returns 0 or FWVAR_ERR_IO with errno set. */
int fw_write_all(int fd, const uint8_t *bytes, size_t size);
/* "cannot read PATH: reason", from errno */
int fw_fail_path(struct fwvar_diag *diag, const char *action, const char *path);

#endif
