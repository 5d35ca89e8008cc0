/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Reading plans: what is taken, and where every mistake is said to be. */
#include "plan/plan.h"
#include "support/testmain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct fwvar_plan *plan;
static struct fwvar_diag diag;

static void setup(void)
{
    plan = NULL;
    memset(&diag, 0, sizeof diag);
}

static void teardown(void)
{
    fwvar_plan_free(plan);
}

static int read_text(const char *text)
{
    return fwvar_plan_read(text, strlen(text), &plan, &diag);
}

#define G "\"8be4df61-93ca-11d2-aa0d-00e098032b8c\""

/* ---- mistakes ---- */

/* Members of the top level behind "schema": 1, which stand on line 2. */
static const struct mistake {
    const char *members, *place, *message, *hint;
} mistakes[] = {
    {"\"seting\": {}", "line 2, column 1 (/seting)", "unknown key \"seting\"",
     "did you mean \"settings\"?"},
    {"\"zzz\": {}", "line 2, column 1 (/zzz)", "unknown key", ""},
    {"\"a/b\": {}", "(/a~1b)", "unknown key \"a/b\"", ""},
    {"\"settings\": []", "(/settings)", "a list, an object is expected", ""},
    {"\"settings\": {\"a\": null}", "line 2, column 19 (/settings/a)",
     "null, a text, a whole number, true or false is expected", ""},
    {"\"settings\": {\"a\": 1.5}", "(/settings/a)", "a number with a fraction", ""},
    {"\"settings\": {\"a\": {}}", "(/settings/a)", "an object", ""},
    {"\"delete\": {}", "(/delete)", "an object, a list is expected", ""},
    {"\"delete\": [\"a\", 7]", "(/delete/1)", "a number, the name of a variable", ""},
    {"\"delete\": [\"\"]", "(/delete/0)", "the text is empty", ""},
    {"\"variables\": 7", "(/variables)", "a number, a list is expected", ""},
    {"\"variables\": [7]", "(/variables/0)", "a number, an object is expected", ""},
    {"\"variables\": [{}]", "(/variables/0)", "\"name\" is missing", ""},
    {"\"variables\": [{\"nam\": \"a\"}]", "(/variables/0/nam)", "unknown key",
     "did you mean \"name\"?"},
    {"\"variables\": [{\"name\": 1}]", "(/variables/0/name)", "a number, a text", ""},
    {"\"variables\": [{\"name\": \"a\"}]", "(/variables/0)",
     "\"data\", or \"type\" and \"value\", is missing", ""},
    {"\"variables\": [{\"name\": \"a\", \"type\": \"u8\"}]", "(/variables/0)",
     "\"value\" is missing", ""},
    {"\"variables\": [{\"name\": \"a\", \"value\": 1}]", "(/variables/0)",
     "\"type\" is missing", ""},
    {"\"variables\": [{\"name\": \"a\", \"data\": \"00\", \"type\": \"u8\"}]",
     "(/variables/0)", "\"data\" and \"type\"", ""},
    {"\"variables\": [{\"name\": \"a\", \"type\": \"u9\", \"value\": 1}]",
     "(/variables/0/type)", "\"u9\" is no type", "did you mean u8?"},
    {"\"variables\": [{\"name\": \"a\", \"type\": \"float\", \"value\": 1}]",
     "(/variables/0/type)", "no type", "types are u8"},
    {"\"variables\": [{\"name\": \"a\", \"type\": \"u8\", \"value\": true}]",
     "(/variables/0/value)", "true or false, a text or a whole number", ""},
    {"\"variables\": [{\"name\": \"a\", \"data\": \"\"}]", "(/variables/0/data)",
     "the text is empty", ""},
    {"\"variables\": [{\"name\": \"a\", \"data\": \"00\", \"attr\": true}]",
     "(/variables/0/attr)", "a number or a text such as NV+BS+RT", ""},
    {"\"boot\": []", "(/boot)", "a list, an object is expected", ""},
    {"\"boot\": {\"ordr\": []}", "(/boot/ordr)", "unknown key",
     "did you mean \"order\"?"},
    {"\"boot\": {\"entries\": {}}", "(/boot/entries)", "an object, a list", ""},
    {"\"boot\": {\"entries\": [1]}", "(/boot/entries/0)", "a number, an object", ""},
    {"\"boot\": {\"entries\": [{}]}", "(/boot/entries/0)", "\"label\" is missing", ""},
    {"\"boot\": {\"entries\": [{\"label\": \"\"}]}", "(/boot/entries/0/label)", "empty",
     ""},
    {"\"boot\": {\"entries\": [{\"label\": \"a\"}]}", "(/boot/entries/0)",
     "one of \"http\", \"pxe\", \"file\" and \"path\" is missing", ""},
    {"\"boot\": {\"entries\": [{\"label\": \"a\", \"pxe\": \"b\", \"file\": \"c\"}]}",
     "(/boot/entries/0)", "\"pxe\" and \"file\": an entry boots one thing", ""},
    {"\"boot\": {\"entries\": [{\"label\": \"a\", \"file\": \"b\", \"active\": 1}]}",
     "(/boot/entries/0/active)", "a number, true or false is expected", ""},
    {"\"boot\": {\"order\": \"a\"}", "(/boot/order)", "a text, a list is expected", ""},
    {"\"boot\": {\"order\": []}", "(/boot/order)", "the list is empty", ""},
    {"\"boot\": {\"order\": [true]}", "(/boot/order/0)", "a label or a boot number", ""},
    {"\"boot\": {\"order\": [65536]}", "(/boot/order/0)", "a label or a boot number", ""},
    {"\"boot\": {\"next\": null}", "(/boot/next)", "null, a label or a boot number", ""},
    {"\"boot\": {\"timeout\": \"5\"}", "(/boot/timeout)", "not a number of seconds", ""},
    {"\"boot\": {\"timeout\": 65536}", "(/boot/timeout)", "not a number of seconds", ""},
    {"\"boot\": {\"timeout\": -1}", "(/boot/timeout)", "not a number of seconds", ""},
    {"\"expect\": 1", "(/expect)", "a number, an object is expected", ""},
    {"\"expect\": {\"bord\": 1}", "(/expect/bord)", "unknown key",
     "did you mean \"board\"?"},
    {"\"expect\": {\"board\": 4}", "(/expect/board)", "the name of a board", ""},
    {"\"expect\": {\"board\": \"rip4\"}", "(/expect/board)", "\"rip4\" is no known board",
     "did you mean rpi4?"},
    {"\"expect\": {\"board\": []}", "(/expect/board)", "the list is empty", ""},
    {"\"expect\": {\"board\": [\"rpi4\", \"x\"]}", "(/expect/board/1)", "no known board",
     "known are: rpi rpi3"},
    {"\"expect\": {\"layout\": \"rpi4-3m\"}", "(/expect/layout)", "no known layout",
     "did you mean rpi4-2m?"},
    {"\"expect\": {\"release\": 1.35}", "(/expect/release)", "\">=1.35\" is expected",
     ""},
    {"\"expect\": {\"release\": \"\"}", "(/expect/release)", "the text is empty", ""},
    {"\"expect\": {\"release\": \"==1.35\"}", "(/expect/release)", "no bound", ""},
    {"\"expect\": {\"release\": \">=1.20 <\"}", "(/expect/release)", "\"<\" is no bound",
     ""},
    {"\"expect\": {\"variables\": {}}", "(/expect/variables)", "an object, a list", ""},
    {"\"expect\": {\"variables\": [{}]}", "(/expect/variables/0)", "\"name\" is missing",
     ""},
    {"\"expect\": {\"variables\": [{\"name\": \"a\"}]}", "(/expect/variables/0)",
     "exactly one of", ""},
    {"\"expect\": {\"variables\": [{\"name\": \"a\", \"absent\": true, \"equals\": 1}]}",
     "(/expect/variables/0)", "exactly one of", ""},
    {"\"expect\": {\"variables\": [{\"name\": \"a\", \"absent\": false}]}",
     "(/expect/variables/0/absent)", "only true makes sense", ""},
    {"\"expect\": {\"variables\": [{\"name\": \"a\", \"one_of\": []}]}",
     "(/expect/variables/0/one_of)", "the list is empty", ""},
    {"\"expect\": {\"variables\": [{\"name\": \"a\", \"one_of\": 1}]}",
     "(/expect/variables/0/one_of)", "a number, a list is expected", ""},
    {"\"expect\": {\"variables\": [{\"name\": \"a\", \"one_of\": [1, null]}]}",
     "(/expect/variables/0/one_of/1)", "null, a text", ""},
    {"\"expect\": {\"variables\": [{\"name\": \"a\", \"equals\": []}]}",
     "(/expect/variables/0/equals)", "a list, a text", ""},
};

