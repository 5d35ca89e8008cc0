/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A script of edits on a sound image. Input: which image and flags, then edits: what to
 * do, a length, and as many bytes of argument. After it the second reader has to find
 * exactly the wanted state, what was not asked for has to be untouched, the structure
 * sound, and wanting the same once more may change nothing. */
#include "fuzz/bases.h"
#include "fuzz/fuzz.h"
#include "fuzz/judge.h"

#include <fwvar/advice.h>
#include <fwvar/assign.h>
#include <fwvar/boot.h>
#include <fwvar/diff.h>
#include <fwvar/document.h>
#include <fwvar/import.h>
#include <fwvar/known.h>
#include <fwvar/migrate.h>
#include <fwvar/plan.h>
#include <fwvar/recover.h>
#include <fwvar/scrub.h>

#include <string.h>

#define IMAGES 6

static struct ig_bytes images[IMAGES];

static void add_dead(struct ig_image *im)
{
    const struct ig_record r = {
        .attributes = 7, .guid = IG_GLOBAL, .name = "Timeout", .data = "\5", .size = 2};

    for (int i = 0; i < 100; i++)
        ig_set(im, &r);
}

static void make(struct ig_bytes *image, const struct ig_volume *v, bool dead)
{
    struct ig_image im;

    ig_create(&im, v->at + v->length, v);
    if (dead)
        add_dead(&im);
    *image = im.file;
}

/* A small store, one without room for much, a plain one, and that of a Pi, half used up;
 * one with years of history, and one with a menu. */
static void make_images(void)
{
    struct ig_volume plain = base_small, tight = base_small;

    if (images[0].p)
        return;
    plain.plain = true;
    tight.store = 0x600;
    make(&images[0], &base_small, true);
    make(&images[1], &tight, false);
    make(&images[2], &plain, false);
    make(&images[3], &ig_pi_2m, true);
    images[4] = base_at(BASE_SAVED)->volume;
    images[5] = base_at(BASE_MENU)->volume;
}

/* ---- the script ---- */

struct script {
    const uint8_t *p;
    size_t size;
    struct fwvar_edit *edit;
    uint8_t op;
    const uint8_t *arg;
    size_t arg_size;
    char text[260]; /* the argument as text */
};

static bool next(struct script *s)
{
    if (s->size < 2)
        return false;
    s->op = s->p[0];
    s->arg_size = s->p[1];
    s->arg = s->p + 2;
    if (s->arg_size > s->size - 2)
        s->arg_size = s->size - 2;
    s->p += 2 + s->arg_size;
    s->size -= 2 + s->arg_size;
    memcpy(s->text, s->arg, s->arg_size);
    s->text[s->arg_size] = '\0';
    return true;
}

static void do_set(struct script *s)
{
    static const char *const names[] = {
        "Timeout", "BootOrder", "BootNext", "Boot0000", "Boot0001", "BootFFFF",
        "Key0000", "X",         "Lang",     "ConOut",   "db",       "OsIndications"};
    const size_t count = sizeof names / sizeof names[0];

    if (s->arg_size < 2)
        return;
    fwvar_edit_set_named(s->edit, &fwvar_global_guid, names[s->arg[0] % count],
                         s->arg[1] & 0x80 ? s->arg[1] & 0x7F : 7, s->arg + 2,
                         s->arg_size - 2, NULL);
}

/* Name and data from the input, repeated to grow large. */
static void do_set_any(struct script *s)
{
    struct fwvar_variable v = {.guid = fwvar_global_guid, .attributes = 3};
    uint8_t data[9000];

    if (s->arg_size < 6)
        return;
    v.guid.b[0] = s->arg[0];
    v.name = s->arg + 3;
    v.name_size = (s->arg[1] % (s->arg_size - 4)) & ~1u;
    v.data = data;
    v.data_size = (size_t)s->arg[2] * 35;
    for (size_t i = 0; i < v.data_size; i++)
        data[i] = s->arg[i % s->arg_size];
    fwvar_edit_set(s->edit, &v, NULL);
}

static void do_delete(struct script *s)
{
    fwvar_edit_delete(s->edit, &fwvar_global_guid, s->arg, s->arg_size, NULL);
}

static void do_delete_at(struct script *s)
{
    struct fwvar_variable v;
    size_t cursor = 0;

    for (unsigned i = 0; s->arg_size && fwvar_edit_next(s->edit, &cursor, &v) == 0; i++) {
        if (i == s->arg[0]) {
            uint8_t name[512];
            size_t size = v.name_size < sizeof name ? v.name_size : sizeof name;
            memcpy(name, v.name, size);
            fwvar_edit_delete(s->edit, &v.guid, name, size, NULL);
            return;
        }
    }
}

static void do_assign(struct script *s)
{
    struct fwvar_assign_options options = {.board = "rpi4"};
    struct fwvar_target target;
    char *value = strchr(s->text, '=');

    if (!value)
        return;
    *value++ = '\0';
    if (fwvar_target_find(s->edit, s->text, "rpi4", &target, NULL) == 0)
        fwvar_assign_text(s->edit, &target, value, &options, NULL);
}

