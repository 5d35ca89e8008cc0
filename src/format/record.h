/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Writing records. */
#ifndef FW_FORMAT_RECORD_H
#define FW_FORMAT_RECORD_H

#include <fwvar/store.h>

/* A record to be written. Pointers are not owned. */
struct fw_new_record {
    const struct fwvar_guid *guid;
    const uint8_t *name; /* UTF-16LE without NUL */
    size_t name_size;    /* bytes */
    uint32_t attributes;
    const uint8_t *time; /* 16 bytes, or NULL for zero */
    const uint8_t *data;
    size_t data_size;
};

/* Bytes the record takes in the store, padding to the next header included. */
uint64_t fw_record_footprint(const struct fwvar_store *store,
                             const struct fw_new_record *record);

/* Writes a live record at @to, its NUL included; count, key index and reserved are 0.
 * The caller made sure that it fits. Pad bytes are not touched: free space is 0xFF. */
void fw_record_write(const struct fwvar_store *store, uint8_t *to,
                     const struct fw_new_record *record);

#endif
