/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Rules about space, and about what lies behind the records. */
#include "inspect/check.h"

#include "base/bytes.h"
#include "format/store.h"
#include "inspect/record.h"

#define ULL(x)    ((unsigned long long)(x))
#define LOG_SIZE  0x1000 /* event log, between variables and FTW block */
#define FEW_BOOTS 20
/* MTC and twice MemoryTypeInformation, measured on v1.20 of the Pi 4 firmware. */
#define BOOT_APPENDS 440
/* All up to the second MTC: what the first boot of a board appended, v1.20. */
#define FIRST_BOOT_APPENDS 16712

/* ---- free space ---- */

void fw_rule_free_space_dirty(struct fw_check *c)
{
    const struct fwvar_usage *u = fwvar_variables_usage(c->variables);
    const struct fwvar_store *s = c->store;
    struct fwvar_record r;

    if (u->dirty == FWVAR_NO_OFFSET)
        return;
    for (size_t at = (size_t)(u->dirty - s->volume.offset) & ~(size_t)3; at < s->end;
         at += 4) {
        if (!fw_plausible_record(s, at, &r))
            continue;
        fw_found(c, u->dirty, NULL,
                 "the records end at 0x%llx, but the byte at 0x%llx is not 0xFF, and at "
                 "0x%llx there is what looks like a record",
                 ULL(u->end_offset), ULL(u->dirty), ULL(r.offset));
        return;
    }
    fw_found(c, u->dirty, NULL,
             "the records end at 0x%llx, but the byte at 0x%llx is not 0xFF",
             ULL(u->end_offset), ULL(u->dirty));
}

static uint64_t live_bytes(const struct fwvar_usage *u)
{
    return u->used - u->reclaimable;
}

/* True if so many bytes are too many, those that the next boot appends among them. */
static bool above_limit(const struct fw_check *c, uint64_t used)
{
    uint64_t capacity = fwvar_variables_usage(c->variables)->capacity;

    return capacity < FWVAR_SPACE_FLOOR || used > capacity - FWVAR_SPACE_FLOOR;
}

/* The same for bytes in use now. A Raspberry Pi crashes with 10,600 bytes free, which its
 * counters take below the floor. */
static bool too_full(const struct fw_check *c, uint64_t used)
{
    return above_limit(c, used + (c->platform == FWVAR_PLATFORM_RPI ? BOOT_APPENDS : 0));
}

/* How full a store is cannot be told where its end is missing. */
static bool is_cut(const struct fw_check *c)
{
    return c->store->volume.flaws & (FWVAR_VOLUME_TRUNCATED | FWVAR_VOLUME_CUT);
}

void fw_rule_space(struct fw_check *c)
{
    const struct fwvar_usage *u = fwvar_variables_usage(c->variables);

    if (!is_cut(c) && too_full(c, u->used) && !too_full(c, live_bytes(u)))
        fw_found(c, u->end_offset, NULL,
                 "%llu bytes are free, at least %d have to be after the next boot; %llu "
                 "of those "
                 "used are "
                 "dead records",
                 ULL(u->free), FWVAR_SPACE_FLOOR, ULL(u->reclaimable));
}

void fw_rule_space_live(struct fw_check *c)
{
    const struct fwvar_usage *u = fwvar_variables_usage(c->variables);

    if (is_cut(c) || !too_full(c, live_bytes(u)))
        return;
    fw_found(c, u->end_offset, NULL,
             "%llu bytes of live variables leave %llu free, at least %d have to be",
             ULL(live_bytes(u)), ULL(u->capacity - live_bytes(u)), FWVAR_SPACE_FLOOR);
}

