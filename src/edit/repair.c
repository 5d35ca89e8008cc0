/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The stages of a repair, and its report. */
#include "edit/repair.h"

#include "base/diag.h"
#include "image/image.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PASSES 4

static const char *const rules[] = {
    "ftw-pending",
    "ftw-header",
    "volume-signature",
    "volume-guid",
    "volume-revision",
    "volume-header-length",
    "volume-length",
    "volume-block-map",
    "volume-attributes",
    "volume-ext-header",
    "volume-checksum",
    "store-signature",
    "store-size",
    "store-size-small",
    "store-state",
    "chain-broken",
    "record-unwritten",
    "record-swallows",
    "duplicate",
    "record-name",
    "record-state",
    "unfinished",
    "in-deletion",
    "in-deletion-twin",
    "free-space-dirty",
    "attributes",
    "boot-name",
    "boot-order",
    "boot-dangling",
    "key-crc",
    "space",
};

const char *fwvar_repair_rule_at(size_t i)
{
    return i < sizeof rules / sizeof rules[0] ? rules[i] : NULL;
}

bool fw_repair_wants(const struct fwvar_repair *r, const char *rule)
{
    for (size_t i = 0; i < r->options.only_count; i++) {
        if (strcmp(r->options.only[i], rule) == 0)
            return true;
    }
    return r->options.only_count == 0;
}

/* ---- the report ---- */

static void clear(struct fw_mends *list, size_t from)
{
    for (size_t i = from; i < list->count; i++) {
        free((char *)(uintptr_t)list->items[i].variable);
        free((char *)(uintptr_t)list->items[i].message);
    }
    list->count = from;
}

/* Takes the strings over. */
static void add(struct fwvar_repair *r, struct fw_mends *list,
                const struct fwvar_mend *mend)
{
    if (list->count == list->cap) {
        size_t cap = list->cap ? list->cap * 2 : 16;
        struct fwvar_mend *items = realloc(list->items, cap * sizeof *items);
        if (items) {
            list->items = items;
            list->cap = cap;
        }
        r->bad |= !items;
    }
    if (r->bad || !mend->message) {
        r->bad = true;
        free((char *)(uintptr_t)mend->variable);
        free((char *)(uintptr_t)mend->message);
        return;
    }
    list->items[list->count++] = *mend;
}

void fw_mended(struct fwvar_repair *r, const char *rule, size_t at,
               const struct fwvar_record *variable, const char *format, ...)
{
    struct fwvar_mend m = {.rule = rule, .offset = r->offset + at};
    char *message = NULL;
    va_list args;

    va_start(args, format);
    if (vasprintf(&message, format, args) < 0)
        message = NULL;
    va_end(args);
    m.message = message;
    if (variable) {
        m.variable = fwvar_record_name(variable, false, NULL);
        r->bad |= !m.variable;
    }
    add(r, &r->mends, &m);
}

void fw_repair_store(const struct fwvar_repair *r, struct fwvar_store *store)
{
    struct fwvar_volume volume;

    fwvar_volume_decode(r->now, r->size, r->offset,
                        fwvar_image_size(r->image) - r->offset, &volume);
    fwvar_store_decode(r->now, r->size, &volume, store);
}

/* ---- what is left ---- */

static void leave(struct fwvar_repair *r, const struct fwvar_finding *f)
{
    struct fwvar_mend m = {.rule = f->rule->name, .offset = f->offset};
    char *message = NULL;

    if (asprintf(&message, "%s", f->message) < 0)
        message = NULL;
    m.message = message;
    if (f->variable) {
        m.variable = strdup(f->variable);
        r->bad |= !m.variable;
    }
    add(r, &r->lefts, &m);
}

