/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The wanted state, collected: nothing here writes bytes (see edit_apply.c). */
#include "edit/edit.h"
#include "edit/menu.h"

#include "base/bytes.h"
#include "base/diag.h"
#include "base/utf16.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* PcdMaxVariableSize and PcdMaxAuthVariableSize of the Raspberry Pi platforms: header,
 * name and data; a larger variable could never be rewritten by the firmware. */
#define MAX_VARIABLE      0x2000
#define MAX_AUTH_VARIABLE 0x2800

static struct fw_key wish_key(const void *owner, size_t i)
{
    const struct fw_wish *w = &((const struct fwvar_edit *)owner)->wishes[i];

    return (struct fw_key){&w->guid, w->bytes, w->name_size};
}

/* ---- begin and end ---- */

static int refuse_damaged(const struct fwvar_finding *f, struct fwvar_diag *diag)
{
    fw_fail(diag, FWVAR_ERR_DAMAGED, f->offset,
            "refused to change a damaged store: %s%s%s (%s)",
            f->variable ? f->variable : "", f->variable ? ": " : "", f->message,
            f->rule->name);
    fw_hint(diag, "%s%s%s", f->rule->fix, f->command ? ": " : "",
            f->command ? f->command : "");
    return FWVAR_ERR_DAMAGED;
}

/* True if the only thing in the way is the checksum that the caller wants corrected. */
static bool excused(const struct fwvar_finding *f, unsigned flags)
{
    return (flags & FWVAR_EDIT_FIX_CHECKSUM) &&
           strcmp(f->rule->name, "volume-checksum") == 0;
}

static int gate(const struct fwvar_image *image, unsigned flags, struct fwvar_diag *diag)
{
    struct fwvar_findings *findings;
    int code = fwvar_check(image, FWVAR_CHECK_STRUCTURE, &findings, diag);

    if (code != 0)
        return code;
    for (size_t i = 0; code == 0 && i < fwvar_findings_count(findings); i++) {
        const struct fwvar_finding *f = fwvar_findings_at(findings, i);
        if (fwvar_finding_stops(f) && !excused(f, flags))
            code = refuse_damaged(f, diag);
    }
    fwvar_findings_free(findings);
    return code;
}

int fwvar_edit_begin(const struct fwvar_image *image, unsigned flags,
                     struct fwvar_edit **edit, struct fwvar_diag *diag)
{
    int code = gate(image, flags, diag);
    struct fwvar_edit *e = code == 0 ? calloc(1, sizeof *e) : NULL;

    if (!e)
        return code != 0 ? code : fw_nomem(diag);
    e->image = image;
    e->store = fwvar_image_store(image);
    e->flags = flags;
    e->map.key_at = wish_key;
    e->names = fw_names_new();
    code = e->names ? fwvar_variables_read(e->store, &e->before, diag) : fw_nomem(diag);
    if (code != 0) {
        fwvar_edit_end(e);
        return code;
    }
    *edit = e;
    return 0;
}

void fwvar_edit_end(struct fwvar_edit *e)
{
    if (!e)
        return;
    for (size_t i = 0; i < e->count; i++)
        free(e->wishes[i].bytes);
    free(e->wishes);
    fw_map_free(&e->map);
    fw_menu_free(e->menu);
    fw_names_free(e->names);
    fwvar_variables_free(e->before);
    free(e->volume);
    free(e);
}

unsigned fwvar_edit_flags(const struct fwvar_edit *e)
{
    return e->flags;
}

const struct fwvar_image *fwvar_edit_image(const struct fwvar_edit *e)
{
    return e->image;
}

const struct fwvar_variables *fwvar_edit_before(const struct fwvar_edit *e)
{
    return e->before;
}

/* ---- looking ---- */

void fw_view_wish(const struct fw_wish *w, struct fwvar_variable *v)
{
    *v = (struct fwvar_variable){.guid = w->guid,
                                 .name = w->bytes,
                                 .name_size = w->name_size,
                                 .attributes = w->attributes,
                                 .time = w->time,
                                 .data = w->bytes + w->name_size,
                                 .data_size = w->data_size};
}

static void view_record(const struct fwvar_record *r, struct fwvar_variable *v)
{
    *v = (struct fwvar_variable){.guid = r->guid,
                                 .name = r->name,
                                 .name_size = fwvar_record_name_length(r),
                                 .attributes = r->attributes,
                                 .time = r->time,
                                 .data = r->data,
                                 .data_size = r->data_size};
}

