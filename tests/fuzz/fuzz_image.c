/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* An image, and everything that can be done to it without being asked for anything in
 * particular. The first byte: platform in bits 0 and 1; bit 2 leaves variables alone in a
 * repair, bit 3 repairs one rule only, that of bits 4 to 6; with bit 7 the image is a
 * base with differences, else it is given. Then given: how many units of 0xFF go behind
 * the image (4 KB), into it, and where (256 bytes), a byte without meaning, then the
 * image. So a whole volume is a short input. For a base see base_changed(). */
#include "fuzz/bases.h"
#include "fuzz/fuzz.h"
#include "fuzz/judge.h"

#include <fwvar/advice.h>
#include <fwvar/boot.h>
#include <fwvar/diff.h>
#include <fwvar/document.h>
#include <fwvar/firmware.h>
#include <fwvar/forecast.h>
#include <fwvar/format.h>
#include <fwvar/ftw.h>
#include <fwvar/known.h>
#include <fwvar/recover.h>
#include <fwvar/repair.h>
#include <fwvar/scrub.h>
#include <fwvar/setting.h>
#include <fwvar/varlist.h>

#include <string.h>

#define TAIL  0x1000
#define TAILS 0x40
#define UNIT  0x100
#define HEAD  BASE_HEAD
#define LIMIT 0x100000

/* What forecast and advice are told of the firmware, one after the other. */
static const struct {
    struct fwvar_release release;
    const char *config;
} told[] = {
    {{.board = "rpi4", .era = ""}, "arm_64bit=1\n"},
    {{.board = "rpi4", .version = "v1.20", .era = ""}, "device_tree_address=0x1f0000\n"},
    {{.board = "rpi4", .version = "v1.29", .era = ""}, " device_tree_address = 0x3e0000"},
    {{.board = "rpi4", .version = "v1.1", .era = ""}, "device_tree_address\n\n"},
    {{.board = "rpi4", .version = "v1.39", .era = ""}, NULL},
    {{.board = "rpi4", .version = "v1.51", .era = ""}, NULL},
    {{.board = "rpi3", .version = "v1.39", .era = ""}, "device_tree_address=0x1f0000\n"},
    {{.board = "rpi5", .version = "v0.3", .era = ""}, NULL},
    {{.board = "aavmf", .era = ""}, NULL},
};

#define TOLD (sizeof told / sizeof told[0])

/* ---- readers ---- */

static void try_list(const struct fwvar_image *image, const struct fwvar_variables *vars)
{
    const struct fwvar_store *s = fwvar_image_store(image);

    for (size_t i = 0; i < fwvar_variables_count(vars); i++) {
        const struct fwvar_record *r = fwvar_variables_at(vars, i);
        struct fwvar_variable v = fwvar_record_variable(r);
        bool valid;
        char *name = fwvar_record_name(r, i & 1, &valid), *value = fwvar_value_text(&v);
        PROMISE(name && value);
        PROMISE(r->offset >= s->volume.offset + s->first);
        PROMISE(r->offset + r->size <= s->volume.offset + s->end);
        if (fwvar_variables_role(vars, i) == FWVAR_ROLE_LIVE)
            PROMISE(fwvar_variables_find(vars, &r->guid, r->name,
                                         fwvar_record_name_length(r)) == r);
        free(name);
        free(value);
    }
}

static void try_boot(const struct fwvar_image *image, const struct fwvar_variables *vars)
{
    bool rpi = fwvar_image_platform(image) == FWVAR_PLATFORM_RPI;
    struct fwvar_boot_menu menu;

    PROMISE(fwvar_boot_menu_read(vars, &menu, NULL) == 0);
    struct fwvar_boot_step *steps =
        calloc(menu.count + menu.order_count + FWVAR_FORECAST_EXTRA, sizeof *steps);
    PROMISE(steps);
    for (size_t i = 0; i < TOLD; i++)
        fwvar_boot_forecast(&menu, vars, &told[i].release, rpi, steps);
    free(steps);
    fwvar_boot_menu_free(&menu);
}

