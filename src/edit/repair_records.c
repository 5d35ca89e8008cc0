/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The records: single headers first, where they stand; then which record of a variable
 * counts; then, only if bytes in the middle are beyond repair, a rebuilt store. */
#include "edit/repair.h"

#include "base/bytes.h"
#include "base/diag.h"
#include "base/utf16.h"
#include "edit/repair_guess.h"
#include "format/map.h"
#include "format/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is known of one variable (name and GUID) over the whole store. */
struct group {
    size_t added;       /* the first 0x3F, or NONE; indexes of stretches */
    size_t in_deletion; /* the last 0x3E, or NONE */
    size_t uncertain;   /* the last whose state says nothing, or NONE */
    size_t records;
};

#define NONE SIZE_MAX

struct work {
    struct fwvar_repair *r;
    struct fwvar_store store;
    struct fw_salvage found;
    struct fwvar_record *records; /* per stretch, decoded */
    size_t *group_of;             /* per stretch, or NONE */
    struct group *groups;
    size_t *first_of; /* per group: its first stretch, for the map */
    size_t group_count;
    struct fw_map map;
    bool rebuild;
};

static bool wants(const struct work *w, const char *rule, const char *or_rule)
{
    return fw_repair_wants(w->r, rule) || (or_rule && fw_repair_wants(w->r, or_rule));
}

static uint8_t *sizes_at(const struct work *w, const struct fw_stretch *s)
{
    return w->r->now + s->at + fwvar_store_record_header(&w->store) - 24;
}

static bool decode(const struct work *w, const struct fw_stretch *s,
                   struct fwvar_record *record)
{
    return fwvar_record_decode(&w->store, s->at, record) == 0;
}

/* ---- single headers ---- */

static void mend_start(struct work *w, const struct fw_stretch *s)
{
    uint8_t *p = w->r->now + s->at;
    struct fwvar_record record;
    unsigned old = fw_le16(p);

    if (!(s->flaws & FW_RECORD_START) || !wants(w, "chain-broken", "free-space-dirty"))
        return;
    fw_put16(p, FWVAR_RECORD_START);
    fw_mended(w->r, "chain-broken", s->at, decode(w, s, &record) ? &record : NULL,
              "the record's start id was 0x%04x, is 0x55aa", old);
}

static void mend_sizes(struct work *w, struct fw_stretch *s)
{
    uint8_t *sizes = sizes_at(w, s);
    uint32_t name = fw_le32(sizes), data = fw_le32(sizes + 4);
    bool guessed = s->flaws & FW_RECORD_DATA_SIZE;
    struct fwvar_record record;

    if (!(s->flaws & (FW_RECORD_NAME_SIZE | FW_RECORD_DATA_SIZE)) ||
        !(wants(w, "chain-broken", "record-name") || wants(w, "record-swallows", NULL)))
        return;
    if (guessed)
        s->data_size = fw_guess_data_size(w->r->now + s->at, s, &w->store, data);
    fw_put32(sizes, s->name_size);
    fw_put32(sizes + 4, s->data_size);
    const struct fwvar_record *known = decode(w, s, &record) ? &record : NULL;
    if (name != s->name_size)
        fw_mended(w->r, "record-name", s->at, known,
                  "NameSize was 0x%x, the name has %u bytes with its NUL", name,
                  s->name_size);
    if (guessed)
        fw_mended(w->r, "chain-broken", s->at, known,
                  "DataSize was 0x%x, is %u by what follows the record", data,
                  s->data_size);
}

static void mend_attributes(struct work *w, const struct fw_stretch *s)
{
    struct fwvar_record record;

    if (!(s->flaws & FW_RECORD_ONES) || !wants(w, "record-unwritten", NULL))
        return;
    fw_put32(w->r->now + s->at + 4, FWVAR_ATTR_NV | FWVAR_ATTR_BS | FWVAR_ATTR_RT);
    if (!decode(w, s, &record))
        return;
    uint32_t attributes = fw_guess_attributes(&record);
    fw_put32(w->r->now + s->at + 4, attributes);
    fw_mended(w->r, "record-unwritten", s->at, &record,
              "Attributes were erased, are 0x%x", attributes);
}

