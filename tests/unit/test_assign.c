/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* NAME=VALUE: which variable a name means, and which bytes a text means. */
#include "support/editing.h"
#include "support/testmain.h"

#include <fwvar/assign.h>

#include <stdlib.h>
#include <string.h>

#define VENDOR "0f5d3a1e-52a7-4d3c-9a41-6f2b8d7c1e90"
#define IP4    "5b446ed1-e30b-4faa-871a-3654eca36080"
#define IP6    "937fe521-95ae-4d1a-8929-48bcd90ad31a"

static struct editing e;
static struct fwvar_target target;

static void load(const char *name, unsigned flags)
{
    size_t size;
    uint8_t *bytes = test_fixture(name, &size);

    ed_free(&e);
    ed_load(&e, bytes, size);
    ed_begin(&e, flags);
}

static void start(void)
{
    load("rpi4-2m-saved", 0);
}

static void stop(void)
{
    ed_free(&e);
}

static int find(const char *name, const char *board)
{
    memset(&e.diag, 0, sizeof e.diag);
    return fwvar_target_find(e.edit, name, board, &target, &e.diag);
}

static void finds(const char *name, const char *guid, size_t characters)
{
    char text[FWVAR_GUID_TEXT_SIZE];

    ck_assert_msg(find(name, "rpi4") == 0, "%s: %s", name, e.diag.message);
    fwvar_guid_format(&target.guid, text);
    ck_assert_str_eq(text, guid);
    ck_assert_uint_eq(target.name_size, 2 * characters);
}

/* Finds the name and assigns. */
static int assign(const char *name, const char *value, struct fwvar_assign_options *o)
{
    struct fwvar_assign_options none = {.board = "rpi4"};

    ck_assert_msg(find(name, "rpi4") == 0, "%s: %s", name, e.diag.message);
    return fwvar_assign_text(e.edit, &target, value, o ? o : &none, &e.diag);
}

static void becomes(const char *name, const char *value, const char *hex)
{
    struct fwvar_variable v;

    ck_assert_msg(assign(name, value, NULL) == 0, "%s=%s: %s", name, value,
                  e.diag.message);
    ck_assert_int_eq(
        fwvar_edit_get(e.edit, &target.guid, target.name, target.name_size, &v), 0);
    ck_assert_msg(v.data_size == strlen(hex) / 2, "%s=%s: %zu bytes", name, value,
                  v.data_size);
    test_bytes(v.data, hex);
}

/* ---- names ---- */

START_TEST(names_of_all_kinds)
{
    finds("ram-limit", IG_CONFIG, 13);
    ck_assert_str_eq(target.setting->name, "RamLimitTo3GB");
    finds("RamLimitTo3GB", IG_CONFIG, 13);
    finds(IG_CONFIG "-RamLimitTo3GB", IG_CONFIG, 13);
    ck_assert_ptr_nonnull(target.setting);
    finds(VENDOR "-RamLimitTo3GB", VENDOR, 13);
    ck_assert_ptr_null(target.setting);
    finds("CD7CC258-31DB-22E6-9F22-63B0B8EED6B5-A", IG_CONFIG, 1);
    finds("BootOrder", IG_GLOBAL, 9);
    ck_assert_ptr_nonnull(target.known);
    finds("Boot00AF", IG_GLOBAL, 8);
    finds("Key0001", IG_GLOBAL, 7);
    finds("PlatformRecovery00AB", IG_GLOBAL, 20);
    finds("Driver000A", IG_GLOBAL, 10);
    finds(VENDOR "-\xc3\xa4", VENDOR, 1);
    finds(VENDOR "-\xf0\x9f\x98\x80", VENDOR, 2);
    finds(VENDOR "-boot000a", VENDOR, 8); /* not the global GUID: any name goes */
}
END_TEST

static const struct {
    const char *name;
    int code;
    const char *message, *hint;
} bad_names[] = {
    {"NoSuchThing", FWVAR_ERR_NOTFOUND, "unknown variable NoSuchThing", "GUID-"},
    {"ram-limti", FWVAR_ERR_NOTFOUND, "unknown variable", "did you mean ram-limit?"},
    {"BootOdrer", FWVAR_ERR_NOTFOUND, "unknown variable", "did you mean BootOrder?"},
    {"Boot000a", FWVAR_ERR_ARG, "lower-case digits", "upper case"},
    {IG_GLOBAL "-Boot000a", FWVAR_ERR_ARG, "lower-case digits", "upper case"},
    {IG_GLOBAL "-Key000f", FWVAR_ERR_ARG, "lower-case digits", "upper case"},
    {VENDOR "-", FWVAR_ERR_NOTFOUND, "unknown variable", ""},
    {VENDOR "-\xff", FWVAR_ERR_ARG, "not UTF-8 at byte 0", ""},
    {"\xff", FWVAR_ERR_ARG, "not UTF-8", ""},
    {"", FWVAR_ERR_ARG, "1 to 256 characters", ""},
    {"DCA632010203", FWVAR_ERR_AMBIGUOUS, "several variables", IP4 "-DCA632010203"},
};

