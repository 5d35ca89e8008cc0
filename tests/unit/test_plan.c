/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Applying plans, and writing them: what they change, what they leave, what they refuse.
 */
#include "support/editing.h"
#include "support/imagegen.h"
#include "support/secondreader.h"
#include "support/testmain.h"

#include <fwvar/boot.h>
#include <fwvar/plan.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GLOBAL IG_GLOBAL
#define G      "\"8be4df61-93ca-11d2-aa0d-00e098032b8c\""

static struct editing e;
static struct fwvar_plan *plan, *then;
static struct fwvar_plan_use use;
static struct fwvar_diag diag;
static char warnings[1024];

static void load(const char *fixture)
{
    size_t size;
    uint8_t *bytes = test_fixture(fixture, &size);

    ed_load(&e, bytes, size);
}

static void warn(void *context, const char *text)
{
    ck_assert_ptr_eq(context, warnings);
    strncat(warnings, text, sizeof warnings - strlen(warnings) - 2);
    strcat(warnings, "\n");
}

static void setup(void)
{
    memset(&e, 0, sizeof e);
    load("rpi4-2m-stock");
    plan = then = NULL;
    warnings[0] = '\0';
    use = (struct fwvar_plan_use){.warn = warn, .context = warnings};
}

static void teardown(void)
{
    fwvar_plan_free(plan);
    fwvar_plan_free(then);
    ed_free(&e);
}

static struct fwvar_plan *plan_of(const char *members)
{
    struct fwvar_plan *made;
    char text[2048];

    int n = snprintf(text, sizeof text, "{\"schema\": 1,\n%s}", members);
    ck_assert_int_lt(n, (int)sizeof text);
    ck_assert_msg(fwvar_plan_read(text, (size_t)n, &made, &diag) == 0, "%s: %s", members,
                  diag.message);
    return made;
}

static int try_plan(const char *members)
{
    fwvar_plan_free(plan);
    plan = plan_of(members);
    ed_begin(&e, 0);
    int code = fwvar_plan_apply(plan, e.edit, &use, &diag);
    if (code == 0)
        ed_finish(&e);
    else
        ed_try_finish(&e);
    return code;
}

/* Applies a plan, and once more, which must change nothing. */
static void apply(const char *members)
{
    ck_assert_msg(try_plan(members) == 0, "%s: %s", members, diag.message);
    uint8_t *once = malloc(e.file.size);
    struct fwvar_edit_report report = e.report;
    memcpy(once, e.file.p, e.file.size);
    ck_assert_msg(try_plan(members) == 0, "%s: %s", members, diag.message);
    ck_assert_msg(!e.report.changed, "applied twice: %s", members);
    ck_assert_mem_eq(once, e.file.p, e.file.size);
    e.report = report;
    free(once);
}

/* What a variable holds, judged by the second reader; "" if it is not there. */
static void holds(const char *name, const char *guid, const char *hex)
{
    struct sr_image sr;

    ck_assert_int_eq(sr_open(&sr, e.file.p, e.file.size), 1);
    const struct sr_record *r = sr_find(&sr, name, guid);
    if (!*hex) {
        ck_assert_msg(!r, "%s is there", name);
    } else {
        ck_assert_msg(r, "%s is not there", name);
        ck_assert_uint_eq(r->data_size, strlen(hex) / 2);
        test_bytes(r->data, hex);
    }
    sr_close(&sr);
}

static uint32_t attributes_of(const char *name, const char *guid)
{
    struct sr_image sr;

    ck_assert_int_eq(sr_open(&sr, e.file.p, e.file.size), 1);
    const struct sr_record *r = sr_find(&sr, name, guid);
    ck_assert_ptr_nonnull(r);
    uint32_t attributes = r->attributes;
    sr_close(&sr);
    return attributes;
}

/* An error begins with the place. */
static void refuses(const char *members, int code, const char *place, const char *message)
{
    int got = try_plan(members);

    ck_assert_msg(got == code, "%s: %d (%s), not %d", members, got, diag.message, code);
    ck_assert_int_eq((int)diag.code, code);
    ck_assert_msg(strstr(diag.message, place), "%s, not %s", diag.message, place);
    ck_assert_msg(strstr(diag.message, message), "%s, not %s", diag.message, message);
}