/* A NUL at the end is certain. A character that became NUL is known only where the rest
 * of the name fits one known variable. */
static void mend_name(struct work *w, const struct fw_stretch *s)
{
    uint8_t *name = w->r->now + s->at + fwvar_store_record_header(&w->store);
    struct fwvar_record record;

    if (!(s->flaws & (FW_RECORD_NUL | FW_RECORD_INNER_NUL)) ||
        !wants(w, "record-name", NULL) || !decode(w, s, &record))
        return;
    if (s->flaws & FW_RECORD_NUL)
        fw_put16(name + s->name_size - 2, 0);
    bool certain = fw_guess_name(&record.guid, name, s->name_size);
    if (!(s->flaws & FW_RECORD_INNER_NUL))
        fw_mended(w->r, "record-name", s->at, &record, "its name ends in a NUL again");
    else
        fw_mended(w->r, "record-name", s->at, &record,
                  certain ? "a NUL inside its name was restored to the known name"
                          : "a NUL inside its name became _; what stood there is not "
                            "known: set the variable again under its right name");
}

static void mend_headers(struct work *w)
{
    for (size_t i = 0; i < w->found.count; i++) {
        struct fw_stretch *s = &w->found.items[i];
        if (!s->is_record)
            continue;
        mend_start(w, s);
        mend_sizes(w, s);
        mend_attributes(w, s);
        mend_name(w, s);
    }
}

/* ---- which record of a variable counts ---- */

static struct fw_key key_at(const void *owner, size_t group)
{
    const struct work *w = owner;
    const struct fwvar_record *r = &w->records[w->first_of[group]];

    return (struct fw_key){&r->guid, r->name, fwvar_record_name_length(r)};
}

static bool is_uncertain(const struct fw_stretch *s)
{
    return s->flaws & FW_RECORD_STATE;
}

static int put_in_group(struct work *w, size_t i)
{
    const struct fwvar_record *r = &w->records[i];
    struct fw_key key = {&r->guid, r->name, fwvar_record_name_length(r)};
    size_t g = fw_map_find(&w->map, w, &key);

    if (g == FW_MAP_NONE) {
        if (fw_map_reserve(&w->map, w) != 0)
            return FWVAR_ERR_NOMEM;
        g = w->group_count++;
        w->first_of[g] = i;
        w->groups[g] = (struct group){NONE, NONE, NONE, 0};
        fw_map_put(&w->map, w, &key, g);
    }
    struct group *group = &w->groups[g];
    group->records++;
    if (is_uncertain(&w->found.items[i]))
        group->uncertain = i;
    else if (r->state == FWVAR_STATE_ADDED && group->added == NONE)
        group->added = i;
    else if (r->state == FWVAR_STATE_IN_DELETION)
        group->in_deletion = i;
    w->group_of[i] = g;
    return 0;
}

/* Decodes a record whose state may say "unwritten", which hides name and data. */
static bool decode_any_state(const struct work *w, const struct fw_stretch *s,
                             struct fwvar_record *record)
{
    uint8_t *state = w->r->now + s->at + 2, kept = *state;

    if (kept == FWVAR_STATE_UNWRITTEN)
        *state = FWVAR_STATE_ADDED;
    bool ok = decode(w, s, record) && !record->unwritten;
    *state = record->state = kept;
    return ok;
}

static int make_groups(struct work *w)
{
    size_t n = w->found.count + 1;

    w->records = calloc(n, sizeof *w->records);
    w->group_of = calloc(n, sizeof *w->group_of);
    w->first_of = calloc(n, sizeof *w->first_of);
    w->groups = calloc(n, sizeof *w->groups);
    w->map.key_at = key_at;
    if (!w->records || !w->group_of || !w->first_of || !w->groups)
        return FWVAR_ERR_NOMEM;
    for (size_t i = 0; i < w->found.count; i++) {
        struct fw_stretch *s = &w->found.items[i];
        w->group_of[i] = NONE;
        if (s->is_record && decode_any_state(w, s, &w->records[i]) &&
            put_in_group(w, i) != 0)
            return FWVAR_ERR_NOMEM;
    }
    return 0;
}