START_TEST(names_that_mean_nothing)
{
    int code = find(bad_names[_i].name, "rpi4");

    ck_assert_msg(code == bad_names[_i].code, "%s: %d", bad_names[_i].name, code);
    ck_assert_msg(strstr(e.diag.message, bad_names[_i].message), "%s", e.diag.message);
    ck_assert_msg(strstr(e.diag.hint, bad_names[_i].hint), "%s", e.diag.hint);
}
END_TEST

START_TEST(a_name_has_256_characters_at_most)
{
    char name[400];

    memcpy(name, VENDOR "-", 37);
    memset(name + 37, 'x', 300);
    name[37 + 256] = '\0';
    ck_assert_int_eq(find(name, NULL), 0);
    ck_assert_uint_eq(target.name_size, 512);
    name[37 + 256] = 'x';
    name[37 + 257] = '\0';
    ck_assert_int_eq(find(name, NULL), FWVAR_ERR_ARG);
}
END_TEST

START_TEST(a_bare_name_means_what_is_stored_if_that_is_one)
{
    ed_set(&e, VENDOR, "OnlyHere", 7, "x", 1);
    finds("OnlyHere", VENDOR, 8);
    ed_set(&e, IG_CONFIG, "OnlyHere", 7, "x", 1);
    ck_assert_int_eq(find("OnlyHere", NULL), FWVAR_ERR_AMBIGUOUS);
    ck_assert_ptr_nonnull(strstr(e.diag.hint, VENDOR "-OnlyHere"));
    ck_assert_ptr_nonnull(strstr(e.diag.hint, IG_CONFIG "-OnlyHere"));
    ed_delete(&e, VENDOR, "OnlyHere");
    finds("OnlyHere", IG_CONFIG, 8);
    /* Known under two GUIDs, stored under one. */
    ed_delete(&e, IP4, "DCA632010203");
    finds("DCA632010203", IP6, 12);
    ed_delete(&e, IP6, "DCA632010203");
    ck_assert_int_eq(find("DCA632010203", NULL), FWVAR_ERR_AMBIGUOUS);
    /* Known under one GUID, stored under another. */
    ed_set(&e, VENDOR, "OsIndications", 7, "12345678", 8);
    ck_assert_int_eq(find("OsIndications", NULL), FWVAR_ERR_AMBIGUOUS);
    ed_set(&e, VENDOR, "BootOrder", 7, "\1\0", 2); /* stored under both */
    ck_assert_int_eq(find("BootOrder", NULL), FWVAR_ERR_AMBIGUOUS);
}
END_TEST

/* ---- values ---- */

static const struct {
    const char *value, *hex; /* NULL: an error */
} prefixed[] = {
    {"u8:0", "00"},
    {"u8:255", "ff"},
    {"u8:0xFF", "ff"},
    {"u8:256", NULL},
    {"u8:-1", NULL},
    {"u8:+1", NULL},
    {"u8: 1", NULL},
    {"u8:1 ", NULL},
    {"u8:", NULL},
    {"u8:0x", NULL},
    {"u8:1,2,0x3", "010203"},
    {"u8:1,", NULL},
    {"u8:,1", NULL},
    {"u8:1,,2", NULL},
    {"u8:010", "0a"}, /* decimal: no octal surprise */
    {"u16:65535", "ffff"},
    {"u16:65536", NULL},
    {"u16:1,256", "01000001"},
    {"u32:4294967295", "ffffffff"},
    {"u32:4294967296", NULL},
    {"u64:18446744073709551615", "ffffffffffffffff"},
    {"u64:18446744073709551616", NULL},
    {"u64:0xFFFFFFFFFFFFFFFF", "ffffffffffffffff"},
    {"u64:0x10000000000000000", NULL},
    {"hex:00ffAB", "00ffab"},
    {"hex:0", NULL},
    {"hex:0g", NULL},
    {"hex:00 11", NULL},
    {"hex:", NULL}, /* no data */
    {"ascii:abc", "616263"},
    {"ascii:", NULL},
    {"asciiz:abc", "61626300"},
    {"asciiz:", "00"},
    {"utf16:A\xc3\xa4\xf0\x9f\x98\x80", "4100e4003dd800de"},
    {"utf16z:A", "41000000"},
    {"utf16z:", "0000"},
    {"utf16:\xff", NULL},
    {"utf16:\xed\xa0\x80", NULL},
    {"plain", NULL},
    {"", NULL},
    {"u9:1", NULL},
};

