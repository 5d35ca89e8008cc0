/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Empty stores are those of stock images; compacting is the firmware's reclaim. */
#include <fwvar/check.h>
#include <fwvar/diff.h>
#include <fwvar/edit.h>
#include <fwvar/format.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/imagegen.h"
#include "support/secondreader.h"
#include "support/testmain.h"

/* ---- format ---- */

/* A layout, and the fixture that has its empty store at @at. */
static const struct {
    const char *layout, *fixture;
    size_t at;
} layouts[] = {
    {"rpi4-2m", "rpi4-2m-stock", 0x1D0000},
    {"rpi4-4m", "rpi4-4m-stock", 0x3B0000},
    {"rpi4-old", "rpi4-old-2m", 0x1E0000},
    {"ovmf-2m", "ovmf-2m-vars", 0},
    {"ovmf-4m", "ovmf-4m-vars", 0},
    {"aavmf", "aavmf-vars", 0},
    {"sbsa", "aavmf-vars", 0},
};

#define LAYOUTS ((int)(sizeof layouts / sizeof layouts[0]))

static const struct fwvar_layout *layout_called(const char *name)
{
    for (size_t i = 0; fwvar_layout_at(i); i++) {
        if (strcmp(fwvar_layout_at(i)->name, name) == 0)
            return fwvar_layout_at(i);
    }
    ck_abort_msg("no layout %s", name);
    return NULL;
}

static struct fwvar_image *open_bytes(const uint8_t *bytes, size_t size)
{
    struct fwvar_image *image;
    struct fwvar_diag diag;

    int code = fwvar_image_open_bytes(
        bytes, size, FWVAR_OPEN_THOROUGH | FWVAR_OPEN_ANYTHING, &image, &diag);
    ck_assert_msg(code == 0, "%s", diag.message);
    return image;
}

static uint8_t *blank(size_t size, int value)
{
    uint8_t *bytes = malloc(size);

    ck_assert_ptr_nonnull(bytes);
    memset(bytes, value, size);
    return bytes;
}

/* Formats @bytes in memory; the patch is applied to them. */
static int format(uint8_t *bytes, size_t size, const struct fwvar_format_options *o,
                  struct fwvar_diag *diag)
{
    struct fwvar_image *image = open_bytes(bytes, size);
    struct fwvar_patch patch;
    uint8_t *volume = NULL;

    int code = fwvar_format(image, o, &volume, &patch, diag);
    fwvar_image_close(image);
    if (code == 0 && patch.size)
        memcpy(bytes + patch.offset, patch.bytes, patch.size);
    free(volume);
    return code;
}

START_TEST(is_that_of_stock_images)
{
    const struct fwvar_layout *l = layout_called(layouts[_i].layout);
    struct fwvar_format_options o = {.offset = l->offset, .length = l->length};
    uint8_t *bytes = blank((size_t)l->file_size, _i % 2 ? 0 : 0xFF);
    struct ig_bytes stock = {0};
    struct fwvar_diag diag;

    ig_build(&stock, layouts[_i].fixture);
    int code = format(bytes, (size_t)l->file_size, &o, &diag);
    ck_assert_msg(code == 0, "%s", diag.message);
    ck_assert_msg(
        memcmp(bytes + l->offset, stock.p + layouts[_i].at, (size_t)l->length) == 0,
        "%s is not that of %s", l->name, layouts[_i].fixture);
    ig_free(&stock);
    free(bytes);
}
END_TEST

static void must_be_clean(const uint8_t *bytes, size_t size)
{
    struct fwvar_image *image = open_bytes(bytes, size);
    struct fwvar_findings *findings;

    ck_assert_ptr_nonnull(fwvar_image_store(image));
    ck_assert_int_eq(fwvar_check(image, FWVAR_CHECK_ALL, &findings, NULL), 0);
    for (size_t i = 0; i < fwvar_findings_count(findings); i++)
        ck_assert_msg(fwvar_findings_at(findings, i)->severity == FWVAR_ADVICE, "%s",
                      fwvar_findings_at(findings, i)->message);
    fwvar_findings_free(findings);
    fwvar_image_close(image);
}

