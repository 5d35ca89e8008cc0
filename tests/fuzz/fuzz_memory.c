/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Whatever reads, judges or mends an image while one allocation fails. Each call either
 * says that memory was short, or ends as it does otherwise, to the byte; and it frees
 * what it took. Input: which allocation of each call fails (2 bytes); platform in bits 0
 * and 1; then a base with differences. */
#include "fuzz/bases.h"
#include "fuzz/fuzz.h"
#include "fuzz/judge.h"
#include "fuzz/memory.h"

#include <fwvar/advice.h>
#include <fwvar/boot.h>
#include <fwvar/diff.h>
#include <fwvar/document.h>
#include <fwvar/firmware.h>
#include <fwvar/format.h>
#include <fwvar/import.h>
#include <fwvar/known.h>
#include <fwvar/migrate.h>
#include <fwvar/plan.h>
#include <fwvar/recover.h>
#include <fwvar/repair.h>
#include <fwvar/scrub.h>

#include <string.h>

/* What is tried, and all that came of it, as a sum. */
struct trial {
    const uint8_t *bytes;
    size_t size;
    const struct fwvar_image *image;
    const struct fwvar_variables *variables;
    const struct fwvar_varlist *list;
    uint64_t sum;
};

static void count_bytes(struct trial *t, const void *bytes, size_t size)
{
    t->sum = judge_add_up(t->sum, bytes, size);
}

static void count_text(struct trial *t, const char *text)
{
    count_bytes(t, text, strlen(text) + 1);
}

/* ---- readers ---- */

static int open_image(struct trial *t)
{
    struct fwvar_image *image;

    int code = fwvar_image_open_bytes(
        t->bytes, t->size, FWVAR_OPEN_ANYTHING | FWVAR_OPEN_THOROUGH, &image, NULL);
    if (code == 0)
        fwvar_image_close(image);
    return code;
}

static int read_variables(struct trial *t)
{
    struct fwvar_variables *variables;
    int code = fwvar_variables_read(fwvar_image_store(t->image), &variables, NULL);

    if (code == 0) {
        const size_t count = fwvar_variables_count(variables);
        count_bytes(t, &count, sizeof count);
        fwvar_variables_free(variables);
    }
    return code;
}

/* Names and values as text; NULL says that memory was short. */
static int print(struct trial *t)
{
    bool short_of_memory = false, valid;

    for (size_t i = 0; i < fwvar_variables_count(t->variables); i++) {
        const struct fwvar_record *r = fwvar_variables_at(t->variables, i);
        const struct fwvar_variable v = fwvar_record_variable(r);
        char *texts[] = {fwvar_record_name(r, true, &valid), fwvar_value_text(&v),
                         fwvar_efivarfs_name(&v)};
        for (size_t k = 0; k < 3; k++) {
            short_of_memory |= !texts[k];
            if (texts[k])
                count_text(t, texts[k]);
            free(texts[k]);
        }
    }
    return short_of_memory ? FWVAR_ERR_NOMEM : 0;
}

static int check(struct trial *t)
{
    struct fwvar_findings *findings;
    int code = fwvar_check(t->image, FWVAR_CHECK_ALL, &findings, NULL);

    if (code != 0)
        return code;
    for (size_t i = 0; i < fwvar_findings_count(findings); i++) {
        const struct fwvar_finding *f = fwvar_findings_at(findings, i);
        count_text(t, f->rule->name);
        count_text(t, f->message);
        count_text(t, f->variable ? f->variable : "");
        count_text(t, f->command ? f->command : "");
    }
    fwvar_findings_free(findings);
    return 0;
}

static int read_history(struct trial *t)
{
    struct fwvar_history *history;
    int code = fwvar_history_read(t->variables, &history, NULL);

    if (code != 0)
        return code;
    for (size_t i = 0; i < fwvar_history_variables(history); i++) {
        const size_t records = fwvar_history_records(history, i);
        count_bytes(t, &records, sizeof records);
    }
    fwvar_history_free(history);
    return 0;
}

static int read_menu(struct trial *t)
{
    struct fwvar_boot_menu menu;
    int code = fwvar_boot_menu_read(t->variables, &menu, NULL);

    if (code != 0)
        return code;
    for (size_t i = 0; i < menu.count; i++)
        count_text(t, menu.entries[i].label);
    fwvar_boot_menu_free(&menu);
    return 0;
}

static int advise(struct trial *t)
{
    static const struct fwvar_release release = {
        .board = "rpi4", .version = "v1.20", .era = ""};
    struct fwvar_advice_list list;
    int code = fwvar_advise_image(t->image, t->variables, &release, NULL, &list, NULL);

    for (size_t i = 0; code == 0 && i < list.count; i++)
        count_text(t, list.items[i].text);
    return code;
}

