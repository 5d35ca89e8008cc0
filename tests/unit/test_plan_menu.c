/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The boot menu of plans: entries by label, orders, and what is left alone. */
#include "support/imagegen.h"
#include "support/planning.h"
#include "support/secondreader.h"

#include <fwvar/boot.h>

#include <stdlib.h>
#include <string.h>

#define GLOBAL IG_GLOBAL

START_TEST(entries_of_every_form)
{
    apply("\"boot\": {\"entries\": ["
          "{\"label\": \"h\", \"http\": \"http://192.0.2.1/a.efi\"},"
          "{\"label\": \"p\", \"pxe\": \"DC-A6-32-01-02-03\"},"
          "{\"label\": \"f, g\", \"file\": \"/EFI/BOOT/BOOTAA64.EFI\", \"active\": false,"
          " \"optional_data\": \"0102\"},"
          "{\"label\": \"d\", \"path\": \"PciRoot(0x0)/Uri(http://a/b)\","
          " \"optional_data\": \"utf16z:x\"}],"
          "\"order\": [\"d\", \"*\", \"f, g\"], \"next\": \"p\", \"timeout\": 7}");
    menu_is(
        "0003 d PciRoot(0x0)/Uri(http://a/b); "
        "0000 h Uri(http://192.0.2.1/a.efi); "
        "0001 p MAC(DCA632010203,0x1)/IPv4(0.0.0.0,0x0,DHCP,0.0.0.0,0.0.0.0,0.0.0.0); "
        "0002 f, g \\EFI\\BOOT\\BOOTAA64.EFI (off)");
    holds("BootNext", GLOBAL, "0100");
    holds("Timeout", GLOBAL, "0700");
}
END_TEST

START_TEST(a_label_is_updated_in_place)
{
    apply("\"boot\": {\"entries\": [{\"label\": \"a\", \"file\": \"x\"},"
          "{\"label\": \"b\", \"file\": \"y\", \"optional_data\": \"00\"}]}");
    apply("\"boot\": {\"entries\": [{\"label\": \"b\", \"http\": \"http://h/\","
          "\"active\": false}, {\"label\": \"c\", \"file\": \"z\"}]}");
    menu_is("0000 a x; 0001 b Uri(http://h/) (off); 0002 c z");
}
END_TEST

/* Only whether it is active is the plan's; HIDDEN stays. */
START_TEST(other_attributes_of_an_entry_stay)
{
    static const uint8_t hidden[] = {8, 0, 0, 0,   12, 0, 'a', 0,    0,    0, 4,
                                     4, 8, 0, 'x', 0,  0, 0,   0x7F, 0xFF, 4, 0};
    static const uint8_t order[] = {0, 0};

    ed_begin(&e, 0);
    ed_set(&e, GLOBAL, "Boot0000", 7, hidden, sizeof hidden);
    ed_set(&e, GLOBAL, "BootOrder", 7, order, sizeof order);
    ed_finish(&e);
    struct sr_image sr;
    apply("\"boot\": {\"entries\": [{\"label\": \"a\", \"file\": \"x\"}]}");
    ck_assert_int_eq(sr_open(&sr, e.file.p, e.file.size), 1);
    ck_assert_uint_eq(sr_find(&sr, "Boot0000", GLOBAL)->data[0], 9);
    sr_close(&sr);
}
END_TEST

/* The firmware deletes its own entries as it likes, so they are not taken over. */
START_TEST(what_the_firmware_made_is_not_ours)
{
    struct fwvar_boot_new own = {.label = "UEFI Net"};
    static const uint8_t path[] = {3, 0x18, 4, 0, 0x7F, 0xFF, 4, 0};

    own.path = path;
    own.path_size = sizeof path;
    own.data = fwvar_loadopt_auto_guid()->b;
    own.data_size = 16;
    ed_begin(&e, 0);
    ck_assert_int_eq(fwvar_boot_add(e.edit, &own, NULL, &diag), 0);
    ed_finish(&e);
    apply("\"boot\": {\"entries\": [{\"label\": \"UEFI Net\", \"http\": \"http://h/\"}],"
          "\"order\": [\"UEFI Net\", \"*\"]}");
    menu_is("0001 UEFI Net Uri(http://h/); 0000 UEFI Net Uri()");
}
END_TEST

START_TEST(several_of_one_label)
{
    struct fwvar_boot_new own = {.label = "a"};
    static const uint8_t paths[][8] = {{3, 0x18, 4, 0, 0x7F, 0xFF, 4, 0},
                                       {3, 0x0C, 4, 0, 0x7F, 0xFF, 4, 0}};

    ed_begin(&e, 0);
    for (size_t i = 0; i < 2; i++) {
        own.path = paths[i];
        own.path_size = sizeof paths[i];
        ck_assert_int_eq(fwvar_boot_add(e.edit, &own, NULL, &diag), 0);
    }
    ed_finish(&e);
    refuses("\"boot\": {\"entries\": [{\"label\": \"a\", \"file\": \"x\"}]}",
            FWVAR_ERR_AMBIGUOUS, "(/boot/entries/0/label)",
            "several boot entries are called a");
    ck_assert_ptr_nonnull(strstr(diag.hint, "0000 Uri()"));
    ck_assert_ptr_nonnull(strstr(diag.hint, "0001 "));
    refuses("\"boot\": {\"next\": \"a\"}", FWVAR_ERR_AMBIGUOUS, "(/boot/next)",
            "several");
}
END_TEST

