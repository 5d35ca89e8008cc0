/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Scrubbing: nothing that ties an image to a board is left, and nothing else is lost. */
#include "support/imagegen.h"
#include "support/secondreader.h"
#include "support/testmain.h"

#include <fwvar/scrub.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define NDL    "e622443c-284e-4b47-a984-fd66b482dac0"
#define POLICY "5b6f7107-bb3c-4660-92cd-542690280bbd"
#define DHCP6  "9fb9a8a1-2f4a-43a6-889c-d0f7b6c47ad5"
#define HDDP   "fab7e9e1-39dd-4f2b-8408-e20e906cb6de"
#define MTC    "eb704011-1402-11d3-8e77-00a0c969723b"
#define VENDOR "0f5d3a1e-52a7-4d3c-9a41-6f2b8d7c1e90"
#define IP4    "5b446ed1-e30b-4faa-871a-3654eca36080"

#define MAC "dca632010203"
#define MAC_NODE                                                                         \
    "030b2500" MAC "0000000000000000000000000000000000000000000000000000"                \
    "01"
#define IP4_NODE                                                                         \
    "030c1b00"                                                                           \
    "0000000000000000000000000000000000000000000000"
#define END    "7fff0400"
#define PXE    MAC_NODE IP4_NODE END
#define SD     "01041400fa2c0c1086b598419b4c1683d195b1da" END
#define FILE_A "04040a005c0061000000" END

static struct ig_image im;
static struct fwvar_image *image;
static struct fwvar_edit *edit;
static struct fwvar_outcomes *outcomes;
static struct fwvar_scrub_options options;
static struct fwvar_diag diag;
static struct sr_image sr;

static void setup(void)
{
    ig_create(&im, 0x1f0000, &ig_pi_2m);
    options = (struct fwvar_scrub_options){0};
}

static void teardown(void)
{
    sr_close(&sr);
    fwvar_outcomes_free(outcomes);
    fwvar_edit_end(edit);
    fwvar_image_close(image);
    ig_close(&im);
}

static void add(const char *name, const char *guid, uint32_t attributes, const char *hex)
{
    struct ig_bytes data = {0};

    ig_hex(&data, hex);
    ig_set(&im, &(struct ig_record){.name = name,
                                    .guid = guid,
                                    .attributes = attributes,
                                    .data = data.p,
                                    .size = data.size});
    ig_free(&data);
}

/* Adds a boot entry; returns the CRC that a hotkey has of it. */
static uint32_t add_boot(const char *name, const char *label, const char *path_hex,
                         bool marked)
{
    struct ig_bytes path = {0}, option = {0};

    ig_hex(&path, path_hex);
    ig_load_option(&option, 1, label, &path, marked);
    ig_set(&im, &(struct ig_record){.name = name,
                                    .guid = IG_GLOBAL,
                                    .attributes = 7,
                                    .data = option.p,
                                    .size = option.size});
    uint32_t crc = ig_crc32(option.p, option.size);
    ig_free(&path);
    ig_free(&option);
    return crc;
}

static void add_key(const char *name, uint16_t number, uint32_t crc)
{
    struct ig_bytes key = {0};

    ig_le(&key, 0x40000000, 4);
    ig_le(&key, crc, 4);
    ig_le(&key, number, 2);
    ig_le(&key, 0x0b, 4);
    ig_set(&im, &(struct ig_record){.name = name,
                                    .guid = IG_GLOBAL,
                                    .attributes = 7,
                                    .data = key.p,
                                    .size = key.size});
    ig_free(&key);
}

static void scrub(void)
{
    struct fwvar_patch patch;

    ck_assert_int_eq(fwvar_image_open_bytes(im.file.p, im.file.size, 0, &image, &diag),
                     0);
    ck_assert_int_eq(fwvar_edit_begin(image, FWVAR_EDIT_COMPACT, &edit, &diag), 0);
    ck_assert_msg(fwvar_scrub(edit, &options, &outcomes, &diag) == 0, "%s", diag.message);
    ck_assert_msg(fwvar_edit_finish(edit, &patch, NULL, &diag) == 0, "%s", diag.message);
    if (patch.size)
        memcpy(im.file.p + patch.offset, patch.bytes, patch.size);
    ck_assert_msg(sr_open(&sr, im.file.p, im.file.size), "%s", sr.error);
}

