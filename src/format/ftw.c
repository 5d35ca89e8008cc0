/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include <fwvar/ftw.h>

#include "base/bytes.h"

#include <string.h>
#include <zlib.h>

/* Flags are active low: a cleared bit means "done" (edk2 FaultTolerantWrite.h). */
#define HEADER_ALLOCATED 0x01
#define WRITES_ALLOCATED 0x02
#define WRITE_COMPLETE   0x04
#define SPARE_COMPLETE   0x02
#define DEST_COMPLETE    0x04

#define QUEUE_HEADER 40 /* EFI_FAULT_TOLERANT_WRITE_HEADER */
#define QUEUE_RECORD 40 /* EFI_FAULT_TOLERANT_WRITE_RECORD, without private data */
#define AT_CRC       16
#define AT_STATE     20
#define AT_QUEUE     24
#define VALID        0xFE
#define PI_WORKING   0xF000

static const struct fwvar_guid working_guid = FWVAR_GUID(
    0x9e58292b, 0x7c68, 0x497d, 0xa0, 0xce, 0x65, 0x00, 0xfd, 0x9f, 0x1b, 0x95);

/* CRC over the header with its own field and the four state bytes erased. */
static uint32_t header_crc(const uint8_t *header)
{
    uint8_t copy[FWVAR_FTW_HEADER_SIZE];

    memcpy(copy, header, sizeof copy);
    memset(copy + AT_CRC, 0xFF, 8);
    return (uint32_t)crc32(0, copy, sizeof copy);
}

void fwvar_ftw_header(uint8_t header[FWVAR_FTW_HEADER_SIZE], uint64_t area_size)
{
    memcpy(header, working_guid.b, 16);
    memset(header + AT_STATE, 0xFF, 4);
    fw_put64(header + AT_QUEUE, area_size - FWVAR_FTW_HEADER_SIZE);
    fw_put32(header + AT_CRC, header_crc(header));
    header[AT_STATE] = VALID;
}

static bool find(const struct fwvar_store *s, size_t *at)
{
    for (size_t p = (s->end + 0xFFF) & ~(size_t)0xFFF;
         fw_range_ok(s->size, p, FWVAR_FTW_HEADER_SIZE); p += 0x1000) {
        if (memcmp(s->bytes + p, working_guid.b, 16) == 0) {
            *at = p;
            return true;
        }
    }
    *at = PI_WORKING;
    return s->volume.length == 0x20000 &&
           fw_range_ok(s->size, PI_WORKING, FWVAR_FTW_HEADER_SIZE) &&
           fw_skip_bytes(s->bytes, PI_WORKING, PI_WORKING + FWVAR_FTW_HEADER_SIZE,
                         0xFF) != PI_WORKING + FWVAR_FTW_HEADER_SIZE;
}

/* Looks at the records of one queue entry; true and their position if one is pending. */
static bool entry_pending(struct fw_reader *queue, uint64_t writes, uint64_t record_size,
                          size_t *pending)
{
    bool found = false;

    for (uint64_t i = 0; i < writes && !queue->bad; i++) {
        size_t at = queue->pos;
        const uint8_t *record = fw_take(queue, (size_t)record_size);
        if (record && !found && !(record[0] & SPARE_COMPLETE) &&
            (record[0] & DEST_COMPLETE)) {
            found = true;
            *pending = at;
        }
    }
    return found;
}

/* Only the last entry can be unfinished: the driver completes one before the next. */
static bool queue_pending(const uint8_t *bytes, size_t size, size_t *pending)
{
    struct fw_reader queue = fw_reader(bytes, size);

    while (fw_left(&queue) >= QUEUE_HEADER) {
        const uint8_t *entry = fw_take(&queue, QUEUE_HEADER);
        if (entry[0] & HEADER_ALLOCATED)
            return false;
        uint64_t writes = fw_le64(entry + 24);
        uint64_t private_size = fw_le64(entry + 32);
        if (private_size > size || writes > size)
            return false;
        bool open = !(entry[0] & WRITES_ALLOCATED) && (entry[0] & WRITE_COMPLETE);
        if (entry_pending(&queue, writes, QUEUE_RECORD + private_size, pending) && open)
            return true;
        if (queue.bad)
            return false;
    }
    return false;
}

int fwvar_ftw_decode(const struct fwvar_store *store, struct fwvar_ftw *ftw)
{
    struct fwvar_ftw f = {0};
    uint8_t expected[FWVAR_FTW_HEADER_SIZE];

    if (!find(store, &f.at))
        return FWVAR_ERR_NOTFOUND;
    const uint8_t *header = store->bytes + f.at;
    f.crc = fw_le32(header + AT_CRC);
    f.crc_due = header_crc(header);
    f.state = header[AT_STATE];
    f.queue_size = fw_le64(header + AT_QUEUE);
    size_t left = store->size - f.at - FWVAR_FTW_HEADER_SIZE;
    if (f.queue_size > left) {
        /* The driver would not accept it; the spare's place is a guess then. */
        f.spare = f.at + 0x1000 < store->size ? f.at + 0x1000 : store->size;
    } else {
        f.spare = f.at + FWVAR_FTW_HEADER_SIZE + (size_t)f.queue_size;
        fwvar_ftw_header(expected, f.queue_size + FWVAR_FTW_HEADER_SIZE);
        f.sound = memcmp(header, expected, sizeof expected) == 0;
    }
    size_t pending = 0;
    if (f.sound &&
        queue_pending(header + FWVAR_FTW_HEADER_SIZE, (size_t)f.queue_size, &pending)) {
        f.pending = true;
        f.pending_at = f.at + FWVAR_FTW_HEADER_SIZE + pending;
    }
    *ftw = f;
    return 0;
}
