/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The boot menu: reading it, editing it, and what hangs on its entries. */
#include "support/editing.h"
#include "support/testmain.h"

#include <fwvar/boot.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct editing e;
static struct ig_bytes before;

static void keep(void)
{
    ig_free(&before);
    ig_put(&before, e.file.p, e.file.size);
}

static void load(const char *name)
{
    size_t size;
    uint8_t *bytes = test_fixture(name, &size);

    ed_free(&e);
    ed_load(&e, bytes, size);
    keep();
    ed_begin(&e, 0);
}

static void start(void)
{
    load("rpi4-2m-saved");
}

static void stop(void)
{
    ed_free(&e);
    ig_free(&before);
}

/* Finishes the transaction and begins the next one. */
static void commit(void)
{
    ed_finish(&e);
    keep();
    ed_begin(&e, 0);
}

static struct sr_image sr;

static const struct sr_record *stored(const char *name)
{
    sr_close(&sr);
    ck_assert(sr_open(&sr, e.file.p, e.file.size));
    return sr_find(&sr, name, IG_GLOBAL);
}

/* BootOrder as text: "0000 0001". */
static const char *order_now(void)
{
    static char text[512];
    const struct sr_record *r = stored("BootOrder");
    size_t at = 0;

    text[0] = '\0';
    for (size_t i = 0; r && i + 1 < r->data_size; i += 2)
        at += (size_t)snprintf(text + at, sizeof text - at, "%s%02X%02X", i ? " " : "",
                               r->data[i + 1], r->data[i]);
    return r ? text : "none";
}

static void act(enum fwvar_boot_action action, const char *entry)
{
    ck_assert_msg(fwvar_boot_act(e.edit, action, entry, &e.diag) == 0, "%s",
                  e.diag.message);
}

static int try_act(enum fwvar_boot_action action, const char *entry)
{
    memset(&e.diag, 0, sizeof e.diag);
    return fwvar_boot_act(e.edit, action, entry, &e.diag);
}

static int try_order(const char *text)
{
    memset(&e.diag, 0, sizeof e.diag);
    return fwvar_boot_order(e.edit, text, &e.diag);
}

/* ---- reading ---- */

START_TEST(the_saved_menu)
{
    static const struct {
        enum fwvar_boot_class kind;
        bool automatic, mac;
        const char *label;
    } expected[] = {
        {FWVAR_BOOT_MENU, true, false, "UiApp"},
        {FWVAR_BOOT_SHELL, true, false, "UEFI Shell"},
        {FWVAR_BOOT_DISK, true, false, "SD/MMC on Arasan SDHCI"},
        {FWVAR_BOOT_DISK, true, false, NULL},
        {FWVAR_BOOT_PXE4, true, true, "UEFI PXEv4 (MAC:DCA632010203)"},
        {FWVAR_BOOT_PXE6, true, true, "UEFI PXEv6 (MAC:DCA632010203)"},
        {FWVAR_BOOT_HTTP4, true, true, "UEFI HTTPv4 (MAC:DCA632010203)"},
        {FWVAR_BOOT_HTTP6, true, true, "UEFI HTTPv6 (MAC:DCA632010203)"},
    };
    struct fwvar_boot_menu m;

    ck_assert_int_eq(fwvar_boot_menu_pending(e.edit, &m, &e.diag), 0);
    ck_assert_uint_eq(m.count, 8);
    ck_assert_uint_eq(m.order_count, 8);
    ck_assert(m.has_order && !m.order_odd && !m.has_next && m.has_timeout);
    ck_assert_uint_eq(m.timeout, 5);
    for (size_t i = 0; i < 8; i++) {
        const struct fwvar_boot_entry *b = &m.entries[i];
        ck_assert_uint_eq(b->number, i);
        ck_assert_uint_eq(m.order[i], i);
        ck_assert_int_eq(b->kind, expected[i].kind);
        ck_assert_int_eq(b->auto_created, expected[i].automatic);
        ck_assert_int_eq(b->has_mac, expected[i].mac);
        ck_assert(b->in_order && !b->is_next);
        if (expected[i].label)
            ck_assert_str_eq(b->label, expected[i].label);
        ck_assert_str_ne(b->path, "");
        ck_assert_ptr_eq(fwvar_boot_menu_find(&m, (uint16_t)i), b);
    }
    ck_assert_ptr_null(fwvar_boot_menu_find(&m, 8));
    test_bytes(m.entries[4].mac, "dca632010203");
    fwvar_boot_menu_free(&m);
}
END_TEST