int fwvar_edit_get(const struct fwvar_edit *e, const struct fwvar_guid *guid,
                   const uint8_t *name, size_t name_size, struct fwvar_variable *variable)
{
    struct fw_key key = {guid, name, name_size};
    size_t i = fw_map_find(&e->map, e, &key);

    if (i != FW_MAP_NONE) {
        if (e->wishes[i].deleted)
            return FWVAR_ERR_NOTFOUND;
        fw_view_wish(&e->wishes[i], variable);
        return 0;
    }
    const struct fwvar_record *r = fwvar_variables_find(e->before, guid, name, name_size);
    if (!r)
        return FWVAR_ERR_NOTFOUND;
    view_record(r, variable);
    return 0;
}

/* Widens an ASCII name; false if it is too long to be one of ours. */
static bool widen(const char *name, uint8_t wide[128], size_t *size)
{
    size_t n = strlen(name);

    if (n > 64)
        return false;
    for (size_t i = 0; i < n; i++)
        fw_put16(wide + 2 * i, (uint8_t)name[i]);
    *size = 2 * n;
    return true;
}

int fwvar_edit_get_named(const struct fwvar_edit *e, const struct fwvar_guid *guid,
                         const char *name, struct fwvar_variable *variable)
{
    uint8_t wide[128];
    size_t size;

    return widen(name, wide, &size) ? fwvar_edit_get(e, guid, wide, size, variable)
                                    : FWVAR_ERR_NOTFOUND;
}

/* The cursor counts the store's records, then the wishes. */
int fwvar_edit_next(const struct fwvar_edit *e, size_t *cursor,
                    struct fwvar_variable *variable)
{
    size_t records = fwvar_variables_count(e->before);

    for (; *cursor < records; ++*cursor) {
        const struct fwvar_record *r = fwvar_variables_at(e->before, *cursor);
        if (fwvar_variables_role(e->before, *cursor) == FWVAR_ROLE_LIVE &&
            fwvar_edit_get(e, &r->guid, r->name, fwvar_record_name_length(r), variable) ==
                0) {
            ++*cursor;
            return 0;
        }
    }
    for (; *cursor - records < e->count; ++*cursor) {
        const struct fw_wish *w = &e->wishes[*cursor - records];
        if (!w->deleted &&
            !fwvar_variables_find(e->before, &w->guid, w->bytes, w->name_size)) {
            fw_view_wish(w, variable);
            ++*cursor;
            return 0;
        }
    }
    return 1;
}

/* ---- wishing ---- */

/* The wish for a variable, made if there is none. NULL if out of memory. */
static struct fw_wish *wish_for(struct fwvar_edit *e, const struct fw_key *key)
{
    size_t i = fw_map_find(&e->map, e, key);

    if (i != FW_MAP_NONE)
        return &e->wishes[i];
    if (e->count == e->cap) {
        size_t cap = e->cap ? e->cap * 2 : 16;
        struct fw_wish *wishes = realloc(e->wishes, cap * sizeof *wishes);
        if (!wishes)
            return NULL;
        e->wishes = wishes;
        e->cap = cap;
    }
    struct fw_wish w = {.guid = *key->guid, .name_size = key->size};
    w.bytes = malloc(key->size ? key->size : 1);
    if (!w.bytes || fw_map_reserve(&e->map, e) != 0) {
        free(w.bytes);
        return NULL;
    }
    memcpy(w.bytes, key->name, key->size);
    e->wishes[e->count] = w;
    fw_map_put(&e->map, e, key, e->count);
    return &e->wishes[e->count++];
}

static int refuse(struct fwvar_diag *diag, const struct fwvar_variable *v,
                  const char *why, const char *hint)
{
    struct fw_buf name = {0};

    fw_utf16_text(&name, v->name, v->name_size, FW_ESCAPE_CONTROL);
    char *text = fw_buf_take_text(&name);
    if (!text)
        return fw_nomem(diag);
    fw_fail(diag, FWVAR_ERR_REFUSED, FWVAR_NO_OFFSET, "%.80s: %s", text, why);
    if (hint)
        fw_hint(diag, "%s", hint);
    free(text);
    return FWVAR_ERR_REFUSED;
}

