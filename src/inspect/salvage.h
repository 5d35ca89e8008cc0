/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Finding records where the chain that leads to them is broken. */
#ifndef FW_INSPECT_SALVAGE_H
#define FW_INSPECT_SALVAGE_H

#include <fwvar/store.h>

/* What of a record's header does not stand as it must; combined. */
enum fw_record_flaw {
    FW_RECORD_START = 1 << 0,     /* start id */
    FW_RECORD_NAME_SIZE = 1 << 1, /* NameSize; the name's NUL tells it */
    FW_RECORD_DATA_SIZE = 1 << 2, /* DataSize; what follows tells it */
    FW_RECORD_STATE = 1 << 3,     /* a state that no driver writes, or 0xFF */
    FW_RECORD_ONES = 1 << 4,      /* Attributes are all ones */
    FW_RECORD_NUL = 1 << 5,       /* the name's last character is not NUL */
    FW_RECORD_INNER_NUL = 1 << 6, /* the name has a NUL inside */
    FW_RECORD_CROOKED = 1 << 7    /* it does not start at a multiple of 4 */
};

/* A stretch of a store: a record, or bytes that are none. Positions as in the store. */
struct fw_stretch {
    size_t at;
    size_t end;         /* where the next one starts, pad bytes included */
    bool is_record;     /* else a gap */
    unsigned flaws;     /* enum fw_record_flaw, combined */
    uint32_t name_size; /* as they should be, NUL included */
    uint32_t data_size;
    uint32_t data_at_most; /* with FW_RECORD_DATA_SIZE: pad bytes taken for data */
};

struct fw_salvage {
    struct fw_stretch *items; /* in address order; free space is not among them */
    size_t count;
    size_t records;
    size_t end; /* where free space begins */
};

/* Divides [first, end) of @bytes into records, gaps and free space so that as many
 * records as possible are explained, with as few corrections. Takes time linear in the
 * bytes. Returns 0, FWVAR_ERR_NOMEM, or FWVAR_ERR_ARG if the range is larger than any
 * store. */
int fw_salvage_scan(const uint8_t *bytes, size_t first, size_t end, bool authenticated,
                    struct fw_salvage *salvage, struct fwvar_diag *diag);
void fw_salvage_free(struct fw_salvage *salvage);

#endif