START_TEST(no_menu_at_all)
{
    struct fwvar_boot_menu m;

    load("rpi4-4m-stock");
    ck_assert_int_eq(fwvar_boot_menu_pending(e.edit, &m, &e.diag), 0);
    ck_assert(m.count == 0 && !m.has_order && !m.has_next && !m.has_timeout);
    fwvar_boot_menu_free(&m);
    ck_assert_int_eq(try_act(FWVAR_BOOT_FIRST, "0000"), FWVAR_ERR_NOTFOUND);
    ck_assert_ptr_nonnull(strstr(e.diag.hint, "--boot-http"));
    ck_assert_int_eq(try_order("*"), 0);
    act(FWVAR_BOOT_NEXT, "none");
    ed_finish(&e);
    ck_assert(!e.report.changed);
}
END_TEST

/* ---- adding ---- */

START_TEST(the_pxe_entry_byte_for_byte)
{
    uint16_t n = 99;

    load("rpi4-4m-stock");
    ck_assert_int_eq(fwvar_boot_add_pxe(e.edit, NULL, "d8:3a:dd:61:4d:15", &n, &e.diag),
                     0);
    ck_assert_uint_eq(n, 0);
    commit();
    const struct sr_record *r = stored("Boot0000");
    ck_assert_uint_eq(r->attributes, 7);
    ck_assert_uint_eq(r->data_size, 150 - 16); /* without the firmware's mark */
    test_bytes(r->data, "010000004400"
                        "5500450046004900200050005800450076003400200028004d00410043003a00"
                        "4400380033004100440044003600310034004400310035002900"
                        "0000"
                        "030b2500d83add614d150000000000000000000000000000000000000000"
                        "00000000000001"
                        "030c1b000000000000000000000000000000000000000000000000"
                        "7fff0400");
    ck_assert_str_eq(order_now(), "0000");
    ck_assert_int_eq(fwvar_boot_add_pxe(e.edit, NULL, "D8-3A-DD-61-4D-15", &n, &e.diag),
                     0); /* the same card */
    ck_assert_uint_eq(n, 0);
    ed_finish(&e);
    ck_assert(!e.report.changed);
}
END_TEST

START_TEST(numbers_are_the_lowest_free_ones)
{
    uint16_t n;

    ck_assert_int_eq(
        fwvar_boot_add_http(e.edit, "First", "http://192.0.2.1/a.efi", &n, &e.diag), 0);
    ck_assert_uint_eq(n, 8);
    ck_assert_int_eq(fwvar_boot_add_file(e.edit, NULL, "/EFI/x.efi", &n, &e.diag), 0);
    ck_assert_uint_eq(n, 9);
    act(FWVAR_BOOT_REMOVE, "0003");
    commit();
    ck_assert_str_eq(order_now(), "0000 0001 0002 0004 0005 0006 0007 0008 0009");
    ck_assert_int_eq(
        fwvar_boot_add_http(e.edit, "Second", "http://192.0.2.1/b.efi", &n, &e.diag), 0);
    ck_assert_uint_eq(n, 3);
    ck_assert_int_eq(
        fwvar_boot_add_http(e.edit, "First", "http://192.0.2.1/a.efi", &n, &e.diag), 0);
    ck_assert_uint_eq(n, 8); /* there already */
    commit();
    ck_assert_str_eq(order_now(), "0000 0001 0002 0004 0005 0006 0007 0008 0009 0003");
    test_bytes(stored("Boot0009")->data + 6 + 2 * 11,
               "04041a005c004500460049005c0078002e0065006600690000007fff0400");
}
END_TEST

