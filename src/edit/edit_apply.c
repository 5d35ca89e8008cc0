/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* From wishes to bytes: append as the firmware does, or compact as its reclaim does. */
#include "edit/boot.h"
#include "edit/edit.h"

#include "base/bytes.h"
#include "base/diag.h"
#include "format/record.h"
#include "format/store.h"

#include <fwvar/known.h>

#include <stdlib.h>
#include <string.h>

/* What is to be done, worked out before any byte is touched. */
struct plan {
    struct fwvar_edit *edit;
    uint8_t *touched; /* per record of the store: superseded or deleted */
    bool *wanted;     /* per wish: it changes something */
    uint64_t append;  /* bytes of new records */
    uint64_t kept;    /* bytes of the live records that stay */
    struct fwvar_edit_report report;
};

static struct fw_new_record new_record(const struct fw_wish *w)
{
    return (struct fw_new_record){.guid = &w->guid,
                                  .name = w->bytes,
                                  .name_size = w->name_size,
                                  .attributes = w->attributes,
                                  .time = w->time,
                                  .data = w->bytes + w->name_size,
                                  .data_size = w->data_size};
}

static const struct fwvar_record *old_record(const struct fwvar_edit *e,
                                             const struct fw_wish *w)
{
    return fwvar_variables_find(e->before, &w->guid, w->bytes, w->name_size);
}

static bool unchanged(const struct fwvar_edit *e, const struct fwvar_record *old,
                      const struct fw_wish *w)
{
    struct fwvar_variable now, wanted;

    if (!old || w->deleted)
        return false;
    now = fwvar_record_variable(old);
    fw_view_wish(w, &wanted);
    return fw_no_change(e, &now, &wanted);
}

static void plan_wish(struct plan *p, size_t i)
{
    const struct fw_wish *w = &p->edit->wishes[i];
    const struct fwvar_record *old = old_record(p->edit, w);

    if (unchanged(p->edit, old, w) || (w->deleted && !old))
        return;
    p->wanted[i] = true;
    if (w->deleted) {
        p->report.deleted++;
        return;
    }
    struct fw_new_record r = new_record(w);
    p->append += fw_record_footprint(p->edit->store, &r);
    if (old)
        p->report.updated++;
    else
        p->report.added++;
}

/* Every record of a variable that is to change: the live one, and 0x3E twins, which the
 * driver finishes off first. */
static void plan_records(struct plan *p)
{
    const struct fwvar_edit *e = p->edit;

    for (size_t i = 0; i < fwvar_variables_count(e->before); i++) {
        enum fwvar_role role = fwvar_variables_role(e->before, i);
        if (role != FWVAR_ROLE_LIVE && role != FWVAR_ROLE_TWIN)
            continue;
        const struct fwvar_record *r = fwvar_variables_at(e->before, i);
        struct fw_key key = {&r->guid, r->name, fwvar_record_name_length(r)};
        size_t wish = fw_map_find(&e->map, e, &key);
        p->touched[i] = wish != FW_MAP_NONE && p->wanted[wish];
        if (role == FWVAR_ROLE_LIVE && !p->touched[i])
            p->kept += fw_align4(r->size);
    }
}

static int make_plan(struct plan *p, struct fwvar_edit *e, struct fwvar_diag *diag)
{
    *p = (struct plan){.edit = e};
    p->touched = calloc(fwvar_variables_count(e->before) + 1, sizeof *p->touched);
    p->wanted = calloc(e->count + 1, sizeof *p->wanted);
    if (!p->touched || !p->wanted)
        return fw_nomem(diag);
    for (size_t i = 0; i < e->count; i++)
        plan_wish(p, i);
    plan_records(p);
    return 0;
}

/* ---- the two ways to write ---- */

static size_t position(const struct fwvar_edit *e, const struct fwvar_record *r)
{
    return (size_t)(r->offset - e->store->volume.offset);
}

static size_t write_wishes(const struct plan *p, uint8_t *volume, size_t at)
{
    const struct fwvar_edit *e = p->edit;

    for (size_t i = 0; i < e->count; i++) {
        if (!p->wanted[i] || e->wishes[i].deleted)
            continue;
        struct fw_new_record r = new_record(&e->wishes[i]);
        fw_record_write(e->store, volume + at, &r);
        at += (size_t)fw_record_footprint(e->store, &r);
    }
    return at;
}

/* Clears state bits as UpdateVariable and the deletion in edk2's Variable.c do: an update
 * ends in 0x3C, a deletion of a 0x3F record in 0x3D. */
static void retire_records(const struct plan *p, uint8_t *volume)
{
    const struct fwvar_edit *e = p->edit;

    for (size_t i = 0; i < fwvar_variables_count(e->before); i++) {
        if (!p->touched[i])
            continue;
        const struct fwvar_record *r = fwvar_variables_at(e->before, i);
        struct fw_key key = {&r->guid, r->name, fwvar_record_name_length(r)};
        bool deleted = e->wishes[fw_map_find(&e->map, e, &key)].deleted;
        volume[position(e, r) + 2] &=
            deleted ? FWVAR_STATE_DELETED | 0xC0 : FWVAR_STATE_SUPERSEDED | 0xC0;
    }
}

