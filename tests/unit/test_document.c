/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Documents with variables: the forms of three programs, and where errors are said to be.
 */
#include "plan/place.h"
#include "support/testmain.h"

#include <fwvar/document.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GLOBAL "8be4df61-93ca-11d2-aa0d-00e098032b8c"

static struct fwvar_varlist *list;
static struct fwvar_diag diag;

static int read_text(const char *text)
{
    list = NULL;
    return fwvar_document_read(text, strlen(text), &list, &diag);
}

static const struct fwvar_varlist_item *only_item(const char *text)
{
    ck_assert_msg(read_text(text) == 0, "%s", diag.message);
    ck_assert_uint_eq(fwvar_varlist_count(list), 1);
    return fwvar_varlist_at(list, 0);
}

/* ---- forms ---- */

START_TEST(virt_fw_vars)
{
    const struct fwvar_varlist_item *i = only_item(
        "{\"version\": 2, \"variables\": [{\"name\": \"Timeout\", \"guid\": \"" GLOBAL
        "\", \"attr\": 7, \"data\": \"0500\"}]}");

    ck_assert_uint_eq(i->variable.name_size, 14);
    ck_assert_mem_eq(i->variable.name, "T\0i\0m\0e\0o\0u\0t", 14);
    ck_assert(i->has_attributes);
    ck_assert_uint_eq(i->variable.attributes, 7);
    ck_assert_uint_eq(i->variable.data_size, 2);
    test_bytes(i->variable.data, "0500");
    test_bytes(i->variable.guid.b, "61dfe48bca93d211aa0d00e098032b8c");
    ck_assert_ptr_null(i->variable.time);
    fwvar_varlist_free(list);
}
END_TEST

START_TEST(names_of_guids_and_no_attributes)
{
    static const char *const spellings[] = {"EfiGlobalVariable", "efiglobalvariable",
                                            "guid:EfiGlobalVariable"};
    char text[256];

    for (size_t k = 0; k < 3; k++) {
        snprintf(text, sizeof text,
                 "{\"variables\":[{\"name\":\"a\",\"guid\":\"%s\",\"data\":\"00\"}]}",
                 spellings[k]);
        const struct fwvar_varlist_item *i = only_item(text);
        test_bytes(i->variable.guid.b, "61dfe48bca93d211aa0d00e098032b8c");
        ck_assert(!i->has_attributes);
        fwvar_varlist_free(list);
    }
}
END_TEST

START_TEST(qemu_time_and_digest)
{
    const struct fwvar_varlist_item *i =
        only_item("{\"version\":2,\"variables\":[{\"guid\":\"d719b2cb-3d3a-4596-a3bc-"
                  "dad00e67656f\","
                  "\"name\":\"db\",\"attr\":39,\"data\":\"AAbb\","
                  "\"time\":\"ea070a160e022a000000000000000000\",\"digest\":\"00ff\"}]}");

    test_bytes(i->variable.data, "aabb");
    test_bytes(i->variable.time, "ea070a160e022a000000000000000000");
    fwvar_varlist_free(list);
}
END_TEST

START_TEST(python_uefivars)
{
    const struct fwvar_varlist_item *i =
        only_item("[{\"name\":\"a\",\"guid\":\"" GLOBAL "\",\"attr\":39,\"data\":\"01\","
                  "\"timestamp\":\"ea070a160e022a000000000000000000\",\"digest\":null}]");

    test_bytes(i->variable.time, "ea070a160e022a000000000000000000");
    fwvar_varlist_free(list);
}
END_TEST

START_TEST(byte_order_mark)
{
    only_item("\xEF\xBB\xBF[{\"name\":\"a\",\"guid\":\"" GLOBAL "\",\"data\":\"01\"}]");
    fwvar_varlist_free(list);
}
END_TEST

/* The parser compares what it got with the text; no way to write JSON may mislead it. */
START_TEST(every_way_to_write_a_value)
{
    const struct fwvar_varlist_item *i = only_item(
        "{\"variables\":[{\"na\\u006de\":\"\\u0041\\u00e9\\u20ac\\ud83d\\ude00\\/\\\\"
        "\\\"\\n\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\",\"guid\":\"" GLOBAL
        "\",\"attr\" : 4294967295 ,\"data\":\"00\"}]}");

    ck_assert_uint_eq(i->variable.attributes, 0xFFFFFFFF);
    ck_assert_uint_eq(i->variable.name_size, 26);
    fwvar_varlist_free(list);
    /* Refused, but for what it means. */
    ck_assert_int_eq(read_text("{\"x\":[[{\"y\":[-5,-0,1.5e3,2E+2,-1234567890123456789,"
                               "[],{},true,false,null,\"-12\",9]}]],\"variables\":[]}"),
                     FWVAR_ERR_ARG);
    ck_assert_ptr_nonnull(strstr(diag.message, "/x"));
}
END_TEST

