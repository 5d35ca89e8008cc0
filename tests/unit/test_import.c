/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Import: what is set, what is left, and what is never done without being asked. */
#include "support/imagegen.h"
#include "support/secondreader.h"
#include "support/testmain.h"

#include <fwvar/document.h>
#include <fwvar/import.h>
#include <fwvar/plan.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IMAGE_SECURITY "d719b2cb-3d3a-4596-a3bc-dad00e67656f"
#define VENDOR         "0f5d3a1e-52a7-4d3c-9a41-6f2b8d7c1e90"
#define TIME           "ea070a160e022a000000000000000000"

static struct ig_image im;
static struct fwvar_image *image;
static struct fwvar_edit *edit;
static struct fwvar_varlist *list;
static struct fwvar_outcomes *outcomes;
static struct fwvar_import_options options;
static struct fwvar_diag diag;

static void setup(void)
{
    ig_create(&im, 0x1f0000, &ig_pi_2m);
    image = NULL;
    edit = NULL;
    list = NULL;
    outcomes = NULL;
    options = (struct fwvar_import_options){0};
}

static void teardown(void)
{
    fwvar_outcomes_free(outcomes);
    fwvar_varlist_free(list);
    fwvar_edit_end(edit);
    fwvar_image_close(image);
    ig_close(&im);
}

static void add(const char *name, const char *guid, uint32_t attributes, const char *hex,
                const char *time)
{
    struct ig_bytes data = {0};

    ig_hex(&data, hex);
    ig_add(&im, &(struct ig_record){.name = name,
                                    .guid = guid,
                                    .attributes = attributes,
                                    .data = data.p,
                                    .size = data.size,
                                    .time = time});
    ig_free(&data);
}

static void begin(unsigned flags)
{
    ck_assert_int_eq(fwvar_image_open_bytes(im.file.p, im.file.size, 0, &image, &diag),
                     0);
    ck_assert_msg(fwvar_edit_begin(image, flags, &edit, &diag) == 0, "%s", diag.message);
}

/* Imports variables given as the inside of a JSON list. */
static int import(const char *json)
{
    char text[4096];
    int n = snprintf(text, sizeof text, "[%s]", json);

    ck_assert_msg(fwvar_document_read(text, (size_t)n, &list, &diag) == 0, "%s",
                  diag.message);
    return fwvar_import(edit, list, &options, &outcomes, &diag);
}

static void assert_outcome(size_t i, enum fwvar_outcome outcome)
{
    ck_assert_uint_lt(i, fwvar_outcomes_count(outcomes));
    const struct fwvar_outcome_item *item = fwvar_outcomes_at(outcomes, i);
    ck_assert_msg(item->outcome == outcome, "%s: %s", fwvar_outcome_word(item->outcome),
                  item->reason);
}

/* The image with the transaction applied, judged by the second reader. */
static void finish(struct sr_image *sr)
{
    struct fwvar_patch patch;

    ck_assert_msg(fwvar_edit_finish(edit, &patch, NULL, &diag) == 0, "%s", diag.message);
    if (patch.size)
        memcpy(im.file.p + patch.offset, patch.bytes, patch.size);
    ck_assert_msg(sr_open(sr, im.file.p, im.file.size), "%s", sr->error);
}

#define VAR(name, guid, attr, data)                                                      \
    "{\"name\":\"" name "\",\"guid\":\"" guid "\",\"attr\":" #attr ",\"data\":\"" data   \
    "\"}"
#define DB(data, time)                                                                   \
    "{\"name\":\"db\",\"guid\":\"" IMAGE_SECURITY "\",\"attr\":39,\"data\":\"" data      \
    "\"" time "}"

/* ---- attributes ---- */

START_TEST(attributes_that_are_not_said)
{
    struct sr_image sr;

    add("Mine", VENDOR, 3, "01", NULL);
    begin(0);
    ck_assert_int_eq(import("{\"name\":\"RamLimitTo3GB\",\"guid\":\"" IG_CONFIG
                            "\",\"data\":\"00000000\"},"
                            "{\"name\":\"Mine\",\"guid\":\"" VENDOR "\",\"data\":\"02\"},"
                            "{\"name\":\"New\",\"guid\":\"" VENDOR "\",\"data\":\"03\"}"),
                     0);
    finish(&sr);
    ck_assert_uint_eq(sr_find(&sr, "RamLimitTo3GB", IG_CONFIG)->attributes,
                      7);                                           /* known */
    ck_assert_uint_eq(sr_find(&sr, "Mine", VENDOR)->attributes, 3); /* the old record's */
    ck_assert_uint_eq(sr_find(&sr, "New", VENDOR)->attributes, 3);  /* virt-fw-vars' */
    sr_close(&sr);
}
END_TEST