/* Mistakes that are beyond what a schema can say. */
static const struct mistake subtle[] = {
    {"\"settings\": {\"a\": \"{\"}", "(/settings/a)", "a brace that belongs to no {key}",
     "a brace itself is written {{ or }}"},
    {"\"settings\": {\"a\": \"x}\"}", "(/settings/a)", "a brace", ""},
    {"\"settings\": {\"a\": \"{a b}\"}", "(/settings/a)", "a brace", ""},
    {"\"settings\": {\"a\": \"{}\"}", "(/settings/a)", "a brace", ""},
    {"\"variables\": [{\"name\": \"a\", \"type\": \"u8\", \"value\": 256}]",
     "(/variables/0/value)", "not a number of 8 bits", ""},
    {"\"variables\": [{\"name\": \"a\", \"type\": \"ascii\", \"value\": \"\"}]",
     "(/variables/0/value)", "a variable needs data",
     "to remove it, put its name into \"delete\""},
    {"\"variables\": [{\"name\": \"a\", \"data\": \"0\"}]", "(/variables/0/data)",
     "not pairs of hex digits", ""},
    {"\"variables\": [{\"name\": \"a\", \"data\": \"00\", \"guid\": \"x\"}]",
     "(/variables/0/guid)", "neither a GUID nor a name of one", ""},
    {"\"variables\": [{\"name\": \"a\", \"data\": \"00\", \"attr\": \"NV+XX\"}]",
     "(/variables/0/attr)", "are not attributes", ""},
    {"\"variables\": [{\"name\": \"a\", \"data\": \"00\", \"time\": \"now\"}]",
     "(/variables/0/time)", "is not a time", ""},
    {"\"variables\": [{\"name\": \"a\", \"guid\": " G ", \"data\": \"00\"},\n"
     " {\"name\": \"a\", \"guid\": " G ", \"data\": \"01\"}]",
     "line 3, column 2 (/variables/1)", "the same variable as /variables/0", ""},
    {"\"boot\": {\"entries\": [{\"label\": \"a\", \"http\": \"ftp://a/b\"}]}",
     "(/boot/entries/0/http)", "is not a URL the firmware can load",
     "write http://HOST/FILE.efi"},
    {"\"boot\": {\"entries\": [{\"label\": \"a\", \"pxe\": \"12:34\"}]}",
     "(/boot/entries/0/pxe)", "is not a MAC address", "write dc:a6"},
    {"\"boot\": {\"entries\": [{\"label\": \"a\", \"path\": \"Foo(\"}]}",
     "(/boot/entries/0/path)", "", ""},
    {"\"boot\": {\"entries\": [{\"label\": \"a\", \"file\": \"b\", "
     "\"optional_data\": \"xyz\"}]}",
     "(/boot/entries/0/optional_data)", "not pairs of hex digits", ""},
    {"\"boot\": {\"entries\": [{\"label\": \"a\", \"file\": \"b\"},\n"
     " {\"label\": \"a\", \"file\": \"c\"}]}",
     "line 3, column 12 (/boot/entries/1/label)", "the same label as /boot/entries/0",
     ""},
    {"\"boot\": {\"order\": [\"*\", \"a\", \"*\"]}", "(/boot/order/2)", "* stands twice",
     ""},
    {"\"expect\": {\"release\": \">=x\"}", "(/expect/release)", "no bound of releases",
     "write >=1.35"},
    {"\"expect\": {\"variables\": [{\"name\": \"a\", \"guid\": \"x\", \"equals\": 1}]}",
     "(/expect/variables/0/guid)", "neither a GUID", ""},
};

