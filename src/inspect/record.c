/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "inspect/record.h"

#include "base/bytes.h"
#include "base/utf16.h"

#define KNOWN_ATTRIBUTES 0x7Fu
#define LONGEST_NAME     1024 /* bytes; those seen have less than 100 */

const char *fw_name_flaw(const struct fwvar_record *r)
{
    if (r->name_size % 2)
        return "has an odd number of bytes";
    if (r->name_size < 4)
        return "is empty";
    if (fw_le16(r->name + r->name_size - 2) != 0)
        return "does not end in a NUL";
    if (fw_utf16_length(r->name, r->name_size) != r->name_size - 2u)
        return "has a NUL inside";
    return NULL;
}

static bool is_driver_state(uint8_t state)
{
    return state == FWVAR_STATE_HEADER_ONLY ||
           (state >= FWVAR_STATE_SUPERSEDED && state <= FWVAR_STATE_ADDED);
}

/* Cheap tests first: this runs at every fourth byte of what may be hostile. */
bool fw_plausible_record(const struct fwvar_store *store, size_t at,
                         struct fwvar_record *r)
{
    return fwvar_record_decode(store, at, r) == 0 && !r->unwritten &&
           is_driver_state(r->state) && r->reserved == 0 &&
           (r->attributes & FWVAR_ATTR_NV) && (r->attributes & ~KNOWN_ATTRIBUTES) == 0 &&
           r->name_size <= LONGEST_NAME && fw_name_flaw(r) == NULL;
}