static void do_boot_add(struct script *s)
{
    char *path = strchr(s->text, '=');

    if (!path)
        return;
    *path++ = '\0';
    fwvar_boot_add_path(s->edit, s->text, path, NULL, NULL);
}

static void do_http(struct script *s)
{
    fwvar_boot_add_http(s->edit, NULL, s->text, NULL, NULL);
}

static void do_pxe(struct script *s)
{
    fwvar_boot_add_pxe(s->edit, "Net", s->text, NULL, NULL);
}

static void do_file(struct script *s)
{
    fwvar_boot_add_file(s->edit, NULL, s->text, NULL, NULL);
}

static void do_act(struct script *s)
{
    if (s->arg_size)
        fwvar_boot_act(s->edit, (enum fwvar_boot_action)(s->arg[0] % 6), s->text + 1,
                       NULL);
}

static void do_order(struct script *s)
{
    fwvar_boot_order(s->edit, s->text, NULL);
}

static void do_plan(struct script *s)
{
    struct fwvar_plan *plan;

    if (fwvar_plan_read(s->text, s->arg_size, &plan, NULL) == 0) {
        fwvar_plan_apply(plan, s->edit, NULL, NULL);
        fwvar_plan_free(plan);
    }
}

/* "also=keep": a variable or a group to remove too, and one to keep. */
static void do_scrub(struct script *s)
{
    char *keep = strchr(s->text, '=');
    const char *also = s->text, *kept = keep ? keep + 1 : NULL;
    struct fwvar_outcomes *outcomes;

    if (keep)
        *keep = '\0';
    const struct fwvar_scrub_options options = {.also = &also,
                                                .also_count = also[0] ? 1 : 0,
                                                .keep = &kept,
                                                .keep_count = kept ? 1 : 0};
    if (fwvar_scrub(s->edit, &options, &outcomes, NULL) == 0)
        fwvar_outcomes_free(outcomes);
}

static void do_import(struct script *s)
{
    struct fwvar_outcomes *outcomes;
    struct fwvar_varlist *list;

    if (s->arg_size < 1 ||
        fwvar_document_read(s->text + 1, s->arg_size - 1, &list, NULL) != 0)
        return;
    const struct fwvar_import_options options = {
        .strict = s->arg[0] & 1, .sync = s->arg[0] & 2, .mend_order = s->arg[0] & 4};
    if (fwvar_import(s->edit, list, &options, &outcomes, NULL) == 0)
        fwvar_outcomes_free(outcomes);
    fwvar_varlist_free(list);
}

/* What an image has, into another: which, how, and a pattern. */
static void do_migrate(struct script *s)
{
    static const char *const boards[] = {NULL, "rpi3", "rpi4", "rpi5"};
    struct fwvar_variables *variables;
    struct fwvar_outcomes *outcomes;
    struct fwvar_varlist *list;
    struct fwvar_image *image;

    if (s->arg_size < 2)
        return;
    const char *pattern = s->text + 2;
    const struct fwvar_migrate_options options = {
        .choice = {.only = &pattern,
                   .only_count = s->arg[1] & 0x10 ? 1 : 0,
                   .except = &pattern,
                   .except_count = s->arg[1] & 0x20 ? 1 : 0},
        .all = s->arg[1] & 4,
        .board = boards[s->arg[1] % 4],
        .version = s->arg[1] & 8 ? "v1.20" : NULL};
    const struct ig_bytes *old = &images[s->arg[0] % IMAGES];
    PROMISE(fwvar_image_open_bytes(old->p, old->size, 0, &image, NULL) == 0);
    PROMISE(fwvar_variables_read(fwvar_image_store(image), &variables, NULL) == 0);
    if (fwvar_varlist_from_store(variables, &list, NULL) == 0) {
        if (fwvar_migrate(s->edit, list, &options, &outcomes, NULL) == 0)
            fwvar_outcomes_free(outcomes);
        fwvar_varlist_free(list);
    }
    fwvar_variables_free(variables);
    fwvar_image_close(image);
}

/* Brings a dead record back. */
static void do_restore(struct script *s)
{
    const struct fwvar_variables *before = fwvar_edit_before(s->edit);
    size_t n = fwvar_variables_count(before);

    if (s->arg_size < 1 || n == 0)
        return;
    struct fwvar_variable v =
        fwvar_record_variable(fwvar_variables_at(before, s->arg[0] % n));
    fwvar_edit_set(s->edit, &v, NULL);
}

/* A path of any bytes, with optional data. */
static void do_boot_new(struct script *s)
{
    uint16_t number;

    if (s->arg_size < 2)
        return;
    size_t path = s->arg[0] % (s->arg_size - 1);
    const struct fwvar_boot_new entry = {.label = s->arg[1] & 1 ? "a" : "Disk",
                                         .path = s->arg + 2,
                                         .path_size = path,
                                         .data = s->arg + 2 + path,
                                         .data_size = s->arg_size - 2 - path,
                                         .inactive = s->arg[1] & 2};
    fwvar_boot_add(s->edit, &entry, &number, NULL);
}