void fw_rule_space_low(struct fw_check *c)
{
    const struct fwvar_usage *u = fwvar_variables_usage(c->variables);
    uint64_t limit = fwvar_space_limit(c->platform, u->capacity);
    struct fwvar_boots boots;

    if (c->platform != FWVAR_PLATFORM_RPI || is_cut(c) || too_full(c, u->used))
        return;
    uint64_t left = limit - u->used;
    bool known = fwvar_boots_left(c->image, c->variables, &boots) == 0;
    if (left >= FWVAR_SPACE_MARGIN && !(known && boots.left < FEW_BOOTS))
        return;
    if (known)
        fw_found(
            c, u->end_offset, NULL,
            "%llu more bytes until the firmware crashes: about %llu boots that save, "
            "at %llu bytes each",
            ULL(left), ULL(boots.left), ULL(boots.bytes_per_boot));
    else
        fw_found(c, u->end_offset, NULL, "%llu more bytes until the firmware crashes",
                 ULL(left));
}

/* Whether the firmware has ever saved to this store: it counts its boots there. */
static bool has_booted(const struct fw_check *c)
{
    for (size_t i = 0; i < fwvar_variables_count(c->variables); i++)
        if (fw_is_boot_counter(fwvar_variables_at(c->variables, i)))
            return true;
    return false;
}

void fw_rule_space_first_boot(struct fw_check *c)
{
    const struct fwvar_usage *u = fwvar_variables_usage(c->variables);
    uint64_t used = u->used + FIRST_BOOT_APPENDS;

    if (c->platform != FWVAR_PLATFORM_RPI || is_cut(c) || has_booted(c) ||
        !above_limit(c, used) || too_full(c, u->used))
        return;
    if (!above_limit(c, live_bytes(u) + FIRST_BOOT_APPENDS))
        c->command = "fwvar compact IMAGE --in-place";
    fw_found(c, u->end_offset, NULL,
             "%llu bytes are free and no board has saved to this store: its first boot "
             "appends about %d, and at least %d have to be free then; %llu of the used "
             "ones are dead records",
             ULL(u->free), FIRST_BOOT_APPENDS, FWVAR_SPACE_FLOOR, ULL(u->reclaimable));
}

/* ---- behind the variables ---- */

void fw_rule_ftw_pending(struct fw_check *c)
{
    struct fwvar_ftw ftw;

    if (fwvar_ftw_decode(c->store, &ftw) == 0 && ftw.pending)
        fw_found(c, c->store->volume.offset + ftw.pending_at, NULL,
                 "a fault tolerant write is pending at 0x%llx",
                 ULL(c->store->volume.offset + ftw.pending_at));
}

void fw_rule_ftw_header(struct fw_check *c)
{
    const struct fwvar_store *s = c->store;
    struct fwvar_ftw ftw;

    if (fwvar_ftw_decode(s, &ftw) != 0) {
        size_t known = fw_store_known_end(s->volume.length);
        if (known && known < s->size && !is_cut(c))
            fw_found(c, FWVAR_NO_OFFSET, NULL,
                     "there is no fault tolerant write block behind the variables");
    } else if (!ftw.sound) {
        fw_found(c, s->volume.offset + ftw.at, NULL,
                 "CRC 0x%08x, due 0x%08x; state 0x%02x, due 0xfe; queue of 0x%llx bytes",
                 ftw.crc, ftw.crc_due, ftw.state, ULL(ftw.queue_size));
    }
}

void fw_rule_event_log(struct fw_check *c)
{
    const struct fwvar_store *s = c->store;
    size_t log = fw_store_known_end(s->volume.length);
    struct fwvar_ftw ftw;

    if (log == 0 || log >= s->size || s->size - log < LOG_SIZE)
        return;
    if (fwvar_ftw_decode(s, &ftw) == 0 && ftw.at < log + LOG_SIZE)
        return; /* this layout has none */
    size_t at = fw_skip_bytes(s->bytes, log, log + LOG_SIZE, 0xFF);
    if (at < log + LOG_SIZE)
        fw_found(c, s->volume.offset + at, NULL,
                 "the event log area at 0x%llx is not blank",
                 ULL(s->volume.offset + log));
}
