/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Migrating into fixtures, whose code says which variables the release knows. */
#include "support/imagegen.h"
#include "support/secondreader.h"
#include "support/testmain.h"

#include <fwvar/migrate.h>

#include <stdlib.h>
#include <string.h>

#define DB     "d719b2cb-3d3a-4596-a3bc-dad00e67656f"
#define POLICY "5b6f7107-bb3c-4660-92cd-542690280bbd"
#define MTC    "eb704011-1402-11d3-8e77-00a0c969723b"
#define PI5    "677a7ac5-7d92-4288-8bf0-97048102d11c"
#define VENDOR "0f5d3a1e-52a7-4d3c-9a41-6f2b8d7c1e90"
#define FILE_A "04040a005c00610000007fff0400"
#define FILE_B "04040a005c00620000007fff0400"

static struct ig_image old;
static struct ig_bytes new;
static struct fwvar_image *image;
static struct fwvar_content *content;
static struct fwvar_release release;
static struct fwvar_edit *edit;
static struct fwvar_varlist *list;
static struct fwvar_outcomes *outcomes;
static struct fwvar_migrate_options options;
static struct fwvar_diag diag;
static struct sr_image sr;

static void setup(void)
{
    ig_create(&old, 0x1f0000, &ig_pi_2m);
    options = (struct fwvar_migrate_options){0};
}

static void teardown(void)
{
    sr_close(&sr);
    fwvar_outcomes_free(outcomes);
    fwvar_varlist_free(list);
    fwvar_edit_end(edit);
    fwvar_content_free(content);
    fwvar_image_close(image);
    ig_close(&old);
    ig_free(&new);
}

static void add(const char *name, const char *guid, uint32_t attributes, const char *hex,
                const char *time)
{
    struct ig_bytes data = {0};

    ig_hex(&data, hex);
    ig_set(&old, &(struct ig_record){.name = name,
                                     .guid = guid,
                                     .attributes = attributes,
                                     .data = data.p,
                                     .size = data.size,
                                     .time = time});
    ig_free(&data);
}

static uint32_t add_boot(const char *name, const char *label, const char *hex,
                         bool marked)
{
    struct ig_bytes path = {0}, option = {0};

    ig_hex(&path, hex);
    ig_load_option(&option, 1, label, &path, marked);
    ig_set(&old, &(struct ig_record){.name = name,
                                     .guid = IG_GLOBAL,
                                     .attributes = 7,
                                     .data = option.p,
                                     .size = option.size});
    uint32_t crc = ig_crc32(option.p, option.size);
    ig_free(&path);
    ig_free(&option);
    return crc;
}

static void read_old(void)
{
    struct fwvar_variables *variables;
    struct fwvar_image *from;

    ck_assert_int_eq(fwvar_image_open_bytes(old.file.p, old.file.size, 0, &from, NULL),
                     0);
    ck_assert_int_eq(fwvar_variables_read(fwvar_image_store(from), &variables, NULL), 0);
    ck_assert_int_eq(fwvar_varlist_from_store(variables, &list, NULL), 0);
    fwvar_variables_free(variables);
    fwvar_image_close(from);
}

/* Carries what was added into a fixture and reads that again. */
static void migrate_into(const char *fixture)
{
    struct fwvar_patch patch;

    read_old();
    ig_build(&new, fixture);
    ck_assert_int_eq(fwvar_content_open(new.p, new.size, &content, &diag), 0);
    fwvar_content_release(content, &release);
    options.content = content;
    options.board = release.board;
    options.version = release.version;
    ck_assert_int_eq(fwvar_image_open_bytes(new.p, new.size, 0, &image, &diag), 0);
    ck_assert_int_eq(fwvar_edit_begin(image, 0, &edit, &diag), 0);
    ck_assert_msg(fwvar_migrate(edit, list, &options, &outcomes, &diag) == 0, "%s",
                  diag.message);
    ck_assert_msg(fwvar_edit_finish(edit, &patch, NULL, &diag) == 0, "%s", diag.message);
    if (patch.size)
        memcpy(new.p + patch.offset, patch.bytes, patch.size);
    ck_assert_msg(sr_open(&sr, new.p, new.size), "%s", sr.error);
}