/* ---- settings ---- */

START_TEST(settings_by_name)
{
    apply("\"settings\": {\"ram-limit\": false, \"CpuClock\": 3,"
          "\"custom-cpu-clock\": \"1500 MHz\", \"Timeout\": 4}");
    holds("RamLimitTo3GB", IG_CONFIG, "00000000");
    holds("CpuClock", IG_CONFIG, "03000000");
    holds("CustomCpuClock", IG_CONFIG, "dc050000");
    holds("Timeout", GLOBAL, "0400");
    ck_assert_uint_eq(e.report.added, 4);
}
END_TEST

START_TEST(settings_by_guid_and_bytes)
{
    apply("\"settings\": {\"8be4df61-93ca-11d2-aa0d-00e098032b8c-Thing\": \"u16:5\","
          "\"ram-limit\": \"hex:00000000\"}");
    holds("Thing", GLOBAL, "0500");
    holds("RamLimitTo3GB", IG_CONFIG, "00000000");
}
END_TEST

START_TEST(settings_that_are_wrong)
{
    refuses("\"settings\": {\"ram-limt\": 0}", FWVAR_ERR_NOTFOUND,
            "line 2, column 26 (/settings/ram-limt): ", "unknown variable ram-limt");
    ck_assert_str_eq(diag.hint, "did you mean ram-limit?");
    refuses("\"settings\": {\"ram-limit\": 7}", FWVAR_ERR_ARG, "(/settings/ram-limit)",
            "\"7\" is not a value of ram-limit");
    refuses("\"settings\": {\"ram-limit\": \"{mac}\"}", FWVAR_ERR_NOTFOUND,
            "(/settings/ram-limit)", "{mac} has no value here");
    ck_assert_ptr_nonnull(strstr(diag.hint, "fwvar fleet"));
}
END_TEST

/* A later release has it; v1.38 of the fixture's layout may not. */
START_TEST(settings_that_the_firmware_does_not_know)
{
    static const char members[] = "\"settings\": {\"fan-gpio\": 18}";

    ed_free(&e);
    load("rpi5-stock");
    ck_assert_msg(try_plan(members) == 0, "%s", diag.message);
    ck_assert_msg(strstr(warnings, "does not seem to know"), "%s", warnings);
    ed_free(&e);
    load("rpi5-stock");
    use.strict = true;
    refuses(members, FWVAR_ERR_REFUSED, "(/settings/fan-gpio)", "does not seem to know");
}
END_TEST

/* ---- variables and deletions ---- */

START_TEST(variables_of_every_type)
{
    static const struct {
        const char *value, *hex;
    } cases[] = {
        {"\"type\": \"u8\", \"value\": 255", "ff"},
        {"\"type\": \"u16\", \"value\": \"0x102,3\"", "02010300"},
        {"\"type\": \"u32\", \"value\": 5", "05000000"},
        {"\"type\": \"u64\", \"value\": \"0xffffffffffffffff\"", "ffffffffffffffff"},
        {"\"type\": \"hex\", \"value\": \"0a0B\"", "0a0b"},
        {"\"type\": \"ascii\", \"value\": \"a{{\"", "617b"},
        {"\"type\": \"asciiz\", \"value\": \"\"", "00"},
        {"\"type\": \"utf16\", \"value\": \"\xC3\xA4\"", "e400"},
        {"\"type\": \"utf16z\", \"value\": \"a\"", "61000000"},
        {"\"data\": \"00ff\"", "00ff"},
    };
    char members[256];

    snprintf(members, sizeof members,
             "\"variables\": [{\"name\": \"V\", \"guid\": \"EfiGlobalVariable\", %s}]",
             cases[_i].value);
    apply(members);
    holds("V", GLOBAL, cases[_i].hex);
    ck_assert_uint_eq(attributes_of("V", GLOBAL), 7);
}
END_TEST