static void try_check(const struct fwvar_image *image)
{
    struct fwvar_findings *findings;

    PROMISE(fwvar_check(image, FWVAR_CHECK_ALL, &findings, NULL) == 0);
    for (size_t i = 0; i < fwvar_findings_count(findings); i++) {
        const struct fwvar_finding *f = fwvar_findings_at(findings, i);
        PROMISE(f->message && fwvar_severity_name(f->severity));
        for (size_t k = 0; fwvar_rule_at(k) != f->rule; k++)
            PROMISE(fwvar_rule_at(k));
    }
    fwvar_findings_free(findings);
}

static void try_export(const struct fwvar_image *image,
                       const struct fwvar_variables *vars)
{
    struct fwvar_varlist *list, *back;
    struct fwvar_diag diag;
    uint8_t *bytes;
    char *text;
    size_t size;

    (void)image;
    if (fwvar_varlist_from_store(vars, &list, NULL) != 0)
        return;
    if (fwvar_document_write(list, &text, NULL) == 0) {
        if (fwvar_document_read(text, strlen(text), &back, &diag) == 0) {
            PROMISE(fwvar_varlist_count(back) == fwvar_varlist_count(list));
            fwvar_varlist_free(back);
        }
        free(text);
    }
    if (fwvar_varlist_count(list) &&
        fwvar_dmpstore_write(list, &bytes, &size, NULL) == 0) {
        PROMISE(fwvar_dmpstore_read(bytes, size, &back, &diag) == 0);
        PROMISE(fwvar_varlist_count(back) == fwvar_varlist_count(list));
        fwvar_varlist_free(back);
        free(bytes);
    }
    fwvar_varlist_free(list);
}

static void judge_diff(struct fwvar_diff *diff)
{
    uint64_t bytes = 0;

    for (size_t i = 0; i < fwvar_diff_changes(diff); i++) {
        const struct fwvar_change *c = fwvar_diff_change(diff, i);
        PROMISE(c->before || c->after);
    }
    for (size_t i = 0; i < fwvar_diff_ranges(diff); i++) {
        const struct fwvar_byte_range *r = fwvar_diff_range(diff, i);
        PROMISE(r->length > 0 && fwvar_region_name(r->region));
        bytes += r->length;
    }
    PROMISE(bytes == fwvar_diff_bytes(diff) && fwvar_diff_usage(diff));
    fwvar_diff_free(diff);
}

static void try_diff(const struct fwvar_image *image)
{
    struct fwvar_diff *diff;

    PROMISE(fwvar_diff_images(image, image, &diff, NULL) == 0);
    PROMISE(fwvar_diff_changes(diff) == 0 && fwvar_diff_ranges(diff) == 0);
    fwvar_diff_free(diff);
}

static void try_settings(const struct fwvar_image *image,
                         const struct fwvar_variables *vars)
{
    struct fwvar_firmware *firmware;
    struct fwvar_setting_state state;

    PROMISE(fwvar_firmware_open(image, "", &firmware, NULL) == 0);
    for (size_t i = 0; i < fwvar_setting_count(); i += 7)
        fwvar_setting_inspect(fwvar_setting_at(i), firmware, "rpi4", vars, &state, NULL);
    fwvar_firmware_free(firmware);
}

static void try_history(const struct fwvar_image *image,
                        const struct fwvar_variables *vars)
{
    struct fwvar_history *history;
    size_t records = 0;

    (void)image;
    PROMISE(fwvar_history_read(vars, &history, NULL) == 0);
    for (size_t v = 0; v < fwvar_history_variables(history); v++) {
        size_t n = fwvar_history_records(history, v), live = 0;
        for (size_t i = 0; i < n; i++) {
            enum fwvar_role role;
            PROMISE(fwvar_history_record(history, v, i, &role));
            live += role == FWVAR_ROLE_LIVE;
        }
        PROMISE(live <= 1);
        records += n;
    }
    PROMISE(records == fwvar_variables_count(vars));
    fwvar_history_free(history);
}