START_TEST(every_layout_is_clean)
{
    const struct fwvar_layout *l = fwvar_layout_at((size_t)_i);
    struct sr_image sr;

    if (!l || l->file_size > 0x1000000)
        return;
    struct fwvar_format_options o = {.offset = l->offset, .length = l->length};
    uint8_t *bytes = blank((size_t)l->file_size, 0xFF);
    ck_assert_int_eq(format(bytes, (size_t)l->file_size, &o, NULL), 0);
    must_be_clean(bytes, (size_t)l->file_size);
    ck_assert_msg(sr_open(&sr, bytes, (size_t)l->file_size), "%s: %s", l->name, sr.error);
    ck_assert(sr.header_sum_ok && sr.free_clean && sr.authenticated);
    ck_assert(!sr.ftw.found || sr.ftw.pristine);
    sr_close(&sr);
    free(bytes);
}
END_TEST

START_TEST(given_geometry)
{
    struct fwvar_format_options o = {.offset = 0x10000,
                                     .length = 0x40000,
                                     .store_size = 0x18000,
                                     .block_size = 0x2000};
    uint8_t *bytes = blank(0x80000, 0xFF);
    struct sr_image sr;

    ck_assert_int_eq(format(bytes, 0x80000, &o, NULL), 0);
    must_be_clean(bytes, 0x80000);
    ck_assert_msg(sr_open(&sr, bytes, 0x80000), "%s", sr.error);
    ck_assert_uint_eq(sr.volume_offset, 0x10000);
    ck_assert_uint_eq(sr.volume_length, 0x40000);
    ck_assert_uint_eq(sr.store_end, 0x28000);
    ck_assert(sr.header_sum_ok);
    sr_close(&sr);
    free(bytes);
}
END_TEST

static const struct fwvar_format_options impossible[] = {
    {.offset = 0, .length = 0x30001, .store_size = 0x1000},
    {.offset = 0, .length = 0x40000, .store_size = 0x40001},
    {.offset = 0, .length = 0x40000, .store_size = 0x60},
    {.offset = 0, .length = 0x40000},
    {.offset = 0x70000, .length = 0x20000},
    {.offset = UINT64_MAX - 0x1000, .length = 0x20000},
    {.offset = 0, .length = UINT64_MAX - 0xFFF, .store_size = 0x1000},
};

START_TEST(impossible_geometry)
{
    uint8_t *bytes = blank(0x80000, 0xFF);

    ck_assert_int_eq(format(bytes, 0x80000, &impossible[_i], NULL), FWVAR_ERR_ARG);
    free(bytes);
}
END_TEST

START_TEST(refuses_what_is_there)
{
    struct fwvar_format_options o = {.offset = 0x1D0000, .length = 0x20000};
    struct ig_bytes file = {0}, stock = {0};
    struct fwvar_diag diag;

    ig_build(&file, "rpi4-2m-saved");
    ig_build(&stock, "rpi4-2m-stock");
    ck_assert_int_eq(format(file.p, file.size, &o, &diag), FWVAR_ERR_REFUSED);
    ck_assert_uint_eq(diag.offset, 0x1D0000);
    o.force = true;
    ck_assert_int_eq(format(file.p, file.size, &o, NULL), 0);
    ck_assert(memcmp(file.p + 0x1D0000, stock.p + 0x1D0000, 0x20000) == 0);
    o.force = false; /* empty: the same again */
    ck_assert_int_eq(format(file.p, file.size, &o, NULL), 0);
    o.offset = 0x100000; /* a second one, even by force */
    o.force = true;
    ck_assert_int_eq(format(file.p, file.size, &o, NULL), FWVAR_ERR_REFUSED);
    ig_free(&stock);
    ig_free(&file);
}
END_TEST