static int salvage(struct trial *t)
{
    struct fwvar_salvage *salvage;
    int code = fwvar_salvage(t->image, &salvage, NULL);

    if (code != 0)
        return code;
    const struct fwvar_variables *found = fwvar_salvage_variables(salvage);
    for (size_t i = 0; i < fwvar_variables_count(found); i++) {
        const struct fwvar_record *r = fwvar_variables_at(found, i);
        count_bytes(t, r->name, r->name_size);
        count_bytes(t, r->data, r->data_size);
    }
    fwvar_salvage_free(salvage);
    return 0;
}

/* ---- as text and back ---- */

static int count_list(struct trial *t, struct fwvar_varlist *list)
{
    const size_t count = fwvar_varlist_count(list);

    count_bytes(t, &count, sizeof count);
    fwvar_varlist_free(list);
    return 0;
}

static int list_variables(struct trial *t)
{
    struct fwvar_varlist *list;
    int code = fwvar_varlist_from_store(t->variables, &list, NULL);

    return code == 0 ? count_list(t, list) : code;
}

static int document(struct trial *t)
{
    struct fwvar_varlist *list;
    char *text;
    int code = fwvar_document_write(t->list, &text, NULL);

    if (code != 0)
        return code;
    count_text(t, text);
    code = fwvar_document_read(text, strlen(text), &list, NULL);
    free(text);
    return code == 0 ? count_list(t, list) : code;
}

static int dump(struct trial *t)
{
    struct fwvar_varlist *list;
    uint8_t *bytes;
    size_t size;
    int code = fwvar_dmpstore_write(t->list, &bytes, &size, NULL);

    if (code != 0)
        return code;
    count_bytes(t, bytes, size);
    code = fwvar_dmpstore_read(bytes, size, &list, NULL);
    free(bytes);
    return code == 0 ? count_list(t, list) : code;
}

static void note(void *context, const char *text)
{
    count_text(context, text);
}

static int own_plan(struct trial *t)
{
    struct fwvar_firmware *firmware;
    struct fwvar_plan *plan;
    char *text = NULL;
    int code = fwvar_firmware_open(t->image, "rpi4", &firmware, NULL);

    if (code != 0)
        return code;
    code = fwvar_plan_write(t->variables, firmware, note, t, &text, NULL);
    if (code == 0) {
        count_text(t, text);
        code = fwvar_plan_read(text, strlen(text), &plan, NULL);
        if (code == 0)
            fwvar_plan_free(plan);
        free(text);
    }
    fwvar_firmware_free(firmware);
    return code;
}

/* ---- writers ---- */

static int count_patch(struct trial *t, const struct fwvar_patch *patch)
{
    struct fwvar_diff *diff;

    count_bytes(t, patch->bytes, patch->size);
    int code = fwvar_diff_patch(t->image, patch, &diff, NULL);
    if (code != 0)
        return code;
    const size_t counts[] = {fwvar_diff_changes(diff), fwvar_diff_ranges(diff)};
    count_bytes(t, counts, sizeof counts);
    fwvar_diff_free(diff);
    return 0;
}

static int mend(struct trial *t)
{
    struct fwvar_repair *repair;
    struct fwvar_diff *diff;
    int code = fwvar_repair(t->image, NULL, &repair, NULL);

    if (code != 0)
        return code;
    for (size_t i = 0; i < fwvar_repair_mends(repair); i++)
        count_text(t, fwvar_repair_mend(repair, i)->message);
    for (size_t i = 0; i < fwvar_repair_lefts(repair); i++)
        count_text(t, fwvar_repair_left(repair, i)->message);
    const bool rebuilt = fwvar_repair_rebuilt(repair);
    count_bytes(t, &rebuilt, 1);
    const struct fwvar_image *mended = fwvar_repair_image(repair);
    code = count_patch(t, fwvar_repair_patch(repair));
    if (code == 0 && fwvar_image_store(t->image) && mended && fwvar_image_store(mended)) {
        code = fwvar_diff_images(t->image, mended, &diff, NULL);
        if (code == 0)
            fwvar_diff_free(diff);
    }
    fwvar_repair_free(repair);
    return code;
}

static int format(struct trial *t)
{
    const struct fwvar_store *s = fwvar_image_store(t->image);
    const struct fwvar_format_options options = {.offset = s->volume.offset,
                                                 .length = s->volume.length,
                                                 .store_size = s->end,
                                                 .force = true};
    struct fwvar_patch patch;
    uint8_t *bytes;
    int code = fwvar_format(t->image, &options, &bytes, &patch, NULL);

    if (code == 0) {
        code = count_patch(t, &patch);
        free(bytes);
    }
    return code;
}