/* True if the store does not have it: then no signed update waits for its timestamp. */
static bool is_new(const struct fwvar_edit *e, const struct fwvar_variable *v)
{
    return !fwvar_variables_find(e->before, &v->guid, v->name, v->name_size);
}

/* A time-authenticated variable needs a timestamp, and somebody who answers for it: a
 * user with --force, or for a new one the store or document that it is @carried from. */
static bool may_authenticate(const struct fwvar_edit *e, const struct fwvar_variable *v,
                             bool carried)
{
    return v->time && ((e->flags & FWVAR_EDIT_FORCE) || (carried && is_new(e, v)));
}

static int check_attributes(const struct fwvar_edit *e, const struct fwvar_variable *v,
                            bool carried, struct fwvar_diag *diag)
{
    const uint32_t known = FWVAR_ATTR_NV | FWVAR_ATTR_BS | FWVAR_ATTR_RT |
                           FWVAR_ATTR_HW_ERROR | FWVAR_ATTR_AUTH_TIME;

    if (v->attributes & ~known)
        return refuse(diag, v, "attributes that no variable in a store can have",
                      "use a combination of NV, BS, RT (and HR, AT where known)");
    if (!(v->attributes & FWVAR_ATTR_NV))
        return refuse(diag, v, "without NV it would not be in the store at all",
                      "add NV to the attributes");
    if ((v->attributes & FWVAR_ATTR_RT) && !(v->attributes & FWVAR_ATTR_BS))
        return refuse(diag, v, "RT without BS is not allowed (UEFI 2.10, 8.2.1)",
                      "add BS to the attributes");
    if (!(v->attributes & FWVAR_ATTR_AUTH_TIME))
        return 0;
    if (!e->store->authenticated)
        return refuse(diag, v, "this store has no room for timestamps (plain records)",
                      NULL);
    if (!may_authenticate(e, v, carried))
        return refuse(diag, v,
                      "time-authenticated: its next signed update has to be newer than "
                      "what is stored",
                      "insist with --force and give a timestamp with --time NAME=…");
    return 0;
}

static int check_size(const struct fwvar_edit *e, const struct fwvar_variable *v,
                      struct fwvar_diag *diag)
{
    bool auth = v->attributes & FWVAR_ATTR_AUTH_TIME;
    size_t limit = auth ? MAX_AUTH_VARIABLE : MAX_VARIABLE;
    size_t header = fwvar_store_record_header(e->store) + v->name_size + 2;
    bool may_force = fwvar_image_platform(e->image) != FWVAR_PLATFORM_RPI;
    char why[128];

    if (header <= limit && v->data_size <= limit - header)
        return 0;
    if (may_force && (e->flags & FWVAR_EDIT_FORCE) && v->name_size <= UINT16_MAX &&
        v->data_size < INT32_MAX)
        return 0;
    snprintf(why, sizeof why,
             "%zu bytes of data are too many: header, name and data may "
             "have %zu",
             v->data_size, limit);
    return refuse(diag, v, why,
                  may_force ? "insist with --force if this firmware takes more" : NULL);
}

/* An authenticated variable keeps its protection until somebody insists. */
static int check_old(const struct fwvar_edit *e, const struct fwvar_variable *v,
                     struct fwvar_diag *diag)
{
    const struct fwvar_record *old =
        fwvar_variables_find(e->before, &v->guid, v->name, v->name_size);

    if (old && (old->attributes & FWVAR_ATTR_AUTH_TIME) && !(e->flags & FWVAR_EDIT_FORCE))
        return refuse(diag, v, "time-authenticated: it is not changed without --force",
                      "insist with --force and give a timestamp with --time NAME=…");
    return 0;
}

bool fw_same_value(const struct fwvar_variable *a, const struct fwvar_variable *b)
{
    return a->attributes == b->attributes && a->data_size == b->data_size &&
           memcmp(a->data, b->data, a->data_size) == 0;
}

bool fw_no_change(const struct fwvar_edit *e, const struct fwvar_variable *now,
                  const struct fwvar_variable *wanted)
{
    bool timed = (e->flags & FWVAR_EDIT_FORCE) && wanted->time &&
                 (wanted->attributes & FWVAR_ATTR_AUTH_TIME);

    return fw_same_value(now, wanted) &&
           (!timed || (now->time && memcmp(now->time, wanted->time, 16) == 0));
}

