/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include <fwvar/store.h>

#include "base/bytes.h"
#include "format/geometry.h"
#include "format/store.h"

#include <string.h>

#define FORMATTED 0x5A
#define HEALTHY   0xFE
#define ALL_ONES  0xFFFFFFFFu

const struct fwvar_guid fw_store_guid_auth = FWVAR_GUID(
    0xaaf32c78, 0x947b, 0x439a, 0xa1, 0x80, 0x2e, 0x14, 0x4e, 0xc3, 0x77, 0x92);
const struct fwvar_guid fw_store_guid_plain = FWVAR_GUID(
    0xddcf3616, 0x3275, 0x4164, 0x98, 0xb6, 0xfe, 0x85, 0x70, 0x7f, 0xfe, 0x7d);

/* Bytes from the start of the volume that hold variables, for volumes whose layout is
 * known. */
size_t fw_store_known_end(uint64_t volume_length)
{
    const struct fw_geometry *g = fw_geometry_find(volume_length);

    return g ? g->variables : 0;
}

size_t fwvar_store_record_header(const struct fwvar_store *store)
{
    return store->authenticated ? FWVAR_RECORD_HEADER_AUTH : FWVAR_RECORD_HEADER_PLAIN;
}

/* True if a Size below that of the layout does no harm: the chain ends well before it,
 * with nothing behind. 0x2800 bytes are what drivers want to have free at boot. */
static bool small_size_works(const struct fwvar_store *store, size_t known)
{
    struct fwvar_store whole = *store;
    size_t end = store->header + store->declared;
    struct fwvar_walk walk;
    struct fwvar_record r;

    whole.end = known;
    walk = fwvar_walk_begin(&whole);
    while (fwvar_walk_next(&walk, &r) == 0)
        ;
    return walk.end == FWVAR_END_ERASED && walk.at <= end && end - walk.at >= 0x2800 &&
           fw_skip_bytes(store->bytes, walk.at, known, 0xFF) == known;
}

/* The end of the store. A layout that is known is believed over a Size that contradicts
 * it; a Size that leaves the volume is cut there. */
static void set_end(struct fwvar_store *s)
{
    uint64_t length = s->volume.flaws & FWVAR_VOLUME_LENGTH ? s->size : s->volume.length;
    size_t known = fw_store_known_end(length);
    bool fits = s->declared >= FWVAR_STORE_HEADER_SIZE && s->header <= length &&
                s->declared <= length - s->header;

    if (known && known <= s->size && fits && s->declared < known - s->header &&
        small_size_works(s, known)) {
        s->flaws |= FWVAR_STORE_SMALL;
    } else if (known && known <= s->size && (!fits || s->declared + s->header != known)) {
        s->flaws |= FWVAR_STORE_SIZE;
        s->end = known;
        return;
    }
    if (!fits)
        s->flaws |= FWVAR_STORE_SIZE;
    s->end = s->size;
    if (fits && s->declared <= s->size - s->header)
        s->end = s->header + s->declared;
    if (s->end < s->first)
        s->end = s->first;
}

void fwvar_store_decode(const uint8_t *bytes, size_t size,
                        const struct fwvar_volume *volume, struct fwvar_store *store)
{
    struct fwvar_store s = {.bytes = bytes, .size = size, .volume = *volume};
    struct fw_reader r = fw_reader(bytes, size);

    s.header = volume->flaws & (FWVAR_VOLUME_HEADERLEN | FWVAR_VOLUME_CUT)
                   ? FWVAR_VOLUME_HEADER_SIZE
                   : volume->header_length;
    fw_take(&r, s.header);
    const uint8_t *signature = fw_take(&r, 16);
    s.declared = fw_take32(&r);
    s.format = fw_take8(&r);
    s.state = fw_take8(&r);
    fw_take(&r, 6); /* reserved */
    s.authenticated = true;
    if (r.bad) {
        s.flaws = FWVAR_STORE_CUT;
        s.header = s.first = s.end = size;
        *store = s;
        return;
    }
    if (memcmp(signature, fw_store_guid_plain.b, 16) == 0)
        s.authenticated = false;
    else if (memcmp(signature, fw_store_guid_auth.b, 16) != 0)
        s.flaws |= FWVAR_STORE_SIGNATURE;
    if (s.format != FORMATTED)
        s.flaws |= FWVAR_STORE_FORMAT;
    if (s.state != HEALTHY)
        s.flaws |= FWVAR_STORE_STATE;
    s.first = fw_align4(r.pos);
    if (s.first > size)
        s.first = size;
    set_end(&s);
    *store = s;
}

static void take_header(struct fw_reader *r, bool authenticated, struct fwvar_record *rec)
{
    rec->state = fw_take8(r);
    rec->reserved = fw_take8(r);
    rec->attributes = fw_take32(r);
    if (authenticated) {
        rec->count = fw_take64(r);
        rec->time = fw_take(r, 16);
        rec->pubkey = fw_take32(r);
    }
    rec->name_size = fw_take32(r);
    rec->data_size = fw_take32(r);
    const uint8_t *guid = fw_take(r, 16);
    if (guid)
        memcpy(rec->guid.b, guid, 16);
}

int fwvar_record_decode(const struct fwvar_store *store, size_t at,
                        struct fwvar_record *record)
{
    struct fwvar_record rec = {0};

    if (at >= store->end || store->end - at < 2 ||
        fw_le16(store->bytes + at) != FWVAR_RECORD_START)
        return FWVAR_ERR_NOTFOUND;
    struct fw_reader r = fw_reader(store->bytes + at, store->end - at);
    fw_take16(&r);
    take_header(&r, store->authenticated, &rec);
    if (r.bad)
        return FWVAR_ERR_DAMAGED;
    rec.offset = store->volume.offset + at;
    if (rec.state == FWVAR_STATE_UNWRITTEN || rec.attributes == ALL_ONES ||
        rec.name_size == ALL_ONES || rec.data_size == ALL_ONES) {
        rec.unwritten = true;
        rec.name_size = rec.data_size = 0;
    }
    rec.name = fw_take(&r, rec.name_size);
    rec.data = fw_take(&r, rec.data_size);
    if (r.bad)
        return FWVAR_ERR_DAMAGED;
    rec.size = (uint32_t)r.pos;
    *record = rec;
    return 0;
}

struct fwvar_walk fwvar_walk_begin(const struct fwvar_store *store)
{
    return (struct fwvar_walk){store, store->first, FWVAR_END_NONE};
}

static enum fwvar_end why_ended(const struct fwvar_store *store, size_t at, int code)
{
    if (code == FWVAR_ERR_DAMAGED)
        return FWVAR_END_OVERRUN;
    if (at >= store->end)
        return FWVAR_END_FULL;
    size_t blank = store->end - at < 2 ? store->end : at + 2;
    return fw_skip_bytes(store->bytes, at, blank, 0xFF) == blank ? FWVAR_END_ERASED
                                                                 : FWVAR_END_GARBAGE;
}

int fwvar_walk_next(struct fwvar_walk *walk, struct fwvar_record *record)
{
    int code = fwvar_record_decode(walk->store, walk->at, record);

    if (code != 0) {
        walk->end = why_ended(walk->store, walk->at, code);
        return 1;
    }
    /* Cannot wrap: the record lies inside the store. */
    walk->at = fw_align4(walk->at + record->size);
    if (walk->at > walk->store->end)
        walk->at = walk->store->end;
    return 0;
}
