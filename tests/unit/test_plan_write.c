/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Writing plans: what leads back to the image it came from. */
#include "support/editing.h"
#include "support/imagegen.h"
#include "support/testmain.h"

#include <fwvar/boot.h>
#include <fwvar/plan.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct editing e;
static struct fwvar_diag diag;
static char notes[2048];

static void note(void *context, const char *text)
{
    (void)context;
    strncat(notes, text, sizeof notes - strlen(notes) - 2);
    strcat(notes, "\n");
}

static void setup(void)
{
    memset(&e, 0, sizeof e);
    notes[0] = '\0';
}

static void teardown(void)
{
    ed_free(&e);
}

static void load(const char *fixture)
{
    size_t size;

    ed_free(&e);
    memset(&e, 0, sizeof e);
    uint8_t *bytes = test_fixture(fixture, &size);
    ed_load(&e, bytes, size);
}

/* The plan of the image; to be freed. */
static char *write_plan(void)
{
    struct fwvar_firmware *firmware;
    char *text;

    notes[0] = '\0';
    ed_begin(&e, 0);
    ck_assert_int_eq(fwvar_firmware_open(e.image, NULL, &firmware, &diag), 0);
    ck_assert_msg(fwvar_plan_write(fwvar_edit_before(e.edit), firmware, note, NULL, &text,
                                   &diag) == 0,
                  "%s", diag.message);
    fwvar_firmware_free(firmware);
    ed_finish(&e);
    return text;
}

static void apply(const char *text)
{
    struct fwvar_plan *plan;

    ck_assert_msg(fwvar_plan_read(text, strlen(text), &plan, &diag) == 0, "%s\n%s", text,
                  diag.message);
    ed_begin(&e, 0);
    ck_assert_msg(fwvar_plan_apply(plan, e.edit, NULL, &diag) == 0, "%s\n%s", text,
                  diag.message);
    fwvar_plan_free(plan);
    ed_finish(&e);
}

/* A plan without what stands for other entries, which images have or not. */
static json_t *parsed(const char *text)
{
    json_t *root = json_loads(text, 0, NULL);
    json_t *order = json_object_get(json_object_get(root, "boot"), "order");

    ck_assert_ptr_nonnull(root);
    for (size_t i = json_array_size(order); i-- > 0;) {
        if (strcmp(json_string_value(json_array_get(order, i)), "*") == 0)
            json_array_remove(order, i);
    }
    return root;
}

/* Writes the plan of the image, applies it to the image, which must not change, and to
 * another, whose plan must then say the same. */
static char *leads_back(const char *stock)
{
    char *text = write_plan();

    apply(text);
    ck_assert_msg(!e.report.changed, "its own plan changes the image:\n%s", text);
    load(stock);
    apply(text);
    char *again = write_plan();
    json_t *first = parsed(text), *second = parsed(again);
    ck_assert_msg(json_equal(first, second), "%s\nis not\n%s", again, text);
    json_decref(first);
    json_decref(second);
    free(again);
    return text;
}

static void has(const char *text, const char *part)
{
    ck_assert_msg(strstr(text, part), "%s\nhas no %s", text, part);
}

START_TEST(stock_images_have_nothing_to_say)
{
    load("rpi4-2m-stock");
    char *text = write_plan();
    ck_assert_str_eq(text, "{\n  \"schema\": 1\n}\n");
    free(text);
}
END_TEST

START_TEST(every_fixture_leads_back_to_itself)
{
    static const char *const names[] = {"aavmf-vars",    "ovmf-2m-vars",  "ovmf-4m-keys",
                                        "ovmf-4m-vars",  "ovmf-combined", "plain-store",
                                        "rpi3-2m-stock", "rpi4-2m-saved", "rpi4-2m-stock",
                                        "rpi4-4m-stock", "rpi4-old-2m",   "rpi5-stock"};

    load(names[_i]);
    char *text = write_plan();
    apply(text);
    ck_assert_msg(!e.report.changed, "%s: its own plan changes it:\n%s", names[_i], text);
    free(text);
}
END_TEST

