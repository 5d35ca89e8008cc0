/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What a damaged field was, told by what is known of the variable. */
#ifndef FW_EDIT_REPAIR_GUESS_H
#define FW_EDIT_REPAIR_GUESS_H

#include "inspect/salvage.h"

/* The size of a record's data, which ends between 0 and 3 pad bytes before the next
 * record. @declared is what stands in the header. */
uint32_t fw_guess_data_size(const uint8_t *record, const struct fw_stretch *stretch,
                            const struct fwvar_store *store, uint32_t declared);

/* The attributes a variable is stored with, NV+BS+RT if it is not known. */
uint32_t fw_guess_attributes(const struct fwvar_record *record);

/* Attributes that a store can hold: what is known of the variable, else the nearest. */
uint32_t fw_sane_attributes(const struct fwvar_record *record);

/* Replaces NULs inside a name (@size bytes with its NUL) so that it is the only known
 * name under @guid that fits, else by '_'. True if the name is known. */
bool fw_guess_name(const struct fwvar_guid *guid, uint8_t *name, size_t size);

#endif