START_TEST(prefixed_values)
{
    if (prefixed[_i].hex) {
        becomes(VENDOR "-X", prefixed[_i].value, prefixed[_i].hex);
        return;
    }
    ck_assert_msg(assign(VENDOR "-X", prefixed[_i].value, NULL) == FWVAR_ERR_ARG, "%s",
                  prefixed[_i].value);
    ck_assert_str_ne(e.diag.message, "");
    struct fwvar_variable v;
    ck_assert_int_ne(
        fwvar_edit_get(e.edit, &target.guid, target.name, target.name_size, &v), 0);
}
END_TEST

START_TEST(typed_values)
{
    becomes("ram-limit", "off", "00000000");
    becomes("ram-limit", "on", "01000000");
    becomes("RamLimitTo3GB", "0", "00000000");
    becomes("ram-limit", "u32:1", "01000000");
    becomes("ram-limit", "hex:00000000", "00000000");
    becomes("system-table", "dt", "02000000");
    becomes("Timeout", "7", "0700");
    becomes("Timeout", "0xffff", "ffff");
    becomes("BootOrder", "0001,0000", "01000000");
    becomes("BootOrder", "Boot0001 Boot00af", "0100af00");
    becomes("BootNext", "0003", "0300");
    becomes("PlatformLang", "de", "646500");
    becomes("ConOut", "Uart(115200,8,N,1)",
            "030e13000000000000c20100000000000801017fff0400");
    becomes("MTC", "9", "09000000");
}
END_TEST

static const struct {
    const char *name, *value;
    int code;
} refused[] = {
    {"ram-limit", "maybe", FWVAR_ERR_ARG},
    {"ram-limit", "2", FWVAR_ERR_ARG},
    {"ram-limit", "u8:1", FWVAR_ERR_REFUSED}, /* ignored at boot: wrong size */
    {"ram-limit", "hex:0000000000", FWVAR_ERR_REFUSED},
    {"Timeout", "65536", FWVAR_ERR_ARG},
    {"Timeout", "-1", FWVAR_ERR_ARG},
    {"Timeout", "five", FWVAR_ERR_ARG},
    {"BootNext", "0001,0002", FWVAR_ERR_REFUSED},
    {"BootNext", "1", FWVAR_ERR_ARG},
    {"BootOrder", "1,2", FWVAR_ERR_ARG},
    {"BootOrder", "00010002", FWVAR_ERR_ARG},
    {"BootOrder", "0001;0002", FWVAR_ERR_ARG},
    {"BootOrder", "hex:010000", FWVAR_ERR_REFUSED},
    {"Boot0000", "hex:01000000", FWVAR_ERR_REFUSED},
    {"Boot0000", "off", FWVAR_ERR_ARG},
    {"ConOut", "Nonsense()", FWVAR_ERR_ARG},
    {"PK", "hex:00", FWVAR_ERR_REFUSED},
};

START_TEST(values_that_the_firmware_would_not_take)
{
    int code = assign(refused[_i].name, refused[_i].value, NULL);

    ck_assert_msg(code == refused[_i].code, "%s=%s: %d", refused[_i].name,
                  refused[_i].value, code);
    ck_assert_str_ne(e.diag.message, "");
    ed_finish(&e);
    ck_assert(!e.report.changed);
}
END_TEST

START_TEST(force_takes_sizes_ranges_and_attributes)
{
    uint32_t three = 3;
    struct fwvar_assign_options o = {.board = "rpi4", .attributes = &three};

    ck_assert_int_eq(assign("ram-limit", "off", &o), FWVAR_ERR_REFUSED);
    load("rpi4-2m-saved", FWVAR_EDIT_FORCE);
    becomes("ram-limit", "2", "02000000");
    becomes("ram-limit", "u8:1", "01");
    becomes("Boot0005", "hex:01000000", "01000000");
    ck_assert_int_eq(assign("ram-limit", "off", &o), 0);
}
END_TEST