static void try_advice(const struct fwvar_image *image,
                       const struct fwvar_variables *vars)
{
    struct fwvar_advice_list list;

    for (size_t i = 0; i < TOLD; i++)
        PROMISE(fwvar_advise_image(image, vars, &told[i].release, told[i].config, &list,
                                   NULL) == 0);
}

static void try_ftw(const struct fwvar_image *image)
{
    struct fwvar_ftw ftw;

    fwvar_ftw_decode(fwvar_image_store(image), &ftw);
}

/* ---- writers ---- */

/* Finishes a transaction and checks what came of it. */
static void conclude(struct fwvar_edit *edit, const struct fwvar_image *image)
{
    struct fwvar_edit_report report;
    struct fwvar_patch patch;
    struct fwvar_diff *diff;

    if (fwvar_edit_finish(edit, &patch, &report, NULL) == 0) {
        PROMISE(fwvar_diff_patch(image, &patch, &diff, NULL) == 0);
        judge_diff(diff);
        uint8_t *bytes = judge_patched(image, &patch);
        judge_untouched(image, &patch, report.compacted);
        judge_reads_back(edit, bytes, (size_t)fwvar_image_size(image));
        free(bytes);
    }
    fwvar_edit_end(edit);
}

static void try_compact(const struct fwvar_image *image)
{
    struct fwvar_edit *edit;

    if (fwvar_edit_begin(image, FWVAR_EDIT_COMPACT, &edit, NULL) == 0)
        conclude(edit, image);
}

static void try_scrub(const struct fwvar_image *image)
{
    struct fwvar_scrub_options options = {0};
    struct fwvar_outcomes *outcomes;
    struct fwvar_edit *edit;

    if (fwvar_edit_begin(image, 0, &edit, NULL) != 0)
        return;
    if (fwvar_scrub(edit, &options, &outcomes, NULL) == 0) {
        fwvar_outcomes_free(outcomes);
        conclude(edit, image);
    } else {
        fwvar_edit_end(edit);
    }
}

/* An empty store where there was one, or over everything. It has no variables, and
 * nothing is wrong with it. */
static void try_format(const struct fwvar_image *image)
{
    const struct fwvar_store *s = fwvar_image_store(image);
    struct fwvar_format_options options = {.length = fwvar_image_size(image),
                                           .force = fwvar_image_platform(image) !=
                                                    FWVAR_PLATFORM_RPI};
    struct fwvar_image *after;
    struct fwvar_variables *vars;
    struct fwvar_patch patch;
    struct fwvar_diff *diff;
    uint8_t *volume;

    if (s) {
        options.offset = s->volume.offset;
        options.length = s->volume.length;
        options.store_size = s->end;
    }
    if (fwvar_format(image, &options, &volume, &patch, NULL) != 0)
        return;
    PROMISE(fwvar_diff_patch(image, &patch, &diff, NULL) == 0);
    judge_diff(diff);
    uint8_t *bytes = judge_patched(image, &patch);
    PROMISE(fwvar_image_open_bytes(bytes, (size_t)fwvar_image_size(image), 0, &after,
                                   NULL) == 0);
    PROMISE(fwvar_variables_read(fwvar_image_store(after), &vars, NULL) == 0);
    PROMISE(fwvar_variables_count(vars) == 0);
    fwvar_variables_free(vars);
    fwvar_image_close(after);
    free(bytes);
    free(volume);
}

static void try_salvage(const struct fwvar_image *image)
{
    struct fwvar_salvage *salvage;

    if (fwvar_salvage(image, &salvage, NULL) != 0)
        return;
    const struct fwvar_variables *vars = fwvar_salvage_variables(salvage);
    for (size_t i = 0; i < fwvar_variables_count(vars); i++)
        PROMISE(fwvar_variables_at(vars, i)->name_size >= 2);
    fwvar_salvage_free(salvage);
}

/* What was repaired can be edited, unless the repair says that something is left, and
 * needs no second repair. */
