/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The table behind fwvar/setting.h. */
#ifndef FW_KNOW_SETTINGS_H
#define FW_KNOW_SETTINGS_H

#include "base/bytes.h"

#include <fwvar/setting.h>

extern const struct fwvar_setting fw_settings[];
extern const size_t fw_settings_count;

/* The words of every setting that is off or on. */
extern const struct fwvar_setting_keyword fw_off_on[];

/* Stores the low bytes of a number, as many as the setting has. */
void fw_setting_store(const struct fwvar_setting *setting, uint64_t number,
                      struct fwvar_setting_value *value);

/* Appends what fwvar_setting_parse() would take for a payload of the setting's size: a
 * word where there is one. What does not follow its type does not lead back to itself. */
void fw_setting_typed(const struct fwvar_setting *setting, const char *board,
                      const uint8_t *bytes, size_t size, struct fw_buf *out);

#endif