/* Copies the records of one state that stay, with their pad bytes as they are. */
static size_t copy_live(const struct plan *p, uint8_t *volume, size_t at, uint8_t state)
{
    const struct fwvar_edit *e = p->edit;

    for (size_t i = 0; i < fwvar_variables_count(e->before); i++) {
        const struct fwvar_record *r = fwvar_variables_at(e->before, i);
        if (fwvar_variables_role(e->before, i) != FWVAR_ROLE_LIVE || r->state != state ||
            p->touched[i])
            continue;
        size_t from = position(e, r), size = fw_align4(r->size);
        if (size > e->store->end - from)
            size = e->store->end - from;
        memcpy(volume + at, e->store->bytes + from, size);
        volume[at + 2] = FWVAR_STATE_ADDED;
        at += fw_align4(r->size);
    }
    return at;
}

/* edk2's Reclaim: all 0x3F in order, then 0x3E without a twin, then what is new. */
static size_t compact(const struct plan *p, uint8_t *volume)
{
    const struct fwvar_store *s = p->edit->store;

    memset(volume + s->first, 0xFF, s->end - s->first);
    size_t at = copy_live(p, volume, s->first, FWVAR_STATE_ADDED);
    at = copy_live(p, volume, at, FWVAR_STATE_IN_DELETION);
    return write_wishes(p, volume, at);
}

/* ---- deciding ---- */

static int no_space(const struct plan *p, uint64_t limit, struct fwvar_diag *diag)
{
    const struct fwvar_usage *u = fwvar_variables_usage(p->edit->before);
    bool rpi = fwvar_image_platform(p->edit->image) == FWVAR_PLATFORM_RPI;

    fw_fail(diag, FWVAR_ERR_SPACE, FWVAR_NO_OFFSET,
            "the variable store has no room: %llu bytes of live variables and %llu new "
            "ones, %llu may be used of %llu%s",
            (unsigned long long)p->kept, (unsigned long long)p->append,
            (unsigned long long)limit, (unsigned long long)u->capacity,
            rpi ? ", because Raspberry Pi firmware crashes in a fuller store" : "");
    fw_hint(diag, "delete variables that are not needed in the same run; `fwvar list` "
                  "shows their sizes with -v");
    return FWVAR_ERR_SPACE;
}

/* Decides between append and compact. */
static int choose(struct plan *p, bool *compacting, struct fwvar_diag *diag)
{
    const struct fwvar_usage *u = fwvar_variables_usage(p->edit->before);
    enum fwvar_platform platform = fwvar_image_platform(p->edit->image);
    uint64_t limit = fwvar_space_limit(platform, u->capacity);

    if (platform == FWVAR_PLATFORM_RPI)
        limit = limit > FWVAR_SPACE_MARGIN ? limit - FWVAR_SPACE_MARGIN : 0;
    bool fits = u->used <= limit && p->append <= limit - u->used;
    *compacting = !fits || (p->edit->flags & FWVAR_EDIT_COMPACT);
    /* What only takes away makes room, and is never refused for want of it. */
    if (*compacting && p->append > 0 && (p->kept > limit || p->append > limit - p->kept))
        return no_space(p, limit, diag);
    return 0;
}

static void build(struct plan *p, uint8_t *volume, bool compacting)
{
    const struct fwvar_edit *e = p->edit;
    const struct fwvar_usage *u = fwvar_variables_usage(e->before);
    size_t end;

    if (compacting) {
        end = compact(p, volume);
    } else {
        retire_records(p, volume);
        end = write_wishes(p, volume, (size_t)(u->end_offset - e->store->volume.offset));
    }
    if (e->flags & FWVAR_EDIT_FIX_CHECKSUM)
        fwvar_volume_fix_checksum(volume, e->store->volume.header_length);
    struct fwvar_edit_report *r = &p->report;
    r->used_before = u->used;
    r->used_after = end - e->store->first;
    r->free_after = u->capacity - r->used_after;
    r->changed = memcmp(volume, e->store->bytes, e->store->size) != 0;
    r->compacted = compacting && r->changed;
}

static int apply(struct plan *p, struct fwvar_diag *diag)
{
    struct fwvar_edit *e = p->edit;
    bool compacting = e->flags & FWVAR_EDIT_COMPACT;
    bool any = p->report.added || p->report.updated || p->report.deleted;

    int code = any || compacting ? choose(p, &compacting, diag) : 0;
    if (code != 0)
        return code;
    uint8_t *volume = malloc(e->store->size);
    if (!volume)
        return fw_nomem(diag);
    memcpy(volume, e->store->bytes, e->store->size);
    build(p, volume, compacting);
    free(e->volume);
    e->volume = volume;
    e->used_after = p->report.used_after;
    return 0;
}

int fwvar_edit_finish(struct fwvar_edit *edit, struct fwvar_patch *patch,
                      struct fwvar_edit_report *report, struct fwvar_diag *diag)
{
    struct plan p = {0};

    int code = fw_boot_settle(edit, diag);
    if (code == 0)
        code = make_plan(&p, edit, diag);
    if (code == 0)
        code = apply(&p, diag);
    free(p.touched);
    free(p.wanted);
    if (code != 0)
        return code;
    patch->offset = edit->store->volume.offset;
    patch->bytes = edit->volume;
    patch->size = p.report.changed ? edit->store->size : 0;
    if (report)
        *report = p.report;
    return 0;
}