START_TEST(an_entry_outside_the_order_is_put_into_it)
{
    uint16_t n;

    ck_assert_int_eq(fwvar_boot_add_http(e.edit, NULL, "http://h/a.efi", &n, &e.diag), 0);
    ck_assert_int_eq(try_order("0000,0001,0002,0003,0004,0005,0006,0007,0008"), 0);
    commit();
    ed_begin(&e, FWVAR_EDIT_FORCE);
    ed_set(&e, IG_GLOBAL, "BootOrder", 7, "\1\0", 2);
    commit();
    ck_assert_str_eq(order_now(), "0001");
    ck_assert_int_eq(fwvar_boot_add_http(e.edit, NULL, "http://h/a.efi", &n, &e.diag), 0);
    ck_assert_uint_eq(n, 8);
    commit();
    ck_assert_str_eq(order_now(), "0001 0008");
}
END_TEST

START_TEST(what_cannot_be_added)
{
    static const char *const urls[] = {
        "",          "ftp://h/x",    "http://",           "https://",
        "http:///x", "http://h/a b", "http://h/\xc3\xa4", "http://?x",
        "h/x.efi"};
    static const char *const macs[] = {"",
                                       "dc:a6:32:01:02",
                                       "dc:a6:32:01:02:03:04",
                                       "dca63201020g",
                                       "dca6320102033",
                                       "+ca632010203"};

    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        ck_assert_msg(fwvar_boot_add_http(e.edit, "L", urls[i], NULL, &e.diag) ==
                          FWVAR_ERR_ARG,
                      "%s", urls[i]);
        ck_assert_str_ne(e.diag.hint, "");
    }
    for (size_t i = 0; i < sizeof macs / sizeof macs[0]; i++)
        ck_assert_msg(fwvar_boot_add_pxe(e.edit, "L", macs[i], NULL, &e.diag) ==
                          FWVAR_ERR_ARG,
                      "%s", macs[i]);
    ck_assert_int_eq(fwvar_boot_add_http(e.edit, "", "http://h/a", NULL, &e.diag),
                     FWVAR_ERR_ARG);
    ck_assert_int_eq(fwvar_boot_add_http(e.edit, "\xff", "http://h/a", NULL, &e.diag),
                     FWVAR_ERR_ARG);
    ck_assert_int_eq(fwvar_boot_add_file(e.edit, NULL, "", NULL, &e.diag), FWVAR_ERR_ARG);
    ck_assert_int_eq(fwvar_boot_add_file(e.edit, "L", "\xff", NULL, &e.diag),
                     FWVAR_ERR_ARG);
    ck_assert_int_eq(fwvar_boot_add_path(e.edit, "L", "Nonsense(1)", NULL, &e.diag),
                     FWVAR_ERR_ARG);
    char *longer = malloc(70000);
    ck_assert_ptr_nonnull(longer);
    memset(longer, 'a', 69999);
    longer[69999] = '\0';
    ck_assert_int_lt(fwvar_boot_add_file(e.edit, "L", longer, NULL, &e.diag), 0);
    memcpy(longer, "http://h/", 9);
    ck_assert_int_lt(fwvar_boot_add_http(e.edit, "L", longer, NULL, &e.diag), 0);
    free(longer);
    ed_finish(&e);
    ck_assert(!e.report.changed);
}
END_TEST

/* ---- order ---- */

static const struct {
    const char *text, *result; /* NULL: refused */
} orders[] = {
    {"*", "0000 0001 0002 0003 0004 0005 0006 0007"},
    {"0004,*", "0004 0000 0001 0002 0003 0005 0006 0007"},
    {"*,0000", "0001 0002 0003 0004 0005 0006 0007 0000"},
    {"0004 , *, Boot0000 ,0001", "0004 0002 0003 0005 0006 0007 0000 0001"},
    {"pxe4,http4,*", "0004 0006 0000 0001 0002 0003 0005 0007"},
    {"disk,*", "0002 0003 0000 0001 0004 0005 0006 0007"},
    {"UEFI Shell,*,label:UiApp", "0001 0002 0003 0004 0005 0006 0007 0000"},
    {"7,*", NULL},
    {"0007,0006,0005,0004,0003,0002,0001,0000",
     "0007 0006 0005 0004 0003 0002 0001 0000"},
    {"0007,0006,0005,0004,0003,0002,0001", NULL}, /* 0000 is left out */
    {"0001,0001,*", NULL},
    {"pxe4,0004,*", NULL}, /* twice the same */
    {"*,*", NULL},
    {"0008,*", NULL},
    {"label:pxe4,*", NULL},
    {"", NULL},
};