static void expect(const char *name, enum fwvar_outcome outcome)
{
    for (size_t i = 0; i < fwvar_outcomes_count(outcomes); i++) {
        const struct fwvar_outcome_item *item = fwvar_outcomes_at(outcomes, i);
        bool same = item->name_size == 2 * strlen(name);
        for (size_t k = 0; same && name[k]; k++)
            same = item->name[2 * k] == (uint8_t)name[k];
        if (!same)
            continue;
        ck_assert_msg(item->outcome == outcome, "%s: %s, %s", name,
                      fwvar_outcome_word(item->outcome), item->reason);
        return;
    }
    ck_abort_msg("%s is not in the report", name);
}

static const struct sr_record *there(const char *name, const char *guid)
{
    const struct sr_record *r = sr_find(&sr, name, guid);

    ck_assert_msg(r != NULL, "%s is not there", name);
    return r;
}

START_TEST(each_kind_of_outcome)
{
    add("RamLimitTo3GB", IG_CONFIG, 7, "00000000", NULL);
    add("RamMoreThan3GB", IG_CONFIG, 7, "01000000", NULL);
    add("CpuClock", IG_CONFIG, 7, "02", NULL);
    add("MTC", MTC, 7, "06000000", NULL);
    add("Mine", VENDOR, 7, "01", NULL);
    add("db", DB, 0x27, "aabb", "2025-01-02 03:04:05");
    add("Timeout", IG_GLOBAL, 7, "0300", NULL);
    migrate_into("rpi4-4m-stock");
    expect("RamLimitTo3GB", FWVAR_OUTCOME_CARRIED);
    expect("RamMoreThan3GB", FWVAR_OUTCOME_BOUND);
    expect("CpuClock", FWVAR_OUTCOME_SIZE);
    expect("MTC", FWVAR_OUTCOME_BOUND);
    expect("Mine", FWVAR_OUTCOME_UNKNOWN);
    expect("db", FWVAR_OUTCOME_CARRIED);
    expect("Timeout", FWVAR_OUTCOME_CARRIED);
    ck_assert_uint_eq(sr.n_live, 3);
    test_bytes(there("RamLimitTo3GB", IG_CONFIG)->data, "00000000");
    test_bytes(there("db", DB)->time, "e9070102030405000000000000000000");
    test_bytes(there("Timeout", IG_GLOBAL)->data, "0300");
}
END_TEST

START_TEST(all)
{
    options.all = true;
    add("MTC", MTC, 7, "06000000", NULL);
    add("Mine", VENDOR, 7, "01", NULL);
    migrate_into("rpi4-4m-stock");
    expect("MTC", FWVAR_OUTCOME_CARRIED);
    expect("Mine", FWVAR_OUTCOME_CARRIED);
    ck_assert_uint_eq(sr.n_live, 2);
}
END_TEST

START_TEST(boot_policy_was_renamed)
{
    static const char *const values[][2] = {{"00000000", "00000000"},
                                            {"01000000", "02000000"}};

    add("BootPolicy", IG_CONFIG, 7, values[_i][0], NULL);
    migrate_into("rpi4-2m-stock");
    expect("BootPolicy", FWVAR_OUTCOME_RENAMED);
    ck_assert_uint_eq(sr.n_live, 1);
    test_bytes(there("BootDiscoveryPolicy", POLICY)->data, values[_i][1]);
    ck_assert_uint_eq(there("BootDiscoveryPolicy", POLICY)->attributes, 7);
}
END_TEST

START_TEST(boot_policy_without_counterpart)
{
    add("BootPolicy", IG_CONFIG, 7, "02000000", NULL);
    migrate_into("rpi4-2m-stock");
    expect("BootPolicy", FWVAR_OUTCOME_REFUSED);
    ck_assert_uint_eq(sr.n_live, 0);
}
END_TEST

START_TEST(boot_policy_beside_its_successor)
{
    add("BootPolicy", IG_CONFIG, 7, "00000000", NULL);
    add("BootDiscoveryPolicy", POLICY, 7, "01000000", NULL);
    migrate_into("rpi4-2m-stock");
    expect("BootDiscoveryPolicy", FWVAR_OUTCOME_CARRIED);
    expect("BootPolicy", FWVAR_OUTCOME_UNKNOWN);
    test_bytes(there("BootDiscoveryPolicy", POLICY)->data, "01000000");
}
END_TEST

