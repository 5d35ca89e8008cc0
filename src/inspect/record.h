/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What a single record looks like, for all that judge records. */
#ifndef FW_INSPECT_RECORD_H
#define FW_INSPECT_RECORD_H

#include <fwvar/store.h>

/* What is wrong with a record's name, as the end of a sentence ("is empty"), or NULL. */
const char *fw_name_flaw(const struct fwvar_record *record);

/* True if a record that a driver could have written stands at @at (position in the
 * volume), whether or not the chain leads there. */
bool fw_plausible_record(const struct fwvar_store *store, size_t at,
                         struct fwvar_record *record);

/* Whether this is MTC, in which the firmware counts its boots. */
bool fw_is_boot_counter(const struct fwvar_record *record);

#endif
