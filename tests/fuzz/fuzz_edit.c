/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A script of edits on a sound image. Input: which image and flags, then edits: what to
 * do, a length, and as many bytes of argument. After it the second reader has to find
 * exactly the wanted state, what was not asked for has to be untouched, the structure
 * sound, and wanting the same once more may change nothing. What fails says why. Where
 * the script makes an allocation fail, the edit either says so or does what it does
 * otherwise.
 */
#include "fuzz/bases.h"
#include "fuzz/fuzz.h"
#include "fuzz/judge.h"
#include "fuzz/memory.h"
#include "support/imagemain.h"

#include <fwvar/advice.h>
#include <fwvar/assign.h>
#include <fwvar/boot.h>
#include <fwvar/document.h>
#include <fwvar/import.h>
#include <fwvar/known.h>
#include <fwvar/migrate.h>
#include <fwvar/plan.h>
#include <fwvar/recover.h>
#include <fwvar/scrub.h>

#include <string.h>

#define IMAGES   6
#define CONTENTS 4

static struct ig_bytes images[IMAGES];
static struct fwvar_varlist *lists[IMAGES];      /* their variables */
static struct fwvar_content *contents[CONTENTS]; /* none, then code of boards */

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

static void make_list(struct fwvar_varlist **list, const struct ig_bytes *bytes)
{
    struct fwvar_variables *variables;
    struct fwvar_image *image;

    PROMISE(fwvar_image_open_bytes(bytes->p, bytes->size, 0, &image, NULL) == 0);
    PROMISE(fwvar_variables_read(fwvar_image_store(image), &variables, NULL) == 0);
    PROMISE(fwvar_varlist_from_store(variables, list, NULL) == 0);
    fwvar_variables_free(variables);
    fwvar_image_close(image);
}

static void make_contents(void)
{
    static const struct ig_main boards[] = {
        {.length = 0x1000, .board = IG_PI4, .release = 135},
        {.length = 0x1000, .board = IG_PI3, .release = 142},
        {.length = 0x1000, .board = IG_PI5}};

    for (size_t i = 1; i < CONTENTS; i++) {
        struct ig_bytes file = {0};
        ig_fill(&file, 0xFF, boards[i - 1].length);
        ig_put_main(&file, &boards[i - 1]);
        PROMISE(fwvar_content_open(file.p, file.size, &contents[i], NULL) == 0);
        ig_free(&file);
    }
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
    for (size_t i = 0; i < IMAGES; i++)
        make_list(&lists[i], &images[i]);
    make_contents();
}

/* ---- the script ---- */