START_TEST(orders_as_text)
{
    int code = try_order(orders[_i].text);

    if (!orders[_i].result) {
        ck_assert_msg(code != 0, "%s", orders[_i].text);
        ck_assert_str_ne(e.diag.message, "");
        return;
    }
    ck_assert_msg(code == 0, "%s: %s", orders[_i].text, e.diag.message);
    commit();
    ck_assert_str_eq(order_now(), orders[_i].result);
    ck_assert_int_eq(try_order(orders[_i].text), 0); /* again */
    ed_finish(&e);
    ck_assert(!e.report.changed || strstr(orders[_i].text, "*,")); /* * may turn round */
}
END_TEST

START_TEST(first_and_last)
{
    act(FWVAR_BOOT_FIRST, "pxe4");
    act(FWVAR_BOOT_LAST, "Boot0001");
    commit();
    ck_assert_str_eq(order_now(), "0004 0000 0002 0003 0005 0006 0007 0001");
    act(FWVAR_BOOT_FIRST, "pxe4");
    act(FWVAR_BOOT_LAST, "shell");
    ed_finish(&e);
    ck_assert(!e.report.changed);
    ed_begin(&e, 0);
    act(FWVAR_BOOT_LAST, "disk"); /* keeps the order within the class */
    commit();
    ck_assert_str_eq(order_now(), "0004 0000 0005 0006 0007 0001 0002 0003");
    ck_assert_uint_eq(stored("BootOrder")->attributes, 7);
}
END_TEST

START_TEST(an_order_that_was_not_ours)
{
    ed_free(&e);
    size_t size;
    uint8_t *bytes = test_fixture("rpi4-2m-saved", &size);
    ed_load(&e, bytes, size);
    size_t at = (size_t)(stored("BootOrder")->data - e.file.p);
    memcpy(e.file.p + at, "\0\0\x42\0\2\0\2\0\3\0\4\0\5\0\x42\0", 16);
    ed_begin(&e, 0); /* 0042 is not there, 0002 and 0042 stand twice, 0001 is missing */
    act(FWVAR_BOOT_FIRST, "pxe4");
    commit();
    ck_assert_str_eq(order_now(), "0004 0000 0042 0002 0002 0003 0005 0042");
    act(FWVAR_BOOT_REMOVE, "disk"); /* an entry that stands twice goes once */
    commit();
    ck_assert_str_eq(order_now(), "0004 0000 0042 0005 0042");
    ck_assert_ptr_null(stored("Boot0002"));
    ck_assert_int_eq(try_order("0000,0004,0005"), 0); /* nobody can name 0042 */
    commit();
    ck_assert_str_eq(order_now(), "0000 0004 0005");
}
END_TEST

START_TEST(an_order_of_odd_size)
{
    ed_free(&e);
    size_t size;
    uint8_t *bytes = test_fixture("rpi4-2m-saved", &size);
    ed_load(&e, bytes, size);
    ed_begin(&e, FWVAR_EDIT_FORCE);
    ed_set(&e, IG_GLOBAL, "BootOrder", 7, "\0\0\1", 3);
    commit();
    ck_assert_int_eq(try_act(FWVAR_BOOT_FIRST, "0001"), FWVAR_ERR_DAMAGED);
    ck_assert_int_eq(try_order("*"), FWVAR_ERR_DAMAGED);
    ck_assert_int_eq(fwvar_boot_add_http(e.edit, NULL, "http://h/", NULL, &e.diag),
                     FWVAR_ERR_DAMAGED);
    ck_assert_str_ne(e.diag.hint, "");
}
END_TEST

/* ---- next, enable, disable ---- */

START_TEST(boot_next)
{
    ck_assert_int_eq(try_act(FWVAR_BOOT_NEXT, "disk"), FWVAR_ERR_AMBIGUOUS);
    ck_assert_int_eq(try_act(FWVAR_BOOT_NEXT, "0008"), FWVAR_ERR_NOTFOUND);
    act(FWVAR_BOOT_NEXT, "http4");
    commit();
    ck_assert_uint_eq(stored("BootNext")->attributes, 7);
    test_bytes(stored("BootNext")->data, "0600");
    act(FWVAR_BOOT_NEXT, "none");
    act(FWVAR_BOOT_NEXT, "none");
    commit();
    ck_assert_ptr_null(stored("BootNext"));
}
END_TEST