static bool is_as_stored(const struct fwvar_edit *e, const struct fwvar_variable *v)
{
    struct fwvar_variable now;

    return fwvar_edit_get(e, &v->guid, v->name, v->name_size, &now) == 0 &&
           fw_no_change(e, &now, v);
}

static int check_form(const struct fwvar_variable *v, struct fwvar_diag *diag)
{
    if (v->name_size == 0 || v->name_size % 2)
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET, "a variable needs a name");
    if (fw_utf16_length(v->name, v->name_size) != v->name_size)
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "a name with a NUL inside: the firmware would not find it");
    if (v->data_size == 0)
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET,
                       "a variable needs data; to remove it, delete it");
    return 0;
}

/* Puts a variable into a wish; @bytes (name, data, timestamp) are the wish's own from now on. */
static void fill_wish(struct fw_wish *w, const struct fwvar_variable *v,
                      uint8_t *bytes)
{
    bool timed = v->time && (v->attributes & FWVAR_ATTR_AUTH_TIME);

    w->time = timed ? bytes + v->name_size + v->data_size : NULL;
    w->attributes = v->attributes;
    w->data_size = v->data_size;
    w->deleted = false;
    w->renewed = false;
    free(w->bytes);
    w->bytes = bytes;
}

static int set(struct fwvar_edit *e, const struct fwvar_variable *v, bool carried,
               struct fwvar_diag *diag)
{
    struct fw_key key = {&v->guid, v->name, v->name_size};

    int code = check_form(v, diag);
    if (code == 0 && is_as_stored(e, v))
        return 0;
    if (code == 0)
        code = check_attributes(e, v, carried, diag);
    if (code == 0)
        code = check_size(e, v, diag);
    if (code == 0)
        code = check_old(e, v, diag);
    if (code != 0)
        return code;
    /* All may be views into the wishes, which move when one is added. */
    uint8_t *bytes = malloc(v->name_size + v->data_size + 16);
    if (!bytes)
        return fw_nomem(diag);
    memcpy(bytes, v->name, v->name_size);
    memcpy(bytes + v->name_size, v->data, v->data_size);
    if (v->time)
        memcpy(bytes + v->name_size + v->data_size, v->time, 16);
    key.name = bytes;
    struct fw_wish *w = wish_for(e, &key);
    if (!w) {
        free(bytes);
        return fw_nomem(diag);
    }
    fill_wish(w, v, bytes);
    fw_menu_follow(e, &w->guid, w->bytes, w->name_size);
    return 0;
}

int fwvar_edit_set(struct fwvar_edit *e, const struct fwvar_variable *v,
                   struct fwvar_diag *diag)
{
    return set(e, v, false, diag);
}

int fw_edit_carry(struct fwvar_edit *e, const struct fwvar_variable *v,
                  struct fwvar_diag *diag)
{
    return set(e, v, true, diag);
}

int fwvar_edit_set_named(struct fwvar_edit *e, const struct fwvar_guid *guid,
                         const char *name, uint32_t attributes, const void *data,
                         size_t data_size, struct fwvar_diag *diag)
{
    uint8_t wide[128];
    struct fwvar_variable v = {.guid = *guid, .name = wide, .attributes = attributes};

    if (!widen(name, wide, &v.name_size))
        return fw_fail(diag, FWVAR_ERR_ARG, FWVAR_NO_OFFSET, "name too long: %.80s",
                       name);
    v.data = data;
    v.data_size = data_size;
    return fwvar_edit_set(e, &v, diag);
}

int fwvar_edit_delete(struct fwvar_edit *e, const struct fwvar_guid *guid,
                      const uint8_t *name, size_t name_size, struct fwvar_diag *diag)
{
    struct fwvar_variable now;
    struct fw_key key = {guid, name, name_size};

    if (fwvar_edit_get(e, guid, name, name_size, &now) != 0)
        return fw_fail(diag, FWVAR_ERR_NOTFOUND, FWVAR_NO_OFFSET, "no such variable");
    int code = check_old(e, &now, diag);
    if (code != 0)
        return code;
    struct fw_wish *w = wish_for(e, &key);
    if (!w)
        return fw_nomem(diag);
    w->deleted = true;
    w->data_size = 0;
    fw_menu_follow(e, &w->guid, w->bytes, w->name_size);
    return 0;
}