#define PLAIN    (int)(sizeof mistakes / sizeof mistakes[0])
#define MISTAKES (PLAIN + (int)(sizeof subtle / sizeof subtle[0]))

static const struct mistake *mistake_at(int i)
{
    return i < PLAIN ? &mistakes[i] : &subtle[i - PLAIN];
}

START_TEST(mistakes_are_errors_with_their_place)
{
    const struct mistake *m = mistake_at(_i);
    char text[512];

    snprintf(text, sizeof text, "{\"schema\": 1,\n%s}", m->members);
    ck_assert_msg(read_text(text) == FWVAR_ERR_ARG, "%s is taken", m->members);
    ck_assert_int_eq(diag.code, FWVAR_ERR_ARG);
    ck_assert_msg(strncmp(diag.message, "line ", 5) == 0, "%s", diag.message);
    ck_assert_msg(strstr(diag.message, m->place), "%s, not %s", diag.message, m->place);
    ck_assert_msg(strstr(diag.message, m->message), "%s, not %s", diag.message,
                  m->message);
    ck_assert_msg(strstr(diag.hint, m->hint), "hint %s, not %s", diag.hint, m->hint);
}
END_TEST

START_TEST(a_caller_without_a_diag)
{
    char text[512];

    snprintf(text, sizeof text, "{\"schema\": 1,\n%s}", mistake_at(_i)->members);
    ck_assert_int_eq(fwvar_plan_read(text, strlen(text), &plan, NULL), FWVAR_ERR_ARG);
}
END_TEST