START_TEST(enabling_keeps_everything_else)
{
    struct ig_bytes old = {0};

    ig_put(&old, stored("Boot0001")->data, stored("Boot0001")->data_size);
    ck_assert_uint_eq(old.p[0], 0);
    act(FWVAR_BOOT_ENABLE, "UEFI Shell");
    commit();
    const struct sr_record *r = stored("Boot0001");
    ck_assert_uint_eq(r->data_size, old.size);
    ck_assert_uint_eq(r->data[0], 1);
    ck_assert_mem_eq(r->data + 1, old.p + 1, old.size - 1);
    act(FWVAR_BOOT_DISABLE, "menu"); /* 0x109: only ACTIVE is cleared */
    commit();
    test_bytes(stored("Boot0000")->data, "08010000");
    act(FWVAR_BOOT_DISABLE, "menu");
    ed_finish(&e);
    ck_assert(!e.report.changed);
    ig_free(&old);
}
END_TEST

START_TEST(a_broken_entry_can_only_be_removed)
{
    ed_free(&e);
    size_t size;
    uint8_t *bytes = test_fixture("rpi4-2m-saved", &size);
    ed_load(&e, bytes, size);
    ed_begin(&e, FWVAR_EDIT_FORCE);
    ed_set(&e, IG_GLOBAL, "Boot0003", 7, "\1\0\0\0\0", 5);
    commit();
    ck_assert_int_eq(try_act(FWVAR_BOOT_DISABLE, "0003"), FWVAR_ERR_DAMAGED);
    ck_assert_ptr_nonnull(strstr(e.diag.hint, "--boot-remove 0003"));
    act(FWVAR_BOOT_REMOVE, "0003");
    commit();
    ck_assert_str_eq(order_now(), "0000 0001 0002 0004 0005 0006 0007");
}
END_TEST

START_TEST(several_entries_of_one_label)
{
    uint16_t n;

    ck_assert_int_eq(fwvar_boot_add_http(e.edit, "pxe4", "http://h/1", &n, &e.diag), 0);
    act(FWVAR_BOOT_FIRST, "pxe4"); /* a label goes before a class */
    ck_assert_int_eq(fwvar_boot_add_http(e.edit, "pxe4", "http://h/2", &n, &e.diag), 0);
    ck_assert_int_eq(try_act(FWVAR_BOOT_FIRST, "pxe4"), FWVAR_ERR_AMBIGUOUS);
    ck_assert_ptr_nonnull(strstr(e.diag.hint, "0008"));
    ck_assert_ptr_nonnull(strstr(e.diag.hint, "0009"));
    ck_assert_int_eq(fwvar_boot_add_http(e.edit, "0001", "http://h/3", &n, &e.diag), 0);
    act(FWVAR_BOOT_FIRST, "label:0001"); /* a number goes before a label */
    commit();
    ck_assert_str_eq(order_now(),
                     "000A 0008 0000 0001 0002 0003 0004 0005 0006 0007 0009");
}
END_TEST

/* ---- removing, and what hangs on an entry ---- */

static uint32_t key_crc(const char *name)
{
    const uint8_t *d = stored(name)->data;

    return d[4] | (uint32_t)d[5] << 8 | (uint32_t)d[6] << 16 | (uint32_t)d[7] << 24;
}

static uint32_t option_crc(const char *name)
{
    const struct sr_record *r = stored(name);

    return ig_crc32(r->data, r->data_size);
}

START_TEST(removing_takes_keys_and_next_along)
{
    act(FWVAR_BOOT_NEXT, "0001");
    commit();
    ck_assert_ptr_nonnull(stored("Key0000"));
    act(FWVAR_BOOT_REMOVE, "shell");
    commit();
    ck_assert_ptr_null(stored("Boot0001"));
    ck_assert_ptr_null(stored("BootNext"));
    ck_assert_ptr_null(stored("Key0000")); /* F1: the shell */
    ck_assert_ptr_nonnull(stored("Key0001"));
    ck_assert_str_eq(order_now(), "0000 0002 0003 0004 0005 0006 0007");
    ck_assert_int_eq(try_act(FWVAR_BOOT_REMOVE, "shell"), FWVAR_ERR_NOTFOUND);
}
END_TEST