START_TEST(settings_and_menu)
{
    load("rpi4-2m-saved");
    apply("{\"schema\": 1, \"settings\": {\"ram-limit\": 0, \"cpu-clock\": \"max\","
          "\"custom-cpu-clock\": 1400, \"asset-tag\": \"a{{b}}\"},"
          "\"boot\": {\"entries\": ["
          "{\"label\": \"net {{x}}\", \"http\": \"http://h/{{x}}\"},"
          "{\"label\": \"none\", \"pxe\": \"dca632010203\", \"active\": false},"
          "{\"label\": \"0001\", \"file\": \"/a\", \"optional_data\": \"00ff\"},"
          "{\"label\": \"d\", \"path\": \"PciRoot(0x0)/Pci(0x1,0x0)\"}],"
          "\"order\": [\"d\", \"*\", \"label:none\"], \"next\": \"label:0001\","
          "\"timeout\": 3}}");
    ck_assert(e.report.changed);
    char *text = leads_back("rpi4-2m-stock");
    has(text, "\"ram-limit\": \"off\"");
    has(text, "\"asset-tag\": \"a{{b}}\"");
    has(text, "\"custom-cpu-clock\": 1400");
    has(text, "\"http\": \"http://h/{{x}}\"");
    has(text, "\"pxe\": \"dc:a6:32:01:02:03\",\n        \"active\": false");
    has(text, "\"file\": \"\\\\a\",\n        \"optional_data\": \"00ff\"");
    has(text, "\"path\": \"PciRoot(0x0)/Pci(0x1,0x0)\"");
    has(text, "\"next\": \"label:0001\"");
    has(text, "\"timeout\": 3");
    free(text);
}
END_TEST

/* A value that has no word and is out of range, as bytes. */
START_TEST(values_that_the_tables_do_not_have)
{
    load("rpi4-2m-stock");
    ed_begin(&e, 0);
    ed_set_u32(&e, IG_CONFIG, "CpuClock", 77);
    ed_finish(&e);
    char *text = leads_back("rpi4-2m-stock");
    has(text, "\"cpu-clock\": \"hex:4d000000\"");
    free(text);
}
END_TEST

START_TEST(what_a_plan_cannot_say_is_told)
{
    struct fwvar_boot_new entry = {.label = "twin"};
    static const uint8_t paths[][8] = {{3, 0x18, 4, 0, 0x7F, 0xFF, 4, 0},
                                       {3, 0x0C, 4, 0, 0x7F, 0xFF, 4, 0}};

    load("rpi4-2m-stock");
    ed_begin(&e, FWVAR_EDIT_FORCE);
    for (size_t i = 0; i < 2; i++) {
        entry.path = paths[i];
        entry.path_size = sizeof paths[i];
        ck_assert_int_eq(fwvar_boot_add(e.edit, &entry, NULL, &diag), 0);
    }
    ck_assert_int_eq(fwvar_boot_add_file(e.edit, "good", "x", NULL, &diag), 0);
    ck_assert_int_eq(fwvar_boot_act(e.edit, FWVAR_BOOT_NEXT, "0001", &diag), 0);
    ed_set(&e, IG_GLOBAL, "Boot0009", 7,
           "\1\0\0\0\x0C\0a\0\0\0\4\4\x08\0x\0\0\0\x7F\xFF\4\0", 22);
    ed_set(&e, IG_CONFIG, "RamLimitTo3GB", 7, "\0", 1);
    ed_set(&e, IG_CONFIG, "CpuClock", 3, "\3\0\0\0", 4);
    ed_finish(&e);
    char *text = leads_back("rpi4-2m-stock");
    has(text, "\"label\": \"good\"");
    ck_assert_ptr_null(strstr(text, "twin"));
    ck_assert_ptr_null(strstr(text, "settings"));
    free(text);
}
END_TEST

START_TEST(notes_name_the_reason)
{
    load("rpi4-2m-stock");
    ed_begin(&e, FWVAR_EDIT_FORCE);
    ed_set(&e, IG_CONFIG, "RamLimitTo3GB", 7, "\0", 1);
    ed_set(&e, IG_CONFIG, "CpuClock", 3, "\3\0\0\0", 4);
    ed_set(&e, IG_GLOBAL, "Boot0009", 7,
           "\1\0\0\0\x0C\0a\0\0\0\4\4\x08\0x\0\0\0\x7F\xFF\4\0", 22);
    ed_set(&e, IG_GLOBAL, "BootNext", 7, "\t\0", 2);
    ed_finish(&e);
    char *text = write_plan();
    ck_assert_str_eq(text, "{\n  \"schema\": 1\n}\n");
    has(notes, "ram-limit is left out: it has 1 bytes, the firmware takes 4");
    has(notes, "cpu-clock is left out: its attributes");
    has(notes, "Boot0009 (a) is left out: BootOrder does not name it");
    has(notes, "BootNext is left out: 0009 is no entry of the plan");
    free(text);
}
END_TEST