START_TEST(orders_and_numbers)
{
    apply("\"boot\": {\"entries\": [{\"label\": \"a\", \"file\": \"x\"},"
          "{\"label\": \"0000\", \"file\": \"y\"}, {\"label\": \"c\", \"file\": \"z\"}],"
          "\"order\": [2, \"label:0000\", \"0000\"], \"next\": \"label:0000\"}");
    menu_is("0002 c z; 0001 0000 y; 0000 a x");
    holds("BootNext", GLOBAL, "0100");
    apply("\"boot\": {\"order\": [\"file\"], \"next\": \"none\"}");
    menu_is("0002 c z; 0001 0000 y; 0000 a x");
    holds("BootNext", GLOBAL, "");
    refuses("\"boot\": {\"order\": [\"a\"]}", FWVAR_ERR_ARG, "(/boot/order)",
            "0002 is left out");
    refuses("\"boot\": {\"order\": [\"q\", \"*\"]}", FWVAR_ERR_NOTFOUND, "(/boot/order)",
            "no boot entry q");
    refuses("\"boot\": {\"order\": [\"q,r\", \"*\"]}", FWVAR_ERR_NOTFOUND,
            "(/boot/order/0)", "no boot entry q,r");
    refuses("\"boot\": {\"next\": \"file\"}", FWVAR_ERR_AMBIGUOUS, "(/boot/next)",
            "several boot entries");
    refuses("\"boot\": {\"order\": [\"a\", \"Boot0000\", \"*\"]}", FWVAR_ERR_ARG,
            "(/boot/order)", "stands twice");
}
END_TEST

/* What "*" and "none" mean does not depend on how entries are called. */
START_TEST(entries_called_like_words)
{
    apply("\"boot\": {\"entries\": [{\"label\": \"a\", \"file\": \"x\"},"
          "{\"label\": \"*\", \"file\": \"y\"}, {\"label\": \"none\", \"file\": \"z\"}],"
          "\"order\": [\"label:*\", \"*\", \"a\"], \"next\": \"label:none\"}");
    menu_is("0001 * y; 0002 none z; 0000 a x");
    holds("BootNext", GLOBAL, "0200");
    apply("\"boot\": {\"order\": [\"none\", \"*\"], \"next\": \"none\"}");
    menu_is("0002 none z; 0001 * y; 0000 a x");
    holds("BootNext", GLOBAL, "");
}
END_TEST

START_TEST(a_broken_order_is_not_touched)
{
    ed_begin(&e, 0);
    ed_set(&e, GLOBAL, "Other", 7, "x", 1);
    ed_finish(&e);
    ed_free(&e);
    struct ig_image im;
    ig_create(&im, 0x1f0000, &ig_pi_2m);
    ig_add(&im, &(struct ig_record){.name = "BootOrder",
                                    .guid = GLOBAL,
                                    .attributes = 7,
                                    .data = (const uint8_t *)"\0\0\0",
                                    .size = 3});
    uint8_t *copy = malloc(im.file.size);
    memcpy(copy, im.file.p, im.file.size);
    ed_load(&e, copy, im.file.size);
    ig_close(&im);
    refuses("\"boot\": {\"entries\": [{\"label\": \"a\", \"file\": \"x\"}]}",
            FWVAR_ERR_DAMAGED, "(/boot)", "BootOrder is broken");
}
END_TEST

START_TEST(a_boot_entry_is_deleted_with_its_place)
{
    apply("\"boot\": {\"entries\": [{\"label\": \"a\", \"file\": \"x\"},"
          "{\"label\": \"b\", \"file\": \"y\"}], \"next\": \"a\"}");
    holds("BootOrder", GLOBAL, "00000100");
    apply("\"delete\": [\"Boot0000\", \"Boot0009\"]");
    holds("BootOrder", GLOBAL, "0100");
    holds("Boot0000", GLOBAL, "");
    holds("BootNext", GLOBAL, "");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("plan: menu");
    TCase *t = tcase_create("menu");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_boot_entry_is_deleted_with_its_place);
    tcase_add_test(t, entries_of_every_form);
    tcase_add_test(t, a_label_is_updated_in_place);
    tcase_add_test(t, other_attributes_of_an_entry_stay);
    tcase_add_test(t, what_the_firmware_made_is_not_ours);
    tcase_add_test(t, several_of_one_label);
    tcase_add_test(t, orders_and_numbers);
    tcase_add_test(t, entries_called_like_words);
    tcase_add_test(t, a_broken_order_is_not_touched);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_main(suite);
}