/* Judges the result. With --only, findings of other rules are nobody's question. */
static int judge(struct fwvar_repair *r, struct fwvar_diag *diag)
{
    struct fwvar_findings *findings;
    enum fwvar_check_scope scope =
        r->options.structure_only ? FWVAR_CHECK_STRUCTURE : FWVAR_CHECK_ALL;

    int code = fwvar_check(r->after, scope, &findings, diag);
    if (code != 0)
        return code;
    for (size_t i = 0; i < fwvar_findings_count(findings); i++) {
        const struct fwvar_finding *f = fwvar_findings_at(findings, i);
        if (f->severity != FWVAR_ADVICE && fw_repair_wants(r, f->rule->name))
            leave(r, f);
    }
    fwvar_findings_free(findings);
    return 0;
}

/* ---- putting it together ---- */

static int open_after(struct fwvar_repair *r, struct fwvar_diag *diag)
{
    fwvar_image_close(r->after);
    r->after = NULL;
    return fw_image_overlay(r->image, r->offset, r->now, r->size, &r->after, diag);
}

static int mend_meaning(struct fwvar_repair *r, struct fwvar_diag *diag)
{
    size_t before = r->mends.count;
    int code = fw_repair_variables(r, diag);

    if (code == FWVAR_ERR_NOMEM || code == FWVAR_ERR_IO)
        return code;
    if (code != 0) { /* nothing of it was done; the findings that stay say what */
        clear(&r->mends, before);
        return 0;
    }
    return r->mends.count > before ? open_after(r, diag) : 0;
}

/* What one pass brings to light, the next one may mend: a copied spare area, records that
 * came closer together. */
static int mend_structure(struct fwvar_repair *r, struct fwvar_diag *diag)
{
    size_t before;
    int code = 0, pass = 0;

    do {
        before = r->mends.count;
        fw_repair_ftw(r);
        fw_repair_volume(r);
        code = fw_repair_store_header(r, diag);
        if (code == 0)
            code = fw_repair_records(r, diag);
    } while (code == 0 && r->mends.count > before && ++pass < PASSES);
    return code;
}

static int run(struct fwvar_repair *r, struct fwvar_diag *diag)
{
    int code = fw_repair_locate(r, diag);

    if (code != 0)
        return code;
    code = mend_structure(r, diag);
    if (code == 0)
        code = open_after(r, diag);
    if (code == 0 && !r->options.structure_only)
        code = mend_meaning(r, diag);
    if (code == 0)
        code = judge(r, diag);
    if (code != 0)
        return code;
    bool changed = memcmp(r->was, r->now, r->size) != 0;
    r->patch = (struct fwvar_patch){r->offset, r->now, changed ? r->size : 0};
    return r->bad ? fw_nomem(diag) : 0;
}

int fwvar_repair(const struct fwvar_image *image,
                 const struct fwvar_repair_options *options, struct fwvar_repair **repair,
                 struct fwvar_diag *diag)
{
    struct fwvar_repair *r = calloc(1, sizeof *r);

    if (!r)
        return fw_nomem(diag);
    r->image = image;
    if (options)
        r->options = *options;
    int code = run(r, diag);
    if (code != 0) {
        fwvar_repair_free(r);
        return code;
    }
    *repair = r;
    return 0;
}

void fwvar_repair_free(struct fwvar_repair *r)
{
    if (!r)
        return;
    clear(&r->mends, 0);
    clear(&r->lefts, 0);
    free(r->mends.items);
    free(r->lefts.items);
    fwvar_image_close(r->after);
    free(r->was);
    free(r->now);
    free(r);
}

size_t fwvar_repair_mends(const struct fwvar_repair *r)
{
    return r->mends.count;
}

const struct fwvar_mend *fwvar_repair_mend(const struct fwvar_repair *r, size_t i)
{
    return &r->mends.items[i];
}

size_t fwvar_repair_lefts(const struct fwvar_repair *r)
{
    return r->lefts.count;
}

const struct fwvar_mend *fwvar_repair_left(const struct fwvar_repair *r, size_t i)
{
    return &r->lefts.items[i];
}

const struct fwvar_patch *fwvar_repair_patch(const struct fwvar_repair *r)
{
    return &r->patch;
}

const struct fwvar_image *fwvar_repair_image(const struct fwvar_repair *r)
{
    return r->after;
}

bool fwvar_repair_rebuilt(const struct fwvar_repair *r)
{
    return r->rebuilt;
}