static void set_state(struct work *w, size_t i, uint8_t state, const char *rule,
                      const char *why)
{
    uint8_t *p = w->r->now + w->found.items[i].at + 2, old = *p;

    if (!wants(w, rule, NULL))
        return;
    *p = w->records[i].state = state;
    fw_mended(w->r, rule, w->found.items[i].at + 2, &w->records[i],
              "state was 0x%02x, is 0x%02x: %s", old, state, why);
}

/* A write that the firmware began and never finished, at the end of the chain: the bytes
 * are free again, as after its reclaim. */
static void drop_unwritten(struct work *w, size_t i)
{
    struct fw_stretch *s = &w->found.items[i];

    if (!wants(w, "record-unwritten", NULL))
        return;
    fw_mended(w->r, "record-unwritten", s->at, &w->records[i],
              "a write that never finished was dropped, as the firmware would");
    memset(w->r->now + s->at, 0xFF, w->found.end - s->at);
    s->is_record = false;
    w->group_of[i] = NONE;
    w->found.end = s->at;
    w->found.count = i;
}

/* A record whose state no driver writes. Where another record of the variable is live the
 * value is an old one; otherwise it may be the only one, and stays. */
static void settle_uncertain(struct work *w, size_t i)
{
    const struct group *g = &w->groups[w->group_of[i]];
    bool unwritten = w->records[i].state == FWVAR_STATE_UNWRITTEN;
    const char *rule = unwritten ? "record-unwritten" : "record-state";

    if (g->added != NONE || g->in_deletion != NONE || g->uncertain != i)
        set_state(w, i, FWVAR_STATE_SUPERSEDED, rule,
                  "another record of the variable counts");
    else if (unwritten && g->records == 1 && i + 1 == w->found.count)
        drop_unwritten(w, i);
    else
        set_state(w, i, FWVAR_STATE_ADDED, rule, "it may be the variable's only value");
}

static void settle(struct work *w, size_t i)
{
    const struct group *g = &w->groups[w->group_of[i]];

    if (is_uncertain(&w->found.items[i])) {
        settle_uncertain(w, i);
        return;
    }
    switch (w->records[i].state) {
    case FWVAR_STATE_ADDED:
        if (g->added != i)
            set_state(w, i, FWVAR_STATE_SUPERSEDED, "duplicate",
                      "the first record of the variable is the one that counts");
        break;
    case FWVAR_STATE_IN_DELETION:
        if (g->added != NONE || g->in_deletion != i)
            set_state(w, i, FWVAR_STATE_SUPERSEDED, "in-deletion-twin",
                      "another record of the variable is live");
        else
            set_state(w, i, FWVAR_STATE_ADDED, "in-deletion",
                      "the update that began was never finished");
        break;
    case FWVAR_STATE_HEADER_ONLY:
        set_state(w, i, FWVAR_STATE_SUPERSEDED, "unfinished",
                  "its data was never completed");
        break;
    default:
        break;
    }
}

static void settle_states(struct work *w)
{
    for (size_t i = w->found.count; i-- > 0;) {
        if (w->group_of[i] != NONE)
            settle(w, i);
    }
}

/* ---- gaps, free space, and the rebuild ---- */

static void say_gap(struct work *w, const struct fw_stretch *s, const char *rule,
                    const char *fate)
{
    const uint8_t *p = w->r->now + s->at;
    size_t size = s->end - s->at, shown = size < 24 ? size : 24;
    struct fw_buf hex = {0};

    if (fw_skip_bytes(p, 0, size, p[0]) == size) {
        fw_mended(w->r, rule, s->at, NULL, "%zu byte%s of 0x%02x, no record: %s", size,
                  size == 1 ? "" : "s", p[0], fate);
        return;
    }
    fw_buf_hex(&hex, p, shown);
    char *text = fw_buf_take_text(&hex);
    w->r->bad |= !text;
    fw_mended(w->r, rule, s->at, NULL,
              "%zu byte%s that cannot be read as a record (%s%s): %s", size,
              size == 1 ? "" : "s",
              text ? text : "", shown < size ? "…" : "", fate);
    free(text);
}