/* As do_assign(), with attributes and a time, or bytes instead of text. */
static void do_assign_full(struct script *s)
{
    static const uint8_t time[16] = {0xEA, 7, 1, 2, 3, 4, 5};
    struct fwvar_target target;
    char *value = s->arg_size ? strchr(s->text + 1, '=') : NULL;

    if (!value)
        return;
    *value++ = '\0';
    uint32_t attributes = s->arg[0] & 0x3F;
    const struct fwvar_assign_options options = {
        .attributes = s->arg[0] & 0x40 ? &attributes : NULL,
        .time = s->arg[0] & 0x80 ? time : NULL};
    if (fwvar_target_find(s->edit, s->text + 1, NULL, &target, NULL) != 0)
        return;
    if (s->arg[0] & 1)
        fwvar_assign_bytes(s->edit, &target, value, strlen(value), &options, NULL);
    else
        fwvar_assign_text(s->edit, &target, value, &options, NULL);
}

static void (*const ops[])(struct script *) = {
    do_set,   do_set_any, do_delete,  do_delete_at, do_assign,   do_boot_add,
    do_http,  do_pxe,     do_file,    do_act,       do_order,    do_plan,
    do_scrub, do_import,  do_migrate, do_restore,   do_boot_new, do_assign_full};

/* ---- what has to hold ---- */

/* Wanting what is there already changes nothing. */
static void want_again(const struct fwvar_edit *edit, const uint8_t *bytes, size_t size,
                       enum fwvar_platform platform)
{
    struct fwvar_image *image;
    struct fwvar_edit *again;
    struct fwvar_patch patch;
    struct fwvar_variable v;
    size_t cursor = 0;

    PROMISE(fwvar_image_open_bytes(bytes, size, FWVAR_OPEN_THOROUGH, &image, NULL) == 0);
    fwvar_image_set_platform(image, platform);
    PROMISE(!judge_is_stopped(image));
    PROMISE(fwvar_edit_begin(image, 0, &again, NULL) == 0);
    while (fwvar_edit_next(edit, &cursor, &v) == 0)
        PROMISE(fwvar_edit_set(again, &v, NULL) == 0);
    PROMISE(fwvar_edit_finish(again, &patch, NULL, NULL) == 0);
    PROMISE(patch.size == 0);
    fwvar_edit_end(again);
    fwvar_image_close(image);
}

/* The comparison of before and after agrees with the report. */
static void same_count(const struct fwvar_image *image, const struct fwvar_patch *patch,
                       const struct fwvar_edit_report *r)
{
    struct fwvar_diff *diff;

    PROMISE(fwvar_diff_patch(image, patch, &diff, NULL) == 0);
    PROMISE(fwvar_diff_changes(diff) == r->added + r->updated + r->deleted);
    fwvar_diff_free(diff);
}

static void finish(struct fwvar_edit *edit, const struct fwvar_image *image)
{
    static const struct fwvar_release unknown = {.era = ""};
    struct fwvar_advice_list advice;
    struct fwvar_edit_report report;
    struct fwvar_patch patch, twice;

    fwvar_advise_edit(edit, &unknown, NULL, &advice, NULL);
    if (fwvar_edit_finish(edit, &patch, &report, NULL) != 0)
        return;
    size_t size = (size_t)fwvar_image_size(image);
    uint8_t *bytes = judge_patched(image, &patch);
    judge_untouched(image, &patch, report.compacted);
    judge_reads_back(edit, bytes, size);
    same_count(image, &patch, &report);
    want_again(edit, bytes, size, fwvar_image_platform(image));
    bool changed = patch.size > 0;
    PROMISE(fwvar_edit_finish(edit, &twice, NULL, NULL) == 0);
    PROMISE(changed == (twice.size > 0));
    if (changed)
        PROMISE(memcmp(bytes + twice.offset, twice.bytes, twice.size) == 0);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fwvar_image *image;

    if (size < 1 || size > 0x4000)
        return 0;
    make_images();
    const struct ig_bytes *base = &images[data[0] % IMAGES];
    unsigned flags = data[0] & 0x40 ? FWVAR_EDIT_FORCE : 0;
    flags |= data[0] & 0x20 ? FWVAR_EDIT_COMPACT : 0;
    struct script s = {.p = data + 1, .size = size - 1};
    PROMISE(fwvar_image_open_bytes(base->p, base->size, 0, &image, NULL) == 0);
    PROMISE(fwvar_edit_begin(image, flags, &s.edit, NULL) == 0);
    while (next(&s))
        ops[s.op % (sizeof ops / sizeof ops[0])](&s);
    finish(s.edit, image);
    fwvar_edit_end(s.edit);
    fwvar_image_close(image);
    return 0;
}