static int scrub(struct fwvar_edit *edit, const struct trial *t,
                 struct fwvar_outcomes **outcomes)
{
    static const char *const also[] = {"mtc", "clock", "Lang*"}, *const keep[] = {"PK"};
    static const struct fwvar_scrub_options options = {also, 3, keep, 1};

    (void)t;
    return fwvar_scrub(edit, &options, outcomes, NULL);
}

static int import(struct fwvar_edit *edit, const struct trial *t,
                  struct fwvar_outcomes **outcomes)
{
    static const char *const except[] = {"Timeout"};
    static const struct fwvar_import_options options = {
        .choice = {.except = except, .except_count = 1},
        .sync = true,
        .mend_order = true};

    return fwvar_import(edit, t->list, &options, outcomes, NULL);
}

static int migrate(struct fwvar_edit *edit, const struct trial *t,
                   struct fwvar_outcomes **outcomes)
{
    static const struct fwvar_migrate_options options = {.all = true, .board = "rpi4"};

    return fwvar_migrate(edit, t->list, &options, outcomes, NULL);
}

/* A transaction of one of those, on a store that is to be compacted. */
static int transact(struct trial *t,
                    int (*what)(struct fwvar_edit *, const struct trial *,
                                struct fwvar_outcomes **))
{
    struct fwvar_outcomes *outcomes;
    struct fwvar_patch patch;
    struct fwvar_edit *edit;
    int code = fwvar_edit_begin(t->image, FWVAR_EDIT_COMPACT, &edit, NULL);

    if (code != 0)
        return code;
    code = what(edit, t, &outcomes);
    if (code == 0) {
        for (size_t i = 0; i < fwvar_outcomes_count(outcomes); i++)
            count_text(t, fwvar_outcomes_at(outcomes, i)->reason);
        fwvar_outcomes_free(outcomes);
        code = fwvar_edit_finish(edit, &patch, NULL, NULL);
    }
    if (code == 0)
        code = count_patch(t, &patch);
    fwvar_edit_end(edit);
    return code;
}

static int try_scrub(struct trial *t)
{
    return transact(t, scrub);
}

static int try_import(struct trial *t)
{
    return transact(t, import);
}

static int try_migrate(struct trial *t)
{
    return transact(t, migrate);
}

/* ---- the lot ---- */

static int (*const of_any[])(struct trial *) = {open_image, salvage, mend};
static int (*const of_store[])(struct trial *) = {
    read_variables, print,    check, read_history, read_menu, advise,     list_variables,
    document,       own_plan, dump,  format,       try_scrub, try_import, try_migrate};

static void starve(struct trial *t, int (*call)(struct trial *), unsigned n)
{
    t->sum = 0;
    const int due = call(t);
    const uint64_t due_sum = t->sum;

    t->sum = 0;
    memory_fail(n);
    memory_begin();
    const int code = call(t);
    if (!memory_end() || code != FWVAR_ERR_NOMEM)
        PROMISE(code == due && t->sum == due_sum);
}

static void try_store(struct trial *t, unsigned n)
{
    struct fwvar_variables *variables;
    struct fwvar_varlist *list;

    PROMISE(fwvar_variables_read(fwvar_image_store(t->image), &variables, NULL) == 0);
    t->variables = variables;
    if (fwvar_varlist_from_store(variables, &list, NULL) == 0) {
        t->list = list;
        for (size_t i = 0; i < sizeof of_store / sizeof of_store[0]; i++)
            starve(t, of_store[i], n);
        fwvar_varlist_free(list);
    }
    fwvar_variables_free(variables);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const unsigned n = size > 2 ? data[0] | (unsigned)data[1] << 8 : 0;
    struct fwvar_image *image;
    struct trial t = {0};

    if (size < 2 + BASE_HEAD || size > 0x4000)
        return 0;
    uint8_t *bytes = base_changed(data + 2, size - 2, &t.size), *copy = malloc(t.size);
    PROMISE(copy);
    memcpy(copy, bytes, t.size);
    t.bytes = bytes;
    PROMISE(fwvar_image_open_bytes(bytes, t.size,
                                   FWVAR_OPEN_ANYTHING | FWVAR_OPEN_THOROUGH, &image,
                                   NULL) == 0);
    fwvar_image_set_platform(image, (enum fwvar_platform)(data[2] % 4));
    t.image = image;
    for (size_t i = 0; i < sizeof of_any / sizeof of_any[0]; i++)
        starve(&t, of_any[i], n);
    if (fwvar_image_store(image))
        try_store(&t, n);
    fwvar_image_close(image);
    PROMISE(memcmp(bytes, copy, t.size) == 0);
    free(copy);
    free(bytes);
    return 0;
}
