/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* An image, and everything that can be done to it without being asked for anything in
 * particular. Input: the machine, then how many units of 0xFF go behind the image (4 KB),
 * into it, and where (256 bytes), then the image. So a whole volume is a short input. */
#include "fuzz/fuzz.h"
#include "fuzz/judge.h"

#include <fwvar/boot.h>
#include <fwvar/diff.h>
#include <fwvar/document.h>
#include <fwvar/firmware.h>
#include <fwvar/forecast.h>
#include <fwvar/ftw.h>
#include <fwvar/known.h>
#include <fwvar/repair.h>
#include <fwvar/scrub.h>
#include <fwvar/setting.h>
#include <fwvar/varlist.h>

#include <string.h>

#define TAIL  0x1000
#define UNIT  0x100
#define HEAD  4
#define LIMIT 0x100000

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
    struct fwvar_release release = {.era = ""};
    struct fwvar_boot_menu menu;

    PROMISE(fwvar_boot_menu_read(vars, &menu, NULL) == 0);
    struct fwvar_boot_step *steps =
        calloc(menu.count + menu.order_count + FWVAR_FORECAST_EXTRA, sizeof *steps);
    PROMISE(steps);
    fwvar_boot_forecast(&menu, vars, &release, rpi, steps);
    free(steps);
    fwvar_boot_menu_free(&menu);
}

static void try_check(const struct fwvar_image *image)
{
    struct fwvar_findings *findings;

    PROMISE(fwvar_check(image, FWVAR_CHECK_ALL, &findings, NULL) == 0);
    for (size_t i = 0; i < fwvar_findings_count(findings); i++)
        PROMISE(fwvar_findings_at(findings, i)->message);
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

    if (fwvar_edit_finish(edit, &patch, &report, NULL) == 0) {
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

/* What was repaired can be edited, unless the repair says that something is left, and
 * needs no second repair. */
static void try_repair(const struct fwvar_image *image)
{
    struct fwvar_repair *repair, *again;

    if (fwvar_repair(image, NULL, &repair, NULL) != 0)
        return;
    const struct fwvar_image *mended = fwvar_repair_image(repair);
    if (mended && fwvar_image_store(mended) && fwvar_repair_lefts(repair) == 0) {
        PROMISE(!judge_is_stopped(mended));
        PROMISE(fwvar_repair(mended, NULL, &again, NULL) == 0);
        PROMISE(fwvar_repair_patch(again)->size == 0);
        fwvar_repair_free(again);
    }
    fwvar_repair_free(repair);
}

/* ---- the lot ---- */

static void (*const with_records[])(const struct fwvar_image *,
                                    const struct fwvar_variables *) = {
    try_list, try_boot, try_export, try_settings};
static void (*const with_store[])(const struct fwvar_image *) = {
    try_check, try_diff, try_ftw, try_compact, try_scrub};

static void try_image(const uint8_t *bytes, size_t size, enum fwvar_platform platform)
{
    const unsigned flags = FWVAR_OPEN_ANYTHING | FWVAR_OPEN_THOROUGH;
    struct fwvar_variables *vars;
    struct fwvar_image *image;
    struct fwvar_diag diag;

    if (fwvar_image_open_bytes(bytes, size, 0, &image, &diag) == 0)
        fwvar_image_close(image);
    PROMISE(fwvar_image_open_bytes(bytes, size, flags, &image, &diag) == 0);
    fwvar_image_set_platform(image, platform);
    if (fwvar_image_store(image)) {
        PROMISE(fwvar_variables_read(fwvar_image_store(image), &vars, NULL) == 0);
        for (size_t i = 0; i < sizeof with_records / sizeof with_records[0]; i++)
            with_records[i](image, vars);
        fwvar_variables_free(vars);
        for (size_t i = 0; i < sizeof with_store / sizeof with_store[0]; i++)
            with_store[i](image);
    }
    try_repair(image);
    fwvar_image_close(image);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < HEAD + 1 || size > LIMIT)
        return 0;
    size_t tail = data[1] * (size_t)TAIL, gap = data[2] * (size_t)UNIT;
    size_t at = data[3] * (size_t)UNIT, n = size - HEAD, all = n + gap + tail;
    uint8_t *bytes = malloc(all);
    PROMISE(bytes);
    if (at > n)
        at = n;
    memset(bytes, 0xFF, all);
    memcpy(bytes, data + HEAD, at);
    memcpy(bytes + at + gap, data + HEAD + at, n - at);
    try_image(bytes, all, (enum fwvar_platform)(data[0] % 4));
    free(bytes);
    return 0;
}