START_TEST(refuses_code)
{
    struct fwvar_format_options o = {.offset = 0x1D0000, .length = 0x20000};
    uint8_t *bytes = blank(0x1F0000, 0xFF);

    bytes[0x1E1234] = 0x17;
    ck_assert_int_eq(format(bytes, 0x1F0000, &o, NULL), FWVAR_ERR_REFUSED);
    o.force = true;
    ck_assert_int_eq(format(bytes, 0x1F0000, &o, NULL), 0);
    free(bytes);
}
END_TEST

/* What changes can be told although there was no store. */
START_TEST(diff_without_a_store)
{
    struct fwvar_format_options o = {.offset = 0, .length = 0x20000};
    struct ig_bytes file = {0};
    struct fwvar_patch patch;
    struct fwvar_diff *diff;
    uint8_t *volume;

    ig_build(&file, "unformatted-ff");
    struct fwvar_image *image = open_bytes(file.p, file.size);
    ck_assert_ptr_null(fwvar_image_store(image));
    ck_assert_int_eq(fwvar_format(image, &o, &volume, &patch, NULL), 0);
    ck_assert_int_eq(fwvar_diff_patch(image, &patch, &diff, NULL), 0);
    ck_assert_uint_eq(fwvar_diff_changes(diff), 0);
    ck_assert(fwvar_diff_bytes(diff) > 90);
    fwvar_diff_free(diff);
    free(volume);
    fwvar_image_close(image);
    ig_free(&file);
}
END_TEST

/* ---- compact ---- */

/* Applies a transaction that is not more than its flags. */
static int compact(struct ig_bytes *file, struct fwvar_edit_report *report,
                   struct fwvar_diag *diag)
{
    struct fwvar_image *image = open_bytes(file->p, file->size);
    struct fwvar_patch patch;
    struct fwvar_edit *edit;

    int code = fwvar_edit_begin(image, FWVAR_EDIT_COMPACT, &edit, diag);
    if (code == 0) {
        code = fwvar_edit_finish(edit, &patch, report, diag);
        if (code == 0 && patch.size) {
            uint8_t *copy = malloc(patch.size);
            memcpy(copy, patch.bytes, patch.size);
            uint64_t at = patch.offset;
            size_t n = patch.size;
            fwvar_edit_end(edit);
            fwvar_image_close(image);
            memcpy(file->p + at, copy, n);
            free(copy);
            return 0;
        }
        fwvar_edit_end(edit);
    }
    fwvar_image_close(image);
    return code;
}

/* The live records of @from in @state, by the second reader, put into @to. */
static void copy_live(struct ig_image *to, const struct sr_image *from, uint8_t state)
{
    for (size_t i = 0; i < from->n_records; i++) {
        const struct sr_record *r = &from->records[i];
        char name[160], guid[37];
        if (!r->live || r->state != state)
            continue;
        ig_add(to, &(struct ig_record){.attributes = r->attributes,
                                       .guid = sr_guid_text(r->guid, guid),
                                       .name = sr_name(r, name, sizeof name),
                                       .data = r->data,
                                       .size = r->data_size});
    }
}

/* All 0x3F in their order, then 0x3E without one (edk2 Variable.c, Reclaim). */
START_TEST(equals_an_independent_rebuild)
{
    struct ig_bytes file = {0};
    struct ig_image want;
    struct sr_image sr;
    struct fwvar_edit_report report;

    ig_build(&file, "rpi4-2m-saved");
    ck_assert(sr_open(&sr, file.p, file.size));
    size_t at = sr_find(&sr, "AssetTag", NULL)->offset;
    sr_close(&sr);
    file.p[at + 2] = 0x3E;
    ck_assert(sr_open(&sr, file.p, file.size));
    ig_create(&want, file.size, &ig_pi_2m);
    copy_live(&want, &sr, 0x3F);
    copy_live(&want, &sr, 0x3E);
    sr_close(&sr);
    ck_assert_int_eq(compact(&file, &report, NULL), 0);
    ck_assert(report.changed && report.compacted);
    ck_assert(memcmp(file.p + 0x1D0000, want.file.p + 0x1D0000, 0x20000) == 0);
    ck_assert_int_eq(compact(&file, &report, NULL), 0);
    ck_assert(!report.changed);
    ig_close(&want);
    ig_free(&file);
}
END_TEST