struct script {
    const uint8_t *p;
    size_t size;
    struct fwvar_image *image;
    unsigned flags;
    struct fwvar_edit *edit;
    uint8_t op;
    const uint8_t *arg;
    size_t arg_size;
    char text[260]; /* the argument as text */
    struct fwvar_diag diag;
    uint64_t sum;  /* of what the edits returned, and of the result */
    bool fed;      /* no allocation is made to fail */
    bool starving; /* one was to */
    bool starved;  /* and the edit said so */
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

static int do_set(struct script *s)
{
    static const char *const names[] = {
        "Timeout", "BootOrder", "BootNext", "Boot0000", "Boot0001", "BootFFFF",
        "Key0000", "X",         "Lang",     "ConOut",   "db",       "OsIndications"};
    const size_t count = sizeof names / sizeof names[0];

    if (s->arg_size < 2)
        return 0;
    return fwvar_edit_set_named(s->edit, &fwvar_global_guid, names[s->arg[0] % count],
                                s->arg[1] & 0x80 ? s->arg[1] & 0x7F : 7, s->arg + 2,
                                s->arg_size - 2, &s->diag);
}

/* Name and data from the input, repeated to grow large. */
static int do_set_any(struct script *s)
{
    struct fwvar_variable v = {.guid = fwvar_global_guid, .attributes = 3};
    uint8_t data[9000];

    if (s->arg_size < 6)
        return 0;
    v.guid.b[0] = s->arg[0];
    v.name = s->arg + 3;
    v.name_size = (s->arg[1] % (s->arg_size - 4)) & ~1u;
    v.data = data;
    v.data_size = (size_t)s->arg[2] * 35;
    for (size_t i = 0; i < v.data_size; i++)
        data[i] = s->arg[i % s->arg_size];
    return fwvar_edit_set(s->edit, &v, &s->diag);
}

static int do_delete(struct script *s)
{
    return fwvar_edit_delete(s->edit, &fwvar_global_guid, s->arg, s->arg_size, &s->diag);
}

static int do_delete_at(struct script *s)
{
    struct fwvar_variable v;
    size_t cursor = 0;

    for (unsigned i = 0; s->arg_size && fwvar_edit_next(s->edit, &cursor, &v) == 0; i++) {
        if (i == s->arg[0]) {
            uint8_t name[512];
            size_t size = v.name_size < sizeof name ? v.name_size : sizeof name;
            memcpy(name, v.name, size);
            return fwvar_edit_delete(s->edit, &v.guid, name, size, &s->diag);
        }
    }
    return 0;
}

static int do_assign(struct script *s)
{
    struct fwvar_assign_options options = {.board = "rpi4"};
    struct fwvar_target target;
    char *value = strchr(s->text, '=');

    if (!value)
        return 0;
    *value++ = '\0';
    int code = fwvar_target_find(s->edit, s->text, "rpi4", &target, &s->diag);
    return code == 0 ? fwvar_assign_text(s->edit, &target, value, &options, &s->diag)
                     : code;
}

static int do_boot_add(struct script *s)
{
    char *path = strchr(s->text, '=');

    if (!path)
        return 0;
    *path++ = '\0';
    return fwvar_boot_add_path(s->edit, s->text, path, NULL, &s->diag);
}

static int do_http(struct script *s)
{
    return fwvar_boot_add_http(s->edit, NULL, s->text, NULL, &s->diag);
}

static int do_pxe(struct script *s)
{
    return fwvar_boot_add_pxe(s->edit, "Net", s->text, NULL, &s->diag);
}

static int do_file(struct script *s)
{
    return fwvar_boot_add_file(s->edit, NULL, s->text, NULL, &s->diag);
}

static int do_act(struct script *s)
{
    if (s->arg_size < 1)
        return 0;
    return fwvar_boot_act(s->edit, (enum fwvar_boot_action)(s->arg[0] % 6), s->text + 1,
                          &s->diag);
}

static int do_order(struct script *s)
{
    return fwvar_boot_order(s->edit, s->text, &s->diag);
}

static int do_plan(struct script *s)
{
    struct fwvar_plan *plan;

    int code = fwvar_plan_read(s->text, s->arg_size, &plan, &s->diag);
    if (code == 0) {
        code = fwvar_plan_apply(plan, s->edit, NULL, &s->diag);
        fwvar_plan_free(plan);
    }
    return code;
}

/* "also=keep": a variable or a group to remove too, and one to keep. */
static int do_scrub(struct script *s)
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
    int code = fwvar_scrub(s->edit, &options, &outcomes, &s->diag);
    if (code == 0)
        fwvar_outcomes_free(outcomes);
    return code;
}

static int do_import(struct script *s)
{
    struct fwvar_outcomes *outcomes;
    struct fwvar_varlist *list;

    if (s->arg_size < 1)
        return 0;
    int code = fwvar_document_read(s->text + 1, s->arg_size - 1, &list, &s->diag);
    if (code != 0)
        return code;
    static const char *const only = "X";
    const struct fwvar_import_options options = {
        .choice = {.only = &only, .only_count = s->arg[0] & 8 ? 1 : 0},
        .strict = s->arg[0] & 1,
        .sync = s->arg[0] & 2,
        .mend_order = s->arg[0] & 4};
    code = fwvar_import(s->edit, list, &options, &outcomes, &s->diag);
    if (code == 0)
        fwvar_outcomes_free(outcomes);
    fwvar_varlist_free(list);
    return code;
}