START_TEST(another_board)
{
    add("SystemTableMode", IG_CONFIG, 7, "02000000", NULL);
    add("RamLimitTo3GB", IG_CONFIG, 7, "00000000", NULL);
    migrate_into("rpi5-stock");
    expect("SystemTableMode", FWVAR_OUTCOME_RENAMED);
    expect("RamLimitTo3GB", FWVAR_OUTCOME_UNKNOWN);
    ck_assert_uint_eq(sr.n_live, 1);
    test_bytes(there("SystemTableMode", PI5)->data, "02000000");
}
END_TEST

START_TEST(the_menu)
{
    add_boot("Boot0002", "b", FILE_B, false);
    add_boot("Boot0004", "firmware's", FILE_A, true);
    uint32_t crc = add_boot("Boot0006", "a", FILE_A, false);
    add_boot("Boot0007", "orphan", FILE_A, false);
    add("BootOrder", IG_GLOBAL, 7, "060004000200", NULL);
    add("BootNext", IG_GLOBAL, 7, "0600", NULL);
    add("Key0005", IG_GLOBAL, 7,
        "0000004000000000"
        "0600"
        "0b000000",
        NULL);
    add("Key0006", IG_GLOBAL, 7,
        "0000004000000000"
        "0400"
        "17000000",
        NULL);
    migrate_into("rpi4-2m-stock");
    expect("Boot0002", FWVAR_OUTCOME_CARRIED);
    expect("Boot0004", FWVAR_OUTCOME_BOUND);
    expect("Boot0006", FWVAR_OUTCOME_CARRIED);
    expect("Boot0007", FWVAR_OUTCOME_REFUSED);
    expect("BootOrder", FWVAR_OUTCOME_CARRIED);
    expect("BootNext", FWVAR_OUTCOME_CARRIED);
    expect("Key0005", FWVAR_OUTCOME_CARRIED);
    expect("Key0006", FWVAR_OUTCOME_BOUND);
    ck_assert_uint_eq(sr.n_live, 5);
    test_bytes(there("BootOrder", NULL)->data, "01000000");
    test_bytes(there("BootNext", NULL)->data, "0100");
    const struct sr_record *a = there("Boot0001", NULL), *key = there("Key0000", NULL);
    ck_assert_uint_eq(ig_crc32(a->data, a->data_size), crc);
    test_bytes(key->data + 8, "01000b000000");
    ck_assert_uint_eq((uint32_t)(key->data[4] | key->data[5] << 8 | key->data[6] << 16) |
                          (uint32_t)key->data[7] << 24,
                      crc);
}
END_TEST

/* What the new image has already stays, behind; what both have is not doubled. */
START_TEST(into_a_menu)
{
    add_boot("Boot0000", "a", FILE_A, false);
    add("BootOrder", IG_GLOBAL, 7, "0000", NULL);
    migrate_into("rpi4-2m-saved");
    expect("Boot0000", FWVAR_OUTCOME_CARRIED);
    const struct sr_record *order = there("BootOrder", NULL);
    ck_assert_uint_eq(order->data_size, 18);
    test_bytes(order->data, "080000000100020003000400050006000700");
    ck_assert_ptr_nonnull(there("Boot0008", NULL));
}
END_TEST

START_TEST(only_and_except)
{
    static const char *const only[] = {"ram-limit", "Timeout"}, *const except[] = {"T*"};

    options.choice = (struct fwvar_choice){only, 2, except, 1};
    add("RamLimitTo3GB", IG_CONFIG, 7, "00000000", NULL);
    add("Timeout", IG_GLOBAL, 7, "0300", NULL);
    add("FanTemp", IG_CONFIG, 7, "3c000000", NULL);
    migrate_into("rpi4-2m-stock");
    ck_assert_uint_eq(fwvar_outcomes_count(outcomes), 1);
    ck_assert_uint_eq(sr.n_live, 1);
    ck_assert_ptr_nonnull(there("RamLimitTo3GB", NULL));
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("migrate");
    TCase *t = tcase_create("migrate");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, each_kind_of_outcome);
    tcase_add_test(t, all);
    tcase_add_loop_test(t, boot_policy_was_renamed, 0, 2);
    tcase_add_test(t, boot_policy_without_counterpart);
    tcase_add_test(t, boot_policy_beside_its_successor);
    tcase_add_test(t, another_board);
    tcase_add_test(t, the_menu);
    tcase_add_test(t, into_a_menu);
    tcase_add_test(t, only_and_except);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_main(suite);
}
