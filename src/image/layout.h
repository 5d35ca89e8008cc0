/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Look-ups in the table of known layouts. */
#ifndef FW_IMAGE_LAYOUT_H
#define FW_IMAGE_LAYOUT_H

#include <fwvar/image.h>

/* The layout with this file size and volume; length 0 matches any. */
const struct fwvar_layout *fw_layout_find(uint64_t file_size, uint64_t offset,
                                          uint64_t length);
/* The first layout with this file size. */
const struct fwvar_layout *fw_layout_by_size(uint64_t file_size);
/* The machine that keeps such a volume at such a place, whatever the file's size. */
enum fwvar_platform fw_layout_platform(uint64_t offset, uint64_t length);
/* The known layout that file size and place of a volume are of, if FvLength denies it and
 * the block map does not bear FvLength out: a damaged length, not another machine. */
const struct fwvar_layout *fw_layout_denied(uint64_t file_size,
                                            const struct fwvar_volume *volume);

#endif