static bool is_of_menu(const struct fwvar_outcome_item *item)
{
    return fwvar_guid_equal(&item->guid, &fwvar_global_guid) &&
           (memcmp(item->name, "B", 2) == 0 || memcmp(item->name, "K", 2) == 0);
}

/* What was carried is there. Entries of the menu may get other numbers. */
static void judge_outcomes(const struct fwvar_edit *edit, const struct fwvar_varlist *old,
                           const struct fwvar_outcomes *outcomes)
{
    for (size_t i = 0; i < fwvar_outcomes_count(outcomes); i++) {
        const struct fwvar_outcome_item *item = fwvar_outcomes_at(outcomes, i);
        const struct fwvar_varlist_item *from =
            fwvar_varlist_find(old, &item->guid, item->name, item->name_size);
        struct fwvar_variable now;
        PROMISE(from && fwvar_outcome_word(item->outcome));
        PROMISE(!fwvar_outcome_is_left(item->outcome) || item->reason[0]);
        if (is_of_menu(item) || (item->outcome != FWVAR_OUTCOME_CARRIED &&
                                 item->outcome != FWVAR_OUTCOME_SAME))
            continue;
        PROMISE(fwvar_edit_get(edit, &item->guid, item->name, item->name_size, &now) ==
                0);
        PROMISE(now.data_size == from->variable.data_size &&
                memcmp(now.data, from->variable.data, now.data_size) == 0);
    }
}

/* Into a transaction; how, and which. */
static int migrate(struct fwvar_edit *edit, const struct fwvar_varlist *old, uint8_t how,
                   const char *pattern, struct fwvar_diag *diag)
{
    static const char *const boards[] = {NULL, "rpi3", "rpi4", "rpi5"};
    struct fwvar_outcomes *outcomes;
    const struct fwvar_migrate_options options = {
        .choice = {.only = &pattern,
                   .only_count = how & 0x10 ? 1 : 0,
                   .except = &pattern,
                   .except_count = how & 0x20 ? 1 : 0},
        .all = how & 4,
        .content = contents[how >> 6],
        .board = boards[how % 4],
        .version = how & 8 ? "v1.20" : NULL};

    int code = fwvar_migrate(edit, old, &options, &outcomes, diag);
    if (code == 0) {
        judge_outcomes(edit, old, outcomes);
        fwvar_outcomes_free(outcomes);
    }
    return code;
}

/* What an image has, into the one that is edited. */
static int do_migrate(struct script *s)
{
    return s->arg_size < 2 ? 0
                           : migrate(s->edit, lists[s->arg[0] % IMAGES], s->arg[1],
                                     s->text + 2, &s->diag);
}

static int list_wanted(const struct script *s, struct fwvar_varlist *list,
                       struct fwvar_diag *diag)
{
    struct fwvar_varlist_item item = {.has_attributes = true};
    size_t cursor = 0;
    int code = 0;

    while (code == 0 && fwvar_edit_next(s->edit, &cursor, &item.variable) == 0)
        code = fwvar_varlist_add(list, &item, diag);
    return code;
}

/* What is wanted so far is carried into another image, and the script goes on there. */
static int do_upgrade(struct script *s)
{
    struct fwvar_varlist *list;
    struct fwvar_image *image = NULL;
    struct fwvar_edit *edit = NULL;

    if (s->arg_size < 2)
        return 0;
    const struct ig_bytes *base = &images[s->arg[0] % IMAGES];
    int code = fwvar_varlist_new(&list, &s->diag);
    if (code != 0)
        return code;
    code = list_wanted(s, list, &s->diag);
    if (code == 0)
        code = fwvar_image_open_bytes(base->p, base->size, 0, &image, &s->diag);
    if (code == 0)
        code = fwvar_edit_begin(image, s->flags, &edit, &s->diag);
    if (code == 0)
        code = migrate(edit, list, s->arg[1], s->text + 2, &s->diag);
    fwvar_varlist_free(list);
    fwvar_edit_end(code == 0 ? s->edit : edit);
    fwvar_image_close(code == 0 ? s->image : image);
    s->edit = code == 0 ? edit : s->edit;
    s->image = code == 0 ? image : s->image;
    return code;
}

