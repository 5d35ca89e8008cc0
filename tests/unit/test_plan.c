/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Applying plans, and writing them: what they change, what they leave, what they refuse.
 */
#include "support/imagegen.h"
#include "support/planning.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GLOBAL IG_GLOBAL
#define G      PL_GLOBAL

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

/* Otherwise it would be the order of things that decides. */
START_TEST(a_variable_is_said_once)
{
#define LIMIT "\"settings\": {\"ram-limit\": \"off\""
    static const char twice[] = "/settings/ram-limit sets this variable already";

    refuses(LIMIT ", \"RamLimitTo3GB\": 1}", FWVAR_ERR_ARG, "(/settings/RamLimitTo3GB)",
            twice);
    refuses(LIMIT "}, \"variables\": [{\"name\": \"RamLimitTo3GB\", \"type\": \"u32\","
                  "\"value\": 1}]",
            FWVAR_ERR_ARG, "(/variables/0)", twice);
    refuses(LIMIT "}, \"delete\": [\"RamLimitTo3GB\"]", FWVAR_ERR_ARG, "(/delete/0)",
            twice);
    refuses("\"variables\": [{\"name\": \"V\", \"guid\": " G ", \"data\": \"00\"}],"
            "\"delete\": [\"8be4df61-93ca-11d2-aa0d-00e098032b8c-V\"]",
            FWVAR_ERR_ARG, "(/delete/0)", "/variables/0 sets");
    refuses("\"settings\": {\"timeout\": 1}, \"boot\": {\"timeout\": 1}", FWVAR_ERR_ARG,
            "(/boot/timeout)", "/settings/timeout sets");
    refuses("\"settings\": {\"BootOrder\": \"0000\"}, \"boot\": {\"order\": [\"*\"]}",
            FWVAR_ERR_ARG, "(/boot/order)", "/settings/BootOrder sets");
    refuses("\"variables\": [{\"name\": \"BootNext\", \"guid\": " G
            ", \"data\": \"0000\"}], \"boot\": {\"next\": \"none\"}",
            FWVAR_ERR_ARG, "(/boot/next)", "/variables/0 sets");
#undef LIMIT
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
    tcase_add_test(t, a_variable_is_said_once);
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