/* Firmware-made entries in two places: then no order can be told. */
START_TEST(an_order_that_is_scattered)
{
    struct fwvar_boot_new own = {.label = "auto"};
    static const uint8_t path[] = {3, 0x18, 4, 0, 0x7F, 0xFF, 4, 0};

    load("rpi4-2m-stock");
    ed_begin(&e, 0);
    own.path = path;
    own.path_size = sizeof path;
    own.data = fwvar_loadopt_auto_guid()->b;
    own.data_size = 16;
    ck_assert_int_eq(fwvar_boot_add(e.edit, &own, NULL, &diag), 0);
    ck_assert_int_eq(fwvar_boot_add_file(e.edit, "a", "x", NULL, &diag), 0);
    own.label = "auto2";
    ck_assert_int_eq(fwvar_boot_add(e.edit, &own, NULL, &diag), 0);
    ed_finish(&e);
    char *text = write_plan();
    ck_assert_ptr_null(strstr(text, "order"));
    has(notes, "the order is left out");
    apply(text);
    ck_assert(!e.report.changed);
    free(text);
    ed_begin(&e, 0);
    ck_assert_int_eq(fwvar_boot_order(e.edit, "a,*", &diag), 0);
    ed_finish(&e);
    text = write_plan();
    has(text, "\"order\": [\n      \"a\",\n      \"*\"\n    ]");
    free(text);
}
END_TEST

/* Every real image that is there. */
START_TEST(real_images)
{
    static const char *const names[] = {"rpi4-v1.20-saved.fd", "rpi4-v1.35-stock.fd",
                                        "rpi4-4m-custom-stock.fd", "rpi4-4m-bootnext.fd",
                                        "rpi5-stock.fd"};
    const char *images = getenv("FWVAR_IMAGES");
    size_t size;

    if (!images)
        return;
    uint8_t *bytes = test_file(images, names[_i], &size);
    ed_load(&e, bytes, size);
    char *text = write_plan();
    apply(text);
    ck_assert_msg(!e.report.changed, "%s: its own plan changes it:\n%s", names[_i], text);
    free(text);
}
END_TEST

START_TEST(a_saved_image_and_the_next_release)
{
    const char *images = getenv("FWVAR_IMAGES");
    size_t size;

    if (!images)
        return;
    uint8_t *bytes = test_file(images, "rpi4-v1.20-saved.fd", &size);
    ed_load(&e, bytes, size);
    apply(
        "{\"schema\": 1, \"settings\": {\"ram-limit\": \"off\"}, \"boot\": {\"entries\":"
        "[{\"label\": \"iPXE\", \"http\": \"http://192.0.2.1/ipxe.efi\"}],"
        "\"order\": [\"iPXE\", \"*\"]}}");
    char *text = write_plan();
    has(text, "\"ram-limit\": \"off\"");
    has(text, "\"label\": \"iPXE\"");
    ed_free(&e);
    memset(&e, 0, sizeof e);
    bytes = test_file(images, "rpi4-v1.35-stock.fd", &size);
    ed_load(&e, bytes, size);
    apply(text);
    ck_assert(e.report.changed);
    free(text);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("plan: writing");
    TCase *t = tcase_create("plan");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, stock_images_have_nothing_to_say);
    tcase_add_loop_test(t, every_fixture_leads_back_to_itself, 0, 12);
    tcase_add_test(t, settings_and_menu);
    tcase_add_test(t, values_that_the_tables_do_not_have);
    tcase_add_test(t, what_a_plan_cannot_say_is_told);
    tcase_add_test(t, notes_name_the_reason);
    tcase_add_test(t, an_order_that_is_scattered);
    tcase_add_loop_test(t, real_images, 0, 5);
    tcase_add_test(t, a_saved_image_and_the_next_release);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_main(suite);
}