/* ---- what a document is ---- */

START_TEST(kinds_of_documents)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"{}", "\"schema\": 1 is missing"},
        {"{\"settings\": {}}", "\"schema\": 1 is missing"},
        {"{\"schema\": 2}", "schema 2 is not known, only 1 is"},
        {"{\"schema\": \"1\"}", "a text, a number is expected"},
        {"{\"schema\": 1, \"schema\": 1}", "duplicate"},
        {"{\"schema\": 1", "line 1, column 12"},
        {"7", "line 1"},
        {"{\"version\": 3, \"variables\": []}", "unknown version 3"},
        {"{\"version\": 2, \"settings\": {}}", "unknown key \"settings\""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert_int_eq(read_text(cases[i].text), FWVAR_ERR_ARG);
        ck_assert_msg(strstr(diag.message, cases[i].message), "%s: %s", cases[i].text,
                      diag.message);
    }
}
END_TEST

START_TEST(variable_documents_are_plans)
{
    static const char *const texts[] = {
        "{\"version\": 2, \"variables\": []}", "{\"variables\": []}", "[]",
        "\xEF\xBB\xBF[{\"name\": \"a\", \"guid\": " G ", \"data\": \"00\"}]"};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        ck_assert_msg(read_text(texts[i]) == 0, "%s", diag.message);
        ck_assert_ptr_nonnull(plan->document);
        fwvar_plan_free(plan);
        plan = NULL;
    }
}
END_TEST

START_TEST(an_empty_plan_is_one)
{
    ck_assert_int_eq(read_text("\xEF\xBB\xBF{\"schema\": 1, \"settings\": {}, "
                               "\"variables\": [], \"delete\": [], \"expect\": {}, "
                               "\"boot\": {\"entries\": []}}"),
                     0);
    ck_assert_ptr_null(plan->document);
    ck_assert_ptr_null(fwvar_plan_needs(plan, 0));
    ck_assert_int_eq(plan->timeout, -1);
}
END_TEST

/* ---- templates ---- */

START_TEST(needs_are_listed_once)
{
    ck_assert_int_eq(
        read_text("{\"schema\": 1, \"settings\": {\"a\": \"{mac}-{serial}{{x}}\"},"
                  "\"boot\": {\"entries\": [{\"label\": \"{name}\", \"pxe\": \"{mac}\","
                  "\"optional_data\": \"utf16:{args}\"}], \"next\": \"{n.x-1_}\"}}"),
        0);
    ck_assert_str_eq(fwvar_plan_needs(plan, 0), "mac");
    ck_assert_str_eq(fwvar_plan_needs(plan, 1), "serial");
    ck_assert_str_eq(fwvar_plan_needs(plan, 2), "name");
    ck_assert_str_eq(fwvar_plan_needs(plan, 3), "args");
    ck_assert_str_eq(fwvar_plan_needs(plan, 4), "n.x-1_");
    ck_assert_ptr_null(fwvar_plan_needs(plan, 5));
}
END_TEST