START_TEST(attributes_follow_the_old_record_or_are_usual)
{
    struct fwvar_variable v;

    ed_set(&e, VENDOR, "Three", 3, "x", 1);
    becomes(VENDOR "-Three", "u8:1", "01");
    ck_assert_int_eq(
        fwvar_edit_get(e.edit, &target.guid, target.name, target.name_size, &v), 0);
    ck_assert_uint_eq(v.attributes, 3);
    becomes(VENDOR "-New", "u8:1", "01");
    ck_assert_int_eq(
        fwvar_edit_get(e.edit, &target.guid, target.name, target.name_size, &v), 0);
    ck_assert_uint_eq(v.attributes, 7);
    becomes("CustomMode", "0", "00"); /* known: 3 */
    ck_assert_int_eq(
        fwvar_edit_get(e.edit, &target.guid, target.name, target.name_size, &v), 0);
    ck_assert_uint_eq(v.attributes, 3);
}
END_TEST

/* ---- attributes and times ---- */

START_TEST(attributes_as_text)
{
    static const struct {
        const char *text;
        uint32_t bits; /* 0: an error */
    } rows[] = {{"NV", 1},         {"nv+bs", 3}, {"NV,BS|RT", 7}, {"NV+BS+RT+AT", 0x27},
                {"HR+NV", 9},      {"7", 7},     {"0x27", 0x27},  {"", 0},
                {"NV+", 0},        {"+NV", 0},   {"NV++BS", 0},   {"NVBS", 0},
                {"4294967296", 0}, {"-7", 0},    {"NV BS", 0},    {"7x", 0}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t bits = 0;
        int code = fwvar_attributes_parse(rows[i].text, &bits, &e.diag);
        ck_assert_msg(code == (rows[i].bits ? 0 : FWVAR_ERR_ARG), "%s", rows[i].text);
        ck_assert_uint_eq(bits, rows[i].bits);
    }
}
END_TEST

START_TEST(times_as_text)
{
    static const struct {
        const char *text, *hex; /* NULL: an error */
    } rows[] = {
        {"2026-11-22T14:02:42", "ea070b160e022a000000000000000000"},
        {"2026-11-22 14:02:42Z", "ea070b160e022a000000000000000000"},
        {"2026-01-02", "ea070102000000000000000000000000"},
        {"ea070102030405000000000000000000", "ea070102030405000000000000000000"},
        {"9999-12-31T23:59:59", "0f270c1f173b3b000000000000000000"},
        {"", NULL},
        {"now", NULL},
        {"2026-13-01", NULL},
        {"2026-02-30", NULL},
        {"2025-02-29", NULL},
        {"2026-11-22T14:02", NULL},
        {"2026-11-22T24:00:00", NULL},
        {"2026-11-22T23:59:60", NULL}, /* EFI_TIME has no leap second */
        {"1899-12-31", NULL},
        {"10000-01-01", NULL},
        {"2026-11-22x", NULL},
        {"ea07010203040500000000000000000g", NULL},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t time[16] = {0x55};
        int code = fwvar_time_parse(rows[i].text, time, &e.diag);
        ck_assert_msg(code == (rows[i].hex ? 0 : FWVAR_ERR_ARG), "%s", rows[i].text);
        if (rows[i].hex)
            test_bytes(time, rows[i].hex);
    }
}
END_TEST

#define LOOP(t, test, rows)                                                              \
    tcase_add_loop_test(t, test, 0, (int)(sizeof(rows) / sizeof(rows)[0]))

static Suite *make(void)
{
    Suite *s = suite_create("assign");
    TCase *t = tcase_create("assign");

    tcase_add_checked_fixture(t, start, stop);
    tcase_add_test(t, names_of_all_kinds);
    LOOP(t, names_that_mean_nothing, bad_names);
    tcase_add_test(t, a_name_has_256_characters_at_most);
    tcase_add_test(t, a_bare_name_means_what_is_stored_if_that_is_one);
    LOOP(t, prefixed_values, prefixed);
    tcase_add_test(t, typed_values);
    LOOP(t, values_that_the_firmware_would_not_take, refused);
    tcase_add_test(t, force_takes_sizes_ranges_and_attributes);
    tcase_add_test(t, attributes_follow_the_old_record_or_are_usual);
    tcase_add_test(t, attributes_as_text);
    tcase_add_test(t, times_as_text);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_main(make);
}