START_TEST(volatile_ones_only_by_name)
{
    static const char *const glob[] = {"*"}, *const name[] = {"Mine"};
    struct sr_image sr;

    begin(0);
    options.choice = (struct fwvar_choice){.only = glob, .only_count = 1};
    ck_assert_int_eq(import(VAR("Mine", VENDOR, 6, "01")), 0);
    assert_outcome(0, FWVAR_OUTCOME_VOLATILE);
    fwvar_outcomes_free(outcomes);
    fwvar_varlist_free(list);
    options.choice.only = name;
    ck_assert_int_eq(import(VAR("Mine", VENDOR, 6, "01")), 0);
    assert_outcome(0, FWVAR_OUTCOME_CARRIED);
    finish(&sr);
    ck_assert_uint_eq(sr_find(&sr, "Mine", VENDOR)->attributes, 7);
    sr_close(&sr);
}
END_TEST

START_TEST(what_the_firmware_would_reject)
{
    static const char *const bad[] = {
        VAR("RamLimitTo3GB", IG_CONFIG, 7, "00"),       /* size */
        VAR("RamLimitTo3GB", IG_CONFIG, 3, "00000000"), /* attributes */
        VAR("Boot000a", IG_GLOBAL, 7, "010000"),        /* lower case */
        VAR("Boot0000", IG_GLOBAL, 7, "010000"),        /* no load option */
        VAR("BootOrder", IG_GLOBAL, 7, "000000"),       /* odd */
        VAR("Mine", VENDOR, 4, "00")                    /* RT without BS, made NV */
    };
    static const char *const name[] = {"Mine", "Boot*", "ram-limit"};

    begin(0);
    options.choice = (struct fwvar_choice){.only = name, .only_count = 3};
    ck_assert_int_eq(import(bad[_i]), _i == 2 ? FWVAR_ERR_ARG : FWVAR_ERR_REFUSED);
    ck_assert_msg(strncmp(diag.message, "/0", 2) == 0, "%s", diag.message);
}
END_TEST

START_TEST(what_is_so_already_may_be_odd)
{
    struct fwvar_edit_report report;
    struct fwvar_patch patch;

    add("RamLimitTo3GB", IG_CONFIG, 3, "00", NULL);
    begin(0);
    ck_assert_int_eq(import(VAR("RamLimitTo3GB", IG_CONFIG, 3, "00")), 0);
    assert_outcome(0, FWVAR_OUTCOME_SAME);
    ck_assert_int_eq(fwvar_edit_finish(edit, &patch, &report, &diag), 0);
    ck_assert(!report.changed);
}
END_TEST

/* ---- time-authenticated variables ---- */

START_TEST(a_new_one_is_carried_with_its_time)
{
    struct sr_image sr;

    begin(0);
    ck_assert_int_eq(import(DB("aa", ",\"time\":\"" TIME "\"")), 0);
    assert_outcome(0, FWVAR_OUTCOME_CARRIED);
    finish(&sr);
    test_bytes(sr_find(&sr, "db", IMAGE_SECURITY)->time, TIME);
    sr_close(&sr);
}
END_TEST

START_TEST(an_old_one_is_not_changed)
{
    struct sr_image sr;

    add("db", IMAGE_SECURITY, 0x27, "aa", "2025-01-02 03:04:05");
    begin(0);
    ck_assert_int_eq(import(DB("bb", ",\"time\":\"" TIME "\"")), FWVAR_ERR_REFUSED);
    fwvar_varlist_free(list);
    /* Deleting it first does not make it new. */
    const struct fwvar_record *old = fwvar_variables_at(fwvar_edit_before(edit), 0);
    ck_assert_int_eq(fwvar_edit_delete(edit, &old->guid, old->name, 4, &diag),
                     FWVAR_ERR_REFUSED);
    ck_assert_int_eq(import(DB("aa", ",\"time\":\"" TIME "\"")), 0);
    assert_outcome(0, FWVAR_OUTCOME_SAME);
    finish(&sr);
    test_bytes(sr_find(&sr, "db", IMAGE_SECURITY)->time,
               "e9070102030405000000000000000000");
    sr_close(&sr);
}
END_TEST

START_TEST(an_old_one_is_changed_by_force)
{
    struct sr_image sr;

    add("db", IMAGE_SECURITY, 0x27, "aa", "2025-01-02 03:04:05");
    begin(FWVAR_EDIT_FORCE);
    ck_assert_int_eq(import(DB("bb", ",\"time\":\"" TIME "\"")), 0);
    finish(&sr);
    test_bytes(sr_find(&sr, "db", IMAGE_SECURITY)->time, TIME);
    sr_close(&sr);
}
END_TEST