START_TEST(templates_are_filled)
{
    static const struct fwvar_plan_key keys[] = {
        {"a", "1"}, {"ab", "{b}"}, {"a", "2"}, {"none", ""}};
    static const struct fwvar_plan_use use = {.keys = keys, .key_count = 4};
    static const struct {
        const char *text, *filled;
    } cases[] = {
        {"", ""},         {"plain", "plain"}, {"{a}", "1"},   {"x{a}y{ab}z", "x1y{b}z"},
        {"{{a}}", "{a}"}, {"{{{a}}}", "{1}"}, {"}}{{", "}{"}, {"[{none}]", "[]"}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fw_template t = {cases[i].text, strpbrk(cases[i].text, "{}") != NULL};
        struct fw_buf out = {0};
        ck_assert_int_eq(fw_template_fill(&t, &use, &out, &diag), 0);
        char *text = fw_buf_take_text(&out);
        ck_assert_str_eq(text, cases[i].filled);
        free(text);
    }
}
END_TEST

START_TEST(a_quoted_text_is_itself)
{
    static const char text[] = "a{b}}{c";
    struct fw_buf quoted = {0}, out = {0};

    fw_template_quote(&quoted, text);
    fw_buf_put8(&quoted, 0);
    struct fw_template t = {(char *)quoted.p, true};
    ck_assert_int_eq(fw_template_fill(&t, NULL, &out, &diag), 0);
    ck_assert_uint_eq(out.size, sizeof text - 1);
    ck_assert_mem_eq(out.p, text, out.size);
    fw_buf_free(&quoted);
    fw_buf_free(&out);
}
END_TEST

/* ---- a part of another document, as hosts have them ---- */

START_TEST(a_part_knows_where_it_stands)
{
    static const char text[] =
        "{\"hosts\": [\n {\"mac\": 1, \"settings\": {\"a\": []}}]}";
    struct fw_json_text doc = {text, sizeof text - 1, &diag};
    json_t *root = fw_json_parse(&doc);
    const json_t *host = json_array_get(json_object_get(root, "hosts"), 0);

    ck_assert_int_eq(fw_plan_from_json(host, "/hosts/0", &doc, FW_PLAN_BOOT, &plan), 0);
    ck_assert_uint_eq(plan->setting_count, 0);
    fwvar_plan_free(plan);
    plan = NULL;
    ck_assert_int_eq(fw_plan_from_json(host, "/hosts/0", &doc, FW_PLAN_ALL, &plan),
                     FWVAR_ERR_ARG);
    ck_assert_str_eq(diag.message,
                     "line 2, column 31 (/hosts/0/settings/a): a list, a text, a whole "
                     "number, true or false is expected");
    json_decref(root);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("plan: reading");
    TCase *t = tcase_create("plan");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, mistakes_are_errors_with_their_place, 0, MISTAKES);
    tcase_add_loop_test(t, a_caller_without_a_diag, 0, MISTAKES);
    tcase_add_test(t, kinds_of_documents);
    tcase_add_test(t, variable_documents_are_plans);
    tcase_add_test(t, an_empty_plan_is_one);
    tcase_add_test(t, needs_are_listed_once);
    tcase_add_test(t, templates_are_filled);
    tcase_add_test(t, a_quoted_text_is_itself);
    tcase_add_test(t, a_part_knows_where_it_stands);
    suite_add_tcase(s, t);
    return s;
}

/* Writes the mistakes as files, so that the schema may judge them too. */
static int write_mistakes(const char *folder)
{
    char path[512];

    for (int i = 0; i < PLAIN; i++) {
        snprintf(path, sizeof path, "%s/%03d.json", folder, i);
        FILE *f = fopen(path, "w");
        if (!f)
            return 1;
        fprintf(f, "{\"schema\": 1,\n%s}", mistakes[i].members);
        fclose(f);
    }
    return 0;
}

int main(int argc, char **argv)
{
    return argc > 1 ? write_mistakes(argv[1]) : test_main(suite);
}