START_TEST(a_name_that_is_no_utf16)
{
    const struct fwvar_varlist_item *i =
        only_item("[{\"name\":\"\\\\uD800\",\"name_hex\":\"00d8\",\"guid\":\"" GLOBAL
                  "\",\"data\":\"01\"}]");

    ck_assert_uint_eq(i->variable.name_size, 2);
    test_bytes(i->variable.name, "00d8");
    fwvar_varlist_free(list);
}
END_TEST

START_TEST(what_is_written_is_read)
{
    char *first, *second;

    ck_assert_int_eq(read_text("[{\"name\":\"\xC3\xA4\",\"guid\":\"" GLOBAL
                               "\",\"attr\":7,\"data\":\"01\"},"
                               "{\"name\":\"db\",\"guid\":\"" GLOBAL
                               "\",\"attr\":39,\"data\":\"02\","
                               "\"time\":\"00000000000000000000000000000000\"},"
                               "{\"name\":\"x\",\"name_hex\":\"00d8\",\"guid\":\"" GLOBAL
                               "\",\"attr\":7,\"data\":\"03\"}]"),
                     0);
    ck_assert_int_eq(fwvar_document_write(list, &first, NULL), 0);
    fwvar_varlist_free(list);
    ck_assert_ptr_nonnull(strstr(first, "\"version\": 2"));
    ck_assert_ptr_nonnull(
        strstr(first, "\"time\": \"00000000000000000000000000000000\""));
    ck_assert_msg(read_text(first) == 0, "%s", diag.message);
    ck_assert_int_eq(fwvar_document_write(list, &second, NULL), 0);
    ck_assert_str_eq(first, second);
    fwvar_varlist_free(list);
    free(first);
    free(second);
}
END_TEST