static const char *outcome_of(const char *name, enum fwvar_outcome outcome)
{
    for (size_t i = 0; i < fwvar_outcomes_count(outcomes); i++) {
        const struct fwvar_outcome_item *item = fwvar_outcomes_at(outcomes, i);
        bool same = item->name_size == 2 * strlen(name);
        for (size_t k = 0; same && name[k]; k++)
            same = item->name[2 * k] == (uint8_t)name[k];
        if (same && item->outcome == outcome)
            return item->reason;
    }
    return NULL;
}

/* The MAC as bytes, and as text of any case and width. */
static bool has_mac(void)
{
    static const uint8_t mac[] = {0xdc, 0xa6, 0x32, 0x01, 0x02, 0x03};
    const uint8_t *p = im.file.p;

    for (size_t i = 0; i + 24 <= im.file.size; i++) {
        size_t narrow = 0, wide = 0;
        if (memcmp(p + i, mac, 6) == 0)
            return true;
        while (narrow < 12 && tolower(p[i + narrow]) == MAC[narrow])
            narrow++;
        while (wide < 12 && tolower(p[i + 2 * wide]) == MAC[wide] &&
               p[i + 2 * wide + 1] == 0)
            wide++;
        if (narrow == 12 || wide == 12)
            return true;
    }
    return false;
}

static void add_bound(void)
{
    add("BootDiscoveryPolicyOld", POLICY, 3, "02000000");
    add("_NDL", NDL, 3, MAC_NODE END);
    add("DCA632010203", IP4, 3, "0001");
    add("dca632010203\\0001", IP4, 3, "0001"); /* a VLAN of it */
    add("ClientId", DHCP6, 3, "0000" MAC);
    add("HDDP", HDDP, 3, "7f010400");
}

START_TEST(what_ties_goes)
{
    static const char *const gone[] = {
        "BootDiscoveryPolicyOld", "_NDL",     "DCA632010203",
        "dca632010203\\0001",     "ClientId", "HDDP"};

    add_bound();
    add("MTC", MTC, 7, "06000000");
    add("_NDL", NDL, 3, MAC_NODE END); /* so that there is a dead one */
    add("_NDL", VENDOR, 3, "01");      /* somebody else's */
    add("RamLimitTo3GB", IG_CONFIG, 7, "00000000");
    ck_assert(has_mac());
    scrub();
    for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++)
        ck_assert_msg(outcome_of(gone[i], FWVAR_OUTCOME_REMOVED), "%s", gone[i]);
    ck_assert(!has_mac());
    ck_assert_uint_eq(sr.n_live, 3);
    ck_assert_uint_eq(sr.n_records, 3);
    ck_assert_ptr_nonnull(sr_find(&sr, "_NDL", VENDOR));
    ck_assert_ptr_nonnull(sr_find(&sr, "MTC", MTC));
    ck_assert_ptr_nonnull(sr_find(&sr, "RamLimitTo3GB", IG_CONFIG));
}
END_TEST

static uint32_t crc_of(const uint8_t *key)
{
    return (uint32_t)(key[4] | key[5] << 8 | key[6] << 16) | (uint32_t)key[7] << 24;
}

START_TEST(the_menu_moves_up)
{
    add_boot("Boot0001", "pxe", PXE, true);
    uint32_t mine = add_boot("Boot0003", "mine", FILE_A, false);
    add_boot("Boot0005", "sd", SD, true);
    uint32_t own_sd = add_boot("Boot0007", "my sd", SD, false);
    add_boot("Boot0009", "not in order", FILE_A, false);
    add("BootOrder", IG_GLOBAL, 7, "05000700010003000700");
    add("BootNext", IG_GLOBAL, 7, "0700");
    add_key("Key0000", 1, 0);
    add_key("Key0001", 7, own_sd);
    add_key("Key0002", 3, mine ^ 1); /* was wrong */
    scrub();
    ck_assert_uint_eq(sr.n_live, 7);
    test_bytes(sr_find(&sr, "BootOrder", NULL)->data, "01000000");
    ck_assert_uint_eq(sr_find(&sr, "BootOrder", NULL)->data_size, 4);
    test_bytes(sr_find(&sr, "BootNext", NULL)->data, "0100");
    ck_assert_ptr_null(sr_find(&sr, "Key0000", NULL));
    const struct sr_record *b0 = sr_find(&sr, "Boot0000", NULL);
    const struct sr_record *b1 = sr_find(&sr, "Boot0001", NULL);
    ck_assert_uint_eq(ig_crc32(b0->data, b0->data_size), mine);
    ck_assert_uint_eq(ig_crc32(b1->data, b1->data_size), own_sd);
    ck_assert_ptr_nonnull(sr_find(&sr, "Boot0002", NULL));
    const uint8_t *key = sr_find(&sr, "Key0001", NULL)->data;
    ck_assert_mem_eq(key + 8, "\1\0", 2);
    ck_assert_uint_eq(crc_of(key), own_sd);
    key = sr_find(&sr, "Key0002", NULL)->data;
    ck_assert_mem_eq(key + 8, "\0\0", 2);
    ck_assert_uint_eq(crc_of(key), mine);
    ck_assert_str_eq(outcome_of("Boot0003", FWVAR_OUTCOME_RENUMBERED), "now Boot0000");
    ck_assert(!has_mac());
}
END_TEST