/* What is after the last record and no record is wiped: the firmware takes it for damage.
 */
static void clean_free_space(struct work *w)
{
    struct fw_stretch *last = w->found.count ? &w->found.items[w->found.count - 1] : NULL;

    if (!last || last->is_record || !wants(w, "free-space-dirty", "chain-broken"))
        return;
    struct fw_stretch junk = *last;
    junk.at = fw_skip_bytes(w->r->now, last->at, last->end, 0xFF);
    say_gap(w, &junk, "free-space-dirty", "wiped");
    memset(w->r->now + last->at, 0xFF, last->end - last->at);
    w->found.end = last->at;
    w->found.count--;
}

/* True if the driver's walk goes from record to record without help. */
static bool is_chain(const struct work *w)
{
    size_t at = w->store.first;

    for (size_t i = 0; i < w->found.count; i++) {
        const struct fw_stretch *s = &w->found.items[i];
        struct fwvar_record record;
        if (!s->is_record || s->at != at || !decode(w, s, &record))
            return false;
        at = fw_align4(at + record.size);
    }
    return true;
}

static bool counts(const struct work *w, size_t i)
{
    uint8_t state = w->r->now[w->found.items[i].at + 2];

    return w->found.items[i].is_record &&
           (state == FWVAR_STATE_ADDED || state == FWVAR_STATE_IN_DELETION);
}

static int rebuild(struct work *w)
{
    size_t capacity = w->store.end - w->store.first, at = 0, dead = 0;
    uint8_t *area = malloc(capacity + 1);

    if (!area)
        return FWVAR_ERR_NOMEM;
    memset(area, 0xFF, capacity);
    for (size_t i = 0; i < w->found.count; i++) {
        const struct fw_stretch *s = &w->found.items[i];
        size_t size = fwvar_store_record_header(&w->store) + s->name_size + s->data_size;
        if (!s->is_record)
            say_gap(w, s, "chain-broken", "dropped");
        else if (!counts(w, i))
            dead++;
        else if (at <= capacity && size <= capacity - at) {
            memcpy(area + at, w->r->now + s->at, size);
            at = fw_align4(at + size);
        }
    }
    memcpy(w->r->now + w->store.first, area, capacity);
    free(area);
    w->r->rebuilt = true;
    fw_mended(w->r, "chain-broken", w->store.first, NULL,
              "the store was rebuilt from its live records, in their order; %zu dead "
              "records went",
              dead);
    return 0;
}

/* ---- putting it together ---- */

static int mend(struct work *w)
{
    mend_headers(w);
    clean_free_space(w);
    if (make_groups(w) != 0)
        return FWVAR_ERR_NOMEM;
    settle_states(w);
    return !is_chain(w) && wants(w, "chain-broken", NULL) ? rebuild(w) : 0;
}

/* True if the file ends inside the store: its last record is not wrong, but cut. */
static bool is_cut(const struct fwvar_repair *r, const struct fwvar_store *s)
{
    return r->known ? r->size < r->g.variables : s->volume.flaws & FWVAR_VOLUME_TRUNCATED;
}

int fw_repair_records(struct fwvar_repair *r, struct fwvar_diag *diag)
{
    struct work w = {.r = r};

    fw_repair_store(r, &w.store);
    if ((w.store.flaws & FWVAR_STORE_CUT) || is_cut(r, &w.store))
        return 0;
    int code = fw_salvage_scan(r->now, w.store.first, w.store.end, w.store.authenticated,
                               &w.found, diag);
    if (code != 0)
        return code;
    if (mend(&w) != 0)
        code = fw_nomem(diag);
    fw_salvage_free(&w.found);
    fw_map_free(&w.map);
    free(w.records);
    free(w.group_of);
    free(w.first_of);
    free(w.groups);
    return code;
}