START_TEST(removing_all_removes_the_order)
{
    static const char *const classes[] = {"pxe4", "pxe6",  "http4", "http6",
                                          "disk", "shell", "menu"};

    for (size_t i = 0; i < 7; i++)
        act(FWVAR_BOOT_REMOVE, classes[i]);
    commit();
    ck_assert_str_eq(order_now(), "none");
}
END_TEST

START_TEST(a_changed_entry_keeps_its_hotkey)
{
    struct fwvar_patch patch;

    ck_assert_uint_eq(key_crc("Key0000"), option_crc("Boot0001"));
    act(FWVAR_BOOT_ENABLE, "0001");
    commit();
    ck_assert_uint_eq(key_crc("Key0000"), option_crc("Boot0001"));
    act(FWVAR_BOOT_DISABLE, "0001"); /* again, finishing in between */
    ck_assert_int_eq(fwvar_edit_finish(e.edit, &patch, NULL, &e.diag), 0);
    struct fwvar_variable v;
    struct fwvar_guid global;
    ck_assert_int_eq(fwvar_guid_parse(IG_GLOBAL, &global), 0);
    ck_assert_int_eq(fwvar_edit_get_named(e.edit, &global, "Boot0001", &v), 0);
    uint8_t option[256];
    memcpy(option, v.data, v.data_size);
    option[0] = 9;
    ed_set(&e, IG_GLOBAL, "Boot0001", 7, option, v.data_size);
    commit();
    ck_assert_uint_eq(stored("Boot0001")->data[0], 9);
    ck_assert_uint_eq(key_crc("Key0000"), option_crc("Boot0001"));
}
END_TEST

START_TEST(a_hotkey_that_never_fitted_is_left_alone)
{
    ed_free(&e);
    size_t size;
    uint8_t *bytes = test_fixture("rpi4-2m-saved", &size);
    ed_load(&e, bytes, size);
    size_t at = (size_t)(stored("Key0000")->data - e.file.p);
    e.file.p[at + 4] ^= 1;
    uint32_t wrong = key_crc("Key0000");
    ed_begin(&e, 0);
    act(FWVAR_BOOT_ENABLE, "0001");
    commit();
    ck_assert_uint_eq(key_crc("Key0000"), wrong);
}
END_TEST

START_TEST(a_new_hotkey_has_the_crc_of_its_entry)
{
    static const uint8_t f2[] = {0,    0,    0, 0x40, 0xaa, 0xbb, 0xcc,
                                 0xdd, 0x01, 0, 0x0c, 0,    0,    0};
    uint8_t bytes[sizeof f2];

    memcpy(bytes, f2, sizeof f2);
    ed_set(&e, IG_GLOBAL, "Key0002", 7, bytes, sizeof bytes);
    ck_assert_int_eq(ed_try_finish(&e), FWVAR_ERR_REFUSED);
    ck_assert_str_eq(e.diag.message, "Key0002 has CRC ddccbbaa, that of Boot0001 is "
                                     "b87a9384: the firmware would ignore the hotkey");
    ck_assert_ptr_nonnull(strstr(e.diag.hint, "84937ab8"));
    ed_begin(&e, 0);
    memcpy(bytes + 4, "\x84\x93\x7a\xb8", 4);
    ed_set(&e, IG_GLOBAL, "Key0002", 7, bytes, sizeof bytes);
    act(FWVAR_BOOT_ENABLE, "0001"); /* whose CRC it had when it was read */
    commit();
    ck_assert_uint_eq(key_crc("Key0002"), option_crc("Boot0001"));
    ed_begin(&e, FWVAR_EDIT_FORCE);
    ed_set(&e, IG_GLOBAL, "Key0002", 7, f2, sizeof f2);
    commit();
    ck_assert_uint_eq(key_crc("Key0002"), 0xddccbbaa);
}
END_TEST

