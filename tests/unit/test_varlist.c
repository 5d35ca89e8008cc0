/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Lists of variables as dumps of the UEFI Shell and as folders of efivarfs. */
#include "base/bytes.h"
#include "base/utf16.h"
#include "support/imagegen.h"
#include "support/testmain.h"

#include <fwvar/folder.h>
#include <fwvar/varlist.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct fwvar_guid guid = {{0x61, 0xdf, 0xe4, 0x8b, 0xca, 0x93, 0xd2, 0x11,
                                        0xaa, 0x0d, 0x00, 0xe0, 0x98, 0x03, 0x2b, 0x8c}};
#define GUID "8be4df61-93ca-11d2-aa0d-00e098032b8c"

static struct fwvar_varlist *new_list(void)
{
    struct fwvar_varlist *l;

    ck_assert_int_eq(fwvar_varlist_new(&l, NULL), 0);
    return l;
}

static int add(struct fwvar_varlist *l, const void *name, size_t name_size,
               const char *data)
{
    struct fwvar_varlist_item item = {
        .variable = {guid, name, name_size, 7, NULL, (const uint8_t *)data, strlen(data)},
        .has_attributes = true};

    return fwvar_varlist_add(l, &item, NULL);
}

static void assert_same(const struct fwvar_varlist *a, const struct fwvar_varlist *b)
{
    ck_assert_uint_eq(fwvar_varlist_count(a), fwvar_varlist_count(b));
    for (size_t i = 0; i < fwvar_varlist_count(a); i++) {
        const struct fwvar_variable *x = &fwvar_varlist_at(a, i)->variable;
        const struct fwvar_varlist_item *at =
            fwvar_varlist_find(b, &x->guid, x->name, x->name_size);
        ck_assert_ptr_nonnull(at);
        ck_assert_uint_eq(at->variable.attributes, x->attributes);
        ck_assert_uint_eq(at->variable.data_size, x->data_size);
        ck_assert_mem_eq(at->variable.data, x->data, x->data_size);
    }
}

START_TEST(what_a_list_refuses)
{
    struct fwvar_varlist *l = new_list();

    ck_assert_int_eq(add(l, "a", 2, "x"), 0);
    ck_assert_int_eq(add(l, "a", 2, "y"), FWVAR_ERR_ARG); /* a second time */
    ck_assert_int_eq(add(l, "", 0, "x"), FWVAR_ERR_ARG);
    ck_assert_int_eq(add(l, "ab", 1, "x"), FWVAR_ERR_ARG);
    ck_assert_int_eq(add(l, "b\0\0\0", 4, "x"), FWVAR_ERR_ARG); /* a NUL inside */
    ck_assert_int_eq(add(l, "c", 2, ""), FWVAR_ERR_ARG);
    ck_assert_uint_eq(fwvar_varlist_count(l), 1);
    fwvar_varlist_free(l);
}
END_TEST

/* ---- dmpstore ---- */

/* Timeout = 5, laid out by hand as DmpStore.c writes it; the CRC is another program's. */
static const char dump[] =
    "1000000002000000540069006d0065006f0075007400000061dfe48bca93d2"
    "11aa0d00e098032b8c070000000500";

static uint8_t *dump_bytes(size_t *size)
{
    struct ig_bytes b = {0};

    ig_hex(&b, dump);
    ig_le(&b, ig_crc32(b.p, b.size), 4);
    *size = b.size;
    return b.p;
}

START_TEST(reads_and_writes_a_dump)
{
    struct fwvar_varlist *l;
    size_t size, again;
    uint8_t *bytes = dump_bytes(&size), *written;

    ck_assert_int_eq(fwvar_dmpstore_read(bytes, size, &l, NULL), 0);
    ck_assert_uint_eq(fwvar_varlist_count(l), 1);
    const struct fwvar_variable *v = &fwvar_varlist_at(l, 0)->variable;
    ck_assert_uint_eq(v->name_size, 14);
    ck_assert_uint_eq(v->attributes, 7);
    test_bytes(v->data, "0500");
    ck_assert_int_eq(fwvar_dmpstore_write(l, &written, &again, NULL), 0);
    ck_assert_uint_eq(again, size);
    ck_assert_mem_eq(written, bytes, size);
    fwvar_varlist_free(l);
    free(written);
    free(bytes);
}
END_TEST

