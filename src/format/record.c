/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "format/record.h"

#include "base/bytes.h"
#include "format/store.h"

#include <string.h>

uint64_t fw_record_footprint(const struct fwvar_store *store,
                             const struct fw_new_record *r)
{
    uint64_t size = (uint64_t)fwvar_store_record_header(store) + r->name_size + 2;

    return (size + r->data_size + 3) & ~UINT64_C(3);
}

static uint8_t *write_header(uint8_t *to, bool authenticated,
                             const struct fw_new_record *r)
{
    size_t size = authenticated ? FWVAR_RECORD_HEADER_AUTH : FWVAR_RECORD_HEADER_PLAIN;
    uint8_t *tail = to + size - 24; /* sizes and GUID stand last in both forms */

    memset(to, 0, size);
    fw_put16(to, FWVAR_RECORD_START);
    to[2] = FWVAR_STATE_ADDED;
    fw_put32(to + 4, r->attributes);
    if (authenticated && r->time)
        memcpy(to + 16, r->time, 16);
    fw_put32(tail, (uint32_t)r->name_size + 2);
    fw_put32(tail + 4, (uint32_t)r->data_size);
    memcpy(tail + 8, r->guid->b, 16);
    return to + size;
}

void fw_record_write(const struct fwvar_store *store, uint8_t *to,
                     const struct fw_new_record *r)
{
    to = write_header(to, store->authenticated, r);
    memcpy(to, r->name, r->name_size);
    to += r->name_size;
    fw_put16(to, 0);
    memcpy(to + 2, r->data, r->data_size);
}