START_TEST(without_time_it_is_left_or_an_error)
{
    begin(0);
    ck_assert_int_eq(import(DB("aa", "")), 0);
    assert_outcome(0, FWVAR_OUTCOME_REFUSED);
    fwvar_varlist_free(list);
    fwvar_outcomes_free(outcomes);
    outcomes = NULL;
    options.strict = true;
    ck_assert_int_eq(import(DB("aa", "")), FWVAR_ERR_REFUSED);
}
END_TEST

/* `patch --set` of a new one still needs force: nobody but the user answers for it. */
START_TEST(setting_a_new_one_needs_force)
{
    struct fwvar_guid guid;
    uint8_t time[16] = {0xea, 0x07, 1, 1};

    begin(0);
    ck_assert_int_eq(fwvar_guid_parse(IMAGE_SECURITY, &guid), 0);
    struct fwvar_variable v = {.guid = guid,
                               .name = (const uint8_t *)"d\0b",
                               .name_size = 4,
                               .attributes = 0x27,
                               .time = time,
                               .data = time,
                               .data_size = 1};
    ck_assert_int_eq(fwvar_edit_set(edit, &v, &diag), FWVAR_ERR_REFUSED);
}
END_TEST

/* ---- absence ---- */

static void add_boot(const char *name, const char *label)
{
    struct ig_bytes path = {0}, option = {0};

    ig_hex(&path, "04040a005c0061000000"
                  "7fff0400");
    ig_load_option(&option, 1, label, &path, false);
    ig_add(&im, &(struct ig_record){.name = name,
                                    .guid = IG_GLOBAL,
                                    .attributes = 7,
                                    .data = option.p,
                                    .size = option.size});
    ig_free(&path);
    ig_free(&option);
}

START_TEST(absence_means_nothing_unless_asked)
{
    begin(0);
    ck_assert_int_eq(import(VAR("Mine", VENDOR, 7, "01")), 0);
    ck_assert_uint_eq(fwvar_outcomes_count(outcomes), 1);
}
END_TEST

#define ORDER VAR("BootOrder", IG_GLOBAL, 7, "00000100")
#define NEXT  VAR("BootNext", IG_GLOBAL, 7, "0100")
#define KEY   VAR("Key0000", IG_GLOBAL, 7, "000000400000000001000b000000")

START_TEST(sync_deletes_runtime_variables)
{
    struct sr_image sr;

    add("Runtime", VENDOR, 7, "01", NULL);
    add("BootTime", VENDOR, 3, "01", NULL);
    add("Signed", VENDOR, 0x27, "01", NULL);
    add_boot("Boot0000", "one");
    add_boot("Boot0001", "two");
    add("BootOrder", IG_GLOBAL, 7, "00000100", NULL);
    add("BootNext", IG_GLOBAL, 7, "0100", NULL);
    add("Key0000", IG_GLOBAL, 7,
        "00000040000000000100"
        "0b000000",
        NULL);
    begin(0);
    options.sync = true;
    options.mend_order = true;
    const struct fwvar_record *boot = fwvar_variables_at(fwvar_edit_before(edit), 3);
    char hex[256], json[2048];
    for (uint32_t i = 0; i < boot->data_size; i++)
        snprintf(hex + (size_t)2 * i, 3, "%02x", boot->data[i]);
    snprintf(json, sizeof json,
             VAR("Boot0000", IG_GLOBAL, 7, "%s") "," ORDER "," NEXT "," KEY, hex);
    ck_assert_msg(import(json) == 0, "%s", diag.message);
    finish(&sr);
    ck_assert_ptr_null(sr_find(&sr, "Runtime", NULL));
    ck_assert_ptr_nonnull(sr_find(&sr, "BootTime", NULL)); /* no system shows it */
    ck_assert_ptr_nonnull(sr_find(&sr, "Signed", NULL));   /* not without force */
    ck_assert_ptr_nonnull(sr_find(&sr, "Boot0000", NULL));
    ck_assert_ptr_null(sr_find(&sr, "Boot0001", NULL));
    ck_assert_ptr_null(sr_find(&sr, "BootNext", NULL));
    ck_assert_ptr_null(sr_find(&sr, "Key0000", NULL));
    ck_assert_uint_eq(sr_find(&sr, "BootOrder", NULL)->data_size, 2);
    sr_close(&sr);
}
END_TEST

/* The hotkeys of entries that absence deletes go too: one the source names, one it does
 * not, one that no system shows; those of other entries stay. */