START_TEST(nothing_dangles)
{
    ed_delete(&e, IG_GLOBAL, "Boot0005"); /* BootOrder names it */
    ck_assert_int_eq(ed_try_finish(&e), FWVAR_ERR_REFUSED);
    ck_assert_str_eq(e.diag.message, "BootOrder names 0005, but there is no Boot0005");
    ck_assert_ptr_nonnull(strstr(e.diag.hint, "--boot-remove 0005"));
    ed_begin(&e, 0);
    ed_set(&e, IG_GLOBAL, "BootNext", 7, "\x99\0", 2);
    ck_assert_int_eq(ed_try_finish(&e), FWVAR_ERR_REFUSED);
    ed_begin(&e, 0);
    ed_set(&e, IG_GLOBAL, "BootOrder", 7, "\1\0\x99\0", 4);
    ck_assert_int_eq(ed_try_finish(&e), FWVAR_ERR_REFUSED);
    ed_begin(&e, 0);
    ed_set(&e, IG_GLOBAL, "BootOrder", 7, "\1\0\2\0\1\0", 6);
    ck_assert_int_eq(ed_try_finish(&e), FWVAR_ERR_REFUSED);
    ck_assert_str_eq(e.diag.message, "BootOrder names 0001 twice");
    ed_begin(&e, FWVAR_EDIT_FORCE);
    ed_delete(&e, IG_GLOBAL, "Boot0001"); /* F1 starts it */
    ed_set(&e, IG_GLOBAL, "BootOrder", 7, "\0\0", 2);
    ck_assert_int_eq(ed_try_finish(&e), FWVAR_ERR_REFUSED);
    ck_assert_str_eq(e.diag.message, "Key0000 names 0001, but there is no Boot0001");
    ed_begin(&e, FWVAR_EDIT_FORCE);
    ed_delete(&e, IG_GLOBAL, "Boot0001");
    ed_delete(&e, IG_GLOBAL, "Key0000");
    ed_set(&e, IG_GLOBAL, "BootOrder", 7, "\0\0", 2);
    commit();
    ck_assert_str_eq(order_now(), "0000");
}
END_TEST

START_TEST(other_edits_do_not_look_at_the_menu)
{
    ed_free(&e);
    size_t size;
    uint8_t *bytes = test_fixture("rpi4-2m-saved", &size);
    ed_load(&e, bytes, size);
    size_t at = (size_t)(stored("BootOrder")->data - e.file.p);
    e.file.p[at] = 0x77; /* dangling, but nothing that stops edits */
    ed_begin(&e, 0);
    ed_set_u32(&e, IG_CONFIG, "RamLimitTo3GB", 1);
    ed_finish(&e);
    ck_assert_uint_eq(e.report.updated, 1);
}
END_TEST

static void finish_sr(void)
{
    sr_close(&sr);
    stop();
}

static Suite *make(void)
{
    Suite *s = suite_create("boot");
    TCase *t = tcase_create("boot");

    tcase_add_checked_fixture(t, start, finish_sr);
    tcase_add_test(t, the_saved_menu);
    tcase_add_test(t, no_menu_at_all);
    tcase_add_test(t, the_pxe_entry_byte_for_byte);
    tcase_add_test(t, numbers_are_the_lowest_free_ones);
    tcase_add_test(t, an_entry_outside_the_order_is_put_into_it);
    tcase_add_test(t, what_cannot_be_added);
    tcase_add_loop_test(t, orders_as_text, 0, (int)(sizeof orders / sizeof orders[0]));
    tcase_add_test(t, first_and_last);
    tcase_add_test(t, an_order_that_was_not_ours);
    tcase_add_test(t, an_order_of_odd_size);
    tcase_add_test(t, boot_next);
    tcase_add_test(t, enabling_keeps_everything_else);
    tcase_add_test(t, a_broken_entry_can_only_be_removed);
    tcase_add_test(t, several_entries_of_one_label);
    tcase_add_test(t, removing_takes_keys_and_next_along);
    tcase_add_test(t, removing_all_removes_the_order);
    tcase_add_test(t, a_changed_entry_keeps_its_hotkey);
    tcase_add_test(t, a_hotkey_that_never_fitted_is_left_alone);
    tcase_add_test(t, a_new_hotkey_has_the_crc_of_its_entry);
    tcase_add_test(t, nothing_dangles);
    tcase_add_test(t, other_edits_do_not_look_at_the_menu);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_main(make);
}