START_TEST(variables_with_attributes_and_without_guid)
{
    apply("\"variables\": ["
          "{\"name\": \"A\", \"guid\": " G ", \"attr\": 3, \"data\": \"01\"},"
          "{\"name\": \"B\", \"guid\": " G ", \"attr\": \"NV+BS\", \"data\": \"01\"},"
          "{\"name\": \"RamLimitTo3GB\", \"data\": \"00000000\"}]");
    ck_assert_uint_eq(attributes_of("A", GLOBAL), 3);
    ck_assert_uint_eq(attributes_of("B", GLOBAL), 3);
    ck_assert_uint_eq(attributes_of("RamLimitTo3GB", IG_CONFIG), 7);
    /* What is not said stays. */
    apply("\"variables\": [{\"name\": \"A\", \"data\": \"02\"}]");
    ck_assert_uint_eq(attributes_of("A", GLOBAL), 3);
}
END_TEST

START_TEST(variables_that_are_refused)
{
    refuses("\"variables\": [{\"name\": \"RamLimitTo3GB\", \"data\": \"00\"}]",
            FWVAR_ERR_REFUSED,
            "line 2, column 15 (/variables/0): ", "the firmware takes exactly 4");
    refuses("\"variables\": [{\"name\": \"Boot000a\", \"guid\": " G
            ", \"data\": \"00\"}]",
            FWVAR_ERR_ARG, "(/variables/0)", "lower-case digits");
    refuses("\"variables\": [{\"name\": \"Nothing\", \"data\": \"00\"}]",
            FWVAR_ERR_NOTFOUND, "(/variables/0)", "unknown variable Nothing");
    refuses("\"variables\": [{\"name\": \"V\", \"guid\": " G
            ", \"type\": \"u8\", \"value\": \"{n}\"}]",
            FWVAR_ERR_NOTFOUND, "(/variables/0)", "{n} has no value");
}
END_TEST