/* Brings a dead record back. */
static int do_restore(struct script *s)
{
    const struct fwvar_variables *before = fwvar_edit_before(s->edit);
    size_t n = fwvar_variables_count(before);

    if (s->arg_size < 1 || n == 0)
        return 0;
    struct fwvar_variable v =
        fwvar_record_variable(fwvar_variables_at(before, s->arg[0] % n));
    return fwvar_edit_set(s->edit, &v, &s->diag);
}

/* A path of any bytes, with optional data. */
static int do_boot_new(struct script *s)
{
    uint16_t number;

    if (s->arg_size < 2)
        return 0;
    size_t path = s->arg[0] % (s->arg_size - 1);
    const struct fwvar_boot_new entry = {.label = s->arg[1] & 1 ? "a" : "Disk",
                                         .path = s->arg + 2,
                                         .path_size = path,
                                         .data = s->arg + 2 + path,
                                         .data_size = s->arg_size - 2 - path,
                                         .inactive = s->arg[1] & 2};
    return fwvar_boot_add(s->edit, &entry, &number, &s->diag);
}

/* As do_assign(), with attributes and a time, or bytes instead of text. */
static int do_assign_full(struct script *s)
{
    static const uint8_t time[16] = {0xEA, 7, 1, 2, 3, 4, 5};
    struct fwvar_target target;
    char *value = s->arg_size ? strchr(s->text + 1, '=') : NULL;

    if (!value)
        return 0;
    *value++ = '\0';
    uint32_t attributes = s->arg[0] & 0x3F;
    const struct fwvar_assign_options options = {
        .attributes = s->arg[0] & 0x40 ? &attributes : NULL,
        .time = s->arg[0] & 0x80 ? time : NULL};
    int code = fwvar_target_find(s->edit, s->text + 1, NULL, &target, &s->diag);
    if (code != 0)
        return code;
    return s->arg[0] & 1 ? fwvar_assign_bytes(s->edit, &target, value, strlen(value),
                                              &options, &s->diag)
                         : fwvar_assign_text(s->edit, &target, value, &options, &s->diag);
}

/* One allocation of a new transaction fails, and one of what follows in this one. */
static int do_starve(struct script *s)
{
    struct fwvar_edit *edit;

    if (s->arg_size < 2 || s->fed)
        return 0;
    const unsigned n = s->arg[0] | (unsigned)s->arg[1] << 8;
    memory_fail(n);
    memory_begin();
    int code = fwvar_edit_begin(s->image, s->flags, &edit, NULL);
    bool struck = memory_end();
    PROMISE(code == (struck ? FWVAR_ERR_NOMEM : 0));
    if (code == 0)
        fwvar_edit_end(edit);
    memory_fail(n);
    s->starving = true;
    return 0;
}

/* An edit of one variable that fails leaves everything as it was. */
static const struct {
    int (*edit)(struct script *);
    bool one;
} ops[] = {{do_set, true},       {do_set_any, true},   {do_delete, true},
           {do_delete_at, true}, {do_assign, true},    {do_boot_add, false},
           {do_http, false},     {do_pxe, false},      {do_file, false},
           {do_act, false},      {do_order, false},    {do_plan, false},
           {do_scrub, false},    {do_import, false},   {do_migrate, false},
           {do_restore, true},   {do_boot_new, false}, {do_assign_full, true},
           {do_starve, true},    {do_upgrade, true}};

#define OPS       (sizeof ops / sizeof ops[0])
#define FIRST_OPS 18 /* numbers above all are these again, as in older inputs */

/* ---- what has to hold ---- */

/* True if the call that returned @code ran out of memory. Nothing else may say so. */
static bool is_starved(struct script *s, int code)
{
    bool starved = memory_end() && code == FWVAR_ERR_NOMEM;

    PROMISE(starved || code != FWVAR_ERR_NOMEM);
    s->starved |= starved;
    s->sum = judge_add_up(s->sum, &code, sizeof code);
    return starved;
}