START_TEST(a_damaged_dump)
{
    struct fwvar_diag diag;
    struct fwvar_varlist *l;
    size_t size;
    uint8_t *bytes = dump_bytes(&size);

    for (size_t n = 0; n < size; n++) {
        ck_assert_int_eq(fwvar_dmpstore_read(bytes, n, &l, &diag), FWVAR_ERR_DAMAGED);
        bytes[n] ^= 0x10;
        ck_assert_int_ne(fwvar_dmpstore_read(bytes, size, &l, &diag), 0);
        bytes[n] ^= 0x10;
    }
    free(bytes);
}
END_TEST

/* ---- names of files ---- */

static const struct {
    const char *utf16; /* hex */
    const char *file;
} names[] = {
    {"42006f006f007400", "Boot-" GUID},
    {"61002f006200", "a!b-" GUID},          /* as Linux does */
    {"610021006200", "a\\u0021b-" GUID},    /* what Linux cannot tell from it */
    {"610000d86200", "a\\uD800b-" GUID},    /* a lone surrogate */
    {"3dd800de", "\xF0\x9F\x98\x80-" GUID}, /* a pair */
    {"5c00750030003000340031002e00", "\\u005Cu0041.-" GUID},
    {"5c0075003000300034006100", "\\u004a-" GUID}, /* small digits are no escape */
    {"5c00", "\\-" GUID},
    {"2d00", "--" GUID},
    {"2e002e00", "..-" GUID},
};

START_TEST(names_both_ways)
{
    struct ig_bytes name = {0};
    struct fwvar_guid parsed;
    uint8_t *back;
    size_t size;

    ig_hex(&name, names[_i].utf16);
    struct fwvar_variable v = {.guid = guid, .name = name.p, .name_size = name.size};
    char *file = fwvar_efivarfs_name(&v);
    ck_assert_str_eq(file, names[_i].file);
    ck_assert_int_eq(fwvar_efivarfs_parse(file, &parsed, &back, &size, NULL), 0);
    ck_assert(fwvar_guid_equal(&parsed, &guid));
    ck_assert_uint_eq(size, name.size);
    ck_assert_mem_eq(back, name.p, size);
    free(back);
    free(file);
    ig_free(&name);
}
END_TEST

START_TEST(names_that_are_none)
{
    static const char *const bad[] = {"",
                                      "Boot",
                                      "-" GUID,
                                      GUID,
                                      "Boot_" GUID,
                                      "Boot-8be4df61-93ca-11d2-aa0d-00e098032b8",
                                      "Boot-8be4df61-93ca-11d2-aa0d-00e098032b8g",
                                      "\xFF-" GUID};
    struct fwvar_guid parsed;
    uint8_t *name;
    size_t size;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_int_eq(fwvar_efivarfs_parse(bad[i], &parsed, &name, &size, NULL),
                         FWVAR_ERR_ARG);
}
END_TEST

/* ---- folders ---- */

static char folder[64];

