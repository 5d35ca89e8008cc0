/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The table behind fwvar/setting.h. */
#ifndef FW_KNOW_SETTINGS_H
#define FW_KNOW_SETTINGS_H

#include <fwvar/setting.h>

extern const struct fwvar_setting fw_settings[];
extern const size_t fw_settings_count;

/* The words of every setting that is off or on. */
extern const struct fwvar_setting_keyword fw_off_on[];

/* Stores the low bytes of a number, as many as the setting has. */
void fw_setting_store(const struct fwvar_setting *setting, uint64_t number,
                      struct fwvar_setting_value *value);

#endif