static void do_next(struct script *s)
{
    const size_t op = s->op < OPS ? s->op : s->op % FIRST_OPS;
    const uint64_t before = judge_sum(s->edit);

    s->diag = (struct fwvar_diag){.code = FWVAR_OK};
    memory_begin();
    int code = ops[op].edit(s);
    is_starved(s, code);
    PROMISE(code == 0 || (s->diag.code == (enum fwvar_error)code && s->diag.message[0]));
    if (code != 0 && ops[op].one)
        PROMISE(judge_sum(s->edit) == before);
}

/* Finishes; if memory is short once more, and then nothing has changed. */
static int try_finish(struct script *s, struct fwvar_patch *patch,
                      struct fwvar_edit_report *report)
{
    const uint64_t before = s->starving ? judge_sum(s->edit) : 0;

    memory_begin();
    int code = fwvar_edit_finish(s->edit, patch, report, NULL);
    if (!is_starved(s, code))
        return code;
    PROMISE(judge_sum(s->edit) == before);
    return fwvar_edit_finish(s->edit, patch, report, NULL);
}

/* Each rule is one of the table. */
static void judge_advice(const struct fwvar_advice_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        PROMISE(list->items[i].text[0]);
        for (size_t k = 0; fwvar_advice_at(k) != list->items[i].rule; k++)
            PROMISE(fwvar_advice_at(k));
    }
}

static void finish(struct script *s)
{
    static const struct fwvar_release unknown = {.era = ""};
    const struct fwvar_image *image = s->image;
    struct fwvar_edit *edit = s->edit;
    struct fwvar_advice_list advice;
    struct fwvar_edit_report report;
    struct fwvar_patch patch, twice;

    memory_begin();
    int code = fwvar_advise_edit(edit, s->flags ? &unknown : NULL, NULL, &advice, NULL);
    if (!is_starved(s, code))
        judge_advice(&advice);
    if (try_finish(s, &patch, &report) != 0)
        return;
    s->sum = judge_add_up(s->sum, patch.bytes, patch.size);
    size_t size = (size_t)fwvar_image_size(image);
    uint8_t *bytes = judge_patched(image, &patch);
    judge_untouched(image, &patch, report.compacted);
    judge_reads_back(edit, bytes, size);
    judge_count(image, &patch, &report, bytes);
    judge_again(edit, bytes, size, fwvar_image_platform(image));
    bool changed = patch.size > 0;
    PROMISE(fwvar_edit_finish(edit, &twice, NULL, NULL) == 0);
    PROMISE(changed == (twice.size > 0));
    if (changed)
        PROMISE(memcmp(bytes + twice.offset, twice.bytes, twice.size) == 0);
    free(bytes);
}

/* Runs a script. If @fed, no allocation fails. */
static struct script run(const uint8_t *data, size_t size, bool fed)
{
    const struct ig_bytes *base = &images[data[0] % IMAGES];
    struct script s = {.p = data + 1, .size = size - 1, .fed = fed};

    s.flags = data[0] & 0x40 ? FWVAR_EDIT_FORCE : 0;
    s.flags |= data[0] & 0x20 ? FWVAR_EDIT_COMPACT : 0;
    PROMISE(fwvar_image_open_bytes(base->p, base->size, 0, &s.image, NULL) == 0);
    PROMISE(fwvar_edit_begin(s.image, s.flags, &s.edit, NULL) == 0);
    while (next(&s))
        do_next(&s);
    finish(&s);
    fwvar_edit_end(s.edit);
    fwvar_image_close(s.image);
    memory_feed();
    return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > 0x4000)
        return 0;
    make_images();
    const struct script s = run(data, size, false);
    /* What did without the memory came out as it does otherwise. */
    if (s.starving && !s.starved)
        PROMISE(run(data, size, true).sum == s.sum);
    return 0;
}