/* Adds variables until less than @left bytes are free; every other one is deleted. */
static void fill(struct ig_image *im, size_t left, bool dead)
{
    uint8_t data[1000] = {0};
    char name[16];

    for (unsigned i = 0; im->volume.at + im->volume.store - im->next > left + 1200; i++) {
        snprintf(name, sizeof name, "%s%u", dead ? "Fill" : "Live", i);
        ig_add(im, &(struct ig_record){.state = dead && i % 2 ? 0x3C : 0x3F,
                                       .attributes = 7,
                                       .guid = IG_CONFIG,
                                       .name = name,
                                       .data = data,
                                       .size = sizeof data});
    }
}

/* A Raspberry Pi's store beyond the limit, also where the live ones alone are too many.
 */
START_TEST(beyond_the_limit)
{
    struct fwvar_edit_report report;
    struct ig_image im;

    ig_create(&im, 0x1f0000, &ig_pi_2m);
    fill(&im, _i ? 0x400 : 0x1000, true);
    if (_i)
        fill(&im, 0, false);
    ck_assert_int_eq(compact(&im.file, &report, NULL), 0);
    ck_assert(report.compacted && report.used_after < report.used_before);
    ig_close(&im);
}
END_TEST

/* Deleting helps where there is no room, so it is not refused for want of it. */
START_TEST(deleting_needs_no_room)
{
    struct fwvar_edit_report report;
    struct fwvar_patch patch;
    struct fwvar_edit *edit;
    struct fwvar_diag diag;
    struct ig_image im;
    uint8_t name[10] = {'L', 0, 'i', 0, 'v', 0, 'e', 0, '0', 0};
    struct fwvar_guid guid;

    ig_create(&im, 0x1f0000, &ig_pi_2m);
    fill(&im, 0, false);
    struct fwvar_image *image = open_bytes(im.file.p, im.file.size);
    ck_assert_int_eq(fwvar_guid_parse(IG_CONFIG, &guid), 0);
    ck_assert_int_eq(fwvar_edit_begin(image, 0, &edit, &diag), 0);
    ck_assert_int_eq(fwvar_edit_delete(edit, &guid, name, sizeof name, &diag), 0);
    int code = fwvar_edit_finish(edit, &patch, &report, &diag);
    ck_assert_msg(code == 0, "%s", diag.message);
    ck_assert_uint_eq(report.deleted, 1);
    fwvar_edit_end(edit);
    fwvar_image_close(image);
    ig_close(&im);
}
END_TEST

START_TEST(damage_is_refused)
{
    struct ig_bytes file = {0};
    struct fwvar_diag diag;

    ig_build(&file, "rpi4-2m-saved");
    file.p[0x1D02C8] = 0;
    ck_assert_int_eq(compact(&file, NULL, &diag), FWVAR_ERR_DAMAGED);
    ig_free(&file);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *s = suite_create("format");
    TCase *t = tcase_create("all");

    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, is_that_of_stock_images, 0, LAYOUTS);
    tcase_add_loop_test(t, every_layout_is_clean, 0, 8);
    tcase_add_test(t, given_geometry);
    tcase_add_loop_test(t, impossible_geometry, 0,
                        (int)(sizeof impossible / sizeof impossible[0]));
    tcase_add_test(t, refuses_what_is_there);
    tcase_add_test(t, refuses_code);
    tcase_add_test(t, diff_without_a_store);
    tcase_add_test(t, equals_an_independent_rebuild);
    tcase_add_loop_test(t, beyond_the_limit, 0, 2);
    tcase_add_test(t, deleting_needs_no_room);
    tcase_add_test(t, damage_is_refused);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_main(make_suite);
}
