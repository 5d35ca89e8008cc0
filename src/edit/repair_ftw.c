/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The fault tolerant write areas: what the firmware's driver would do at its start (edk2
 * FaultTolerantWriteDxe), done here, so that no edit is undone later. */
#include "edit/repair.h"

#include "base/bytes.h"
#include "format/store.h"

#include <string.h>

/* A pending write, positions in the volume. */
struct pending {
    size_t from, to, size;
};

/* The working block, found without believing any header in front of it. */
static int find_ftw(const struct fwvar_repair *r, struct fwvar_ftw *ftw)
{
    struct fwvar_store s;

    fw_repair_store(r, &s);
    if (r->known) {
        s.end = r->g.variables < r->size ? r->g.variables : r->size;
        s.volume.length = r->g.length;
    }
    return fwvar_ftw_decode(&s, ftw);
}

/* The driver copies whole blocks. False if the record's fields contradict each other or
 * the volume. */
static bool read_pending(const struct fwvar_repair *r, const struct fwvar_ftw *ftw,
                         struct pending *p)
{
    const uint8_t *record = r->now + ftw->pending_at;
    uint64_t block = r->known ? r->g.block_size : 0x1000;
    uint64_t lba = fw_le64(record + 8), offset = fw_le64(record + 16);
    uint64_t length = fw_le64(record + 24), relative = fw_le64(record + 32);

    if (lba > r->size / block || offset > r->size || length > r->size || length == 0)
        return false;
    uint64_t to = lba * block;
    uint64_t size = (offset + length + block - 1) / block * block;
    /* RelativeOffset leads from the spare area to the destination. */
    if (ftw->spare + relative != to || !fw_range_ok(ftw->at, to, size) ||
        !fw_range_ok(r->size, ftw->spare, size))
        return false;
    *p = (struct pending){ftw->spare, (size_t)to, (size_t)size};
    return true;
}

/* True if @bytes are a volume's beginning with a chain of records that ends well. */
static bool is_store(const struct fwvar_repair *r, const uint8_t *bytes, size_t size)
{
    struct fwvar_volume volume;
    struct fwvar_store store;
    struct fwvar_record record;

    fwvar_volume_decode(bytes, size, r->offset, r->g.length, &volume);
    fwvar_store_decode(bytes, size, &volume, &store);
    if (volume.flaws || store.flaws)
        return false;
    struct fwvar_walk walk = fwvar_walk_begin(&store);
    while (fwvar_walk_next(&walk, &record) == 0) {
    }
    return walk.end == FWVAR_END_ERASED || walk.end == FWVAR_END_FULL;
}

/* A working block as the driver makes it: header, empty queue. */
static void reset(struct fwvar_repair *r, const struct fwvar_ftw *ftw, size_t area)
{
    memset(r->now + ftw->at, 0xFF, area);
    fwvar_ftw_header(r->now + ftw->at, area);
}

static void mend_pending(struct fwvar_repair *r, const struct fwvar_ftw *ftw)
{
    size_t area = (size_t)ftw->queue_size + FWVAR_FTW_HEADER_SIZE;
    struct pending p;

    if (!read_pending(r, ftw, &p) || p.to != 0)
        return; /* cannot be decided: the finding stays, and the spare with it */
    if (is_store(r, r->now + p.from, p.size)) {
        memcpy(r->now + p.to, r->now + p.from, p.size);
        memset(r->now + p.from, 0xFF, p.size);
        reset(r, ftw, area);
        fw_mended(r, "ftw-pending", ftw->pending_at, NULL,
                  "the unfinished write was finished, as the firmware would: %zu bytes "
                  "copied from the spare area at 0x%llx",
                  p.size, (unsigned long long)(r->offset + p.from));
    } else if (is_store(r, r->now, ftw->at)) {
        reset(r, ftw, area);
        fw_mended(r, "ftw-pending", ftw->pending_at, NULL,
                  "the unfinished write was discarded: the spare area at 0x%llx holds no "
                  "store (it was left as it is), the volume does",
                  (unsigned long long)(r->offset + p.from));
    }
}

/* True if the spare area holds a copy of the working block, from which the driver would
 * restore it. */
static bool spare_has_header(const struct fwvar_repair *r, const uint8_t *wanted)
{
    return fw_range_ok(r->size, r->g.spare, FWVAR_FTW_HEADER_SIZE) &&
           memcmp(r->now + r->g.spare, wanted, FWVAR_FTW_HEADER_SIZE) == 0;
}

static void mend_header(struct fwvar_repair *r)
{
    uint8_t wanted[FWVAR_FTW_HEADER_SIZE];

    if (!r->known || !r->g.ftw || !fw_range_ok(r->size, r->g.ftw, r->g.ftw_size) ||
        !fw_repair_wants(r, "ftw-header"))
        return;
    fwvar_ftw_header(wanted, r->g.ftw_size);
    if (memcmp(r->now + r->g.ftw, wanted, sizeof wanted) == 0 ||
        spare_has_header(r, wanted))
        return;
    struct fwvar_ftw ftw = {.at = r->g.ftw};
    reset(r, &ftw, r->g.ftw_size);
    fw_mended(r, "ftw-header", r->g.ftw, NULL,
              "the FTW working block was made anew, as the firmware would");
}

void fw_repair_ftw(struct fwvar_repair *r)
{
    struct fwvar_ftw ftw;

    if (find_ftw(r, &ftw) == 0 && ftw.pending && fw_repair_wants(r, "ftw-pending"))
        mend_pending(r, &ftw);
    mend_header(r);
}