START_TEST(deletions_need_nothing_to_delete)
{
    apply("\"settings\": {\"ram-limit\": 0}, \"variables\": [{\"name\": \"V\","
          "\"guid\": " G ", \"data\": \"00\"}]");
    apply("\"delete\": [\"ram-limit\", \"V\", \"SomethingElse\","
          "\"8be4df61-93ca-11d2-aa0d-00e098032b8c-W\"]");
    holds("RamLimitTo3GB", IG_CONFIG, "");
    holds("V", GLOBAL, "");
    ck_assert_str_eq(warnings, "");
    apply("\"delete\": [\"ram-limt\"]");
    ck_assert_ptr_nonnull(strstr(warnings, "called ram-limt: did you mean ram-limit?"));
    use.strict = true;
    refuses("\"delete\": [\"ram-limt\"]", FWVAR_ERR_NOTFOUND, "(/delete/0)",
            "unknown variable ram-limt");
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

/* ---- the menu ---- */

/* The text of the menu: "0001 label path[ (off)]" in the order of BootOrder. */
static void menu_is(const char *expected)
{
    struct fwvar_boot_menu m;
    char text[1024] = "";
    size_t n = 0;

    ed_begin(&e, 0);
    ck_assert_int_eq(fwvar_boot_menu_pending(e.edit, &m, &diag), 0);
    for (size_t i = 0; i < m.order_count; i++) {
        const struct fwvar_boot_entry *b = fwvar_boot_menu_find(&m, m.order[i]);
        ck_assert_ptr_nonnull(b);
        n +=
            (size_t)snprintf(text + n, sizeof text - n, "%s%04X %s %s%s", i ? "; " : "",
                             b->number, b->label, b->path,
                             b->option.attributes & FWVAR_LOADOPT_ACTIVE ? "" : " (off)");
    }
    fwvar_boot_menu_free(&m);
    ed_finish(&e);
    ck_assert_str_eq(text, expected);
}

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

/* ---- expectations ---- */

START_TEST(expectations_that_are_met)
{
    apply("\"settings\": {\"ram-limit\": 0}");
    apply("\"expect\": {\"board\": \"rpi4\", \"layout\": [\"rpi4-4m\", \"rpi4-2m\"],"
          "\"variables\": [{\"name\": \"ram-limit\", \"equals\": \"off\"},"
          "{\"name\": \"RamLimitTo3GB\", \"guid\": "
          "\"cd7cc258-31db-22e6-9f22-63b0b8eed6b5\", \"one_of\": [1, false]},"
          "{\"name\": \"Foo\", \"absent\": true}, {\"name\": \"Timeout\", \"absent\": "
          "true}]}");
}
END_TEST

START_TEST(expectations_are_of_the_image_as_it_was)
{
    ck_assert_int_eq(
        try_plan("\"expect\": {\"variables\": [{\"name\": \"ram-limit\", \"absent\": "
                 "true}]}, \"settings\": {\"ram-limit\": 0}"),
        0);
    refuses("\"expect\": {\"variables\": [{\"name\": \"ram-limit\", \"absent\": "
            "true}]}, \"settings\": {\"ram-limit\": 0}",
            FWVAR_ERR_REFUSED, "(/expect/variables/0)", "ram-limit is there");
}
END_TEST

START_TEST(all_that_is_not_met_is_said)
{
    refuses("\"expect\": {\"board\": [\"rpi3\", \"rpi5\"], \"layout\": \"ovmf-4m\",\n"
            "\"variables\": [{\"name\": \"ram-limit\", \"equals\": 0}]}",
            FWVAR_ERR_REFUSED, "the plan is for another image: line 2",
            "(/expect/board): the board is rpi4, not rpi3 or rpi5; line 2");
    ck_assert_ptr_nonnull(strstr(diag.message, "the layout is rpi4-2m, not ovmf-4m"));
    ck_assert_ptr_nonnull(strstr(diag.message, "; line 3, column 15 "
                                               "(/expect/variables/0): ram-limit is not "
                                               "stored"));
    apply("\"settings\": {\"ram-limit\": 1}");
    refuses("\"expect\": {\"variables\": [{\"name\": \"ram-limit\", \"equals\": 0}]}",
            FWVAR_ERR_REFUSED, "", "ram-limit is 1 (3 GB limit on), not 0");
}
END_TEST

START_TEST(more_than_fits_is_counted)
{
    char members[1600] = "\"expect\": {\"variables\": [";
    size_t n = strlen(members);

    for (int i = 0; i < 20; i++)
        n += (size_t)snprintf(members + n, sizeof members - n,
                              "%s{\"name\": \"Timeout\", \"equals\": %d}", i ? "," : "",
                              i);
    snprintf(members + n, sizeof members - n, "]}");
    refuses(members, FWVAR_ERR_REFUSED, "(/expect/variables/1)", "; and ");
}
END_TEST

START_TEST(releases)
{
    static const struct {
        const char *bound;
        int code;
    } cases[] = {{">=1.35", 0},
                 {">=v1.35 <1.36", 0},
                 {"1.35", 0},
                 {"=v1.35", 0},
                 {"<=1.35", 0},
                 {">1.34", 0},
                 {">1.35", FWVAR_ERR_REFUSED},
                 {"<1.35", FWVAR_ERR_REFUSED},
                 {">=1.4 <1.20", FWVAR_ERR_REFUSED},
                 {"v1.34", FWVAR_ERR_REFUSED}};
    char members[128];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(members, sizeof members, "\"expect\": {\"release\": \"%s\"}",
                 cases[i].bound);
        ck_assert_msg(try_plan(members) == cases[i].code, "%s: %s", cases[i].bound,
                      diag.message);
    }
    ck_assert_ptr_nonnull(
        strstr(diag.message, "(/expect/release): the release is v1.35, not =v1.34"));
}
END_TEST

START_TEST(a_release_that_is_not_known)
{
    ed_free(&e);
    load("ovmf-2m-vars");
    refuses("\"expect\": {\"release\": \">=1.20\"}", FWVAR_ERR_REFUSED,
            "(/expect/release)", "the release is not known, not >=v1.20");
}
END_TEST

/* ---- keys, and one plan after another ---- */