START_TEST(kinds)
{
    static const struct {
        const char *text;
        enum fwvar_document_kind kind;
    } rows[] = {{"{\"variables\":[]}", FWVAR_DOCUMENT_VARIABLES},
                {"[]", FWVAR_DOCUMENT_VARIABLES},
                {"{\"schema\":1,\"variables\":[]}", FWVAR_DOCUMENT_SCHEMA},
                {"{}", FWVAR_DOCUMENT_OTHER},
                {"{\"variables\":", FWVAR_DOCUMENT_OTHER}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_int_eq(fwvar_document_kind(rows[i].text, strlen(rows[i].text)),
                         rows[i].kind);
}
END_TEST

/* ---- errors ---- */

#define V "{\"name\":\"a\",\"guid\":\"" GLOBAL "\",\"data\":\"00\"}"

static const struct {
    const char *text, *where, *what;
} errors[] = {
    {"{\"variables\": [\n  {\"name\": }]}", "line 2, column ", "unexpected token"},
    {"{\"version\": 3, \"variables\": []}", "line 1, column 13 (/version)",
     "unknown version 3"},
    {"{\"version\": \"2\", \"variables\": []}", "line 1, column 13 (/version)",
     "not a number"},
    {"{\"version\": 2}", "line 1, column 1 (top level)", "\"variables\" is missing"},
    {"{\"variables\": {}}", "line 1, column 15 (/variables)", "not a list"},
    {"7", "line 1, column 1", "expected near '7'"},
    {"{\"variables\": [],\n \"more\": 1}", "line 2, column 2 (/more)", "unknown key"},
    {"[\n" V ",\n{\"name\":\"b\", \"guid\":\"" GLOBAL "\",\n  \"data\":\"000\"}]",
     "line 4, column 10 (/1/data)", "odd number of hex digits"},
    {"[{\"name\":\"b\", \"guid\":\"" GLOBAL "\",\n  \"data\":\"00zz\"}]",
     "line 2, column 10 (/0/data)", "no hex digit at character 3"},
    {"[{\"name\":\"b\", \"guid\":\"" GLOBAL "\",\n  \"data\":\"\"}]",
     "line 2, column 10 (/0/data)", "needs data"},
    {"[{\"name\":\"b\", \"guid\":\"" GLOBAL "\"}]", "line 1, column 2 (/0)",
     "\"data\" is missing"},
    {"[{\"name\":\"\", \"guid\":\"" GLOBAL "\", \"data\":\"00\"}]",
     "line 1, column 10 (/0/name)", "needs a name"},
    {"[{\"guid\":\"" GLOBAL "\", \"data\":\"00\"}]", "line 1, column 2 (/0)",
     "\"name\" is missing"},
    {"[{\"name\":\"\xC3\xA4\xC3\xB6\", \"guid\":\"EfiNoSuchName\", \"data\":\"00\"}]",
     "line 1, column 23 (/0/guid)", "neither a GUID"},
    {"[{\"name\":\"b\", \"guid\":\"" GLOBAL "\",\n\"attr\":4294967296,\"data\":\"00\"}]",
     "line 2, column 8 (/0/attr)", "not a number of 32 bits"},
    {"[{\"name\":\"b\", \"guid\":\"" GLOBAL "\",\n\"attr\":true,\"data\":\"00\"}]",
     "line 2, column 8 (/0/attr)", "not a number"},
    {"[{\"name\":\"b\", \"guid\":\"" GLOBAL "\",\n\"time\":\"00\",\"data\":\"00\"}]",
     "line 2, column 8 (/0/time)", "EFI_TIME"},
    {"[{\"name\":\"b\", \"guid\":\"" GLOBAL "\",\n\"tme\":\"00\",\"data\":\"00\"}]",
     "line 2, column 1 (/0/tme)", "unknown key \"tme\""},
    {"[" V ",\n " V "]", "line 2, column 2 (/1)", "a second time (the first is at /0)"},
    {"[\n[]]", "line 2, column 1 (/0)", "not an object"},
    {"[{\"name\":\"b\",\"name\":\"c\"}]", "line 1, column ", "duplicate object key"},
    {"[{\"name\":\"b\\u0000c\"}]", "line 1, column ", "\\u0000"},
};

START_TEST(an_error_has_a_place)
{
    const char *where = errors[_i].where, *what = errors[_i].what;

    ck_assert_int_eq(read_text(errors[_i].text), FWVAR_ERR_ARG);
    ck_assert_msg(strncmp(diag.message, where, strlen(where)) == 0, "%s: %s",
                  errors[_i].text, diag.message);
    ck_assert_msg(strstr(diag.message, what), "%s: %s", errors[_i].text, diag.message);
}
END_TEST

/* Every cut of a good document is an error and never more than that. */
START_TEST(every_cut)
{
    static const char text[] =
        "{\"version\": 2, \"variables\": [" V ",{\"name\":\"b\",\"guid\":\"" GLOBAL
        "\",\"attr\":7,\"data\":\"0011\",\"time\":\"ea070a160e022a000000000000000000\"}]"
        "}";

    for (size_t n = 0; n < sizeof text - 1; n++)
        ck_assert_int_eq(fwvar_document_read(text, n, &list, &diag), FWVAR_ERR_ARG);
    ck_assert_int_eq(fwvar_document_read(text, sizeof text - 1, &list, &diag), 0);
    fwvar_varlist_free(list);
}
END_TEST

/* ---- places ---- */

static const char places_text[] = "{\"a/b\": [1, {\"c~\": \"}],:\\\"\"}, [[]]],\n"
                                  " \"d\" : {\"e\": null, \"f\": [true, -1.5e3]}}\n";

static const struct {
    const char *pointer;
    bool key;
    unsigned line, column;
} places[] = {
    {"", false, 1, 1},         {"/a~1b", false, 1, 9},      {"/a~1b", true, 1, 2},
    {"/a~1b/0", false, 1, 10}, {"/a~1b/1", false, 1, 13},   {"/a~1b/1/c~0", false, 1, 20},
    {"/a~1b/2", false, 1, 31}, {"/a~1b/2/0", false, 1, 32}, {"/d", true, 2, 2},
    {"/d", false, 2, 8},       {"/d/e", false, 2, 14},      {"/d/f", false, 2, 25},
    {"/d/f/1", false, 2, 32},
};

START_TEST(places_of_values)
{
    struct fw_place p = {0};

    ck_assert_int_eq(fw_place_find(places_text, sizeof places_text - 1,
                                   places[_i].pointer, places[_i].key, &p),
                     0);
    ck_assert_uint_eq(p.line, places[_i].line);
    ck_assert_uint_eq(p.column, places[_i].column);
}
END_TEST

START_TEST(no_such_value)
{
    static const char *const pointers[] = {"/x", "/a~1b/3", "/a~1b/2/0/0", "/d/e/0",
                                           "/d/"};
    struct fw_place p;

    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++)
        ck_assert_int_eq(
            fw_place_find(places_text, sizeof places_text - 1, pointers[i], false, &p),
            -1);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("document");
    TCase *t = tcase_create("document");

    tcase_add_test(t, virt_fw_vars);
    tcase_add_test(t, names_of_guids_and_no_attributes);
    tcase_add_test(t, qemu_time_and_digest);
    tcase_add_test(t, python_uefivars);
    tcase_add_test(t, byte_order_mark);
    tcase_add_test(t, every_way_to_write_a_value);
    tcase_add_test(t, a_name_that_is_no_utf16);
    tcase_add_test(t, what_is_written_is_read);
    tcase_add_test(t, kinds);
    tcase_add_loop_test(t, an_error_has_a_place, 0,
                        (int)(sizeof errors / sizeof errors[0]));
    tcase_add_test(t, every_cut);
    tcase_add_loop_test(t, places_of_values, 0, (int)(sizeof places / sizeof places[0]));
    tcase_add_test(t, no_such_value);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_main(suite);
}