START_TEST(sync_leaves_no_hotkey_behind)
{
    struct sr_image sr;

    add_boot("Boot0000", "one");
    add_boot("Boot0001", "two");
    add_boot("Boot0002", "three");
    add("BootOrder", IG_GLOBAL, 7, "000001000200", NULL);
    add("Key0000", IG_GLOBAL, 7, "000000400000000001000b000000", NULL);
    add("Key0001", IG_GLOBAL, 7, "000000400000000001000c000000", NULL);
    add("Key0002", IG_GLOBAL, 3, "000000400000000001000d000000", NULL);
    add("Key0003", IG_GLOBAL, 3, "000000400000000002000e000000", NULL);
    add("Key0004", IG_GLOBAL, 3, "000000400000000000000f000000", NULL);
    begin(0);
    options.sync = true;
    options.mend_order = true;
    const struct fwvar_record *boot = fwvar_variables_at(fwvar_edit_before(edit), 0);
    char hex[256], json[2048];
    for (uint32_t i = 0; i < boot->data_size; i++)
        snprintf(hex + (size_t)2 * i, 3, "%02x", boot->data[i]);
    snprintf(json, sizeof json,
             VAR("Boot0000", IG_GLOBAL, 7, "%s") "," ORDER "," KEY, hex);
    ck_assert_msg(import(json) == 0, "%s", diag.message);
    finish(&sr);
    ck_assert_ptr_nonnull(sr_find(&sr, "Boot0000", NULL));
    ck_assert_ptr_null(sr_find(&sr, "Boot0001", NULL));
    ck_assert_ptr_null(sr_find(&sr, "Boot0002", NULL));
    ck_assert_ptr_null(sr_find(&sr, "Key0000", NULL));
    ck_assert_ptr_null(sr_find(&sr, "Key0001", NULL));
    ck_assert_ptr_null(sr_find(&sr, "Key0002", NULL));
    ck_assert_ptr_null(sr_find(&sr, "Key0003", NULL));
    ck_assert_ptr_nonnull(sr_find(&sr, "Key0004", NULL));
    sr_close(&sr);
}
END_TEST

/* efibootmgr in an ordinary folder: the file keeps the tail of the longer old value. */
START_TEST(an_order_with_a_tail)
{
    struct sr_image sr;

    add_boot("Boot0000", "one");
    add_boot("Boot0001", "two");
    add_boot("Boot0002", "three");
    add("BootOrder", IG_GLOBAL, 7, "000001000200", NULL);
    begin(0);
    ck_assert_int_eq(import(VAR("BootOrder", IG_GLOBAL, 7, "0200000002000900")),
                     0); /* refused at the end, unless mended */
    struct fwvar_patch patch;
    ck_assert_int_eq(fwvar_edit_finish(edit, &patch, NULL, &diag), FWVAR_ERR_REFUSED);
    fwvar_varlist_free(list);
    fwvar_outcomes_free(outcomes);
    options.mend_order = true;
    ck_assert_int_eq(import(VAR("BootOrder", IG_GLOBAL, 7, "0200000002000900")), 0);
    finish(&sr);
    const struct sr_record *r = sr_find(&sr, "BootOrder", NULL);
    ck_assert_uint_eq(r->data_size, 4);
    test_bytes(r->data, "02000000");
    sr_close(&sr);
}
END_TEST

/* ---- plans ---- */

START_TEST(a_document_is_a_plan)
{
    static const char text[] = "{\"version\":2,\"variables\":[" VAR(
        "RamLimitTo3GB", IG_CONFIG, 7, "00000000") "]}";
    struct fwvar_plan *plan;
    struct sr_image sr;

    begin(0);
    ck_assert_int_eq(fwvar_plan_read(text, sizeof text - 1, &plan, &diag), 0);
    ck_assert_int_eq(fwvar_plan_apply(plan, edit, NULL, &diag), 0);
    fwvar_plan_free(plan);
    finish(&sr);
    test_bytes(sr_find(&sr, "RamLimitTo3GB", IG_CONFIG)->data, "00000000");
    sr_close(&sr);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("import");
    TCase *t = tcase_create("import");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, attributes_that_are_not_said);
    tcase_add_test(t, volatile_ones_only_by_name);
    tcase_add_loop_test(t, what_the_firmware_would_reject, 0, 6);
    tcase_add_test(t, what_is_so_already_may_be_odd);
    tcase_add_test(t, a_new_one_is_carried_with_its_time);
    tcase_add_test(t, an_old_one_is_not_changed);
    tcase_add_test(t, an_old_one_is_changed_by_force);
    tcase_add_test(t, without_time_it_is_left_or_an_error);
    tcase_add_test(t, setting_a_new_one_needs_force);
    tcase_add_test(t, absence_means_nothing_unless_asked);
    tcase_add_test(t, sync_deletes_runtime_variables);
    tcase_add_test(t, sync_leaves_no_hotkey_behind);
    tcase_add_test(t, an_order_with_a_tail);
    tcase_add_test(t, a_document_is_a_plan);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_main(suite);
}