static void judge_repair(const struct fwvar_image *image, struct fwvar_repair *repair,
                         const struct fwvar_repair_options *options)
{
    const struct fwvar_image *mended = fwvar_repair_image(repair);
    struct fwvar_repair *again;
    struct fwvar_diff *diff;

    if (!mended || !fwvar_image_store(mended))
        return;
    PROMISE(fwvar_diff_patch(image, fwvar_repair_patch(repair), &diff, NULL) == 0);
    PROMISE(fwvar_diff_bytes(diff) <= fwvar_repair_patch(repair)->size);
    judge_diff(diff);
    if (fwvar_image_store(image)) {
        PROMISE(fwvar_diff_images(image, mended, &diff, NULL) == 0);
        judge_diff(diff);
    }
    if (options->only || fwvar_repair_lefts(repair) > 0)
        return;
    PROMISE(!judge_is_stopped(mended));
    PROMISE(fwvar_repair(mended, options, &again, NULL) == 0);
    PROMISE(fwvar_repair_patch(again)->size == 0);
    fwvar_repair_free(again);
}

static void try_repair(const struct fwvar_image *image, uint8_t how)
{
    const char *rule = fwvar_repair_rule_at((how >> 4 & 7u) * 2);
    const struct fwvar_repair_options options = {.structure_only = how & 4,
                                                 .only = how & 8 && rule ? &rule : NULL,
                                                 .only_count = how & 8 && rule ? 1 : 0};
    struct fwvar_repair *repair;

    if (fwvar_repair(image, &options, &repair, NULL) != 0)
        return;
    for (size_t i = 0; i < fwvar_repair_mends(repair); i++)
        PROMISE(fwvar_repair_mend(repair, i)->message);
    for (size_t i = 0; i < fwvar_repair_lefts(repair); i++)
        PROMISE(fwvar_repair_left(repair, i)->message);
    judge_repair(image, repair, &options);
    fwvar_repair_free(repair);
}

/* ---- the lot ---- */

static void (*const with_records[])(const struct fwvar_image *,
                                    const struct fwvar_variables *) = {
    try_list, try_boot, try_export, try_settings, try_history, try_advice};
static void (*const with_store[])(const struct fwvar_image *) = {
    try_check, try_diff, try_ftw, try_compact, try_scrub};

static void try_image(const uint8_t *bytes, size_t size, uint8_t how)
{
    const unsigned flags = FWVAR_OPEN_ANYTHING | FWVAR_OPEN_THOROUGH;
    struct fwvar_variables *vars;
    struct fwvar_image *image;
    struct fwvar_diag diag;

    if (fwvar_image_open_bytes(bytes, size, 0, &image, &diag) == 0)
        fwvar_image_close(image);
    PROMISE(fwvar_image_open_bytes(bytes, size, flags, &image, &diag) == 0);
    fwvar_image_set_platform(image, (enum fwvar_platform)(how % 4));
    if (fwvar_image_store(image)) {
        PROMISE(fwvar_variables_read(fwvar_image_store(image), &vars, NULL) == 0);
        for (size_t i = 0; i < sizeof with_records / sizeof with_records[0]; i++)
            with_records[i](image, vars);
        fwvar_variables_free(vars);
        for (size_t i = 0; i < sizeof with_store / sizeof with_store[0]; i++)
            with_store[i](image);
    }
    try_salvage(image);
    try_format(image);
    try_repair(image, how);
    fwvar_image_close(image);
}

static uint8_t *given(const uint8_t *data, size_t size, size_t *all)
{
    size_t tail = data[1] % TAILS * (size_t)TAIL, gap = data[2] * (size_t)UNIT;
    size_t at = data[3] * (size_t)UNIT, n = size - HEAD;

    *all = n + gap + tail;
    uint8_t *bytes = malloc(*all);
    PROMISE(bytes);
    if (at > n)
        at = n;
    memset(bytes, 0xFF, *all);
    memcpy(bytes, data + HEAD, at);
    memcpy(bytes + at + gap, data + HEAD + at, n - at);
    return bytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t all;

    if (size < HEAD + 1 || size > LIMIT)
        return 0;
    uint8_t *bytes =
        data[0] & 0x80 ? base_changed(data, size, &all) : given(data, size, &all);
    try_image(bytes, all, data[0]);
    free(bytes);
    return 0;
}