static const struct fwvar_plan_key keys[] = {
    {"serial", "a0b1c2d3"}, {"mac", "dc:a6:32:01:02:03"}, {"limit", "off"}};

START_TEST(keys_are_filled_in_everywhere)
{
    use.keys = keys;
    use.key_count = 3;
    apply("\"settings\": {\"ram-limit\": \"{limit}\"},"
          "\"variables\": [{\"name\": \"V\", \"guid\": " G ", \"type\": \"ascii\","
          "\"value\": \"{serial}\"}, {\"name\": \"W\", \"guid\": " G
          ", \"data\": \"{serial}\"}],"
          "\"boot\": {\"entries\": [{\"label\": \"n {serial}\", \"pxe\": \"{mac}\","
          "\"optional_data\": \"ascii:{serial}\"},"
          "{\"label\": \"h\", \"http\": \"http://s/{serial}/{{x}}\"},"
          "{\"label\": \"f\", \"file\": \"{serial}\"},"
          "{\"label\": \"p\", \"path\": \"Uri(http://{serial})\"}],"
          "\"order\": [\"*\", \"n {serial}\"], \"next\": \"n {serial}\"}");
    holds("RamLimitTo3GB", IG_CONFIG, "00000000");
    holds("V", GLOBAL, "6130623163326433");
    holds("W", GLOBAL, "a0b1c2d3");
    holds("BootNext", GLOBAL, "0000");
    menu_is("0001 h Uri(http://s/a0b1c2d3/{x}); 0002 f a0b1c2d3; "
            "0003 p Uri(http://a0b1c2d3); 0000 n a0b1c2d3 "
            "MAC(DCA632010203,0x1)/IPv4(0.0.0.0,0x0,DHCP,0.0.0.0,0.0.0.0,0.0.0.0)");
}
END_TEST

START_TEST(a_key_that_nobody_gives)
{
    use.keys = keys;
    use.key_count = 3;
    refuses("\"boot\": {\"entries\": [{\"label\": \"a\", \"pxe\": \"{max}\"}]}",
            FWVAR_ERR_NOTFOUND, "line 2", "{max} has no value here");
    ck_assert_ptr_nonnull(strstr(diag.hint, "give each host \"max\""));
    refuses("\"boot\": {\"entries\": [{\"label\": \"{serial}\", \"file\": \"x\"},"
            "{\"label\": \"a0b1c2d3\", \"file\": \"y\"}]}",
            FWVAR_ERR_AMBIGUOUS, "(/boot/entries/1/label)",
            "the same label as /boot/entries/0");
    refuses("\"boot\": {\"entries\": [{\"label\": \"a\", \"pxe\": \"{serial}\"}]}",
            FWVAR_ERR_ARG, "(/boot/entries/0)", "is not a MAC address");
}
END_TEST

START_TEST(the_plan_that_follows_wins)
{
    then = plan_of("\"settings\": {\"ram-limit\": \"on\"},"
                   "\"boot\": {\"entries\": [{\"label\": \"b\", \"file\": \"Y\"},"
                   "{\"label\": \"c\", \"file\": \"Z\"}], \"order\": [\"c\", \"*\"],"
                   "\"next\": \"c\", \"timeout\": 9}");
    use.then = then;
    apply("\"settings\": {\"ram-limit\": \"off\", \"cpu-clock\": \"max\"},"
          "\"boot\": {\"entries\": [{\"label\": \"a\", \"file\": \"x\"},"
          "{\"label\": \"b\", \"file\": \"y\"}], \"order\": [\"b\", \"*\"],"
          "\"next\": \"a\", \"timeout\": 1}");
    holds("RamLimitTo3GB", IG_CONFIG, "01000000");
    holds("BootNext", GLOBAL, "0200");
    holds("Timeout", GLOBAL, "0900");
    menu_is("0002 c Z; 0000 a x; 0001 b Y");
}
END_TEST

START_TEST(errors_name_the_plan_they_are_in)
{
    then = plan_of("\n\n\"settings\": {\"ram-limit\": 9}");
    use.then = then;
    refuses("\"settings\": {\"ram-limit\": 0}", FWVAR_ERR_ARG, "line 4", "ram-limit");
}
END_TEST