static void make_place(void)
{
    strcpy(folder, "/tmp/fwvar-varlist.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static const char *inside(const char *name)
{
    static char path[512];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void remove_place(void)
{
    char command[128];

    snprintf(command, sizeof command, "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0);
}

static void put_file(const char *name, const char *bytes, size_t size)
{
    FILE *f = fopen(inside(name), "wb");

    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(bytes, 1, size, f), size);
    ck_assert_int_eq(fclose(f), 0);
}

static void count_note(void *context, const char *text)
{
    (void)text;
    ++*(int *)context;
}

START_TEST(a_folder_both_ways)
{
    struct fwvar_varlist *l = new_list(), *back;
    char path[128];

    make_place();
    ck_assert_int_eq(add(l, "b\0/", 4, "two"), 0);
    ck_assert_int_eq(add(l, "a", 2, "one"), 0);
    snprintf(path, sizeof path, "%s/vars/", folder);
    ck_assert_int_eq(fwvar_folder_write(path, l, NULL), 0);
    ck_assert_int_eq(access(inside("vars/b!-" GUID), R_OK), 0);
    int notes = 0;
    ck_assert_int_eq(fwvar_folder_read(path, &back, count_note, &notes, NULL), 0);
    ck_assert_int_eq(notes, 0);
    assert_same(l, back);
    fwvar_varlist_free(back);
    /* What is there is not mixed with, and nothing is left beside it. */
    ck_assert_int_eq(fwvar_folder_write(path, l, NULL), FWVAR_ERR_REFUSED);
    ck_assert_int_eq(fwvar_folder_read(folder, &back, count_note, &notes, NULL), 0);
    ck_assert_int_eq(notes, 1); /* only the folder `vars` itself */
    fwvar_varlist_free(back);
    fwvar_varlist_free(l);
    remove_place();
}
END_TEST

START_TEST(an_empty_folder_is_filled)
{
    struct fwvar_varlist *l = new_list();

    make_place();
    ck_assert_int_eq(add(l, "a", 2, "one"), 0);
    ck_assert_int_eq(fwvar_folder_write(folder, l, NULL), 0);
    ck_assert_int_eq(access(inside("a-" GUID), R_OK), 0);
    fwvar_varlist_free(l);
    remove_place();
}
END_TEST

START_TEST(strange_files_are_left_out)
{
    struct fwvar_varlist *l;
    int notes = 0;

    make_place();
    put_file("good-" GUID, "\7\0\0\0x", 5);
    put_file("empty-" GUID, "", 0);
    put_file("attributes-" GUID, "\7\0\0\0", 4);
    put_file("README", "\7\0\0\0x", 5);
    ck_assert_int_eq(mkdir(inside("folder-" GUID), 0700), 0);
    ck_assert_int_eq(mkfifo(inside("pipe-" GUID), 0600), 0);
    ck_assert_int_eq(symlink("good-" GUID, inside("link-" GUID)), 0);
    put_file("large-" GUID, "", 0);
    ck_assert_int_eq(truncate(inside("large-" GUID), FWVAR_VARLIST_DATA_MAX + 5), 0);
    ck_assert_int_eq(fwvar_folder_read(folder, &l, count_note, &notes, NULL), 0);
    ck_assert_uint_eq(fwvar_varlist_count(l), 1);
    ck_assert_int_eq(notes, 7);
    fwvar_varlist_free(l);
    remove_place();
}
END_TEST

START_TEST(two_files_of_one_variable)
{
    struct fwvar_varlist *l;
    struct fwvar_diag diag;

    make_place();
    put_file("a!-" GUID, "\7\0\0\0x", 5);
    put_file("a\\u002F-" GUID, "\7\0\0\0y", 5);
    ck_assert_int_eq(fwvar_folder_read(folder, &l, NULL, NULL, &diag), FWVAR_ERR_ARG);
    ck_assert_msg(strstr(diag.message, "a second time"), "%s", diag.message);
    remove_place();
}
END_TEST

START_TEST(a_name_too_long_for_a_file)
{
    struct fwvar_varlist *l = new_list();
    char name[600] = {0};

    make_place();
    for (size_t i = 0; i < sizeof name; i += 2)
        name[i] = 'n';
    ck_assert_int_eq(add(l, name, sizeof name, "x"), 0);
    ck_assert_int_eq(fwvar_folder_write(inside("vars"), l, NULL), FWVAR_ERR_ARG);
    ck_assert_int_ne(access(inside("vars"), F_OK), 0);
    ck_assert_int_eq(rmdir(folder), 0); /* so nothing else is in it either */
    fwvar_varlist_free(l);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("varlist");
    TCase *t = tcase_create("varlist");

    tcase_add_test(t, what_a_list_refuses);
    tcase_add_test(t, reads_and_writes_a_dump);
    tcase_add_test(t, a_damaged_dump);
    tcase_add_loop_test(t, names_both_ways, 0, (int)(sizeof names / sizeof names[0]));
    tcase_add_test(t, names_that_are_none);
    tcase_add_test(t, a_folder_both_ways);
    tcase_add_test(t, an_empty_folder_is_filled);
    tcase_add_test(t, strange_files_are_left_out);
    tcase_add_test(t, two_files_of_one_variable);
    tcase_add_test(t, a_name_too_long_for_a_file);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return test_main(suite);
}
