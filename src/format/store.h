/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What the rooms above need of the store's format beyond the public header. */
#ifndef FW_FORMAT_STORE_H
#define FW_FORMAT_STORE_H

#include <fwvar/store.h>

/* Signatures of a store header: they select the record header for the whole store. */
extern const struct fwvar_guid fw_store_guid_auth;
extern const struct fwvar_guid fw_store_guid_plain;

/* Bytes of a volume of this length that hold variables, its header included; 0 if the
 * layout is not a known one. */
size_t fw_store_known_end(uint64_t volume_length);

static inline size_t fw_align4(size_t n)
{
    return (n + 3) & ~(size_t)3;
}

#endif