START_TEST(next_of_an_entry_that_goes)
{
    add_boot("Boot0000", "pxe", PXE, true);
    add("BootOrder", IG_GLOBAL, 7, "0000");
    add("BootNext", IG_GLOBAL, 7, "0000");
    scrub();
    ck_assert_uint_eq(sr.n_live, 0);
    ck_assert(!has_mac());
}
END_TEST

START_TEST(entries_made_by_hand_stay)
{
    add_boot("Boot0000", "mine", PXE, false);
    add("BootOrder", IG_GLOBAL, 7, "0000");
    scrub();
    ck_assert_ptr_nonnull(strstr(outcome_of("Boot0000", FWVAR_OUTCOME_KEPT), "dc:a6:32"));
    ck_assert_uint_eq(sr.n_live, 2);
}
END_TEST

START_TEST(unless_asked_for)
{
    static const char *const also[] = {"Boot0000", "MTC", "consoles"};

    options.also = also;
    options.also_count = 3;
    add_boot("Boot0000", "mine", PXE, false);
    add("BootOrder", IG_GLOBAL, 7, "0000");
    add("MTC", MTC, 7, "06000000");
    add("ConIn", IG_GLOBAL, 7, END);
    add("Mine", VENDOR, 7, "01");
    scrub();
    ck_assert_uint_eq(sr.n_live, 1);
    ck_assert(!has_mac());
}
END_TEST

START_TEST(keep)
{
    static const char *const names[] = {"_N*", "Boot0000"};

    options.keep = names;
    options.keep_count = 2;
    add_boot("Boot0000", "pxe", PXE, true);
    add("BootOrder", IG_GLOBAL, 7, "0000");
    add_bound();
    scrub();
    ck_assert_uint_eq(sr.n_live, 3);
    ck_assert_ptr_nonnull(outcome_of("_NDL", FWVAR_OUTCOME_KEPT));
    ck_assert_ptr_nonnull(outcome_of("Boot0000", FWVAR_OUTCOME_KEPT));
}
END_TEST

START_TEST(a_mac_elsewhere_is_named)
{
    static const char *const hex[] = {
        "00" MAC "00", "0044434136333230313032303300", /* text */
        "640063003a00610036003a00330032003a00300031003a00300032003a0030003300"};

    add("DCA632010203", IP4, 3, "0001");
    add("Mine", VENDOR, 7, hex[_i]);
    scrub();
    ck_assert_ptr_nonnull(outcome_of("Mine", FWVAR_OUTCOME_KEPT));
    ck_assert_uint_eq(sr.n_live, 1);
}
END_TEST

START_TEST(nothing_to_do_changes_nothing)
{
    struct fwvar_patch patch;

    add_boot("Boot0000", "mine", FILE_A, false);
    add("BootOrder", IG_GLOBAL, 3, "0000"); /* odd attributes are not ours to mend */
    scrub();
    ck_assert_uint_eq(fwvar_outcomes_count(outcomes), 0);
    ck_assert_int_eq(fwvar_edit_finish(edit, &patch, NULL, &diag), 0);
    ck_assert_uint_eq(patch.size, 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("scrub");
    TCase *t = tcase_create("scrub");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, what_ties_goes);
    tcase_add_test(t, the_menu_moves_up);
    tcase_add_test(t, next_of_an_entry_that_goes);
    tcase_add_test(t, entries_made_by_hand_stay);
    tcase_add_test(t, unless_asked_for);
    tcase_add_test(t, keep);
    tcase_add_loop_test(t, a_mac_elsewhere_is_named, 0, 3);
    tcase_add_test(t, nothing_to_do_changes_nothing);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_main(suite);
}
