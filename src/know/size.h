/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What both tables of known variables say about one. */
#ifndef FW_KNOW_SIZE_H
#define FW_KNOW_SIZE_H

#include <fwvar/setting.h>

/* The setting that a variable is, or NULL. @name: UTF-16LE without NUL, bytes. */
const struct fwvar_setting *fw_known_setting(const struct fwvar_guid *guid,
                                             const uint8_t *name, size_t size);

/* Bytes of a variable's data where they are always the same, else 0. */
size_t fw_known_size(const struct fwvar_guid *guid, const uint8_t *name, size_t size);

#endif