/* ---- bytes to bytes ---- */

START_TEST(bytes_to_bytes)
{
    uint8_t *result;
    struct fwvar_edit_report report;

    plan = plan_of("\"settings\": {\"ram-limit\": 0}");
    ck_assert_int_eq(
        fwvar_plan_bytes(plan, NULL, e.file.p, e.file.size, &result, &report, &diag), 0);
    ck_assert(report.changed);
    apply("\"settings\": {\"ram-limit\": 0}");
    ck_assert_mem_eq(result, e.file.p, e.file.size);
    free(result);
    plan = (fwvar_plan_free(plan), plan_of("\"settings\": {\"ram-limit\": 5}"));
    ck_assert_int_eq(
        fwvar_plan_bytes(plan, NULL, e.file.p, e.file.size, &result, NULL, &diag),
        FWVAR_ERR_ARG);
    ck_assert_int_eq(fwvar_plan_bytes(plan, NULL, e.file.p, 100, &result, NULL, &diag),
                     FWVAR_ERR_FORMAT);
}
END_TEST

START_TEST(blocks_of_a_patched_image)
{
    uint8_t *whole = malloc(e.file.size), block[1468];
    struct fwvar_patch patch;

    plan = plan_of("\"settings\": {\"ram-limit\": 0}, \"boot\": {\"timeout\": 2}");
    ed_begin(&e, 0);
    ck_assert_int_eq(fwvar_plan_apply(plan, e.edit, NULL, &diag), 0);
    ck_assert_int_eq(fwvar_edit_finish(e.edit, &patch, NULL, &diag), 0);
    for (size_t at = 0; at < e.file.size; at += sizeof block) {
        size_t n = e.file.size - at < sizeof block ? e.file.size - at : sizeof block;
        ck_assert_int_eq(fwvar_image_read_patched(e.image, &patch, at, block, n, &diag),
                         0);
        memcpy(whole + at, block, n);
    }
    ck_assert_int_eq(
        fwvar_image_read_patched(e.image, &patch, e.file.size, block, 1, &diag),
        FWVAR_ERR_ARG);
    ed_finish(&e);
    ck_assert_mem_eq(whole, e.file.p, e.file.size);
    free(whole);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("plan");
    TCase *t = tcase_create("plan");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, settings_by_name);
    tcase_add_test(t, settings_by_guid_and_bytes);
    tcase_add_test(t, settings_that_are_wrong);
    tcase_add_test(t, settings_that_the_firmware_does_not_know);
    tcase_add_loop_test(t, variables_of_every_type, 0, 10);
    tcase_add_test(t, variables_with_attributes_and_without_guid);
    tcase_add_test(t, variables_that_are_refused);
    tcase_add_test(t, deletions_need_nothing_to_delete);
    tcase_add_test(t, a_boot_entry_is_deleted_with_its_place);
    tcase_add_test(t, entries_of_every_form);
    tcase_add_test(t, a_label_is_updated_in_place);
    tcase_add_test(t, other_attributes_of_an_entry_stay);
    tcase_add_test(t, what_the_firmware_made_is_not_ours);
    tcase_add_test(t, several_of_one_label);
    tcase_add_test(t, orders_and_numbers);
    tcase_add_test(t, a_broken_order_is_not_touched);
    tcase_add_test(t, expectations_that_are_met);
    tcase_add_test(t, expectations_are_of_the_image_as_it_was);
    tcase_add_test(t, all_that_is_not_met_is_said);
    tcase_add_test(t, more_than_fits_is_counted);
    tcase_add_test(t, releases);
    tcase_add_test(t, a_release_that_is_not_known);
    tcase_add_test(t, keys_are_filled_in_everywhere);
    tcase_add_test(t, a_key_that_nobody_gives);
    tcase_add_test(t, the_plan_that_follows_wins);
    tcase_add_test(t, errors_name_the_plan_they_are_in);
    tcase_add_test(t, bytes_to_bytes);
    tcase_add_test(t, blocks_of_a_patched_image);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_main(suite);
}
